"""The promises of several companies side by side, in units that can be compared at a glance."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from itertools import chain, zip_longest
from typing import TYPE_CHECKING

from pledge.printed import worded
from pledge.quantity import FAMILIES, Quantity
from pledge.transcript import escaped
from pledge.verdict import BETTER, SAME, UNCLEAR, WEAKER, verdict

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pledge.company import Company
    from pledge.entries import Blank
    from pledge.project import Project
    from pledge.typed import Value

NONE = "未承诺"
WORDS = {BETTER: "更好", WEAKER: "较差", SAME: ""}
"""What a promise is to the customer beside that of the base; all other verdicts are 不同."""
OTHER = "不同"
_NEVER = "周"
"""Weeks are shown as days, as the law counts them."""
_LABEL, _CELL = 36, 24
"""How many columns of a terminal the name of a promise and each company may take."""
_OPENING, _CLOSING = "（《“", "，、。；：）》”"


@dataclass(frozen=True, slots=True)
class Line:
    """A promise: what it is, and for each company the text and how it stands to the base, or nothing."""

    label: str
    texts: tuple[str, ...]
    standings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Table:
    """Promises by company; the first column is the base where there is one, which has no standing."""

    names: tuple[str, ...]
    lines: tuple[Line, ...]
    has_base: bool = False

    def those(self, place: int, standing: str) -> list[str]:
        """Return the labels of the promises that have *standing* in the column *place*."""
        return [line.label for line in self.lines if line.standings[place] == standing]


def table(project: Project, companies: Sequence[Company], base: Company | None = None) -> Table:
    """Return what *companies* promise, in the order of the catalogue, with *base* first where it is given."""
    shown = [*([base] if base else []), *companies]
    spoken = [_spoken(project, company) for company in shown]
    lines = [
        line
        for blank in project.catalogue.blanks.values()
        if not blank.deal and (blank.better != "none" or blank.kind == "table")
        for line in _lines(blank, [values.get(blank.id) for values in spoken], judged=base is not None)
    ]
    return Table(tuple(_names(shown)), tuple(lines), base is not None)


def _names(shown: Sequence[Company]) -> Iterator[str]:
    """Yield what each company is called, with its id where another one is called the same."""
    names = [company.text("company.short_name") or company.text("company.name") for company in shown]
    for name, company in zip(names, shown, strict=True):
        yield f"{name}（{company.id}）" if names.count(name) > 1 or not name else name


def _spoken(project: Project, company: Company) -> dict[str, Value]:
    """Return the values that a page of the company prints: others are no promise."""
    printed = {name for page in project.published(company) for name in page.printed(company.values)}
    return {name: value for name, value in company.values.items() if name in printed}


def _lines(blank: Blank, values: Sequence[Value | None], *, judged: bool) -> Iterator[Line]:
    if not any(values):
        return
    if blank.kind != "table":
        yield _line(blank, blank.label, values, judged=judged)
        return
    tables = [{row[blank.key].text: row for row in value.data} if value else {} for value in values]
    for key in dict.fromkeys(key for rows in tables for key in rows):
        for name, column in blank.columns.items():
            cells = [rows.get(key, {}).get(name) for rows in tables]
            if column.better != "none" and any(cells):
                yield _line(column, f"{blank.label}：{key}，{column.label}", cells, judged=judged)


def _line(blank: Blank, label: str, values: Sequence[Value | None], *, judged: bool) -> Line:
    if not judged:
        return Line(label, tuple(_texts(values)))
    found = (WORDS.get(_judged(blank, values[0], value), OTHER) for value in values)
    return Line(label, tuple(_texts(values)), tuple(found))


def _judged(blank: Blank, base: Value | None, value: Value | None) -> str:
    """Return how *value* stands to that of *base*.

    Who has none of the conditions of a promise may not make the promise either, so that is never better.
    """
    lacking = (base is None) != (value is None)
    return UNCLEAR if lacking and blank.better in {"subset", "absent"} else verdict(blank, base, value)


def _texts(values: Sequence[Value | None]) -> Iterator[str]:
    """Yield each value, all in one unit where that changes no amount."""
    unit = _common([value.data for value in values if value])
    for value in values:
        if value is None:
            yield NONE
        else:
            yield str(_in(value.data, unit)) if unit else worded(value)


def _common(amounts: Sequence[object]) -> str:
    """Return the largest unit in which every one of *amounts* is whole, or nothing."""
    quantities = [amount for amount in amounts if isinstance(amount, Quantity)]
    families = {amount.base[0] for amount in quantities}
    if len(quantities) != len(amounts) or len(families) != 1 or not families <= set(_UNITS):
        return ""
    units = (unit for unit in _UNITS[families.pop()] if all(_is_whole(amount, unit) for amount in quantities))
    return next(units, "")


def _is_whole(amount: Quantity, unit: str) -> bool:
    return amount.base[1] % FAMILIES[unit][1] == 0


def _in(amount: Quantity, unit: str) -> Quantity:
    return Quantity(amount.base[1] / FAMILIES[unit][1], unit)


def _units() -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for unit, (family, _) in sorted(FAMILIES.items(), key=lambda pair: -pair[1][1]):
        if unit != _NEVER:
            found.setdefault(family, []).append(unit)
    return found


_UNITS = _units()
"""The units of each family, the largest first."""


def rows(made: Table) -> list[list[str]]:
    """Return the table as rows of text, the heads first; a standing follows its promise in brackets."""
    first, *others = made.names
    heads = ["承诺", f"{first}（基准）" if made.has_base else first, *others]
    return [heads, *([line.label, *_cells(line)] for line in made.lines)]


def _cells(line: Line) -> Iterator[str]:
    standings = line.standings or ("",) * len(line.texts)
    for text, standing in zip(line.texts, standings, strict=True):
        yield f"{text}（{standing}）" if standing else text


def summary(made: Table) -> list[str]:
    """Return for each company beside the base how it stands, and where, a sentence each."""
    found = []
    for place, name in enumerate(made.names[1:], 1):
        for standing in (WORDS[BETTER], WORDS[WEAKER]):
            labels = made.those(place, standing)
            where = f"：{'、'.join(labels)}" if labels else ""
            found.append(f"{name}{standing}的有{len(labels)}项{where}。")
    return found


def as_text(made: Table) -> str:
    """Return the table for a terminal, its columns aligned: a Chinese character is two columns wide."""
    folded = [_lines_of(row) for row in rows(made)]
    widths = [max(map(_width, column)) for column in zip(*chain.from_iterable(folded), strict=True)]
    head, *others = (["  ".join(map(_padded, line, widths)).rstrip() for line in lines] for lines in folded)
    rule = "  ".join("─" * width for width in widths)
    told = ["", *summary(made)] if made.has_base else []
    return "\n".join([*head, rule, *chain.from_iterable(others), *told])


def _lines_of(row: Sequence[str]) -> list[tuple[str, ...]]:
    """Return the lines in which a terminal shows *row*, long cells folded."""
    label, *cells = row
    return list(zip_longest(_folded(label, _LABEL), *(_folded(cell, _CELL) for cell in cells), fillvalue=""))


def _folded(text: str, room: int) -> list[str]:
    """Return *text* in lines of about *room* columns; none begins or ends with a sign that should not."""
    lines = [""]
    for each in text:
        if _width(lines[-1] + each) > room and each not in _CLOSING:
            kept = lines[-1].rstrip(_OPENING)
            lines[-1:] = [kept, lines[-1][len(kept) :]]
        lines[-1] += each
    return lines


def _padded(text: str, width: int) -> str:
    return text + " " * (width - _width(text))


def _width(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(each) in "WFA" else 1 for each in text)


def as_markdown(made: Table) -> str:
    """Return the table as Markdown (GitHub Flavored Markdown, 4.10)."""
    found = [[escaped(cell) for cell in row] for row in rows(made)]
    rule = ["---"] * len(found[0])
    lines = [f"| {' | '.join(row)} |" for row in (found[0], rule, *found[1:])]
    return "\n".join([*lines, *(["", *map(escaped, summary(made))] if made.has_base else [])])
