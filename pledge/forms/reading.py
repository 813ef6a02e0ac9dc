"""An old form as a file: Word, Markdown or plain text, told apart by their first bytes."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pledge.decoding import decoded
from pledge.forms.form import Form, FormError, Paragraph, Table
from pledge.forms.plain import read_markdown, read_plain
from pledge.forms.word import BROKEN, LOCKED, read_word
from pledge.intake import IntakeError, contents
from pledge.problem import legible
from pledge.read import HIDDEN

if TYPE_CHECKING:
    from pathlib import Path

MAX_BYTES = 20_000_000
MAX_PARAGRAPH = 10_000

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_OLD = "是旧格式（.doc 或者 .wps）；用 Word 或者 WPS 打开，另存为 DOCX"
_ENCODING = "的编码认不出；用记事本打开，另存为 UTF-8，再来一次"
_SCAN = "里没有文字（扫描件只有图片）；取一份能选中文字的 Word 文件"
_COMMON = 0.6
_FULLWIDTH = str.maketrans("０１２３４５６７８９．％", "0123456789.%")


def read_form(path: Path) -> Form:
    """Return the form at *path*. Raises FormError, whose message names the file."""
    name = legible(str(path))
    data = _data(path, name)
    try:
        form = _read(data, path)
        form.blocks, hidden, wide = _clean(form.blocks)
    except FormError as error:
        raise error.of(name) from error
    form.file = name
    if hidden:
        form.left_out.append(f"看不见的字符{hidden}个，已经去掉。")
    if wide:
        form.left_out.append(f"全角的数字{wide}处，已经改成半角，如“２４”改成“24”。")
    return form


def _data(path: Path, name: str) -> bytes:
    too_large = f"超过{MAX_BYTES // 1_000_000} MB，不是一份表单；删去图片后另存一份。"
    try:
        data = contents(path, name, kinds="DOCX、Markdown 或者文本文件", most=MAX_BYTES, too_large=too_large)
    except IntakeError as error:
        raise FormError(str(error)) from error
    if not data.strip(b"\x00 \t\r\n"):
        raise FormError(f"{name} 里什么也没有；重新取一份。没有写出任何文件。")
    return data


def _read(data: bytes, path: Path) -> Form:
    suffix = path.suffix.lower()
    if data.startswith(b"PK"):
        return read_word(data, path.stem)
    if data.startswith(_OLE):
        raise FormError(LOCKED if "EncryptedPackage".encode("utf-16-le") in data else _OLD)
    if suffix in {".docx", ".docm", ".dotx"}:
        raise FormError(BROKEN)
    if b"%PDF-" in data[:1024]:
        raise FormError("是 PDF；取原来的 Word 文件，或者用 Word 打开 PDF 后另存为 DOCX")
    text = _text(data)
    return read_markdown(text, path.stem) if suffix in {".md", ".markdown"} else read_plain(text, path.stem)


def _text(data: bytes) -> str:
    text = decoded(data)
    if text is None or not _likely(text):
        raise FormError(_ENCODING)
    start = text.lstrip()[:200].lower()
    if start.startswith(r"{\rtf"):
        raise FormError("是 RTF 文件；用 Word 打开，另存为 DOCX")
    if start.startswith("<") and ("<html" in start or "<!doctype" in start):
        raise FormError("是网页的源文件；用浏览器打开，把文字复制到 Word 里，存为 DOCX")
    return text


def _likely(text: str) -> bool:
    """Whether the characters are those that Chinese texts use, and not another encoding misread.

    The first level of GB/T 2312 holds the 3755 characters in common use.
    """
    han = re.findall("[\u3400-\u9fff\ue000-\uf8ff]", text[:20_000])
    common = sum(b"\xb0" <= char.encode("gb2312", "replace")[:1] <= b"\xd7" for char in han)
    return not han or common / len(han) >= _COMMON


def _clean(blocks: list[Paragraph | Table]) -> tuple[list[Paragraph | Table], int, int]:
    """Return *blocks* without hidden characters and full-width digits, and how many there were."""
    hidden = wide = 0

    def clean(text: str) -> str:
        nonlocal hidden, wide
        hidden += len(HIDDEN.findall(text))
        wide += len(re.findall("[０-９]+", text))
        return HIDDEN.sub("", text).translate(_FULLWIDTH)

    made: list[Paragraph | Table] = []
    for block in blocks:
        if isinstance(block, Table):
            made.append(Table(tuple(tuple(map(clean, row)) for row in block.rows), block.place))
            continue
        if len(block.text) > MAX_PARAGRAPH:
            raise FormError(f"{block.place}超过{MAX_PARAGRAPH}个字；分成几段，另存一份")
        made.append(Paragraph(clean(block.text), block.place, clean(block.number), block.heading))
    if not any(isinstance(block, Table) or block.text.strip() for block in made):
        raise FormError(_SCAN)
    return made, hidden, wide
