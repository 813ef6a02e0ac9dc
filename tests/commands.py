"""The commands of pledge as the tests run them: in this process, with what they print."""

from __future__ import annotations

import pytest

from pledge import usage
from pledge.cli import cli


def ran(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str, str]:
    """Return exit code, output and errors of `pledge` with *words*."""
    with pytest.raises(SystemExit) as left:
        usage.run(cli, words)
    shown = capsys.readouterr()
    assert isinstance(left.value.code, int)
    return left.value.code, shown.out, shown.err
