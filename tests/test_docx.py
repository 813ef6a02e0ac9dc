"""A guarantee as a Word document: it says what the page says, and opens as Chinese readers expect."""

from __future__ import annotations

import datetime
import io
import re
import zipfile
from dataclasses import replace
from typing import TYPE_CHECKING
from xml.etree import ElementTree

import docx
import pytest
from copies import ROOT
from docx.oxml.ns import qn
from docx.table import Table
from docx.text.paragraph import Paragraph
from hypothesis import given, settings
from hypothesis import strategies as st
from test_office import SOFFICE, converted

from pledge import company as company_module
from pledge import project as project_module
from pledge.deal import read_deal
from pledge.export.docx import document
from pledge.export.form import blank_papers
from pledge.export.paper import DEAL, FORM, WORKING, Paper, papers
from pledge.transcript import HEADING, ITEM, PARAGRAPH, TABLE, TITLE, Block, spoken

if TYPE_CHECKING:
    from pathlib import Path

    from docx.document import Document

HOSTILE = "<w:t>]]>&amp;\u202e\x00\x0b\ufffe\ud800“A”\r\n\t"
TODAY = datetime.date(2026, 11, 22)
SIGNED = (("", ""), ("承诺方", "示例公司"), ("签署日期", "2026年11月20日"))
BLOCKS = [
    Block(TITLE, "客户售后服务承诺保障书（示例型）"),
    Block(TABLE, "承诺一览", rows=(("事项", "内容", "起", "止", "计时"), ("响应", "2小时", "—", "—", "—"))),
    Block(HEADING, "服务", id="service", number="一、", level=1),
    Block(HEADING, "响应", id="response", number="1.1", level=2),
    Block(ITEM, "我方承诺如下：", id="first", number="1.1.1", level=3, notice=True),
    Block(ITEM, "两小时内联系。", id="contact", number="(1)", level=4),
    Block(PARAGRAPH, "说明见下表。"),
    Block(TABLE, "", rows=SIGNED),
    Block(PARAGRAPH, "（盖章处）"),
]
PAPER = Paper(
    variant="charter",
    title="客户售后服务承诺保障书（示例型）",
    company="示例公司",
    number="2026.1",
    effective=datetime.date(2026, 12, 1),
    address="https://example.com/editions/2026.1/charter/",
    mark="0123456789abcdef",
    blocks=BLOCKS,
)


def everything() -> dict[str, Paper]:
    """Return every paper of every sample company, with and without a contract, and every form."""
    project = project_module.load(ROOT)
    found = {f"form-{paper.variant}": paper for paper in blank_papers(project, TODAY)}
    for name in company_module.paths(ROOT):
        for paper in papers(project, project.company(name), TODAY):
            found[f"{name}-{paper.variant}"] = paper
    return found


ALL = everything()


def opened(paper: Paper) -> Document:
    """Return the document of *paper*, read back."""
    return docx.Document(io.BytesIO(document(paper)))


def xml(paper: Paper, name: str = "word/document.xml") -> str:
    """Return a part of the document of *paper*."""
    return zipfile.ZipFile(io.BytesIO(document(paper))).read(name).decode()


def lines(paper: Paper) -> list[str]:
    """Return the paragraphs and rows of the document in their order, cells joined as on the page."""
    found: list[str] = []
    for part in opened(paper).iter_inner_content():
        if isinstance(part, Paragraph):
            found.append(part.text.replace("\t", " "))
        else:
            assert isinstance(part, Table)
            found += ["｜".join(_cells(row._tr)) for row in part.rows]  # noqa: SLF001  merged cells come twice
    return [line for line in found if line]


def _cells(row) -> list[str]:  # type: ignore[no-untyped-def]  # noqa: ANN001  an lxml element
    return ["".join(text.text or "" for text in cell.iter(qn("w:t"))) for cell in row.iter(qn("w:tc"))]


def wanted(blocks: list[Block]) -> list[str]:
    """Return the lines that the page has for *blocks*; an empty head or caption is no line."""
    found = [line for block in blocks for line in spoken(block).split("\n")]
    return [line.replace("、 ", "、") for line in found if line.strip("｜")]


def added(paper: Paper) -> tuple[str, list[str]]:
    """Return what paper alone says: the line of the edition, and the lines at the end."""
    made = lines(paper)
    return made[1], made[len(wanted(paper.blocks)) + 1 :]


@pytest.mark.parametrize("name", ALL)
def test_the_text_is_the_pages(name: str) -> None:
    """Numbers, marks, text and cells stand in the document as on the page, in the same order."""
    made, expected = lines(ALL[name]), wanted(ALL[name].blocks)
    assert expected == [made[0], *made[2 : len(expected) + 1]]


