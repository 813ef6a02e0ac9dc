"""The values as an Excel file: what goes out comes back, only what was changed is written, or nothing is."""

from __future__ import annotations

import dataclasses
import datetime
import io
import os
import pty
import shutil
import subprocess
import sys
import zipfile
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

import openpyxl
import pytest
import yaml
from commands import ran
from copies import copied
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from sheets import SPACES, by_hand, changed_lines, edited, exported, fill, packed, planned, set_cells

from pledge import project as project_module
from pledge.amend import scalar
from pledge.cli.sheets import shown
from pledge.company import paths
from pledge.problem import arrange, errors
from pledge.quantity import plain
from pledge.sheets.cells import SheetError, named, read_sheets
from pledge.sheets.merging import Amendment, write
from pledge.sheets.reading import read

if TYPE_CHECKING:
    from collections.abc import Callable

    from openpyxl import Workbook

    from pledge.entries import Blank
    from pledge.project import Project

HERE = Path(__file__).parent
CASES: list[dict[str, Any]] = yaml.safe_load((HERE / "sheets.yml").read_text(encoding="utf-8"))
TINY = HERE / "project"
ACME = "variables/acme.yml"
DAY = datetime.date(2026, 11, 22)


@pytest.fixture(scope="module")
def acme() -> bytes:
    """Return the workbook of the tiny project's company."""
    return exported(TINY, DAY, "acme")


def text_of(root: Path, path: str = ACME) -> str:
    """Return the text of a variable file."""
    return (root / path).read_bytes().decode()


def refusal(root: Path, data: bytes) -> list[str]:
    """Return the lines that a refused workbook gives."""
    plan = planned(root, data, DAY)
    return [shown(problem) for problem in arrange(errors(plan.problems))]


def test_export_and_import_change_nothing(today: datetime.date) -> None:
    """The workbook of all sample companies, read back as it is, has no problem and changes no file."""
    root = HERE.parent
    plan = planned(root, exported(root, today, *paths(root)), today)
    assert ([], []) == (plan.amendments, plan.problems)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_cells(tiny: Path, acme: bytes, case: dict[str, Any]) -> None:
    """A changed cell changes its lines, or is refused with sheet, cell and way out."""
    data = edited(acme, lambda book: set_cells(book, case["set"]))
    plan = planned(tiny, data, DAY)
    assert case.get("expect", []) == [shown(problem) for problem in arrange(errors(plan.problems))]
    if "writes" in case:
        write(tiny, plan.amendments)
        assert case["writes"] == changed_lines(text_of(TINY), text_of(tiny))
    else:
        assert [] == plan.amendments or plan.problems


TEXTS = st.text(st.characters(exclude_categories=["C", "Z"]), min_size=1, max_size=20)
TRICKS = [
    "=1+1",
    '=HYPERLINK("http://a","b")',
    "+1",
    "-1",
    "@a",
    "'a",
    "_x0041_",
    "2026-12-01",
    "0010",
    "1e5",
    "TRUE",
]


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    text=TEXTS | st.sampled_from(TRICKS),
    items=st.lists(TEXTS | st.sampled_from(TRICKS), min_size=1, max_size=4, unique=True),
    number=st.decimals(min_value=Decimal("0.01"), max_value=10**11, places=6).map(plain),
)
def test_any_value_goes_out_and_comes_back(tiny: Path, text: str, items: list[str], number: str) -> None:
    """Whatever a variable file may hold is the same after its way through Excel: no byte changes."""
    path = tiny / ACME
    listed = ", ".join(scalar(item, flow=True) for item in items)
    edits = {
        "signatory: 张示例": f"signatory: {scalar(text, flow=False)}",
        "channels: [电话, 邮件]": f"channels: [{listed}]",
        "fee: 50元": f"fee: {number}元",
    }
    written = text_of(TINY)
    for old, new in edits.items():
        assert old in written
        written = written.replace(old, new)
    path.write_text(written, encoding="utf-8")
    project = project_module.load(tiny)
    assume(not errors(project.company("acme").problems))
    plan = planned(tiny, exported(tiny, DAY, "acme"), DAY)
    assert ([], []) == (plan.amendments, plan.problems)


