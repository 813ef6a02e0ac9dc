"""The running text of a copy: its pages without what stands at the top and foot of each."""

from __future__ import annotations

import re
from difflib import SequenceMatcher
from typing import TYPE_CHECKING

from pledge.copies.comparison import Difference, shortened
from pledge.copies.copied import PDF, TEXT, bare
from pledge.redline import pieces

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from pledge.copies.copied import Copy
    from pledge.export.paper import Paper
    from pledge.redline import Piece

_COUNTED = r"第(\d+)页共(\d+)页"
_LINES, _ALIKE = 3, 0.6
_NUMBERS = re.compile(_COUNTED)


def running(copy: Copy, paper: Paper, heads: Sequence[str]) -> tuple[str, list[Difference]]:
    """Return the text of *copy* as one, and how its headers and footers differ from those of *paper*.

    *heads* are those of the tables, which stand again where a table goes on overleaf.
    """
    header = bare("".join(paper.header))
    if copy.kind == TEXT:
        return copy.text, []
    if copy.kind == PDF:
        return _joined(copy.pages, header, bare(paper.checked_by), heads)
    edges = [("页眉", header, said) for said in copy.headers or [""]]
    footer = f"{bare(paper.checked_by)}第页共页"
    edges += [("页脚", footer, _NUMBERS.sub("第页共页", said)) for said in copy.footers or [""]]
    found = [(place, wanted, said) for place, wanted, said in dict.fromkeys(edges) if wanted != said]
    return copy.text, [Difference(place, _redline(wanted, said)) for place, wanted, said in found]


def _joined(
    pages: Sequence[str], header: str, mark: str, heads: Sequence[str]
) -> tuple[str, list[Difference]]:
    text = ""
    found: list[tuple[int, str, str, str]] = []
    for at, page in enumerate(pages, 1):
        top, rest = _top(page, header)
        body, foot = _foot(rest, mark)
        number = f"第{at}页共{len(pages)}页"
        found += [(at, "页眉", header, top), (at, "页脚", number, foot.removeprefix(mark))]
        again = next((head for head in heads if body.startswith(head) and head in text), "")
        text += body.removeprefix(again)
    return text, list(_together(found))


def _top(page: str, header: str) -> tuple[str, str]:
    """Return the header of a page, or the lines most like it, and the rest."""
    whole = bare(page)
    if whole.startswith(header) or not whole:
        return header, whole.removeprefix(header)
    if whole.endswith(header):
        return header, whole.removesuffix(header)
    lines = page.split("\n")
    tops = [bare("".join(lines[:count])) for count in range(1, _LINES + 1)]
    likeness, top = max((SequenceMatcher(None, header, top, autojunk=False).ratio(), top) for top in tops)
    return (top, whole.removeprefix(top)) if likeness > _ALIKE else ("", whole)


def _foot(page: str, mark: str) -> tuple[str, str]:
    """Return a page without its foot, and the foot: the number of the page, in Word after the mark."""
    foot = rf"(?:{re.escape(mark)})?{_COUNTED}"
    found = re.search(f"{foot}$", page) or re.match(foot, page)
    if not found:
        return page, ""
    return page[: found.start()] + page[found.end() :], found[0]


def _together(found: Iterable[tuple[int, str, str, str]]) -> Iterator[Difference]:
    """Yield what differs at the edges of the pages, once for pages on which it is the same."""
    pages: dict[tuple[str, str, str], list[int]] = {}
    for at, kind, wanted, said in found:
        if wanted != said:
            pages.setdefault((kind, wanted, said), []).append(at)
    for (kind, wanted, said), places in pages.items():
        yield Difference(f"第{_ranges(places)}页的{kind}", _redline(wanted, said))


def _ranges(places: Sequence[int]) -> str:
    """Return numbers of pages in words: `1至3、5`."""
    starts = [at for at in places if at - 1 not in places]
    ends = [at for at in places if at + 1 not in places]
    pairs = zip(starts, ends, strict=True)
    return "、".join(str(start) if start == end else f"{start}至{end}" for start, end in pairs)


def _redline(wanted: str, said: str) -> tuple[Piece, ...]:
    return tuple(shortened(iter(pieces(wanted, said, fold=False))))
