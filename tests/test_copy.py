"""A copy that came back: which released text it is, where it differs, and what cannot be compared."""

from __future__ import annotations

import datetime
import hashlib
import io
import os
import re
import shutil
import zipfile
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import pypdf
import pytest
import typst
from alone import article, soup, visible
from click.testing import CliRunner
from copies import ROOT, copied
from hypothesis import given, settings
from hypothesis import strategies as st
from pypdf.annotations import FreeText
from test_deal import WHOLE, deal
from test_office import SOFFICE, converted

from pledge import project as project_module
from pledge.cli import cli
from pledge.company import paths
from pledge.copies.comparison import compared
from pledge.copies.contract import Contract
from pledge.copies.expected import expected
from pledge.export import docx, pdf
from pledge.export.form import blank_papers
from pledge.export.paper import DEAL, WORKING, Paper, papers, released
from pledge.periods import released as editions_of
from pledge.render import Filling
from pledge.verify import sums

if TYPE_CHECKING:
    from collections.abc import Callable

    from pledge.transcript import Block

TODAY = datetime.date(2026, 11, 22)
PROJECT = project_module.load(ROOT)
LEGEND = "[-这样的文字-]只在公布的文本里，{+这样的文字+}只在这个文件里。"
LIMIT = "比对的是文件里的文字；图片、扫描件和打印出来的样子没有比对，以二维码打开的网页为准。"
CHARTER = "示例家电有限公司2026.1版《客户售后服务承诺保障书（管理规范型）》"
WHEN = "2026.1版自2026年12月1日起施行，现在还没有施行；永久地址：https://appliances.example.com/editions/2026.1/{}/"
SCAN = "里没有文字，是扫描件或者照片，不能逐字比对；用手机扫描文末的二维码，与网页核对。"
W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


@pytest.fixture(autouse=True)
def _here(monkeypatch: pytest.MonkeyPatch) -> None:
    """Run in the project, on one day."""
    monkeypatch.chdir(ROOT)
    monkeypatch.setattr("pledge.cli.paper.today", lambda: TODAY)


def every() -> dict[str, Paper]:
    """Return every released text of the sample companies as a paper."""
    return {
        f"{name}-{edition.number}-{variant}": released(edition, variant)
        for name in paths(ROOT)
        for edition in editions_of(ROOT, PROJECT.company(name).names)
        for variant in edition.texts
    }


EVERY = every()
PAPER = EVERY["appliances-2026.1-charter"]
FORMS: dict[str, Callable[[Paper], bytes]] = {"pdf": pdf.document, "docx": docx.document}


@cache
def drawn(name: str, form: str) -> bytes:
    """Return a released text as a file, drawn once."""
    return FORMS[form](EVERY[name])


def told(path: Path) -> tuple[int, list[str]]:
    """Return the exit code and the lines of the answer for a file."""
    done = CliRunner().invoke(cli, ["verify-copy", str(path)], catch_exceptions=False)
    return done.exit_code, done.output.replace(f"{path.parent}/", "").splitlines()


def about(folder: Path, data: bytes | str, name: str = "copy.docx") -> tuple[int, list[str]]:
    """Return the answer for a file of these contents."""
    path = folder / name
    path.write_bytes(data.encode() if isinstance(data, str) else data)
    return told(path)


def differing(folder: Path, data: bytes | str, name: str = "copy.docx", which: str = CHARTER) -> list[str]:
    """Return the differences that the answer lists; the rest of it is as it always is."""
    code, lines = about(folder, data, name)
    count = lines.index(LEGEND) - 1
    assert (1, f"{name} 与{which}有{count}处不同：") == (code, lines[0])
    assert LIMIT == lines[-1]
    return [line.strip() for line in lines[1 : count + 1]]


def edited(paper: Paper, *pairs: tuple[str, str]) -> Paper:
    """Return *paper* with words changed wherever they stand."""
    for old, new in pairs:
        blocks = [
            replace(
                block,
                text=block.text.replace(old, new),
                rows=tuple(tuple(cell.replace(old, new) for cell in row) for row in block.rows),
            )
            for block in paper.blocks
        ]
        assert blocks != paper.blocks, old
        paper = replace(paper, blocks=blocks)
    return paper


def repacked(
    data: bytes,
    old: str = "",
    new: str = "",
    part: str = "word/document.xml",
    added: dict[str, bytes] | None = None,
) -> bytes:
    """Return a DOCX with *old* in a part replaced once, and with parts added."""
    made = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(data)) as before,
        zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as after,
    ):
        for name in before.namelist():
            content = before.read(name)
            if name == part and old:
                assert old.encode() in content, old
                content = content.replace(old.encode(), new.encode(), 1)
            after.writestr(name, content)
        for name, content in (added or {}).items():
            after.writestr(name, content)
    return made.getvalue()


def word(old: str = "", new: str = "", part: str = "word/document.xml") -> bytes:
    """Return the Word file of the charter with a part of its XML replaced."""
    return repacked(drawn("appliances-2026.1-charter", "docx"), old, new, part)


