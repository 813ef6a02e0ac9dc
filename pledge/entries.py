"""What a catalogue holds: blanks, laws, floors, and words that are not allowed."""

from __future__ import annotations

import datetime
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pledge.read import Node, Place

# What a change of the value means to the customer.
DIRECTIONS = {
    "higher": "越大对客户越有利",
    "lower": "越小对客户越有利",
    "none": "没有好坏之分",
    "present": "有承诺对客户更有利",
    "absent": "没有这一项对客户更有利",
    "subset": "项目越少对客户越有利",
    "superset": "项目越多对客户越有利",
    "ordered": "选项由差到好排列",
}
CALENDARS = ("自然时间", "服务时间", "工作日", "按单位")
LEVELS = ("error", "warning")
AUDIENCES = ("consumer", "any")
NAME = re.compile(r"[a-z][a-z0-9_]*")


@dataclass(frozen=True, slots=True)
class Blank:
    """A typed gap in the wording, or a column of a table; times say when their clock starts and stops."""

    id: str
    place: Place
    label: str
    kind: str
    units: tuple[str, ...] = ()
    better: str = ""
    why: str = ""
    starts: str = ""
    ends: str = ""
    calendar: str = ""
    options: dict[str, str] = field(default_factory=dict)
    columns: dict[str, Blank] = field(default_factory=dict)
    key: str = ""
    rising: str = ""
    not_above: str = ""
    not_below: str = ""
    scope: str = ""
    headline: int = 0
    asked: str = ""
    staffed: bool = False
    own: bool = False
    optional: bool = False
    basis: str = ""
    per: str = ""
    spoken_by: str = ""
    needed_unless: dict[str, str] = field(default_factory=dict)
    refuse: dict[str, str] = field(default_factory=dict)
    example: Node | None = None

    @property
    def topic(self) -> str:
        """The topic it belongs to."""
        return self.id.partition(".")[0]

    @property
    def deal(self) -> bool:
        """Whether the value belongs to one contract and is filled on paper only."""
        return self.scope == "deal"

    @property
    def looks(self) -> bool:
        """Whether the value only colours the pages: nobody reads it, so no edition keeps it."""
        return self.kind == "color"

    def clock(self, unit: str) -> str:
        """Return by which calendar a time in *unit* runs: 自然时间, 服务时间, 自然日, 工作日 or 公历."""
        if self.calendar != "按单位":
            return self.calendar
        by_unit = {"分钟": "自然时间", "小时": "自然时间", "工作日": "工作日", "日": "自然日", "周": "自然日"}
        return by_unit.get(unit, "公历")


@dataclass(frozen=True, slots=True)
class Floor:
    """What a law demands of a blank from a date on: at least or at most *bound*."""

    id: str
    place: Place
    law: str
    article: str
    blank: str
    sense: str
    bound: Any
    audience: str
    level: str
    says: str
    column: str = ""
    where: dict[str, str] = field(default_factory=dict)
    starts: str = ""
    since: datetime.date = datetime.date.min
    until: datetime.date = datetime.date.max

    @property
    def target(self) -> str:
        """The blank or column the floor is on, as `warranty.products[whole]`."""
        return f"{self.blank}[{self.column}]" if self.column else self.blank


@dataclass(frozen=True, slots=True)
class Law:
    """A law with its official name and page; `articles` holds a one-line paraphrase by article."""

    short: str
    name: str
    place: Place
    certainty: str
    articles: dict[str, str]
    number: str = ""
    url: str = ""
    in_force: str = ""
    amended: str = ""


@dataclass(frozen=True, slots=True)
class Holidays:
    """The official arrangement of a year: the days off, and the weekend days worked in their place."""

    year: int
    place: Place
    notice: str
    url: str
    off: frozenset[datetime.date]
    worked: frozenset[datetime.date]


@dataclass(frozen=True, slots=True)
class Synonym:
    """What customers type in the search, and the words of the guarantees that they mean by it."""

    place: Place
    say: tuple[str, ...]
    means: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Wording:
    """Words a guarantee must not use, why, and what to write instead."""

    id: str
    place: Place
    pattern: re.Pattern[str]
    unless: re.Pattern[str] | None
    level: str
    audience: str
    basis: str
    instead: str
    bad: tuple[str, ...]
    good: tuple[str, ...]

    def found(self, text: str) -> Iterator[re.Match[str]]:
        """Yield the places in *text* that use the words, but those inside a longer harmless phrase."""
        for match in self.pattern.finditer(text):
            if not self._spared(match, text):
                yield match

    def _spared(self, match: re.Match[str], text: str) -> bool:
        spans = (spare.span() for spare in self.unless.finditer(text)) if self.unless else ()
        return any(low <= match.start() and match.end() <= high for low, high in spans)
