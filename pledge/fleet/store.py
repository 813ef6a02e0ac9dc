"""Templates kept on disk from one run to the next: each entry carries its hash, and none is ever needed."""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import json
import os
import re
import shutil
import sys
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

import pledge

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

FOLDER = Path(".cache") / "fleet"
SHARED = ("mkdocs.yml", "macros.py", "docs", "catalogue", "overrides")
"""What all companies of a project share, with the files that mkdocs.yml names."""
ASSETS = "assets"
"""The folder of the store that holds the files of the theme, and the entry that tells their hashes."""
_NAMED = re.compile(r"[\w./-]+\.(?:py|ya?ml)\b")
_VARIABLE = re.compile(r"!ENV\s*(\[[^\]]*\]|\S+)")
_LOCK = "lock"
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
        if path.is_dir():
            shutil.rmtree(path)
        beside = path.with_name(f"{path.name}.{os.getpid()}")
        beside.write_text(f"{hashed(text.encode())}\n{text}", encoding="utf-8")
        beside.replace(path)

    def _path(self, name: str) -> Path:
        return self.folder / f"{hashed(name.encode())}.json"

    @contextlib.contextmanager
    def alone(self) -> Iterator[None]:
        """Hold the lock of the store, which ends with the process."""
        self.folder.mkdir(parents=True, exist_ok=True)
        if (self.folder / _LOCK).is_dir():
            shutil.rmtree(self.folder / _LOCK)
        with (self.folder / _LOCK).open("w") as lock:
            fcntl.lockf(lock, fcntl.LOCK_EX)
            yield

    def assets(self) -> dict[str, str] | None:
        """Return the hashes of the files of the theme by name, or None where they are not kept whole."""
        text = self.read(ASSETS)
        known: dict[str, str] | None = json.loads(text) if text else None
        return known if known is not None and known == hashes(self.folder / ASSETS) else None

    def keep_assets(self, found: Mapping[str, bytes]) -> None:
        """Keep the files of the theme, by name; raises OSError."""
        beside = self.folder / f"{ASSETS}.new"
        shutil.rmtree(beside, ignore_errors=True)
        for name, data in found.items():
            (beside / name).parent.mkdir(parents=True, exist_ok=True)
            (beside / name).write_bytes(data)
        shutil.rmtree(self.folder / ASSETS, ignore_errors=True)
        beside.rename(self.folder / ASSETS)
        self.write(ASSETS, json.dumps(hashes(self.folder / ASSETS)))

    def sweep(self) -> None:
        """Remove all entries where the files of the theme, which are kept with them, are not whole."""
        with self.alone():
            if self.assets() is None:
                for path in self.folder.iterdir():
                    if path.is_dir():
                        shutil.rmtree(path)
                    elif path.name != _LOCK:
                        path.unlink()


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
        for path in files(root / name):
            digest.update(f"{os.path.relpath(path, root)}\0".encode(errors="surrogateescape"))
            digest.update(hashlib.sha256(path.read_bytes()).digest() if path.is_file() else b"-")
    return digest.hexdigest()


def files(path: Path) -> list[Path]:
    """Return *path* where it is no folder, else every file below it, links followed."""
    if not path.is_dir():
        return [path]
    found = (
        Path(place) / name
        for place, _, names in os.walk(path, followlinks=True)
        for name in names
        if not place.endswith("__pycache__")
    )
    return sorted(found)


def hashes(folder: Path) -> dict[str, str]:
    """Return the SHA-256 of every file below *folder* by its name there."""
    found = files(folder) if folder.is_dir() else []
    return {path.relative_to(folder).as_posix(): hashed(path.read_bytes()) for path in found}


def state(root: Path) -> str:
    """Return a hash of all that decides how pages are built: what companies share, and the tools."""
    shared = contents(root, _shared(root))
    own = contents(Path(pledge.__file__).parent, ["."])
    said = [os.environ.get(name, "") for name in _variables(root)]
    return hashed(f"{shared} {own} {_versions()} {said}".encode())[:32]


def stamps(root: Path) -> list[tuple[str, int, int]]:
    """Return when each file that companies share was written, and its size."""
    found = (path for name in _shared(root) for path in files(root / name) if path.exists())
    return [(str(path), path.stat().st_mtime_ns, path.stat().st_size) for path in found]


def _shared(root: Path) -> list[str]:
    named = (name for name in _NAMED.findall(_setting(root)) if (root / name).is_file())
    return list(dict.fromkeys((*SHARED, *named)))


def _variables(root: Path) -> list[str]:
    """Return the variables of the environment that mkdocs.yml asks for."""
    return [name for said in _VARIABLE.findall(_setting(root)) for name in re.findall(r"\w+", said)]


def _setting(root: Path) -> str:
    path = root / "mkdocs.yml"
    return path.read_text(encoding="utf-8", errors="replace") if path.is_file() else ""


@lru_cache(maxsize=1)
def _versions() -> str:
    """Return the names of what records the installed packages, each with its version in it."""
    found = {path.name for folder in sys.path for path in Path(folder).glob("*.dist-info")}
    return " ".join(sorted(found))
