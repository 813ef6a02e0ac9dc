"""Words a guarantee must not use, wording against a blank's direction, and hidden exclusions."""

from __future__ import annotations

import html
import re
from functools import lru_cache
from typing import TYPE_CHECKING, TypeAlias

from pledge.read import Place

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from pledge.catalogue import Catalogue
    from pledge.company import Company
    from pledge.entries import Wording
    from pledge.page import Clause, Line, Page
    from pledge.problem import Problem
    from pledge.project import Project
    from pledge.typed import Value

    _Find: TypeAlias = Callable[[str], list[tuple[Wording, str]]]

_TAG = re.compile(r"\{\{\s*([a-z_]\w*\.[a-z_]\w*)\s*\}\}")
_MARKUP = re.compile(
    r"\{\{.*?\}\}|\{%.*?%\}|\{:[^}]*\}|\[([^\]]*)\]\([^)]*\)|^\s*(?:\d+\.|[-*+]|#+)\s+|\*+|`+"
)

# Direction to the words that deny it, before and after the blank.
AGAINST = {
    "lower": (re.compile(r"(不低于|不少于|不小于|至少|最少|最短)$"), re.compile(r"^(以上|或者更长|或更长)")),
    "higher": (
        re.compile(r"(不超过|不高于|不多于|最多|最长|至多)$"),
        re.compile(r"^(以内|以下|或者更短|或更短)"),
    ),
}
OTHER_WAY = {"lower": "不超过", "higher": "不低于"}

# What takes something from the customer; the law wants it prominent:
# 消费者权益保护法 第二十六条, 民法典 第四百九十六条.
EXCLUSION = re.compile(
    r"不属于|不适用|不承担|不负责|不予|不支持|不享受|不包括|不再承担|免除|除外|由您承担|由客户承担"
)
_SPARED = re.compile(
    r"不免除|除外情形|(?:您|客户|消费者)[^。；]{0,24}不(?:承担|负责)|不(?:因|得|用)[^。]*免除"
    r"|不影响[^。]*|不适用[^，。]*的商品[^。]*同样适用"
)


def page_problems(catalogue: Catalogue, page: Page) -> Iterator[Problem]:
    """Yield what is wrong with the words of *page*: its title, its summary and its clauses."""
    find = _finder(tuple(catalogue.wording))
    for line in page.lines:
        yield from _bad_words(find, _plain(line.text), line.place, page.audience)
        yield from _directions(catalogue, line)
    for key in ("title", "form", "summary"):
        place = page.meta_places.get(key)
        if place:
            yield from _bad_words(find, str(page.meta.get(key, "")), place, page.audience)
    for clause in page.clauses:
        yield from _exclusion(clause)


def _plain(text: str) -> str:
    """Return a line as the customer reads it: without tags, links and emphasis, entities resolved."""
    return html.unescape(_MARKUP.sub(lambda match: match[1] or "", text))


def value_problems(project: Project, company: Company) -> Iterator[Problem]:
    """Yield the words in *company*'s own values that a guarantee must not use."""
    audiences = {page.audience for page in project.published(company)}
    audience = "business" if audiences == {"business"} else "both"
    find = _finder(tuple(project.catalogue.wording))
    for name in sorted(company.values):
        for text, place in _texts(company.values[name]):
            yield from _bad_words(find, text, place, audience)


def _texts(value: Value) -> Iterator[tuple[str, Place]]:
    if value.blank.kind == "text":
        yield value.text, value.place
    elif value.blank.kind == "list":
        for item in value.data:
            yield item, value.place
    elif value.blank.kind == "table":
        for row in value.data:
            for cell in row.values():
                yield from _texts(cell)


def _bad_words(find: _Find, text: str, place: Place, audience: str) -> Iterator[Problem]:
    for entry, word in find(text):
        if entry.audience != "consumer" or audience != "business":
            yield _bad_word(entry, word, place)


@lru_cache(maxsize=4)
def _finder(entries: tuple[Wording, ...]) -> _Find:
    """Return what finds the words of *entries* in a text; many companies say the same."""

    @lru_cache(maxsize=1 << 14)
    def find(text: str) -> list[tuple[Wording, str]]:
        return [(entry, match[0]) for entry in entries for match in entry.found(text)]

    return find


def _bad_word(entry: Wording, word: str, place: Place) -> Problem:
    rule, level = ("vague-wording", "warning") if entry.level == "warning" else ("void-wording", "error")
    message = f"“{word}”不能这样写（{entry.basis}）；{entry.instead}"
    return place.problem(message, rule, level)


def _directions(catalogue: Catalogue, line: Line) -> Iterator[Problem]:
    for match in _TAG.finditer(line.text):
        blank = catalogue.blanks.get(match[1])
        if blank is None or blank.better not in AGAINST:
            continue
        before, after = AGAINST[blank.better]
        around = line.text[: match.start()].rstrip(" *"), line.text[match.end() :].lstrip(" *")
        wrong = before.search(around[0]) or after.search(around[1])
        if wrong:
            place = Place(line.place.path, line.place.line, match.start() + 1)
            better = "越小" if blank.better == "lower" else "越大"
            message = (
                f"“{wrong[0]}”与“{blank.label}”的方向相反：它{better}对客户越有利；"
                f"改为“{OTHER_WAY[blank.better]}”"
            )
            yield place.problem(message, "wording-direction")


def _exclusion(clause: Clause) -> Iterator[Problem]:
    if clause.notice or clause.heading:
        return
    for line in clause.lines:
        text = _SPARED.sub("", _plain(line.text))
        found = EXCLUSION.search(text)
        if found:
            message = (
                f"这一款限制或者排除客户的权利（“{found[0]}”），却没有醒目标出；"
                "在标识后加 .notice，如“{: #out-of-warranty .notice }”"
            )
            yield clause.place.problem(message, "exclusion-without-notice")
            return
