"""Workbooks as a person leaves them: exported, changed cell by cell, and read back."""

from __future__ import annotations

import difflib
import zipfile
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
    from collections.abc import Callable, Iterable
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


def packed(parts: dict[str, bytes]) -> bytes:
    """Return a zip file of *parts*."""
    made = BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as file:
        for name, data in parts.items():
            file.writestr(name, data)
    return made.getvalue()


SPACES = (
    "http://schemas.openxmlformats.org/spreadsheetml/2006/main",
    "http://purl.oclc.org/ooxml/spreadsheetml/main",
)
"""The names that elements have in a workbook, and in one saved as Strict Open XML."""
_LINKS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
_CELLS = """
<row r="1"><c r="A1" t="s"><v>0</v></c><c t="s"><v>1</v></c><c r="C1"><v>2.5</v></c>
  <c r="D1" s="1"><v>0.5</v></c></row>
<row><c s="2"><v>46357</v></c><c r="B2" s="3"><v>46357</v></c><c r="C2" s="4"><v>0.5</v></c>
  <c r="D2" s="5"><v>46357</v></c><c r="E2" s="2"><v>46357.5</v></c>
  <c r="F2" t="d"><v>2026-12-01</v></c></row>
<row r="3"><c r="A3" t="str"><f>"a"</f><v>a</v></c><c r="B3" t="b"><v>1</v></c><c r="C3" t="e"><v>#N/A</v></c>
  <c r="D3" t="inlineStr"><is><t>_x0041_</t></is></c><c r="E3" s="2"><v>60</v></c><c r="F3" s="2"/></row>
"""
_STRINGS = """
<si><t>甲</t><rPh sb="0" eb="1"><t>jia</t></rPh></si><si><r><t>乙</t></r><r><t>丙</t></r></si>
"""
_FORMATS = """
<numFmts><numFmt numFmtId="164" formatCode="0.0\\%"/>
  <numFmt numFmtId="165" formatCode="yyyy&quot;年&quot;"/></numFmts>
<cellStyleXfs><xf numFmtId="9"/></cellStyleXfs>
<cellXfs><xf numFmtId="0"/><xf numFmtId="9"/><xf numFmtId="14"/><xf numFmtId="31"/><xf numFmtId="164"/>
  <xf numFmtId="165"/></cellXfs>
"""


def by_hand(space: str, book: str = "") -> bytes:
    """Return a workbook as Excel and WPS write it: shared and rich texts, formats by number, dates."""
    sheets = '<sheets><sheet name="一" r:id="a"/><sheet name="图" r:id="z"/></sheets>'
    links = (("a", "worksheet", "/xl/s.xml"), ("b", "sharedStrings", "t.xml"), ("c", "styles", "f.xml"))
    parts = {
        "_rels/.rels": _linked([("a", "officeDocument", "xl/workbook.xml")]),
        "xl/workbook.xml": f'<workbook xmlns="{space}" xmlns:r="{_LINKS}">{book}{sheets}</workbook>',
        "xl/_rels/workbook.xml.rels": _linked(links),
        "xl/t.xml": f'<sst xmlns="{space}">{_STRINGS}</sst>',
        "xl/f.xml": f'<styleSheet xmlns="{space}">{_FORMATS}</styleSheet>',
        "xl/s.xml": f'<worksheet xmlns="{space}"><sheetData>{_CELLS}</sheetData></worksheet>',
    }
    return packed({name: text.encode() for name, text in parts.items()})


def _linked(links: Iterable[tuple[str, str, str]]) -> str:
    told = "".join(
        f'<Relationship Id="{key}" Type="{_LINKS}/{kind}" Target="{target}"/>' for key, kind, target in links
    )
    return f'<Relationships xmlns="{_PACKAGE}">{told}</Relationships>'
