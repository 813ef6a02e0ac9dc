"""The tiny project, copied anew for each test, and what is wrong with it as the lines people read."""

from __future__ import annotations

import datetime
import os
import shutil
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from building import COMPANIES, filled, mkdocs
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


@pytest.fixture(scope="session", autouse=True)
def measuring() -> Iterator[dict[str, str]]:
    """Keep the measuring of coverage from the commands that tests run, and return what turns it on.

    It doubles their time and finds nothing new: the sites made once and the tests themselves are measured.
    """
    taken = {name: os.environ.pop(name) for name in list(os.environ) if name.startswith("COVERAGE_")}
    yield taken
    os.environ.update(taken)


@pytest.fixture(scope="session")
def once(
    tmp_path_factory: pytest.TempPathFactory, worker_id: str, measuring: dict[str, str]
) -> Callable[..., Path]:
    """Return a function that makes a folder once for all workers, measured; it is only to be read."""
    own = tmp_path_factory.getbasetemp()
    common = (own if worker_id == "master" else own.parent) / "once"

    def folder(name: str, make: Callable[[Path], object]) -> Path:
        with pytest.MonkeyPatch.context() as patch:
            for variable, value in measuring.items():
                patch.setenv(variable, value)
            return filled(common / name, make)

    return folder


@pytest.fixture(scope="session")
def sites(once: Callable[..., Path], worker_id: str) -> dict[str, Path]:
    """Return the built site of every sample company."""

    def build(company: str, site: Path) -> None:
        done = mkdocs(ROOT, "build", "--strict", "-q", "-d", str(site), company=company)
        assert done.returncode == 0, done.stderr

    # Every other worker begins with the last, so that two build at a time and neither waits.
    order = COMPANIES[:: -1 if worker_id[-1] in "13579" else 1]
    return {company: once(company, partial(build, company)) for company in order}


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """Start Debian's Chromium, quiet."""
    return {**browser_type_launch_args, "executable_path": CHROMIUM, "args": FLAGS}


@pytest.fixture(scope="session")
def demo(once: Callable[..., Path]) -> Path:
    """Return the demo company's site with its downloads, as `pledge build` writes it."""
    return once("demo", lambda folder: built(ROOT, folder / "a" / "b")) / "a" / "b"


@pytest.fixture(scope="session")
def aged(once: Callable[..., Path]) -> Path:
    """Return a site with four editions, from 2025.1 to 2099.1; its project stands beside it."""
    made = once("aged", lambda folder: built(series(copied(folder / "project")), folder / "a" / "b"))
    return made / "a" / "b"


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
