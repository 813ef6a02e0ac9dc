"""A form in Word, refused where it is broken, locked, too large, has macros or refers to other files."""

from __future__ import annotations

import posixpath
from typing import TYPE_CHECKING

from pledge.forms.form import Form, FormError, Paragraph
from pledge.forms.word_body import BESIDE, Body
from pledge.forms.word_numbers import Numbers
from pledge.packed import BrokenError, Events, LargeError, LockedError, Package, opened, tell
from pledge.wordxml import TRACKED

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

BROKEN = "不完整或者已损坏，打不开；重新取一份，或者用 Word 打开后另存为 DOCX"
STRANGE = "不是 Word 文件；用 Word 打开后另存为 DOCX"
LOCKED = "加了密码，读不出；去掉密码后另存一份"
LARGE = "解开以后太大，不是保障书的表单；只留保障书的文字，另存一份"
MACROS = "带有宏（vbaProject），没有打开；用 Word 打开，另存为不带宏的“Word 文档（*.docx）”"
OUTSIDE = "引用了文件以外的内容（{}）；用 Word 打开，断开链接或者删去它，另存一份"
EMBEDDED = "里面嵌着别的文件，读不全；用 Word 打开后另存为 DOCX"
_OUTER = {
    "attachedTemplate": "外部模板",
    "image": "外部图片",
    "oleObject": "外部对象",
    "subDocument": "外部文档",
    "frame": "外部框架",
}


def read_word(data: bytes, name: str) -> Form:
    """Return the form in the Word file *data*. Raises FormError, without the name of the file."""
    try:
        with opened(data) as package:
            return _form(package, name)
    except LargeError as error:
        raise FormError(LARGE) from error
    except BrokenError as error:
        raise FormError(BROKEN) from error
    except LockedError as error:
        raise FormError(LOCKED) from error


def _form(package: Package, name: str) -> Form:
    if any(part.rpartition("/")[2] == "vbaproject.bin" for part in package.names):
        raise FormError(MACROS)
    links = package.links("")
    main = next((target for _, kind, target in links if kind == "officeDocument"), "")
    if not package.has(main) or not posixpath.basename(main).startswith("document"):
        raise FormError(STRANGE)
    _refuse_outside(package, main)
    parts = {kind: target for _, kind, target in package.links(main)}
    numbers = Numbers(package.part(parts.get("numbering", "")), package.part(parts.get("styles", "")))
    body = Body(numbers)
    tell(package.part(main), body)
    if "altChunk" in body.marks:
        raise FormError(EMBEDDED)
    return Form(name, blocks=body.blocks, left_out=[*_left_out(body), *_beside(package, main)])


class _Outside(Events):
    """Finds what lies outside the file; a hyperlink only opens when somebody clicks it."""

    def __init__(self) -> None:
        self.found: list[str] = []

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        kind = attributes.get("Type", "").rpartition("/")[2]
        if (
            tag.endswith("}Relationship")
            and attributes.get("TargetMode") == "External"
            and kind != "hyperlink"
        ):
            self.found.append(_OUTER.get(kind, "外部内容"))


def _refuse_outside(package: Package, main: str) -> None:
    folder = posixpath.dirname(main)
    outside = _Outside()
    for part in sorted(package.names):
        if part.startswith(f"{folder}/_rels/".lower()) and part.endswith(".rels"):
            tell(package.part(part), outside)
    if outside.found:
        raise FormError(OUTSIDE.format("、".join(dict.fromkeys(outside.found))))


def _left_out(body: Body) -> Iterator[str]:
    counts: dict[str, int] = {}
    for mark, word in BESIDE.items():
        counts[word] = counts.get(word, 0) + body.marks.get(mark, 0)
    for word, count in counts.items():
        if count:
            yield f"{word}{count}处，没有带入。"
    if body.marks.keys() & TRACKED:
        yield "文件里有还没有接受的修订；带入的是全部接受以后的文字，请与对方核对。"


def _beside(package: Package, main: str) -> Iterator[str]:
    """Yield the words of headers and footers, which are no clauses."""
    for kind, word in (("header", "页眉"), ("footer", "页脚")):
        texts = []
        for target in dict.fromkeys(target for _, found, target in package.links(main) if found == kind):
            part = Body(Numbers(b"", b""))
            tell(package.part(target), part)
            texts += [block.text for block in part.blocks if isinstance(block, Paragraph)]
        said = " ".join(dict.fromkeys(texts))
        if said:
            yield f"{word}没有带入：“{said[:60]}{'……' if len(said) > 60 else ''}”。"  # noqa: PLR2004  a glimpse
