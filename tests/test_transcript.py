"""The fixed Markdown of a released text: what is written is read back, and reads as a customer reads it."""

from __future__ import annotations

import datetime
from dataclasses import replace
from pathlib import Path

import pytest
from alone import article, soup, visible
from hypothesis import given
from hypothesis import strategies as st

from pledge import project as project_module
from pledge.article import Writer
from pledge.render import Filling
from pledge.transcript import (
    HEADING,
    ITEM,
    PARAGRAPH,
    TABLE,
    TITLE,
    Block,
    clauses,
    full_numbers,
    parsed,
    spoken,
    written,
)

ROOT = Path(__file__).parents[1]
TODAY = datetime.date(2026, 11, 22)
PROJECT = project_module.load(ROOT)

SMALL = [
    Block(TITLE, "客户售后服务承诺保障书"),
    Block(PARAGRAPH, "-5℃以下 1.5倍 *不* 适用"),
    Block(HEADING, "退货", "return", "第一条", 1),
    Block(ITEM, "您可以在 7日 内退货|换货。", "window", "1.1", 2, notice=True),
    Block(ITEM, "商品完好；", "whole", "(1)", 3),
    Block(TABLE, "期限_表", rows=(("商品", "期限"), ("冰箱|柜", ""))),
]
SMALL_TEXT = """# 客户售后服务承诺保障书

\\-5℃以下 1.5倍 \\*不\\* 适用

## {: #return } **第一条** 退货

- {: #window .notice } **1.1** 您可以在 7日 内退货\\|换货。
    - {: #whole } **(1)** 商品完好；

表：期限\\_表

| 商品 | 期限 |
| --- | --- |
| 冰箱\\|柜 |  |
"""


def _line(least: int = 1) -> st.SearchStrategy[str]:
    return (
        st.text(min_size=least, max_size=30)
        .map(lambda text: " ".join(text.split()))
        .filter(lambda text: len(text) >= least)
    )


@st.composite
def _blocks(draw: st.DrawFn) -> list[Block]:
    """Return any blocks that a page can give: levels rise by one, and text stands on one line."""
    found = [Block(TITLE, draw(_line()))]
    depth = level = 0
    for kind in draw(st.lists(st.sampled_from([HEADING, ITEM, PARAGRAPH, TABLE]), max_size=12)):
        if kind == HEADING:
            depth = level = draw(st.integers(1, min(depth + 1, 4)))
        elif kind == ITEM and depth:
            level = draw(st.integers(depth + 1, max(level, depth) + 1))
        if kind == PARAGRAPH or (kind == ITEM and not depth):
            found.append(Block(PARAGRAPH, draw(_line())))
        elif kind == TABLE:
            width = draw(st.integers(1, 3))
            row = st.tuples(*[_line(0)] * width)
            found.append(Block(TABLE, draw(_line()), rows=tuple(draw(st.lists(row, min_size=1, max_size=4)))))
        else:
            number = draw(st.sampled_from(["", "1.", "第一条", "一、", "(1)", "①"]))
            name = draw(st.sampled_from(["", "a", "return-window"]))
            found.append(Block(kind, draw(_line()), name, number, level, draw(st.booleans())))
    return found


def test_the_form_is_fixed() -> None:
    """Headings, paragraphs, lists and tables, with ids, numbers and marks, exactly so for ever."""
    assert SMALL_TEXT == written(SMALL)


def test_what_is_written_is_read_back() -> None:
    """The small example comes back block for block."""
    assert SMALL == parsed(SMALL_TEXT)


@given(_blocks())
def test_any_text_is_read_back(blocks: list[Block]) -> None:
    """Whatever the company wrote into its values, the blocks come back as they were."""
    assert blocks == parsed(written(blocks))


@given(st.text(max_size=300))
def test_any_file_can_be_read(text: str) -> None:
    """A file that was tampered with is read as some blocks, never as an error."""
    assert all(block.kind in {TITLE, HEADING, ITEM, PARAGRAPH, TABLE} for block in parsed(text))


@pytest.mark.parametrize("company", ["appliances", "it-services", "online-shop", "appliances-east"])
def test_every_variant_is_read_back(company: str) -> None:
    """The texts of the sample companies come back without a loss."""
    writer = Writer(Filling(PROJECT, PROJECT.company(company), TODAY))
    for page in PROJECT.published(writer.filling.company):
        blocks = [replace(block, wording="") for block in writer.article(page)]
        assert blocks == parsed(written(blocks))


@pytest.mark.parametrize("variant", PROJECT.pages)
def test_the_text_is_what_the_page_shows(variant: str) -> None:
    """The blocks of a variant say, word for word, what a reader of the page sees."""
    filling = Filling(PROJECT, PROJECT.company("appliances"), TODAY)
    page = visible(soup(article(filling, variant)))
    blocks = Writer(filling).article(PROJECT.pages[variant])
    said = "".join(
        "".join([block.number, "提示" if block.notice else "", block.text, *map("".join, block.rows)])
        for block in blocks
    )
    assert "".join(page.split()) == "".join(said.split())


def test_wording_stays_when_values_change() -> None:
    """What a clause says without its values and numbers is the same for every company."""
    wordings = []
    for name in ("appliances", "online-shop"):
        filling = Filling(PROJECT, PROJECT.company(name), TODAY)
        blocks = Writer(filling).article(PROJECT.pages["warranty"])
        wordings.append({block.id: block.wording for block in blocks if block.id == "repair-limit"})
    assert wordings[0] == wordings[1]
    assert "{{ warranty.repair_limit }}" in wordings[0]["repair-limit"]


def test_references_are_names_in_the_wording() -> None:
    """A sentence that cites a clause keeps its wording when that clause gets another number."""
    filling = Filling(PROJECT, PROJECT.company("appliances"), TODAY)
    blocks = Writer(filling).article(PROJECT.pages["warranty"])
    cited = next(block for block in blocks if block.id == "exchange-late")
    assert "[](#repair-limit)" in cited.wording
    assert "第6.2款" in cited.text


def test_clauses_hold_what_belongs_to_them() -> None:
    """A table or paragraph belongs to the clause before it; what comes first belongs to none."""
    assert {"": 2, "return": 1, "window": 1, "whole": 2} == {
        key: len(found) for key, found in clauses(SMALL).items()
    }


def test_numbers_stand_alone() -> None:
    """An item that only says (1) is named by its parent as well."""
    assert {"return": "第一条", "window": "1.1", "whole": "1.1(1)"} == full_numbers(SMALL)


def test_a_block_is_spoken_in_one_line() -> None:
    """Number, mark and text follow each other as on the page; cells are divided by a line."""
    assert ["1.1 提示 您可以在 7日 内退货|换货。", "期限_表\n商品｜期限\n冰箱|柜｜"] == [
        spoken(SMALL[3]),
        spoken(SMALL[5]),
    ]
