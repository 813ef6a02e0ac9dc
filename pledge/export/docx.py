"""A guarantee as a Word document: real headings, clause numbers as text, a place for the seal."""

from __future__ import annotations

import datetime
import io
import re
from itertools import pairwise, zip_longest
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape

import segno
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_TAB_ALIGNMENT
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Mm, Pt, RGBColor, Twips

from pledge.export import word
from pledge.export.paper import FORM
from pledge.export.word import HEI, SONG
from pledge.redline import visible
from pledge.transcript import HEADING, ITEM, PARAGRAPH, TABLE, TITLE, Block

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from docx.document import Document
    from docx.section import _BaseHeaderFooter
    from docx.styles.style import CharacterStyle

    from pledge.alignment import Row
    from pledge.export.paper import Paper

_HEADINGS = {1: 14, 2: 12, 3: 10.5, 4: 10.5}
_DEEPEST = 4
_HANG = Pt(31.5)
_BLACK, _GREY = RGBColor(0, 0, 0), RGBColor(0x59, 0x59, 0x59)
_SIGNATURE = (1900, word.WIDTH - 1900)
_SEAL = 2500  # a seal of a company measures 38 to 42 mm
_HANDWRITTEN = 460
_QR = 22
_PROOF = (1500, word.WIDTH - 1500)
_UNDATED = datetime.datetime(1980, 1, 1)  # noqa: DTZ001  the clock on the wall, as Word writes it
_LABEL = re.compile(r"(〔[^〔〕]*〕)")
_KEEP = "<w:keepNext/>"
_BARE = (
    f'<w:tblPr><w:tblW w:w="{word.WIDTH}" w:type="dxa"/><w:tblLayout w:type="fixed"/>'
    '<w:tblCellMar><w:left w:w="0" w:type="dxa"/></w:tblCellMar></w:tblPr>'
)


def document(paper: Paper) -> bytes:
    """Return *paper* as a DOCX that says what the page says; the same paper gives the same bytes."""
    file = _file()
    when = datetime.datetime.combine(paper.effective, datetime.time()) if paper.effective else _UNDATED
    word.describe(file, paper.title, paper.company, when)
    _put(file.sections[0].header, "Header", _TAB.join(map(_run, paper.header)))
    _put(file.sections[0].footer, "Footer", f"{_run(paper.checked_by)}{_TAB}{_PAGES}")
    text = _Text(form=paper.purpose == FORM)
    word.fill(file, "".join((*text.body(paper), *_proof(paper, file))))
    return word.repeatable(file)


class _Text:
    """Writes the blocks of a paper; in a form, the labels of the blanks are small."""

    def __init__(self, *, form: bool) -> None:
        self._form = form

    def body(self, paper: Paper) -> Iterator[str]:
        """Yield the paragraphs and tables of *paper* in their order."""
        blocks, depth, before = iter(pairwise([*paper.blocks, _END])), 0, ""
        for block, after in blocks:
            depth = block.level if block.kind == HEADING else depth
            if _is_signature(block):
                yield _paragraph("Normal", "", _KEEP) if before == TABLE else ""
                yield self._signature(block, after)
                if after.kind == PARAGRAPH:
                    next(blocks, None)
            else:
                yield self._block(block, depth, _set_apart(block, before, after))
            if block.kind == TITLE:
                yield _paragraph("EditionLine", _run(paper.subtitle))
            before = block.kind

    def _block(self, block: Block, depth: int, apart: str) -> str:
        number, notice, text = block.said
        if block.kind == TITLE:
            return _paragraph("Title", self._runs(text, HEI), apart)
        if block.kind == HEADING:
            shown = _run(number, HEI) + _notice(notice) + self._runs(text, HEI)
            return _paragraph(f"Heading{max(1, min(block.level, _DEEPEST))}", shown, apart)
        if block.kind == TABLE:
            return _paragraph("Caption", self._runs(text, HEI)) + self._table(block.rows)
        shown = _notice(notice) + self._runs(text, bold=block.notice)
        if block.kind == ITEM:
            style = f"Clause{max(1, min(block.level - depth, _DEEPEST))}"
            return _paragraph(style, _run(number.strip(), bold=block.notice) + _TAB + shown, apart)
        return _paragraph("Normal", shown, apart)

    def _runs(self, text: str, font: str = SONG, *, bold: bool = False) -> str:
        parts = _LABEL.split(text) if self._form else [text]
        return "".join(
            _run(part, font, bold=bold, style="BlankLabel" if at % 2 else "") for at, part in enumerate(parts)
        )

    def _table(self, rows: Sequence[Row]) -> str:
        shown = word.widths(rows)
        head = [self._row(row, shown, "TableHead", "<w:tblHeader/>") for row in rows[:1] if any(row)]
        room = _height(_HANDWRITTEN) if self._form else ""
        body = [self._row(row, shown, "TableCell", room) for row in rows[1:]]
        return _table(word.TABLE, shown, [*head, *body])

    def _row(self, row: Row, widths: Sequence[int], style: str, marks: str = "") -> str:
        font, shade = (HEI, _SHADE) if style == "TableHead" else (SONG, "")
        cells = (
            _cell(width, _paragraph(style, self._runs(cell, font)), shade)
            for cell, width in zip_longest(row, widths, fillvalue="")
        )
        return _tr(cells, marks)

    def _signature(self, block: Block, after: Block) -> str:
        rows = [self._row(row, _SIGNATURE, "Signing", _height(480)) for row in block.rows[1:]]
        if after.kind == PARAGRAPH:
            place = _cell(word.WIDTH, _paragraph("Seal", self._runs(after.text)), '<w:gridSpan w:val="2"/>')
            rows.append(_tr([place], _height(_SEAL)))
        return _table(word.TABLE, _SIGNATURE, rows)


