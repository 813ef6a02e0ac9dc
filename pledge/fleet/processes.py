"""Processes of this machine that share the work, and end with the one that began them."""

from __future__ import annotations

import multiprocessing
import os
import threading
from concurrent.futures import ProcessPoolExecutor


def processes() -> ProcessPoolExecutor:
    """Return one process for each core."""
    return ProcessPoolExecutor(initializer=_follow)


def _follow() -> None:
    """Watch the process that began this one: without it this one would wait for work for ever."""
    threading.Thread(target=_end, daemon=True).start()


def _end() -> None:
    parent = multiprocessing.parent_process()
    assert parent  # noqa: S101  the pool began this one
    parent.join()
    os._exit(1)
