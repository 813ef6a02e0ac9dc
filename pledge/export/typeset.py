"""A paper as the data its Typst template shows: lists nested, tables measured, amounts kept on one line."""

from __future__ import annotations

import io
import re
import unicodedata
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import segno

from pledge.clauses import NOTICE
from pledge.redline import amounts
from pledge.render import GUARANTEE
from pledge.transcript import HEADING, ITEM, PARAGRAPH, TABLE, Block

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from pledge.export.paper import Paper

SEAM = "\u200b"
SEAL = "盖章处"

# The size of a table's letters in points by its number of columns, and the room between the margins.
_SIZES = {6: 9.5, 9: 8.5, 14: 7.5}
_ROOM = 158 / 25.4 * 72
_PADDING = 1.1
_WIDEST = 24.0
_SHORT = 7.0
_TALL = 20
_LATIN, _GAP = 0.56, 0.25
_LINE = 40.0
_WORD = re.compile(r"[!-~]{12,}")
_JOINT = re.compile(r"(?<=[/@.?&=_-])(?=[0-9A-Za-z])")

Shown = dict[str, Any]


class TooWideError(Exception):
    """A table with more columns than a page can hold; the message names it."""


def laid_out(paper: Paper) -> Shown:
    """Return what the template shows of *paper*.

    Raises TooWideError, and segno's DataOverflowError for an address that no QR code holds.
    """
    left, right = paper.header
    return {
        "title": paper.title,
        "company": paper.company,
        "keywords": [word for word in (GUARANTEE, paper.company, paper.number) if word],
        "header": [left, right],
        "subtitle": paper.subtitle,
        "notice": NOTICE,
        "blocks": list(_blocks(paper.blocks)),
        "end": _end(paper),
    }


def _blocks(blocks: Iterable[Block]) -> Iterator[Shown]:
    """Yield what the template shows one below the other; `sticky` keeps it on the page of what follows."""
    runs = list(_runs(blocks))
    above: list[int] = []
    for at, run in enumerate(runs):
        first = run[0]
        before_table = at + 1 < len(runs) and runs[at + 1][0].kind == TABLE
        if first.kind == HEADING:
            above = [*(level for level in above if level < first.level), first.level]
            yield {"kind": HEADING, "level": len(above), "text": "".join(first.said)}
        elif first.kind == ITEM:
            yield from _lists(_nested(run), sticky=before_table)
        elif first.is_signature:
            yield _signature(run)
        elif first.kind == TABLE:
            yield from _table(first)
        else:
            yield {"kind": first.kind, "text": first.text, "sticky": before_table, **_clause(first)}


def _runs(blocks: Iterable[Block]) -> Iterator[list[Block]]:
    """Yield the blocks that are laid out as one: a list, a signature with its place for the seal, or one."""
    run: list[Block] = []
    for block in blocks:
        if run and not _belongs(run[-1], block):
            yield run
            run = []
        run.append(block)
    if run:
        yield run


def _belongs(before: Block, block: Block) -> bool:
    if before.is_signature:
        return block.kind == PARAGRAPH and SEAL in block.text
    return before.kind == block.kind == ITEM


def _lists(items: list[Shown], *, sticky: bool) -> Iterator[Shown]:
    """Yield a list; where it leads to a table or a signature its last item stays with that."""
    if sticky and len(items) > 1:
        yield {"kind": ITEM, "items": items[:-1], "sticky": False}
    yield {"kind": ITEM, "items": items[-1:] if sticky else items, "sticky": sticky}


def _nested(items: Sequence[Block]) -> list[Shown]:
    """Return a run of items as a tree; an item without a parent stands at the top."""
    top: list[Shown] = []
    open_at = [(items[0].level, top)]
    for block in items:
        while len(open_at) > 1 and block.level < open_at[-1][0]:
            open_at.pop()
        if block.level > open_at[-1][0]:
            open_at.append((block.level, open_at[-1][1][-1]["items"]))
        open_at[-1][1].append({"number": block.number, "items": [], **_clause(block)})
    return top


def _clause(block: Block) -> Shown:
    return {"notice": block.notice, "parts": parted(block.text, _LINE)}


