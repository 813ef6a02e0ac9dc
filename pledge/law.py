"""Which floors of the law a company's promises stand over, and by how much."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pledge.kinds import KINDS, MisreadError
from pledge.quantity import Quantity, bounds, compare, margin

if TYPE_CHECKING:
    import datetime
    from collections.abc import Iterator

    from pledge.company import Company
    from pledge.entries import Floor
    from pledge.project import Project
    from pledge.typed import Row, Value

SENSES = {"at_least": "不低于", "at_most": "不超过"}


@dataclass(frozen=True, slots=True)
class Comparison:
    """A promise beside the floor of the law that binds it."""

    floor: Floor
    value: Value
    bound: Quantity
    row: str = ""

    @property
    def holds(self) -> bool:
        """Whether the promise meets the floor in every case that can arise."""
        if not isinstance(self.value.data, Quantity):
            return True
        order = compare(self.value.data, self.bound, self.value.calendar)
        return order in ((0, 1) if self.floor.sense == "at_least" else (-1, 0))

    @property
    def margin(self) -> str:
        """How far the promise is from the floor, in words; empty where it is equal to it."""
        return margin(self.value.data, self.bound)

    @property
    def share(self) -> tuple[int, int]:
        """How long the promise and its limit are, the longer being 100; times by the promise's worst case."""
        promise, bound = self.value.data.base[1], self.bound.base[1]
        if self.value.data.base[0] != self.bound.base[0]:
            low, high = bounds(self.value.data, mixed=False)
            promise, bound = (
                low if self.floor.sense == "at_least" else high,
                bounds(self.bound, mixed=False)[0],
            )
        longest = max(promise, bound)
        return round(promise * 100 / longest), round(bound * 100 / longest)

    @property
    def rule(self) -> str:
        """The floor in words, as `不超过7日`."""
        return f"{SENSES[self.floor.sense]}{self.bound}"


def comparisons(project: Project, company: Company, today: datetime.date) -> Iterator[Comparison]:
    """Yield each promise that *company* publishes and a floor binds, on the date whose law applies.

    Floors that protect consumers bind what a page for consumers speaks of.
    """
    day = company.law_date(today)
    spoken = _spoken(project, company)
    for floor in project.catalogue.floors:
        audience = spoken.get(floor.blank)
        if audience is None or (floor.audience == "consumer" and not audience):
            continue
        if not floor.since <= day <= floor.until:
            continue
        yield from _compared(project, company, floor)


def _spoken(project: Project, company: Company) -> dict[str, bool]:
    """Return the blanks the published pages print, and whether a page for consumers does."""
    found: dict[str, bool] = {}
    for page in project.published(company):
        for blank in page.printed(company.values):
            found[blank] = found.get(blank, False) or page.protects_consumers
    return found


def _compared(project: Project, company: Company, floor: Floor) -> Iterator[Comparison]:
    value = company.values.get(floor.blank)
    bound = floor_bound(project, floor)
    if value is None or bound is None:
        return
    if not floor.column:
        yield Comparison(floor, value, bound)
        return
    for row in value.data:
        if floor.column in row and _matches(row, floor.where):
            yield Comparison(floor, row[floor.column], bound, row[value.blank.key].text)


def _matches(row: Row, where: dict[str, str]) -> bool:
    return all(name in row and str(row[name].data) == wanted for name, wanted in where.items())


def floor_bound(project: Project, floor: Floor) -> Quantity | None:
    """Return a floor's bound as an amount, or None where its blank or bound cannot be read."""
    target = project.catalogue.field(floor.target)
    if target is None:
        return None
    try:
        bound = KINDS[target.kind].parse(floor.bound, KINDS[target.kind].units or target.units)
    except MisreadError:
        return None
    return bound if isinstance(bound, Quantity) else None
