"""Sites built as a user builds them, and read back."""

from __future__ import annotations

import fcntl
import os
import shutil
import subprocess
import sys
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from alone import soup

if TYPE_CHECKING:
    from collections.abc import Callable

    from bs4 import BeautifulSoup

COMPANIES = ("appliances", "appliances-east", "it-services", "online-shop")
BIN = Path(sys.executable).parent


def mkdocs(root: Path, *arguments: str, company: str = "") -> subprocess.CompletedProcess[str]:
    """Run mkdocs in *root* as a user would, for *company* where one is named."""
    env = {**os.environ, "NO_MKDOCS_2_WARNING": "1"}
    env.pop("COMPANY", None)
    if company:
        env["COMPANY"] = company
    command = [str(BIN / "mkdocs"), *arguments]
    return subprocess.run(command, cwd=root, env=env, capture_output=True, text=True, check=False)


def filled(folder: Path, make: Callable[[Path], object]) -> Path:
    """Return *folder*; the first process that asks fills it with *make*, the others wait for it."""
    folder.parent.mkdir(exist_ok=True)
    with folder.with_name(f"{folder.name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not folder.exists():
            part = folder.with_name(f"{folder.name}.part")
            shutil.rmtree(part, ignore_errors=True)  # left by one that failed
            part.mkdir()
            make(part)
            part.rename(folder)
    return folder


def pages(site: Path) -> dict[str, BeautifulSoup]:
    """Return every HTML page of *site* by its path."""
    return {
        path.relative_to(site).as_posix(): soup(path.read_text(encoding="utf-8"))
        for path in sorted(site.rglob("*.html"))
    }


def fresh(site: Path, path: str) -> BeautifulSoup:
    """Return the page of *site* at *path*, parsed anew: `visible` takes its permalinks away."""
    return soup((site / path / "index.html").read_text(encoding="utf-8"))


@cache
def page(site: Path, path: str) -> BeautifulSoup:
    """Return the page of *site* at *path*, parsed once: only to be read."""
    return fresh(site, path)
