"""The PDF of a variant, read back: its words, its pages, its tags, and what it refuses."""

from __future__ import annotations

import datetime
import io
import re
import subprocess
import sys
from collections import Counter
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pdfplumber
import pylopdf_fonts_zh_cn
import pypdf
import pytest
import segno

from pledge import company as company_module
from pledge import project as project_module
from pledge.clauses import NOTICE
from pledge.export.paper import Paper, papers
from pledge.export.pdf import PdfError, document
from pledge.transcript import HEADING, ITEM, PARAGRAPH, TABLE, TITLE, Block, spoken

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parents[1]
MILLIMETRE = 72 / 25.4
SEALED = (
    Block(TABLE, "", rows=(("", ""), ("承诺方", "示例公司"), ("签署日期", "2026年11月20日"))),
    Block(PARAGRAPH, "（盖章处）"),
)
HOSTILE = (
    "#panic() $x^2$ \\#let @ref <x> *b* _i_ `raw` \"q\" 'q' [c] {d} // --- ~ = 1. #sys.inputs /* \\u{41}"
)

Made = dict[tuple[str, str], tuple[Paper, pypdf.PdfReader]]


@pytest.fixture(scope="session")
def made(today: datetime.date) -> Made:
    """Return every paper of the sample companies with its PDF, by company and variant."""
    project = project_module.load(ROOT)
    return {
        (name, paper.variant): (paper, reader(paper))
        for name in company_module.paths(ROOT)
        for paper in papers(project, project.company(name), today)
    }


def paper(*blocks: Block, **changed: Any) -> Paper:  # noqa: ANN401  any field of a paper
    """Return a small paper of *blocks*."""
    plain = Paper(
        variant="charter",
        title="保障书",
        company="示例公司",
        number="2026.1",
        effective=datetime.date(2026, 12, 1),
        address="https://example.com/editions/2026.1/charter/",
        mark="0123456789abcdef",
        blocks=[Block(TITLE, "保障书"), *blocks],
    )
    return replace(plain, **changed)


def reader(paper: Paper) -> pypdf.PdfReader:
    """Return the PDF of *paper*, opened."""
    return pypdf.PdfReader(io.BytesIO(document(paper)))


def bare(text: str) -> str:
    """Return *text* without white space."""
    return re.sub(r"\s+", "", text)


def header(paper: Paper) -> str:
    """Return what stands at the top of each page."""
    return bare("".join(paper.header))


def texts(paper: Paper, pdf: pypdf.PdfReader) -> list[str]:
    """Return the text of each page without header, footer and the repeated heads of tables."""
    found = []
    heads = [bare("".join(block.rows[0])) for block in paper.blocks if block.rows and block.rows[0][0]]
    for at, page in enumerate(pdf.pages, 1):
        text = bare(page.extract_text())
        assert text.startswith(header(paper))
        foot = f"第{at}页共{len(pdf.pages)}页"
        assert text.endswith(foot)
        body = text.removeprefix(header(paper)).removesuffix(foot)
        repeated = next((head for head in heads if at > 1 and body.startswith(head)), "")
        found.append(body.removeprefix(repeated))
    return found


def said(paper: Paper) -> str:
    """Return the words of the blocks."""
    lines = [spoken(block) for block in paper.blocks]
    return bare("".join(lines)).replace("｜", "")


def outlined(outline: list[Any], level: int = 1) -> Iterator[tuple[int, str]]:
    """Yield the bookmarks with their levels."""
    for entry in outline:
        if isinstance(entry, list):
            yield from outlined(entry, level + 1)
        else:
            yield level, entry.title


def elements(pdf: pypdf.PdfReader) -> Iterator[dict[str, Any]]:
    """Yield every element of the structure tree."""
    waiting: list[Any] = [pdf.root_object["/StructTreeRoot"]]
    while waiting:
        element = waiting.pop().get_object()
        if isinstance(element, dict):
            yield element
            children = element.get("/K", [])
            waiting += children if isinstance(children, list) else [children]
        elif isinstance(element, list):
            waiting += element


def tags(pdf: pypdf.PdfReader) -> Counter[str]:
    """Return how often each kind of element is in the structure tree."""
    return Counter(str(element.get("/S")) for element in elements(pdf))


