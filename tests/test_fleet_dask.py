"""The work on many companies handed to a cluster: a real scheduler, real workers, one of them killed."""

from __future__ import annotations

import contextlib
import re
import subprocess
import time
from typing import TYPE_CHECKING

import pytest
from building import BIN
from crowds import crowd, files
from test_fleet import pledge, told

from pledge.company import today

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

pytestmark = pytest.mark.more


@contextlib.contextmanager
def started(*words: str, log: Path) -> Iterator[subprocess.Popen[bytes]]:
    """Run a command of Dask until the end, its output in *log*."""
    with log.open("wb") as output:
        process = subprocess.Popen([str(BIN / "dask"), *words], stdout=output, stderr=output)
        try:
            yield process
        finally:
            process.kill()
            process.wait()


def said(log: Path, pattern: str) -> str:
    """Return what *pattern* finds in *log*, once it is there."""
    for _ in range(300):
        found = re.search(pattern, log.read_text(encoding="utf-8"))
        if found:
            return found[1]
        time.sleep(0.1)
    raise AssertionError(log.read_text(encoding="utf-8"))


@contextlib.contextmanager
def cluster(folder: Path) -> Iterator[tuple[str, list[subprocess.Popen[bytes]]]]:
    """Give the address of a scheduler with two workers of one thread, and the workers."""
    log = folder / "scheduler.log"
    quiet = ("--host", "127.0.0.1", "--no-dashboard")
    with started("scheduler", "--port", "0", *quiet, log=log):
        address = said(log, r"Scheduler at:\s+(tcp://\S+)")
        worker = ("worker", address, "--nthreads", "1", "--no-nanny", *quiet)
        with started(*worker, log=folder / "one.log") as one, started(*worker, log=folder / "two.log") as two:
            said(folder / "one.log", r"Registered to:\s+(\S+)")
            said(folder / "two.log", r"Registered to:\s+(\S+)")
            yield address, [one, two]


def test_a_cluster_builds_the_same_though_a_worker_dies(tmp_path: Path) -> None:
    """The sites are those that processes here build; a worker killed in the middle costs nothing."""
    root = crowd(tmp_path / "project", 36, 3, today())
    code, lines = pledge(root, "build", "--all", "-o", str(tmp_path / "here"))
    assert 0 == code, lines
    with cluster(tmp_path) as (address, workers):
        command = [
            str(BIN / "pledge"),
            "build",
            "--all",
            "-o",
            str(tmp_path / "there"),
            "--scheduler",
            address,
        ]
        build = subprocess.Popen(command, cwd=root, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        assert build.stderr
        first = iter(build.stderr.readline, "")
        assert any(re.match(r"[1-9]\d*/40家", line) for line in first), "work has come back"
        workers[0].kill()
        out, err = build.communicate()
    assert (0, True) == (build.returncode, out.startswith("已生成")), err
    assert files(tmp_path / "here") == files(tmp_path / "there")


def test_a_scheduler_that_is_not_there(tmp_path: Path) -> None:
    """The message names the address; nothing is written."""
    root = crowd(tmp_path / "project", 0, 3, today())
    code, lines = pledge(
        root, "build", "--all", "-o", str(tmp_path / "there"), "--scheduler", "tcp://127.0.0.1:1"
    )
    expected = "连不上 Dask 的调度 tcp://127.0.0.1:1；核对地址，并确认它在运行"
    assert (1, [expected, "没有生成；原来的网站没有改动。"]) == (code, told(lines))
