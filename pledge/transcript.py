"""The text of a variant as a list of blocks, and as the small fixed Markdown that editions keep.

The Markdown has headings, paragraphs, lists and tables only; a clause carries its id as `{: #id }` and its
number as bold text. What is written is read back as the same blocks.
"""

from __future__ import annotations

import itertools
import re
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from pledge.clauses import NOTICE

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

SUMMARY, SIGNATURE = "{{ promises() }}", "{{ signature() }}"
"""The wording of what a variant says once more: the summary of its promises, and the block that is signed."""
TITLE, HEADING, ITEM, PARAGRAPH, TABLE = "title", "heading", "item", "paragraph", "table"
CAPTION = "表："

_SPECIAL = re.compile(r"[\\`*_{}\[\]<>|&~#]")
_START = re.compile(r"^(?=[-+])|^(\d+)(?=[.)])")
_ESCAPED = re.compile(r"\\(.)")
_MARK = re.compile(r"\{: (?:#(?P<id>[^\s}]+) )?(?P<notice>\.notice )?\} ")
_NUMBER = re.compile(r"\*\*((?:[^\\*]|\\.)+)\*\* ?")
_HEADING = re.compile(r"(#{1,6}) (.*)")
_ITEM = re.compile(r"( *)- (.*)")
_CELL = re.compile(r"(?<!\\)(?:\\\\)*\|")


@dataclass(frozen=True, slots=True)
class Block:
    """A piece of a variant as the customer reads it.

    `kind` is title, heading, item, paragraph or table. `number` is a clause's number as text, `level` is 1
    for the highest headings, `notice` marks a clause that limits the customer. A table has its caption as
    `text` and its cells in `rows`, the first being the head. `wording` is `text` with each value and each
    reference still a name, so it stays the same when only a value or a number changes. `values` are the
    places of the values in `text`, from and up to which character; what is read back has none.
    """

    kind: str
    text: str
    id: str = ""
    number: str = ""
    level: int = 0
    notice: bool = False
    rows: tuple[tuple[str, ...], ...] = ()
    wording: str = ""
    values: tuple[tuple[int, int], ...] = field(default=(), compare=False)

    @property
    def is_clause(self) -> bool:
        """Whether the block begins a clause."""
        return self.kind in {HEADING, ITEM}

    @property
    def is_signature(self) -> bool:
        """Whether the block is signed: a table whose head has no words."""
        return self.kind == TABLE and bool(self.rows) and not any(self.rows[0])

    @property
    def said(self) -> tuple[str, str, str]:
        """What a reader meets before any cells: the number with its gap, the mark of a notice, the text."""
        gap = "" if not self.number or self.number.endswith("、") else " "
        return self.number + gap, f"{NOTICE} " if self.notice else "", self.text


def written(blocks: Iterable[Block]) -> str:
    """Return *blocks* as the fixed Markdown: UTF-8, one block a line, ending in a newline."""
    lines: list[str] = []
    depth = 0
    before = ""
    for block in blocks:
        if lines and not before == block.kind == ITEM:
            lines.append("")
        before = block.kind
        depth = block.level if block.kind == HEADING else depth
        lines += _lines(block, depth)
    return "\n".join(lines) + "\n"


def _lines(block: Block, depth: int) -> list[str]:
    if block.kind == TABLE:
        head, *rows = block.rows
        return [CAPTION + escaped(block.text), "", _row(head), _row(["---"] * len(head)), *map(_row, rows)]
    text = _mark(block) + escaped(block.text)
    if block.kind == ITEM:
        return [f"{'    ' * (block.level - depth - 1)}- {text}"]
    if block.kind == PARAGRAPH:
        return [_START.sub(lambda match: f"{match[1] or ''}\\", text)]
    return [f"{'#' * (block.level + 1)} {text}"]


def _mark(block: Block) -> str:
    notice = ".notice " if block.notice else ""
    name = f"#{block.id} " if block.id else ""
    mark = f"{{: {name}{notice}}} " if name or notice else ""
    return mark + (f"**{escaped(block.number)}** " if block.number else "")