def test_every_variant_is_drawn(made: Made) -> None:
    """Seven variants of one company, and all of the others, in A4 with few pages."""
    assert 7 == sum(name == "appliances" for name, _ in made)
    assert {"appliances", "appliances-east", "it-services", "online-shop"} == {name for name, _ in made}
    for _, pdf in made.values():
        assert 3 <= len(pdf.pages) <= 9
        for page in pdf.pages:
            assert (595, 842) == (round(page.mediabox.width), round(page.mediabox.height))


def test_the_words_are_those_of_the_blocks(made: Made) -> None:
    """Nothing is left out, added or reordered but the lines under the title and at the end."""
    for told, pdf in made.values():
        text = "".join(texts(told, pdf))
        title = bare(told.title)
        assert text.startswith(f"{title}版本号：2026.1施行日期：2026年12月1日")
        words, _, end = text.replace("版本号：2026.1施行日期：2026年12月1日", "", 1).partition("永久地址：")
        assert said(told) == words
        assert end == (
            f"{told.address}文本校验码：{told.mark}扫描二维码，打开这一版的网页；"
            "网页写明的文本校验码应当与此相同。"
        )


def test_every_heading_is_a_bookmark(made: Made) -> None:
    """The outline has each heading once, with its number, under its parent."""
    for told, pdf in made.values():
        headings = [(block.level, spoken(block)) for block in told.blocks if block.kind == HEADING]
        assert headings == list(outlined(pdf.outline))


def test_the_file_is_tagged_and_says_what_it_claims(made: Made) -> None:
    """Tags, language, title and the names of both standards are in the file."""
    for told, pdf in made.values():
        root: Any = pdf.root_object
        metadata = root["/Metadata"].get_object().get_data().decode()
        assert bool(root["/MarkInfo"]["/Marked"])
        assert "zh-CN" == str(root["/Lang"])
        assert "<pdfaid:part>2</pdfaid:part><pdfaid:conformance>A</pdfaid:conformance>" in metadata
        assert "<pdfuaid:part>1</pdfuaid:part>" in metadata
        assert pdf.metadata is not None
        assert (told.title, told.company) == (pdf.metadata.title, pdf.metadata.author)
        assert f"客户售后服务承诺保障书, {told.company}, 2026.1" == str(pdf.metadata["/Keywords"])
        assert datetime.datetime(2026, 12, 1, tzinfo=datetime.UTC) == pdf.metadata.creation_date


def test_clauses_are_lists_and_tables_are_tables(made: Made) -> None:
    """A screen reader meets headings, lists with their numbers, tables with their heads, and one picture."""
    for told, pdf in made.values():
        found = tags(pdf)
        tables = [block for block in told.blocks if block.kind == TABLE and block.text]
        items = [block for block in told.blocks if block.kind == ITEM]
        assert len(items) == found["/LI"] == found["/Lbl"]
        assert len(tables) == found["/Table"]
        assert sum(len(block.rows[0]) for block in tables) == found["/TH"]
        assert {"/H1", "/Caption", "/Link"} <= found.keys()
        pictures = [element.get("/Alt") for element in elements(pdf) if "二维码" in element.get("/Alt", "")]
        assert [f"二维码，内容是网址 {told.address}"] == pictures


def test_every_font_is_embedded(made: Made) -> None:
    """No page needs a font of the reader's machine."""
    for _, pdf in made.values():
        names = set()
        resources: list[Any] = [page["/Resources"] for page in pdf.pages]
        for resource in resources:
            for font in resource["/Font"].values():
                descendant = font.get_object()["/DescendantFonts"][0].get_object()
                names.add(descendant["/BaseFont"].partition("+")[2].partition("-")[0])
                assert {"/FontFile2", "/FontFile3"} & descendant["/FontDescriptor"].keys()
        assert {"NotoSerifSC", "NotoSansSC"} <= names <= {"NotoSerifSC", "NotoSansSC", "DejaVuSansMono"}


def split_amounts(pdf: pypdf.PdfReader) -> list[tuple[str, str]]:
    """Return the pairs of lines of which the second begins with the unit of the first's last number."""
    lines = [line.strip() for page in pdf.pages for line in page.extract_text().splitlines()]
    return [
        (before, after)
        for before, after in pairwise(lines)
        if re.search(r"\d$", before) and re.match(r"[个年月日天小时分秒万元次人倍%]", after)
    ]


