"""Templates kept on disk from one run to the next: each entry carries its hash, and none is ever needed."""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import os
import shutil
import sys
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

import pledge

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

FOLDER = Path(".cache") / "fleet"
SHARED = ("mkdocs.yml", "macros.py", "docs", "catalogue", "overrides")
"""What all companies of a project share."""
_KEPT = 3
"""How many states of a project are kept: a branch, the one it left, and one before."""


class Store:
    """The entries that belong to one state of a project, below *folder*."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def read(self, name: str) -> str | None:
        """Return the entry *name*, or None where there is none that is whole."""
        try:
            digest, _, text = self._path(name).read_text(encoding="utf-8").partition("\n")
        except (OSError, UnicodeDecodeError):
            return None
        return text if digest == hashed(text.encode()) else None

    def write(self, name: str, text: str) -> None:
        """Keep *text* as the entry *name*; raises OSError."""
        path = self._path(name)
        path.parent.mkdir(parents=True, exist_ok=True)
        beside = path.with_name(f"{path.name}.{os.getpid()}")
        beside.write_text(f"{hashed(text.encode())}\n{text}", encoding="utf-8")
        beside.replace(path)

    def _path(self, name: str) -> Path:
        return self.folder / f"{hashed(name.encode())}.json"

    @contextlib.contextmanager
    def alone(self) -> Iterator[None]:
        """Hold the lock of the store, which ends with the process."""
        self.folder.mkdir(parents=True, exist_ok=True)
        with (self.folder / "lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield


def store(root: Path, state: str) -> Store:
    """Return the store of the project at *root* in its *state*; the oldest others are removed."""
    folder = root / FOLDER / state
    folder.mkdir(parents=True, exist_ok=True)
    os.utime(folder)
    others = sorted(folder.parent.iterdir(), key=lambda path: path.stat().st_mtime, reverse=True)
    for old in others[_KEPT:]:
        shutil.rmtree(old, ignore_errors=True)
    return Store(folder)


def hashed(data: bytes) -> str:
    """Return the SHA-256 of *data* in hexadecimal digits."""
    return hashlib.sha256(data).hexdigest()


def contents(root: Path, names: Iterable[str]) -> str:
    """Return one hash over the files *names* below *root*; of a folder every file counts, absence too."""
    digest = hashlib.sha256()
    for name in names:
        for path in _files(root / name):
            digest.update(f"{path.relative_to(root).as_posix()}\0".encode(errors="surrogateescape"))
            digest.update(hashlib.sha256(path.read_bytes()).digest() if path.is_file() else b"-")
    return digest.hexdigest()


def _files(path: Path) -> list[Path]:
    if not path.is_dir():
        return [path]
    found = (each for each in path.rglob("*") if each.is_file() and each.parent.name != "__pycache__")
    return sorted(found)


def state(root: Path) -> str:
    """Return a hash of all that decides how pages are built: what companies share, and the tools."""
    shared = contents(root, SHARED)
    own = contents(Path(pledge.__file__).parent, ["."])
    return hashed(f"{shared} {own} {_versions()}".encode())[:32]


@lru_cache(maxsize=1)
def _versions() -> str:
    """Return the names of what records the installed packages, each with its version in it."""
    found = {path.name for folder in sys.path for path in Path(folder).glob("*.dist-info")}
    return " ".join(sorted(found))
