"""Alignment: which block became which, what moved, and what only got another number."""

from __future__ import annotations

from dataclasses import replace
from itertools import count

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pledge.alignment import Pair, aligned, paired_rows
from pledge.transcript import HEADING, ITEM, PARAGRAPH, TABLE, TITLE, Block


def blocks(text: str) -> list[Block]:
    """Return the blocks that a line of short words names.

    `a=1` is a clause with its text, `p:x` a paragraph, `t:x` a table with the caption x, `T:x` a title.
    """
    number = count(1)
    return [_block(word, number) for word in text.split()]


def _block(word: str, number: count[int]) -> Block:
    if word[1] == "=":
        return Block(ITEM, word[2:], id=word[0], number=f"({next(number)})", level=2)
    kind = {"p": PARAGRAPH, "t": TABLE, "T": TITLE}[word[0]]
    return Block(kind, word[2:], rows=(("项目", "期限"), ("一", "1日")) if kind == TABLE else ())


def shown(pairs: list[Pair]) -> str:
    """Return the pairs in short: the text, or old>new, with a sign for added, removed, moved, renumbered."""
    return " ".join(map(_shown, pairs))


def _shown(pair: Pair) -> str:
    if pair.old is None or pair.new is None:
        return f"{'+' if pair.old is None else '-'}{pair.block.text}"
    signs = ("~" if pair.moved else "") + ("#" if pair.renumbered else "")
    same = pair.old.text == pair.new.text
    return signs + (pair.new.text if same else f"{pair.old.text}>{pair.new.text}")


# old, new, the pairs, the pairs of the opposite change
ALIGNED = {
    "the same": ("T:题 a=1 p:x b=2", "T:题 a=1 p:x b=2", "题 1 x 2", "题 1 x 2"),
    "words": ("a=1 b=2", "a=1 b=3", "1 2>3", "1 3>2"),
    "title": ("T:甲 a=1", "T:乙 a=1", "甲>乙 1", "乙>甲 1"),
    "added first": ("b=2 c=3", "a=1 b=2 c=3", "+1 #2 #3", "-1 #2 #3"),
    "added between": ("a=1 c=3", "a=1 b=2 c=3", "1 +2 #3", "1 -2 #3"),
    "removed before added": ("a=1 b=2 c=3", "a=1 d=4 c=3", "1 -2 +4 3", "1 -4 +2 3"),
    "renumbered and changed": ("b=2", "a=1 b=9", "+1 2>9", "-1 9>2"),
    "moved to the end": ("a=1 b=2 c=3", "b=2 c=3 a=1", "#2 #3 ~#1", "~#1 #2 #3"),
    "neighbours swapped": ("a=1 b=2 c=3", "b=2 a=1 c=3", "~#2 #1 3", "~#1 #2 3"),
    "moved with its table": ("a=1 t:x b=2 c=3", "b=2 c=3 a=1 t:x", "~#2 ~#3 #1 x", "~#1 ~x #2 #3"),
    "removed behind a moved one": ("a=1 b=2 c=3 d=4", "a=1 d=4 b=2", "1 ~#4 #2 -3", "1 ~#2 +3 #4"),
    "everything new": ("", "T:题 a=1 p:x", "+题 +1 +x", "-题 -1 -x"),
    "table with another caption": ("a=1 t:x", "a=1 t:z", "1 x>z", "1 z>x"),
    "tables by caption": ("a=1 t:x t:y", "a=1 t:y t:z", "1 -x y +z", "1 +x y -z"),
    "paragraph changed": (
        "a=1 p:先说明这一句 b=2",
        "a=1 p:先说明那一句 b=2",
        "1 先说明这一句>先说明那一句 2",
        "1 先说明那一句>先说明这一句 2",
    ),
    "paragraph replaced": ("a=1 p:甲乙丙", "a=1 p:丁戊己", "1 -甲乙丙 +丁戊己", "1 -丁戊己 +甲乙丙"),
    "paragraph of another clause": ("a=1 p:x b=2", "a=1 b=2 p:x", "1 -x 2 +x", "1 +x 2 -x"),
    "id twice": ("a=1 a=2", "a=1 a=2 a=3", "1 2 +3", "1 2 -3"),
}


@pytest.mark.parametrize(("old", "new", "expected", "opposite"), ALIGNED.values(), ids=ALIGNED)
def test_aligned(old: str, new: str, expected: str, opposite: str) -> None:
    """Blocks pair by id, caption or words, in the order of the new text, the removed where they stood."""
    found = aligned(blocks(old), blocks(new)), aligned(blocks(new), blocks(old))
    assert (expected, opposite) == (shown(found[0]), shown(found[1]))


CLAUSE = Block(ITEM, "客户，您好", id="a", number="(1)", level=2)
CHANGES = {
    "the same": (CLAUSE, CLAUSE, False, False),
    "wording of the source": (CLAUSE, replace(CLAUSE, wording="{{ x }}"), False, False),
    "form of a mark": (CLAUSE, replace(CLAUSE, text="客户,您好"), False, False),
    "text": (CLAUSE, replace(CLAUSE, text="您好"), True, False),
    "number": (CLAUSE, replace(CLAUSE, number="(2)"), True, True),
    "number and text": (CLAUSE, replace(CLAUSE, number="(2)", text="您好"), True, False),
    "notice": (CLAUSE, replace(CLAUSE, notice=True), True, False),
    "rows": (Block(TABLE, "表", rows=(("一",),)), Block(TABLE, "表", rows=(("二",),)), True, False),
    "gone": (CLAUSE, None, True, False),
}