def test_no_line_ends_between_a_number_and_its_unit(made: Made) -> None:
    """An amount stands on one line, wherever on the line it comes, in clauses as in tables."""
    texts = [f"{'甲' * at}自收到时起12个工作日内支付50万元，不晚于2026年12月1日。" for at in range(45)]
    clauses = [Block(ITEM, text, number=f"1.{at}", level=1) for at, text in enumerate(texts)]
    rows = (("承诺", "说明"), *((text, text * 3) for text in texts))
    assert [] == split_amounts(reader(paper(*clauses, Block(TABLE, "表", rows=rows))))
    assert [] == [split for _, pdf in made.values() for split in split_amounts(pdf)]


def test_the_same_paper_gives_the_same_bytes(made: Made) -> None:
    """Neither the clock nor an earlier export changes a byte."""
    told, pdf = made["appliances", "returns"]
    assert isinstance(pdf.stream, io.BytesIO)
    assert pdf.stream.getvalue() == document(told)


def test_the_code_leads_to_the_permanent_address() -> None:
    """The picture has the modules of a QR code of the address."""
    told = paper(*SEALED)
    with pdfplumber.open(io.BytesIO(document(told))) as pdf:
        strokes = [line for line in pdf.pages[0].lines if line["x1"] < (26 + 26) * MILLIMETRE]
    code = [list(map(bool, row)) for row in segno.make_qr(told.address, error="m").matrix]
    left, top = (min(line[side] for line in strokes) for side in ("x0", "top"))
    module = 26 * MILLIMETRE / (len(code) + 8)
    drawn = [[False] * len(code) for _ in code]
    for line in strokes:
        for at in range(round((line["x0"] - left) / module), round((line["x1"] - left) / module)):
            drawn[round((line["top"] - top) / module)][at] = True
    assert code == drawn


def test_without_an_address_there_is_no_code() -> None:
    """A company without a web site has the mark only, and reads how to compare two copies."""
    pdf = reader(paper(*SEALED, address=""))
    text = bare(pdf.pages[0].extract_text())
    assert text.partition("（盖章处）")[2] == (
        "文本校验码：0123456789abcdef校验码是文本SHA-256的前16位；校验码相同的两份文本，文字相同。第1页共1页"
    )
    assert "/Figure" not in tags(pdf)


def test_empty_optionals_leave_no_trace() -> None:
    """No number and no date: neither header nor title line speaks of them."""
    told = paper(Block(TABLE, "表", rows=(("名称", "时限"), ("保修", ""))), number="", effective=None)
    assert "示例公司保障书保障书表名称时限保修" in bare(reader(told).pages[0].extract_text())


def test_company_text_is_only_text() -> None:
    """Whatever a company writes is shown as it was written, wherever it stands."""
    told = paper(
        Block(HEADING, HOSTILE, number=f"1. {HOSTILE}", level=1),
        Block(ITEM, HOSTILE, number=f"({HOSTILE})", level=2, notice=True),
        Block(PARAGRAPH, HOSTILE),
        Block(TABLE, HOSTILE, rows=((HOSTILE, "乙"), ("甲", HOSTILE))),
        *SEALED,
        title=HOSTILE,
        company=HOSTILE,
        number=HOSTILE,
    )
    pdf = reader(told)
    words = "".join(texts(told, pdf)).replace(bare(f"版本号：{HOSTILE}施行日期：2026年12月1日"), "", 1)
    assert said(told) == words.partition("永久地址：")[0]
    assert pdf.metadata is not None
    assert (HOSTILE, HOSTILE) == (pdf.metadata.title, pdf.metadata.author)


@pytest.mark.parametrize(("sign", "code"), [("\U00020bb7", "U+20BB7"), ("😀", "U+1F600"), ("א", "U+05D0")])
def test_a_character_without_a_glyph_is_named(sign: str, code: str) -> None:
    """The message has the character, its code and the clause; nothing is drawn without it."""
    told = paper(Block(ITEM, f"我方是{sign}野家公司。", number="1.1", level=1))
    with pytest.raises(PdfError) as raised:
        document(told)
    assert str(raised.value) == (
        f"“1.1 我方是{sign}野家公司。”里的“{sign}”（{code}）在字体里没有；换成字体里有的字，或者用文字说明它"
    )


