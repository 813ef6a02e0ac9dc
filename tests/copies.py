"""Copies of the real project that a test may change."""

from __future__ import annotations

import shutil
from pathlib import Path

ROOT = Path(__file__).parents[1]


def copied(target: Path) -> Path:
    """Return a copy of the project at *target*."""
    target.mkdir(parents=True, exist_ok=True)
    for name in ("catalogue", "docs", "overrides", "variables"):
        shutil.copytree(ROOT / name, target / name)
    for name in ("mkdocs.yml", "macros.py"):
        shutil.copy(ROOT / name, target / name)
    return target