def _signature(run: Sequence[Block]) -> Shown:
    table, *seal = run
    rows = [["".join(row[:1]), parted("　".join(row[1:]), _LINE / 2)] for row in table.rows[1:]]
    return {"kind": "signature", "rows": rows, "seal": "".join(block.text for block in seal)}


def _table(block: Block) -> Iterator[Shown]:
    """Yield a table whose columns fit the page; a table without a row is its caption only."""
    if not block.rows:
        yield {"kind": PARAGRAPH, "sticky": False, **_clause(block)}
        return
    columns = max(map(len, block.rows))
    size = next((size for most, size in _SIZES.items() if columns <= most), None)
    if size is None:
        message = f"表格“{block.text}”有 {columns} 列，A4 纸上最多放得下 {max(_SIZES)} 列"
        raise TooWideError(message)
    rows = [[*row, *[""] * (columns - len(row))] for row in block.rows]
    widths = _widths(rows, _ROOM / size - columns * _PADDING)
    shares = [width + _PADDING for width in widths]
    head, *body = [_row(row, widths) for row in rows]
    yield {"kind": TABLE, "caption": block.text, "size": size, "widths": shares, "head": head, "rows": body}


def _row(row: Sequence[str], widths: Sequence[float]) -> Shown:
    """Return the cells of a row, and whether it is too tall to be kept on one page."""
    cells = list(zip(row, widths, strict=True))
    lines = max(_measured(cell) / width for cell, width in cells)
    return {"cells": [parted(cell, width) for cell, width in cells], "tall": lines > _TALL}


def _widths(rows: Iterable[Sequence[str]], room: float) -> list[float]:
    """Return the width of each column in ems: *room* shared by what columns need, then by what they want."""
    columns = list(zip(*rows, strict=True))
    need = [max(_needed(cell) for cell in column) for column in columns]
    want = [
        max(least, min(max(map(_measured, column)), _WIDEST))
        for least, column in zip(need, columns, strict=True)
    ]
    if sum(want) <= room or sum(need) >= room:
        least = want if sum(want) <= room else need
        return [width * room / sum(least) for width in least]
    spare = (room - sum(need)) / (sum(want) - sum(need))
    return [least + spare * (most - least) for least, most in zip(need, want, strict=True)]


def _needed(cell: str) -> float:
    """Return the width below which *cell* reads badly: all of a short one, else its longest amount."""
    whole = _measured(cell)
    if whole <= _SHORT:
        return whole
    return max([_SHORT * 2 / 3, *map(_measured, amounts(cell)[1::2])])


def _measured(text: str) -> float:
    """Return the width of *text* in ems, with the gaps between Chinese and Latin."""
    wide = [unicodedata.east_asian_width(sign) in "WFA" for sign in text]
    gaps = sum(before != after for before, after in pairwise(wide))
    return sum(1.0 if sign else _LATIN for sign in wide) + gaps * _GAP


def parted(text: str, width: float) -> list[str]:
    """Return *text* in turns: words that may break, an amount that may not, words; none wider than *width*.

    Long words have seams at which they may break too.
    """
    parts = [""]
    for at, part in enumerate(amounts(text)):
        if at % 2 and _measured(part) <= width:
            parts += [part, ""]
        else:
            parts[-1] += part
    return [part if at % 2 else _seamed(part, int(width)) for at, part in enumerate(parts)]


def _seamed(text: str, most: int) -> str:
    return _WORD.sub(lambda word: SEAM.join(_pieces(word[0], most)), text)


def _pieces(word: str, most: int) -> Iterator[str]:
    for piece in _JOINT.split(word):
        yield from (piece[start : start + most] for start in range(0, len(piece), most))


def _end(paper: Paper) -> Shown:
    """Return what lets a reader check the paper: its lines, and the QR code of its address."""
    return {
        "lines": [parted(line, _LINE) for line in paper.proof],
        "qr": _drawn(paper.address) if paper.address else "",
        "alternative": f"二维码，内容是网址 {paper.address}",
        "link": paper.address,
    }


def _drawn(address: str) -> str:
    drawing = io.BytesIO()
    segno.make_qr(address, error="m").save(drawing, kind="svg", xmldecl=False, border=4)
    return drawing.getvalue().decode()
