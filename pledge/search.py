"""The search index of a site: an entry for each clause, with what customers call the thing it promises.

Material's search takes a section for the smallest thing to be found, and finds only the words it holds. Here
each clause is an entry of its own, and a field that the list of results never shows holds the words of
`catalogue/search.yml`. Which clause gets them depends on the wording alone, never on a company's values.
"""

from __future__ import annotations

import itertools
import json
import re
from functools import lru_cache
from html import escape
from itertools import takewhile
from typing import TYPE_CHECKING, Any, NamedTuple

import orjson
import rjieba

from pledge.article import writer
from pledge.page import worded
from pledge.skeleton import Gapped
from pledge.transcript import HEADING, SIGNATURE, TABLE, Block, clauses

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from pledge.entries import Synonym
    from pledge.page import Page
    from pledge.render import Filling
    from pledge.skeleton import Skeleton

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
_REPEATED = {"glance", "one_page", "statutory"}
"""Macros of pages that say again what clauses say; such pages are found by their headings."""
_HAN = re.compile("[\u3007\u3400-\u4dbf\u4e00-\u9fff]+")
_GAP = "\u200b"
_LONE = re.compile(f"(?<={_HAN.pattern[:-1]}){_GAP}({_HAN.pattern[:-1]})(?!{_HAN.pattern[:-1]})")


def indexed(index: str, filling: Filling) -> str:
    """Return *index*, the JSON that Material's search plugin wrote, with the clauses of *filling*."""
    return as_json(json.loads(index), filling)


def as_json(data: dict[str, Any], filling: Filling) -> str:
    """Return the index *data* as JSON, with the clauses of *filling* in place of the guarantees' entries."""
    config = data["config"]
    fields = {**config["fields"], FIELD: {"boost": float(BOOST)}}
    docs = list(entries(data["docs"], filling))
    finer = {**data, "config": {**config, "fields": fields}, "docs": docs}
    return orjson.dumps(finer).decode()


def entries(found: Iterable[dict[str, Any]], filling: Filling) -> Iterator[dict[str, Any]]:
    """Yield the entries of a finer index for those that Material *found*."""
    written = {f"guarantees/{page.name}/": page for page in filling.project.published(filling.company)}
    repeated = {_address(page) for page in filling.project.site_pages if _repeats(page)}
    for entry in found:
        page, _, clause = str(entry["location"]).partition("#")
        if page not in written:
            yield _beside(entry, repeats=page in repeated)
        elif not clause:
            yield from _page(entry, written[page], filling)


def _address(page: Page) -> str:
    return "" if page.name == "index" else f"{page.name}/"


def _repeats(page: Page) -> bool:
    return any(call.name in _REPEATED for call in page.calls)


def _beside(entry: dict[str, Any], *, repeats: bool) -> dict[str, Any]:
    text = "" if repeats else _cut_html(entry["text"])
    return {**entry, "title": _cut_html(entry["title"]), "text": text, "boost": _BESIDE}


def _page(entry: dict[str, Any], page: Page, filling: Filling) -> Iterator[dict[str, Any]]:
    """Yield the entry of a guarantee, without the summary that says its clauses again, and its clauses."""
    weight = _WEIGHTS[page.audience]
    yield {**entry, "title": _cut_html(entry["title"]), "text": "", "boost": weight * _WHOLE}
    spoken = _speech(tuple(filling.project.catalogue.synonyms))
    writing = writer(filling)

    def filled(blocks: Iterable[Block]) -> Iterator[Block]:
        return (made for block in blocks for made in writing.filled(block, page))

    for found, clause in _found(writing.skeleton(page), entry["location"], weight, spoken):
        shown = _shown(clause, filled([clause.heading]), filled(clause.blocks)) if clause.has_gaps else {}
        yield found | shown


class _Clause(NamedTuple):
    """A clause to be found: its number, the heading above it, what it says, and that without values."""

    id: str
    number: str
    heading: Block
    blocks: list[Block]
    has_gaps: bool

    @property
    def wording(self) -> str:
        return "".join(block.wording for block in self.blocks)


