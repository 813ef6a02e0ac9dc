"""Lighthouse on a slow telephone; run by `make test-more` where npm is."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hosting import CHROMIUM, FLAGS

if TYPE_CHECKING:
    from collections.abc import Callable

NODE = shutil.which("node")
CLI = Path(__file__).parent / "npm" / "node_modules" / "lighthouse" / "cli" / "index.js"
MORE = "tests/npm/node_modules/.more"
RUNS = 3
LEAST = {"performance": 95, "accessibility": 100, "best-practices": 100, "seo": 100}
pytestmark = [
    pytest.mark.more,
    pytest.mark.skipif(CHROMIUM is None, reason="没有 chromium；安装：apt-get install chromium"),
    pytest.mark.skipif(NODE is None, reason="没有 Node；安装：apt-get install npm"),
    pytest.mark.skipif(not CLI.is_file(), reason=f"没有 Lighthouse；装好 npm 后运行：make {MORE}"),
]


@pytest.mark.parametrize("path", ["", "guarantees/charter/", "deadlines/"])
def test_scores(host: str, tmp_path: Path, path: str, record_property: Callable[..., None]) -> None:
    """100 for accessibility, best practices and SEO, 95 for performance, by the best of three runs.

    Performance is simulated from what was measured, so it wobbles with the load of the machine.
    """
    best = dict.fromkeys(LEAST, 0)
    for run in range(RUNS):
        found = scores(host + path, tmp_path / f"{run}.json")
        record_property("measured", f"Lighthouse  /{path}  run {run + 1}: {found}")
        best = {name: max(best[name], found[name]) for name in LEAST}
        if all(best[name] >= least for name, least in LEAST.items()):
            break
    assert LEAST == {name: min(best[name], least) for name, least in LEAST.items()}, best


def scores(url: str, report: Path) -> dict[str, int]:
    """Return the four scores of Lighthouse's mobile preset, 0 to 100."""
    command = [
        str(NODE),
        str(CLI),
        url,
        "--quiet",
        "--no-enable-error-reporting",
        "--output=json",
        f"--output-path={report}",
        f"--only-categories={','.join(LEAST)}",
        f"--chrome-flags={' '.join(['--headless', *FLAGS])}",
    ]
    environment = {**os.environ, "CHROME_PATH": str(CHROMIUM)}
    subprocess.run(command, env=environment, check=True, capture_output=True, timeout=180)
    categories = json.loads(report.read_text(encoding="utf-8"))["categories"]
    return {name: round(100 * (categories[name]["score"] or 0)) for name in LEAST}
