"""The comparison as files: one page that needs nothing else, and a Word document with tracked changes."""

from __future__ import annotations

import base64
import datetime
import hashlib
import io
import re
import zipfile
from collections import Counter
from dataclasses import replace
from pathlib import Path

import docx
import pytest
from bs4 import BeautifulSoup, Tag
from docx.oxml.ns import qn
from hypothesis import example, given, settings
from hypothesis import strategies as st

from pledge import project as project_module
from pledge.article import Writer
from pledge.change import CompanyChange, Finding, Spoken, TextChange
from pledge.export.redline_docx import document
from pledge.export.redline_html import page
from pledge.render import Filling
from pledge.transcript import HEADING, ITEM, PARAGRAPH, TABLE, TITLE, Block, spoken

HERE = Path(__file__).parent
WHEN = datetime.datetime(2026, 11, 22, 10, 30)  # noqa: DTZ001  the clock on the wall, as Word writes it
HOSTILE = "<script>alert(1)</script>“&quot;\u202e"

OLD = [
    Block(TITLE, "保障书"),
    Block(HEADING, "服务", id="service", number="1.", level=1),
    Block(ITEM, "我方自收到请求时起2小时内联系。", id="first", number="(1)", level=2),
    Block(ITEM, "我方免费提供记录。", id="record", number="(2)", level=2),
    Block(ITEM, "工作人员不得收取财物。", id="fees", number="(3)", level=2),
    Block(ITEM, "我方说明理由。", id="reason", number="(4)", level=2),
    Block(HEADING, "分级", id="levels", number="2.", level=1),
    Block(TABLE, "分级表", rows=(("级别", "时限"), ("一级", "1日"), ("二级", "2日"), ("三级", "3日"))),
    Block(HEADING, "附则", id="rest", number="3.", level=1),
    Block(ITEM, "本保障书自公布之日起施行。", id="start", number="(1)", level=2),
    Block(ITEM, "以前的保障书同时废止。", id="end", number="(2)", level=2),
]
NEW = [
    *OLD[:2],
    replace(OLD[5], number="(1)"),
    replace(OLD[2], number="(2)", text="我方自收到请求时起24小时内联系。"),
    Block(ITEM, "我方公布结果。", id="publish", number="(3)", level=2, notice=True),
    replace(OLD[3], number="(4)"),
    OLD[6],
    replace(
        OLD[7], rows=(("级别", "时限"), ("一级", "2日"), ("二级", "2日"), ("三级", "3日"), ("四级", "9日"))
    ),
    *OLD[8:],
]
FINDING = Finding(
    company="acme",
    subject="service.first",
    label="首次联系时限",
    before="2小时",
    after="24小时",
    verdict="weaker",
    rule="promise-weaker",
    item="一级 时限",
    spoken=(Spoken("charter", "管理规范型", "first", "1.(2)"), Spoken("other", "其他", "x", "9")),
)


def company(old: list[Block], new: list[Block], *findings: Finding) -> CompanyChange:
    """Return the change of one company with one text."""
    return CompanyChange("acme", "示例公司", list(findings), [TextChange("charter", "管理规范型", old, new)])


CHANGE = company(OLD, NEW, replace(FINDING, verdict="better", label="另一项", item=""), FINDING)


def read(*changes: CompanyChange) -> BeautifulSoup:
    """Return the page of *changes*, parsed."""
    return BeautifulSoup(page(list(changes), "承诺改动对照"), "html.parser")


def words(tag: Tag | None) -> str:
    """Return the text of an element, with gone and new words in brackets."""
    assert tag is not None
    copy = BeautifulSoup(str(tag), "html.parser")
    for name, before, after in (("del", "[-", "-]"), ("ins", "{+", "+}")):
        for element in copy.find_all(name):
            element.replace_with(f"{before}{element.get_text()}{after}")
    return " ".join(copy.get_text("").split())


