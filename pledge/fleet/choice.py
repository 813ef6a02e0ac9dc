"""Which of the companies are to be built: those that a change touches, or one part of several."""

from __future__ import annotations

from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from pledge import git
from pledge.company import paths
from pledge.fleet import record
from pledge.fleet.store import SHARED

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from pledge.project import Project


def changed(project: Project, commit: str, names: Sequence[str]) -> list[str]:
    """Return which of *names* something has changed for since *commit*; raises git.GitError."""
    touched = [PurePosixPath(path) for path in git.changed(project.root, commit)]
    if any(path.parts[0] in SHARED for path in touched):
        return list(names)
    found = {str(place) for path in touched for place in (path, *path.parents)}
    ids = {PurePosixPath(place).stem for place in found if "/" in place}
    files = paths(project.root)
    return [name for name in names if _speaks_of(files[name], ids) and _sources(project, name) & found]


def _speaks_of(file: Path, ids: set[str]) -> bool:
    """Whether a variable file is called like one of *ids*, or names one: most need not be read closely."""
    text = file.read_text(encoding="utf-8", errors="replace")
    return file.stem in ids or any(name in text for name in ids)


def _sources(project: Project, name: str) -> set[str]:
    return set(record.sources(project.company(name)))


def shard(names: Sequence[str], number: int, of: int) -> list[str]:
    """Return part *number* of *of* parts of *names*: together they are all, and none is in two."""
    return list(names[number - 1 :: of])
