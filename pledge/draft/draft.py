"""The file of a company that is still being filled in: what it lacks, and what an answer would make of it.

An answer is judged by the checks of `pledge check` on the file as it would be with it, so what is taken here
is never refused there.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from pledge.amend import amended, said
from pledge.check import check_company
from pledge.check.editions import successor
from pledge.check.values import lacking
from pledge.company import merged
from pledge.problem import arrange, errors
from pledge.read import parse
from pledge.topics import ordered

if TYPE_CHECKING:
    import datetime
    from collections.abc import Iterator, Mapping

    from pledge.amend import Said
    from pledge.company import Company
    from pledge.entries import Blank
    from pledge.problem import Problem
    from pledge.project import Project
    from pledge.read import Document

# A release asks for it although no page prints it; the rest of the edition's records are about later ones.
_TO_RELEASE = ("edition.note",)
_OF_LATER_EDITIONS = ("edition.weakens", "edition.withdrawn", "edition.approvals")
_UNFINISHED = "missing-column"


@dataclass(slots=True)
class Draft:
    """A variable file as it stands, and the answers that go into it, in the order they were given."""

    project: Project
    name: str
    document: Document
    today: datetime.date
    answers: dict[str, Said] = field(default_factory=dict)

    @property
    def company(self) -> Company:
        """The company as the file with all answers describes it."""
        return self._company(self.text)

    @property
    def text(self) -> str:
        """The text of the file with all answers."""
        return self._text(self.answers)

    @property
    def day(self) -> datetime.date:
        """The day whose law binds the company, as far as it has answered."""
        return self.company.law_date(self.today)

    def missing(self) -> list[Blank]:
        """Return the blanks that must be answered, in the order in which they are asked."""
        company = self.company
        wanted = {blank.id for blank, _ in lacking(self.project, company)}
        wanted |= set(_TO_RELEASE) - company.places.keys()
        return [blank for blank in ordered(self.project) if blank.id in wanted]

    def choices(self) -> list[Blank]:
        """Return the blanks that may be answered: optional ones, and with a base what it says otherwise."""
        company = self.company
        wanted = set(_optional(self.project, company))
        wanted |= _spoken(self.project, company) & company.inherited.keys()
        wanted -= company.own | {blank.id for blank in self.missing()}
        return [blank for blank in ordered(self.project) if blank.id in wanted and not blank.deal]

    def answer(self, blank: Blank, new: Said) -> list[Problem]:
        """Take *new* for *blank* unless there is an error; return the errors and warnings about it."""
        after, found = self._judged(blank, new)
        if not errors(found):
            self.answers[blank.id] = said(after.values[blank.id])
        return found

    def complaints(self, blank: Blank, new: Said) -> list[Problem]:
        """Return what is wrong with *new*, of which a row may still be unfinished; nothing is taken."""
        return [problem for problem in self._judged(blank, new)[1] if problem.rule != _UNFINISHED]

    def answered(self) -> list[Blank]:
        """Return the blanks that the file itself answers, in the order in which they are asked."""
        own = self.company.own
        return [blank for blank in ordered(self.project) if blank.id in own]

    def said(self, blank: Blank) -> Said | None:
        """Return what the file says for *blank* so far, or None where it says nothing of its own."""
        company = self.company
        return said(company.values[blank.id]) if blank.id in company.own else None

    def finished(self) -> tuple[str, list[Problem]]:
        """Return the text without the mark of a draft, and the errors `pledge check` would find in it.

        They stand at the lines of the text that still has the mark.
        """
        marked = parse(self.text, self.document.path)
        text = undrafted(marked)
        cut = marked.mapping.keys["draft"].place.line if text != marked.text else math.inf
        found = errors(self._problems(text))
        return text, arrange(
            replace(each, line=each.line + (each.path == self.document.path and each.line >= cut))
            for each in found
        )

    def still_marked(self, text: str) -> bool:
        """Whether *text* says that it is a draft."""
        return self._company(text).draft

    def _judged(self, blank: Blank, new: Said) -> tuple[Company, list[Problem]]:
        bare = self._text({**self.answers, blank.id: None})
        known = {(found.message, found.rule) for found in self._problems(bare)}
        # Into a table that stands already, rows would be sorted by their key, and none could stand twice.
        beside = parse(bare, self.document.path)
        text = amended(beside, self.project.catalogue, {blank.id: new}, notes(self.project))
        fresh = [found for found in self._problems(text) if (found.message, found.rule) not in known]
        after = self._company(text)
        return after, arrange(fresh)

    def _text(self, answers: Mapping[str, Said | None]) -> str:
        return amended(self.document, self.project.catalogue, dict(answers), notes(self.project))

    def _company(self, text: str) -> Company:
        return merged(parse(text, self.document.path), self.name, self.project.root, self.project.catalogue)

    def _problems(self, text: str) -> Iterator[Problem]:
        company = self._company(text)
        yield from check_company(self.project, company, self.today)
        yield from successor(company, ())


def notes(project: Project) -> dict[str, str]:
    """Return what is said in a comment behind each topic and blank: its name in Chinese."""
    blanks = {name: blank.label for name, blank in project.catalogue.blanks.items()}
    return {name: " ".join(label.split()) for name, label in {**project.catalogue.topics, **blanks}.items()}


def undrafted(document: Document) -> str:
    """Return the text of *document* without its line `draft: true`; as it is where none has only that."""
    lines = document.text.splitlines(keepends=True)
    key = document.mapping.keys.get("draft")
    if key is None or not lines[key.place.line - 1].removeprefix("\ufeff").startswith("draft:"):
        return document.text
    del lines[key.place.line - 1]
    return "".join(lines)


def _optional(project: Project, company: Company) -> Iterator[str]:
    """Yield the blanks that bring a clause only if they are filled, and those that only the site shows."""
    pages = [*project.published(company), *project.site_pages]
    yield from (use.blank for page in pages for use in page.uses if use.condition)
    for blank in project.catalogue.blanks.values():
        if blank.spoken_by and blank.id not in _OF_LATER_EDITIONS:
            yield blank.id


def _spoken(project: Project, company: Company) -> set[str]:
    pages = [*project.published(company), *project.site_pages]
    return {name for page in pages for name in page.printed(company.values)}
