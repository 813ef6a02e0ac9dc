"""Figures that stand in a form's text, against the floors of the law on the blanks they may be values of."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from pledge.forms.proposals import SURE
from pledge.law import SENSES, Comparison, floor_bound
from pledge.quantity import Quantity
from pledge.typed import Value

if TYPE_CHECKING:
    import datetime
    from collections.abc import Iterable, Iterator

    from pledge.entries import Floor
    from pledge.forms.matching import Figure
    from pledge.project import Project


@dataclass(frozen=True, slots=True)
class Below:
    """A figure that is below a floor of the law, if it is what it seems to be."""

    figure: Figure
    label: str
    floor: Floor
    law: str
    rule: str


def below(project: Project, figures: Iterable[Figure], today: datetime.date) -> Iterator[Below]:
    """Yield each figure that may be below a floor in force on *today*, once for each floor."""
    catalogue = project.catalogue
    for figure in figures:
        blank = catalogue.blanks.get(figure.proposal.blank)
        if blank is None or figure.proposal.confidence < SURE:
            continue
        value = Value(blank, Quantity(Decimal(figure.value), figure.unit), blank.place)
        for floor in catalogue.floors:
            applies = floor.target == blank.id and floor.since <= today <= floor.until
            bound = floor_bound(project, floor) if applies else None
            if bound and not Comparison(floor, value, bound).holds:
                name = catalogue.laws[floor.law].name
                yield Below(figure, blank.label, floor, name, f"{SENSES[floor.sense]}{bound}")