def _is_signature(block: Block) -> bool:
    pairs = bool(block.rows) and all(len(row) == len(_SIGNATURE) for row in block.rows)
    return block.is_signature and pairs


def _set_apart(block: Block, before: str, after: Block) -> str:
    """Return what sets a paragraph apart from its style: it leads to a list or table, or follows a table."""
    listed = block.kind == after.kind == ITEM and after.level > block.level
    leads = listed or _is_signature(after) or (block.kind == PARAGRAPH and after.kind == TABLE)
    gap = before == TABLE and block.kind in {ITEM, PARAGRAPH}
    space = ' w:before="160"' * gap + ' w:after="320"' * _is_signature(after)
    return _KEEP * leads + (f"<w:spacing{space}/>" if space else "")


def _notice(mark: str) -> str:
    return _run(mark.strip(), HEI, style="NoticeMark") + _run(" ") if mark else ""


def _paragraph(style: str, runs: str, apart: str = "") -> str:
    return f'<w:p><w:pPr><w:pStyle w:val="{style}"/>{apart}</w:pPr>{runs}</w:p>'


def _run(text: str, font: str = SONG, *, bold: bool = False, style: str = "") -> str:
    if not text:
        return ""
    named = f'<w:rStyle w:val="{style}"/>' if style else ""
    heavy = "<w:b/><w:bCs/>" if bold else ""
    return (
        f'<w:r><w:rPr>{named}<w:rFonts w:eastAsia="{font}" w:hint="eastAsia"/>{heavy}</w:rPr>'
        f'<w:t xml:space="preserve">{escape(visible(text))}</w:t></w:r>'
    )


def _field(name: str) -> str:
    """Return a field that the reader's program fills in: a page number or the number of pages."""
    marks = [f'<w:r><w:fldChar w:fldCharType="{kind}"/></w:r>' for kind in ("begin", "separate", "end")]
    code = f'<w:r><w:instrText xml:space="preserve"> {name} </w:instrText></w:r>'
    return marks[0] + code + marks[1] + _run("1") + marks[2]


def _table(format_: str, widths: Iterable[int], rows: Iterable[str]) -> str:
    grid = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
    body = "".join(rows)
    return f"<w:tbl>{format_}<w:tblGrid>{grid}</w:tblGrid>{body}</w:tbl>" if body else ""


def _tr(cells: Iterable[str], marks: str = "") -> str:
    return f"<w:tr><w:trPr><w:cantSplit/>{marks}</w:trPr>{''.join(cells)}</w:tr>"


def _height(twips: int) -> str:
    return f'<w:trHeight w:val="{twips}" w:hRule="atLeast"/>'


def _cell(width: int | str, content: str, marks: str = "") -> str:
    vertical = '<w:vAlign w:val="center"/>'
    return f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/>{marks}{vertical}</w:tcPr>{content}</w:tc>'


_TAB = "<w:r><w:tab/></w:r>"
_END = Block("end", "")
_SHADE = '<w:shd w:val="clear" w:color="auto" w:fill="EDEDED"/>'
_PAGES = _run("第 ") + _field("PAGE") + _run(" 页 共 ") + _field("NUMPAGES") + _run(" 页")


def _proof(paper: Paper, file: Document) -> Iterator[str]:
    """Yield what lets a reader check the paper against the web: address, QR code, mark of the text."""
    said = "".join(_paragraph("Proof", _run(line)) for line in paper.proof)
    if not said:
        return
    yield _paragraph("Proof", "")
    if paper.address:
        picture = _paragraph("Proof", f"<w:r>{_qr_code(paper.address, file)}</w:r>")
        said = _table(_BARE, _PROOF, [_tr([_cell(_PROOF[0], picture), _cell(_PROOF[1], said)])])
        said += _paragraph("Proof", "")
    yield said


