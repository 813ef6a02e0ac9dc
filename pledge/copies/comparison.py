"""Where a copy differs from the text it should be, clause by clause, and what a contract has filled in.

Parts that stand once in both texts hold them together, as long as they keep their order; what lies between is
compared by redline. So each difference is found and belongs to a clause, wherever pages and lines break.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from pledge.alignment import rising
from pledge.copies.contract import agree
from pledge.redline import GONE, NEW, SAME, Piece, pieces

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pledge.copies.contract import Contract
    from pledge.copies.expected import Expected, Gap, Stretch

_SHORTEST = 2
_AROUND, _LONGEST = 16, 160
_ELLIPSIS = "……"


@dataclass(frozen=True, slots=True)
class Difference:
    """A clause, row or line that differs: its place, and the redline from the released text to the file."""

    place: str
    pieces: tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class Fill:
    """What a contract has filled in."""

    label: str
    text: str


@dataclass(frozen=True, slots=True)
class _Edit:
    """Characters of the expected text, and what stands in the copy instead."""

    start: int
    end: int
    new: str


@dataclass(slots=True)
class Comparison:
    """What was found: differences by place, and what a contract has filled in."""

    differences: list[Difference] = field(default_factory=list)
    fills: list[Fill] = field(default_factory=list)


def compared(expected: Expected, actual: str, contract: Contract) -> Comparison:
    """Return how *actual* differs from *expected*, both without white space."""
    edits: list[_Edit] = []
    fills: list[tuple[Gap, str]] = []
    for start, end, new in _regions(expected, actual):
        gaps = [gap for gap in expected.gaps if start <= gap.start and gap.end <= end]
        filled = contract.filled(expected.text, start, end, gaps, new) if gaps else None
        if filled is None:
            edits += _edits(expected.text[start:end], new, start)
        else:
            fills += filled
    first = {gap.label: said for gap, said in reversed(fills)}
    odd = [fill for fill in fills if not agree(first[fill[0].label], fill[1])]
    told = [Fill(gap.label, contract.told(gap.label, said)) for gap, said in fills if (gap, said) not in odd]
    edits = sorted([*edits, *(_Edit(gap.start, gap.end, said) for gap, said in odd)], key=_order)
    return Comparison(list(_differences(expected.stretches, edits)), list(dict.fromkeys(told)))


def _order(edit: _Edit) -> tuple[int, int]:
    return edit.start, edit.end


def _regions(expected: Expected, actual: str) -> Iterator[tuple[int, int, str]]:
    """Yield the parts of the expected text that are not found in place, each with what stands there."""
    waiting = [(0, len(expected.text), 0, len(actual))]
    atoms = expected.atoms()
    while waiting:
        start, end, low, high = waiting.pop()
        if expected.text[start:end] == actual[low:high]:
            continue
        inside = [atom for atom in atoms if start <= atom[0] and atom[1] <= end]
        anchors = _anchors(expected.text, (start, end), actual, (low, high), inside)
        if not anchors:
            yield start, end, actual[low:high]
        edges = [(start, low), *(edge for anchor in anchors for edge in anchor), (end, high)]
        between = list(zip(edges[::2], edges[1::2], strict=True)) if anchors else []
        waiting += [(left[0], right[0], left[1], right[1]) for left, right in reversed(between)]


_Edge = tuple[int, int]


def _anchors(
    text: str, inside: tuple[int, int], actual: str, within: tuple[int, int], atoms: Sequence[tuple[int, int]]
) -> list[tuple[_Edge, _Edge]]:
    """Return the atoms that stand once on both sides, in one order: their first and last edges in both."""
    mine, its = text[slice(*inside)], actual[slice(*within)]
    found = []
    for start, end in atoms:
        said = text[start:end]
        if end - start < _SHORTEST or its.count(said) != 1 or mine.count(said) != 1:
            continue
        at = within[0] + its.index(said)
        if _is_whole(text, start, end, actual, at):
            found.append((start, at, end - start))
    kept = set(rising([(start, at) for start, at, _ in found]))
    return [((start, at), (start + size, at + size)) for start, at, size in found if start in kept]


def _is_whole(text: str, start: int, end: int, actual: str, at: int) -> bool:
    """Whether an atom found at *at* is not the end or the beginning of a longer number or word."""
    before, after = actual[at - 1 : at], actual[at + end - start :][:1]
    grown = _joins(before + text[start]) and before != text[start - 1 : start]
    return not grown and not (_joins(text[end - 1] + after) and after != text[end : end + 1])


def _joins(pair: str) -> bool:
    return len(pair) > 1 and pair.isascii() and all(sign.isalnum() or sign in ".%" for sign in pair)


def _edits(old: str, new: str, start: int) -> Iterator[_Edit]:
    at = start
    gone = ""
    for piece in (*pieces(old, new, fold=False), Piece(SAME, "")):
        if piece.kind == GONE:
            gone += piece.text
        elif piece.kind == NEW:
            yield _Edit(at, at + len(gone), piece.text)
            at, gone = at + len(gone), ""
        else:
            if gone:
                yield _Edit(at, at + len(gone), "")
            at, gone = at + len(gone) + len(piece.text), ""


def _differences(stretches: Sequence[Stretch], edits: Sequence[_Edit]) -> Iterator[Difference]:
    """Yield the changed stretches; what is added between two belongs to the first."""
    for at, stretch in enumerate(stretches):
        own = [_within(edit, stretch) for edit in edits if _touches(edit, stretch, first=not at)]
        if own:
            moved = "（移到了别处）" if _has_moved(stretch, own, edits) else ""
            yield Difference(stretch.place + moved, tuple(shortened(_redline(stretch, own))))


def _has_moved(stretch: Stretch, own: Sequence[_Edit], edits: Sequence[_Edit]) -> bool:
    whole = own == [_Edit(stretch.start, stretch.end, "")]
    return whole and any(stretch.said in edit.new for edit in edits)


def _touches(edit: _Edit, stretch: Stretch, *, first: bool) -> bool:
    if edit.start == edit.end:
        return stretch.start < edit.start <= stretch.end or (first and edit.start == stretch.start)
    return edit.start < stretch.end and stretch.start < edit.end


def _within(edit: _Edit, stretch: Stretch) -> _Edit:
    """Return the part of *edit* in *stretch*: what is new stands where the first of the old was."""
    new = edit.new if edit.start >= stretch.start else ""
    return _Edit(max(edit.start, stretch.start), min(edit.end, stretch.end), new)


def _redline(stretch: Stretch, edits: Sequence[_Edit]) -> Iterator[Piece]:
    """Yield a stretch as it is shown, with what has gone and what is new."""
    places = [place for place, sign in enumerate(stretch.shown) if not sign.isspace() and sign != "｜"]
    places.append(len(stretch.shown))
    at = stretch.start + (stretch.number if edits[0].start >= stretch.start + stretch.number else 0)
    at = places[at - stretch.start]
    for edit in edits:
        start = places[edit.start - stretch.start]
        end = places[edit.end - stretch.start - 1] + 1 if edit.end > edit.start else start
        yield from _shown((SAME, stretch.shown[at:start]), (GONE, stretch.shown[start:end]), (NEW, edit.new))
        at = end
    yield from _shown((SAME, stretch.shown[at:]))


def _shown(*parts: tuple[str, str]) -> Iterator[Piece]:
    return (Piece(kind, text) for kind, text in parts if text)


def shortened(found: Iterator[Piece]) -> Iterator[Piece]:
    """Yield a redline in which words far from a change, and the middle of long changes, are left out."""
    listed = list(found)
    for at, (kind, text) in enumerate(listed):
        before, after = (_AROUND if at else 0), (_AROUND if at + 1 < len(listed) else 0)
        if kind != SAME:
            before = after = _LONGEST // 2
        yield Piece(kind, _cut(text.lstrip() if not at else text, before, after))


def _cut(text: str, before: int, after: int) -> str:
    if len(text) <= before + after + len(_ELLIPSIS):
        return text
    return text[:before] + _ELLIPSIS + (text[-after:] if after else "")
