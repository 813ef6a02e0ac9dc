"""The promises of several companies as a workbook (ISO/IEC 29500), to be sorted and marked by hand."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.properties import PageSetupProperties

from pledge.sheets import grid
from pledge.table import WORDS, rows
from pledge.verdict import BETTER, WEAKER

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

    from pledge.table import Table

_COLOURS = {WORDS[BETTER]: "E2F0E4", WORDS[WEAKER]: "FBE5E0"}
_HEAD = "1D3557"
_LABEL, _VALUE = 44, 24
"""The widths of the columns in characters."""


def workbook(made: Table) -> bytes:
    """Return the table as an .xlsx file; what is better than the base is green, what is weaker red."""
    book = Workbook()
    book.remove(book.worksheets[0])
    sheet: Worksheet = book.create_sheet("承诺对照")
    for number, row in enumerate(rows(made), 1):
        for column, text in enumerate(row, 1):
            cell = sheet.cell(number, column)
            cell.value, cell.data_type = text, "s"
            cell.alignment = Alignment(wrap_text=True, vertical="top")
    _dress(sheet, made)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def _dress(sheet: Worksheet, made: Table) -> None:
    widths = [_LABEL, *[_VALUE] * len(made.names)]
    for column, width in enumerate(widths, 1):
        sheet.column_dimensions[get_column_letter(column)].width = width
    for number, row in enumerate(rows(made), 1):
        sheet.row_dimensions[number].height = grid.height(row, widths)
    for cell in sheet[1]:
        cell.font, cell.fill = Font(bold=True, color="FFFFFF"), PatternFill("solid", fgColor=_HEAD)
    for number, line in enumerate(made.lines, 2):
        for column, standing in enumerate(line.standings, 2):
            if standing in _COLOURS:
                sheet.cell(number, column).fill = PatternFill("solid", start_color=_COLOURS[standing])
    sheet.freeze_panes = "B2"
    sheet.auto_filter.ref = sheet.dimensions
    sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", sheet.PAPERSIZE_A4
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.page_setup.fitToHeight = 0
    sheet.print_title_rows = "1:1"
