"""The tiny project, copied anew for each test, and what is wrong with it as the lines people read."""

from __future__ import annotations

import datetime
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from building import COMPANIES, mkdocs
from copies import ROOT

from pledge import project as project_module
from pledge.check import check_files
from pledge.problem import arrange

if TYPE_CHECKING:
    from collections.abc import Callable

HERE = Path(__file__).parent


@pytest.fixture(scope="session")
def today() -> datetime.date:
    """Return the day on which every test runs its checks."""
    return datetime.date(2026, 11, 22)


@pytest.fixture
def tiny(tmp_path: Path) -> Path:
    """Return a fresh copy of the tiny project."""
    return Path(shutil.copytree(HERE / "project", tmp_path / "project"))


@pytest.fixture(scope="session")
def found(today: datetime.date) -> Callable[..., list[str]]:
    """Return a function that lists what is wrong with a project, or with some of its files."""

    def lines(root: Path, *files: Path) -> list[str]:
        problems = check_files(project_module.load(root), list(files), today)
        return [problem.text() for problem in arrange(problems)]

    return lines


@pytest.fixture(scope="session")
def sites(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Return the built site of every sample company."""
    made = {}
    for company in COMPANIES:
        made[company] = tmp_path_factory.mktemp("site") / company
        done = mkdocs(ROOT, "build", "--strict", "-q", "-d", str(made[company]), company=company)
        assert done.returncode == 0, done.stderr
    return made