def test_what_paper_adds() -> None:
    """Under the title stand edition and date; at the end the address and the mark of the text."""
    there = "扫描二维码，打开这一版的网页；网页写明的文本校验码应当与此相同。"
    end = f"永久地址：https://example.com/editions/2026.1/charter/文本校验码：0123456789abcdef{there}"
    assert ("版本号：2026.1　施行日期：2026年12月1日", [f"｜{end}"]) == added(PAPER)
    alone = "校验码是文本 SHA-256 的前16位；校验码相同的两份文本，文字相同。"
    bare = replace(PAPER, effective=None, address="")
    assert ("版本号：2026.1", ["文本校验码：0123456789abcdef", alone]) == added(bare)
    assert added(replace(PAPER, purpose=DEAL))[1][0].endswith(
        "地址和校验码属于公布的文本；该文本写明“以合同记载为准”之处，由本件填写。"
    )


@pytest.mark.parametrize(
    ("purpose", "company", "left", "right", "said"),
    [
        (FORM, "", "空白范本", PAPER.title, "空白范本，供手工填写"),
        (WORKING, "示例公司", "示例公司", f"{PAPER.title}　未发布稿", "未发布稿，供内部讨论，不构成承诺"),
    ],
)
def test_what_no_edition_has_proves_nothing(
    purpose: str, company: str, left: str, right: str, said: str
) -> None:
    """A form and a working text say what they are, and have neither address, code nor mark."""
    paper = replace(PAPER, purpose=purpose, company=company, number="", effective=None, address="", mark="")
    section = opened(paper).sections[0]
    assert (said, []) == added(paper)
    assert f"{left}\t{right}" == section.header.paragraphs[0].text
    assert "\t第 1 页 共 1 页" == section.footer.paragraphs[0].text
    assert 0 == len(opened(paper).inline_shapes)


def test_headings_are_headings() -> None:
    """Title, headings and clauses have styles of their own, by their levels."""
    styles = [paragraph.style.name for paragraph in opened(PAPER).paragraphs if paragraph.style]
    assert [
        "Title",
        "Edition Line",
        "Caption",
        "Heading 1",
        "Heading 2",
        "Clause 1",
        "Clause 2",
        "Normal",
    ] == styles[:8]


@pytest.mark.parametrize("name", ["appliances-contract", "form-project"])
def test_every_style_is_there(name: str) -> None:
    """Each style that the text names is defined in the file, so that no program falls back to another."""
    known = set(re.findall(r'w:styleId="([^"]*)"', xml(ALL[name], "word/styles.xml")))
    parts = ("word/document.xml", "word/header1.xml", "word/footer1.xml")
    used = {style for part in parts for style in re.findall(r'Style w:val="([^"]*)"', xml(ALL[name], part))}
    assert used <= known


def test_labels_of_a_form_are_small() -> None:
    """In a form the label of a blank is small and grey; elsewhere such brackets are text like any other."""
    form, public = ALL["form-contract"], ALL["appliances-contract"]
    assert xml(form).count('<w:rStyle w:val="BlankLabel"/>') > 40
    assert "BlankLabel" not in xml(public)
    assert opened(form).styles["Blank Label"].font.size == docx.shared.Pt(8)


STYLES = {
    "Normal": "宋体",
    "Title": "黑体",
    "Clause 1": "宋体",
    "Clause 4": "宋体",
    "Caption": "黑体",
    "Table Head": "黑体",
    "Table Cell": "宋体",
    "Header": "宋体",
    "Footer": "宋体",
    "Notice Mark": "黑体",
    **{f"Heading {level}": "黑体" for level in range(1, 5)},
}


@pytest.mark.parametrize(("name", "expected"), STYLES.items())
def test_styles_have_chinese_fonts(name: str, expected: str) -> None:
    """Each style names its Chinese font; headings stay with what follows and are black."""
    style = opened(PAPER).styles[name]
    assert expected == style.element.rPr.rFonts.get(qn("w:eastAsia"))
    if name.startswith("Heading"):
        assert (True, False) == (style.paragraph_format.keep_with_next, style.font.bold)


@pytest.mark.parametrize("part", ["word/document.xml", "word/header1.xml", "word/footer1.xml"])
def test_runs_have_chinese_fonts(part: str) -> None:
    """Every run with text names its Chinese font and has its marks drawn in it."""
    runs = re.findall(r"<w:r>(?:(?!</w:r>).)*<w:t[ >]", xml(PAPER, part))
    assert runs
    fonts = [re.search(r'<w:rFonts w:eastAsia="(宋体|黑体)" w:hint="eastAsia"/>', run) for run in runs]
    assert all(fonts)


