"""The released editions of a company in time: the days each was in force, and since when a value holds."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from pledge import edition as edition_module
from pledge.edition import FILE
from pledge.printed import Since, day

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from pledge.edition import Edition, PublicChange, Recorded
    from pledge.typed import Value

NOTHING = "未承诺"


@dataclass(frozen=True, slots=True)
class Period:
    """An edition and the one after it, which ends its time; None where there is none."""

    edition: Edition
    next: Edition | None = None

    @property
    def start(self) -> datetime.date:
        """The first day in force."""
        return self.edition.effective

    @property
    def last(self) -> datetime.date | None:
        """The last day in force, or None where no later edition ends it."""
        return self.next.effective - datetime.timedelta(days=1) if self.next else None

    @property
    def empty(self) -> bool:
        """Whether a later edition took its place on its first day."""
        return self.last is not None and self.last < self.start

    @property
    def days(self) -> str:
        """The first and the last day in force, as `2026年1月1日至2026年11月30日`."""
        return day(self.start) + (f"至{day(self.last)}" if self.last else "起")

    @property
    def words(self) -> str:
        """The days in force as a customer reads them."""
        if self.empty and self.next:
            return f"没有施行，由同日施行的{self.next.number}版取代"
        end = f"，至{day(self.last)}止" if self.last else ""
        return f"{day(self.start)}起施行{end}"


def released(root: Path, names: Sequence[str]) -> tuple[Edition, ...]:
    """Return the editions of a company, oldest first; a state of the files already read is not read again."""
    files = (folder / FILE for name in names for folder in edition_module.folders(root, name))
    stamps = tuple((str(path), path.stat().st_mtime_ns, path.stat().st_size) for path in files)
    return _released(root, tuple(names), stamps) if stamps else ()


@lru_cache(maxsize=8)
def _released(
    root: Path, names: tuple[str, ...], _stamps: tuple[tuple[str, int, int], ...]
) -> tuple[Edition, ...]:
    return tuple(edition_module.load(root, names))


def periods(editions: Sequence[Edition]) -> list[Period]:
    """Return *editions*, oldest first, each with the one that ended it."""
    return [Period(*pair) for pair in zip(editions, [*editions[1:], None], strict=False)]


def until(editions: Sequence[Edition], today: datetime.date) -> list[Period]:
    """Return the editions in force from *today* until the newest one comes into force."""
    *earlier, _ = periods(editions)
    return [period for period in earlier if not period.empty and period.last and period.last >= today]


def last_change(editions: Sequence[Edition], variant: str, today: datetime.date) -> datetime.date | None:
    """Return the last day, not after *today*, on which a new text of *variant* was signed; None for none.

    Without *variant*, the last day on which any edition was signed.
    """
    days = []
    before = None
    for edition in editions:
        text = edition.texts.get(variant, before)
        if text != before or not variant:
            days.append(edition.signed)
        before = text
    return max((date for date in days if date <= today), default=None)


def sinces(editions: Sequence[Edition], values: Mapping[str, Value]) -> dict[str, Since]:
    """Return since when each of *values* holds, by blank; what is not as last released has no entry."""
    if not editions:
        return {}
    first: dict[str, datetime.date] = {}
    last: dict[str, Since] = {}
    for edition in editions:
        for blank in edition.values:
            first.setdefault(blank, edition.effective)
        last |= {blank: Since(edition.effective, before) for blank, before in _befores(edition).items()}
    known = editions[-1].values
    same = [name for name, value in values.items() if name in known and _holds(value, known[name])]
    return {name: last.get(name) or Since(first[name]) for name in same}


def _befores(edition: Edition) -> dict[str, str]:
    """Return what each blank that *edition* changed said before; a table's cells are named."""
    changes: dict[str, list[PublicChange]] = {}
    for change in edition.changes:
        changes.setdefault(change.subject, []).append(change)
    return {subject: "；".join(filter(None, map(_before, found))) for subject, found in changes.items()}


def _before(change: PublicChange) -> str:
    if not change.item:
        return change.before
    return f"{change.item} {change.before or NOTHING}"


def _holds(value: Value, recorded: Recorded) -> bool:
    released = recorded.value(value.blank)
    return released is not None and _shown(value) == _shown(released)


def _shown(value: Value) -> object:
    if value.blank.kind != "table":
        return value.text
    return [{name: cell.text for name, cell in row.items()} for row in value.data]
