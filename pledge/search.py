"""The search index of a site: an entry for each clause, with what customers call the thing it promises.

Material's search takes a section for the smallest thing to be found, and finds only the words it holds. Here
each clause is an entry of its own, and a field that the list of results never shows holds the words of
`catalogue/search.yml`. Which clause gets them depends on the wording alone, never on a company's values.
"""

from __future__ import annotations

import json
import re
from html import escape
from itertools import takewhile
from typing import TYPE_CHECKING, Any

import jieba

from pledge.article import Writer
from pledge.page import worded
from pledge.transcript import HEADING, SIGNATURE, TABLE, clauses, full_numbers

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pledge.entries import Synonym
    from pledge.page import Page
    from pledge.render import Filling
    from pledge.transcript import Block

FILE = "search/search_index.json"
FIELD = "say"
BOOST = 1000
"""A word of the list counts as much as one in a title, which Material gives 1000."""
_WEIGHTS = {"consumer": 4, "both": 2, "business": 1}
"""Those who search in plain words are consumers, so what is said to them comes first."""
_BESIDE = 1
"""Pages beside the guarantees lead by their names, and stand back where a clause says the same."""
_WHOLE = 0.1
"""A guarantee as a whole comes after its clauses, which Material would otherwise put below it."""
_REPEATED = {"glance", "one_page"}
"""Macros of pages that say again what clauses say; such pages are found by their headings."""
_HAN = re.compile("[\u3007\u3400-\u4dbf\u4e00-\u9fff]+")
_GAP = "\u200b"
_LONE = re.compile(f"(?<={_HAN.pattern[:-1]}){_GAP}({_HAN.pattern[:-1]})(?!{_HAN.pattern[:-1]})")


def indexed(index: str, filling: Filling) -> str:
    """Return *index*, the JSON that Material's search plugin wrote, with the clauses of *filling*."""
    data = json.loads(index)
    writer = Writer(filling)
    written = {f"guarantees/{page.name}/": page for page in filling.project.published(filling.company)}
    repeated = {_address(page) for page in filling.project.site_pages if _repeats(page)}
    kept: list[dict[str, Any]] = []
    for entry in data["docs"]:
        page, _, clause = str(entry["location"]).partition("#")
        if page not in written:
            kept.append(_beside(entry, repeats=page in repeated))
        elif not clause:
            kept += _page(entry, written[page], writer.article(written[page]), filling)
    data["docs"] = kept
    data["config"]["fields"][FIELD] = {"boost": float(BOOST)}
    return json.dumps(data, separators=(",", ":"))


def _address(page: Page) -> str:
    return "" if page.name == "index" else f"{page.name}/"


def _repeats(page: Page) -> bool:
    return any(call.name in _REPEATED for call in page.calls)


def _beside(entry: dict[str, Any], *, repeats: bool) -> dict[str, Any]:
    text = "" if repeats else joined(entry["text"])
    return {**entry, "title": joined(entry["title"]), "text": text, "boost": _BESIDE}


def _page(
    entry: dict[str, Any], page: Page, blocks: list[Block], filling: Filling
) -> Iterator[dict[str, Any]]:
    """Yield the entry of a guarantee, without the summary that says its clauses again, and its clauses."""
    weight = _WEIGHTS[page.audience]
    yield {**entry, "title": joined(entry["title"]), "text": "", "boost": weight * _WHOLE}
    synonyms = filling.project.catalogue.synonyms
    for clause, title, found in _clauses(blocks):
        shown = {
            "location": f"{entry['location']}#{clause}",
            "title": cut(escape(title, quote=False)),
            "text": "".join(map(_text, found)),
            "boost": weight,
        }
        said = spoken(found, synonyms)
        yield {**shown, FIELD: " ".join(said)} if said else shown


def _clauses(blocks: list[Block]) -> Iterable[tuple[str, str, list[Block]]]:
    """Return each heading and each item right below one: its id, what it is found as, and what it says."""
    numbers = full_numbers(blocks)
    section, depth = "", 0
    made: dict[str, tuple[str, list[Block]]] = {}
    for clause, found in clauses(takewhile(lambda block: block.wording != SIGNATURE, blocks)).items():
        first = found[0]
        if first.kind == HEADING:
            section, depth = first.text, first.level
            made[clause] = f"{numbers[clause]} {section}", found[1:]
        elif first.level == depth + 1:
            made[clause] = f"{numbers[clause]} {section}", found
        elif made:
            made[next(reversed(made))][1].extend(found)
    return ((clause, *shown) for clause, shown in made.items())


def _text(block: Block) -> str:
    """Return a block as the list of results shows it: a paragraph, or one for each row of a table."""
    lines = [" ".join(row) for row in block.rows] if block.kind == TABLE else [block.text]
    return "".join(f"<p>{cut(escape(line, quote=False))}</p>" for line in lines if line)


def spoken(blocks: Iterable[Block], synonyms: Iterable[Synonym]) -> list[str]:
    """Return what customers say for what the wording of *blocks* promises, in the order of the list."""
    wording = "".join(worded(block.wording) for block in blocks)
    found = (synonym.say for synonym in synonyms if any(word in wording for word in synonym.means))
    return list(dict.fromkeys(word for words in found for word in words))


def cut(text: str) -> str:
    """Return *text* with a zero-width space around each Chinese word, where Material looks for words."""
    return joined(_HAN.sub(lambda match: _GAP + _GAP.join(jieba.cut(match[0])) + _GAP, text).strip(_GAP))


def joined(text: str) -> str:
    """Return cut *text* with each word of one character joined to the word before it.

    Material cuts a query into the longest words of the index without looking at its last character, and
    takes each for a beginning: with 修 in the index, 修改 would look for every word that begins with 修.
    The word before is still found, for it is the beginning of what is joined.
    """
    return _LONE.sub(r"\1", text)
