"""A comparison as a Word document with tracked changes, which the reader accepts or rejects one by one."""

from __future__ import annotations

import io
import zipfile
from itertools import count, zip_longest
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape, quoteattr

import docx
from docx.enum.style import WD_STYLE_TYPE
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Mm, Pt, RGBColor

from pledge.alignment import Pair, aligned, paired_rows
from pledge.clauses import NOTICE
from pledge.redline import GONE, NEW, SAME, Piece, pieces, visible
from pledge.transcript import HEADING, ITEM, TABLE, TITLE, Block

if TYPE_CHECKING:
    import datetime
    from collections.abc import Iterable, Iterator

    from docx.document import Document
    from docx.styles.style import ParagraphStyle

    from pledge.alignment import Row
    from pledge.change import CompanyChange, TextChange

_LATIN, _SONG, _HEI = "Times New Roman", "宋体", "黑体"
_MARGIN = 25
_WIDTH = (210 - 2 * _MARGIN) * 1440 * 10 // 254
_HEADINGS = {
    "Heading 1": 18,
    "Heading 2": 15,
    "Heading 3": 13,
    "Heading 4": 12,
    "Heading 5": 12,
    "Heading 6": 12,
}
_INK = RGBColor(0x1D, 0x35, 0x57)
_DEEPEST = 4
_STEP = Pt(21)
_WIDEST = 24
_EPOCH = (1980, 1, 1, 0, 0, 0)
_TAGS = {GONE: "del", NEW: "ins"}


def document(changes: list[CompanyChange], author: str, when: datetime.datetime) -> bytes:
    """Return the texts as a DOCX in which accepting all gives the new ones and rejecting all the old ones.

    The same changes, *author* and *when* give the same bytes. *when* is written as the clock on the wall, as
    Word itself does.
    """
    file = docx.Document()
    _lay_out(file)
    _describe(file, author, when)
    body = parse_xml(f"<w:body {nsdecls('w')}>{_Tracked(author, when).text(changes)}</w:body>")
    end = file.element.body[-1]
    for element in list(body):
        end.addprevious(element)
    return _repeatable(file)


class _Tracked:
    """Writes paragraphs and tables, with each change under a number of its own."""

    def __init__(self, author: str, when: datetime.datetime) -> None:
        moment = when.replace(microsecond=0, tzinfo=None).isoformat()
        self._signed = f'w:author={quoteattr(visible(author))} w:date="{moment}Z"'
        self._numbers = count(1)

    def text(self, changes: list[CompanyChange]) -> str:
        """Return the body of the document."""
        return "".join(
            part for at, change in enumerate(changes) for part in self._company(change, first=at == 0)
        )

    def _company(self, change: CompanyChange, *, first: bool) -> Iterator[str]:
        yield self._paragraph("Heading1", [Piece(SAME, change.name)], SAME, "" if first else _BREAK)
        for at, text in enumerate(change.texts):
            yield from self._variant(text, _BREAK if at else "")

    def _variant(self, text: TextChange, start: str) -> Iterator[str]:
        for pair in aligned(text.old, text.new, moves=False):
            for part in _parts(pair):
                kind = NEW if part.old is None else GONE if part.new is None else SAME
                yield self._paragraph(_style(part.block), _said(part), kind, start)
                yield self._table(part) if part.block.kind == TABLE else ""
                start = ""

    def _paragraph(self, style: str, said: Iterable[Piece], kind: str, start: str = "") -> str:
        mark = f"<w:rPr>{self._change(kind)}</w:rPr>" if kind != SAME else ""
        runs = "".join(self._run(piece) for piece in said if piece.text)
        return f'<w:p><w:pPr><w:pStyle w:val="{style}"/>{start}{mark}</w:pPr>{runs}</w:p>'

    def _run(self, piece: Piece) -> str:
        name = "w:delText" if piece.kind == GONE else "w:t"
        text = f'<{name} xml:space="preserve">{escape(visible(piece.text))}</{name}>'
        return self._change(piece.kind, f'<w:r><w:rPr><w:rFonts w:hint="eastAsia"/></w:rPr>{text}</w:r>')

    def _change(self, kind: str, content: str = "") -> str:
        if kind == SAME:
            return content
        tag = _TAGS[kind]
        return f'<w:{tag} w:id="{next(self._numbers)}" {self._signed}>{content}</w:{tag}>'

    def _table(self, pair: Pair) -> str:
        rows = _rows(pair)
        widths = _widths(row for both in rows for row in both if row)
        grid = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
        body = "".join(
            self._row(old, new, widths, head=at == 0) for at, (old, new) in enumerate(rows) if old or new
        )
        return f"<w:tbl>{_TABLE}<w:tblGrid>{grid}</w:tblGrid>{body}</w:tbl>" if body else ""

    def _row(self, old: Row | None, new: Row | None, widths: list[int], *, head: bool) -> str:
        kind = NEW if old is None else GONE if new is None else SAME
        repeated = "<w:tblHeader/>" if head else ""
        change = self._change(kind) if kind != SAME else ""
        style = "TableHead" if head else "TableCell"
        cells = "".join(
            f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/></w:tcPr>'
            f"{self._paragraph(style, pieces(before, after, fold=False), kind)}</w:tc>"
            for before, after, width in zip_longest(old or (), new or (), widths, fillvalue="")
        )
        return f"<w:tr><w:trPr><w:cantSplit/>{repeated}{change}</w:trPr>{cells}</w:tr>"


