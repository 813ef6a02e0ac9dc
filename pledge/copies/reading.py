"""A file that came back, as the words it says: DOCX, PDF or plain text, told apart by their first bytes."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pledge.copies.copied import MAX_CHARACTERS, TEXT, Copy, CopyError, bare
from pledge.copies.reading_docx import BROKEN as BROKEN_DOCX
from pledge.copies.reading_docx import read_docx
from pledge.copies.reading_pdf import BROKEN as BROKEN_PDF
from pledge.copies.reading_pdf import SCAN, read_pdf
from pledge.decoding import decoded
from pledge.intake import IntakeError, contents
from pledge.problem import legible
from pledge.transcript import parsed

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

MAX_BYTES = 50_000_000

_PICTURES = rb"\xff\xd8\xff|\x89PNG|II\*\x00|MM\x00\*|GIF8|BM.{4}\x00{4}|RIFF.{4}WEBP|.{4}ftyp(?:hei|mif|avi)"
_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_OPEN = "用 Word 或者 WPS 打开，另存为 DOCX"
# What a page of the web shows beside a heading, and what a browser may copy without showing it.
_UNSEEN = re.compile("[¶\u200b-\u200d\u2060\ufeff]")
_FIXED = re.compile(r"\s*# .*\n(?s:.*)\{: #")


def read_copy(path: Path) -> Copy:
    """Return what the file at *path* says. Raises CopyError, whose message names the file."""
    name = legible(str(path))
    data = _data(path, name)
    try:
        copy = _reader(data, path.suffix.lower())(data)
    except CopyError as error:
        raise CopyError(f"{name} {error}。") from error
    if not copy.text:
        raise CopyError(f"{name} {SCAN}。")
    return copy


def _data(path: Path, name: str) -> bytes:
    most = f"超过{MAX_BYTES // 1_000_000} MB，保障书的文件没有这么大"
    too_large = f"{most}；是扫描件的，用手机扫描文末的二维码，与网页核对。"
    try:
        data = contents(path, name, kinds="DOCX、PDF 或者文本文件", most=MAX_BYTES, too_large=too_large)
    except IntakeError as error:
        raise CopyError(str(error)) from error
    if not data.strip():
        raise CopyError(f"{name} 里什么也没有；重新取一份。")
    return data


def _reader(data: bytes, suffix: str) -> Callable[[bytes], Copy]:
    if b"%PDF-" in data[:1024]:
        return read_pdf
    if data.startswith(b"PK"):
        return read_docx
    if re.match(_PICTURES, data, re.DOTALL):
        raise CopyError(SCAN)
    if data.startswith(_OFFICE):
        locked = "EncryptedPackage".encode("utf-16-le") in data
        raise CopyError("加了密码，读不出；去掉密码后另存一份" if locked else f"是旧格式的文件；{_OPEN}")
    broken = {".pdf": BROKEN_PDF, ".docx": BROKEN_DOCX, ".docm": BROKEN_DOCX}.get(suffix)
    if broken:
        raise CopyError(broken)
    return _text


def _text(data: bytes) -> Copy:
    text = decoded(data)
    if text is None:
        raise CopyError("不是 DOCX、PDF 或者文本文件；把保障书另存为其中一种")
    start = text.lstrip()[:200].lower()
    if start.startswith(r"{\rtf"):
        raise CopyError(f"是 RTF 文件；{_OPEN}")
    if start.startswith("<") and ("<html" in start or "<!doctype" in start):
        raise CopyError("是网页的源文件；用浏览器打开，把保障书的文字复制到文本文件里")
    if len(text) > MAX_CHARACTERS:
        raise CopyError("里的文字太多，不是保障书；只留保障书的文字，另存一份")
    if _FIXED.match(text):
        text = "".join("".join((*block.said, *map("".join, block.rows))) for block in parsed(text))
    return Copy(TEXT, [bare(_UNSEEN.sub("", text))])
