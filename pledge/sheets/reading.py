"""What a filled-in workbook says: typed values by company and blank, or every cell that is unclear."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING

from pledge.kinds import KINDS, MisreadError
from pledge.packed import BrokenError
from pledge.quantity import Quantity
from pledge.read import Mapping, Place, Scalar, Sequence, hidden_in
from pledge.sheets import layout
from pledge.sheets.cells import DATE, FORMULA, NUMBER, ODD, PERCENT, TEXT, SheetError, named, position
from pledge.typed import Value, typed

if TYPE_CHECKING:
    from pledge.catalogue import Catalogue
    from pledge.entries import Blank
    from pledge.problem import Problem
    from pledge.read import Node
    from pledge.sheets.cells import Cell, Sheet

RULE = "sheet-cell"
_ALL_ROWS = 1_048_576
_NO_INDEX = "不是 pledge sheet export 写出的文件，或者缺了隐藏的工作表“pledge”；重新导出，把填好的值复制过去"
_BARE = re.compile(r"[\d０-９.．,，\s]+")

Key = tuple[str, str]
"""A company and a blank by their ids."""


@dataclass(slots=True)
class Reading:
    """What a workbook says of each blank of each company: its value, where it stands, and what is wrong.

    `exported` holds the fingerprint of each value when the workbook was made.
    """

    companies: dict[str, str] = field(default_factory=dict)
    exported: dict[Key, str] = field(default_factory=dict)
    places: dict[Key, Place] = field(default_factory=dict)
    values: dict[Key, Value] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)


def read(sheets: list[Sheet], catalogue: Catalogue) -> Reading:
    """Return what *sheets* say; the place of a problem is a sheet with row and column.

    Raises SheetError where they are no export of a project.
    """
    reader = _Reader(sheets, catalogue)
    reader.read()
    return reader.found


class _Reader:
    def __init__(self, sheets: list[Sheet], catalogue: Catalogue) -> None:
        self.catalogue = catalogue
        self.sheets = sheets
        self.found = Reading()
        self.labels: dict[str, str] = {}

    def read(self) -> None:
        """Read every sheet."""
        ours = [sheet for sheet in self.sheets if sheet.text(1, 1) == layout.FORM]
        if len(ours) != 1:
            raise SheetError(_NO_INDEX)
        self._index(ours[0])
        for sheet in self.sheets:
            if sheet is not ours[0] and sheet.cells:
                self._sheet(sheet)
        self._missing()

    def _index(self, sheet: Sheet) -> None:
        last = max(row for row, _ in sheet.cells)
        for row in range(2, last + 1):
            what, company, name, mark = (sheet.text(row, column) for column in range(1, 5))
            if what == layout.COMPANY_ROW:
                self.found.companies[company] = name
            elif what == layout.VALUE_ROW:
                self.found.exported[company, name] = mark
        self.labels = {label: company for company, label in self.found.companies.items()}
        known = all(company in self.found.companies for company, _ in self.found.exported)
        if not self.labels or not known or len(self.labels) != len(self.found.companies):
            raise SheetError(_NO_INDEX)

    def _problem(self, sheet: Sheet, row: int, column: int, message: str, rule: str = RULE) -> None:
        self.found.problems.append(Place(sheet.title, row, column).problem(message, rule))

    def _sheet(self, sheet: Sheet) -> None:
        key_row = next((row for (row, _), cell in sorted(sheet.cells.items()) if _is_key(cell)), 0)
        keys: dict[str, int] = {}
        for (row, column), cell in sorted(sheet.cells.items()):
            if row == key_row and cell.text in keys:
                head = sheet.text(row + 1, column) or cell.text
                self._problem(sheet, row + 1, column, f"“{head}”这一列有两份；删去一份")
                return
            if row == key_row:
                keys[cell.text] = column
        if layout.COVER not in keys:
            self._grid(_Grid(sheet, keys, key_row + 1))

    def _grid(self, grid: _Grid) -> None:
        """Read a topic or a table, whichever its keys say it is."""
        tables = {key.removeprefix(layout.KEY).partition("[")[0] for key in grid.keys if "[" in key}
        if layout.ID in grid.keys and not tables:
            self._values(grid)
        elif len(tables) == 1 and tables <= self.catalogue.blanks.keys():
            self._table(grid, self.catalogue.blanks[tables.pop()])
        else:
            message = "这个工作表不是导出的，认不出各列是什么；删去它，或者重新导出再填"
            self._problem(grid.sheet, *min(grid.sheet.cells), message)

    def _heads(self, grid: _Grid, wanted: dict[str, str]) -> bool:
        """Whether *grid* has the columns that are wanted under their heads, and nothing else."""
        before = len(self.found.problems)
        missing = [head for key, head in wanted.items() if key not in grid.keys]
        if missing:
            self._problem(grid.sheet, grid.head, 1, f"缺少“{'、'.join(missing)}”列；恢复它，或者重新导出再填")
        for key, column in grid.keys.items():
            head = wanted.get(key)
            shown = grid.sheet.text(grid.head, column)
            if head is None:
                self._problem(grid.sheet, grid.head, column, f"不认识“{shown or key}”这一列；删去它")
            elif shown != head:
                message = f"这一列的标题应当是“{head}”，现在是“{shown}”；改回来，并核对下面的值有没有错位"
                self._problem(grid.sheet, grid.head, column, message)
        columns = set(grid.keys.values())
        for row, column in sorted(grid.sheet.cells):
            if row > grid.head and column not in columns:
                self._problem(grid.sheet, row, column, "这一格不在表内，不会读入；删去它")
        for area in grid.sheet.merged:
            if _last_row(area) > grid.head:
                self._merged(grid, area)
        return len(self.found.problems) == before

    def _merged(self, grid: _Grid, area: str) -> None:
        try:
            row, column = position(area.partition(":")[0])
        except BrokenError:
            row, column = grid.head, 1
        self._problem(grid.sheet, row, column, f"{area} 是合并的单元格；取消合并，一格写一个值")

    def _heads_of_values(self) -> dict[str, str]:
        several = len(self.labels) > 1
        return {key: head for key, head in layout.HEADS.items() if several or key != layout.COMPANY}

    def _company(self, grid: _Grid, row: int) -> str:
        """Return the company of a row, or nothing with a problem added."""
        if len(self.labels) == 1:
            return next(iter(self.found.companies))
        name = grid.text(row, layout.COMPANY)
        if name not in self.labels:
            said = f"没有“{name}”这家公司" if name else "没有写是哪家公司"
            known = "、".join(list(self.labels)[:10])
            self._problem(grid.sheet, row, grid.keys[layout.COMPANY], f"{said}；从列表中选：{known}")
        return self.labels.get(name, "")

    def _values(self, grid: _Grid) -> None:
        if not self._heads(grid, self._heads_of_values()):
            return
        for row in grid.rows():
            blank = self._blank(grid, row)
            company = self._company(grid, row) if blank else ""
            if blank and company and self._is_new(grid, row, (company, blank.id)):
                self._value(grid, row, (company, blank.id), blank)

    def _blank(self, grid: _Grid, row: int) -> Blank | None:
        """Return the blank of a row, or None with a problem added."""
        name = grid.text(row, layout.ID)
        column = grid.keys[layout.ID]
        blank = self.catalogue.blanks.get(name)
        if not name:
            column = min(column for at, column in grid.sheet.cells if at == row)
            self._problem(
                grid.sheet, row, column, "这一行没有编号，不知道是哪一项；删去这一行，或者重新导出再填"
            )
        elif blank is None or blank.deal:
            self._problem(
                grid.sheet, row, column, f"编号“{name}”不是本项目的空白；恢复原来的编号，或者重新导出再填"
            )
        elif grid.text(row, layout.LABEL) != blank.label:
            message = (
                f"编号 {name} 应当是“{blank.label}”，这一行却是“{grid.text(row, layout.LABEL)}”；"
                "行或者列错位了，恢复原来的次序，或者重新导出再填"
            )
            self._problem(grid.sheet, row, grid.keys[layout.LABEL], message)
        else:
            return blank
        return None

    def _is_new(self, grid: _Grid, row: int, key: Key) -> bool:
        column = grid.keys.get(layout.ID, 1)
        if key not in self.found.exported:
            company = self.found.companies[key[0]]
            message = f"导出时{company}没有“{key[1]}”这一项；恢复原来的编号和公司，或者重新导出再填"
            self._problem(grid.sheet, row, column, message)
            return False
        if key in self.found.places:
            first = self.found.places[key]
            there = f"工作表“{first.path}”的{named(first.line, first.column)}"
            self._problem(grid.sheet, row, column, f"{key[1]}出现了两次，另一处在{there}；删去一处")
            return False
        self.found.places[key] = Place(grid.sheet.title, row, grid.keys.get(layout.VALUE, column))
        return True

    def _value(self, grid: _Grid, row: int, key: Key, blank: Blank) -> None:
        node = self._node(grid, row, blank, layout.VALUE, layout.UNIT)
        data = typed(blank, node, self.found.problems) if node else None
        if node and data is not None:
            self.found.values[key] = Value(blank, data, node.place)

    def _node(self, grid: _Grid, row: int, blank: Blank, value: str, unit: str) -> Node | None:
        """Return what a value's cells say as a variable file would, or None where they say nothing."""
        cell = grid.cell(row, value)
        if cell is None:
            return None
        place = Place(grid.sheet.title, row, grid.keys[value])
        try:
            text = _text(cell, blank, grid.cell(row, unit))
        except MisreadError as error:
            self.found.problems.append(place.problem(f"{blank.label}：{error}", error.rule, error.level))
            return None
        if blank.kind == "list":
            return _items(text, place)
        return Scalar(text, place, 0, 0, plain=False)

    def _table(self, grid: _Grid, blank: Blank) -> None:
        if not self._heads(grid, layout.table_heads(blank, companies=len(self.labels) > 1)):
            return
        keys = [(company, blank.id) for company in self.found.companies]
        rows: dict[Key, list[Node]] = {
            key: [] for key in keys if key in self.found.exported and self._is_new(grid, grid.head, key)
        }
        before = len(self.found.problems)
        for row in grid.rows():
            filled = self._row(grid, row, blank)
            company = self._company(grid, row) if filled else ""
            if filled and (company, blank.id) in rows:
                rows[company, blank.id].append(filled)
            elif company:
                self._is_new(grid, row, (company, blank.id))
        if len(self.found.problems) == before:  # a row that lacks a cell would be blamed again
            self._take(rows, blank)

    def _take(self, rows: dict[Key, list[Node]], blank: Blank) -> None:
        for key, nodes in rows.items():
            data = typed(blank, Sequence(nodes, nodes[0].place), self.found.problems) if nodes else None
            if data is not None:
                self.found.values[key] = Value(blank, data, nodes[0].place)

    def _row(self, grid: _Grid, row: int, blank: Blank) -> Mapping | None:
        """Return a row of a table, or None where no cell of it is filled; a unit alone fills nothing."""
        columns = {name: layout.column_key(column) for name, column in blank.columns.items()}
        if not any(grid.cell(row, key) for key in columns.values()):
            return None
        place = Place(grid.sheet.title, row, grid.keys[columns[blank.key]])
        entries: dict[str, Node] = {}
        for name, column in blank.columns.items():
            node = self._node(grid, row, column, columns[name], layout.column_key(column, "unit"))
            if node:
                entries[name] = node
            elif not column.optional and not grid.cell(row, columns[name]):
                message = f"{blank.label}的这一行没有填“{column.label}”；填写，或者清空整行"
                self._problem(grid.sheet, row, grid.keys[columns[name]], message, "missing-column")
        return Mapping(entries, {}, place)

    def _missing(self) -> None:
        """Add a problem for each exported value whose row or sheet is gone."""
        gone = [key for key in self.found.exported if key not in self.found.places]
        if self.found.problems:  # a sheet with a problem was not read to its end
            return
        for company, blank in gone:
            known = self.catalogue.blanks.get(blank)
            label = known.label if known else blank
            message = (
                f"{self.found.companies[company]}的“{label}”（{blank}）这一行或者它的工作表不见了；"
                "要删去一项，清空它的值；恢复它，或者重新导出再填"
            )
            self.found.problems.append(Place("", 0, 0).problem(message, RULE))