# What is recognised


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("name", EVERY)
def test_every_paper_is_recognised(name: str, form: str, tmp_path: Path) -> None:
    """Every variant of every edition of every company, old ones too, is found to be exactly that."""
    paper = EVERY[name]
    code, lines = about(tmp_path, drawn(name, form), f"copy.{form}")
    assert f"copy.{form} 与{paper.company}{paper.number}版《{paper.title}》文字相同。" == lines[0]
    assert (0, LIMIT, 3) == (code, lines[-1], len(lines))


def test_the_answer_tells_the_time_and_the_address(tmp_path: Path) -> None:
    """An edition to come, one in force, and a past one with the one that took its place."""
    said = {
        name: about(tmp_path, drawn(f"appliances-{name}-charter", "pdf"))[1][1]
        for name in ("2024.1", "2025.1", "2026.1")
    }
    past = "起施行，至{}止，此后由{}版接替；永久地址：https://appliances.example.com/editions"
    assert {
        "2024.1": f"2024.1版自2024年7月1日{past.format('2025年5月31日', '2025.1')}/2024.1/charter/",
        "2025.1": f"2025.1版自2025年6月1日{past.format('2026年11月30日', '2026.1')}/2025.1/charter/",
        "2026.1": WHEN.format("charter"),
    } == said


# What is found in Word


RUN = '<w:r><w:rPr><w:rFonts w:eastAsia="宋体" w:hint="eastAsia"/></w:rPr><w:t xml:space="preserve">'
MC = "http://schemas.openxmlformats.org/markup-compatibility/2006"
FIRST = "我方自收到客户请求时起2小时内完成首次联系。"
CONTACT = "2.1(1)　我方自收到客户请求时起{}内完成首次联系。该期限只计算服务……"


def in_runs(middle: str) -> str:
    """Return the first contact with *middle* between runs in the place of its figure."""
    return FIRST.replace("2小时", f"</w:t></w:r>{middle}{RUN}")


def run(text: str, form: str = "", kind: str = "t") -> str:
    """Return a run."""
    return f"<w:r><w:rPr>{form}</w:rPr><w:{kind}>{text}</w:{kind}></w:r>"


INSERTED = f'<w:ins w:id="1" w:author="甲">{run("24小时")}</w:ins>'
DELETED = f'<w:del w:id="2" w:author="甲">{run("2小时", kind="delText")}</w:del>'
MOVED = CONTACT.format("[-2小时-]{+24小时+}")
CHANGES = {
    "an edited run": (in_runs(run("24小时")), [MOVED]),
    "a tracked insertion": (in_runs(INSERTED + DELETED), [MOVED]),
    "a tracked deletion": (in_runs(DELETED), [CONTACT.format("[-2小时-]")]),
    "a deletion by another program": (
        in_runs(f"<w:del>{run('2小时')}</w:del>"),
        [CONTACT.format("[-2小时-]")],
    ),
    "a content control": (in_runs(f"<w:sdt><w:sdtContent>{run('24小时')}</w:sdtContent></w:sdt>"), [MOVED]),
    "a link": (in_runs(f"<w:hyperlink>{run('24小时')}</w:hyperlink>"), [MOVED]),
    "a field": (in_runs(f'<w:fldSimple w:instr="X">{run("24小时")}</w:fldSimple>'), [MOVED]),
    "a text box": (
        in_runs(f"<w:r><w:pict><w:txbxContent><w:p>{run('24小时')}</w:p></w:txbxContent></w:pict></w:r>"),
        [MOVED],
    ),
    "a moved run": (
        in_runs(f"<w:moveFrom>{run('2小时')}</w:moveFrom><w:moveTo>{run('24小时')}</w:moveTo>"),
        [MOVED],
    ),
    "a hidden run": (
        in_runs(run("2小时", "<w:vanish/>")),
        [CONTACT.format("[-2小时-]"), "隐藏的文字　{+2小时+}"],
    ),
    "a hidden lie": (in_runs(run("2小时") + run("不", "<w:vanish/>")), ["隐藏的文字　{+不+}"]),
    "a struck run": (in_runs(run("2小时", "<w:strike/>")), ["格式　{+有加了删除线的文字+}"]),
    "a bound control": (
        in_runs(
            f'<w:sdt><w:sdtPr><w:dataBinding w:xpath="/x"/></w:sdtPr>'
            f"<w:sdtContent>{run('2小时')}</w:sdtContent></w:sdt>"
        ),
        ["格式　{+有打开时会被替换的内容控件+}"],
    ),
    "words for old programs": (
        in_runs(
            f'{run("2小时")}<mc:AlternateContent xmlns:mc="{MC}"><mc:Fallback>{run("9小时")}</mc:Fallback>'
            "</mc:AlternateContent>"
        ),
        ["隐藏的文字　{+9小时+}"],
    ),
    "a sign": (in_runs(run("2小时") + "<w:r><w:noBreakHyphen/></w:r>"), [CONTACT.format("2小时{+-+}")]),
}
SAME = {
    "a figure in two runs": in_runs(run("2") + run("小时")),
    "a run that is not hidden": in_runs(run("2小时", '<w:vanish w:val="0"/>')),
    "a change of form": in_runs(run("2小时", "<w:rPrChange><w:rPr><w:vanish/></w:rPr></w:rPrChange>")),
}


