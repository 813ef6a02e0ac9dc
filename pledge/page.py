"""A page as written: the blanks and macros it uses, and its clauses."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from pledge.read import Place

if TYPE_CHECKING:
    from collections.abc import Container, Iterator, Mapping

    from pledge.problem import Problem

VARIANTS = (
    "charter",
    "contract",
    "service-level",
    "declaration",
    "project",
    "warranty",
    "returns",
)
AUDIENCES = {"consumer": "消费者", "business": "企业客户", "both": "消费者和企业客户"}

# What a macro prints besides its arguments; a page that calls it speaks these blanks.
SPOKEN_BY_MACRO: dict[str, tuple[str, ...]] = {
    "signature": (
        "company.name",
        "signing.signatory",
        "signing.office",
        "signing.date",
        "edition.number",
        "edition.effective",
    ),
    "promises": (),
    "law": (),
    "variant": (),
    "capitals": (),
}
SITE_MACROS: dict[str, tuple[str, ...]] = {
    "glance": (),
    "variants": (),
    "channels": (
        "contact.hotline",
        "contact.hours",
        "contact.email",
        "edition.number",
        "edition.effective",
    ),
    "statutory": (),
    "history": (),
    "deadlines": (),
    "one_page": ("contact.hotline", "contact.hours", "contact.email"),
}


_NO_WORDS = re.compile(r"\{\{.*?\}\}|\{%.*?%\}|\{:.*?\}|\[\]\(.*?\)|^\s*(#+|\d+\.|[-*+])\s+")


def worded(text: str) -> str:
    """Return what *text* of a page says by itself: no values, references, marks or numbers."""
    return _NO_WORDS.sub("", text).strip()


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a page, or of a file it includes."""

    text: str
    place: Place


@dataclass(frozen=True, slots=True)
class Use:
    """A blank printed or asked for on a page.

    `guards` are the conditions around it: a blank, and whether it must be filled or absent.
    """

    blank: str
    place: Place
    clause: str
    guards: tuple[tuple[str, bool], ...] = ()
    condition: bool = False
    in_heading: bool = False


@dataclass(frozen=True, slots=True)
class Call:
    """A macro a page calls, with its arguments as written."""

    name: str
    arguments: tuple[str, ...]
    place: Place


@dataclass(slots=True)
class Clause:
    """A heading (level 1 is `##`) or a numbered item; `id` is empty where none is given."""

    id: str
    level: int
    heading: bool
    notice: bool
    place: Place
    lines: list[Line] = field(default_factory=list)


@dataclass
class Page:
    """A Markdown page: `name` is the variant for a guarantee, else the path below docs/ without .md."""

    name: str
    path: str
    lines: list[Line] = field(default_factory=list)
    meta: dict[str, object] = field(default_factory=dict)
    meta_places: dict[str, Place] = field(default_factory=dict)
    uses: list[Use] = field(default_factory=list)
    calls: list[Call] = field(default_factory=list)
    clauses: list[Clause] = field(default_factory=list)
    style: str = ""
    problems: list[Problem] = field(default_factory=list)
    _printed: dict[frozenset[str], dict[str, Use]] = field(default_factory=dict, compare=False, repr=False)

    @property
    def title(self) -> str:
        """The variant's title."""
        return str(self.meta.get("title", self.name))

    @property
    def heading(self) -> str:
        """The page's own heading, for a page that is no guarantee."""
        headings = (line.text for line in self.lines if line.text.startswith("# "))
        return next((text[2:].split("{:")[0].strip() for text in headings), self.name)

    @property
    def audience(self) -> str:
        """Whom the variant addresses: consumer, business or both."""
        return str(self.meta.get("audience", "both"))

    @property
    def protects_consumers(self) -> bool:
        """Whether the floors of consumer law bind this page."""
        return self.audience != "business"

    @property
    def start(self) -> Place:
        """Where a problem of the page as a whole is shown."""
        return Place(self.path)

    @property
    def is_variant(self) -> bool:
        """Whether the page is one of the guarantees."""
        return self.path.startswith("docs/guarantees/")

    @property
    def spoken(self) -> dict[str, Use]:
        """The first use of each blank that is printed, in the order of the page."""
        found: dict[str, Use] = {}
        for use in self.uses:
            if not use.condition:
                found.setdefault(use.blank, use)
        return found

    @property
    def required(self) -> set[str]:
        """The blanks that must be filled before the page can be published."""
        return {use.blank for use in self.uses if not use.condition and not use.guards}

    @cached_property
    def asked(self) -> frozenset[str]:
        """The blanks that conditions of the page ask for."""
        return frozenset(use.blank for use in self.uses if use.condition)

    def printed(self, filled: Container[str]) -> Mapping[str, Use]:
        """Return the first use of each blank the page prints where those in *filled* have values."""
        met = frozenset(name for name in self.asked if name in filled)
        if met not in self._printed:
            self._printed[met] = dict(self._uses(met))
        return self._printed[met]

    def _uses(self, met: frozenset[str]) -> Iterator[tuple[str, Use]]:
        seen = set()
        for use in self.uses:
            holds = all((name in met) == wanted for name, wanted in use.guards)
            if holds and not use.condition and use.blank not in seen:
                seen.add(use.blank)
                yield use.blank, use

    def needed(self, filled: Container[str]) -> set[str]:
        """Return the blanks the page prints where those in *filled* have values: all must be filled."""
        return set(self.printed(filled))
