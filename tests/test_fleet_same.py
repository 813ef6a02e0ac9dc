"""A site filled afterwards is the site that MkDocs builds for that company alone, byte for byte."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import urljoin

import pytest
from building import COMPANIES, mkdocs
from crowds import crowd, files, inline, shared
from hypothesis import given
from hypothesis import strategies as st

from pledge.company import paths, today
from pledge.edition import home
from pledge.fleet.building import Order, build
from pledge.fleet.slots import ADDRESS, CLOSE, OPEN, pieces, slot, without_macros
from pledge.search import cut

if TYPE_CHECKING:
    from pathlib import Path

FEW, MANY = 4, 200


def compared(tmp_path: Path, count: int) -> dict[str, dict[str, tuple[bytes | None, bytes | None]]]:
    """Build *count* generated companies and the samples both ways; return what differs by company."""
    root = shared(crowd(tmp_path / "project", count, 7, today()))
    made = build(Order(root, tmp_path / "sites", list(paths(root)), today(), whole=True, spread=inline))
    assert ([], [], True) == (made.problems, made.failures, made.placed)
    differing = {}
    for company in paths(root):
        done = mkdocs(root, "build", "-q", "-d", str(tmp_path / "alone" / company), company=company)
        assert 0 == done.returncode, done.stderr
        alone, filled = files(tmp_path / "alone" / company), files(tmp_path / "sites" / company)
        names = sorted(alone.keys() | filled.keys())
        found = {name: (alone.get(name), filled.get(name)) for name in names}
        differing[company] = {name: pair for name, pair in found.items() if pair[0] != pair[1]}
    return differing


def test_filled_sites_are_those_that_mkdocs_builds(tmp_path: Path) -> None:
    """Samples with editions, a coming edition and a base, and hostile companies of several shapes."""
    found = compared(tmp_path, FEW)
    assert {*COMPANIES} < found.keys()
    assert {} == {company: list(names) for company, names in found.items() if names}


@pytest.mark.more
def test_two_hundred_filled_sites(tmp_path: Path) -> None:
    """The same over many companies."""
    found = compared(tmp_path, MANY)
    assert MANY + len(COMPANIES) == len(found)
    assert {} == {company: list(names) for company, names in found.items() if names}


def test_the_project_itself_shares_no_assets(sites: dict[str, Path], tmp_path: Path) -> None:
    """A site of its own has the files of the theme; one that shares them differs in the way to them alone."""
    root = shared(crowd(tmp_path / "project", 0, 7, today()))
    mkdocs(root, "build", "-q", "-d", str(tmp_path / "alone"), company="it-services")
    whole, borrowed = files(sites["it-services"]), files(tmp_path / "alone")
    kept = {name for name in whole if not name.startswith("assets/")}
    assert kept == borrowed.keys()
    for name in kept:
        if name.endswith(".html"):
            policy = re.compile(rb"sha256-[^']+")
            before, after = policy.sub(b"", whole[name]), policy.sub(b"", borrowed[name])
            assert before == re.sub(rb'(")((?:[^"<>:]*/)?)\.\./assets/', rb"\1\2assets/", after)


WEBSITES = st.from_regex(
    r"\Ahttps?://[a-z0-9]{1,5}\.cn(:[0-9]{2,4})?([/?#][A-Za-z0-9._~:/?#!$&()*+,;=%-]*)?\Z"
)


@given(WEBSITES, st.sampled_from(["./", "guarantees/charter/", "changes/"]))
def test_the_address_of_a_page_is_that_of_the_site_and_the_rest(website: str, page: str) -> None:
    """What MkDocs makes of the address of a page, with the site's in a slot, is filled to the same."""
    site = home(website)
    [before, after] = pieces(urljoin(ADDRESS, page))
    assert urljoin(site, page) == before.text + site + after.text


def test_slots_are_taken_apart() -> None:
    """Text, slots in text, in a block of their own, in an address, and in the JSON of a script."""
    page = f'a{slot("blank", "x.y")}b<div>{slot("macro", "m")}</div>"{ADDRESS}c" "/{slot("path")}/d"'
    page += f'"/\\ue010path\\ue011/"<script src="/{slot("path")}/e"'
    assert [
        ("a", "blank", "x.y"),
        ("b", "macro", "m"),
        ('"', "site", ""),
        ('c" "', "path", ""),
        ('d""', "json-path", ""),
        ('"<script src="', "html-path", ""),
        ('e"', "", ""),
    ] == [tuple(piece) for piece in pieces(page)]
    assert "<p>a</p>" == without_macros(f"<p>a</p> {OPEN}macro:m{CLOSE}")
    kept = f"<p>a {OPEN}blank:contact.hotline{CLOSE}</p>"
    assert kept == without_macros(kept)


@pytest.mark.parametrize("value", ["36小时", "小时", "3个工作日", "内", "不", "A", "6", "<b>", "3 日内"])
def test_words_around_a_value_never_depend_on_it(value: str) -> None:
    """A word ends at the edges of a value, in the text of the search."""
    text = f"我方在{value}内完成首次联系，逾期的赔偿。"
    start = text.index(value, 3)
    found = cut(text, ((start, start + len(value)),))
    assert text == found.replace("\u200b", "").replace("&lt;", "<").replace("&gt;", ">")
    assert found.startswith(("我方\u200b在", "我方在"))
    assert found.endswith("完成\u200b首次\u200b联系\u200b，\u200b逾期的\u200b赔偿\u200b。")