def test_the_page_needs_nothing_else() -> None:
    """The page has no script and no address, and its policy allows its own style only."""
    soup = read(CHANGE)
    style = soup.find("style")
    policy = soup.find("meta", attrs={"http-equiv": "Content-Security-Policy"})
    assert isinstance(style, Tag)
    assert isinstance(policy, Tag)
    digest = base64.b64encode(hashlib.sha256(style.get_text().encode()).digest()).decode()
    assert (
        f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
        == policy["content"]
    )
    assert [] == soup.find_all(["script", "link", "img", "iframe", "form"])
    assert not re.search(r"https?:|url\(|@import| style=| on\w+=", str(soup))
    assert '<!doctype html>\n<html lang="zh-CN">\n<head>\n<meta charset="utf-8">' in page([CHANGE], "x")


def test_the_same_changes_give_the_same_page() -> None:
    """A page depends on nothing but the changes."""
    assert page([CHANGE], "对照") == page([company(list(OLD), list(NEW), *CHANGE.findings)], "对照")


def test_findings_come_gravest_first() -> None:
    """A finding is a row with the words for the customer, the gravest first, and leads to its clause."""
    soup = read(CHANGE)
    rows = [[words(cell) for cell in row.find_all(["th", "td"])] for row in soup.select(".findings tr")]
    assert [
        ["事项", "原来", "现在", "对客户", "依据规则", "位置"],
        [
            "首次联系时限一级 时限",
            "[-2小时-]",
            "{+24小时+}",
            "变差",
            "promise-weaker",
            "管理规范型 1.(2)其他 9",
        ],
        ["另一项", "[-2小时-]", "{+24小时+}", "变好", "promise-weaker", "管理规范型 1.(2)其他 9"],
    ] == rows
    link = soup.select_one(".findings a")
    assert isinstance(link, Tag)
    assert "(1)(2) 我方自收到请求时起[-2小时-]{+24小时+}内联系。".replace(
        "(1)(2) ", "[-(1)-]{+(2)+}"
    ) == words(soup.find(id=str(link["href"])[1:]))


def test_the_clauses_at_first_look() -> None:
    """Changed clauses stand under their headings; runs of unchanged ones are folded away and counted."""
    body = read(CHANGE).select_one("article")
    assert isinstance(body, Tag)
    assert [
        "管理规范型",
        "修改1条，新增1条，删去1条，移动1条，只改编号2条",
        "1.服务",
        "[-(4)-]{+(1)+}我方说明理由。 已移动 只改编号",
        "[-(1)-]{+(2)+}我方自收到请求时起[-2小时-]{+24小时+}内联系。",
        "{+(3)+}{+提示+} {+我方公布结果。+} 新增",
        "[-(2)-]{+(4)+}我方免费提供记录。 只改编号",
        "[-(3)-][-工作人员不得收取财物。-] 删去",
        "2.分级",
        "分级表级别时限一级[-1日-]{+2日+}未改动的2行二级｜2日三级｜3日{+四级+}{+9日+}",
        "未改动的3条3.附则 (1)本保障书自公布之日起施行。 (2)以前的保障书同时废止。",
    ] == [words(child) for child in body.find_all(recursive=False) if isinstance(child, Tag)]


PUBLISHED = {"new": ([], NEW, "管理规范型 新公布"), "gone": (OLD, [], "管理规范型 不再公布")}


@pytest.mark.parametrize(("old", "new", "expected"), PUBLISHED.values(), ids=PUBLISHED)
def test_a_whole_text_comes_or_goes(old: list[Block], new: list[Block], expected: str) -> None:
    """A text that is published for the first time, or no longer, says so and stands there whole."""
    soup = read(company(old, new))
    assert expected == words(soup.select_one("article h3"))
    shown = len(soup.select("article > .block"))
    assert len(old or new) == shown
    assert [] == soup.select("article > details")


