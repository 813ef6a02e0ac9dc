"""What a copy of a released text has to say: its blocks and what paper adds, without white space."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from itertools import pairwise
from typing import TYPE_CHECKING

from pledge.copies.copied import bare
from pledge.render import DEAL_GAP
from pledge.transcript import TABLE, TITLE, numbered

if TYPE_CHECKING:
    from pledge.export.paper import Paper
    from pledge.transcript import Block

_GAP = re.compile(rf"〔([^〔〕：]+)：{DEAL_GAP}〕")


@dataclass(frozen=True, slots=True)
class Stretch:
    """A clause, a row or a line: where it stands, how it is shown, and its part of the expected text.

    The first `number` characters of its part are the number by which `place` calls it. In `shown` white space
    and the joints of cells stand between the characters that are compared.
    """

    place: str
    shown: str
    start: int
    end: int
    number: int = 0

    @property
    def said(self) -> str:
        """Its part of the expected text."""
        return bare("".join(self.shown.split("｜")))


@dataclass(frozen=True, slots=True)
class Gap:
    """What a contract fills in: the label of the blank, and where the gap stands in the expected text."""

    label: str
    start: int
    end: int


@dataclass(slots=True)
class Expected:
    """The whole expected text, its stretches, and its gaps for a contract."""

    text: str = ""
    stretches: list[Stretch] = field(default_factory=list)
    gaps: list[Gap] = field(default_factory=list)

    def add(self, place: str, *cells: str, number: str = "") -> None:
        """Add a stretch of one or more cells."""
        shown, said = "｜".join(cells), bare("".join(cells))
        if not said:
            return
        start = len(self.text)
        self.text += said
        self.stretches.append(Stretch(place, shown, start, len(self.text), len(bare(number))))
        self.gaps += [Gap(gap[1], start + gap.start(), start + gap.end()) for gap in _GAP.finditer(said)]

    def atoms(self) -> list[tuple[int, int]]:
        """Return the parts that can be looked for in a copy: numbers, words, and what stands between gaps."""
        spans = [(part.start, part.start + part.number) for part in self.stretches]
        spans += [(part.start, part.end) for part in self.stretches]
        spans += [(gap.start, gap.end) for gap in self.gaps]
        edges = sorted({edge for span in spans for edge in span})
        gaps = {gap.start for gap in self.gaps}
        return [(start, end) for start, end in pairwise(edges) if start not in gaps]


def expected(paper: Paper, said: str, *, plain: bool) -> Expected:
    """Return what a copy of *paper* says; a *plain* one need not have what only paper adds.

    Of what may be there or not, that is expected which stands in *said*.
    """
    made = Expected()
    subtitle = "" if plain and bare(paper.subtitle) not in said else paper.subtitle
    place = "开头"
    for block, named in zip(paper.blocks, numbered(paper.blocks), strict=True):
        place = named.number or place if block.is_clause else "签署栏" if block.is_signature else place
        _add(made, block, place)
        if block.kind == TITLE:
            made.add("版本行", subtitle)
    for line in paper.proof:
        if not plain or bare(line) in said:
            made.add("文末", line)
    return made


def _add(made: Expected, block: Block, place: str) -> None:
    words = "".join(block.said)
    if block.kind != TABLE:
        made.add("标题" if block.kind == TITLE else place, words, number=block.number)
        return
    where = "签署栏" if block.is_signature else f"表格“{block.text}”"
    made.add(where, words)
    for row in block.rows:
        made.add(where, *row)


def heads(paper: Paper) -> list[str]:
    """Return the heads of the tables of *paper*, which are repeated at the top of a page."""
    return [bare("".join(block.rows[0])) for block in paper.blocks if block.rows and any(block.rows[0])]