def test_a_value_too_long_for_a_cell(tiny: Path) -> None:
    """What no cell holds is not cut off: the export is refused."""
    path = tiny / ACME
    items = ", ".join(f"{number}{'长' * 290}" for number in range(200))
    path.write_text(text_of(TINY).replace("[电话, 邮件]", f"[{items}]"), encoding="utf-8")
    with pytest.raises(SheetError) as error:
        exported(tiny, DAY, "acme")
    start = f"0{'长' * 19}"
    said = f"“{start}…”太长，Excel 的一格放不下；这一项在变量文件里改，先删短再导出"
    assert said == str(error.value)


def remove_sheet(book: Workbook) -> None:
    """Delete a sheet."""
    del book["签署"]


def copy_sheet(book: Workbook) -> None:
    """Copy a sheet."""
    book.copy_worksheet(book["签署"])


def add_sheet(book: Workbook) -> None:
    """Add a sheet of notes."""
    book.create_sheet("草稿")["B2"] = "记一下"


def merge(book: Workbook) -> None:
    """Merge two values."""
    book["响应"].merge_cells("B5:B6")


def remove_row(book: Workbook) -> None:
    """Delete a row of a topic."""
    book["响应"].delete_rows(5)


def remove_column(book: Workbook) -> None:
    """Delete the column of the units."""
    book["响应"].delete_cols(3)


def copy_row(book: Workbook) -> None:
    """Copy a row to the end of its sheet."""
    sheet = book["响应"]
    for cell in sheet[5]:
        sheet[f"{cell.coordinate[0]}12"].value = cell.value


def copy_column(book: Workbook) -> None:
    """Copy the column of the values to the end of its sheet."""
    sheet = book["响应"]
    for row in (3, 4, 5):
        sheet.cell(row, 9).value = sheet.cell(row, 2).value


def remove_keys(book: Workbook) -> None:
    """Delete the hidden row of a sheet."""
    book["签署"].delete_rows(3)


AGAIN = "重新导出再填 (sheet-cell)"
ANEW = f"恢复它，或者{AGAIN}"
GONE = f"这一行或者它的工作表不见了；要删去一项，清空它的值；{ANEW}"
FOREIGN = "这个工作表不是导出的，认不出各列是什么；删去它，或者重新导出再填 (sheet-cell)"
FIRST = "工作表“响应”的B5"
OUT_OF_PLACE: list[tuple[Callable[[Workbook], None], list[str]]] = [
    (
        remove_sheet,
        [
            f"示例有限公司（acme）的“签署人”（signing.signatory）{GONE}",
            f"示例有限公司（acme）的“签署人职务”（signing.office）{GONE}",
            f"示例有限公司（acme）的“签署日期”（signing.date）{GONE}",
        ],
    ),
    (
        copy_sheet,
        [
            f"工作表“签署 Copy”F{row}：{name}出现了两次，另一处在工作表“签署”的B{row}；删去一处 (sheet-cell)"
            for row, name in ((5, "signing.signatory"), (6, "signing.office"), (7, "signing.date"))
        ],
    ),
    (add_sheet, [f"工作表“草稿”B2：{FOREIGN}"]),
    (merge, ["工作表“响应”B5：B5:B6 是合并的单元格；取消合并，一格写一个值 (sheet-cell)"]),
    (remove_row, [f"示例有限公司（acme）的“首次联系时限”（response.first_contact）{GONE}"]),
    (remove_column, [f"工作表“响应”A4：缺少“单位”列；{ANEW}"]),
    (
        copy_row,
        [f"工作表“响应”F12：response.first_contact出现了两次，另一处在{FIRST}；删去一处 (sheet-cell)"],
    ),
    (copy_column, ["工作表“响应”I4：“值”这一列有两份；删去一份 (sheet-cell)"]),
    (remove_keys, [f"工作表“签署”A1：{FOREIGN}"]),
]


@pytest.mark.parametrize(("change", "said"), OUT_OF_PLACE)
def test_what_is_out_of_place_is_named(
    tiny: Path, acme: bytes, change: Callable[[Workbook], None], said: list[str]
) -> None:
    """A lost, doubled or strange sheet, row or column is refused, each with its place."""
    assert said == refusal(tiny, edited(acme, change))


def rename(book: Workbook) -> None:
    """Rename a sheet, move another to the front, and leave out the cover."""
    book["响应"].title = "回应"
    book.move_sheet("签署", -5)
    del book["填写说明"]