COLUMNS = Block(TABLE, "分级表", rows=(("级别", "时限"), ("一级", "1日"), ("二级", "2日")))
WIDER = replace(COLUMNS, rows=(("级别", "时限", "说明"), ("一级", "1日", "急"), ("二级", "2日", "缓")))


def test_a_table_with_other_columns() -> None:
    """A table that got a column is redlined cell by cell on the page, and replaced whole in the document."""
    change = company([COLUMNS], [WIDER])
    expected = "分级表级别时限{+说明+}一级1日{+急+}二级2日{+缓+}"
    assert expected == words(read(change).select_one(".block.table"))
    data = document([change], "法务部", WHEN)
    assert ["示例公司", *lines([WIDER])] == resolved(data, accept=True)
    assert ["示例公司", *lines([COLUMNS])] == resolved(data, accept=False)


def test_a_single_unchanged_row() -> None:
    """One unchanged row of a changed table is shown as it is."""
    changed = replace(COLUMNS, rows=(*COLUMNS.rows[:2], ("二级", "3日")))
    table = read(company([COLUMNS], [changed])).select_one(".block.table")
    assert "分级表级别时限一级1日二级[-2日-]{+3日+}" == words(table)


def test_links_and_ids() -> None:
    """Every id of a page is there once, and every link leads to one."""
    soup = read(CHANGE, company(NEW, OLD, FINDING), company(OLD, OLD))
    ids = [str(tag["id"]) for tag in soup.find_all(id=True)]
    assert [] == [name for name, count in Counter(ids).items() if count > 1]
    assert {str(link["href"])[1:] for link in soup.find_all("a")} <= set(ids)
    assert ["示例公司", "管理规范型"] * 3 == [link.get_text() for link in soup.select("nav a")]


def test_nothing_to_say() -> None:
    """Without changes the page says so, and so does a company without findings."""
    assert "没有改动。" == words(read().select_one("main > .none"))
    assert "没有需要列出的承诺改动，只有文字改动。" == words(
        read(company(OLD, NEW)).select_one("section > .none")
    )


def test_company_text_is_only_text() -> None:
    """Names, findings and clauses are shown as they are written; nothing hidden is left in them."""
    block = Block(ITEM, HOSTILE, id=HOSTILE, number=HOSTILE, level=2)
    finding = Finding(HOSTILE, HOSTILE, HOSTILE, "", HOSTILE, "weaker", HOSTILE, item=HOSTILE)
    finding = replace(finding, spoken=(Spoken("x", HOSTILE, HOSTILE, HOSTILE),))
    table = Block(TABLE, HOSTILE, rows=((HOSTILE,), (HOSTILE,)))
    change = CompanyChange(HOSTILE, HOSTILE, [finding], [TextChange("x", HOSTILE, [], [block, table])])
    text = page([change, change], HOSTILE)
    soup = BeautifulSoup(text, "html.parser")
    assert [] == soup.find_all("script")
    assert "\u202e" not in text
    assert HOSTILE.replace("\u202e", "\ufffd") == words(soup.find("h1"))


def resolved(data: bytes, *, accept: bool) -> list[str | tuple[str, ...]]:
    """Return the paragraphs and rows that remain when every change is accepted, or every one rejected."""
    gone = qn("w:del" if accept else "w:ins")
    found: list[str | tuple[str, ...]] = []
    before = ""
    for element in docx.Document(io.BytesIO(data)).element.body:
        if element.tag == qn("w:p"):
            before += _text(element, gone)
            if element.find(f"{qn('w:pPr')}/{qn('w:rPr')}/{gone}") is None:
                found.append(before)
                before = ""
        elif element.tag == qn("w:tbl"):
            assert "" == before
            rows = (row for row in element.iter(qn("w:tr")) if row.find(f"{qn('w:trPr')}/{gone}") is None)
            found += [tuple(_text(cell, gone) for cell in row.iter(qn("w:tc"))) for row in rows]
    return found


