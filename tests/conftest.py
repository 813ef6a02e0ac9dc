"""The tiny project, copied anew for each test, and what is wrong with it as the lines people read."""

from __future__ import annotations

import datetime
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from building import COMPANIES, mkdocs
from copies import ROOT, copied
from hosting import CHROMIUM, FLAGS, Packed, built, hosted
from released import series

from pledge import project as project_module
from pledge.check import check_files
from pledge.problem import arrange

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

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


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """Start Debian's Chromium, quiet."""
    return {**browser_type_launch_args, "executable_path": CHROMIUM, "args": FLAGS}


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the demo company's site with its downloads, as `pledge build` writes it."""
    return built(ROOT, tmp_path_factory.mktemp("demo") / "a" / "b")


@pytest.fixture(scope="session")
def aged(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a site with four editions, from 2025.1 to 2099.1."""
    folder = tmp_path_factory.mktemp("aged")
    return built(series(copied(folder / "project")), folder / "a" / "b")


@pytest.fixture(scope="session")
def address(demo: Path) -> Iterator[str]:
    """Return the address of the demo company's site, served on loopback below a sub-path."""
    with hosted(demo.parents[1]) as url:
        yield f"{url}a/b/"


@pytest.fixture(scope="session")
def dated(aged: Path) -> Iterator[str]:
    """Return the address of a site with four editions, from 2025.1 to 2099.1, served like the other."""
    with hosted(aged.parents[1]) as url:
        yield f"{url}a/b/"


@pytest.fixture(scope="session")
def host(demo: Path) -> Iterator[str]:
    """Return the address of the demo company's site as a server hands it out: compressed, with its 404."""
    with hosted(demo, Packed) as url:
        yield url


@pytest.fixture(scope="session")
def aged_host(aged: Path) -> Iterator[str]:
    """Return the address of the site with four editions, handed out in the same way."""
    with hosted(aged, Packed) as url:
        yield url


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print what the tests measured, from every worker."""
    reports = [report for found in terminalreporter.stats.values() for report in found]
    told = [text for report in reports for text in getattr(report, "user_properties", ())]
    lines = sorted({str(text) for name, text in told if name == "measured"})
    if lines:
        terminalreporter.section("测得")
    for line in lines:
        terminalreporter.write_line(line)