@pytest.mark.parametrize(("old", "new", "changed", "renumbered"), CHANGES.values(), ids=CHANGES)
def test_changed(old: Block | None, new: Block | None, *, changed: bool, renumbered: bool) -> None:
    """A change is what a reader meets; only another number is a renumbering; both work both ways."""
    pair, back = Pair(old, new), Pair(new, old)
    assert [(changed, renumbered)] * 2 == [(side.changed, side.renumbered) for side in (pair, back)]


def test_a_clause_in_another_kind_is_the_same_clause() -> None:
    """A clause pairs by its id also where a heading became an item."""
    item, heading = CLAUSE, replace(CLAUSE, kind=HEADING)
    assert [Pair(item, heading)] == aligned([item], [heading])


def test_an_empty_pair_has_no_block() -> None:
    """A pair of nothing is a mistake of the program."""
    with pytest.raises(ValueError, match="a pair has a block"):
        _ = Pair(None, None).block


HEAD = ("级别", "时限")
# old rows, new rows, the pairs, the pairs without moves
ROWS = {
    "value": (["一 1日"], ["一 2日"], [("一 1日", "一 2日")], [("一 1日", "一 2日")]),
    "added": (["一 1日"], ["零 0日", "一 1日"], [("", "零 0日"), ("一 1日", "一 1日")], None),
    "removed": (["一 1日", "二 2日"], ["二 2日"], [("一 1日", ""), ("二 2日", "二 2日")], None),
    "form": (["（一） 1日"], ["(一) 1日"], [("（一） 1日", "(一) 1日")], None),
    "twice": (["一 1日", "一 2日"], ["一 1日"], [("一 1日", "一 1日"), ("一 2日", "")], None),
    "moved": (
        ["一 1日", "二 2日", "三 3日"],
        ["三 3日", "一 1日", "二 2日"],
        [("三 3日", "三 3日"), ("一 1日", "一 1日"), ("二 2日", "二 2日")],
        [("", "三 3日"), ("一 1日", "一 1日"), ("二 2日", "二 2日"), ("三 3日", "")],
    ),
}


@pytest.mark.parametrize(("old", "new", "expected", "unmoved"), ROWS.values(), ids=ROWS)
def test_paired_rows(
    old: list[str], new: list[str], expected: list[tuple[str, str]], unmoved: list[tuple[str, str]] | None
) -> None:
    """Rows pair by their first cell, in the new order; without moves both orders can be read off."""
    sides = [HEAD, *(tuple(row.split()) for row in old)], [HEAD, *(tuple(row.split()) for row in new)]
    heads = [(" ".join(HEAD), " ".join(HEAD))]
    found, plain = paired_rows(*sides), paired_rows(*sides, moves=False)
    assert heads + expected == [(" ".join(left or ()), " ".join(right or ())) for left, right in found]
    assert heads + (unmoved or expected) == [
        (" ".join(left or ()), " ".join(right or ())) for left, right in plain
    ]


def test_no_rows() -> None:
    """A table without rows has no pairs."""
    assert [] == paired_rows((), ())


WORDS = st.sampled_from(
    [f"{name}={text}" for name in "abcde" for text in "12"] + ["p:x", "p:yy", "t:x", "t:z"]
)
TEXTS = st.lists(WORDS, max_size=14).map(" ".join).map(blocks)


@given(TEXTS, TEXTS)
def test_every_block_is_in_one_pair(old: list[Block], new: list[Block]) -> None:
    """The new blocks stand in their order, each once; the old ones each once."""
    pairs = aligned(old, new)
    assert new == [pair.new for pair in pairs if pair.new]
    assert sorted(map(str, old)) == sorted(str(pair.old) for pair in pairs if pair.old)


@given(TEXTS, TEXTS)
def test_without_moves_both_texts_can_be_read_off(old: list[Block], new: list[Block]) -> None:
    """Without moves both sides stand in their own order, and the same blocks stay in the other direction."""
    pairs = aligned(old, new, moves=False)
    assert (old, new) == ([pair.old for pair in pairs if pair.old], [pair.new for pair in pairs if pair.new])
    assert not any(pair.moved for pair in pairs)


@given(TEXTS)
def test_a_text_beside_itself(text: list[Block]) -> None:
    """Nothing has changed or moved in a text beside itself."""
    assert [Pair(block, block) for block in text] == aligned(text, text)


@given(TEXTS, TEXTS)
def test_what_stays_in_order_has_not_moved(old: list[Block], new: list[Block]) -> None:
    """Only blocks out of order are moved: those that are not stand in the old order."""
    stayed = [id(pair.old) for pair in aligned(old, new) if pair.old and pair.new and not pair.moved]
    assert stayed == [id(block) for block in old if id(block) in set(stayed)]