def test_every_missing_character_is_named_with_its_place() -> None:
    """One export tells all of them: in a table, and in the header."""
    told = paper(Block(TABLE, "商品", rows=(("名称", "时限"), ("😀", "1年"))), company="\U00020bb7野家")
    with pytest.raises(PdfError) as raised:
        document(told)
    assert set(str(raised.value).split("；")) == {
        "页眉的“\U00020bb7”（U+20BB7）在字体里没有",
        "表格“商品”的“😀｜1年”里的“😀”（U+1F600）在字体里没有",
        "换成字体里有的字，或者用文字说明它",
    }


def test_a_hidden_character_is_refused() -> None:
    """A reversing character would change what the reader sees."""
    with pytest.raises(PdfError, match=r"^“1\.1 退.货。”里有看不见的字符 U\+202E；删掉它$"):
        document(paper(Block(ITEM, "退\u202e货。", number="1.1", level=1)))


def test_boxes_to_tick_are_characters() -> None:
    """The ticked boxes of a declaration can be read and copied."""
    assert "☑企业☐个人" in bare(reader(paper(Block(PARAGRAPH, "☑企业　☐个人"))).pages[0].extract_text())


def test_a_long_table_repeats_its_head() -> None:
    """Two hundred products: each page begins with the head, and every row is there once."""
    rows = tuple((f"商品{at:03}号", f"{at}年", "压缩机、蒸发器、冷凝器", "交付之日") for at in range(200))
    told = paper(Block(TABLE, "三包期限表", rows=(("商品", "三包期", "主要部件", "起算日"), *rows)), *SEALED)
    pdf = reader(told)
    pages = [bare(page.extract_text()).removeprefix(header(told)) for page in pdf.pages]
    carried = [page for page in pages[1:] if "商品1" in page]
    assert len(carried) >= 4
    assert all(page.startswith("商品三包期主要部件起算日") for page in carried)
    assert said(told) in "".join(texts(told, pdf)).replace("版本号：2026.1施行日期：2026年12月1日", "", 1)


def test_wide_tables_and_long_words_stay_on_the_page() -> None:
    """Fourteen columns and words without a break end within the margins."""
    wide = tuple(f"第{at}列名称" for at in range(14))
    word = "https://example.com/" + "abcdefghij" * 20
    told = paper(
        Block(TABLE, "宽表", rows=(wide, ("2026年12月1日",) * 14)),
        Block(TABLE, "长词", rows=(("网址", "说明"), (word, "说明" * 40))),
        Block(ITEM, f"见{word}。", number="1.1", level=1),
    )
    pdf = document(told)
    with pdfplumber.open(io.BytesIO(pdf)) as opened:
        sides = [(sign["x0"], sign["x1"]) for page in opened.pages for sign in page.chars]
    assert min(left for left, _ in sides) >= 25.9 * MILLIMETRE
    assert max(right for _, right in sides) <= (210 - 25.5) * MILLIMETRE
    assert 2 == bare("".join(texts(told, pypdf.PdfReader(io.BytesIO(pdf))))).count(word)


def test_a_row_longer_than_a_page_goes_on_overleaf() -> None:
    """A cell of any length is shown in full, above the footer."""
    told = paper(Block(TABLE, "表", rows=(("名称", "说明"), ("甲", "我方承担责任。" * 600))))
    pdf = document(told)
    with pdfplumber.open(io.BytesIO(pdf)) as opened:
        assert 3 == len(opened.pages)
        lowest = max(sign["bottom"] for page in opened.pages for sign in page.chars if sign["text"] == "任")
    assert lowest <= (297 - 25) * MILLIMETRE
    text = "".join(texts(told, pypdf.PdfReader(io.BytesIO(pdf))))
    assert 600 == text.count("我方承担责任。")


def test_a_table_too_wide_for_the_paper_is_refused() -> None:
    """The message names the table and the way out."""
    row = tuple(map(str, range(15)))
    with pytest.raises(PdfError, match=r"^表格“宽表”有 15 列，A4 纸上最多放得下 14 列；把它拆成几张表$"):
        document(paper(Block(TABLE, "宽表", rows=(row, row))))


