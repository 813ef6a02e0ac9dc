"""The cells of an XLSX file as they are stored, from whatever program saved it.

Read as a stream of events within limits: formulas are seen as formulas, a cell far away costs nothing, and a
hostile file gives a message. Form: ECMA-376 Part 1, 18 (SpreadsheetML).
"""

from __future__ import annotations

import datetime
import math
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from openpyxl.styles.numbers import BUILTIN_FORMATS, is_date_format
from openpyxl.utils import column_index_from_string, get_column_letter

from pledge.packed import BrokenError, Events, LargeError, LockedError, Package, opened, tell

if TYPE_CHECKING:
    from collections.abc import Mapping

MAX_BYTES = 20_000_000
MAX_CELLS = 400_000
MAX_SHEETS = 200

TEXT, NUMBER, PERCENT, DATE, FORMULA, ODD = "text", "number", "percent", "date", "formula", "odd"
"""What a cell holds: ODD is an error or a truth value."""

_SPACES = {
    "http://schemas.openxmlformats.org/spreadsheetml/2006/main",
    "http://purl.oclc.org/ooxml/spreadsheetml/main",
}
_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_REFERENCE = re.compile(r"([A-Z]{1,3})([1-9][0-9]{0,6})")
_ESCAPE = re.compile(r"_x([0-9A-Fa-f]{4})_")
# Formats that only a Chinese Excel has built in (ECMA-376 Part 1, 18.8.30): all are dates.
_CHINESE_DATES = {*range(27, 37), *range(50, 59)}
_FIRST_DAY, _LAST_DAY = 61, 2_958_465  # before, Excel counts a 29 February 1900 that never was

BROKEN = "不完整或者已损坏，打不开；用 Excel 或者 WPS 打开后另存为 .xlsx，或者重新导出"
_STRANGE = "不是 Excel 文件；填写 pledge sheet export 写出的 .xlsx 文件"
_LOCKED = "加了密码，或者是旧的 .xls 格式；去掉密码，另存为 .xlsx"
_LARGE = "解开以后太大，不是 pledge sheet export 写出的文件；重新导出再填"
_MACROS = "带有宏；另存为不带宏的 .xlsx"


class SheetError(Exception):
    """A file that is no workbook of ours; the message says why and the way out, in Chinese."""


@dataclass(frozen=True, slots=True)
class Cell:
    """What a cell holds: the kind, and its text, its number in digits, or the date in ISO 8601."""

    kind: str
    text: str


@dataclass(slots=True)
class Sheet:
    """A sheet: its title, its filled cells by row and column, and the ranges that are merged."""

    title: str
    cells: dict[tuple[int, int], Cell] = field(default_factory=dict)
    merged: list[str] = field(default_factory=list)

    def text(self, row: int, column: int) -> str:
        """Return the text of a cell, or nothing for a number or an empty cell."""
        cell = self.cells.get((row, column))
        return cell.text.strip() if cell and cell.kind == TEXT else ""


def named(row: int, column: int) -> str:
    """Return the name of a cell: `C5`."""
    return f"{get_column_letter(column)}{row}"


def position(name: str) -> tuple[int, int]:
    """Return row and column of a cell by its name. Raises BrokenError."""
    match = _REFERENCE.fullmatch(name)
    if not match:
        raise BrokenError
    return int(match[2]), column_index_from_string(match[1])


def read_sheets(data: bytes) -> list[Sheet]:
    """Return the sheets of the workbook *data* in their order. Raises SheetError."""
    if not data.strip():
        raise SheetError("里什么也没有；重新导出一份")
    if data.startswith(_OFFICE):
        raise SheetError(_LOCKED)
    if not data.startswith(b"PK"):
        raise SheetError(_STRANGE)
    try:
        with opened(data) as package:
            return _sheets(package)
    except LargeError as error:
        raise SheetError(_LARGE) from error
    except BrokenError as error:
        raise SheetError(BROKEN) from error
    except LockedError as error:
        raise SheetError(_LOCKED) from error


def _sheets(package: Package) -> list[Sheet]:
    main = next((target for _, kind, target in package.links("") if kind == "officeDocument"), "")
    if any(name.endswith(("vbaproject.bin", "vbadata.xml")) for name in package.names):
        raise SheetError(_MACROS)
    book = _Book()
    tell(package.part(main), book)
    if not book.found:
        raise SheetError(_STRANGE)
    if len(book.found) > MAX_SHEETS:
        raise LargeError
    links = {key: (kind, target) for key, kind, target in package.links(main)}
    strings, styles = _Strings(), _Styles()
    for kind, target in links.values():
        if kind in {"sharedStrings", "styles"}:
            tell(package.part(target), strings if kind == "sharedStrings" else styles)
    read = _Read(strings.found, styles.formats(), later=book.later)
    return [_sheet(package, title, links.get(key, ("", "")), read) for title, key in book.found]


def _sheet(package: Package, title: str, link: tuple[str, str], read: _Read) -> Sheet:
    sheet = Sheet(title)
    if link[0] == "worksheet":
        tell(package.part(link[1]), _Cells(sheet, read))
    return sheet


def _local(tag: str) -> str:
    space, _, name = tag.removeprefix("{").rpartition("}")
    return name if space in _SPACES else ""