def test_notices_stand_out() -> None:
    """A clause that limits the customer is bold, and its mark has a frame."""
    clause = next(part for part in opened(PAPER).paragraphs if part.text.startswith("1.1.1"))
    assert "1.1.1\t提示 我方承诺如下：" == clause.text
    bold = {run.text: bool(run.bold) for run in clause.runs if run.text.strip()}
    assert {"1.1.1": True, "提示": False, "我方承诺如下：": True} == bold
    assert ["Notice Mark"] == [run.style.name for run in clause.runs if run.text == "提示" and run.style]
    assert "w:bdr" in xml(PAPER, "word/styles.xml")


def test_numbers_stand_free() -> None:
    """Each depth of clauses hangs one step further in; the number and its text have a tab between them."""
    styles = opened(PAPER).styles
    shapes = [styles[f"Clause {depth}"].paragraph_format for depth in range(1, 5)]
    hang = shapes[0].left_indent
    assert [hang * depth for depth in range(1, 5)] == [shape.left_indent for shape in shapes]
    assert {-hang} == {shape.first_line_indent for shape in shapes}


def test_header_and_footer() -> None:
    """The header names company and document, the footer counts the pages by fields."""
    section = opened(PAPER).sections[0]
    assert "示例公司\t客户售后服务承诺保障书（示例型）　版本号：2026.1" == section.header.paragraphs[0].text
    assert "文本校验码：0123456789abcdef\t第 1 页 共 1 页" == section.footer.paragraphs[0].text
    assert [" PAGE ", " NUMPAGES "] == re.findall(
        r"<w:instrText[^>]*>([^<]*)<", xml(PAPER, "word/footer1.xml")
    )


def test_tables_have_widths_and_heads() -> None:
    """Widths stand on grid and cells and fill the text width; the head is repeated, no row is split."""
    rows = (("商品", "期限", "说明"), *((f"商品{at}", "2年", "压缩机、蒸发器" * 5) for at in range(200)))
    paper = replace(PAPER, blocks=[BLOCKS[0], Block(TABLE, "商品表", rows=rows)])
    table = opened(paper).tables[0]
    widths = [column.width for column in table.columns]
    assert all([cell.width for cell in row.cells] == widths for row in table.rows[:3])
    assert 0.99 < sum(width or 0 for width in widths) / (160 * 36000) <= 1
    text = xml(paper)
    assert (201, 1, 201 + 1) == (
        len(table.rows),
        text.count("<w:tblHeader/>"),
        text.count("<w:cantSplit/>"),
    )
    assert widths[2] == max(width or 0 for width in widths)


def test_the_summary_reads_well() -> None:
    """In the summary of five columns no amount and no head is broken over two lines."""
    table = opened(ALL["appliances-contract"]).tables[0]
    room = [(column.width or 0) / 635 / 95 - 2.3 for column in table.columns]
    cells = [(0, "停产后零配件供应期"), (1, "2个工作日"), (1, "承诺内容"), (4, "计时方式")]
    assert all(sum(1 if char.isascii() else 2 for char in text) <= room[at] for at, text in cells)


def test_the_signature_stays_whole() -> None:
    """The signature is one table with a high row for the seal; its rows and the text before it stay."""
    file = opened(PAPER)
    table = file.tables[1]
    assert [["承诺方", "示例公司"], ["签署日期", "2026年11月20日"], ["（盖章处）"]] == [
        _cells(row._tr)  # noqa: SLF001  merged cells come twice
        for row in table.rows
    ]
    kept = [row.cells[0].paragraphs[0].style for row in table.rows]
    assert [True, True, None] == [style.paragraph_format.keep_with_next for style in kept if style]
    assert (table.rows[2].height or 0) >= 42 * 36000
    before = next(part for part in file.paragraphs if part.text == "说明见下表。")
    assert before.paragraph_format.keep_with_next
    assert 1 + 1 + 3 + 1 == xml(PAPER).count("<w:cantSplit/>")


def test_text_after_the_signature_is_kept() -> None:
    """What a page says after the signature, or instead of the place for the seal, is not lost."""
    tail = [
        Block(HEADING, "附件", id="annex", number="二、", level=1),
        Block(ITEM, "清单。", number="2.1", level=2),
    ]
    for blocks in ([*BLOCKS, *tail], [*BLOCKS[:-1], *tail], [*BLOCKS[:2], *BLOCKS[7:]]):
        made = lines(replace(PAPER, blocks=blocks))
        assert wanted(blocks) == [made[0], *made[2 : len(wanted(blocks)) + 1]]


def test_the_picture_leads_to_the_permanent_address() -> None:
    """The QR code is one picture with words for those who cannot see it; without an address there is none."""
    names = zipfile.ZipFile(io.BytesIO(document(PAPER))).namelist()
    assert ["word/media/image1.png"] == [name for name in names if "media" in name]
    assert 'descr="永久地址的二维码"' in xml(PAPER)
    bare = zipfile.ZipFile(io.BytesIO(document(replace(PAPER, address="")))).namelist()
    assert [] == [name for name in bare if "media" in name]


