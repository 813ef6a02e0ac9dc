"""Changed values: what was promised, what is promised now, and by which rule that is better or weaker."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pledge.change import ABOUT_THE_EDITION, Finding, rule_for
from pledge.kinds import Hours
from pledge.printed import worded
from pledge.quantity import SERVICE_TIME
from pledge.verdict import BETTER, CHANGED, SAME, UNCLEAR, verdict

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pledge.compare.side import Side
    from pledge.entries import Blank
    from pledge.typed import Row, Value


@dataclass(frozen=True, slots=True)
class Difference:
    """A value, or a cell of a table, before and after."""

    item: str
    before: str
    after: str
    verdict: str
    rule: str
    old: Value | None
    new: Value | None


def findings(old: Side, new: Side) -> Iterator[Finding]:
    """Yield a finding for each value that a customer read or reads, judged by the old catalogue."""
    for name in dict.fromkeys([*new.project.catalogue.blanks, *old.project.catalogue.blanks]):
        shown = name in old.values or name in new.values or old.misread(name)
        if shown and not name.startswith(ABOUT_THE_EDITION):
            yield from (_finding(old, new, name, found) for found in _found(name, old, new))


def _found(name: str, old: Side, new: Side) -> Iterator[Difference]:
    """Yield the differences of one blank; what could not be read before is for a person, if only a part."""
    before, after = _published(name, old, new)
    found = list(differences(before, after))
    lost = old.misread(name)
    if lost and (found or before is None):
        yield _unreadable(after)
    yield from (each for each in found if not lost or (before is not None and each.verdict != BETTER))


def _published(name: str, old: Side, new: Side) -> tuple[Value | None, Value | None]:
    """Return both values of a blank; none for a side whose pages fell silent about it, or were so before.

    What came or went with a whole variant is none on both sides: the variant is a finding of its own.
    """
    before, after = old.company.values.get(name), new.company.values.get(name)
    if (before is None and _elsewhere(name, new, old)) or (after is None and _elsewhere(name, old, new)):
        return None, None
    if name not in new.values and old.pages_speaking(name) & new.pages.keys():
        after = None
    if name not in old.values and new.pages_speaking(name) & old.pages.keys():
        before = None
    return before, after


def _elsewhere(name: str, side: Side, other: Side) -> bool:
    """Whether only variants that *other* does not publish speak of a blank of *side*."""
    speaking = side.pages_speaking(name)
    return bool(speaking) and not speaking & other.pages.keys()


def _finding(old: Side, new: Side, name: str, found: Difference) -> Finding:
    latest = new if name in new.company.values else old
    return Finding(
        company=new.company.id,
        subject=name,
        blank=name,
        label=latest.project.catalogue.blanks[name].label,
        item=found.item,
        before=found.before,
        after=found.after,
        verdict=found.verdict,
        rule=found.rule,
        old=found.old.place if found.old else old.company.places.get(name),
        new=found.new.place if found.new else None,
        spoken=latest.spoken(name),
    )


def differences(old: Value | None, new: Value | None) -> Iterator[Difference]:
    """Yield what differs between two values of one blank: rows by their key, and cells by column.

    The direction of the old value's blank decides, so that one commit cannot turn it and hide a weakening.
    """
    if old is not None and new is not None and old.blank.kind == new.blank.kind == "table":
        yield from _rows(old.blank, old, new)
        return
    value = old or new
    found = _difference(value.blank, old, new) if value else None
    if found:
        yield found


def _difference(blank: Blank, old: Value | None, new: Value | None, item: str = "") -> Difference | None:
    before, after = told(old), told(new)
    judged = verdict(blank, old, new)
    if old is not None and new is not None and old.blank.kind != new.blank.kind:
        return Difference(item, before, after, UNCLEAR, "kind-changed", old, new)
    if judged == SAME and (old is None or new is None or old.data == new.data or before == after):
        return None  # where only the catalogue words it otherwise, `meaning` says so
    if judged == SAME:
        return Difference(item, before, after, CHANGED, rule_for("equal", CHANGED), old, new)
    rule = rule_for(_family(blank, old, new, judged), judged)
    return Difference(item, before, after, judged, rule, old, new)


def _family(blank: Blank, old: Value | None, new: Value | None, judged: str) -> str:
    if old is None or new is None:
        return _presence(blank)
    if _clock(old) != _clock(new):
        return "calendar"
    if judged == CHANGED:
        return "order" if blank.kind == "list" and set(old.data) == set(new.data) else "text"
    if isinstance(old.data, Hours):
        return "hours"
    if blank.kind == "duration":
        return "time" if blank.better == "lower" else "window"
    return _FAMILIES[blank.better]


def _clock(value: Value) -> str:
    """Return how the days of a time are counted; days and months that simply pass are one calendar."""
    return value.calendar if value.calendar in {"工作日", SERVICE_TIME} else ""


_FAMILIES = {
    "lower": "charge",
    "higher": "amount",
    "ordered": "option",
    "superset": "scope",
    "subset": "exclusion",
}


def _presence(blank: Blank) -> str:
    if blank.better == "none":
        return "text"
    return "burden" if blank.better in {"absent", "subset"} else "promise"


def _rows(blank: Blank, old: Value, new: Value) -> Iterator[Difference]:
    before, after = _keyed(blank, old), _keyed(new.blank, new)
    for key in dict.fromkeys([*after, *before]):
        was, now = before.get(key), after.get(key)
        if was is None or now is None:
            yield _row(blank, key, (old, was), (new, now))
            continue
        for name, column in {**new.blank.columns, **blank.columns}.items():
            cell = _difference(column, was.get(name), now.get(name), f"{key}：{column.label}")
            if cell:
                yield cell


def _keyed(blank: Blank, value: Value) -> dict[str, Row]:
    return {row[blank.key].text: row for row in value.data if blank.key in row}


def _row(blank: Blank, key: str, old: tuple[Value, Row | None], new: tuple[Value, Row | None]) -> Difference:
    gone = new[1] is None
    scoped = {"superset": "scope", "subset": "exclusion"}.get(blank.better, "text")
    judged = CHANGED if scoped == "text" else verdict(blank, _only(*old), _only(*new))
    was, now = _key(blank, old), _key(blank, new)
    return Difference(
        key, _line(old[1]), _line(new[1]), judged, rule_for(scoped, judged), was, None if gone else now
    )


def _only(value: Value, row: Row | None) -> Value:
    """Return the table *value* with *row* alone, or with no row."""
    return type(value)(value.blank, (row,) if row else (), value.place)


def _key(blank: Blank, side: tuple[Value, Row | None]) -> Value | None:
    return side[1].get(blank.key) if side[1] else None


def _line(row: Row | None) -> str:
    return "；".join(f"{cell.blank.label}：{worded(cell)}" for cell in (row or {}).values())


def _unreadable(new: Value | None) -> Difference:
    return Difference("", "（读不出）", told(new), UNCLEAR, "unreadable-before", None, new)


def told(value: Value | None) -> str:
    """Return a value as the customer reads it; a table row by row, nothing for none."""
    if value is None:
        return ""
    if value.blank.kind == "table":
        return "\n".join(_line(row) for row in value.data)
    return worded(value)


def verdicts(old: Value | None, new: Value | None) -> set[str]:
    """Return the verdict of each difference between two values."""
    return {found.verdict for found in differences(old, new)}
