"""A file that somebody hands in from outside the project, read within limits and never as a pipe."""

from __future__ import annotations

import stat
from typing import TYPE_CHECKING

from pledge.problem import reason

if TYPE_CHECKING:
    from pathlib import Path


class IntakeError(Exception):
    """A file cannot be read; the message says why and the way out, and names the file."""


def contents(path: Path, name: str, *, kinds: str, most: int, too_large: str) -> bytes:
    """Return what the file at *path* holds; *name* is how messages call it. Raises IntakeError.

    *kinds* are the kinds of file that are taken, and *too_large* follows the name of one over *most* bytes.
    """
    try:
        status = path.stat()
        # A pipe or a device may never end, so it is not even opened.
        if not stat.S_ISREG(status.st_mode):
            raise IntakeError(f"{name} 不是文件；写一份 {kinds}的名称。")
        if status.st_size > most:
            raise IntakeError(f"{name} {too_large}")
        return path.read_bytes()
    except FileNotFoundError as error:
        raise IntakeError(f"没有 {name} 这个文件；检查文件名和文件夹。") from error
    except (OSError, ValueError) as error:
        why = reason(error) if isinstance(error, OSError) else "文件名不对"
        raise IntakeError(f"读不了 {name}（{why}）；检查文件名和权限。") from error
