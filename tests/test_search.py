"""The search index: each clause is an entry, and what customers say stands where nobody sees it."""

from __future__ import annotations

import datetime
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from building import COMPANIES, page

from pledge import project as project_module
from pledge.render import Filling
from pledge.search import FIELD, FILE, indexed, joined

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parents[1]
PROJECT = project_module.load(ROOT)


def entries(site: Path) -> list[dict[str, Any]]:
    """Return the entries of a site's search index."""
    found: list[dict[str, Any]] = json.loads((site / FILE).read_text(encoding="utf-8"))["docs"]
    return found


@pytest.mark.parametrize("company", COMPANIES)
def test_every_entry_leads_to_a_place(sites: dict[str, Path], company: str) -> None:
    """Each entry of a guarantee has an id that stands on its page, each once."""
    found = [entry["location"] for entry in entries(sites[company])]
    assert len(set(found)) == len(found)
    for location in found:
        path, _, clause = location.partition("#")
        assert not clause or page(sites[company], path).find(id=clause), location


def test_what_customers_say_is_nowhere_to_be_read(sites: dict[str, Path]) -> None:
    """Titles and texts of the entries hold the words of the page alone."""
    for entry in entries(sites["appliances"]):
        path, _, clause = entry["location"].partition("#")
        if path.startswith("guarantees/") and clause:
            written = "".join(page(sites["appliances"], path).get_text().split())
            shown = entry["text"].replace("\u200b", "").replace("<p>", "\n").replace("</p>", "\n")
            for line in filter(None, shown.split("\n")):
                assert all("".join(part.split()) in written for part in line.split(" ")), entry["location"]


def test_the_summary_is_no_result(sites: dict[str, Path]) -> None:
    """A guarantee as a whole has no text of its own, and comes after each of its clauses."""
    found = {entry["location"]: entry for entry in entries(sites["appliances"])}
    whole, clause = found["guarantees/warranty/"], found["guarantees/warranty/#repair-free"]
    assert "" == whole["text"]
    assert whole["boost"] < clause["boost"]


def test_what_is_said_does_not_depend_on_values(sites: dict[str, Path]) -> None:
    """Two companies with other values have the same sayings at the same clauses."""

    def said(company: str) -> dict[str, str]:
        return {entry["location"]: entry[FIELD] for entry in entries(sites[company]) if FIELD in entry}

    ours, theirs = said("appliances"), said("appliances-east")
    shared = ours.keys() & theirs.keys()
    assert len(shared) > 20
    assert {way: ours[way] for way in shared} == {way: theirs[way] for way in shared}


def test_the_index_is_the_same_each_time(sites: dict[str, Path]) -> None:
    """The same guarantee and the same index of Material give the same bytes, and do not grow."""
    text = (sites["it-services"] / FILE).read_text(encoding="utf-8")
    filling = Filling(PROJECT, PROJECT.company("it-services"), datetime.date(2026, 11, 27))
    assert indexed(text, filling) == indexed(text, filling) == text


def _words() -> Iterator[tuple[str, str]]:
    for entry in PROJECT.catalogue.synonyms:
        yield from ((say, word) for say in entry.say for word in entry.means)


def test_every_saying_reaches_an_entry(sites: dict[str, Path]) -> None:
    """Each saying of the list stands in the index of a company that publishes all seven."""
    said = {word for entry in entries(sites["appliances"]) for word in entry.get(FIELD, "").split()}
    assert {say for say, _ in _words()} == said


@pytest.mark.parametrize(
    ("cut", "whole"),
    [
        ("修\u200b好", "修好"),
        ("备用\u200b机", "备用机"),
        ("我\u200b方\u200b自\u200b收到", "我方自\u200b收到"),
        ("承担\u200b的\u200b运费", "承担的\u200b运费"),
        ("运费\u200b谁出", "运费\u200b谁出"),
        ("7\u200b日\u200b内", "7\u200b日内"),
    ],
)
def test_a_lone_character_joins_the_word_before(cut: str, whole: str) -> None:
    """A word of one character stands by itself only where no word is before it."""
    assert whole == joined(cut)
