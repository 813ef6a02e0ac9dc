"""A variant taken apart where the values of a company will stand; the same for all companies of its shape.

The costly step, Markdown, runs once for each: the values stand in the page as marks, and are gaps in its
blocks.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING
from xml.etree import ElementTree

import markdown

from pledge.transcript import HEADING, ITEM, PARAGRAPH, TABLE, TITLE, Block, full_numbers

if TYPE_CHECKING:
    from collections.abc import Iterator
    from xml.etree.ElementTree import Element

EXTENSIONS = ("attr_list", "toc", "pledge.clauses")

# The marks are private-use characters, which no page and no value may contain.
_MARK = re.compile("\ue000([^\ue001]*)\ue001")
_REFERENCE = re.compile("\ue002([^\ue003]*)\ue003([^\ue004]*)\ue004")
_BLOCKS = ("promises()", "signature()")
TABLE_MARK = "table "
"""What a mark begins with where the value is a table."""


@dataclass(frozen=True, slots=True)
class Gapped(Block):
    """A block in which values of the company stand: `told` is what is between them, `marks` are their names.

    Its text is empty, its wording whole. A table has one mark, and nothing told.
    """

    told: tuple[str, ...] = ()
    marks: tuple[str, ...] = ()


@dataclass(frozen=True, eq=False)
class Skeleton:
    """The blocks of a page for all companies that fill the same of the blanks its conditions ask for.

    A block without a value is finished, the others are Gapped.
    """

    blocks: tuple[Block, ...]

    @cached_property
    def numbers(self) -> dict[str, str]:
        """The number of each clause in full, by its id."""
        return full_numbers(self.blocks)


def as_mark(name: str) -> str:
    """Return what stands in a page for the value or macro *name*."""
    return f"\ue000{name}\ue001"


def unmarked(text: str) -> str:
    """Return *text* with the names of its marks in place of these."""
    return _MARK.sub(r"\1", text)


@lru_cache(maxsize=512)
def skeleton(text: str) -> Skeleton:
    """Return the skeleton of a page in Markdown, with marks where values will stand."""
    html = markdown.markdown(text, extensions=list(EXTENSIONS), output_format="xhtml")
    root = ElementTree.fromstring(f"<div>{html}</div>")  # noqa: S314  our own output, without entities
    return Skeleton(tuple(piece for block in _walk(root, 0) for piece in _pieces(block)))


def _pieces(block: Block) -> Iterator[Block]:
    """Yield *block* with gaps in place of its marks; a table and a macro with one stand alone."""
    text, *rest = _MARK.split(block.text)
    if not rest:
        yield replace(block, text=_told(text), wording=_wording(text))
        return
    texts, marks = [text], list[str]()
    for mark, after in zip(rest[::2], rest[1::2], strict=True):
        if mark in _BLOCKS or mark.startswith(TABLE_MARK):
            yield from _gapped(block, texts, marks)
            name = mark.removeprefix(TABLE_MARK)
            yield Gapped(TABLE, "", wording=f"{{{{ {name} }}}}", marks=(name,))
            block, texts, marks = Block(PARAGRAPH, ""), [after], []
        else:
            texts.append(after)
            marks.append(mark)
    yield from _gapped(block, texts, marks)


def _gapped(block: Block, texts: list[str], marks: list[str]) -> Iterator[Block]:
    """Yield *block* as it says *texts* with *marks* between them, unless that is nothing."""
    first, *rest = texts
    wording = "".join(f"{{{{ {mark} }}}}{_wording(text)}" for mark, text in zip(marks, rest, strict=True))
    wording = (_wording(first) + wording).strip()
    if marks:
        known = (block.id, block.number, block.level, block.notice)
        told = (_told(first).lstrip(), *map(_told, rest))
        yield Gapped(block.kind, "", *known, wording=wording, told=told, marks=tuple(marks))
    elif wording:
        yield replace(block, text=_told(first).strip(), wording=wording)


def _told(text: str) -> str:
    """Return *text* with each reference in words."""
    return _REFERENCE.sub(r"\2", text)


def _wording(text: str) -> str:
    """Return *text* with each reference as a name."""
    return _REFERENCE.sub(r"[](\1)", text)


def _walk(root: Element, level: int) -> Iterator[Block]:
    for element in root:
        if element.tag == "h1":
            yield Block(TITLE, _inline(element))
        elif re.fullmatch("h[2-6]", element.tag):
            level = int(element.tag[1]) - 1
            yield _clause(HEADING, element, level)
        elif element.tag in {"ol", "ul"}:
            for item in element:
                yield from _item(item, level + 1)
        else:
            yield Block(PARAGRAPH, _inline(element))


def _item(item: Element, level: int) -> Iterator[Block]:
    yield _clause(ITEM, item, level)
    nested = [child for child in item if child.tag in {"ol", "ul"}]
    for listing in nested:
        for inner in listing:
            yield from _item(inner, level + 1)


def _clause(kind: str, element: Element, level: int) -> Block:
    number = next((span.text or "" for span in element.iter("span") if _has(span, "clause-number")), "")
    notice = _has(element, "notice")
    return Block(kind, _inline(element), element.get("id", ""), number, level, notice)


def _has(element: Element, name: str) -> bool:
    return name in element.get("class", "").split()


def _inline(element: Element) -> str:
    return " ".join("".join(_words(element)).split()).strip()


def _words(element: Element) -> Iterator[str]:
    yield element.text or ""
    for child in element:
        hidden = child.tag in {"ol", "ul"} or any(
            _has(child, name) for name in ("headerlink", "clause-number", "notice-mark")
        )
        if child.tag == "a" and child.get("href", "").startswith("#") and not hidden:
            yield f"\ue002{child.get('href')}\ue003{child.text or ''}\ue004"
        elif not hidden:
            yield from _words(child)
        yield child.tail or ""