@pytest.mark.parametrize(("new", "lines"), CHANGES.values(), ids=CHANGES)
def test_a_change_in_word_is_found(new: str, lines: list[str], tmp_path: Path) -> None:
    """However it is written into the file, the reader of the answer sees it in its clause."""
    assert lines == differing(tmp_path, word(FIRST, new))


@pytest.mark.parametrize("new", SAME.values(), ids=SAME)
def test_another_form_is_no_change(new: str, tmp_path: Path) -> None:
    """The same words in other runs are the same."""
    code, lines = about(tmp_path, word(FIRST, new))
    assert (0, f"copy.docx 与{CHARTER}文字相同。") == (code, lines[0])


def test_tracked_changes_are_told(tmp_path: Path) -> None:
    """The answer says by which text it went."""
    _, lines = about(tmp_path, word(FIRST, in_runs(INSERTED + DELETED)))
    assert "文件里有还没有接受的修订；比对的是全部接受以后的文字。" == lines[-2]


def test_a_row_marked_as_deleted_is_told(tmp_path: Path) -> None:
    """A reader's program may leave the row out, though its words stand in the file."""
    made = word("<w:trPr><w:cantSplit/>", '<w:trPr><w:cantSplit/><w:del w:id="9" w:author="x"/>')
    assert "格式　{+有标为删去的表格行+}" in differing(tmp_path, made)


def test_a_table_style_that_hides_is_told(tmp_path: Path) -> None:
    """A style can hide the tables it is applied to; none of our files does that."""
    hiding = '<w:style w:type="table" w:styleId="TableGrid"><w:rPr><w:vanish/></w:rPr></w:style></w:styles>'
    assert ["格式　{+有隐藏文字的表格样式+}"] == differing(
        tmp_path, word("</w:styles>", hiding, "word/styles.xml")
    )


def test_defaults_that_hide_leave_nothing_to_read(tmp_path: Path) -> None:
    """Where the defaults of a file hide its text, it is not taken for the text it holds."""
    made = word("<w:rPrDefault><w:rPr>", "<w:rPrDefault><w:rPr><w:vanish/>", "word/styles.xml")
    assert 0 != about(tmp_path, made)[0]


def test_a_style_can_hide(tmp_path: Path) -> None:
    """A run is hidden by its style too, and by the style on which that is based."""
    styles = (
        '<w:style w:type="character" w:styleId="H"><w:rPr><w:vanish/></w:rPr></w:style>'
        '<w:style w:type="character" w:styleId="I"><w:basedOn w:val="H"/></w:style></w:styles>'
    )
    made = repacked(
        word(FIRST, in_runs(run("2小时", '<w:rStyle w:val="I"/>'))), "</w:styles>", styles, "word/styles.xml"
    )
    assert [CONTACT.format("[-2小时-]"), "隐藏的文字　{+2小时+}"] == differing(tmp_path, made)


def test_a_changed_edge_is_found(tmp_path: Path) -> None:
    """Header, footer and the mark at the end are compared as well as the text."""
    made = docx.document(replace(PAPER, number="2025.9", mark="0123456789abcdef"))
    assert [
        "页眉　……承诺保障书（管理规范型）版本号：[-2026.1-]{+2025.9+}",
        f"页脚　文本校验码：[-{PAPER.mark}-]{{+0123456789abcdef+}}第页共页",
        "版本行　版本号：[-2026.1-]{+2025.9+}　施行日期：2026年12月1日",
        f"文末　文本校验码：[-{PAPER.mark}-]{{+0123456789abcdef+}}",
    ] == differing(tmp_path, made)


# What is found in both


def without(text: str) -> list[Block]:
    """Return the blocks without the one that begins with *text*."""
    blocks = [block for block in PAPER.blocks if not block.text.startswith(text)]
    assert len(blocks) == len(PAPER.blocks) - 1
    return blocks


def moved() -> list[Block]:
    """Return the blocks with one clause two places later."""
    blocks = list(PAPER.blocks)
    at = next(at for at, block in enumerate(blocks) if block.text.startswith(FIRST))
    blocks.insert(at + 2, blocks.pop(at))
    return blocks


def grown() -> list[Block]:
    """Return the blocks with one row more in the first table."""
    row = ("上门时限", "9小时", "—", "—", "—")
    first = next(at for at, block in enumerate(PAPER.blocks) if block.rows)
    table = PAPER.blocks[first]
    rows = (*table.rows[:2], row, *table.rows[2:])
    return [*PAPER.blocks[:first], replace(table, rows=rows), *PAPER.blocks[first + 1 :]]


