"""Which block of the old text became which block of the new, and which row of a table which row."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter, defaultdict
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import TYPE_CHECKING

from pledge.redline import folded
from pledge.transcript import PARAGRAPH, TABLE, TITLE, Block

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterator, Sequence

Row = tuple[str, ...]

_ALIKE = 0.5


@dataclass(frozen=True, slots=True)
class Pair:
    """A block before and after: without `old` it was added, without `new` it was removed.

    `moved` is whether it stands elsewhere among the blocks that stayed; a clause that only got another
    number, because one before it came or went, has not moved.
    """

    old: Block | None
    new: Block | None
    moved: bool = False

    @property
    def block(self) -> Block:
        """The block as it is now, or as it was before it was removed."""
        found = self.new or self.old
        if found is None:
            raise ValueError("a pair has a block")
        return found

    @property
    def changed(self) -> bool:
        """Whether a reader meets other words, numbers, cells or marks; forms of a mark do not count."""
        return self.old is None or self.new is None or self._numbered_otherwise or self._reads_otherwise

    @property
    def renumbered(self) -> bool:
        """Whether the block differs in its number only."""
        return self._numbered_otherwise and not self._reads_otherwise

    @property
    def _numbered_otherwise(self) -> bool:
        return self.old is not None and self.new is not None and self.old.number != self.new.number

    @property
    def _reads_otherwise(self) -> bool:
        if self.old is None or self.new is None or _parts(self.old) == _parts(self.new):
            return False
        return _read(self.old) != _read(self.new)


def _parts(block: Block) -> tuple[Hashable, ...]:
    return block.text, block.notice, block.rows


def _read(block: Block) -> tuple[Hashable, ...]:
    return folded(block.text), block.notice, tuple(tuple(map(folded, row)) for row in block.rows)


def aligned(old: Sequence[Block], new: Sequence[Block], *, moves: bool = True) -> list[Pair]:
    """Return the pairs of two texts in the order of the new one, each removed block where it stood.

    Clauses pair by id, tables of a clause by caption and its paragraphs by what they say. Without *moves* a
    moved block is removed at its old place and added at the new one, so both texts can be read off in order.
    """
    merged = _merged(len(old), len(new), _matches(old, new), moves=moves)
    return [
        Pair(old[before] if before is not None else None, new[after] if after is not None else None, moved)
        for before, after, moved in merged
    ]


def paired_rows(
    old: Sequence[Row], new: Sequence[Row], *, moves: bool = True
) -> list[tuple[Row | None, Row | None]]:
    """Return the rows of a table before and after, paired by their first cell, the heads with each other."""
    matches = _rows_matched(old, new)
    merged = _merged(len(old), len(new), matches, moves=moves)
    return [
        (old[before] if before is not None else None, new[after] if after is not None else None)
        for before, after, _ in merged
    ]


def _rows_matched(old: Sequence[Row], new: Sequence[Row]) -> dict[int, int]:
    before, after = _rows_named(old), _rows_named(new)
    return {place: before[name] for name, place in after.items() if name in before}


def _rows_named(rows: Sequence[Row]) -> dict[tuple[str, int], int]:
    """Return the places of the rows by first cell and how often it came before; the head has no name."""
    seen: Counter[str] = Counter()
    found = {("", -1): 0} if rows else {}
    for place, row in enumerate(rows[1:], 1):
        name = folded(row[0]) if row else ""
        found[name, seen[name]] = place
        seen[name] += 1
    return found


def _matches(old: Sequence[Block], new: Sequence[Block]) -> dict[int, int]:
    before, after = _sections(old), _sections(new)
    found: dict[int, int] = {}
    for key, places in after.items():
        if key in before:
            found.update(_section_matched(old, before[key], new, places))
    return found


def _sections(blocks: Sequence[Block]) -> dict[tuple[str, int], list[int]]:
    seen: Counter[str] = Counter()
    key = ("", 0)
    found: dict[tuple[str, int], list[int]] = {}
    for place, block in enumerate(blocks):
        if block.is_clause:
            name = block.id or block.number
            key = (name, seen[name])
            seen[name] += 1
        found.setdefault(key, []).append(place)
    return found


def _section_matched(
    old: Sequence[Block], before: list[int], new: Sequence[Block], after: list[int]
) -> dict[int, int]:
    """Return the places, new to old, of the blocks of one clause that belong together."""
    found: dict[int, int] = {}
    for fits in (_is_same, _is_successor):
        for place in (place for place in after if place not in found):
            free = (at for at in before if at not in found.values() and fits(old[at], new[place]))
            partner = next((at for at in free if fits is _is_same or not _crosses(found, place, at)), None)
            if partner is not None:
                found[place] = partner
    return found


def _crosses(found: dict[int, int], place: int, partner: int) -> bool:
    return any((new > place) != (old > partner) for new, old in found.items())


def _is_same(old: Block, new: Block) -> bool:
    if old.is_clause and new.is_clause:
        return True
    return old.kind == new.kind and folded(old.text) == folded(new.text)


def _is_successor(old: Block, new: Block) -> bool:
    """Whether *old* may have become *new*: a title always, a table by its head, a paragraph by its words."""
    if old.kind != new.kind:
        return False
    if new.kind == TITLE:
        return True
    if new.kind == TABLE:
        return bool(new.rows) and old.rows[:1] == new.rows[:1]
    return new.kind == PARAGRAPH and _similarity(old.text, new.text) >= _ALIKE


def _similarity(old: str, new: str) -> float:
    return SequenceMatcher(None, old, new, autojunk=False).ratio()


def _merged(
    old_count: int, new_count: int, matches: dict[int, int], *, moves: bool
) -> Iterator[tuple[int | None, int | None, bool]]:
    """Yield old and new places in the new order; what has gone follows the last stable place before it."""
    stable = set(rising([(new, matches[new]) for new in sorted(matches)]))
    kept = {old: new for new, old in matches.items() if new in stable}
    shown = {old for new, old in matches.items() if moves or new in stable}
    gone = _gone(old_count, kept, shown)
    yield from ((place, None, False) for place in gone[None])
    for place in range(new_count):
        partner = matches.get(place)
        moved = partner is not None and place not in stable
        yield (partner, place, moved) if moves or not moved else (None, place, False)
        if place in stable:
            yield from ((at, None, False) for at in gone[partner])


def _gone(old_count: int, kept: dict[int, int], shown: set[int]) -> dict[int | None, list[int]]:
    gone: dict[int | None, list[int]] = defaultdict(list)
    last = None
    for place in range(old_count):
        if place in kept:
            last = place
        elif place not in shown:
            gone[last].append(place)
    return gone


def rising(matches: list[tuple[int, int]]) -> list[int]:
    """Return the new places of a longest run of matches that keeps its order in the old text."""
    tops: list[int] = []
    ends: list[int] = []
    previous: dict[int, int | None] = {}
    for index, (_, old) in enumerate(matches):
        length = bisect_left(tops, old)
        tops[length : length + 1] = [old]
        ends[length : length + 1] = [index]
        previous[index] = ends[length - 1] if length else None
    found: list[int] = []
    at = ends[-1] if ends else None
    while at is not None:
        found.append(matches[at][0])
        at = previous[at]
    return found[::-1]
