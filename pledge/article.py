"""A variant as the customer reads it, filled and numbered, without a site around it.

The costly step, Markdown, runs once for each shape of a page: the values stand in it as marks, and are
filled in afterwards.
"""

from __future__ import annotations

import itertools
import re
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, NamedTuple
from xml.etree import ElementTree

import jinja2
import markdown

from pledge.printed import Absent, Printed, Topic
from pledge.transcript import HEADING, ITEM, PARAGRAPH, SIGNATURE, TABLE, TITLE, Block, written

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from xml.etree.ElementTree import Element

    from pledge.page import Page
    from pledge.render import Filling
    from pledge.typed import Value

EXTENSIONS = ("attr_list", "toc", "pledge.clauses")

# The marks are private-use characters, which no page and no value may contain.
_MARK = re.compile("\ue000([^\ue001]*)\ue001")
_REFERENCE = re.compile("\ue002([^\ue003]*)\ue003([^\ue004]*)\ue004")
_BLOCKS = ("promises()", "signature()")
_ENVIRONMENT = jinja2.Environment(undefined=jinja2.StrictUndefined)  # noqa: S701  macros return finished HTML


class _Part(NamedTuple):
    """Text of a block, with each reference in words and as a name, and the mark after it, or nothing."""

    told: str
    named: str
    mark: str


@dataclass(frozen=True, slots=True)
class _Skeleton:
    """A block of a page and the parts of its text; without marks the block is finished for all companies."""

    block: Block
    parts: tuple[_Part, ...]

    @property
    def finished(self) -> bool:
        return len(self.parts) == 1


class Writer:
    """Writes the variants of one company; its values are looked up once."""

    def __init__(self, filling: Filling) -> None:
        self.filling = filling
        self.topics = filling.topics()
        self._shown: dict[str, str] = {}
        self._written: dict[str, list[Block]] = {}

    def article(self, page: Page) -> list[Block]:
        """Return the blocks of *page* filled for the company; raises AbsentBlankError for a gap."""
        if page.path not in self._written:
            text = _template(page_source(page)).render(**self._marked, **self._macros())
            self._written[page.path] = [
                filled for skeleton in _skeletons(text) for filled in self._filled(skeleton, page)
            ]
        return list(self._written[page.path])

    def texts(self) -> dict[str, str]:
        """Return the text of each published variant as an edition keeps it."""
        pages = self.filling.project.published(self.filling.company)
        return {page.name: written(self.article(page)) for page in pages}

    @cached_property
    def _marked(self) -> dict[str, Topic]:
        return _marked(self.topics)

    def _macros(self) -> dict[str, Callable[..., str]]:
        return {
            **self.filling.macros(),
            "variant": self.filling.title,
            "capitals": lambda shown: _mark(f"capitals({_MARK.sub(_name, shown)})"),
            "promises": lambda: _mark("promises()"),
            "signature": lambda: _mark("signature()"),
        }

    def _filled(self, skeleton: _Skeleton, page: Page) -> Iterator[Block]:
        if skeleton.finished:
            yield skeleton.block
            return
        block, run = skeleton.block, list[_Part]()
        for part in skeleton.parts:
            run.append(part)
            if part.mark in _BLOCKS or self._is_table(part.mark):
                run[-1] = part._replace(mark="")
                yield from self._worded(block, run)
                yield from self._block(part.mark, page)
                block, run = Block(PARAGRAPH, ""), []
        yield from self._worded(block, run)

    def _worded(self, block: Block, run: list[_Part]) -> Iterator[Block]:
        """Yield *block* with the text of *run*, unless that says nothing."""
        told, named, values = run[0].told.lstrip(), run[0].named.lstrip(), list[tuple[int, int]]()
        for before, part in itertools.pairwise(run):
            shown = self._text(before.mark)
            values.append((len(told), len(told) + len(shown)))
            told += shown + part.told
            named += f"{{{{ {before.mark} }}}}{part.named}"
        if told.strip():
            yield replace(block, text=told.rstrip(), wording=named.rstrip(), values=tuple(values))

    def _is_table(self, name: str) -> bool:
        value = self._value(name) if name and "(" not in name else None
        return value is not None and value.blank.kind == "table"

    def _value(self, name: str) -> Value | None:
        topic, _, blank = name.partition(".")
        value: Value | None = getattr(self.topics[topic], blank).value
        return value

    def _text(self, name: str) -> str:
        if name not in self._shown:
            amount = name.startswith("capitals(")
            html = self.filling.capitals(self._printed(name[9:-1])) if amount else self._printed(name)
            self._shown[name] = _plain(html)
        return self._shown[name]

    def _printed(self, name: str) -> Printed:
        topic, _, blank = name.partition(".")
        shown: Printed = getattr(self.topics[topic], blank)
        return shown

    def _block(self, name: str, page: Page) -> Iterator[Block]:
        if name == "promises()":
            yield from _tables(self.filling.summary(page), name)
        elif name == "signature()":
            yield from _signature(self.filling.signature())
        else:
            yield from _tables(self._printed(name), name)


