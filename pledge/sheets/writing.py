"""The values of companies as a workbook: a sheet a topic, a sheet a table, what may be filled in yellow."""

from __future__ import annotations

import datetime
import io
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from openpyxl import Workbook
from openpyxl.formatting.rule import FormulaRule
from openpyxl.styles import Alignment, Border, Font, PatternFill, Protection, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation

from pledge.amend import said
from pledge.quantity import Quantity, plain
from pledge.sheets import layout, telling
from pledge.sheets.cells import MAX_CELLS, SheetError, escaped

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from openpyxl.cell import Cell
    from openpyxl.worksheet.worksheet import Worksheet

    from pledge.company import Company
    from pledge.entries import Blank
    from pledge.project import Project
    from pledge.typed import Value

_FONT, _INK, _GREY = "宋体", "1D3557", "7F7F7F"
_WIDTHS = {
    layout.COMPANY: 22,
    layout.LABEL: 30,
    layout.VALUE: 34,
    layout.UNIT: 9,
    layout.LAW: 34,
    layout.HELP: 58,
    layout.ID: 26,
}
_LINE = 15.5
_SPARE_ROWS = 20
_LIST_LIMIT = 255
_FORBIDDEN = re.compile(r"[\[\]:*?/\\]")
_OPEN = PatternFill("solid", fgColor="FFF9DB")
_HEAD = PatternFill("solid", fgColor=_INK)
_MISSING = PatternFill("solid", bgColor="F8CBAD")
_EDGE = Border(*[Side("thin", color="BFBFBF")] * 4)

_COVER = (
    "只填黄色的格子，其余的不用动。橙色的格子必须填写。",
    "改一项：改“值”，单位从列表里选。写“2”选“小时”，或者直接写“2小时”，都可以。",
    "删去一项：清空它的“值”，不要删除整行。表格里清空一整行，就是删去这一行；要加一行，写在下面的空行里。",
    "不要写公式，不要合并单元格；从别处复制的，用“选择性粘贴”只粘贴数值。",
    "可以用 Excel、WPS 或者 LibreOffice 填写，保存成 .xlsx。",
    "填好后交给管理项目的人，或者自己运行 pledge sheet import：先逐项列出对客户变好还是变差，确认以后才写入。",
    "有填错的地方，会一次列出是哪个工作表、哪一格，什么也不写入。",
)


def workbook(project: Project, companies: Sequence[Company], today: datetime.date) -> bytes:
    """Return a workbook with the values of *companies*, to be read back by `reading.read`.

    Raises SheetError where it would hold more cells than are read back.
    """
    writer = _Writer(project, companies, today)
    return writer.workbook()


@dataclass(frozen=True, slots=True)
class _Line:
    """A row of a topic: a company, a blank that it may fill, and whether it must."""

    company: Company
    blank: Blank
    required: bool

    @property
    def value(self) -> Value | None:
        """The company's own value."""
        return self.company.values[self.blank.id] if self.blank.id in self.company.own else None