class _Book(Events):
    """Finds the sheets by title and link, and whether dates are counted from 1904."""

    def __init__(self) -> None:
        self.found: list[tuple[str, str]] = []
        self.later = False

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        name = _local(tag)
        if name == "sheet":
            key = next((value for name, value in attributes.items() if name.endswith("}id")), "")
            self.found.append((attributes.get("name", ""), key))
        elif name == "workbookPr":
            self.later = attributes.get("date1904") in {"1", "true"}


class _Told(Events):
    """Collects the words between the tags of texts; how a word is pronounced is no part of it."""

    def __init__(self) -> None:
        self._telling = 0
        self._aside = 0
        self._words: list[str] = []

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:  # noqa: ARG002  the others use them
        name = _local(tag)
        self._aside += name == "rPh"
        self._telling += name in {"t", "v"}

    def end(self, tag: str) -> None:
        name = _local(tag)
        self._aside -= name == "rPh"
        self._telling -= name in {"t", "v"}

    def data(self, text: str) -> None:
        if self._telling and not self._aside:
            self._words.append(text)

    def told(self) -> str:
        """Return the words since the last time."""
        text, self._words = "".join(self._words), []
        return text


class _Strings(_Told):
    """Finds the texts that cells share."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def end(self, tag: str) -> None:
        super().end(tag)
        if _local(tag) == "si":
            self.found.append(_unescaped(self.told()))


class _Styles(Events):
    """Finds the number format of each style of cells."""

    def __init__(self) -> None:
        self._own: dict[str, str] = {}
        self._used: list[str] = []
        self._cells = False

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        name = _local(tag)
        if name == "numFmt":
            self._own[attributes.get("numFmtId", "")] = attributes.get("formatCode", "")
        elif name == "cellXfs":
            self._cells = True
        elif name == "xf" and self._cells:
            self._used.append(attributes.get("numFmtId", "0"))

    def end(self, tag: str) -> None:
        if _local(tag) == "cellXfs":
            self._cells = False

    def formats(self) -> list[str]:
        """Return what a number of each style is: a number, a percentage or a date."""
        return [self._kind(number) for number in self._used]

    def _kind(self, number: str) -> str:
        code = self._own.get(number) or BUILTIN_FORMATS.get(int(number), "General")
        if "%" in re.sub(r'"[^"]*"|\\.', "", code):
            return PERCENT
        return DATE if int(number) in _CHINESE_DATES or is_date_format(code) else NUMBER


class _Read:
    """How the cells of a workbook are read: by its texts, its formats, and its first day."""

    def __init__(self, strings: list[str], formats: list[str], *, later: bool) -> None:
        self.left = MAX_CELLS
        self._strings = strings
        self._formats = formats
        self._since = datetime.date(1904, 1, 1) if later else datetime.date(1899, 12, 30)

    def cell(self, kind: str, style: str, text: str) -> Cell:
        """Return a cell from its type, its style and what it stores. Raises BrokenError."""
        if kind == "s":
            index = int(text)
            if not 0 <= index < len(self._strings):
                raise BrokenError
            return Cell(TEXT, self._strings[index])
        if kind in {"inlineStr", "str"}:
            return Cell(TEXT, _unescaped(text))
        if kind in {"b", "e"}:
            return Cell(ODD, {"1": "TRUE", "0": "FALSE"}.get(text, text))
        if kind == "d":
            return Cell(DATE, text)
        return self._number(style, float(text))

    def _number(self, style: str, number: float) -> Cell:
        index = int(style or "0")
        kind = self._formats[index] if 0 <= index < len(self._formats) else NUMBER
        if not math.isfinite(number):
            raise BrokenError
        if kind == DATE and number % 1 == 0 and _FIRST_DAY <= number <= _LAST_DAY:
            return Cell(DATE, (self._since + datetime.timedelta(days=int(number))).isoformat())
        return Cell(kind, repr(number).removesuffix(".0"))


class _Cells(_Told):
    """Puts the filled cells of a sheet into it."""

    def __init__(self, sheet: Sheet, read: _Read) -> None:
        super().__init__()
        self._sheet = sheet
        self._read = read
        self._at = (0, 0)
        self._kind = self._style = ""
        self._formula = False

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        super().start(tag, attributes)
        name = _local(tag)
        if name == "row":
            self._at = (int(attributes.get("r", self._at[0] + 1)), 0)
        elif name == "c":
            self.told()
            there = attributes.get("r")
            self._at = position(there) if there else (self._at[0], self._at[1] + 1)
            self._kind, self._style = attributes.get("t", ""), attributes.get("s", "")
            self._formula = False
        elif name == "f":
            self._formula = True
        elif name == "mergeCell":
            self._sheet.merged.append(attributes.get("ref", ""))

    def end(self, tag: str) -> None:
        super().end(tag)
        if _local(tag) == "c":
            self._take(self.told())

    def _take(self, text: str) -> None:
        self._read.left -= 1
        if self._read.left < 0:
            raise LargeError
        if self._formula:
            self._sheet.cells[self._at] = Cell(FORMULA, text)
        elif text.strip():
            cell = self._read.cell(self._kind, self._style, text)
            if cell.text.strip():
                self._sheet.cells[self._at] = cell


def _unescaped(text: str) -> str:
    """Return *text* with the characters that Excel writes by their numbers (ECMA-376 Part 1, 22.9.2.19)."""
    return _ESCAPE.sub(lambda match: chr(int(match[1], 16)), text)


def escaped(text: str) -> str:
    """Return *text* so that Excel reads it as it is."""
    return re.sub(r"_(?=x[0-9A-Fa-f]{4}_)", "_x005F_", text)