def _qr_code(address: str, file: Document) -> str:
    drawn = io.BytesIO()
    segno.make(visible(address), error="m", micro=False).save(drawn, kind="png", scale=8, border=2)
    inline = file.part.new_pic_inline(drawn, Mm(_QR), Mm(_QR))
    inline.docPr.set("descr", "永久地址的二维码")
    return f"<w:drawing>{inline.xml}</w:drawing>"


def _put(place: _BaseHeaderFooter, style: str, runs: str) -> None:
    place.is_linked_to_previous = False
    old = place.paragraphs[0]._p  # noqa: SLF001  python-docx has no other way to an element
    old.addprevious(parse_xml(_paragraph(style, runs).replace("<w:p>", f"<w:p {nsdecls('w')}>", 1)))
    old.getparent().remove(old)


def _file() -> Document:
    file = word.new_file()
    _set_text(file)
    _set_headings(file)
    _set_clauses(file)
    _set_tables(file)
    _set_edges(file)
    return file


def _set_text(file: Document) -> None:
    normal = word.letter(file, "Normal", SONG, 10.5).paragraph_format
    normal.line_spacing, normal.alignment = 1.3, WD_ALIGN_PARAGRAPH.JUSTIFY
    line = word.added(file, "Edition Line", SONG, 10.5).paragraph_format
    line.alignment, line.space_after = WD_ALIGN_PARAGRAPH.CENTER, Pt(14)
    mark = _character(file, "Notice Mark", HEI)
    mark.font.bold = True
    mark.element.rPr.append(parse_xml(f'<w:bdr {nsdecls("w")} w:val="single" w:sz="4" w:space="0"/>'))
    label = _character(file, "Blank Label", SONG)
    label.font.size, label.font.color.rgb = Pt(8), _GREY


def _character(file: Document, name: str, chinese: str) -> CharacterStyle:
    style: CharacterStyle = file.styles.add_style(name, WD_STYLE_TYPE.CHARACTER)
    style.font.name = word.LATIN
    style.element.rPr.rFonts.set(qn("w:eastAsia"), chinese)
    return style


def _set_headings(file: Document) -> None:
    title = word.letter(file, "Title", HEI, 18)
    title.font.color.rgb = _BLACK
    title.element.pPr.remove(title.element.pPr.find(qn("w:pBdr")))
    title.paragraph_format.alignment = WD_ALIGN_PARAGRAPH.CENTER
    title.paragraph_format.space_after, title.paragraph_format.keep_with_next = Pt(6), True
    for level, size in _HEADINGS.items():
        style = word.letter(file, f"Heading {level}", HEI, size)
        style.font.color.rgb, style.font.bold = _BLACK, False
        style.paragraph_format.alignment = WD_ALIGN_PARAGRAPH.LEFT
        style.paragraph_format.space_before = Pt(14 if level == 1 else 8)
        style.paragraph_format.keep_with_next = True


def _set_clauses(file: Document) -> None:
    """Give each depth of clauses a hanging indent wide enough for its numbers, so that they stand free."""
    for depth in range(1, _DEEPEST + 1):
        shape = word.added(file, f"Clause {depth}", SONG, 10.5).paragraph_format
        shape.left_indent, shape.first_line_indent, shape.space_after = _HANG * depth, -_HANG, Pt(3)


def _set_tables(file: Document) -> None:
    caption = word.letter(file, "Caption", HEI, 10.5)
    caption.font.color.rgb, caption.font.bold = _BLACK, False
    caption.paragraph_format.space_before = Pt(8)
    caption.paragraph_format.alignment = WD_ALIGN_PARAGRAPH.CENTER
    caption.paragraph_format.keep_with_next = True
    for name, font, size in (("Table Head", HEI, 9.5), ("Table Cell", SONG, 9.5), ("Signing", SONG, 10.5)):
        shape = word.added(file, name, font, size).paragraph_format
        shape.space_before = shape.space_after = Pt(1.5)
        shape.line_spacing, shape.alignment = 1, WD_ALIGN_PARAGRAPH.LEFT
        shape.keep_with_next = name != "Table Cell"


def _set_edges(file: Document) -> None:
    """Set what stands at the edges of the text: seal, proof, header and footer."""
    seal = word.added(file, "Seal", SONG, 10.5)
    seal.font.color.rgb, seal.paragraph_format.alignment = _GREY, WD_ALIGN_PARAGRAPH.CENTER
    proof = word.added(file, "Proof", SONG, 9).paragraph_format
    proof.space_after, proof.alignment, proof.keep_together = Pt(2), WD_ALIGN_PARAGRAPH.LEFT, True
    for name in ("Header", "Footer"):
        shape = word.letter(file, name, SONG, 9).paragraph_format
        shape.alignment, shape.space_after = WD_ALIGN_PARAGRAPH.LEFT, Pt(0)
        shape.tab_stops.clear_all()
        shape.tab_stops.add_tab_stop(Twips(word.WIDTH), WD_TAB_ALIGNMENT.RIGHT)
