"""Changes of the catalogue that leave a value as it is and give it another meaning."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pledge.change import Finding, change_rules
from pledge.entries import DIRECTIONS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pledge.compare.side import Side
    from pledge.entries import Blank
    from pledge.typed import Value

# The rule for each attribute of a blank that says what its value means.
_ATTRIBUTES = {
    "better": "direction-changed",
    "starts": "start-changed",
    "ends": "end-changed",
    "calendar": "clock-changed",
    "label": "label-changed",
}


def findings(old: Side, new: Side) -> Iterator[Finding]:
    """Yield a finding for each value of both sides whose blank or column means something else now."""
    for name in (name for name in new.values if name in old.values):
        before, after = old.values[name].blank, new.values[name].blank
        spoken = new.spoken(name)
        for item, rule, was, now in _differences(before, after, new.values[name]):
            yield Finding(
                company=new.company.id,
                subject=name,
                blank=name,
                label=after.label,
                item=item,
                before=was,
                after=now,
                verdict=change_rules()[rule].verdict,
                rule=rule,
                old=before.place,
                new=after.place,
                spoken=spoken,
            )


def _differences(old: Blank, new: Blank, value: Value) -> Iterator[tuple[str, str, str, str]]:
    used = set(value.data) if value.blank.kind == "list" else {value.text} if not new.columns else set()
    yield from (("", *found) for found in _attributes(old, new, used))
    for name in (name for name in old.columns if name in new.columns):
        cells = {row[name].text for row in value.data if name in row}
        for found in _attributes(old.columns[name], new.columns[name], cells):
            yield (new.columns[name].label, *found)


def _attributes(old: Blank, new: Blank, used: set[str]) -> Iterator[tuple[str, str, str]]:
    for attribute, rule in _ATTRIBUTES.items():
        was, now = getattr(old, attribute), getattr(new, attribute)
        if was != now:
            yield rule, DIRECTIONS.get(was, was), DIRECTIONS.get(now, now)
    if (old.basis, old.per) != (new.basis, new.per):
        yield "basis-changed", _basis(old), _basis(new)
    if old.better == new.better == "ordered" and _ranks(old, new) != _ranks(new, old):
        yield "direction-changed", _ranks(old, new), _ranks(new, old)
    for option in sorted(used & old.options.keys() & new.options.keys()):
        if old.options[option] != new.options[option]:
            yield "option-reworded", old.options[option] or option, new.options[option] or option


def _ranks(blank: Blank, other: Blank) -> str:
    """Return the options that both blanks know, from the worst to the best of *blank*."""
    return "、".join(option for option in blank.options if option in other.options)


def _basis(blank: Blank) -> str:
    return "，".join(part for part in (f"每{blank.per}" if blank.per else "", blank.basis) if part)