def _shown(clause: _Clause, heading: Iterable[Block], blocks: Iterable[Block]) -> dict[str, Any]:
    title = f"{clause.number} {''.join(block.text for block in heading)}"
    return {"title": cut(title), "text": "".join(map(_text, blocks))}


@lru_cache(maxsize=512)
def _found(
    skeleton: Skeleton, page: str, weight: int, spoken: Callable[[str], list[str]]
) -> list[tuple[dict[str, Any], _Clause]]:
    """Return the entry of each clause, the same for all companies where no value stands in it."""
    made = []
    for clause in _clauses(skeleton):
        shown = _shown(clause, [clause.heading], clause.blocks)
        entry = {"location": f"{page}#{clause.id}", **shown, "boost": weight}
        said = " ".join(spoken(clause.wording))
        made.append((entry | {FIELD: said} if said else entry, clause))
    return made


def _clauses(skeleton: Skeleton) -> Iterator[_Clause]:
    """Yield each heading and each item right below one."""
    heading = Block(HEADING, "")
    made: dict[str, tuple[Block, list[Block]]] = {}
    wanted = takewhile(lambda block: block.wording != SIGNATURE, skeleton.blocks)
    for clause, found in clauses(wanted).items():
        if not clause:
            continue
        if found[0].kind == HEADING:
            heading = found[0]
            made[clause] = heading, found[1:]
        elif found[0].level == heading.level + 1:
            made[clause] = heading, found
        elif made:
            made[next(reversed(made))][1].extend(found)
    for clause, (above, found) in made.items():
        has_gaps = any(isinstance(block, Gapped) for block in (above, *found))
        yield _Clause(clause, skeleton.numbers[clause], above, found, has_gaps)


def _text(block: Block) -> str:
    """Return a block as the list of results shows it: a paragraph, or one for each row of a table."""
    if block.kind == TABLE:
        return "".join(f"<p>{cut(' '.join(row))}</p>" for row in block.rows if any(row))
    return f"<p>{cut(block.text, block.values)}</p>" if block.text else ""


@lru_cache(maxsize=4)
def _speech(synonyms: tuple[Synonym, ...]) -> Callable[[str], list[str]]:
    """Return what tells what customers say for what a wording promises, in the order of *synonyms*."""

    @lru_cache(maxsize=1 << 12)
    def spoken(wording: str) -> list[str]:
        said = worded(wording)
        found = (synonym.say for synonym in synonyms if any(word in said for word in synonym.means))
        return list(dict.fromkeys(word for words in found for word in words))

    return spoken


@lru_cache(maxsize=1 << 14)
def cut(text: str, values: tuple[tuple[int, int], ...] = ()) -> str:
    """Return *text* as HTML, with zero-width spaces around Chinese words, between which Material looks.

    *values* are the places of the values in it: a word ends at their edges, so how the words around a value
    are cut never depends on what it is.
    """
    edges = [0, *itertools.chain.from_iterable(values), len(text)]
    runs = "".join(_words(text[start:end]) for start, end in itertools.pairwise(edges))
    return joined(runs.replace(_GAP * 2, _GAP).strip(_GAP))


@lru_cache(maxsize=1 << 14)
def _words(text: str) -> str:
    return _spaced(escape(text, quote=False))


@lru_cache(maxsize=1 << 10)
def _cut_html(html: str) -> str:
    """Return *html*, as Material found it, cut the same way."""
    return joined(_spaced(html.replace(_GAP, "")).strip(_GAP))


def _spaced(html: str) -> str:
    return _HAN.sub(lambda match: _GAP + _GAP.join(rjieba.cut(match[0])) + _GAP, html)


def joined(text: str) -> str:
    """Return cut *text* with each word of one character joined to the word before it.

    Material cuts a query into the longest words of the index without looking at its last character, and
    takes each for a beginning: with 修 in the index, 修改 would look for every word that begins with 修.
    The word before is still found, for it is the beginning of what is joined.
    """
    return _LONE.sub(r"\1", text)