@pytest.mark.parametrize("clauses", range(12, 34))
def test_the_signature_is_never_split(clauses: int) -> None:
    """The rows, the place for the seal and the code share a page with the last clause."""
    items = [
        Block(ITEM, f"第{at}项，{'我方承担责任。' * 9}", number=f"1.{at}", level=2)
        for at in range(1, clauses)
    ]
    pdf = reader(paper(Block(HEADING, "责任", number="1.", level=1), *items, *SEALED))
    last = bare(pdf.pages[-1].extract_text())
    for words in (f"第{clauses - 1}项", "承诺方示例公司", "签署日期", "（盖章处）", "文本校验码"):
        assert words in last


def test_the_last_clause_is_as_wide_as_the_page() -> None:
    """What is kept with the signature is justified too, also where a reference could not be broken."""
    text = "对条款有两种以上解释的，采用对您有利的解释。依据见《中华人民共和国民法典》第四百九十八条。"
    told = paper(Block(ITEM, text, number="1.1", level=1), *SEALED)
    with pdfplumber.open(io.BytesIO(document(told))) as pdf:
        line = [sign for sign in pdf.pages[0].chars if sign["text"] == "》"]
    assert (210 - 26) * MILLIMETRE <= line[0]["x1"] <= (210 - 24) * MILLIMETRE


def test_a_deeper_heading_than_expected_is_drawn() -> None:
    """A heading that skips a level is one below the last, as the standard wants it."""
    told = paper(
        Block(HEADING, "甲", number="1.", level=1),
        Block(HEADING, "乙", number="1.1.1", level=3),
        Block(HEADING, "丙", number="1.1.2", level=3),
    )
    assert [(1, "1. 甲"), (2, "1.1.1 乙"), (2, "1.1.2 丙")] == list(outlined(reader(told).outline))


def test_nested_items_are_nested_lists() -> None:
    """An item's own items are in its list, whatever its depth; the mark of a notice follows the number."""
    told = paper(
        Block(HEADING, "情形", number="1.", level=1),
        Block(ITEM, "下列情形：", number="1.1", level=2, notice=True),
        Block(ITEM, "甲；", number="(1)", level=3),
        Block(ITEM, "乙。", number="(a)", level=4),
        Block(ITEM, "其他。", number="1.2", level=2),
    )
    pdf = reader(told)
    assert f"1.情形1.1{NOTICE}下列情形：(1)甲；(a)乙。1.2其他。" in bare(pdf.pages[0].extract_text())
    assert (3, 4) == (tags(pdf)["/L"], tags(pdf)["/LI"])


def test_missing_fonts_are_named(tmp_path: Path) -> None:
    """Without its fonts nothing is drawn, and the message says what to install."""
    lacking = "没有字体 Noto Sans SC、Noto Serif SC；用 pip 重新安装 pylopdf-fonts-zh-cn"
    for folder in (tmp_path, tmp_path / "absent"):
        with pytest.raises(PdfError) as raised:
            document(paper(), fonts=folder)
        assert f"{folder} 里{lacking}" == str(raised.value)
    sans = pylopdf_fonts_zh_cn.sans_path()
    half = tmp_path / "half"
    half.mkdir()
    (half / sans.name).symlink_to(sans)
    with pytest.raises(PdfError, match="没有字体 Noto Serif SC；"):
        document(paper(), fonts=half)


def test_without_the_package_only_drawing_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    """The fonts are looked for when a PDF is drawn, so every other command works without them."""
    code = "import sys, pledge.cli; sys.exit('pylopdf_fonts_zh_cn' in sys.modules)"
    assert 0 == subprocess.run([sys.executable, "-c", code], check=False).returncode
    monkeypatch.setattr("pledge.export.pdf.PACKAGE", "no_such_package_of_fonts")
    with pytest.raises(PdfError, match="没有字体 Noto Sans SC、Noto Serif SC；用 pip 重新安装"):
        document(paper())


def test_an_address_too_long_for_a_code_is_refused() -> None:
    """The message names the address and the way out."""
    with pytest.raises(PdfError, match=r"太长，二维码放不下；改短公司网址$"):
        document(paper(address="https://example.com/" + "a" * 3000))


def test_another_failure_of_typst_is_told_in_chinese() -> None:
    """A paper without a title breaks the standard; the message carries what Typst said."""
    with pytest.raises(PdfError, match=r"^“”排版失败，Typst 说：.*title.*；把这句话和变量文件发给维护人员$"):
        document(paper(title=""))
