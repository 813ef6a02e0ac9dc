"""One contract's own values, which fill the gaps of a paper copy and never reach the site."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from pledge.catalogue import example_text
from pledge.company import HEAD, from_document
from pledge.read import Place, read

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pledge.catalogue import Catalogue
    from pledge.company import Company
    from pledge.problem import Problem
    from pledge.project import Project
    from pledge.typed import Value

# The company id under which a deal is read: its own file name may be in Chinese.
_READ_AS = "deal"


@dataclass(slots=True)
class Deal:
    """A contract: its values by blank id, and what is wrong with its file."""

    path: str
    values: dict[str, Value] = field(default_factory=dict)
    places: dict[str, Place] = field(default_factory=dict)
    readable: bool = False
    problems: list[Problem] = field(default_factory=list)

    def over(self, company: Company) -> Company:
        """Return *company* with the values of this contract beside its own; for paper only."""
        return replace(company, values={**company.values, **self.values})

    def place(self, name: str) -> Place:
        """Return where *name* is written, else the nearest place that a reader would look at."""
        return self.places.get(name) or self.places.get(name.partition(".")[0]) or Place(self.path)


def read_deal(path: Path, root: Path, catalogue: Catalogue) -> Deal:
    """Return the contract in the file at *path*, typed as a variable file is; never raises for its contents.

    What a company publishes for all is not a contract's to say: such a name is a problem, and is left out.
    """
    found = from_document(read(path, root), _READ_AS, catalogue)
    values = {name: value for name, value in found.values.items() if value.blank.deal}
    problems = [problem for problem in found.problems if problem.rule != "company-head"]
    problems += _not_deals(found, catalogue)
    return Deal(found.path, values, found.places, found.readable, problems)


def _not_deals(found: Company, catalogue: Catalogue) -> Iterator[Problem]:
    for name, place in found.places.items():
        blank = catalogue.blanks.get(name)
        if name in HEAD:
            message = f"“{name}”只能写在变量文件里；从合同文件中删去"
            yield place.problem(message, "not-a-deal")
        elif blank and not blank.deal:
            message = f"{blank.label}（{name}）是对所有客户的承诺，不由单个合同填写；从合同文件中删去"
            yield place.problem(message, "not-a-deal")


def missing(deal: Deal, project: Project, company: Company) -> Iterator[Problem]:
    """Yield a problem for each blank of a contract that *company*'s variants print and *deal* leaves open."""
    wanted: dict[str, list[str]] = {}
    filled = company.places.keys() | deal.places.keys()
    for page in project.published(company) if deal.readable else ():
        for name in page.needed(filled):
            wanted.setdefault(name, []).append(page.title)
    for name, titles in sorted(wanted.items()):
        blank = project.catalogue.blanks.get(name)
        if blank and blank.deal and name not in deal.places:
            message = (
                f"缺少 {name}（{blank.label}），{'、'.join(titles)}要用到它；"
                f"写成如“{example_text(blank.example)}”"
            )
            yield deal.place(name).problem(message, "missing-blank")