def _text(element, gone: str) -> str:  # type: ignore[no-untyped-def]  # noqa: ANN001  an lxml element
    texts = (part for part in element.iter(qn("w:t"), qn("w:delText")))
    return "".join(
        part.text or "" for part in texts if gone not in {above.tag for above in part.iterancestors()}
    )


def lines(blocks: list[Block]) -> list[str | tuple[str, ...]]:
    """Return the paragraphs and rows that a text has in a document; an empty head is not printed."""
    found: list[str | tuple[str, ...]] = []
    for block in blocks:
        found.append(spoken(replace(block, rows=())))
        found += [row for at, row in enumerate(block.rows) if at or any(row)]
    return found


@pytest.mark.parametrize(("old", "new"), [(OLD, NEW), (NEW, OLD), ([], NEW), (OLD, [])])
def test_accepting_gives_the_new_text_and_rejecting_the_old(old: list[Block], new: list[Block]) -> None:
    """Accepting all changes leaves the new text, rejecting all the old one, under the company's name."""
    data = document([company(old, new)], "法务部", WHEN)
    assert ["示例公司", *lines(new)] == resolved(data, accept=True)
    assert ["示例公司", *lines(old)] == resolved(data, accept=False)


TEXT = st.text('我方客户，,。7日2小 A<&“"', max_size=12).map(str.strip)
ROW = st.tuples(TEXT, TEXT)
BLOCKS = st.lists(
    st.one_of(
        st.builds(
            Block,
            st.just(ITEM),
            TEXT,
            st.sampled_from("abcd"),
            st.sampled_from(["(1)", "一、", ""]),
            st.just(2),
        ),
        st.builds(Block, st.just(HEADING), TEXT, st.sampled_from("efg"), st.just("1."), st.integers(1, 9)),
        st.builds(Block, st.just(PARAGRAPH), TEXT, notice=st.booleans()),
        st.builds(lambda text, rows: Block(TABLE, text, rows=tuple(rows)), TEXT, st.lists(ROW, max_size=4)),
        st.builds(lambda text, row: Block(TABLE, text, rows=((*row, ""), (*row, "x"))), TEXT, ROW),
    ),
    max_size=8,
)


@example(
    [Block(TABLE, "", rows=(("", ""), ("甲", "乙")))], [Block(TABLE, "", rows=(("项", ""), ("甲", "乙")))]
)
@settings(max_examples=60, deadline=None)
@given(BLOCKS, BLOCKS)
def test_any_two_texts_can_be_accepted_or_rejected(old: list[Block], new: list[Block]) -> None:
    """Whatever was added, removed, moved or renumbered, both texts can be had from the document."""
    data = document([company(old, new)], "法务部", WHEN)
    assert ["示例公司", *lines(new)] == resolved(data, accept=True)
    assert ["示例公司", *lines(old)] == resolved(data, accept=False)


def test_a_real_variant(today: datetime.date) -> None:
    """A variant of the tiny project, with other amounts and marks, comes out of both files whole."""
    project = project_module.load(HERE / "project")
    writer = Writer(Filling(project, project.company("acme"), today))
    old = writer.article(project.pages[min(project.pages)])
    new = [replace(block, text=block.text.replace("2", "12").replace("，", ",")) for block in old[:-1]]
    data = document([company(old, new)], "法务部", WHEN)
    assert (lines(new), lines(old)) == (resolved(data, accept=True)[1:], resolved(data, accept=False)[1:])
    assert (
        len(new)
        == len([pair for pair in read(company(old, new)).select(".block") if "删去" not in pair.text]) + 1
    )


def xml(data: bytes, name: str = "word/document.xml") -> str:
    """Return a part of a DOCX."""
    return zipfile.ZipFile(io.BytesIO(data)).read(name).decode()


