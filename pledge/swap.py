"""Putting a finished folder in the place of another; at each moment one of them stands there whole."""

from __future__ import annotations

import ctypes
import errno
import os
import secrets
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

_HERE = -100  # AT_FDCWD of Linux
_EXCHANGE = 2  # RENAME_EXCHANGE of renameat2(2)
_CANNOT = {errno.ENOSYS, errno.EINVAL, errno.EOPNOTSUPP}


def exchange(new: Path, old: Path) -> None:
    """Put the folder *new* at *old*; what stood there stands at *new* afterwards. Raises OSError.

    Where the system cannot exchange two folders in one step, *old* is missing for the moment between two, and
    what stood there is beside it, as `<name>.old-` and eight figures.
    """
    if not old.exists():
        new.rename(old)
    elif not _exchanged(new, old):
        beside = old.with_name(f"{old.name}.old-{secrets.token_hex(4)}")
        old.rename(beside)
        try:
            new.rename(old)
        except OSError:
            beside.rename(old)
            raise
        beside.rename(new)


def _exchanged(new: Path, old: Path) -> bool:
    rename = getattr(ctypes.CDLL(None, use_errno=True), "renameat2", None)
    if rename is None:
        return False
    if rename(_HERE, os.fsencode(new), _HERE, os.fsencode(old), _EXCHANGE) == 0:
        return True
    error = ctypes.get_errno()
    if error in _CANNOT:
        return False
    raise OSError(error, os.strerror(error), str(old))