def move_column(book: Workbook) -> None:
    """Move the column of the values to the end."""
    sheet = book["响应"]
    for row in range(3, 10):
        sheet.cell(row, 9).value = sheet.cell(row, 2).value
        sheet.cell(row, 2).value = None


def move_rows(book: Workbook) -> None:
    """Move two rows and leave an empty one between."""
    book["响应"].move_range("A8:F9", rows=3)


@pytest.mark.parametrize("change", [rename, move_column, move_rows])
def test_what_is_moved_is_found(tiny: Path, acme: bytes, change: Callable[[Workbook], None]) -> None:
    """Sheets may be renamed, rows and columns moved: the values are found by their ids."""
    plan = planned(tiny, edited(acme, change), DAY)
    assert ([], []) == (plan.amendments, plan.problems)


def test_a_change_made_elsewhere_is_kept(tiny: Path, acme: bytes) -> None:
    """What the file changed since the export stays, unless the workbook changed it too: that is refused."""
    path = tiny / ACME
    path.write_text(text_of(tiny).replace("first_contact: 2小时", "first_contact: 1小时"), encoding="utf-8")
    before = text_of(tiny)
    plan = planned(tiny, edited(acme, lambda book: set_cells(book, {"响应!B6": 24})), DAY)
    assert [] == plan.problems
    assert ["-  complex_case: 48小时", "+  complex_case: 24小时"] == changed_lines(
        before, plan.amendments[0].after
    )
    line = (
        "工作表“响应”B5：导出以后，variables/acme.yml 里这一项也改过，现在是“1小时”；"
        "重新导出，再改这一格 (sheet-cell)"
    )
    assert [line] == refusal(tiny, edited(acme, lambda book: set_cells(book, {"响应!B5": 3})))


def test_another_project(tmp_path: Path, acme: bytes) -> None:
    """A workbook of another project is refused: its blanks or its companies are not there."""
    lines = refusal(copied(tmp_path), acme)
    assert (
        "工作表“公司”F7：编号“company.form”不是本项目的空白；恢复原来的编号，或者重新导出再填 (sheet-cell)"
        in lines
    )
    assert (
        "没有示例有限公司（acme）这家公司；这是另一个项目的表格，或者公司改了代号，重新导出再填 (sheet-cell)"
        in lines
    )


def test_several_companies_all_or_none(tiny: Path) -> None:
    """A workbook of several companies tells them apart, and one wrong cell keeps all from being written."""
    data = exported(tiny, DAY, "acme", "acme-east")

    def change(book: Workbook) -> None:
        fill(book, "acme", "warranty.compensation", 300)
        fill(book, "acme-east", "company.name", "示例新经营部")

    plan = planned(tiny, edited(data, change), DAY)
    assert ["acme", "acme-east"] == [each.company for each in plan.amendments]
    assert [
        ["-  compensation: 200元", "+  compensation: 300元"],
        ["-  name: 示例经营部", "+  name: 示例新经营部"],
    ] == [changed_lines(each.before, each.after) for each in plan.amendments]

    def spoil(book: Workbook) -> None:
        change(book)
        assert "工作表“响应”C10" == fill(book, "acme-east", "response.first_contact", "两小时")

    line = "“两小时”不是数字加单位；写成如“2分钟”，单位可用：分钟、小时 (wrong-kind)"
    data = edited(data, spoil)
    assert [f"工作表“响应”C10：首次联系时限：{line}"] == refusal(tiny, data)
    assert [] == planned(tiny, data, DAY).amendments


def test_a_row_of_no_company(tiny: Path) -> None:
    """A row that names no company, or one that never had the blank, is refused."""
    data = exported(tiny, DAY, "acme", "acme-east")
    cells = {"响应!A5": "示例有限公司", "响应!A6": None, "商品期限表!A7": "别家", "商品期限表!B7": "扇"}
    cells |= {"商品期限表!C7": "其他", "商品期限表!D7": "1年"}
    known = "从列表中选：示例有限公司（acme）、示例经营部（acme-east） (sheet-cell)"
    lines = refusal(tiny, edited(data, lambda book: set_cells(book, cells)))
    assert sorted(lines) == sorted(
        (
            f"工作表“响应”A5：没有“示例有限公司”这家公司；{known}",
            f"工作表“响应”A6：没有写是哪家公司；{known}",
            f"工作表“商品期限表”A7：没有“别家”这家公司；{known}",
        )
    )


