"""What every Word file of this project has: Chinese fonts, A4, tables of fixed widths, repeatable bytes."""

from __future__ import annotations

import io
import zipfile
from itertools import pairwise, zip_longest
from typing import TYPE_CHECKING

import docx
from docx.enum.style import WD_STYLE_TYPE
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Mm, Pt, RGBColor

from pledge.redline import visible

if TYPE_CHECKING:
    import datetime
    from collections.abc import Iterator, Sequence

    from docx.document import Document
    from docx.styles.style import ParagraphStyle


LATIN, SONG, HEI = "Times New Roman", "宋体", "黑体"
MARGIN = 25
WIDTH = (210 - 2 * MARGIN) * 1440 * 10 // 254
INK = RGBColor(0x1D, 0x35, 0x57)
TABLE = (
    f'<w:tblPr><w:tblStyle w:val="TableGrid"/><w:tblW w:w="{WIDTH}" w:type="dxa"/>'
    '<w:tblLayout w:type="fixed"/></w:tblPr>'
)

# Half a character of a table in twentieths of a point, and what a cell keeps free of text, in halves.
_HALF, _PADDING = 95, 3
_NARROWEST, _NARROW, _STEPS = 6, 10, 16
_EPOCH = (1980, 1, 1, 0, 0, 0)


def new_file() -> Document:
    """Return an empty document: A4, Chinese as its language, no font or picture of another's template."""
    file = docx.Document()
    section = file.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.left_margin = section.right_margin = section.top_margin = section.bottom_margin = Mm(MARGIN)
    for fonts in file.styles.element.iter(qn("w:rFonts")):
        fonts.attrib.clear()
    for root, name in ((file.styles.element, "w:lang"), (file.settings.element, "w:themeFontLang")):
        for language in root.iter(qn(name)):
            language.set(qn("w:eastAsia"), "zh-CN")
    _modernise(file)
    _drop_thumbnail(file)
    return file


def _modernise(file: Document) -> None:
    """Have Word lay the file out as it does new ones: tables end where the text does."""
    settings = file.settings.element
    for setting in settings.iter(qn("w:compatSetting")):
        if setting.get(qn("w:name")) == "compatibilityMode":
            setting.set(qn("w:val"), "15")
    for zoom in settings.iter(qn("w:zoom")):
        zoom.set(qn("w:percent"), "100")


def _drop_thumbnail(file: Document) -> None:
    package = file.part.package
    for name, link in list(package.rels.items()):
        if link.reltype == RELATIONSHIP_TYPE.THUMBNAIL:
            package.rels.pop(name)


def letter(file: Document, name: str, chinese: str, size: float) -> ParagraphStyle:
    """Return the style *name*, set upright in *chinese* and in Times New Roman at *size* points."""
    style: ParagraphStyle = file.styles[name]
    style.font.name, style.font.size = LATIN, Pt(size)
    style.font.italic = False
    style.element.rPr.rFonts.set(qn("w:eastAsia"), chinese)
    style.paragraph_format.space_after = Pt(4)
    return style


def added(file: Document, name: str, chinese: str, size: float) -> ParagraphStyle:
    """Return a new style *name*, based on the normal one and set as `letter` sets it."""
    file.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH).base_style = file.styles["Normal"]
    return letter(file, name, chinese, size)


def fill(file: Document, body: str) -> None:
    """Put *body*, paragraphs and tables as XML, before the end of the document."""
    end = file.element.body[-1]
    for element in list(parse_xml(f"<w:body {nsdecls('w')}>{body}</w:body>")):
        end.addprevious(element)


def widths(rows: Sequence[Sequence[str]]) -> list[int]:
    """Return the widths of the columns by which the cells take the fewest lines."""
    columns = [[_halves(cell) for cell in column] for column in zip_longest(*rows, fillvalue="")]
    if not columns:
        return []
    room = WIDTH // _HALF - _PADDING * len(columns)
    shares = [max(_NARROWEST, min(max(column), _NARROW)) for column in columns]
    while sum(shares) < room:
        saved, at, step = max(_steps(columns, shares, room - sum(shares)))
        if not saved:
            break
        shares[at] += step
    whole = [share + _PADDING for share in shares]
    return [WIDTH * share // sum(whole) for share in whole]


def _steps(columns: list[list[int]], shares: list[int], room: int) -> Iterator[tuple[float, int, int]]:
    """Yield how many lines each widening of a column saves for each half character it takes."""
    for at, (column, share) in enumerate(zip(columns, shares, strict=True)):
        now = _lines(column, share)
        for step in range(1, min(room, _STEPS) + 1):
            yield (now - _lines(column, share + step)) / step, at, step


def _lines(column: list[int], share: int) -> int:
    return sum(-(-cell // share) for cell in column)


def _halves(text: str) -> int:
    """Return how wide *text* is, in halves of a Chinese character; Word sets figures apart by a quarter."""
    bounds = sum(before.isascii() != after.isascii() for before, after in pairwise(text))
    return sum(1 if char.isascii() else 2 for char in text) + bounds


def describe(file: Document, title: str, author: str, moment: datetime.datetime) -> None:
    """Set the properties of the file; *moment* is when it was made and last changed."""
    about = file.core_properties
    about.author = about.last_modified_by = visible(author)[:255]
    about.title, about.comments, about.language, about.revision = visible(title)[:255], "", "zh-CN", 1
    about.created = about.modified = moment


def repeatable(file: Document) -> bytes:
    """Return the file with one fixed time for all its parts."""
    saved, written = io.BytesIO(), io.BytesIO()
    file.save(saved)
    with zipfile.ZipFile(saved) as old, zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            part = zipfile.ZipInfo(name, _EPOCH)
            part.compress_type, part.create_system = zipfile.ZIP_DEFLATED, 3
            new.writestr(part, old.read(name))
    return written.getvalue()
