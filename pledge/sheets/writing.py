"""The values of companies as a workbook: a sheet a topic, a sheet a table, what may be filled in yellow."""

from __future__ import annotations

import io
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from openpyxl import Workbook
from openpyxl.utils import get_column_letter

from pledge.amend import said
from pledge.sheets import grid, layout, telling
from pledge.sheets.cells import MAX_CELLS, SheetError

if TYPE_CHECKING:
    import datetime
    from collections.abc import Sequence

    from openpyxl.worksheet.worksheet import Worksheet

    from pledge.company import Company
    from pledge.entries import Blank
    from pledge.project import Project
    from pledge.typed import Value

    Row = dict[str, Value]

_WIDTHS = {
    layout.COMPANY: 22,
    layout.LABEL: 26,
    layout.VALUE: 30,
    layout.UNIT: 9,
    layout.LAW: 28,
    layout.HELP: 48,
    layout.ID: 24,
}
_SPARE, _PRINTED_SPARE = 20, 3
_NAMED = 20
_FORBIDDEN = re.compile(r"[\[\]:*?/\\]")
_TITLE = 31
_COVER_WIDTH = 108

_COVER = (
    "只填黄色的格子，其余的不用动。橙色的格子必须填写。",
    "改一项：改“值”，单位从列表里选。写“2”选“小时”，或者直接写“2小时”，都可以。",
    "删去一项：清空它的“值”，不要删除整行。表格里清空一整行，就是删去这一行；加一行，写在下面的空行里。",
    "不要写公式，不要合并单元格；从别处复制的，用“选择性粘贴”只粘贴数值。",
    "可以用 Excel、WPS 或者 LibreOffice 填写，保存成 .xlsx。",
    "填好后运行 pledge sheet import，或者交给管理项目的人：先逐项列出对客户变好还是变差，确认以后才写入。",
    "有填错的地方，会一次列出是哪个工作表、哪一格，什么也不写入。",
)