def _row(cells: Iterable[str]) -> str:
    return "".join(f"| {cell if cell == '---' else escaped(cell)} " for cell in cells) + "|"


def escaped(text: str) -> str:
    """Return *text* with every sign of Markdown made text (CommonMark 2.4)."""
    return _SPECIAL.sub(r"\\\g<0>", text)


def _plain(text: str) -> str:
    return _ESCAPED.sub(r"\1", text.strip())


def parsed(text: str) -> list[Block]:
    """Return the blocks of a text in the fixed Markdown; a line of no known form is a paragraph."""
    return list(_blocks(text.split("\n")))


def _blocks(lines: list[str]) -> Iterator[Block]:
    depth = 0
    caption = ""
    table: list[tuple[str, ...]] = []
    for line in [*lines, ""]:
        if line.startswith("|"):
            table.append(_cells(line))
            continue
        if table:
            yield Block(TABLE, _plain(caption.removeprefix(CAPTION)), rows=(table[0], *table[2:]))
            caption, table = "", []
        if not line.strip():
            continue
        if caption:
            yield Block(PARAGRAPH, _plain(caption))
            caption = ""
        if line.startswith(CAPTION):
            caption = line
            continue
        block = _block(line, depth)
        depth = block.level if block.kind == HEADING else depth
        yield block
    if caption:
        yield Block(PARAGRAPH, _plain(caption))


def _cells(line: str) -> tuple[str, ...]:
    ends = [match.end() for match in _CELL.finditer(line)]
    return tuple(_plain(line[start : end - 1]) for start, end in itertools.pairwise(ends))


def _block(line: str, depth: int) -> Block:
    heading, item = _HEADING.fullmatch(line), _ITEM.fullmatch(line)
    if heading and len(heading[1]) == 1:
        return Block(TITLE, _plain(heading[2]))
    if heading:
        return _clause(Block(HEADING, heading[2], level=len(heading[1]) - 1))
    if item:
        return _clause(Block(ITEM, item[2], level=depth + 1 + len(item[1]) // 4))
    return Block(PARAGRAPH, _plain(line))


def _clause(block: Block) -> Block:
    rest = block.text
    mark = _MARK.match(rest)
    if mark:
        block = replace(block, id=mark["id"] or "", notice=bool(mark["notice"]))
        rest = rest[mark.end() :]
    number = _NUMBER.match(rest)
    if number:
        block = replace(block, number=_plain(number[1]))
        rest = rest[number.end() :]
    return replace(block, text=_plain(rest))


def clauses(blocks: Iterable[Block]) -> dict[str, list[Block]]:
    """Return each clause by its id: its own block and the paragraphs and tables that belong to it.

    What stands before the first clause has the key ``""``; a clause without an id is named by its number.
    """
    found: dict[str, list[Block]] = {"": []}
    key = ""
    for block in blocks:
        if block.is_clause:
            key = block.id or block.number
        found.setdefault(key, []).append(block)
    return found


def full_numbers(blocks: Iterable[Block]) -> dict[str, str]:
    """Return the number of each clause by id, with its parent's where it alone says little: `2.1(3)`."""
    open_at: dict[int, str] = {}
    found = {}
    for block in blocks:
        if block.is_clause:
            bare = not block.number[:1].isdecimal() and block.kind == ITEM
            open_at[block.level] = (open_at.get(block.level - 1, "") if bare else "") + block.number
            found[block.id] = open_at[block.level]
    return found


def numbered(blocks: list[Block]) -> list[Block]:
    """Return *blocks* with the number of each clause in full, so that it can stand alone."""
    full = full_numbers(blocks)
    return [replace(block, number=full[block.id]) if block.is_clause else block for block in blocks]


def spoken(block: Block) -> str:
    """Return a block as one line of text, as a customer reads it: mark, number, text, cells by row."""
    return "".join((*block.said, *(f"\n{'｜'.join(row)}" for row in block.rows)))