_BREAK = "<w:pageBreakBefore/>"
_TABLE = (
    f'<w:tblPr><w:tblStyle w:val="TableGrid"/><w:tblW w:w="{_WIDTH}" w:type="dxa"/>'
    '<w:tblLayout w:type="fixed"/></w:tblPr>'
)


def _parts(pair: Pair) -> list[Pair]:
    """Return the pair, or for a table with other columns what has gone and what has come."""
    old, new = pair.old, pair.new
    if old and new and {len(row) for row in old.rows} != {len(row) for row in new.rows}:
        return [Pair(old, None), Pair(None, new)]
    return [pair]


def _style(block: Block) -> str:
    if block.kind == TITLE:
        return "Heading2"
    if block.kind == HEADING:
        return f"Heading{min(block.level + 2, 6)}"
    if block.kind == ITEM:
        return f"Clause{max(1, min(block.level, _DEEPEST))}"
    return "Caption" if block.kind == TABLE else "Normal"


def _said(pair: Pair) -> list[Piece]:
    old, new = (_line(block) for block in (pair.old, pair.new))
    return [
        piece for before, after in zip(old, new, strict=True) for piece in pieces(before, after, fold=False)
    ]


def _line(block: Block | None) -> tuple[str, str, str]:
    if block is None:
        return "", "", ""
    gap = "" if not block.number or block.number.endswith("、") else " "
    return block.number + gap, f"{NOTICE} " if block.notice else "", block.text


def _rows(pair: Pair) -> list[tuple[Row | None, Row | None]]:
    """Return the rows of a table before and after; a head without words is no row."""
    sides = (block.rows if block else () for block in (pair.old, pair.new))
    return [
        (old if at or any(old or ()) else None, new if at or any(new or ()) else None)
        for at, (old, new) in enumerate(paired_rows(*sides, moves=False))
    ]


def _widths(rows: Iterable[Row]) -> list[int]:
    """Return the widths of the columns, by their longest texts."""
    columns = zip_longest(*rows, fillvalue="")
    longest = [min(max(map(len, column)), _WIDEST) + 3 for column in columns]
    return [_WIDTH * length // sum(longest) for length in longest]


def _lay_out(file: Document) -> None:
    section = file.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.left_margin = section.right_margin = section.top_margin = section.bottom_margin = Mm(_MARGIN)
    for fonts in file.styles.element.iter(qn("w:rFonts")):
        fonts.attrib.clear()
    for root, name in ((file.styles.element, "w:lang"), (file.settings.element, "w:themeFontLang")):
        for language in root.iter(qn(name)):
            language.set(qn("w:eastAsia"), "zh-CN")
    _letter(file, "Normal", _SONG, 10.5)
    for name, size in _HEADINGS.items():
        _letter(file, name, _HEI, size).font.color.rgb = _INK
    _letter(file, "Caption", _HEI, 10.5).font.color.rgb = _INK
    for level in range(1, _DEEPEST + 1):
        _indent(_added(file, f"Clause {level}", _SONG, 10.5), level)
    for name, font in {"Table Head": _HEI, "Table Cell": _SONG}.items():
        _added(file, name, font, 9.5).paragraph_format.space_after = Pt(0)


def _letter(file: Document, name: str, chinese: str, size: float) -> ParagraphStyle:
    style: ParagraphStyle = file.styles[name]
    style.font.name, style.font.size = _LATIN, Pt(size)
    style.font.italic = False
    style.element.rPr.rFonts.set(qn("w:eastAsia"), chinese)
    style.paragraph_format.space_after = Pt(4)
    return style


def _added(file: Document, name: str, chinese: str, size: float) -> ParagraphStyle:
    file.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH).base_style = file.styles["Normal"]
    return _letter(file, name, chinese, size)


def _indent(style: ParagraphStyle, level: int) -> None:
    style.paragraph_format.left_indent = _STEP * level
    style.paragraph_format.first_line_indent = -_STEP


def _describe(file: Document, author: str, when: datetime.datetime) -> None:
    moment = when.replace(microsecond=0, tzinfo=None)
    about = file.core_properties
    about.author = about.last_modified_by = visible(author)[:255]
    about.title, about.comments, about.language, about.revision = "售后服务承诺修订对照", "", "zh-CN", 1
    about.created = about.modified = moment
    package = file.part.package
    for name, link in list(package.rels.items()):
        if link.reltype == RELATIONSHIP_TYPE.THUMBNAIL:
            package.rels.pop(name)


def _repeatable(file: Document) -> bytes:
    """Return the file with one fixed time for all its parts."""
    saved, written = io.BytesIO(), io.BytesIO()
    file.save(saved)
    with zipfile.ZipFile(saved) as old, zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            part = zipfile.ZipInfo(name, _EPOCH)
            part.compress_type, part.create_system = zipfile.ZIP_DEFLATED, 3
            new.writestr(part, old.read(name))
    return written.getvalue()