REDRAWN = {
    "a figure": (
        edited(PAPER, ("请求时起2小时", "请求时起24小时")).blocks,
        [MOVED],
    ),
    "a deleted clause": (
        without(FIRST),
        ["2.1(1)　[-(1) 我方自收到客户请求时起2小时内完成首次联系。该期限只计算服务时间。-]"],
    ),
    "a new row": (
        grown(),
        ["表格“本页承诺一览”　……一至周日 8:00-20:00）{+上门时限9小时———+}"],
    ),
}


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("name", REDRAWN)
def test_a_change_on_paper_is_found(name: str, form: str, tmp_path: Path) -> None:
    """A paper drawn with another figure, without a clause, with a row more."""
    blocks, lines = REDRAWN[name]
    assert lines == differing(tmp_path, FORMS[form](replace(PAPER, blocks=blocks)), f"copy.{form}")


def test_a_hidden_mark_of_a_paragraph_hides_nothing(tmp_path: Path) -> None:
    """The mark at the end of a paragraph has a format of its own."""
    style = '<w:pStyle w:val="Clause1"/>'
    assert 0 == about(tmp_path, word(style, f"{style}<w:rPr><w:vanish/></w:rPr>"))[0]


def test_a_moved_clause_is_found(tmp_path: Path) -> None:
    """It is missing at its place, which says so, and new at the other."""
    lines = differing(tmp_path, pdf.document(replace(PAPER, blocks=moved())), "copy.pdf")
    assert ["2.1(1)（移到了别处）", "2.1(3)"] == [line.partition("　")[0] for line in lines]
    assert "{+(1)我方自收到客户请求时起2小时内完成首次联系。该期限只计算服务时间。+}" in lines[1]


def test_a_changed_header_of_a_page_is_found(tmp_path: Path) -> None:
    """One line tells it for all pages."""
    made = pdf.document(replace(PAPER, company="示列家电有限公司"))
    assert ["第1至5页的页眉　示[-例-]{+列+}家电有限公司客户售后服务承诺保障……"] == differing(
        tmp_path, made, "copy.pdf"
    )


def test_a_missing_page_is_found(tmp_path: Path) -> None:
    """What stood on it is missing, and the numbers of the pages do not fit."""
    old = pypdf.PdfReader(io.BytesIO(drawn("appliances-2026.1-charter", "pdf")))
    made, out = pypdf.PdfWriter(), io.BytesIO()
    for page in (*old.pages[:2], *old.pages[3:]):
        made.add_page(page)
    made.write(out)
    lines = differing(tmp_path, out.getvalue(), "copy.pdf")
    assert [
        "第1页的页脚　第1页共[-4页-]{+5页+}",
        "第2页的页脚　第2页共[-4页-]{+5页+}",
        "第3页的页脚　[-第3页共4页-]{+第4页共5页+}",
        "第4页的页脚　[-第4页共4页-]{+第5页共5页+}",
    ] == lines[:4]
    assert all("[-" in line for line in lines[4:])
    assert len(lines) > 9


def test_a_note_over_a_page_is_found(tmp_path: Path) -> None:
    """A text laid over a page by another program is no text of the page, but its reader sees it."""
    made, out = (
        pypdf.PdfWriter(clone_from=io.BytesIO(drawn("appliances-2026.1-charter", "pdf"))),
        io.BytesIO(),
    )
    made.add_annotation(1, FreeText(text="24小时", rect=(90, 90, 200, 120)))
    made.write(out)
    assert ["第2页的批注　{+24小时+}"] == differing(tmp_path, out.getvalue(), "copy.pdf")


# The mark, and which edition it is


def test_the_mark_is_not_trusted(tmp_path: Path) -> None:
    """A text of one edition with the mark of another is told by its text."""
    other = EVERY["appliances-2025.1-charter"].mark
    code, lines = about(tmp_path, pdf.document(replace(PAPER, mark=other)), "copy.pdf")
    assert [
        f"copy.pdf 与{CHARTER}有1处不同：",
        f"  文末　文本校验码：[-{PAPER.mark}-]{{+{other}+}}",
        LEGEND,
        (
            "文件里写着示例家电有限公司2025.1版《客户售后服务承诺保障书（管理规范型）》的校验码；"
            "文字与那一版相差更多，所以不按那一版比对。"
        ),
    ] == lines[:4]
    assert 1 == code


