"""Workbooks as a person leaves them: exported, changed cell by cell, and read back."""

from __future__ import annotations

import difflib
from io import BytesIO
from typing import TYPE_CHECKING, Any

import openpyxl

from pledge import project as project_module
from pledge.sheets.cells import read_sheets
from pledge.sheets.merging import Plan, plan
from pledge.sheets.reading import read
from pledge.sheets.writing import workbook

if TYPE_CHECKING:
    import datetime
    from collections.abc import Callable
    from pathlib import Path

    from openpyxl import Workbook


def exported(root: Path, today: datetime.date, *names: str) -> bytes:
    """Return the workbook of companies of the project at *root*."""
    project = project_module.load(root)
    return workbook(project, [project.company(name) for name in names], today)


def edited(data: bytes, change: Callable[[Workbook], object]) -> bytes:
    """Return a workbook after *change* and as openpyxl saves it."""
    book = openpyxl.load_workbook(BytesIO(data))
    change(book)
    made = BytesIO()
    book.save(made)
    return made.getvalue()


def set_cells(book: Workbook, cells: dict[str, Any]) -> None:
    """Write into cells named `sheet!cell` as the cases of sheets.yml say."""
    for name, content in cells.items():
        title, _, at = name.partition("!")
        cell = book[title][at]
        told = content if isinstance(content, dict) else {"value": content}
        cell.value = next((told[key] for key in ("value", "formula", "error") if key in told), None)
        if "error" in told:
            cell.data_type = "e"
        if "format" in told:
            cell.number_format = told["format"]


def planned(root: Path, data: bytes, today: datetime.date) -> Plan:
    """Return what a workbook would change in the project at *root*."""
    project = project_module.load(root)
    return plan(project, read(read_sheets(data), project.catalogue), today)


def changed_lines(before: str, after: str) -> list[str]:
    """Return the lines that differ, with - and + before them."""
    lines = difflib.unified_diff(before.splitlines(), after.splitlines(), n=0, lineterm="")
    return [line for line in lines if line[:2] not in {"--", "++", "@@"}]


def fill(book: Workbook, company: str, blank: str, value: str | float) -> str:
    """Write the value of a blank of one of several companies, and return the name of its cell."""
    for sheet in book.worksheets[1:-1]:
        for row in sheet.iter_rows(min_row=5):
            texts = [cell.value for cell in row]
            if blank in texts and str(texts[0]).endswith(f"（{company}）"):
                row[2].value = value
                return f"工作表“{sheet.title}”{row[2].coordinate}"
    raise LookupError(blank)
