"""What a change of a value means to the customer, by the direction its blank declares."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pledge.kinds import Hours
from pledge.quantity import Quantity, compare

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pledge.entries import Blank
    from pledge.typed import Row, Value

SAME, BETTER, WEAKER, CHANGED, UNCLEAR = "same", "better", "weaker", "changed", "unclear"


def verdict(blank: Blank, old: Value | None, new: Value | None) -> str:
    """Return what it means to the customer that *old* became *new*, by the direction of *blank*.

    A promise that appears is better and one that vanishes weaker, unless the blank says otherwise.
    """
    if old is None or new is None:
        return _presence(blank, gone=new is None) if old is not new else SAME
    if old.blank.kind != new.blank.kind:
        return UNCLEAR
    if blank.kind == "table":
        return combined(_rows(blank, old.data, new.data))
    return SAME if old.data == new.data else _JUDGES.get(blank.better, _changed)(blank, old, new)


def combined(verdicts: Iterable[str]) -> str:
    """Return one verdict for several: the worst where they agree in direction, else unclear."""
    found = set(verdicts) - {SAME}
    if not found:
        return SAME
    if found <= {BETTER, CHANGED}:
        return BETTER if BETTER in found else CHANGED
    return WEAKER if found <= {WEAKER, CHANGED} else UNCLEAR


def _presence(blank: Blank, *, gone: bool) -> str:
    if blank.better == "none":
        return CHANGED
    good = gone if blank.better in {"absent", "subset"} else not gone
    return BETTER if good else WEAKER


def _sets(better: str, old: set[Any], new: set[Any]) -> str:
    if old < new:
        return WEAKER if better == "subset" else BETTER
    if new < old:
        return BETTER if better == "subset" else WEAKER
    return CHANGED if old == new else UNCLEAR


def _amounts(blank: Blank, old: Value, new: Value) -> str:
    if isinstance(old.data, Hours) and isinstance(new.data, Hours):
        return _coverage(blank.better, old.data, new.data)
    if not isinstance(old.data, Quantity) or not isinstance(new.data, Quantity):
        return CHANGED
    order = compare(new.data, old.data, new.calendar, old.calendar)
    if order is None:
        return UNCLEAR
    if order == 0:
        return SAME
    return BETTER if (order > 0) == (blank.better == "higher") else WEAKER


def _coverage(better: str, old: Hours, new: Hours) -> str:
    wider, narrower = new.covers(old), old.covers(new)
    if wider and narrower:
        return SAME
    if not wider and not narrower:
        return UNCLEAR
    return BETTER if wider == (better == "higher") else WEAKER


def _changed(_blank: Blank, _old: Value, _new: Value) -> str:
    return CHANGED


def _ranks(blank: Blank, old: Value, new: Value) -> str:
    ranks = list(blank.options)
    if new.data not in ranks or old.data not in ranks:
        return UNCLEAR
    return BETTER if ranks.index(new.data) > ranks.index(old.data) else WEAKER


def _lists(blank: Blank, old: Value, new: Value) -> str:
    if blank.kind != "list":
        return CHANGED
    return _sets(blank.better, set(old.data), set(new.data))


def _rows(blank: Blank, old: Iterable[Row], new: Iterable[Row]) -> Iterable[str]:
    before = {row[blank.key].text: row for row in old if blank.key in row}
    after = {row[blank.key].text: row for row in new if blank.key in row}
    kept = before.keys() & after.keys()
    if blank.better in {"subset", "superset"}:
        yield _sets(blank.better, set(before), set(after)) if before.keys() != after.keys() else SAME
    elif before.keys() != after.keys():
        yield CHANGED
    for key in sorted(kept):
        for name, column in blank.columns.items():
            yield verdict(column, before[key].get(name), after[key].get(name))


_JUDGES = {
    "higher": _amounts,
    "lower": _amounts,
    "ordered": _ranks,
    "subset": _lists,
    "superset": _lists,
}