def test_a_blank_that_came_after_the_export(tiny: Path) -> None:
    """An id that was put into the workbook by hand is refused, even where the project has it by now."""
    project = project_module.load(tiny)
    catalogue = dataclasses.replace(
        project.catalogue, blanks={**project.catalogue.blanks, "response.more": more(project)}
    )
    line = f"导出时示例有限公司（acme）没有“response.more”这一项；恢复原来的编号和公司，或者{AGAIN}"
    cells = {"响应!F7": "response.more"}
    spoilt = edited(exported(tiny, DAY, "acme"), lambda book: set_cells(book, cells))
    assert [f"工作表“响应”F7：{line}"] == [
        shown(each) for each in read(read_sheets(spoilt), catalogue).problems
    ]


def more(project: Project) -> Blank:
    """Return a blank that came after the export."""
    return dataclasses.replace(project.catalogue.blanks["response.onsite"], id="response.more")


def test_a_dealer_leaves_empty_what_its_base_says(tiny: Path) -> None:
    """What a dealer takes from its base stands beside an empty cell, and stays out of its file."""
    data = exported(tiny, DAY, "acme-east")
    sheet = openpyxl.load_workbook(io.BytesIO(data))["保修"]
    row = next(row for row in sheet.iter_rows(min_row=5, values_only=True) if "warranty.compensation" in row)
    assert ("违诺补偿", None, "元") == row[:3]
    assert str(row[4]).startswith("不填就沿用acme的：200元")
    assert [] == planned(tiny, data, DAY).amendments


def test_a_base_that_overtakes_its_dealer(tiny: Path) -> None:
    """What a change breaks in a company that builds on it is told, and the change may be written."""
    data = edited(
        exported(tiny, DAY, "acme"), lambda book: set_cells(book, {"响应!B5": 30, "响应!C5": "分钟"})
    )
    plan = planned(tiny, data, DAY)
    assert ["weaker-than-base"] == [problem.rule for problem in plan.aside]
    assert ["acme"] == [each.company for each in plan.amendments]


def test_a_draft_may_have_gaps(tiny: Path) -> None:
    """A draft is not held to what only a published company must have, nor yet to the law."""
    path = tiny / ACME
    (tiny / "variables" / "acme-east.yml").unlink()
    path.write_text("draft: true\n" + text_of(tiny), encoding="utf-8")
    before = text_of(tiny)
    cells = {"保修!B5": 5, "保修!B6": None}
    plan = planned(tiny, edited(exported(tiny, DAY, "acme"), lambda book: set_cells(book, cells)), DAY)
    assert [] == plan.problems
    lines = ["-  return_window: 15日", "-  repair_limit: 21日", "+  return_window: 5日"]
    assert lines == changed_lines(before, plan.amendments[0].after)


def test_a_file_with_errors_is_not_touched(tiny: Path, acme: bytes) -> None:
    """Where the variable file itself is wrong, its line is shown."""
    path = tiny / ACME
    path.write_text(text_of(tiny).replace("repairs: 2次", "repairs: 两次"), encoding="utf-8")
    said = "换货前的修理次数：“两次”不是数字加单位；写成如“2次”，单位可用：次 (wrong-kind)"
    assert [f"variables/acme.yml:25:12: {said}"] == refusal(tiny, acme)


# Files that are no workbook of ours.


def with_part(data: bytes, name: str, change: Callable[[bytes], bytes]) -> bytes:
    """Return a workbook with one part changed, or added."""
    with zipfile.ZipFile(io.BytesIO(data)) as file:
        parts = {each: file.read(each) for each in file.namelist()}
    return packed({**parts, name: change(parts.get(name, b""))})


BROKEN = "不完整或者已损坏，打不开；用 Excel 或者 WPS 打开后另存为 .xlsx，或者重新导出"
LARGE = "解开以后太大，不是 pledge sheet export 写出的文件；重新导出再填"
LOCKED = "加了密码，或者是旧的 .xls 格式；去掉密码，另存为 .xlsx"
STRANGE = "不是 Excel 文件；填写 pledge sheet export 写出的 .xlsx 文件"
NOT_OURS = "不是 pledge sheet export 写出的文件，或者缺了隐藏的工作表“pledge”；重新导出，把填好的值复制过去"
DTD = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>'
SHEET, TIMES = "xl/worksheets/sheet2.xml", "xl/worksheets/sheet5.xml"


