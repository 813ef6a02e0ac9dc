"""Old forms as files, made from the texts under tests/forms/, and which blank each of their gaps is."""

from __future__ import annotations

import re
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

from docx import Document
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

if TYPE_CHECKING:
    from docx.document import Document as DocumentType
    from docx.text.paragraph import Paragraph

HERE = Path(__file__).parent / "forms"
_EXPECTED = re.compile("«([a-z_.]+)»")
_CONTROL = re.compile(r"(\[[a-z]+[^\]]*\])")

_TEXT = "<w:showingPlcHdr/><w:text/>"
_SDT = "<w:sdt {}><w:sdtPr>{}</w:sdtPr><w:sdtContent><w:r><w:t>{}</w:t></w:r></w:sdtContent></w:sdt>"
_BOX = (
    '<w14:checkbox xmlns:w14="http://schemas.microsoft.com/office/word/2010/wordml">'
    '<w14:checked w14:val="0"/></w14:checkbox>'
)
_LEVELS = (("chineseCountingThousand", "第%1条"), ("decimal", "%1.%2"))


def names() -> list[str]:
    """Return the names of all forms."""
    return sorted(
        path.name
        for path in HERE.iterdir()
        if path.suffix in {".form", ".md", ".txt"} and path.stem != "README"
    )


def expected(name: str) -> list[str]:
    """Return which blank each gap of a form is, in order."""
    return _EXPECTED.findall((HERE / name).read_text(encoding="utf-8"))


def text(name: str) -> str:
    """Return the text of a form as its owner wrote it."""
    return _EXPECTED.sub("", (HERE / name).read_text(encoding="utf-8"))


def made(name: str, folder: Path) -> Path:
    """Return the form called *name* as a file in *folder*: Word for `.form`, GBK for `.txt`."""
    path = folder / name.replace(".form", ".docx")
    if name.endswith(".form"):
        path.write_bytes(docx(text(name)))
    else:
        path.write_bytes(text(name).encode("gbk" if name.endswith(".txt") else "utf-8"))
    return path


def docx(source: str) -> bytes:
    """Return a Word file of the lines of *source*, as the README of the forms says."""
    first, _, rest = source.partition("\n")
    words = set(first.split()) if set(first.split()) <= {"underlined", "numbered"} else set()
    lines = (rest if words else source).splitlines()
    document = Document()
    if "numbered" in words:
        _numbering(document)
    rows: list[list[str]] = []
    for line in [*lines, ""]:
        if line.startswith("|"):
            rows.append([cell.strip(" ") for cell in line.strip("|").split("|")])
            continue
        if rows:
            _table(document, rows)
            rows = []
        if line:
            _paragraph(document, line, underlined="underlined" in words)
    data = BytesIO()
    document.save(data)
    return data.getvalue()


def _table(document: DocumentType, rows: list[list[str]]) -> None:
    table = document.add_table(len(rows), len(rows[0]))
    for row, texts in zip(table.rows, rows, strict=True):
        for cell, said in zip(row.cells, texts, strict=True):
            cell.text = said


def _paragraph(document: DocumentType, line: str, *, underlined: bool) -> None:
    mark = re.match(">*", line)
    depth = len(mark[0]) if mark else 0
    paragraph = document.add_paragraph()
    if depth:
        properties = paragraph._p.get_or_add_pPr()  # noqa: SLF001  python-docx has no word for numbering
        properties.append(
            parse_xml(f'<w:numPr {nsdecls("w")}><w:ilvl w:val="{depth - 1}"/><w:numId w:val="77"/></w:numPr>')
        )
    for part in _CONTROL.split(line.lstrip("> ")):
        if _CONTROL.fullmatch(part):
            _control(paragraph, part[1:-1])
        else:
            _run(paragraph, part, underlined=underlined)


def _run(paragraph: Paragraph, part: str, *, underlined: bool) -> None:
    for piece in re.split("(_{2,})", part):
        if underlined and piece.startswith("__"):
            paragraph.add_run(" " * len(piece)).underline = True
        elif piece:
            paragraph.add_run(piece)


def _control(paragraph: Paragraph, what: str) -> None:
    kind, *options = what.split(" ")
    listed = "".join(f'<w:listItem w:displayText="{option}" w:value="{option}"/>' for option in options)
    controls = {
        "text": (_TEXT, "单击此处输入文字"),
        "date": ("<w:showingPlcHdr/><w:date/>", "单击此处选择日期"),
        "box": (_BOX, "☐"),
        "choice": (f"<w:showingPlcHdr/><w:dropDownList>{listed}</w:dropDownList>", "选择一项"),
    }
    if kind in controls:
        paragraph._p.append(parse_xml(_SDT.format(nsdecls("w"), *controls[kind])))  # noqa: SLF001  as above
        return
    data = {"field": "<w:textInput/>", "tick": '<w:checkBox><w:default w:val="0"/></w:checkBox>'}[kind]
    for inner in (
        f'<w:fldChar w:fldCharType="begin"><w:ffData>{data}</w:ffData></w:fldChar>',
        "<w:instrText>FORMTEXT</w:instrText>",
        '<w:fldChar w:fldCharType="separate"/>',
        "<w:t>\u2002\u2002\u2002</w:t>",
        '<w:fldChar w:fldCharType="end"/>',
    ):
        paragraph._p.append(parse_xml(f"<w:r {nsdecls('w')}>{inner}</w:r>"))  # noqa: SLF001  as above


def _numbering(document: DocumentType) -> None:
    levels = "".join(
        f'<w:lvl w:ilvl="{level}"><w:start w:val="1"/>'
        f'<w:numFmt w:val="{form}"/><w:lvlText w:val="{shown}"/></w:lvl>'
        for level, (form, shown) in enumerate(_LEVELS)
    )
    root = document.part.numbering_part.element
    root.insert(0, parse_xml(f'<w:abstractNum {nsdecls("w")} w:abstractNumId="77">{levels}</w:abstractNum>'))
    root.append(parse_xml(f'<w:num {nsdecls("w")} w:numId="77"><w:abstractNumId w:val="77"/></w:num>'))
