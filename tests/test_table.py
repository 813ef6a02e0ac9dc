"""Companies side by side: the same units, what is missing, who is better than the base, and bad input."""

from __future__ import annotations

import io
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest
from commands import ran
from copies import ROOT, copied
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook

from pledge import project as project_module
from pledge import table as table_module
from pledge.export.table_xlsx import workbook
from pledge.quantity import FAMILIES, Quantity
from pledge.read import Place
from pledge.table import Line, Table, as_markdown, as_text, rows, summary, table
from pledge.typed import Value

if TYPE_CHECKING:
    from pathlib import Path

PROJECT = project_module.load(ROOT)
KNOWN = "variables/ 下有：appliances-east、appliances、it-services、online-shop"
MADE = Table(
    ("甲公司", "乙店", "丙"),
    (
        Line("首次联系时限", ("120分钟", "90分钟", "未承诺"), ("", "更好", "较差")),
        Line("a|b", ("<1>", "*2*", "3_"), ("", "不同", "")),
    ),
    has_base=True,
)


def sample(*names: str, base: str = "") -> Table:
    """Return the table of sample companies."""
    found = [PROJECT.company(name) for name in names]
    return table(PROJECT, found, PROJECT.company(base) if base else None)


def line(made: Table, label: str) -> Line:
    """Return the promise called *label*."""
    [found] = [each for each in made.lines if each.label == label]
    return found


def test_text_lines_up_though_characters_are_wide() -> None:
    """A Chinese character takes two columns."""
    assert (
        "承诺          甲公司（基准）  乙店            丙\n"
        "────────────  ──────────────  ──────────────  ──────────────\n"
        "首次联系时限  120分钟         90分钟（更好）  未承诺（较差）\n"
        "a|b           <1>             *2*（不同）     3_\n"
        "\n"
        "乙店更好的有1项：首次联系时限。\n"
        "乙店较差的有0项。\n"
        "丙更好的有0项。\n"
        "丙较差的有1项：首次联系时限。"
    ) == as_text(MADE)


def test_long_cells_are_folded() -> None:
    """A name takes 36 columns, a cell 24; no line begins or ends with a sign that should not."""
    made = Table(("甲", "乙"), (Line("限制" * 10, ("送修" * 6 + "，再上门", "退换" * 5 + "货（整机）")),))
    assert (
        "承诺                                  甲                          乙\n"
        "────────────────────────────────────  ──────────────────────────  ──────────────────────\n"
        "限制限制限制限制限制限制限制限制限制  送修送修送修送修送修送修，  退换退换退换退换退换货\n"
        "限制                                  再上门                      （整机）"
    ) == as_text(made)


def test_markdown_is_harmless() -> None:
    """Nothing in a company's text ends a cell or is markup."""
    assert (
        "| 承诺 | 甲公司（基准） | 乙店 | 丙 |\n"
        "| --- | --- | --- | --- |\n"
        "| 首次联系时限 | 120分钟 | 90分钟（更好） | 未承诺（较差） |\n"
        "| a\\|b | \\<1\\> | \\*2\\*（不同） | 3\\_ |\n"
        "\n"
        "乙店更好的有1项：首次联系时限。\n"
        "乙店较差的有0项。\n"
        "丙更好的有0项。\n"
        "丙较差的有1项：首次联系时限。"
    ) == as_markdown(MADE)


def test_a_workbook_holds_the_same_as_text() -> None:
    """Cells are text, never formulas; what is better and what is weaker has a colour."""
    formula = Table(("=1+1",), (Line("=A1", ("=2",)),))
    sheet = load_workbook(io.BytesIO(workbook(formula))).worksheets[0]
    assert [("承诺", "=1+1"), ("=A1", "=2")] == [tuple(cell.value for cell in row) for row in sheet.rows]
    assert {"s"} == {cell.data_type for row in sheet.rows for cell in row}
    sheet = load_workbook(io.BytesIO(workbook(MADE))).worksheets[0]
    assert rows(MADE) == [[cell.value for cell in row] for row in sheet.rows]
    assert ["00000000", "00E2F0E4", "00FBE5E0"] == [cell.fill.start_color.rgb for cell in sheet[2][1:]]


@pytest.mark.parametrize(
    ("label", "texts", "standings"),
    [
        ("首次联系时限", ("120分钟", "60分钟", "30分钟"), ("", "更好", "更好")),
        ("重大投诉处理时限", ("5日", "5日", "3日"), ("", "", "更好")),
        ("投诉首次答复时限", ("2个工作日", "2个工作日", "24小时"), ("", "", "更好")),
        ("价格保护期", ("30日", "未承诺", "未承诺"), ("", "较差", "较差")),
        ("未履行承诺的补偿（一般情形）", ("100元", "100元", "50元"), ("", "", "较差")),
        (
            "线下无理由退货条件",
            ("商品完好、配件齐全、持有任一购买凭证", "商品完好、配件齐全、持有任一购买凭证", "未承诺"),
            ("", "", "不同"),
        ),
    ],
)
def test_samples_beside_their_base(label: str, texts: tuple[str, ...], standings: tuple[str, ...]) -> None:
    """Amounts are in one unit, what one lacks is said, and each is judged beside the base."""
    found = line(sample("appliances-east", "online-shop", base="appliances"), label)
    assert (texts, standings) == (found.texts, found.standings)


def test_without_a_base_nobody_is_judged() -> None:
    """Two companies side by side have no standing, and the same texts."""
    made, judged = sample("appliances", "online-shop"), sample("online-shop", base="appliances")
    assert {()} == {each.standings for each in made.lines}
    assert [(each.label, each.texts) for each in judged.lines] == [
        (each.label, each.texts) for each in made.lines
    ]
    assert rows(made)[0] == ["承诺", "示例家电", "示例优选"]


