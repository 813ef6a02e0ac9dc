"""A variant as the customer reads it, filled and numbered, without a site around it.

The costly step is taken once for each shape of a page (`skeleton.py`); the values are filled in here.
"""

from __future__ import annotations

from functools import cached_property, lru_cache
from typing import TYPE_CHECKING
from xml.etree import ElementTree

import jinja2

from pledge.printed import Absent, Printed, Topic
from pledge.skeleton import TABLE_MARK, Gapped, as_mark, skeleton, unmarked
from pledge.transcript import PARAGRAPH, SIGNATURE, TABLE, Block, written

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from xml.etree.ElementTree import Element

    from pledge.page import Page
    from pledge.render import Filling
    from pledge.skeleton import Skeleton

_ENVIRONMENT = jinja2.Environment(undefined=jinja2.StrictUndefined)  # noqa: S701  macros return finished HTML


class Writer:
    """Writes the variants of one company; its values are looked up once."""

    def __init__(self, filling: Filling) -> None:
        self.filling = filling
        self.topics = filling.topics
        self._shown: dict[str, str] = {}
        self._skeletons: dict[str, Skeleton] = {}
        self._written: dict[str, list[Block]] = {}

    def article(self, page: Page) -> list[Block]:
        """Return the blocks of *page* filled for the company; raises AbsentBlankError for a gap."""
        if page.path not in self._written:
            blocks = self.skeleton(page).blocks
            self._written[page.path] = [filled for block in blocks for filled in self.filled(block, page)]
        return list(self._written[page.path])

    def skeleton(self, page: Page) -> Skeleton:
        """Return *page* before its values stand in it; raises AbsentBlankError for a gap."""
        if page.path not in self._skeletons:
            text = _template(page_source(page)).render(**self._marked, **self._macros())
            self._skeletons[page.path] = skeleton(text)
        return self._skeletons[page.path]

    @cached_property
    def texts(self) -> dict[str, str]:
        """The text of each published variant as an edition keeps it."""
        pages = self.filling.project.published(self.filling.company)
        return {page.name: written(self.article(page)) for page in pages}

    @cached_property
    def _marked(self) -> dict[str, Topic]:
        return _marked(self.topics)

    def _macros(self) -> dict[str, Callable[..., str]]:
        return {
            **self.filling.macros(),
            "variant": self.filling.title,
            "capitals": lambda shown: as_mark(f"capitals({unmarked(shown)})"),
            "promises": lambda: as_mark("promises()"),
            "signature": lambda: as_mark("signature()"),
        }

    def filled(self, block: Block, page: Page) -> Iterator[Block]:
        """Yield what *block* of the skeleton of *page* becomes: nothing where no word is left of it."""
        if not isinstance(block, Gapped):
            yield block
        elif block.kind == TABLE:
            yield from self._block(block.marks[0], page)
        else:
            yield from self._worded(block)

    def _worded(self, block: Gapped) -> Iterator[Block]:
        text, values = block.told[0], list[tuple[int, int]]()
        for mark, told in zip(block.marks, block.told[1:], strict=True):
            shown = self._text(mark)
            values.append((len(text), len(text) + len(shown)))
            text += shown + told
        if text.strip():
            known = (block.id, block.number, block.level, block.notice)
            yield Block(block.kind, text.rstrip(), *known, wording=block.wording, values=tuple(values))

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


def _marked(topics: dict[str, Topic]) -> dict[str, Topic]:
    made = {}
    for topic, blanks in topics.items():
        made[topic] = Topic()
        for blank, shown in vars(blanks).items():
            known = shown if isinstance(shown, Absent) else Printed(_mark(f"{topic}.{blank}", shown))
            setattr(made[topic], blank, known)
    return made


def _mark(name: str, shown: Printed) -> str:
    return as_mark(f"{TABLE_MARK}{name}" if shown.value and shown.value.blank.kind == "table" else name)


@lru_cache(maxsize=64)
def _template(source: str) -> jinja2.Template:
    return _ENVIRONMENT.from_string(source)


@lru_cache(maxsize=1 << 14)
def _plain(html: str) -> str:
    return "".join(ElementTree.fromstring(f"<p>{html}</p>").itertext())  # noqa: S314  our own output


@lru_cache(maxsize=1 << 8)
def _tables(html: str, name: str) -> list[Block]:
    root = ElementTree.fromstring(f"<div>{html}</div>")  # noqa: S314  our own output
    return [_table(table, name) for table in root.iter("table")]


def _table(table: Element, name: str) -> Block:
    rows = tuple(tuple("".join(cell.itertext()) for cell in row) for row in table.iter("tr"))
    caption = next(table.iter("caption"))
    return Block(TABLE, caption.text or "", rows=rows, wording=f"{{{{ {name} }}}}")


def _signature(html: str) -> Iterator[Block]:
    root = ElementTree.fromstring(html)  # noqa: S314  our own output
    rows = tuple(tuple("".join(cell.itertext()) for cell in row) for row in root.iter("div"))
    yield Block(TABLE, "", rows=(("", ""), *rows), wording=SIGNATURE)
    yield from (Block(PARAGRAPH, place.text or "", wording=place.text or "") for place in root.iter("p"))