def own(_data: bytes) -> bytes:
    """Return a workbook that somebody made by hand."""
    book, made = openpyxl.Workbook(), io.BytesIO()
    book.worksheets[0]["A1"] = "首次联系时限"
    book.save(made)
    return made.getvalue()


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (lambda _: b"", "里什么也没有；重新导出一份"),
        (lambda _: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), LOCKED),
        (lambda _: "项目,值\n首次联系时限,2小时\n".encode(), STRANGE),
        (lambda data: data[: len(data) // 2], BROKEN),
        (lambda _: packed({"word/document.xml": b"<a/>"}), STRANGE),
        (lambda _: packed({f"{number}.xml": b"" for number in range(2001)}), LARGE),
        (lambda data: with_part(data, "xl/media/a", lambda _: bytes(50_000_001)), LARGE),
        (lambda data: with_part(data, "xl/vbaProject.bin", lambda _: b"x"), "带有宏；另存为不带宏的 .xlsx"),
        (lambda data: with_part(data, SHEET, lambda part: DTD + part), BROKEN),
        (lambda data: with_part(data, "xl/workbook.xml", lambda part: DTD + part), BROKEN),
        (
            lambda data: with_part(data, TIMES, lambda part: part.replace(b'<c r="B5"', b'<c t="s" r="B5"')),
            BROKEN,
        ),
        (lambda data: with_part(data, SHEET, lambda part: part.replace(b'r="B5"', b'r="B0"')), BROKEN),
        (lambda data: with_part(data, TIMES, lambda part: part.replace(b"<v>", b"<v>x")), BROKEN),
        (lambda data: with_part(data, SHEET, lambda part: part[:-40]), BROKEN),
        (own, NOT_OURS),
    ],
)
def test_strange_files(acme: bytes, spoil: Callable[[bytes], bytes], said: str) -> None:
    """A file that is no workbook of ours says why and the way out."""
    with pytest.raises(SheetError) as error:
        read(read_sheets(spoil(acme)), project_module.load(TINY).catalogue)
    assert said == str(error.value)


@pytest.mark.parametrize("space", SPACES)
def test_cells_of_other_programs(space: str) -> None:
    """Shared, rich and formula texts, percentages and dates of every format are told apart."""
    sheet, chart = read_sheets(by_hand(space))
    assert {} == chart.cells
    assert {
        "A1": ("text", "甲"),
        "B1": ("text", "乙丙"),
        "C1": ("number", "2.5"),
        "D1": ("percent", "0.5"),
        "A2": ("date", "2026-12-01"),
        "B2": ("date", "2026-12-01"),
        "C2": ("number", "0.5"),
        "D2": ("date", "2026-12-01"),
        "E2": ("date", "46357.5"),
        "F2": ("date", "2026-12-01"),
        "A3": ("formula", "a"),
        "B3": ("odd", "TRUE"),
        "C3": ("odd", "#N/A"),
        "D3": ("text", "A"),
        "E3": ("date", "60"),
    } == {named(*at): (cell.kind, cell.text) for at, cell in sheet.cells.items()}


def test_dates_counted_from_1904() -> None:
    """A workbook of an old Mac counts its days from 1904."""
    sheet = read_sheets(by_hand(SPACES[0], '<workbookPr date1904="1"/>'))[0]
    assert "2030-12-02" == sheet.cells[2, 1].text


def test_a_size_that_lies(acme: bytes) -> None:
    """A part that unpacks to more than it declares is refused all the same."""
    data = with_part(acme, "xl/media/a", lambda _: bytes(1_000))
    name = data.rindex(b"xl/media/a") - 46
    lying = data[: name + 24] + (10).to_bytes(4, "little") + data[name + 28 :]
    assert read_sheets(lying)  # nobody reads it
    bomb = with_part(acme, SHEET, lambda part: part + b" " * 60_000_000)
    name = bomb.rindex(SHEET.encode()) - 46
    lying = bomb[: name + 24] + (10).to_bytes(4, "little") + bomb[name + 28 :]
    with pytest.raises(SheetError) as error:
        read_sheets(lying)
    assert str(error.value) in {BROKEN, LARGE}


