"""A comparison as a Word document with tracked changes, which the reader accepts or rejects one by one."""

from __future__ import annotations

from itertools import count, zip_longest
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape, quoteattr

from docx.shared import Pt

from pledge.alignment import Pair, aligned, paired_rows
from pledge.export import word
from pledge.export.word import HEI, SONG
from pledge.redline import GONE, NEW, SAME, Piece, pieces, visible
from pledge.transcript import HEADING, ITEM, TABLE, TITLE, Block

if TYPE_CHECKING:
    import datetime
    from collections.abc import Iterable, Iterator

    from docx.document import Document
    from docx.styles.style import ParagraphStyle

    from pledge.alignment import Row
    from pledge.change import CompanyChange, TextChange

_TITLE = "售后服务承诺修订对照"
_HEADINGS = {
    "Heading 1": 18,
    "Heading 2": 15,
    "Heading 3": 13,
    "Heading 4": 12,
    "Heading 5": 12,
    "Heading 6": 12,
}
_DEEPEST = 4
_STEP = Pt(21)
_TAGS = {GONE: "del", NEW: "ins"}


def document(changes: list[CompanyChange], author: str, when: datetime.datetime) -> bytes:
    """Return the texts as a DOCX in which accepting all gives the new ones and rejecting all the old ones.

    The same changes, *author* and *when* give the same bytes. *when* is written as the clock on the wall, as
    Word itself does.
    """
    file = _file()
    word.describe(file, _TITLE, author, when.replace(microsecond=0, tzinfo=None))
    word.fill(file, _Tracked(author, when).text(changes))
    return word.repeatable(file)


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
        widths = word.widths([row for both in rows for row in both if row])
        grid = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
        body = "".join(
            self._row(old, new, widths, head=at == 0) for at, (old, new) in enumerate(rows) if old or new
        )
        return f"<w:tbl>{word.TABLE}<w:tblGrid>{grid}</w:tblGrid>{body}</w:tbl>" if body else ""

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
    old, new = (block.said if block else ("", "", "") for block in (pair.old, pair.new))
    return [
        piece for before, after in zip(old, new, strict=True) for piece in pieces(before, after, fold=False)
    ]


def _rows(pair: Pair) -> list[tuple[Row | None, Row | None]]:
    """Return the rows of a table before and after; a head without words is no row."""
    sides = (block.rows if block else () for block in (pair.old, pair.new))
    return [
        (old if at or any(old or ()) else None, new if at or any(new or ()) else None)
        for at, (old, new) in enumerate(paired_rows(*sides, moves=False))
    ]


def _file() -> Document:
    file = word.new_file()
    word.letter(file, "Normal", SONG, 10.5)
    for name, size in _HEADINGS.items():
        word.letter(file, name, HEI, size).font.color.rgb = word.INK
    word.letter(file, "Caption", HEI, 10.5).font.color.rgb = word.INK
    for level in range(1, _DEEPEST + 1):
        _indent(word.added(file, f"Clause {level}", SONG, 10.5), level)
    for name, font in {"Table Head": HEI, "Table Cell": SONG}.items():
        word.added(file, name, font, 9.5).paragraph_format.space_after = Pt(0)
    return file


def _indent(style: ParagraphStyle, level: int) -> None:
    style.paragraph_format.left_indent = _STEP * level
    style.paragraph_format.first_line_indent = -_STEP
