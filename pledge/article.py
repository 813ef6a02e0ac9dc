"""A variant as the customer reads it, filled and numbered, without a site around it.

The costly step, Markdown, runs once for each shape of a page: the values stand in it as marks, and are
filled in afterwards.
"""

from __future__ import annotations

import re
from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING
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


class Writer:
    """Writes the variants of one company; its values are looked up once."""

    def __init__(self, filling: Filling) -> None:
        self.filling = filling
        self.topics = filling.topics()

    def article(self, page: Page) -> list[Block]:
        """Return the blocks of *page* filled for the company; raises AbsentBlankError for a gap."""
        text = _template(page_source(page)).render(**_marked(self.topics), **self._macros())
        return [filled for block in _skeleton(text) for filled in self._filled(block, page)]

    def texts(self) -> dict[str, str]:
        """Return the text of each published variant as an edition keeps it."""
        pages = self.filling.project.published(self.filling.company)
        return {page.name: written(self.article(page)) for page in pages}

    def _macros(self) -> dict[str, Callable[..., str]]:
        return {
            **self.filling.macros(),
            "variant": self.filling.title,
            "capitals": lambda shown: _mark(f"capitals({_MARK.sub(_name, shown)})"),
            "promises": lambda: _mark("promises()"),
            "signature": lambda: _mark("signature()"),
        }

    def _filled(self, block: Block, page: Page) -> Iterator[Block]:
        rest = 0
        for match in _MARK.finditer(block.text):
            if match[1] in _BLOCKS or self._is_table(match[1]):
                before = block.text[rest : match.start()].strip()
                if before:
                    yield self._worded(block, before)
                yield from self._block(match[1], page)
                rest = match.end()
        after = block.text[rest:].strip()
        if after or not rest:
            yield self._worded(block, after) if not rest else self._worded(Block(PARAGRAPH, ""), after)

    def _worded(self, block: Block, text: str) -> Block:
        told = _REFERENCE.sub(r"\2", _MARK.sub(lambda match: self._text(match[1]), text))
        named = _REFERENCE.sub(r"[](\1)", _MARK.sub(r"{{ \1 }}", text))
        return replace(block, text=told, wording=named)

    def _is_table(self, name: str) -> bool:
        value = self._value(name) if "(" not in name else None
        return value is not None and value.blank.kind == "table"

    def _value(self, name: str) -> Value | None:
        topic, _, blank = name.partition(".")
        value: Value | None = getattr(self.topics[topic], blank).value
        return value

    def _text(self, name: str) -> str:
        if name.startswith("capitals("):
            return _plain(self.filling.capitals(self._printed(name[9:-1])))
        return _plain(self._printed(name))

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
def _skeleton(text: str) -> tuple[Block, ...]:
    html = markdown.markdown(text, extensions=list(EXTENSIONS), output_format="xhtml")
    root = ElementTree.fromstring(f"<div>{html}</div>")  # noqa: S314  our own output, without entities
    return tuple(_walk(root, 0))


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