def test_too_many_cells(acme: bytes) -> None:
    """More cells than any export has are not read."""
    rows = b"".join(b'<row r="%d">%s</row>' % (row, b"<c/>" * 1000) for row in range(100, 501))
    data = with_part(acme, SHEET, lambda part: part.replace(b"</sheetData>", rows + b"</sheetData>"))
    with pytest.raises(SheetError) as error:
        read_sheets(data)
    assert LARGE == str(error.value)


def test_a_cell_far_away_costs_nothing(tiny: Path, acme: bytes) -> None:
    """A single cell in the last row is refused as one that does not belong, not walked to."""
    row = b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'
    data = with_part(acme, SHEET, lambda part: part.replace(b"</sheetData>", row))
    assert ["工作表“公司”XFD1048576：这一格不在表内，不会读入；删去它 (sheet-cell)"] == refusal(tiny, data)


def test_an_address_that_became_a_link(tiny: Path, acme: bytes) -> None:
    """Excel makes a link of an address: what counts is the text in the cell."""

    def link(book: Workbook) -> None:
        cell = book["联系渠道"]["B7"]
        cell.value, cell.hyperlink = "help@example.com", "mailto:other@example.com"

    plan = planned(tiny, edited(acme, link), DAY)
    lines = ["-  email: service@example.com", "+  email: help@example.com"]
    assert lines == changed_lines(plan.amendments[0].before, plan.amendments[0].after)


def tried(data: bytes) -> str:
    """Return what a file gives: the message by which it is refused, or that it was read."""
    try:
        read(read_sheets(data), project_module.load(TINY).catalogue)
    except SheetError as error:
        return str(error)
    return "read"


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.binary(max_size=400), at=st.integers(0, 10**6), whole=st.booleans())
def test_any_bytes_give_a_message(acme: bytes, data: bytes, at: int, *, whole: bool) -> None:
    """Any bytes as a file or in the midst of a workbook are read or refused, never a traceback."""
    at %= len(acme)
    spoilt = data if whole else acme[:at] + data + acme[at + len(data) :]
    assert tried(spoilt)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    data=st.binary(min_size=1, max_size=12), at=st.integers(0, 10**6), part=st.sampled_from(["2", "5", "8"])
)
def test_any_bytes_in_a_part_give_a_message(acme: bytes, data: bytes, at: int, part: str) -> None:
    """The same for the XML of a sheet, where the zip file itself is whole."""

    def spoil(old: bytes) -> bytes:
        start = at % len(old)
        return old[:start] + data + old[start + len(data) :]

    assert tried(with_part(acme, f"xl/worksheets/sheet{part}.xml", spoil))


# The commands.


