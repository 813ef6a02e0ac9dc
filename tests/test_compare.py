"""What a change means: two states of a project compared, both ways, whole lines."""

from __future__ import annotations

import itertools
from collections import Counter
from typing import TYPE_CHECKING

import pytest
from changing import Case, lines, read

from pledge.change import change_rules
from pledge.compare import UnreadableError, compare
from pledge.problem import arrange

if TYPE_CHECKING:
    import datetime
    from pathlib import Path

ALL = read()
COMPARED = [pytest.param(case, id=case.name) for case in ALL if not case.wrong]
REFUSED = [pytest.param(case, id=case.name) for case in ALL if case.wrong]


@pytest.mark.parametrize("case", COMPARED)
def test_change_and_the_change_undone(case: Case, tmp_path: Path, today: datetime.date) -> None:
    """Every change gives exactly its lines, and so does undoing it."""
    old, new = case.states(tmp_path)
    assert sorted(case.there) == sorted(lines(compare(old, new, today)))
    assert sorted(case.undone) == sorted(lines(compare(new, old, today)))


@pytest.mark.parametrize("case", REFUSED)
def test_state_that_cannot_be_compared(case: Case, tmp_path: Path, today: datetime.date) -> None:
    """A side that cannot be read is refused with the place of each of its problems."""
    old, new = case.states(tmp_path)
    with pytest.raises(UnreadableError) as caught:
        compare(old, new, today)
    side = "old" if caught.value.old else "new"
    assert case.wrong == [f"{side}: {problem.text()}" for problem in arrange(caught.value.problems)]


def test_every_rule_is_produced() -> None:
    """Some case produces each rule."""
    shown = {line.split()[1] for case in ALL for line in (*case.there, *case.undone)}
    assert set(change_rules()) - shown == set()


def test_names_are_unique() -> None:
    """No two cases have the same name."""
    counted = Counter(case.name for case in ALL)
    assert [name for name, count in counted.items() if count > 1] == []