@lru_cache(maxsize=2)
def writer(filling: Filling) -> Writer:
    """Return the writer of *filling*, so that what it wrote is not written again while it is at hand."""
    return Writer(filling)


def page_source(page: Page) -> str:
    """Return the text of *page* with what it includes."""
    return "\n".join(line.text for line in page.lines)


def _mark(name: str) -> str:
    return f"\ue000{name}\ue001"


def _name(match: re.Match[str]) -> str:
    return match[1]


def _marked(topics: dict[str, Topic]) -> dict[str, Topic]:
    made = {}
    for topic, blanks in topics.items():
        made[topic] = Topic()
        for blank, shown in vars(blanks).items():
            known = shown if isinstance(shown, Absent) else Printed(_mark(f"{topic}.{blank}"))
            setattr(made[topic], blank, known)
    return made


@lru_cache(maxsize=64)
def _template(source: str) -> jinja2.Template:
    return _ENVIRONMENT.from_string(source)


@lru_cache(maxsize=512)
def _skeletons(text: str) -> tuple[_Skeleton, ...]:
    html = markdown.markdown(text, extensions=list(EXTENSIONS), output_format="xhtml")
    root = ElementTree.fromstring(f"<div>{html}</div>")  # noqa: S314  our own output, without entities
    return tuple(_skeleton(block) for block in _walk(root, 0))


def _skeleton(block: Block) -> _Skeleton:
    """Return *block* taken apart at its marks."""
    texts = _MARK.split(block.text)
    told = (_REFERENCE.sub(r"\2", text) for text in texts[::2])
    named = (_REFERENCE.sub(r"[](\1)", text) for text in texts[::2])
    parts = [_Part(*part) for part in zip(told, named, [*texts[1::2], ""], strict=True)]
    first = parts[0]
    return _Skeleton(replace(block, text=first.told, wording=first.named), tuple(parts))


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
    return " ".join("".join(_pieces(element)).split()).strip()


def _pieces(element: Element) -> Iterator[str]:
    yield element.text or ""
    for child in element:
        hidden = child.tag in {"ol", "ul"} or any(
            _has(child, name) for name in ("headerlink", "clause-number", "notice-mark")
        )
        if child.tag == "a" and child.get("href", "").startswith("#") and not hidden:
            yield f"\ue002{child.get('href')}\ue003{child.text or ''}\ue004"
        elif not hidden:
            yield from _pieces(child)
        yield child.tail or ""


def _plain(html: str) -> str:
    return "".join(ElementTree.fromstring(f"<p>{html}</p>").itertext())  # noqa: S314  our own output


def _tables(html: str, name: str) -> Iterator[Block]:
    root = ElementTree.fromstring(f"<div>{html}</div>")  # noqa: S314  our own output
    for table in root.iter("table"):
        rows = tuple(tuple("".join(cell.itertext()) for cell in row) for row in table.iter("tr"))
        caption = next(table.iter("caption"))
        yield Block(TABLE, caption.text or "", rows=rows, wording=f"{{{{ {name} }}}}")


def _signature(html: str) -> Iterator[Block]:
    root = ElementTree.fromstring(html)  # noqa: S314  our own output
    rows = tuple(tuple("".join(cell.itertext()) for cell in row) for row in root.iter("div"))
    yield Block(TABLE, "", rows=(("", ""), *rows), wording=SIGNATURE)
    yield from (Block(PARAGRAPH, place.text or "", wording=place.text or "") for place in root.iter("p"))
