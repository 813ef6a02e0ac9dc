"""Figures that stand in a form's text, against the floors of the law on the blanks they may be values of."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from pledge.law import SENSES, Comparison, floor_bound
from pledge.quantity import Quantity
from pledge.typed import Value

if TYPE_CHECKING:
    import datetime
    from collections.abc import Iterable, Iterator

    from pledge.entries import Floor
    from pledge.forms.matching import Figure
    from pledge.project import Project

_POSSIBLE = 0.4


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
        for floor in catalogue.floors:
            blank = catalogue.blanks[floor.blank]
            if floor.column or blank.id not in _meant(figure) or not floor.since <= today <= floor.until:
                continue
            bound = floor_bound(project, floor)
            value = Value(blank, Quantity(Decimal(figure.value), figure.unit), blank.place)
            if bound and not Comparison(floor, value, bound).holds:
                name = catalogue.laws[floor.law].name
                yield Below(figure, blank.label, floor, name, f"{SENSES[floor.sense]}{bound}")


def _meant(figure: Figure) -> list[str]:
    """Return the blanks that a figure may be the value of; here a doubt is worth a look."""
    proposal = figure.proposal
    named = ((proposal.blank, proposal.confidence), (proposal.other, proposal.other_confidence))
    return [blank for blank, confidence in named if confidence >= _POSSIBLE]
