"""How the cells of a workbook look: what may be filled in is yellow and open, the rest is locked."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING

from openpyxl.cell import Cell
from openpyxl.formatting.rule import FormulaRule
from openpyxl.styles import Alignment, Border, Font, PatternFill, Protection, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.properties import PageSetupProperties

from pledge.quantity import Quantity, plain
from pledge.sheets import layout
from pledge.sheets.cells import SheetError, escaped

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from openpyxl.worksheet.worksheet import Worksheet

    from pledge.entries import Blank
    from pledge.typed import Value

GREY, WHITE, BLACK = "6B6B6B", "FFFFFF", "000000"
LINE = 15.5
"""The height of a line in points."""
_FONT, _SIZE, _INK = "宋体", 11, "1D3557"
# Of Excel: characters in a list to pick from and in a cell, digits of a number.
_LIST_LIMIT, _LONGEST, _DIGITS = 255, 32_767, 15
_OPEN = PatternFill("solid", fgColor="FFF9DB")
_HEAD = PatternFill("solid", fgColor=_INK)
_MISSING = PatternFill("solid", bgColor="F8CBAD")
_LINED = Side("thin", color="BFBFBF")
_EDGE = Border(left=_LINED, right=_LINED, top=_LINED, bottom=_LINED)
_LEFT = Alignment("left", "center", wrap_text=True, indent=1)
_CENTRED = Alignment("center", "center", wrap_text=True)


def cell(sheet: Worksheet, row: int, column: int) -> Cell:
    """Return a cell, which no merged range covers."""
    found = sheet.cell(row, column)
    assert isinstance(found, Cell)  # noqa: S101  only the note above the head is merged
    return found


def put(there: Cell, text: str, color: str = BLACK, size: float = _SIZE, *, bold: bool = False) -> None:
    """Put *text* into a cell as text, whatever it begins with. Raises SheetError where no cell holds it."""
    if len(escaped(text)) > _LONGEST:
        raise SheetError(f"“{text[:20]}…”太长，Excel 的一格放不下；这一项在变量文件里改，先删短再导出")
    there.value = escaped(text) or None
    if text:
        there.data_type = "s"
    there.font = Font(_FONT, size, bold=bold, color=color)
    there.alignment = _LEFT if size == _SIZE else Alignment(vertical="center")  # a title runs on


def head(there: Cell, text: str) -> None:
    """Put the head of a column into a cell."""
    put(there, text, WHITE, bold=True)
    there.fill, there.alignment, there.border = _HEAD, _CENTRED, _EDGE


def fixed(there: Cell, text: str, color: str = BLACK) -> None:
    """Put *text* that is not to be changed into a cell of the grid."""
    put(there, text, color)
    there.border = _EDGE


def opened(there: Cell, text: str = "") -> None:
    """Let a cell of the grid be filled in, with *text* in it."""
    fixed(there, text)
    there.fill, there.protection = _OPEN, Protection(locked=False)


def fill(there: Cell, blank: Blank, value: Value | None) -> None:
    """Put a value into a cell that may be changed: an amount as a number, a date as a date, else text."""
    data = value.data if value else None
    opened(there)
    if isinstance(data, Quantity):
        number = plain(data.number)
        if len(number) > _DIGITS:
            opened(there, number)
        else:
            there.value = float(number) if "." in number else int(number)
    elif isinstance(data, datetime.date):
        there.value = data
    elif value:
        opened(there, "\n".join(value.data) if blank.kind == "list" else str(data))
    if blank.units:
        there.alignment = Alignment("right", "center", indent=1)
    elif blank.kind == "date":
        there.number_format, there.alignment = "yyyy-mm-dd", _LEFT
    else:
        there.number_format = "@"


def fill_unit(there: Cell, blank: Blank, value: Value | None) -> None:
    """Put the unit of a value into a cell; where there is no choice it stands ready and locked."""
    unit = value.data.unit if value and isinstance(value.data, Quantity) else ""
    if len(blank.units) > 1:
        opened(there, unit)
    else:
        fixed(there, unit or "".join(blank.units))
    there.alignment = _CENTRED


def keys(sheet: Worksheet, found: Iterable[str]) -> None:
    """Write the hidden row that says what each column holds."""
    for column, key in enumerate(found, 1):
        put(cell(sheet, layout.KEY_ROW, column), key)
    sheet.row_dimensions[layout.KEY_ROW].hidden = True


def pick(sheet: Worksheet, options: Sequence[str], column: int, first: int, last: int) -> None:
    """Let the cells be picked from *options*, where Excel can hold the list (255 characters)."""
    shown = ",".join(options)
    if len(shown) > _LIST_LIMIT or any("," in option or '"' in option for option in options):
        return
    letter = get_column_letter(column)
    check = DataValidation("list", formula1=f'"{shown}"', allow_blank=True, showErrorMessage=True)
    check.errorTitle, check.error = "不在列表中", f"只能写：{shown}"[:225]
    check.add(f"{letter}{first}:{letter}{last}")
    sheet.add_data_validation(check)


def missed(sheet: Worksheet, there: Cell) -> None:
    """Colour a cell as long as it is empty."""
    empty = FormulaRule(formula=[f"LEN(TRIM({there.coordinate}))=0"], fill=_MISSING)
    sheet.conditional_formatting.add(there.coordinate, empty)


def height(texts: Iterable[str], widths: Iterable[float]) -> float:
    """Return how high a row is that shows *texts* in columns of *widths*."""
    return LINE * max(map(_lines, texts, widths)) + 5


def _lines(text: str, width: float) -> int:
    room = max(2, int(width - 4))
    return sum(max(1, -(-halves(line) // room)) for line in text.split("\n"))


def halves(text: str) -> int:
    """Return how wide *text* is, in halves of a Chinese character."""
    return sum(1 if char.isascii() else 2 for char in text)


def finish(sheet: Worksheet, columns: int, rows: int) -> None:
    """Lock a sheet and have it printed on A4 across, as wide as the page, the head on every page.

    There is no password: it keeps from mistakes, not from intent.
    """
    lock = sheet.protection
    lock.sheet = True
    lock.formatColumns = lock.formatRows = lock.autoFilter = lock.insertRows = False
    sheet.print_area = f"A1:{get_column_letter(columns)}{rows}"
    sheet.print_title_rows = f"{layout.HEAD_ROW}:{layout.HEAD_ROW}"
    sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", 9
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    margins = sheet.page_margins
    margins.left = margins.right = 0.5
    margins.top, margins.bottom, margins.footer = 0.6, 0.9, 0.4
    if sheet.oddFooter:
        sheet.oddFooter.center.text = "&A　第 &P 页 共 &N 页"
    sheet.sheet_view.showGridLines = False
