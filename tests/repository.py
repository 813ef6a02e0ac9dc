"""Temporary git repositories that a test may commit to; nobody's settings reach them."""

from __future__ import annotations

import os
import subprocess
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

WHO = {
    name: "test@example.com" if name.endswith("EMAIL") else "测试"
    for name in ("GIT_AUTHOR_NAME", "GIT_AUTHOR_EMAIL", "GIT_COMMITTER_NAME", "GIT_COMMITTER_EMAIL")
}
ALONE = {**WHO, "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1", "GIT_TERMINAL_PROMPT": "0"}


def git(folder: Path, *words: str) -> str:
    """Return what git prints for *words* in *folder*."""
    environment = {**os.environ, **ALONE}
    done = subprocess.run(
        ["git", *words], cwd=folder, env=environment, check=True, capture_output=True, text=True
    )
    return done.stdout.strip()


def made(folder: Path, *words: str) -> Path:
    """Return *folder* as an empty repository."""
    folder.mkdir(parents=True, exist_ok=True)
    git(folder, "init", "--quiet", "--initial-branch=main", *words)
    return folder


def committed(folder: Path, message: str = "一次提交") -> str:
    """Commit everything in *folder* as it stands, and return the commit's id."""
    git(folder, "add", "--all", "--force")
    git(folder, "-c", "commit.gpgsign=false", "commit", "--quiet", "--allow-empty", "-m", message)
    return git(folder, "rev-parse", "HEAD")