def test_another_text_with_our_mark(tmp_path: Path) -> None:
    """A text that no edition has is not made ours by a mark."""
    code, lines = about(tmp_path, f"我方概不负责。文本校验码：{PAPER.mark}", "copy.txt")
    assert [
        "copy.txt 的文字与任何一个已发布的版本都不相近；检查是不是这里公布的保障书，是不是全文。",
        f"文件里写着{CHARTER}的校验码，文字却不是那一版的。",
    ] == lines
    assert 1 == code


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a copy of the project with its editions, and run in it."""
    root = copied(tmp_path / "project")
    shutil.copytree(ROOT / "editions", root / "editions")
    monkeypatch.chdir(root)
    return root


@pytest.mark.parametrize("name", ["charter.md", "edition.yml"])
def test_an_altered_edition_proves_nothing(name: str, project: Path, tmp_path: Path) -> None:
    """A released file that is not as it was released is no measure; the answer names it and the way out."""
    path = project / "editions" / "appliances" / "2026.1" / name
    path.write_text(path.read_text("utf-8").replace("2小时", "24小时"), encoding="utf-8")
    said = (
        "editions/appliances/2026.1/charter.md 与发布时不同，不能用来核对；"
        "运行 pledge verify，按它说的恢复，再来核对。"
    )
    for data in (drawn("appliances-2026.1-charter", "pdf"), pdf.document(edited(PAPER, ("2小时", "24小时")))):
        assert (2, [said]) == about(tmp_path, data, "copy.pdf")
    assert 0 == about(tmp_path, drawn("appliances-2026.1-returns", "docx"))[0] or name == "edition.yml"


def test_a_company_with_a_new_id_keeps_its_editions(project: Path, tmp_path: Path) -> None:
    """The time of an edition is told also where the variable file has another name now."""
    path = project / "variables" / "it-services.yml"
    path.rename(path.with_name("it.yml"))
    with path.with_name("it.yml").open("a", encoding="utf-8") as file:
        file.write("formerly: [it-services]\n")
    code, lines = about(tmp_path, drawn("it-services-2025.1-charter", "docx"))
    assert (0, "2025.1版自") == (code, lines[1][:8])
    assert "此后由2026.1版接替" in lines[1]


def test_among_many_companies(project: Path, tmp_path: Path) -> None:
    """A text without a mark is found among those of many companies that differ by their names only."""
    for at in range(60):
        target = shutil.copytree(project / "editions/appliances/2026.1", project / f"editions/c{at}/2026.1")
        for path in target.iterdir():
            path.write_text(path.read_text("utf-8").replace("示例家电", f"示例{at}号"), encoding="utf-8")
        text = (target / "edition.yml").read_text("utf-8")
        for name in ("charter", "contract", "service-level", "declaration", "project", "warranty", "returns"):
            old = next(paper.mark for key, paper in EVERY.items() if key == f"appliances-2026.1-{name}")
            new = hashlib.sha256((target / f"{name}.md").read_bytes()).hexdigest()
            text = re.sub(rf"{old}[0-9a-f]*", new, text)
        (target / "edition.yml").write_text(text, encoding="utf-8")
    lines = [f"{digest}  {path}\n" for path, digest in sums(project).items()]
    (project / "editions" / "SHA256SUMS").write_text("".join(lines), encoding="utf-8")
    text = (project / "editions/c17/2026.1/returns.md").read_text("utf-8")
    _, said = about(tmp_path, text.replace("2小时", "9小时"), "copy.md")
    assert said[0].startswith("copy.md 与示例17号有限公司2026.1版《客户售后服务承诺保障书（网络零售型）》有")


# Text copies


def web() -> str:
    """Return the text of the page as a browser copies it."""
    page = soup(article(Filling(PROJECT, PROJECT.company("appliances"), TODAY), "charter"))
    return page.get_text("\n")


TEXTS = {
    "a page of the web": web().encode(),
    "the text that a reader sees": visible(soup(web())).encode(),
    "with the marks of a browser": web().replace("服务", "服\u200b务\ufeff").encode(),
    "in GB18030": web().replace("¶", "").encode("gb18030"),
    "in UTF-16": web().encode("utf-16"),
    "in UTF-8 with a mark": web().encode("utf-8-sig"),
    "of Windows": web().replace("\n", "\r\n").encode(),
    "the file of the edition": (ROOT / "editions/appliances/2026.1/charter.md").read_bytes(),
    "that file on Windows": (ROOT / "editions/appliances/2026.1/charter.md")
    .read_bytes()
    .replace(b"\n", b"\r\n"),
}


@pytest.mark.parametrize("data", TEXTS.values(), ids=TEXTS)
def test_a_plain_text_is_recognised(data: bytes, tmp_path: Path) -> None:
    """It needs neither header nor proof; white space and encoding do not count."""
    assert [f"copy.txt 与{CHARTER}文字相同。", WHEN.format("charter"), LIMIT] == about(
        tmp_path, data, "copy.txt"
    )[1]


def test_a_plain_text_that_differs(tmp_path: Path) -> None:
    """A changed figure is found, and so are words before and after."""
    changed = re.sub(r"请求时起\s*2小时", "请求时起24小时", web())
    text = f"注意\n{changed}\n概不负责"
    assert [
        "标题　{+注意+}客户售后服务承诺保障书（管理规范型）",
        MOVED,
        "签署栏　（盖章处）{+概不负责+}",
    ] == differing(tmp_path, text, "copy.txt")


# Contracts, forms, working papers

FILLED = {
    "contract": [
        "合同编号　SL-HT-2026-0001",
        "客户名称　示例酒店管理有限公司",
        "合同签订日期　2026年12月10日",
        "合同产品　SL-100型对开门冰箱20台",
        "合同价款　128000元",
        "合同价款　人民币壹拾贰万捌仟元整",
    ],
    "project": [
        "承诺接收方　示例产业园管理有限公司",
        "项目名称　示例园区设备更新项目",
        "招标编号或者采购编号　SLZB-2026-001",
        "项目阶段表　供货设备到场2027年1月10日4人；安装安装调试2027年2月10日6人",
    ],
}


def contracts(folder: Path) -> dict[str, Paper]:
    """Return the papers filled for a contract, by variant."""
    found = papers(PROJECT, PROJECT.company("appliances"), TODAY, deal(folder, WHOLE))
    assert {DEAL} == {paper.purpose for paper in found}
    return {paper.variant: paper for paper in found}


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("variant", FILLED)
def test_what_a_contract_fills_in_is_no_difference(variant: str, form: str, tmp_path: Path) -> None:
    """It is listed by its label, and the text is the same apart from it."""
    paper = contracts(tmp_path)[variant]
    code, lines = about(tmp_path, FORMS[form](paper), f"copy.{form}")
    assert [
        f"copy.{form} 与示例家电有限公司2026.1版《{paper.title}》除合同填写的内容外，文字相同。",
        "合同填写的内容，请与合同核对：",
        *(f"  {line}" for line in FILLED[variant]),
        WHEN.format(variant),
        LIMIT,
    ] == lines
    assert 0 == code


CLIENT = "1.1.2　客户是[-〔客户名称：以合同记载为准〕-]"
SIGNED = "日期是[-〔合同签订日期：以合同记载为准〕-]"
SMUGGLED = {
    "a clause beside a gap": (
        ("签订日期是", "签署日期是"),
        f"{CLIENT}{{+示例酒店管理有限公司+}}。合同的签[-订-]{{+署+}}{SIGNED}{{+2026年12月10日+}}。",
    ),
    "a sentence in a gap": (
        ("示例酒店管理有限公司", "示例酒店管理有限公司。我方不承担责任"),
        f"{CLIENT}{{+示例酒店管理有限公司。我方不承担责任+}}。合同的签订日期是〔合同签订日期……",
    ),
    "a word for a date": (
        ("2026年12月10日", "择日"),
        f"1.1.2　……合同记载为准〕。合同的签订{SIGNED}{{+择日+}}。",
    ),
    "an amount that does not fit its capitals": (
        ("128000元", "28000元"),
        (
            "1.1.3　……同价款：以合同记载为准〕（大写："
            "[-〔合同价款：以合同记载为准〕-]{+人民币壹拾贰万捌仟元整+}）。"
        ),
    ),
}


@pytest.mark.parametrize(("pair", "line"), SMUGGLED.values(), ids=SMUGGLED)
def test_a_gap_swallows_nothing_else(pair: tuple[str, str], line: str, tmp_path: Path) -> None:
    """Only a value of its kind fills a gap; a change beside it is a difference."""
    paper = edited(contracts(tmp_path)["contract"], pair)
    which = f"示例家电有限公司2026.1版《{paper.title}》"
    assert [line] == differing(tmp_path, pdf.document(paper), "copy.pdf", which)


@pytest.mark.parametrize("form", FORMS)
def test_a_form_and_a_working_paper_say_what_they_are(form: str, tmp_path: Path) -> None:
    """Neither is a released text, and each has an answer of its own."""
    blank = next(iter(blank_papers(PROJECT, TODAY)))
    draft = replace(PAPER, purpose=WORKING, number="", effective=None, address="", mark="")
    said = [about(tmp_path, FORMS[form](paper), f"copy.{form}") for paper in (blank, draft)]
    assert [
        (1, [f"copy.{form} 是空白范本，供手工填写，不是哪家公司公布的承诺，没有可以比对的版本。"]),
        (1, [f"copy.{form} 写明是未发布稿，不是已发布的版本，不构成承诺；要核对的，取已发布版本的文本。"]),
    ] == said


# What cannot be compared


def scan() -> bytes:
    """Return a PDF with a picture and no text."""
    return typst.compile(
        b"#image(bytes(\"<svg xmlns='http://www.w3.org/2000/svg' width='9' height='9'/>\"), format: \"svg\")"
    )


def blank_pages(count: int) -> bytes:
    """Return a PDF of empty pages."""
    made, out = pypdf.PdfWriter(), io.BytesIO()
    for _ in range(count):
        made.add_blank_page(100, 100)
    made.write(out)
    return out.getvalue()


def locked() -> bytes:
    """Return a PDF with a password."""
    made, out = pypdf.PdfWriter(clone_from=io.BytesIO(blank_pages(1))), io.BytesIO()
    made.encrypt("secret", algorithm="RC4-128")
    made.write(out)
    return out.getvalue()


BROKEN = "不完整或者已损坏，打不开；重新取一份，或者用 Word 打开后另存。"
BROKEN_PDF = "不完整或者已损坏，打不开；重新取一份。"
LOCKED = "加了密码，读不出；去掉密码后另存一份。"
OPEN = "用 Word 或者 WPS 打开，另存为 DOCX。"
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
BODY = "<w:body>"
ENTITIES = '<?xml version="1.0"?><!DOCTYPE a [<!ENTITY a "aaaaaaaa"><!ENTITY b "&a;&a;&a;">]><a>&b;</a>'
HOSTILE: dict[str, tuple[str, Callable[[], bytes], str]] = {
    "nothing": ("x.pdf", lambda: b"", "里什么也没有；重新取一份。"),
    "white space": ("x.txt", lambda: b" \r\n", "里什么也没有；重新取一份。"),
    "a scan": ("scan.pdf", scan, SCAN),
    "empty pages": ("x.pdf", lambda: blank_pages(2), SCAN),
    "a photograph": ("x.jpg", lambda: b"\xff\xd8\xff\xe0" + bytes(9), SCAN),
    "a picture": ("x.png", lambda: b"\x89PNG\r\n\x1a\n" + bytes(9), SCAN),
    "a fax": ("x.tif", lambda: b"II*\x00" + bytes(9), SCAN),
    "a Word file of pictures": ("x.docx", lambda: re_bodied(""), SCAN),
    "a PDF cut short": ("x.pdf", lambda: drawn("appliances-2026.1-charter", "pdf")[:40_000], BROKEN_PDF),
    "no PDF": ("x.pdf", lambda: b"hello", BROKEN_PDF),
    "only the head of a PDF": ("x.pdf", lambda: b"%PDF-1.7\nhello", BROKEN_PDF),
    "a PDF with a password": ("x.pdf", locked, LOCKED),
    "a long PDF": (
        "x.pdf",
        lambda: blank_pages(201),
        "有201页，保障书没有这么长；只留保障书的各页，另存一份。",
    ),
    "a DOCX cut short": ("x.docx", lambda: word()[:9_000], BROKEN),
    "no DOCX": ("x.docx", lambda: b"hello", BROKEN),
    "a bomb": (
        "x.docx",
        lambda: repacked(word(), added={"x": bytes(51_000_000)}),
        "解开以后太大，不是我们写出的文件；向对方另取一份。",
    ),
    "a part twice": ("x.docx", lambda: repacked(word(), added={"WORD/document.xml": b"<a/>"}), BROKEN),
    "entities": ("x.docx", lambda: re_bodied(None), BROKEN),
    "deep elements": ("x.docx", lambda: word(BODY, BODY + "<w:sdt>" * 100_000), BROKEN),
    "another file inside": (
        "x.docx",
        lambda: word(BODY, BODY + "<w:altChunk/>"),
        "里面嵌着别的文件，读不全；用 Word 打开后另存为 DOCX，或者导出为 PDF。",
    ),
    "another kind of file": (
        "x.xlsx",
        lambda: word('="word/document.xml"', '="xl/workbook.xml"', part="_rels/.rels"),
        "不是 Word 文件；用 Word 打开后另存为 DOCX，或者导出为 PDF。",
    ),
    "a DOCX with a password": (
        "x.docx",
        lambda: OLE + bytes(9) + "EncryptedPackage".encode("utf-16-le"),
        LOCKED,
    ),
    "an old Word file": ("x.doc", lambda: OLE + bytes(99), f"是旧格式的文件；{OPEN}"),
    "an old WPS file": ("x.wps", lambda: OLE + bytes(99), f"是旧格式的文件；{OPEN}"),
    "rich text": ("x.rtf", lambda: b"{\\rtf1 }", f"是 RTF 文件；{OPEN}"),
    "the source of a page": (
        "x.html",
        lambda: b"<!DOCTYPE html><html>a</html>",
        "是网页的源文件；用浏览器打开，把保障书的文字复制到文本文件里。",
    ),
    "bytes": ("x.bin", lambda: bytes(range(256)), "不是 DOCX、PDF 或者文本文件；把保障书另存为其中一种。"),
    "a long text": (
        "x.txt",
        lambda: b"a" * 1_000_001,
        "里的文字太多，不是保障书；只留保障书的文字，另存一份。",
    ),
    "a large file": (
        "x.pdf",
        lambda: bytes(50_000_001),
        "超过50 MB，保障书的文件没有这么大；是扫描件的，用手机扫描文末的二维码，与网页核对。",
    ),
}


def re_bodied(body: str | None) -> bytes:
    """Return a Word file with another body, or with entities for it."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as packed:
        link = '<Relationship Id="r" Type="x/officeDocument" Target="word/document.xml"/>'
        packed.writestr("_rels/.rels", f'<Relationships xmlns="x">{link}</Relationships>')
        packed.writestr(
            "word/document.xml", ENTITIES if body is None else f"<w:document {W}>{body}</w:document>"
        )
    return made.getvalue()


