"""What one contract may fill in where the public text has a gap: a value of the blank's kind, and no more."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pledge.copies.copied import bare
from pledge.kinds import KINDS, MisreadError
from pledge.printed import capitals

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from pledge.catalogue import Catalogue
    from pledge.copies.expected import Gap
    from pledge.entries import Blank

# No sentence ends inside a value: so no clause can hide in one.
_WORDS = "[^。！？〔〕]{1,120}?"
_DATE = r"\d{4}年\d{1,2}月\d{1,2}日"
_MONEY = r"\d[\d.]*(?:万元|元)"
_CAPITALS = "人民币[零壹贰叁肆伍陆柒捌玖拾佰仟万亿元角分整]+"


class Contract:
    """The blanks of a contract by label, as the catalogue has them now."""

    def __init__(self, catalogue: Catalogue) -> None:
        blanks = [blank for blank in catalogue.blanks.values() if blank.deal]
        self._blanks = {bare(blank.label): blank for blank in blanks}

    @property
    def heads(self) -> list[str]:
        """The heads of the tables that a contract fills in, which may be repeated at the top of a page."""
        return [_head(blank) for blank in self._blanks.values() if blank.columns]

    def filled(
        self, text: str, start: int, end: int, gaps: Sequence[Gap], actual: str
    ) -> list[tuple[Gap, str]] | None:
        """Return what *actual* fills into the *gaps* of a part of the text, or None where it says more.

        What is left open is not among it.
        """
        found = re.fullmatch("".join(self._pattern(text, start, end, gaps)), actual)
        if not found:
            return None
        said = zip(gaps, found.groups(), strict=True)
        return [(gap, fill) for gap, fill in said if fill != text[gap.start : gap.end]]

    def _pattern(self, text: str, start: int, end: int, gaps: Iterable[Gap]) -> Iterator[str]:
        at = start
        for gap in gaps:
            yield re.escape(text[at : gap.start])
            yield f"({re.escape(text[gap.start : gap.end])}|{_value(self._blanks.get(gap.label))})"
            at = gap.end
        yield re.escape(text[at:end])

    def told(self, label: str, said: str) -> str:
        """Return a value as it is shown: of a table, its rows."""
        blank = self._blanks.get(label)
        if not blank or not blank.columns:
            return said
        rows = said.removeprefix(bare(blank.label)).removeprefix(_head(blank))
        return "；".join(match[0] for match in re.finditer(_row(blank), rows))


def agree(first: str, said: str) -> bool:
    """Whether two values of one blank agree: they are alike, or one is the other in capitals."""
    if first == said:
        return True
    try:
        return said == capitals(KINDS["money"].parse(first, KINDS["money"].units))
    except MisreadError:
        return False


def _value(blank: Blank | None) -> str:
    if blank is None:
        return _WORDS
    if blank.columns:
        return f"{re.escape(bare(blank.label) + _head(blank))}(?:{_row(blank)})+"
    return {"date": _DATE, "money": f"{_MONEY}|{_CAPITALS}"}.get(blank.kind, _WORDS)


def _row(blank: Blank) -> str:
    return "".join(_cell(column) + "?" * column.optional for column in blank.columns.values())


def _cell(column: Blank) -> str:
    pattern = (
        r"\d+" + f"(?:{'|'.join(map(re.escape, column.units))})" if column.kind == "count" else _value(column)
    )
    return f"(?:{pattern})"


def _head(blank: Blank) -> str:
    return bare("".join(column.label for column in blank.columns.values()))
