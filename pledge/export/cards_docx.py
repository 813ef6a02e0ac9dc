"""The cards of a company as a Word file: a small table a promise, never broken over two pages."""

from __future__ import annotations

import datetime
from itertools import groupby
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape

from docx.shared import Pt

from pledge.cards import DUE, INTERNAL, NOTE, TITLE, reminders
from pledge.export import word
from pledge.export.word import HEI, SONG
from pledge.redline import visible

if TYPE_CHECKING:
    from collections.abc import Iterator

    from docx.document import Document

    from pledge.cards import Card, Deck

_HEAD = 1500
_UNDATED = datetime.datetime(1980, 1, 1)  # noqa: DTZ001  the clock on the wall, as Word writes it
_ALARM, _NOTED, _NAMED = "FBE4D5", "FFF2CC", "E8EDF3"
_LONG = 400


def document(found: Deck) -> bytes:
    """Return *found* as a DOCX; the same cards give the same bytes."""
    file = _file()
    word.describe(file, f"{found.company} {TITLE}", found.company, _UNDATED)
    word.fill(file, "".join(_body(found)))
    return word.repeatable(file)


def _file() -> Document:
    file = word.new_file()
    word.letter(file, "Normal", SONG, 10.5)
    word.letter(file, "Title", HEI, 18)
    for name, size, before in (("Heading 1", 14, 14), ("Heading 2", 11, 8)):
        style = word.letter(file, name, HEI, size)
        style.font.color.rgb, style.font.bold = word.INK, False
        style.paragraph_format.space_before, style.paragraph_format.keep_with_next = Pt(before), True
    for name, chinese in (("CardHead", HEI), ("CardText", SONG)):
        style = word.added(file, name, chinese, 10)
        style.paragraph_format.space_before = style.paragraph_format.space_after = Pt(2)
    return file


def _body(found: Deck) -> Iterator[str]:
    yield _paragraph("Title", f"{found.company}　{TITLE}")
    yield _paragraph("Normal", found.edition) if found.edition else ""
    yield _paragraph("Normal", INTERNAL)
    if found.due:
        yield _paragraph("Heading1", "到期应复核")
        yield _table([_row("", line, _ALARM, last=True) for line in reminders(found.due)], headed=False)
    for topic, cards in groupby(found.cards, key=lambda card: card.topic):
        yield _paragraph("Heading1", topic)
        for card in cards:
            yield _paragraph("Heading2", card.label)
            yield _table(_rows(card))


def _rows(card: Card) -> Iterator[str]:
    for number, (head, text) in enumerate(card.rows, 1):
        shade = {NOTE: _NOTED, DUE: _ALARM if "已到期" in text else _NOTED}.get(head, "")
        yield _row(head, text, shade, last=number == len(card.rows))


def _table(rows: Iterator[str] | list[str], *, headed: bool = True) -> str:
    widths = (_HEAD, word.WIDTH - _HEAD) if headed else (word.WIDTH,)
    grid = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
    return f"<w:tbl>{word.TABLE}<w:tblGrid>{grid}</w:tblGrid>{''.join(rows)}</w:tbl>"


def _row(head: str, text: str, shade: str, *, last: bool) -> str:
    """Return a row that stays on the page of the next one; a long text may go on overleaf."""
    keep = "" if last else "<w:keepNext/>"
    whole = "" if len(text) > _LONG else "<w:cantSplit/>"
    body = "".join(_paragraph("CardText", line, keep) for line in text.split("\n"))
    first = _cell(_HEAD, _paragraph("CardHead", head, keep), _NAMED) if head else ""
    rest = _cell(word.WIDTH - _HEAD if head else word.WIDTH, body, shade)
    return f"<w:tr><w:trPr>{whole}</w:trPr>{first}{rest}</w:tr>"


def _cell(width: int, content: str, shade: str) -> str:
    fill = f'<w:shd w:val="clear" w:color="auto" w:fill="{shade}"/>' if shade else ""
    return f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/>{fill}</w:tcPr>{content}</w:tc>'


def _paragraph(style: str, text: str, marks: str = "") -> str:
    font = SONG if style in {"Normal", "CardText"} else HEI
    return (
        f'<w:p><w:pPr><w:pStyle w:val="{style}"/>{marks}</w:pPr><w:r><w:rPr>'
        f'<w:rFonts w:eastAsia="{font}" w:hint="eastAsia"/></w:rPr>'
        f'<w:t xml:space="preserve">{escape(visible(text))}</w:t></w:r></w:p>'
    )