@pytest.fixture
def standing(tiny: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Stand in a copy of the tiny project."""
    monkeypatch.chdir(tiny)
    return tiny


def files(root: Path) -> dict[str, bytes]:
    """Return every file of the variables, by name."""
    return {path.name: path.read_bytes() for path in (root / "variables").iterdir()}


def test_commands(capsys: pytest.CaptureFixture[str], standing: Path) -> None:
    """The way of a figure: out to Excel, changed there, shown as better or weaker, written."""
    assert (0, "已写入 a.xlsx（1家公司）\n", "") == ran(capsys, "sheet", "export", "acme", "-o", "a.xlsx")
    assert (0, "", "表格里没有改动。\n") == ran(capsys, "sheet", "import", "a.xlsx")
    cells = {"保修!B8": 300, "版本!B5": "2026.2", "商品期限表!E6": 30}
    changed = edited((standing / "a.xlsx").read_bytes(), lambda book: set_cells(book, cells))
    (standing / "a.xlsx").write_bytes(changed)
    before = files(standing)
    code, out, err = ran(capsys, "sheet", "import", "a.xlsx")
    assert (2, "没有写入；看过改动以后加上 --yes 再运行，或者在终端里运行。\n") == (code, err)
    assert before == files(standing)
    assert out.startswith("acme（示例有限公司）：2项变好\n")
    assert "\n  变好　商品期限表（水壶：上门费）　{+30元+}\n" in out
    assert "\n  变好　违诺补偿　[-200元-]{+300元+}\n" in out
    assert out.endswith(
        "acme 另有不涉及承诺的改动：\n  版本号　2026.1 → 2026.2\n共改3处；对客户：4项变好（2家公司合计）。\n"
    )
    shutil.copytree(standing, standing.parent / "old")
    code, out, err = ran(capsys, "sheet", "import", "a.xlsx", "--yes")
    assert (0, "") == (code, err)
    promises, _, rest = out.partition("acme 另有")
    assert rest.endswith("已写入 variables/acme.yml（3处）\n")
    assert promises == ran(capsys, "diff", str(standing.parent / "old"))[1]
    assert (0, "", "表格里没有改动。\n") == ran(capsys, "sheet", "import", "a.xlsx")


def test_a_filled_workbook_is_not_written_over(capsys: pytest.CaptureFixture[str], standing: Path) -> None:
    """What stands may hold values that were not read back yet."""
    (standing / "a.xlsx").write_bytes(b"filled")
    said = "已经有 a.xlsx，没有写出：里面可能有还没有读回的值。换一个文件名，或者先移走它。\n"
    assert (2, "", said) == ran(capsys, "sheet", "export", "acme", "-o", "a.xlsx")
    assert b"filled" == (standing / "a.xlsx").read_bytes()


def test_refused_import_writes_nothing(
    capsys: pytest.CaptureFixture[str], standing: Path, acme: bytes
) -> None:
    """A wrong cell, a wrong file and a wrong name end without a byte changed."""
    before = files(standing)
    (standing / "a.xlsx").write_bytes(
        edited(acme, lambda book: set_cells(book, {"保修!B5": 5, "保修!B8": 300}))
    )
    said = (
        "工作表“保修”B5：退货期5日达不到《示例退货法》第一条：下限7日，相差2日；改为不低于7日 (below-law)\n"
    )
    assert (1, "", f"{said}1个问题，什么也没有写入。\n") == ran(capsys, "sheet", "import", "a.xlsx", "--yes")
    (standing / "b.xlsx").write_text("项目,值", encoding="utf-8")
    assert (2, "", f"b.xlsx {STRANGE}。\n") == ran(capsys, "sheet", "import", "b.xlsx", "--yes")
    said = "读不了 c.xlsx（没有这个文件）；检查文件名和权限。\n"
    assert (2, "", said) == ran(capsys, "sheet", "import", "c.xlsx", "--yes")
    (standing / "d.xlsx").mkdir()
    said = "d.xlsx 不是文件；写填好的 .xlsx 文件。\n"
    assert (2, "", said) == ran(capsys, "sheet", "import", "d.xlsx")
    assert before == files(standing)


@pytest.mark.parametrize(
    ("answer", "code", "end"),
    [
        ("是", 0, "已写入 variables/acme.yml（1处）"),
        ("", 2, "没有写入。"),
        ("不", 2, "没有写入。"),
        ("\x03", 2, "没有写入。"),
    ],
)
def test_a_person_at_the_terminal_is_asked(
    standing: Path, acme: bytes, answer: str, code: int, end: str
) -> None:
    """On a terminal the question comes after the changes, and only a yes writes."""
    (standing / "a.xlsx").write_bytes(edited(acme, lambda book: set_cells(book, {"保修!B8": 300})))
    ours, theirs = pty.openpty()
    words = [str(Path(sys.executable).parent / "pledge"), "sheet", "import", "a.xlsx"]
    with subprocess.Popen(words, stdin=theirs, stdout=subprocess.PIPE, stderr=subprocess.STDOUT) as running:
        os.write(ours, f"{answer}\n".encode())
        said = running.communicate()[0].decode()
    os.close(ours)
    os.close(theirs)
    assert code == running.returncode
    assert said.index("违诺补偿") < said.index("写入这些改动吗？写“是”再按回车") < said.rindex(end)
    assert ("compensation: 300元" in text_of(standing)) == (code == 0)


HELP = "\npledge sheet --help 有说明。\n"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["export", "-o", "a.xlsx"], "写明一家公司，或者用 --all 写出全部公司；两者选一种。\n"),
        (
            ["export", "acme", "--all", "-o", "a.xlsx"],
            "写明一家公司，或者用 --all 写出全部公司；两者选一种。\n",
        ),
        (["export", "acme", "-o", "a.csv"], "a.csv 不是 .xlsx；文件名写成如 数值.xlsx。\n"),
        (
            ["export", "acne", "-o", "a.xlsx"],
            "没有“acne”这家公司（是不是“acme”？）；variables/ 下有：acme-east、acme\n",
        ),
        (["export", "acme"], "缺少-o\npledge sheet export --help 有说明。\n"),
        (
            ["exprt"],
            f"没有“exprt”这个命令（是不是“export”？）；可用的有：export、import{HELP}",
        ),
    ],
)
def test_wrong_words(capsys: pytest.CaptureFixture[str], standing: Path, words: list[str], said: str) -> None:
    """What could not run says why, and leaves no file."""
    assert (2, "", said) == ran(capsys, "sheet", *words)
    assert not list(standing.glob("a.*"))


def test_export_of_a_broken_file(capsys: pytest.CaptureFixture[str], standing: Path) -> None:
    """A value that cannot be read cannot go out: its line is shown."""
    path = standing / ACME
    path.write_text(text_of(standing).replace("repairs: 2次", "repairs: 两次"), encoding="utf-8")
    code, out, err = ran(capsys, "sheet", "export", "acme", "-o", "a.xlsx")
    assert (1, "") == (code, out)
    assert err.startswith("variables/acme.yml:25:12: 换货前的修理次数：“两次”不是数字加单位；")
    assert err.endswith("\n变量文件有读不出的值，没有写出；先改正它们。\n")


def test_all_files_or_none(tiny: Path) -> None:
    """Where one file cannot be written, those before it are as they were, and nothing lies beside them."""
    names = ("acme", "acme-east")
    texts = {name: text_of(tiny, f"variables/{name}.yml") for name in names}
    amendments = [Amendment(name, f"variables/{name}.yml", texts[name], "x", []) for name in names]
    before = files(tiny)
    (tiny / "variables" / ".acme-east.yml.new").mkdir()
    with pytest.raises(OSError, match=r"\.acme-east\.yml\.new"):
        write(tiny, amendments)
    (tiny / "variables" / ".acme-east.yml.new").rmdir()
    assert before == files(tiny)
    (tiny / "variables" / "acme-east.yml").write_text("base: acme\n", encoding="utf-8")
    before = files(tiny)
    with pytest.raises(FileExistsError, match=r"variables/acme-east\.yml"):
        write(tiny, amendments)
    assert before == files(tiny)
    write(tiny, amendments[:1])
    assert "x" == text_of(tiny)


def test_a_swap_that_fails_is_undone(tiny: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the second of two files cannot be put in place, the first is put back."""
    names = ("acme", "acme-east")
    texts = {name: text_of(tiny, f"variables/{name}.yml") for name in names}
    amendments = [Amendment(name, f"variables/{name}.yml", texts[name], "x", []) for name in names]
    before, replace = files(tiny), Path.replace

    def failing(path: Path, target: Path) -> Path:
        if target.name == "acme-east.yml":
            raise OSError(28, "no space")
        return replace(path, target)

    monkeypatch.setattr(Path, "replace", failing)
    with pytest.raises(OSError, match="no space"):
        write(tiny, amendments)
    assert before == files(tiny)


SOFFICE = shutil.which("soffice")


@pytest.mark.more
@pytest.mark.skipif(SOFFICE is None, reason="没有 LibreOffice；安装：apt-get install libreoffice-calc")
def test_libreoffice_saves_the_same(tmp_path: Path, today: datetime.date) -> None:
    """A workbook that LibreOffice opened and saved changes nothing, and what is changed in it is read."""
    root = HERE.parent
    (tmp_path / "in.xlsx").write_bytes(exported(root, today, *paths(root)))
    subprocess.run(
        [
            str(SOFFICE),
            f"-env:UserInstallation=file://{tmp_path / 'home'}",
            "--headless",
            "--convert-to",
            "xlsx:Calc MS Excel 2007 XML",
            "--outdir",
            str(tmp_path / "out"),
            str(tmp_path / "in.xlsx"),
        ],
        check=True,
        capture_output=True,
        timeout=180,
    )
    saved = (tmp_path / "out" / "in.xlsx").read_bytes()
    plan = planned(root, saved, today)
    assert ([], []) == (plan.amendments, plan.problems)
    changed = edited(saved, lambda book: fill(book, "it-services", "remedy.minimum", 400))
    amendments = planned(root, changed, today).amendments
    assert [["-remedy: {minimum: 300元", "+remedy: {minimum: 400元"]] == [
        [line.split(",")[0] for line in changed_lines(each.before, each.after)] for each in amendments
    ]
