"""What an edition changes against the one before, as the customer reads it; nobody's verdict is in it."""

from __future__ import annotations

import itertools
import re
from typing import TYPE_CHECKING

from pledge import redline, transcript
from pledge.alignment import aligned
from pledge.change import ABOUT_THE_EDITION
from pledge.compare.values import differences, told
from pledge.edition import PublicChange
from pledge.transcript import TABLE, spoken

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pledge.compare.side import Side
    from pledge.edition import Edition, Recorded
    from pledge.transcript import Block

_REFERENCE = re.compile(r"第[\d.零一二三四五六七八九十]+(?:条|款|部分)(?:第\(\d+\)项)?[①-⑳]?")
# What every edition has anew: its own fields, and the day it was signed.
_NEW_EACH_TIME = (ABOUT_THE_EDITION, "signing.date")


def changes(side: Side, last: Edition) -> list[PublicChange]:
    """Return what a company's text changes against its edition *last*, as the customer reads it.

    Guarantees that come or go, then values, then clauses whose wording changed beyond that.
    """
    changed = list(_values(side, last))
    clauses = (_clauses(side, name, last.blocks(name), changed) for name in side.pages if name in last.texts)
    return [*_variants(side, last), *changed, *itertools.chain.from_iterable(clauses)]


def _variants(side: Side, last: Edition) -> Iterator[PublicChange]:
    for name in dict.fromkeys([*last.texts, *side.pages]):
        if (name in last.texts) != (name in side.pages):
            page = side.project.pages.get(name)
            title = page.title if page else last.texts[name].title
            before, after = ("公布", "") if name in last.texts else ("", "公布")
            yield PublicChange(f"guarantees/{name}", f"《{title}》", "", before, after)


def _values(side: Side, last: Edition) -> Iterator[PublicChange]:
    blanks = side.project.catalogue.blanks
    for name in dict.fromkeys([*blanks, *last.values]):
        old, new = last.values.get(name), side.values.get(name)
        if name.startswith(_NEW_EACH_TIME) or (old is None and new is None):
            continue
        if (old is None or new is None) and not side.speaks_in(name, last.texts):
            continue
        blank = blanks.get(name)
        before = old.value(blank) if old and blank else None
        if old and before is None:
            yield PublicChange(name, old.label, "", _written(old), told(new))
        elif blank:
            for found in differences(before, new):
                yield PublicChange(name, blank.label, found.item, found.before, found.after)


def _written(old: Recorded) -> str:
    return getattr(old.node, "text", "（表格或者列表）")


def _clauses(side: Side, name: str, old: list[Block], changed: list[PublicChange]) -> Iterator[PublicChange]:
    """Yield the clauses whose wording changed, beyond what the changed values and numbers explain."""
    title = side.pages[name].title
    numbers = {**transcript.full_numbers(old), **transcript.full_numbers(side.articles[name])}
    for pair in aligned(old, side.articles[name]):
        if not pair.changed or pair.block.kind == TABLE or not pair.block.is_clause:
            continue
        before, after = (spoken(block) if block else "" for block in (pair.old, pair.new))
        if pair.old and pair.new and _explained(pair.old, pair.new, changed):
            continue
        label = f"《{title}》{numbers.get(pair.block.id, '')}"
        yield PublicChange(f"{name}#{pair.block.id}", label, "", before, after)


def _explained(old: Block, new: Block, changed: list[PublicChange]) -> bool:
    """Whether every difference of two clauses is part of a changed value."""
    if old.notice != new.notice:
        return False
    found = redline.pieces(_REFERENCE.sub("", old.text), _REFERENCE.sub("", new.text))
    values = [(change.before, change.after) for change in changed]
    return all(
        any(gone in before and new in after for before, after in values) for gone, new in _differing(found)
    )


def _differing(pieces: list[redline.Piece]) -> Iterator[tuple[str, str]]:
    """Yield what went and what came in its place, piece by piece."""
    for same, group in itertools.groupby(pieces, key=lambda piece: piece.kind == redline.SAME):
        if not same:
            texts = {piece.kind: piece.text for piece in group}
            yield texts.get(redline.GONE, ""), texts.get(redline.NEW, "")