def workbook(project: Project, companies: Sequence[Company], today: datetime.date) -> bytes:
    """Return a workbook with the values of *companies*, to be read back by `reading.read`.

    Raises SheetError where it would hold more cells than are read back.
    """
    return _Writer(project, companies, today).workbook()


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

    @property
    def missing(self) -> bool:
        """Whether the value must be filled in here, as no base has one."""
        return self.required and self.blank.id not in self.company.inherited


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
        if len(self.lines) * (len(layout.HEADS) + 4) > MAX_CELLS // 2:
            raise SheetError(f"{len(self.companies)}家公司的值一个文件装不下；分几次导出，每次写明一家公司")
        self.book.properties.creator = self.companies[0].text("company.name")
        self._cover()
        for topic, label in self.project.catalogue.topics.items():
            lines = [line for line in self.lines if line.blank.id.startswith(f"{topic}.")]
            self._topic(label, [line for line in lines if line.blank.kind != "table"])
            tables = {line.blank.id: line.blank for line in lines if line.blank.kind == "table"}
            for blank in tables.values():
                self._table(label, [line for line in lines if line.blank is blank])
        self._index()
        made = io.BytesIO()
        self.book.save(made)
        return made.getvalue()

    def _cover(self) -> None:
        sheet = self.book.worksheets[0]
        sheet.title = "填写说明"
        names = [company.text("company.name") or company.id for company in self.companies]
        shown = "、".join(names[:_NAMED]) + (f"等{len(names)}家" if len(names) > _NAMED else "")
        grid.put(grid.cell(sheet, 1, 1), "客户售后服务承诺保障书：数值", size=16, bold=True)
        grid.put(grid.cell(sheet, 2, 1), shown, grid.GREY)
        grid.keys(sheet, [layout.COVER])
        sheet.row_dimensions[1].height = 30
        sheet.row_dimensions[2].height = grid.height([shown], [_COVER_WIDTH])
        for number, line in enumerate(_COVER, 1):
            row = layout.HEAD_ROW + number
            grid.put(grid.cell(sheet, row, 1), f"{number}. {line}")
            sheet.row_dimensions[row].height = grid.height([line], [_COVER_WIDTH]) + 6
        sheet.column_dimensions["A"].width = _COVER_WIDTH
        grid.finish(sheet, 1, layout.HEAD_ROW + len(_COVER))

    def _topic(self, label: str, lines: list[_Line]) -> None:
        if not lines:
            return
        heads = {key: head for key, head in layout.HEADS.items() if self.several or key != layout.COMPANY}
        note = "只填黄色的格子；清空“值”就是删去这一项。"
        sheet = self._sheet(label, label, heads, [_WIDTHS[key] for key in heads], note)
        columns = {key: number for number, key in enumerate(heads, 1)}
        for row, line in enumerate(lines, layout.HEAD_ROW + 1):
            self._line(sheet, row, columns, line)
        last = layout.HEAD_ROW + len(lines)
        if self.several:
            sheet.auto_filter.ref = f"A{layout.HEAD_ROW}:{get_column_letter(len(heads))}{last}"
        sheet.freeze_panes = grid.cell(sheet, layout.HEAD_ROW + 1, columns[layout.VALUE]).coordinate
        grid.finish(sheet, columns[layout.HELP], last)

    def _line(self, sheet: Worksheet, row: int, columns: dict[str, int], line: _Line) -> None:
        blank = line.blank
        told = {
            layout.COMPANY: layout.called(line.company),
            layout.LABEL: blank.label,
            layout.LAW: telling.limits(self.project, blank.id, line.company.law_date(self.today)),
            layout.HELP: telling.told(blank, line.company, required=line.required),
            layout.ID: blank.id,
        }
        for key in told.keys() & columns.keys():
            grid.fixed(
                grid.cell(sheet, row, columns[key]), told[key], grid.GREY if key == layout.ID else grid.BLACK
            )
        value = grid.cell(sheet, row, columns[layout.VALUE])
        grid.fill(value, blank, line.value)
        grid.fill_unit(grid.cell(sheet, row, columns[layout.UNIT]), blank, line.value)
        told[layout.VALUE] = str(value.value or "")
        shown = [key for key in told if key in columns and key != layout.ID]
        sheet.row_dimensions[row].height = grid.height(
            [told[key] for key in shown], [_WIDTHS[key] for key in shown]
        )
        if blank.kind == "choice":
            grid.pick(sheet, list(blank.options), columns[layout.VALUE], row, row)
        if len(blank.units) > 1:
            grid.pick(sheet, blank.units, columns[layout.UNIT], row, row)
        if line.missing:
            grid.missed(sheet, value)

    def _table(self, topic: str, lines: list[_Line]) -> None:
        blank = lines[0].blank
        heads = layout.table_heads(blank, companies=self.several)
        widths = [_width(blank, key, head) for key, head in heads.items()]
        day = max(line.company.law_date(self.today) for line in lines)
        note = telling.about_table(
            self.project, blank, lines[0].company, day, required=any(line.missing for line in lines)
        )
        sheet = self._sheet(blank.label, f"{blank.label}（{topic}）", heads, widths, note)
        rows = [(line, row) for line in lines for row in (line.value.data if line.value else ())]
        columns = {key: number for number, key in enumerate(heads, 1)}
        for number, (line, values) in enumerate(rows, layout.HEAD_ROW + 1):
            texts = _fill_row(sheet, number, columns, line, values)
            sheet.row_dimensions[number].height = grid.height(texts, widths)
        last = layout.HEAD_ROW + len(rows)
        for spare in range(last + 1, last + _SPARE + 1):
            _fill_row(sheet, spare, columns, lines[0], None)
            sheet.row_dimensions[spare].height = grid.LINE + 5
        self._choices(sheet, columns, blank, last + _SPARE)
        sheet.freeze_panes = grid.cell(sheet, layout.HEAD_ROW + 1, 2 + self.several).coordinate
        grid.finish(sheet, len(heads), last + _PRINTED_SPARE)

    def _choices(self, sheet: Worksheet, columns: dict[str, int], blank: Blank, last: int) -> None:
        """Give each cell of a table that has few answers the list of them."""
        first = layout.HEAD_ROW + 1
        if self.several:
            grid.pick(sheet, self.names, columns[layout.COMPANY], first, last)
        for column in blank.columns.values():
            if column.kind == "choice":
                grid.pick(sheet, list(column.options), columns[layout.column_key(column)], first, last)
            if len(column.units) > 1:
                grid.pick(sheet, column.units, columns[layout.column_key(column, "unit")], first, last)

    def _sheet(
        self, name: str, title: str, heads: dict[str, str], widths: Sequence[float], note: str
    ) -> Worksheet:
        sheet: Worksheet = self.book.create_sheet(self._free(name))
        owner = "" if self.several else f"　{self.companies[0].text('company.name')}"
        grid.put(grid.cell(sheet, 1, 1), f"{title}{owner}", size=14, bold=True)
        grid.put(grid.cell(sheet, 2, 1), note, grid.GREY)
        shown = len(heads) - (layout.ID in heads)
        sheet.merge_cells(start_row=2, end_row=2, start_column=1, end_column=shown)
        sheet.row_dimensions[1].height = 26
        sheet.row_dimensions[2].height = grid.height([note], [sum(widths[:shown])])
        grid.keys(sheet, heads)
        for column, (head, width) in enumerate(zip(heads.values(), widths, strict=True), 1):
            grid.head(grid.cell(sheet, layout.HEAD_ROW, column), head)
            sheet.column_dimensions[get_column_letter(column)].width = width
        sheet.row_dimensions[layout.HEAD_ROW].height = grid.height(heads.values(), widths) + 4
        return sheet

    def _free(self, name: str) -> str:
        """Return a title that no sheet has yet and that Excel takes."""
        bare = _FORBIDDEN.sub("", name)
        title, number = bare[:_TITLE], 2
        taken = {each.casefold() for each in self.book.sheetnames} | {layout.INDEX, ""}
        while title.casefold() in taken:
            title, number = f"{bare[: _TITLE - 4]}{number}", number + 1
        return title

    def _index(self) -> None:
        """Write the hidden sheet that says what was exported."""
        sheet: Worksheet = self.book.create_sheet(layout.INDEX)
        sheet.sheet_state = "veryHidden"
        called = zip(self.companies, self.names, strict=True)
        rows = [[layout.FORM], *([layout.COMPANY_ROW, company.id, name] for company, name in called)]
        for line in self.lines:
            mark = layout.fingerprint(said(line.value) if line.value else None)
            rows.append([layout.VALUE_ROW, line.company.id, line.blank.id, mark])
        for number, row in enumerate(rows, 1):
            for column, text in enumerate(row, 1):
                grid.put(grid.cell(sheet, number, column), text)


def _fill_row(
    sheet: Worksheet, row: int, columns: dict[str, int], line: _Line, values: Row | None
) -> list[str]:
    """Write a row of a table, or an empty one, and return its texts."""
    if layout.COMPANY in columns:
        name = "" if values is None else layout.called(line.company)
        grid.opened(grid.cell(sheet, row, columns[layout.COMPANY]), name)
    for name, column in line.blank.columns.items():
        value = values.get(name) if values else None
        grid.fill(grid.cell(sheet, row, columns[layout.column_key(column)]), column, value)
        unit = columns.get(layout.column_key(column, "unit"))
        if unit:
            grid.fill_unit(grid.cell(sheet, row, unit), column, value)
    return [str(grid.cell(sheet, row, column).value or "") for column in columns.values()]


def _width(blank: Blank, key: str, head: str) -> float:
    if key == layout.COMPANY:
        return _WIDTHS[key]
    column = next((each for each in blank.columns.values() if layout.column_key(each) == key), None)
    if column is None:
        return _WIDTHS[layout.UNIT]
    if column.units or column.kind == "date":
        return max(12, grid.halves(head) / 2 + 4)
    return 16 if column.kind == "choice" else 30