@pytest.mark.parametrize(("name", "data", "said"), HOSTILE.values(), ids=HOSTILE)
def test_what_cannot_be_compared_is_told(
    name: str, data: Callable[[], bytes], said: str, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    """One Chinese line says what is wrong and the way out; nothing else is printed, nothing is written."""
    assert (2, [f"{name} {said}"]) == about(tmp_path, data(), name)
    assert ("", "") == capfd.readouterr()
    assert [name] == [path.name for path in tmp_path.iterdir()]


def test_what_is_no_file_is_told(tmp_path: Path) -> None:
    """A missing name, a folder, a pipe, a device and a loop of links are not opened."""
    os.mkfifo(tmp_path / "pipe.pdf")
    (tmp_path / "loop.pdf").symlink_to("loop.pdf")
    no_file = "{} 不是文件；写一份 DOCX、PDF 或者文本文件的名称。"
    assert (2, ["没有 none.pdf 这个文件；检查文件名和文件夹。"]) == told(tmp_path / "none.pdf")
    assert (2, [no_file.format("pipe.pdf")]) == told(tmp_path / "pipe.pdf")
    assert (2, [no_file.format("zero")]) == told(Path("/dev/zero"))
    assert (2, [f"{tmp_path} 不是文件；写一份 DOCX、PDF 或者文本文件的名称。"]) == (
        told(tmp_path)[0],
        [no_file.format(tmp_path)],
    )
    assert (2, ["读不了 loop.pdf（链接指向自己）；检查文件名和权限。"]) == told(tmp_path / "loop.pdf")


def test_macros_are_not_run(tmp_path: Path) -> None:
    """A file with macros is read as text, and the answer says so."""
    code, lines = about(tmp_path, repacked(word(), added={"word/vbaProject.bin": b"x"}), "copy.docm")
    assert (0, "文件带有宏；只读了文字，没有运行。") == (code, lines[-2])


# Whatever is changed is found

CONTRACT = Contract(PROJECT.catalogue)


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(sorted(EVERY)), st.data())
def test_any_change_is_found(name: str, data: st.DataObject) -> None:
    """One character more, less or other, anywhere in a paper, is a difference that restores both texts."""
    made = expected(EVERY[name], "", plain=False)
    at = data.draw(st.integers(0, len(made.text) - 1))
    new = data.draw(st.sampled_from(["", "不", "1", "9", "。"])) + data.draw(
        st.sampled_from(["", made.text[at]])
    )
    actual = made.text[:at] + new + made.text[at + 1 :]
    found = compared(made, actual, CONTRACT)
    assert (actual != made.text) == bool(found.differences)
    assert len(found.differences) <= 2
    assert [] == found.fills


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(sorted(EVERY)), st.data())
def test_any_changed_figure_is_found(name: str, data: st.DataObject) -> None:
    """Another digit shows the whole amount, before and after."""
    made = expected(EVERY[name], "", plain=False)
    places = [found.start() for found in re.finditer(r"\d", made.text)]
    at = data.draw(st.sampled_from(places))
    digit = str((int(made.text[at]) + 1) % 10)
    found = compared(made, made.text[:at] + digit + made.text[at + 1 :], CONTRACT)
    (only,) = found.differences
    gone, new = (next(piece.text for piece in only.pieces if piece.kind == kind) for kind in ("gone", "new"))
    assert len(gone) == len(new)
    assert gone != new