class _Writer:
    """Writes one workbook."""

    def __init__(self, project: Project, companies: Sequence[Company], today: datetime.date) -> None:
        self.project = project
        self.companies = companies
        self.today = today
        self.book = Workbook()
        self.several = len(companies) > 1
        self.names = [layout.called(company) for company in companies]
        self.lines = [
            _Line(company, blank, blank.id in required)
            for company in companies
            for required in [telling.needed(project, company)]
            for blank in layout.offered(project, company)
        ]

    def workbook(self) -> bytes:
        """Return the whole as bytes."""
        if len(self.lines) * len(layout.HEADS) > MAX_CELLS // 2:
            raise SheetError(f"{len(self.companies)}家公司的值一个文件装不下；分几次导出，每次写明一家公司")
        self._cover()
        for topic, label in self.project.catalogue.topics.items():
            lines = [line for line in self.lines if line.blank.id.startswith(f"{topic}.")]
            self._topic(label, [line for line in lines if line.blank.kind != "table"])
            tables = {line.blank.id: line.blank for line in lines if line.blank.kind == "table"}
            for blank in tables.values():
                self._table(label, blank, [line for line in lines if line.blank is blank])
        self._index()
        made = io.BytesIO()
        self.book.save(made)
        return made.getvalue()

    def _cover(self) -> None:
        sheet = self.book.active
        sheet.title = "填写说明"
        _text(sheet.cell(1, 1), "客户售后服务承诺保障书：数值", size=16, bold=True)
        names = [company.text("company.name") or company.id for company in self.companies]
        _text(sheet.cell(2, 1), "、".join(names[:20]) + ("等" if len(names) > 20 else ""), color=_GREY)  # noqa: PLR2004
        _keys(sheet, [layout.COVER])
        for row, line in enumerate(_COVER, layout.HEAD_ROW):
            _text(sheet.cell(row, 1), f"{row - layout.KEY_ROW}. {line}")
            sheet.row_dimensions[row].height = _LINE * (1 + _halves(line) // 100) + 8
        sheet.column_dimensions["A"].width = 104
        _protect(sheet)
        _print(sheet, "A")

    def _topic(self, label: str, lines: list[_Line]) -> None:
        if not lines:
            return
        heads = {key: head for key, head in layout.HEADS.items() if self.several or key != layout.COMPANY}
        sheet = self._sheet(label, label, heads, [_WIDTHS[key] for key in heads])
        columns = {key: number for number, key in enumerate(heads, 1)}
        for row, line in enumerate(lines, layout.HEAD_ROW + 1):
            self._line(sheet, row, columns, line)
        last = layout.HEAD_ROW + len(lines)
        self._choices(sheet, columns, lines)
        head = get_column_letter(columns[layout.HELP])
        if self.several:
            sheet.auto_filter.ref = f"A{layout.HEAD_ROW}:{head}{last}"
        sheet.freeze_panes = sheet.cell(layout.HEAD_ROW + 1, columns[layout.VALUE])
        _protect(sheet)
        _print(sheet, head)

    def _line(self, sheet: Worksheet, row: int, columns: dict[str, int], line: _Line) -> None:
        day = line.company.law_date(self.today)
        told = {
            layout.COMPANY: layout.called(line.company),
            layout.LABEL: line.blank.label,
            layout.LAW: telling.limits(self.project, line.blank.id, day),
            layout.HELP: telling.told(line.blank, line.company, required=line.required),
            layout.ID: line.blank.id,
        }
        for key, text in told.items():
            if key in columns:
                _text(sheet.cell(row, columns[key]), text, color=_GREY if key == layout.ID else "000000")
        value = sheet.cell(row, columns[layout.VALUE])
        unit = sheet.cell(row, columns[layout.UNIT])
        _fill(value, line.blank, line.value)
        _unit(unit, line.blank, line.value)
        told[layout.VALUE] = str(value.value or "")
        lines = max(_lines(told[key], _WIDTHS[key]) for key in told if key in columns)
        sheet.row_dimensions[row].height = _LINE * lines + 5
        if line.required and line.blank.id not in line.company.inherited:
            empty = FormulaRule(formula=[f"LEN(TRIM({value.coordinate}))=0"], fill=_MISSING)
            sheet.conditional_formatting.add(value.coordinate, empty)

    def _choices(self, sheet: Worksheet, columns: dict[str, int], lines: list[_Line]) -> None:
        """Give each value of a choice its options and each amount its units as a list to pick from."""
        for row, line in enumerate(lines, layout.HEAD_ROW + 1):
            if line.blank.kind == "choice":
                _pick(sheet, line.blank.options, columns[layout.VALUE], row, row)
            if len(line.blank.units) > 1:
                _pick(sheet, line.blank.units, columns[layout.UNIT], row, row)

    def _table(self, topic: str, blank: Blank, lines: list[_Line]) -> None:
        heads = layout.table_heads(blank, companies=self.several)
        columns = {key: number for number, key in enumerate(heads, 1)}
        widths = [_table_width(blank, key, head) for key, head in heads.items()]
        about = "；".join(telling.told(blank, line.company, required=line.required) for line in lines[:1])
        notes = [about, *_column_notes(blank)]
        limits = telling.limits(self.project, blank.id, lines[0].company.law_date(self.today))
        notes += [f"法定标准　{limits}".replace("\n", "；")] if limits else []
        sheet = self._sheet(blank.label, f"{blank.label}（{topic}）", heads, widths, [n for n in notes if n])
        row = layout.HEAD_ROW + 1
        for line in lines:
            for values in line.value.data if line.value else ():
                _row(sheet, row, columns, blank, values, layout.called(line.company))
                sheet.row_dimensions[row].height = _row_height(sheet, row, widths)
                row += 1
        last = row + _SPARE_ROWS
        for spare in range(row, last + 1):
            _row(sheet, spare, columns, blank, {}, "")
            sheet.row_dimensions[spare].height = _LINE + 5
        self._table_choices(sheet, columns, blank, last)
        sheet.freeze_panes = sheet.cell(layout.HEAD_ROW + 1, 2 + self.several)
        _protect(sheet)
        _print(sheet, get_column_letter(len(heads)))

    def _table_choices(self, sheet: Worksheet, columns: dict[str, int], blank: Blank, last: int) -> None:
        first = layout.HEAD_ROW + 1
        if self.several:
            _pick(sheet, self.names, 1, first, last)
        for column in blank.columns.values():
            if column.kind == "choice":
                _pick(sheet, column.options, columns[layout.column_key(column)], first, last)
            if len(column.units) > 1:
                _pick(sheet, column.units, columns[layout.column_key(column, "unit")], first, last)

    def _sheet(
        self, name: str, title: str, heads: dict[str, str], widths: Sequence[float], notes: Sequence[str] = ()
    ) -> Worksheet:
        sheet = self.book.create_sheet(self._free(name))
        owner = "" if self.several else f"　{self.companies[0].text('company.name')}"
        _text(sheet.cell(1, 1), f"{title}{owner}", size=14, bold=True, wrap=False)
        note = "\n".join(notes) or "只填黄色的格子；清空“值”就是删去这一项。"
        _text(sheet.cell(2, 1), note, color=_GREY)
        sheet.merge_cells(start_row=2, end_row=2, start_column=1, end_column=len(heads))
        sheet.row_dimensions[1].height = 26
        sheet.row_dimensions[2].height = _LINE * _lines(note, sum(widths)) + 5
        _keys(sheet, heads)
        for column, (head, width) in enumerate(zip(heads.values(), widths, strict=True), 1):
            cell = sheet.cell(layout.HEAD_ROW, column)
            _text(cell, head, bold=True, color="FFFFFF")
            cell.fill, cell.alignment = _HEAD, Alignment("center", "center", wrap_text=True)
            sheet.column_dimensions[get_column_letter(column)].width = width
        sheet.row_dimensions[layout.HEAD_ROW].height = 34 if any(map(len, notes)) else 24
        return sheet

    def _free(self, name: str) -> str:
        """Return a title that no sheet has yet and Excel takes."""
        title = _FORBIDDEN.sub("", name)[:31]
        taken = {each.casefold() for each in self.book.sheetnames} | {layout.INDEX}
        number = 2
        while title.casefold() in taken or not title:
            title, number = f"{_FORBIDDEN.sub('', name)[:27]}{number}", number + 1
        return title

    def _index(self) -> None:
        """Write the hidden sheet that says what was exported."""
        sheet = self.book.create_sheet(layout.INDEX)
        sheet.sheet_state = "veryHidden"
        rows = [[layout.FORM]]
        rows += [
            [layout.COMPANY_ROW, company.id, name]
            for company, name in zip(self.companies, self.names, strict=True)
        ]
        for line in self.lines:
            mark = layout.fingerprint(said(line.value) if line.value else None)
            rows.append([layout.VALUE_ROW, line.company.id, line.blank.id, mark])
        for number, row in enumerate(rows, 1):
            for column, text in enumerate(row, 1):
                _text(sheet.cell(number, column), text)
        _protect(sheet)


def _keys(sheet: Worksheet, keys: Iterable[str]) -> None:
    for column, key in enumerate(keys, 1):
        _text(sheet.cell(layout.KEY_ROW, column), key)
    sheet.row_dimensions[layout.KEY_ROW].hidden = True


def _text(
    cell: Cell,
    text: str,
    *,
    size: float = 11,
    bold: bool = False,
    color: str = "000000",
    wrap: bool = True,
) -> None:
    """Put *text* into a cell as text, whatever it begins with."""
    cell.value = escaped(text) or None
    if text:
        cell.data_type = "s"
    cell.font = Font(_FONT, size, bold=bold, color=color)
    cell.alignment = Alignment(vertical="center", wrap_text=wrap)
    if cell.row > layout.HEAD_ROW:
        cell.border = _EDGE


def _fill(cell: Cell, blank: Blank, value: Value | None) -> None:
    """Put a value into a cell that may be changed: an amount as a number, a date as a date, else text."""
    _text(cell, "")
    cell.fill, cell.protection = _OPEN, Protection(locked=False)
    data = value.data if value else None
    if isinstance(data, Quantity):
        whole = data.number % 1 == 0
        cell.value = int(data.number) if whole else float(plain(data.number))
        cell.alignment = Alignment("right", "center")
    elif isinstance(data, datetime.date):
        cell.value = data
    elif value:
        _text(cell, "\n".join(data) if blank.kind == "list" else str(data))
    if blank.kind == "date":
        cell.number_format = "yyyy-mm-dd"
        cell.alignment = Alignment("left", "center")
    elif not blank.units:
        cell.number_format = "@"
    cell.border = _EDGE


def _unit(cell: Cell, blank: Blank, value: Value | None) -> None:
    """Put the unit of a value into its cell; where there is no choice it stands ready."""
    unit = value.data.unit if value and isinstance(value.data, Quantity) else ""
    alone = blank.units[0] if len(blank.units) == 1 else ""
    _text(cell, unit or alone)
    cell.alignment = Alignment("center", "center")
    if len(blank.units) > 1:
        cell.fill, cell.protection = _OPEN, Protection(locked=False)


def _row(
    sheet: Worksheet, row: int, columns: dict[str, int], blank: Blank, values: dict[str, Value], company: str
) -> None:
    if layout.COMPANY in columns:
        cell = sheet.cell(row, columns[layout.COMPANY])
        _text(cell, company)
        cell.fill, cell.protection = _OPEN, Protection(locked=False)
    for name, column in blank.columns.items():
        _fill(sheet.cell(row, columns[layout.column_key(column)]), column, values.get(name))
        unit = columns.get(layout.column_key(column, "unit"))
        if unit:
            _unit(sheet.cell(row, unit), column, values.get(name))


def _column_notes(blank: Blank) -> list[str]:
    """Return a line for each column whose head does not say enough."""
    told = {column.label: "。".join(telling.meaning(column)) for column in blank.columns.values()}
    told = {label: text for label, text in told.items() if text}
    optional = "、".join(column.label for column in blank.columns.values() if column.optional)
    said = [f"{label}：{text}" for label, text in told.items()]
    return said + ([f"可以不填：{optional}"] if optional else [])


def _table_width(blank: Blank, key: str, head: str) -> float:
    column = next((each for each in blank.columns.values() if layout.column_key(each) == key), None)
    if key == layout.COMPANY:
        return _WIDTHS[key]
    if column is None:
        return 10
    if column.units or column.kind == "date":
        return max(12, _halves(head) / 2 + 4)
    return 18 if column.kind == "choice" else 34


def _row_height(sheet: Worksheet, row: int, widths: Sequence[float]) -> float:
    texts = [str(sheet.cell(row, column).value or "") for column in range(1, len(widths) + 1)]
    return _LINE * max(_lines(text, width) for text, width in zip(texts, widths, strict=True)) + 5


def _lines(text: str, width: float) -> int:
    return sum(max(1, -(-_halves(line) // int(width - 2))) for line in text.split("\n"))


def _halves(text: str) -> int:
    return sum(1 if char.isascii() else 2 for char in text)


def _pick(sheet: Worksheet, options: Iterable[str], column: int, first: int, last: int) -> None:
    """Let the cells be picked from *options*, where Excel can hold the list."""
    shown = ",".join(options)
    if len(shown) > _LIST_LIMIT or any("," in option or '"' in option for option in options):
        return
    letter = get_column_letter(column)
    check = DataValidation("list", formula1=f'"{shown}"', allow_blank=True, showErrorMessage=True)
    check.errorTitle, check.error = "不在列表中", f"只能写：{shown}"[:225]
    check.add(f"{letter}{first}:{letter}{last}")
    sheet.add_data_validation(check)


def _protect(sheet: Worksheet) -> None:
    """Lock what is not to be filled in, without a password: it keeps from mistakes, not from intent."""
    protection = sheet.protection
    protection.sheet = True
    protection.formatColumns = protection.formatRows = protection.autoFilter = protection.insertRows = False


def _print(sheet: Worksheet, last: str) -> None:
    """Print on A4 across, as wide as the page, the head on every page."""
    sheet.print_area = f"A1:{last}{sheet.max_row}"
    sheet.print_title_rows = f"{layout.HEAD_ROW}:{layout.HEAD_ROW}"
    setup = sheet.page_setup
    setup.orientation, setup.paperSize, setup.fitToWidth, setup.fitToHeight = "landscape", 9, 1, 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.page_margins.left = sheet.page_margins.right = 0.5
    sheet.page_margins.top = sheet.page_margins.bottom = 0.6
    sheet.oddFooter.center.text = "&A　第 &P 页 共 &N 页"
    sheet.sheet_view.showGridLines = False
