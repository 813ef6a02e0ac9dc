"""Which of the companies are to be built: those that a change touches, or one part of several."""

from __future__ import annotations

from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from pledge import git
from pledge.fleet import record

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pledge.project import Project

_OWN = ("variables", "editions")
"""The folders whose files belong to single companies; all other files of a project concern every one."""
_NEVER_BUILT = ("tests", "bench", "decisions", "deploy", "notes", "deals", ".github")


def changed(project: Project, commit: str, names: Sequence[str]) -> list[str]:
    """Return which of *names* something has changed for since *commit*; raises git.GitError."""
    touched = [PurePosixPath(path) for path in git.changed(project.root, commit)]
    if any(_is_shared(path) for path in touched):
        return list(names)
    found = {str(path) for path in touched} | {str(parent) for path in touched for parent in path.parents}
    return [name for name in names if found & set(record.sources(project.company(name)))]


def _is_shared(path: PurePosixPath) -> bool:
    first = path.parts[0]
    return (first not in (*_OWN, *_NEVER_BUILT) and path.suffix not in {".md", ".txt"}) or first == "docs"


def shard(names: Sequence[str], number: int, of: int) -> list[str]:
    """Return part *number* of *of* parts of *names*: together they are all, and none is in two."""
    return list(names[number - 1 :: of])