class _Grid:
    """A sheet with its columns by key, and the row of the heads."""

    def __init__(self, sheet: Sheet, keys: dict[str, int], head: int) -> None:
        self.sheet = sheet
        self.keys = keys
        self.head = head

    def rows(self) -> list[int]:
        """Return the rows below the head that hold something."""
        return sorted({row for row, _ in self.sheet.cells if row > self.head})

    def cell(self, row: int, key: str) -> Cell | None:
        """Return the cell of a column, or None where it is empty."""
        return self.sheet.cells.get((row, self.keys.get(key, 0)))

    def text(self, row: int, key: str) -> str:
        """Return the text of a column's cell, or nothing."""
        return self.sheet.text(row, self.keys.get(key, 0))


def _items(text: str, place: Place) -> Sequence:
    """Return a list that is written one item a line."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return Sequence([Scalar(line, place, 0, 0, plain=False) for line in lines], place)


def _is_key(cell: Cell) -> bool:
    return cell.kind == TEXT and cell.text.startswith(layout.KEY)


def _last_row(area: str) -> int:
    """Return the last row of a merged range; one that cannot be read is taken for the whole sheet."""
    last = area.rpartition(":")[2].lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ$")
    return int(last) if last.isascii() and last.isdigit() else _ALL_ROWS


def _text(cell: Cell, blank: Blank, unit: Cell | None) -> str:
    """Return a value as it would be written in a variable file. Raises MisreadError."""
    for each, what in ((cell, "值"), (unit, "单位")):
        if each and each.kind == FORMULA:
            raise MisreadError(f"{what}是公式；复制这一格，用“选择性粘贴”只粘贴数值", RULE)
        if each and each.kind == ODD:
            raise MisreadError(f"{what}是“{each.text}”，不是填写的内容；重新填写", RULE)
        hidden = hidden_in(each.text) if each else None
        if hidden:
            message = f"含有看不见的字符 U+{ord(hidden.group()):04X}；删去这一格，重新输入"
            raise MisreadError(message, "hidden-character")
    if blank.units:
        return _amount(cell, blank, unit)
    if blank.kind == "date":
        return _day(cell)
    if cell.kind == DATE:
        raise MisreadError("被当成了日期；把单元格的格式改为“文本”，再写一遍", RULE)
    if cell.kind != TEXT:
        message = f"是数字{cell.text}，开头和末尾的0会丢；把单元格的格式改为“文本”，再写一遍"
        raise MisreadError(message, RULE)
    return cell.text.strip()


def _day(cell: Cell) -> str:
    if cell.kind in {NUMBER, PERCENT}:
        message = f"“{cell.text}”是数字，不是日期；把单元格的格式改为日期，或者写成如“2026-12-01”"
        raise MisreadError(message, "bad-date")
    return cell.text.strip()


def _amount(cell: Cell, blank: Blank, unit: Cell | None) -> str:
    """Return a number with its unit, which stands in the next cell or behind the number itself."""
    name = _unit(blank, unit)
    if cell.kind == DATE:
        raise MisreadError("被当成了日期；把单元格的格式改为“常规”，再写一遍", RULE)
    if cell.kind == TEXT and not _BARE.fullmatch(cell.text):
        return _with_unit(cell.text.strip(), blank, name if unit else "")
    if not name:
        raise MisreadError(f"没有选单位；可用的单位：{'、'.join(blank.units)}", "wrong-unit")
    if cell.kind == TEXT:
        return f"{cell.text.strip()}{name}"
    number = Decimal(cell.text)
    if cell.kind == PERCENT:
        if name != "%":
            raise MisreadError(f"写成了百分比，单位却是“{name}”；把单元格的格式改为“常规”，再写一遍", RULE)
        number *= 100
    return str(Quantity(number, name))


def _unit(blank: Blank, cell: Cell | None) -> str:
    """Return the unit in *cell*, or the only one there is, or nothing. Raises MisreadError."""
    if cell is None:
        return blank.units[0] if len(blank.units) == 1 else ""
    written = cell.text.strip().removeprefix("个")
    found = next((unit for unit in blank.units if unit.removeprefix("个") == written), "")
    if not found:
        shown = "、".join(blank.units)
        raise MisreadError(f"单位“{cell.text.strip()}”不能用在这里；可用的单位：{shown}", "wrong-unit")
    return found


def _with_unit(text: str, blank: Blank, unit: str) -> str:
    """Return *text*, an amount that brings its unit along. Raises MisreadError where *unit* is another."""
    amount = KINDS[blank.kind].parse(text, blank.units)
    if unit and amount.unit != unit and len(blank.units) > 1:
        message = f"值写的是“{text}”，单位一栏却是“{unit}”；改成一致的"
        raise MisreadError(message, "wrong-unit")
    return text