def test_properties_are_fixed() -> None:
    """Title, author and date of the file are those of the paper, its language is Chinese."""
    about = opened(PAPER).core_properties
    assert ("客户售后服务承诺保障书（示例型）", "示例公司", "zh-CN", 1) == (
        about.title,
        about.author,
        about.language,
        about.revision,
    )
    assert about.created == about.modified == datetime.datetime(2026, 12, 1, tzinfo=datetime.UTC)
    assert 'w:eastAsia="zh-CN"' in xml(PAPER, "word/styles.xml")
    assert '<w:pgSz w:w="11906" w:h="16838"/>' in xml(PAPER)


@pytest.mark.parametrize("paper", [PAPER, replace(PAPER, effective=None), ALL["form-warranty"]])
def test_the_bytes_are_repeatable(paper: Paper) -> None:
    """The same paper gives the same bytes, whatever the clock says."""
    data = document(paper)
    assert data == document(replace(paper, blocks=list(paper.blocks)))
    dates = {part.date_time for part in zipfile.ZipFile(io.BytesIO(data)).infolist()}
    assert {(1980, 1, 1, 0, 0, 0)} == dates


def test_company_text_is_only_text() -> None:
    """Markup, control characters and halves of characters are shown as text or as a replacement sign."""
    blocks = [replace(block, text=HOSTILE, number=HOSTILE) for block in BLOCKS[:-2]]
    blocks += [Block(TABLE, HOSTILE, rows=((HOSTILE,), (HOSTILE, HOSTILE), ())), *BLOCKS[-2:]]
    paper = replace(PAPER, title=HOSTILE, company=HOSTILE, number=HOSTILE, mark=HOSTILE, blocks=blocks)
    data = zipfile.ZipFile(io.BytesIO(document(replace(paper, address=f"https://{HOSTILE}"))))
    for name in data.namelist():
        if name.endswith((".xml", ".rels")):
            ElementTree.fromstring(data.read(name))  # noqa: S314  our own output
    assert "&lt;w:t&gt;]]&gt;&amp;amp;\ufffd\ufffd" in data.read("word/document.xml").decode()


TEXT = st.text(max_size=20)
ANY = st.lists(
    st.one_of(
        st.builds(Block, st.sampled_from([TITLE, PARAGRAPH, "other"]), TEXT, notice=st.booleans()),
        st.builds(
            Block, st.sampled_from([HEADING, ITEM]), TEXT, TEXT, TEXT, st.integers(0, 9), st.booleans()
        ),
        st.builds(
            lambda text, rows: Block(TABLE, text, rows=tuple(map(tuple, rows))),
            TEXT,
            st.lists(st.lists(TEXT, max_size=4), max_size=4),
        ),
    ),
    max_size=6,
)


@settings(max_examples=40, deadline=None)
@given(ANY)
def test_any_blocks_make_a_file(blocks: list[Block]) -> None:
    """Whatever the blocks hold, the file can be read, and a table has as many cells in each row."""
    for table in opened(replace(PAPER, blocks=blocks)).tables[:-1]:
        assert 1 == len({sum(cell.grid_span for cell in row._tr.tc_lst) for row in table.rows})  # noqa: SLF001


@pytest.mark.more
@pytest.mark.skipif(SOFFICE is None, reason="没有 LibreOffice；安装：apt-get install libreoffice-writer")
@pytest.mark.parametrize("name", ["appliances-contract", "form-warranty"])
def test_an_office_program_opens_it(name: str, tmp_path: Path) -> None:
    """LibreOffice reads the file, says the same text and makes a PDF of several pages."""
    path = tmp_path / "guarantee.docx"
    path.write_bytes(document(ALL[name]))
    text = converted(path, "txt:Text (encoded):UTF8").decode("utf-8")
    told = "".join(text.split())
    for line in wanted(ALL[name].blocks):
        assert all("".join(cell.split()) in told for cell in line.split("｜"))
    assert converted(path, "pdf").startswith(b"%PDF-")


def test_a_contract_fills_its_gaps(tmp_path: Path) -> None:
    """A contract's values stand where the public text says that the contract tells."""
    path = tmp_path / "deal.yml"
    path.write_text("contract: {customer: 示例酒店管理有限公司, amount: 128000元}\n", encoding="utf-8")
    project = project_module.load(ROOT)
    deal = read_deal(path, tmp_path, project.catalogue)
    filled = papers(project, project.company("appliances"), TODAY, deal)[1]
    text = "\n".join(lines(filled))
    assert "客户是示例酒店管理有限公司。" in text
    assert "合同价款是128000元（大写：人民币壹拾贰万捌仟元整）" in text
    assert "〔合同编号：以合同记载为准〕" in text
