"""Changed legal floors: a promise that stays as it is, measured by another standard."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pledge.change import Finding, change_rules

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pledge.compare.side import Side
    from pledge.entries import Floor

RULE = "floor-changed"
_AUDIENCES = {"consumer": "对消费者", "any": "对各类客户"}
_LEVELS = {"error": "达不到是错误", "warning": "达不到只警告"}
_SENSES = {"at_least": "不低于", "at_most": "不超过"}


def findings(old: Side, new: Side) -> Iterator[Finding]:
    """Yield a finding for each floor on a published value that was changed or taken away.

    A floor that is added is no finding: the check measures the promise by it.
    """
    known = {_whole(floor) for floor in old.project.catalogue.floors}
    now = {_whole(floor) for floor in new.project.catalogue.floors}
    fresh = {_matter(floor): floor for floor in new.project.catalogue.floors if _whole(floor) not in known}
    for floor in old.project.catalogue.floors:
        value = new.values.get(floor.blank)
        if value is None or _whole(floor) in now:
            continue
        after = fresh.get(_matter(floor))
        yield Finding(
            company=new.company.id,
            subject=floor.blank,
            blank=floor.blank,
            label=f"{value.blank.label}的法定标准",
            item=f"{floor.law}{floor.article}",
            before=_told(floor),
            after=_told(after) if after else "",
            verdict=change_rules()[RULE].verdict,
            rule=RULE,
            old=floor.place,
            new=after.place if after else None,
            spoken=new.spoken(floor.blank),
        )


def _matter(floor: Floor) -> tuple[str, ...]:
    """Return what a floor is about: several floors of a law may share an id."""
    return (floor.law, floor.blank, floor.column, *floor.where.values(), floor.sense)


def _whole(floor: Floor) -> tuple[str, ...]:
    return (*_matter(floor), floor.article, _told(floor))


def _told(floor: Floor) -> str:
    """Return all that decides whether a promise holds, in words."""
    where = "、".join(floor.where.values())
    dates = (
        (floor.since.isoformat() + "起") if floor.since.year > 1 else "",
        (floor.until.isoformat() + "止") if floor.until.year < 9999 else "",  # noqa: PLR2004  the last year
    )
    parts = (floor.column, where, f"{_SENSES[floor.sense]}{floor.bound}", floor.starts, *dates)
    return "，".join((*filter(None, parts), _AUDIENCES[floor.audience], _LEVELS[floor.level]))