def test_companies_of_one_name_are_told_apart() -> None:
    """Two companies may be called the same; their ids are not."""
    twin = PROJECT.company("appliances")
    twin.id = "twin"
    made = table(PROJECT, [PROJECT.company("appliances"), twin, PROJECT.company("online-shop")])
    assert ("示例家电（appliances）", "示例家电（twin）", "示例优选") == made.names


def test_only_what_a_page_says_is_promised() -> None:
    """A value that no published page prints is no promise of the company."""
    company = PROJECT.company("appliances")
    company.publish = ("returns",)
    made = table(PROJECT, [company, PROJECT.company("it-services")])
    assert "未承诺" == line(made, "月可用率").texts[0]
    assert "未承诺" != line(made, "月可用率").texts[1]


def test_the_summary_counts_what_the_lines_say() -> None:
    """Who is better than the base and where, from the lines themselves."""
    made = sample("online-shop", base="appliances")
    for standing in ("更好", "较差"):
        labels = [each.label for each in made.lines if each.standings[1] == standing]
        assert f"示例优选{standing}的有{len(labels)}项：{'、'.join(labels)}。" in summary(made)


AMOUNTS = st.tuples(st.integers(1, 500), st.sampled_from(sorted(FAMILIES))).map(
    lambda pair: Quantity(Decimal(pair[0]), pair[1])
)


@given(st.lists(AMOUNTS, min_size=1, max_size=4))
def test_a_common_unit_changes_no_amount(amounts: list[Quantity]) -> None:
    """What is shown is as much as what was written, in one unit where there is one."""
    blank = next(each for each in PROJECT.catalogue.blanks.values() if each.kind == "duration")
    values = [Value(blank, amount, Place("x")) for amount in amounts]
    unit = table_module._common(amounts)  # noqa: SLF001  the texts alone do not tell the unit
    if unit:
        assert [amount.base for amount in amounts] == [table_module._in(each, unit).base for each in amounts]  # noqa: SLF001
    else:
        assert [value.text for value in values] == list(table_module._texts(values))  # noqa: SLF001


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a copy of the project, and stand in it."""
    made = copied(tmp_path / "project")
    monkeypatch.chdir(made)
    return made


@pytest.mark.usefixtures("root")
def test_all_companies_are_laid_side_by_side(capsys: pytest.CaptureFixture[str]) -> None:
    """Without names every company but the drafts."""
    code, out, err = ran(capsys, "table")
    assert (0, "") == (code, err)
    assert ["承诺", "示例家电城东店", "示例家电", "示例信息", "示例优选"] == out.splitlines()[0].split()


@pytest.mark.parametrize(
    ("name", "start"),
    [
        ("a.xlsx", b"PK"),
        ("A.XLSX", b"PK"),
        ("a.md", b"| "),
        ("a.txt", "承诺 ".encode()),
        ("a", "承诺 ".encode()),
    ],
)
def test_the_ending_of_a_file_tells_its_form(
    root: Path, capsys: pytest.CaptureFixture[str], name: str, start: bytes
) -> None:
    """Nobody finds text in a file that is called a workbook."""
    code, out, _ = ran(capsys, "table", "appliances", "online-shop", "-o", name)
    assert (0, "") == (code, out)
    assert (root / name).read_bytes().startswith(start)


def test_a_file_is_written_whole(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The form and the place are named; a folder that is missing is told."""
    words = ("appliances", "online-shop", "--format", "xlsx", "-o")
    code, out, err = ran(capsys, "table", *words, str(root / "a.xlsx"))
    count = len(sample("appliances", "online-shop").lines)
    assert (0, "", f"已写入 {root / 'a.xlsx'}（{count}项承诺，2家公司）\n") == (code, out, err)
    assert count + 1 == len(list(load_workbook(root / "a.xlsx").worksheets[0].rows))
    code, out, err = ran(capsys, "table", *words, str(root / "none" / "a.xlsx"))
    assert (2, "") == (code, out)
    assert err.startswith(f"写不了 {root / 'none' / 'a.xlsx'}（")


@pytest.mark.usefixtures("root")
@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (["--format", "xlsx"], 2, "xlsx 不能显示在终端里；用 -o 写明文件名。\n"),
        (
            ["-o", "a.docx"],
            2,
            "a.docx 的结尾不是这里能写的；写成 .md、.txt、.xlsx 中的一种，或者加上 --format。\n",
        ),
        (
            ["--format", "text", "-o", "a.xlsx"],
            2,
            "--format text 与文件名的结尾“.xlsx”不是一种；改其中一个。\n",
        ),
        (
            ["nosuch"],
            2,
            f"没有“nosuch”这家公司；{KNOWN}\n",
        ),
        (
            ["appliances", "--base", "applances"],
            2,
            f"没有“applances”这家公司（是不是“appliances”？）；{KNOWN}\n",
        ),
    ],
)
def test_wrong_words(capsys: pytest.CaptureFixture[str], words: list[str], code: int, said: str) -> None:
    """They are answered with what to write instead."""
    assert (code, "", said) == ran(capsys, "table", *words)


def test_a_company_with_errors_is_not_laid_out(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A value that cannot be read would stand as not promised, so the list comes instead."""
    path = root / "variables" / "online-shop.yml"
    path.write_text(path.read_text(encoding="utf-8").replace("first_contact: ", "first_contact: 两"), "utf-8")
    code, out, err = ran(capsys, "table", "appliances", "online-shop")
    assert (1, "") == (code, out)
    assert err.endswith("个问题，没有列出对照；先改正它们。\n")
    assert "variables/online-shop.yml" in err
