"""The folder of an import: written beside its place, swapped in whole, and never over anybody's work."""

from __future__ import annotations

import hashlib
import re
import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from pledge.forms.form import FormError
from pledge.problem import legible
from pledge.swap import exchange

if TYPE_CHECKING:
    from collections.abc import Mapping

RECORD = ".pledge-import"
"""What was written, as `sha256sum -c` reads it: by it a second run knows its own files."""
_CLOSED = ("catalogue", "docs", "editions", "overrides", "pledge", "tests", "variables")
_OTHER = "用 -o 换一个文件夹"


def refuse_closed(folder: Path, root: Path) -> None:
    """Raise FormError where *folder* is the project itself or lies where only people write."""
    place, root = folder.resolve(), root.resolve()
    if place == root or place in root.parents:
        raise FormError(f"{_named(folder)} 是项目自己的文件夹，初稿不能写在这里；{_OTHER}。")
    for name in _CLOSED:
        if (root / name) == place or (root / name) in place.parents:
            raise FormError(f"初稿不能直接写进 {name}/，要先由人改好；{_OTHER}，如 -o import/名称。")


def put(files: Mapping[str, str], folder: Path) -> None:
    """Write *files* as the whole of *folder*. Raises FormError where somebody else's files are there.

    Raises OSError where they cannot be written; then nothing has changed.
    """
    _refuse_foreign(folder)
    folder.parent.mkdir(parents=True, exist_ok=True)
    beside = Path(tempfile.mkdtemp(prefix=".pledge-import-", dir=folder.parent))
    try:
        for name, text in files.items():
            (beside / name).write_bytes(text.encode())
        lines = (f"{_digest(text.encode())}  {name}\n" for name, text in files.items())
        (beside / RECORD).write_text("".join(lines), encoding="utf-8")
        beside.chmod(0o755)
        exchange(beside, folder)
    finally:
        shutil.rmtree(beside, ignore_errors=True)


def _refuse_foreign(folder: Path) -> None:
    if not folder.exists() and not folder.is_symlink():
        return
    if folder.is_symlink() or not folder.is_dir():
        raise FormError(f"{_named(folder)} 不是文件夹；{_OTHER}。")
    written = _recorded(folder / RECORD)
    there = sorted(path.name for path in folder.iterdir())
    foreign = [name for name in there if name not in written and name != RECORD]
    if foreign:
        raise FormError(f"{_named(folder)} 里有别的文件（{_listed(foreign)}）；{_OTHER}，或者移走它们。")
    changed = [name for name in there if name != RECORD and _changed(folder / name, written[name])]
    if changed:
        raise FormError(
            f"{_named(folder)} 里的 {_listed(changed)} 已经有人改过，没有覆盖；{_OTHER}，或者移走它。"
        )


def _recorded(path: Path) -> dict[str, str]:
    if not path.is_file():
        return {}
    lines = path.read_text(encoding="utf-8", errors="replace").splitlines()
    found = (re.fullmatch(r"([0-9a-f]{64})  ([\w.]+)", line) for line in lines)
    return {match[2]: match[1] for match in found if match}


def _changed(path: Path, digest: str) -> bool:
    return path.is_symlink() or not path.is_file() or _digest(path.read_bytes()) != digest


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def _named(folder: Path) -> str:
    return legible(str(folder))


def _listed(names: list[str]) -> str:
    return "、".join(map(legible, names[:3])) + ("等" if len(names) > 3 else "")  # noqa: PLR2004  a glimpse