@pytest.mark.parametrize("name", EVERY)
def test_an_unchanged_copy_shows_no_difference(name: str) -> None:
    """The text of a paper is what is expected of it."""
    made = expected(EVERY[name], "", plain=False)
    assert [] == compared(made, made.text, CONTRACT).differences


def test_everything_changed_is_found_at_once() -> None:
    """A copy without one clause in common is compared too."""
    made = expected(EVERY["appliances-2026.1-warranty"], "", plain=False)
    actual = re.sub("(..).", r"\1甲", made.text)
    assert len(compared(made, actual, CONTRACT).differences) > 100


# Office programs


@pytest.mark.more
@pytest.mark.skipif(SOFFICE is None, reason="没有 LibreOffice；安装：apt-get install libreoffice-writer")
@pytest.mark.parametrize("form", ["docx", "pdf"])
@pytest.mark.parametrize("variant", ["charter", "contract", "warranty"])
def test_a_file_saved_by_an_office_program_is_recognised(variant: str, form: str, tmp_path: Path) -> None:
    """Our Word file, opened and saved again or printed to PDF, still says the same."""
    path = tmp_path / "in" / "copy.docx"
    path.parent.mkdir()
    path.write_bytes(drawn(f"appliances-2026.1-{variant}", "docx"))
    out = converted(path, "odt") and converted(path.with_suffix(".odt"), form)
    code, lines = about(tmp_path, out, f"copy.{form}")
    title = EVERY[f"appliances-2026.1-{variant}"].title
    assert (0, f"copy.{form} 与示例家电有限公司2026.1版《{title}》文字相同。") == (code, lines[0])
