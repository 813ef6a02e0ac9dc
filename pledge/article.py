"""A variant as the customer reads it, filled and numbered, without a site around it.

The costly step, Markdown, runs once for each shape of a page: the values stand in it as marks, and are
filled in afterwards.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING
from xml.etree import ElementTree

import jinja2
import markdown

from pledge.printed import Absent, Printed, Topic
from pledge.transcript import HEADING, ITEM, PARAGRAPH, SIGNATURE, TABLE, TITLE, Block, full_numbers, written

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from xml.etree.ElementTree import Element

    from pledge.page import Page
    from pledge.render import Filling

EXTENSIONS = ("attr_list", "toc", "pledge.clauses")

# The marks are private-use characters, which no page and no value may contain.
_MARK = re.compile("\ue000([^\ue001]*)\ue001")
_REFERENCE = re.compile("\ue002([^\ue003]*)\ue003([^\ue004]*)\ue004")
_BLOCKS = ("promises()", "signature()")
_TABLE = "table "
"""What a mark begins with where the value is a table."""
_ENVIRONMENT = jinja2.Environment(undefined=jinja2.StrictUndefined)  # noqa: S701  macros return finished HTML


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
            self._skeletons[page.path] = _skeleton(text)
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
            "capitals": lambda shown: _mark(f"capitals({_MARK.sub(_name, shown)})"),
            "promises": lambda: _mark("promises()"),
            "signature": lambda: _mark("signature()"),
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


def _mark(name: str) -> str:
    return f"\ue000{name}\ue001"


def _name(match: re.Match[str]) -> str:
    return match[1]


def _marked(topics: dict[str, Topic]) -> dict[str, Topic]:
    made = {}
    for topic, blanks in topics.items():
        made[topic] = Topic()
        for blank, shown in vars(blanks).items():
            known = shown if isinstance(shown, Absent) else Printed(_mark(_named(f"{topic}.{blank}", shown)))
            setattr(made[topic], blank, known)
    return made


def _named(name: str, shown: Printed) -> str:
    return f"{_TABLE}{name}" if shown.value and shown.value.blank.kind == "table" else name


@lru_cache(maxsize=64)
def _template(source: str) -> jinja2.Template:
    return _ENVIRONMENT.from_string(source)


@lru_cache(maxsize=512)
def _skeleton(text: str) -> Skeleton:
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
        if mark in _BLOCKS or mark.startswith(_TABLE):
            yield from _gapped(block, texts, marks)
            name = mark.removeprefix(_TABLE)
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