def test_changes_are_signed_and_numbered() -> None:
    """Each change has the author, the time and a number of its own, and gone text is marked as such."""
    text = xml(document([CHANGE, CHANGE], '法务 "A" & <B>\u202e', WHEN))
    marks = re.findall(r"<w:(?:ins|del) ([^>]*)>", text)
    signed = 'w:author="法务 &quot;A&quot; &amp; &lt;B&gt;\ufffd" w:date="2026-11-22T10:30:00Z"'
    assert {signed} == {re.sub(r'^w:id="\d+" |/$', "", mark) for mark in marks}
    numbers = re.findall(r'w:id="(\d+)"', text)
    assert [str(number) for number in range(1, len(marks) + 1)] == sorted(numbers, key=int)
    assert not re.search(r"<w:del [^>]*><w:r>(?:(?!</w:del>).)*<w:t[ >]", text)
    assert not re.search(r"<w:ins [^>]*><w:r>(?:(?!</w:ins>).)*<w:delText", text)


def test_the_amount_is_tracked_whole() -> None:
    """A changed clause has the gone amount and the new one, and nothing else, as changes."""
    text = xml(document([company(OLD[2:3], [replace(OLD[2], text=NEW[3].text)])], "法务部", WHEN))
    shown = re.sub(r"<w:(?:t|delText)[^>]*>([^<]*)<[^>]*>", r"\1", text)
    assert [("del", "2小时"), ("ins", "24小时")] == [
        (name, re.sub("<[^>]*>", "", run))
        for name, run in re.findall(r"<w:(ins|del) [^>]*>(.*?)</w:\1>", shown)
    ]


def test_the_document_is_repeatable() -> None:
    """The same changes give the same bytes; the parts bear one fixed time."""
    data = document([CHANGE], "法务部", WHEN)
    assert data == document([company(list(OLD), list(NEW))], "法务部", WHEN)
    assert {(1980, 1, 1, 0, 0, 0)} == {
        part.date_time for part in zipfile.ZipFile(io.BytesIO(data)).infolist()
    }
    about = docx.Document(io.BytesIO(data)).core_properties
    assert ("法务部", WHEN, WHEN) == (
        about.author,
        about.created.replace(tzinfo=None),
        about.modified.replace(tzinfo=None),
    )


STYLES = {
    "Normal": "宋体",
    "Clause 2": "宋体",
    "Table Cell": "宋体",
    "Table Head": "黑体",
    "Caption": "黑体",
    **{f"Heading {level}": "黑体" for level in range(1, 7)},
}


@pytest.mark.parametrize(("name", "expected"), STYLES.items())
def test_styles_have_chinese_fonts(name: str, expected: str) -> None:
    """Text is set in 宋体 and headings in 黑体, upright, named in the styles."""
    style = docx.Document(io.BytesIO(document([CHANGE], "法务部", WHEN))).styles[name]
    assert (expected, False) == (style.element.rPr.rFonts.get(qn("w:eastAsia")), style.font.italic)


def test_the_document_is_laid_out_for_chinese_readers() -> None:
    """A4, Chinese as language, Chinese shapes for marks, real headings, and tables with widths and heads."""
    data = document([CHANGE], "法务部", WHEN)
    file, text = docx.Document(io.BytesIO(data)), xml(data)
    assert '<w:pgSz w:w="11906" w:h="16838"/>' in text
    assert 'w:eastAsia="zh-CN"' in xml(data, "word/styles.xml")
    assert text.count("<w:r>") == text.count('<w:rFonts w:hint="eastAsia"/>')
    styles = [paragraph.style.name for paragraph in file.paragraphs if paragraph.style]
    assert ["Heading 1", "Heading 2", "Heading 3", "Clause 2"] == styles[:4]
    table = file.tables[0]
    assert [column.width for column in table.columns] == [cell.width for cell in table.rows[0].cells]
    assert 1 == text.count("<w:tblHeader/>")
    assert "thumbnail" not in xml(data, "_rels/.rels")
