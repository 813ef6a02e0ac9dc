"""One company as it stands on one side of a comparison."""

from __future__ import annotations

from bisect import bisect_right
from functools import cached_property
from typing import TYPE_CHECKING

import jinja2

from pledge.article import Writer
from pledge.change import Spoken
from pledge.printed import AbsentBlankError
from pledge.problem import errors
from pledge.render import Filling
from pledge.transcript import full_numbers, written

if TYPE_CHECKING:
    import datetime
    from collections.abc import Container, Iterator

    from pledge.company import Company
    from pledge.page import Page
    from pledge.problem import Problem
    from pledge.project import Project
    from pledge.read import Place
    from pledge.transcript import Block
    from pledge.typed import Value


# Problems that leave every value as it is.
_ELSEWHERE = ("unknown-blank", "bad-base")


def _at(found: Place | Problem) -> tuple[str, int, int]:
    return found.path, found.line, found.column


class Side:
    """A company's values, its published pages, and what a customer reads there."""

    def __init__(self, project: Project, company: Company, today: datetime.date) -> None:
        self.project = project
        self.company = company
        self.today = today

    @cached_property
    def pages(self) -> dict[str, Page]:
        """The published guarantees by variant."""
        return {page.name: page for page in self.project.published(self.company)}

    @cached_property
    def values(self) -> dict[str, Value]:
        """The values that a customer can read, by blank."""
        return {
            name: value
            for name, value in self.company.values.items()
            if not (value.blank.deal or value.blank.looks) and (value.blank.spoken_by or self._speaking(name))
        }

    def _speaking(self, blank: str) -> list[Page]:
        return [page for page in (*self.pages.values(), *self.project.site_pages) if blank in page.spoken]

    def pages_speaking(self, blank: str) -> set[str]:
        """Return the published variants that print *blank*."""
        return {page.name for page in self.pages.values() if blank in page.spoken}

    def speaks_in(self, blank: str, variants: Container[str]) -> bool:
        """Whether *blank* is printed on one of *variants* that is published here, or beside the guarantees.

        A promise that comes or goes with a whole guarantee is part of that guarantee's change.
        """
        known = self.project.catalogue.blanks.get(blank)
        pages = [page for name, page in self.pages.items() if name in variants]
        spoken = any(blank in page.spoken for page in (*pages, *self.project.site_pages))
        return spoken or bool(known and known.spoken_by)

    def misread(self, blank: str) -> bool:
        """Whether the file says something about *blank* that cannot be read, if only a row or a cell."""
        return blank in self._misread

    @cached_property
    def _misread(self) -> set[str]:
        base = self.company.places.get("base")
        found = ((name, place) for name, place in self.company.places.items() if place != base)
        places = sorted((_at(place), name) for name, place in found)
        wrong = [_at(problem) for problem in errors(self.company.problems) if problem.rule not in _ELSEWHERE]
        starts = [start for start, _ in places]
        return {places[bisect_right(starts, at) - 1][1] for at in wrong if starts and at >= starts[0]}

    @cached_property
    def articles(self) -> dict[str, list[Block]]:
        """The blocks of each published variant; one that cannot be filled is left out."""
        return dict(self.written(self.company))

    @cached_property
    def texts(self) -> dict[str, str]:
        """The text of each published variant as an edition keeps it."""
        return {name: written(blocks) for name, blocks in self.articles.items()}

    def written(self, company: Company) -> Iterator[tuple[str, list[Block]]]:
        """Yield the variants of this side's pages, filled with the values of *company*."""
        writer = Writer(Filling(self.project, company, self.today, dated=False))
        for name, page in self.pages.items():
            try:
                yield name, writer.article(page)
            except (AbsentBlankError, jinja2.TemplateError, KeyError):
                continue

    @cached_property
    def _numbers(self) -> dict[tuple[str, str], str]:
        return {
            (name, clause): number
            for name, blocks in self.articles.items()
            for clause, number in full_numbers(blocks).items()
        }

    def spoken(self, blank: str) -> tuple[Spoken, ...]:
        """Return where *blank* is printed: each clause of the published guarantees, then other pages."""
        uses = {
            (page.name, page.title if page.is_variant else page.heading, use.clause): None
            for page in self._speaking(blank)
            for use in page.uses
            if use.blank == blank and not use.condition
        }
        return tuple(self.at(name, clause, title) for name, title, clause in uses)

    def at(self, variant: str, clause: str, title: str = "") -> Spoken:
        """Return a clause of *variant* with its number."""
        shown = title or self.project.pages[variant].title
        return Spoken(variant, shown, clause, self._numbers.get((variant, clause), ""))
