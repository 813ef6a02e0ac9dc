"""Each variant as a form to be filled by hand: for every blank a line, its unit and a small label."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pledge.article import Writer
from pledge.company import Company
from pledge.export.paper import FORM, unreleased
from pledge.printed import Printed, entities, table
from pledge.render import Filling, is_promise
from pledge.typed import Value

if TYPE_CHECKING:
    import datetime
    from collections.abc import Iterable

    from pledge.entries import Blank
    from pledge.export.paper import Paper
    from pledge.page import Page
    from pledge.project import Project

LINE = "_" * 8
BOX, TICKED = "☐", "☑"
EMPTY_ROWS = 5

# Kinds that need more room than a number does.
_LONG = {"text": 2, "url": 2, "email": 2, "hours": 2, "phone": 2, "credit_code": 3, "list": 3}
_DATE = "____年__月__日"


def blank_papers(project: Project, today: datetime.date) -> list[Paper]:
    """Return every variant as a form, in the order of their numbers, with all optional clauses."""
    writer = Writer(Form(project, today))
    return [unreleased(page, writer.article(page), FORM) for page in project.pages.values()]


class Form(Filling):
    """A filling without a company: where a value would stand, there is a line to write it on."""

    def __init__(self, project: Project, today: datetime.date) -> None:
        super().__init__(project, Company("", "", publish=tuple(project.pages)), today, dated=False)

    def _blank(self, blank: Blank) -> Printed:
        labelled = entities(f"{line(blank)}〔{blank.label}〕")
        shown = Printed(_empty_table(blank) if blank.kind == "table" else labelled)
        shown.value = _unfilled(blank)
        return shown

    def promised(self, page: Page) -> list[Value]:
        """Return what *page* promises once its blanks are filled; the values are empty."""
        blanks = (self.project.catalogue.blanks[name] for name in page.spoken)
        return [_unfilled(blank) for blank in blanks if is_promise(blank)]

    def _figure(self, value: Value) -> str:
        return entities(line(value.blank))

    def clock(self, value: Value) -> str:
        """Return by what a time is counted, for each unit that may be chosen."""
        if value.blank.kind != "duration":
            return ""
        clocks = list(dict.fromkeys(value.blank.clock(unit) for unit in value.blank.units))
        return "或者".join(part for part in ("、".join(clocks[:-1]), clocks[-1]) if part)

    def capitals(self, _shown: Printed) -> str:
        """Return a line for an amount in capitals."""
        return f"人民币{LINE * 2}"


def _unfilled(blank: Blank) -> Value:
    return Value(blank, (), blank.place)


def line(blank: Blank) -> str:
    """Return where a value of *blank* is written: underscores with its unit, or its options with boxes."""
    if blank.kind == "choice":
        return _boxes(blank.options)
    if blank.kind == "date":
        return _DATE
    if len(blank.units) > 1:
        return f"{LINE}（{_ticked(blank.units)}）"
    return LINE * _LONG.get(blank.kind, 1) + "".join(blank.units)


def _ticked(names: Iterable[str]) -> str:
    return "　".join(BOX + name for name in names)


def _boxes(options: dict[str, str]) -> str:
    """Return all options to tick; an option whose wording shows them all is enough."""
    wordings = list(dict.fromkeys(text.replace(TICKED, BOX) for text in options.values()))
    return wordings[0] if len(wordings) == 1 else _ticked(wordings)


def _empty_table(blank: Blank) -> str:
    columns = list(blank.columns.values())
    rows = [[_cell(column) for column in columns]] * EMPTY_ROWS
    return table(blank.label, [column.label for column in columns], rows)


def _cell(column: Blank) -> str:
    """Return what stands ready in a cell: the unit a number would have; a space keeps the cell open."""
    units = _ticked(column.units) if len(column.units) > 1 else "".join(column.units)
    return entities(units) or "　"
