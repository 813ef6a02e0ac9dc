"""A form as plain text or Markdown."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pledge.forms.form import BOX, MANY, MAX_PARAGRAPHS, TICKED, Form, FormError, Paragraph, Table

if TYPE_CHECKING:
    from collections.abc import Iterator

_ROW = re.compile(r"\s*\|(.+)\|\s*")
_RULE = re.compile(r"[\s|:-]+")
_HEADING = re.compile(r"(#{1,6})\s+(.*?)\s*#*")
_TASK = re.compile(r"\s*[-*+]\s+\[([ xX])\]\s*(.*)")
_EMPHASIS = re.compile(r"(\*{1,3})(?=\S)([^*\n]+?)(?<=\S)\1")
_ESCAPE = re.compile(r"\\([!-/:-@\[-`{-~])")
_FRONT = re.compile(r"---\n.*?\n---\n", re.DOTALL)


def read_plain(text: str, name: str) -> Form:
    """Return the form in a plain text. Raises FormError."""
    return Form(name, blocks=[Paragraph(line.strip(), f"第{number}行") for number, line in _lines(text)])


def read_markdown(text: str, name: str) -> Form:
    """Return the form in a Markdown text: headings, tables and task lists are known. Raises FormError."""
    front = _FRONT.match(text)
    form = Form(name, left_out=["开头的 --- 区块没有带入。"] if front else [])
    skipped = front[0].count("\n") if front else 0
    rows: list[list[str]] = []
    for number, line in _lines(text):
        row = _ROW.fullmatch(line)
        if rows and not row:
            form.blocks.append(_table(rows, form))
            rows = []
        if row and not _RULE.fullmatch(row[1]):
            rows.append([_words(cell) for cell in re.split(r"(?<!\\)\|", row[1])])
        elif not row and number > skipped and not re.fullmatch(r"\s*([-*_=]\s*){3,}", line):
            form.blocks.append(_paragraph(line, f"第{number}行"))
    if rows:
        form.blocks.append(_table(rows, form))
    return form


def _lines(text: str) -> Iterator[tuple[int, str]]:
    count = 0
    for number, line in enumerate(text.split("\n"), 1):
        if line.strip():
            count += 1
            if count > MAX_PARAGRAPHS:
                raise FormError(MANY.format(MAX_PARAGRAPHS, MAX_PARAGRAPHS))
            yield number, line


def _paragraph(line: str, place: str) -> Paragraph:
    heading, task = _HEADING.fullmatch(line), _TASK.fullmatch(line)
    if heading:
        return Paragraph(_words(heading[2]), place, heading=len(heading[1]))
    if task:
        return Paragraph(f"{BOX if task[1] == ' ' else TICKED}{_words(task[2])}", place)
    return Paragraph(_words(line.removeprefix("> ")), place)


def _table(rows: list[list[str]], form: Form) -> Table:
    count = sum(isinstance(block, Table) for block in form.blocks) + 1
    width = max(map(len, rows))
    return Table(tuple((*row, *[""] * (width - len(row))) for row in rows), f"表{count}")


def _words(text: str) -> str:
    return _ESCAPE.sub(r"\1", _EMPHASIS.sub(r"\2", text)).strip()
