"""Changed wording: clauses added, removed, moved, renumbered and reworded, whatever the values do."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pledge.alignment import aligned
from pledge.article import page_source
from pledge.change import Finding, change_rules
from pledge.company import read_company
from pledge.page import AUDIENCES
from pledge.redline import only_form
from pledge.transcript import SIGNATURE, SUMMARY, clauses, spoken

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pledge.compare.side import Side
    from pledge.page import Page
    from pledge.read import Place
    from pledge.transcript import Block

# What attribute lists say beyond ids, notice marks and the numbering, which are compared by themselves.
_ATTRIBUTES = re.compile(r"(?<!\{)\{(?![{%]):?([^{}]*)\}(?!\})")
_KNOWN = re.compile(r"#\S+|\.notice(?!\S)|\.numbering-\S+")
_PLACED = {"clause-moved", "clause-renumbered"}


@dataclass(frozen=True, slots=True)
class Wording:
    """A clause of one side: its number, whether it is marked, its wording without values, its parent."""

    number: str
    notice: bool
    wording: str
    parent: str = ""


def findings(old: Side, new: Side) -> Iterator[Finding]:
    """Yield a finding for each variant and clause whose wording, place, mark or audience changed."""
    both = [name for name in new.pages if name in old.pages]
    for name in both:
        yield from _front(old, new, name)
    changed = [name for name in both if page_source(old.pages[name]) != page_source(new.pages[name])]
    if not changed:
        return
    shaped = _shaped(old, new)
    for name in changed:
        was, now = _marks(old.pages[name]), _marks(new.pages[name])
        if was != now:
            yield _finding(old, new, name, "marks-changed", (was, now))
        if name in new.articles and name in shaped:
            yield from _variant(old, new, name, shaped[name])
        else:
            yield _finding(old, new, name, "unreadable-before", ("（读不出）", ""))


def _marks(page: Page) -> str:
    lists = (match[1] for line in page.lines for match in _ATTRIBUTES.finditer(line.text))
    found = (" ".join(_KNOWN.sub("", text).split()) for text in lists)
    return "；".join(filter(None, found))


def _shaped(old: Side, new: Side) -> dict[str, list[Block]]:
    """Return the old pages filled with the new values, so that only the wording differs from the new ones.

    Where the old pages need a value that is gone, the old values are taken.
    """
    path = new.project.root / "variables" / f"{new.company.id}.yml"
    crossed = read_company(path, new.project.root, old.project.catalogue)
    return {**old.articles, **dict(old.written(crossed))}


def _front(old: Side, new: Side, name: str) -> Iterator[Finding]:
    before, after = old.pages[name], new.pages[name]
    if before.title != after.title or before.meta.get("number") != after.meta.get("number"):
        yield _finding(old, new, name, "variant-renamed", (_named(before), _named(after)))
    if before.audience != after.audience:
        was, now = (AUDIENCES.get(page.audience, page.audience) for page in (before, after))
        yield _finding(old, new, name, "audience-changed", (was, now))


def _named(page: Page) -> str:
    return f"{page.meta.get('number', '')}. {page.title}"


def _variant(old: Side, new: Side, name: str, shaped: list[Block]) -> Iterator[Finding]:
    before, after = _wordings(shaped), _wordings(new.articles[name])
    was, now = _clauses(old.articles.get(name, shaped)), _clauses(new.articles[name])
    crossed = _clauses(shaped)
    pairs = aligned(shaped, new.articles[name])
    moved = {pair.new.id for pair in pairs if pair.moved and pair.new and pair.new.is_clause}
    renamed = _renamed(before, after)
    for key in dict.fromkeys([*after, *before]):
        if key in renamed.values():
            continue
        source = renamed.get(key, key)
        rules = list(_rules(before.get(source), after.get(key), moved=key in moved))
        if source in before and key in after and _rehomed(before[source], after[key], renamed):
            rules = [*(rule for rule in rules if rule not in _PLACED), "clause-rehomed"]
        if source != key:
            yield _finding(old, new, name, "id-changed", (source, key), (source, key))
        for rule in rules:
            texts = (_told(was.get(source) or crossed.get(source, [])), _told(now.get(key, [])))
            yield _finding(old, new, name, rule, texts, (source, key))


def _clauses(blocks: list[Block]) -> dict[str, list[Block]]:
    """Return the blocks of each clause by id; the signature and what follows it belong to the whole page."""
    end = next((at for at, block in enumerate(blocks) if block.wording == SIGNATURE), len(blocks))
    found = clauses(blocks[:end])
    return {**found, "": [*found[""], *blocks[end:]]}


def _wordings(blocks: list[Block]) -> dict[str, Wording]:
    parents = _parents(blocks)
    return {
        key: Wording(
            parts[0].number,
            parts[0].notice,
            "\n".join(part.wording for part in parts),
            parents.get(key, ""),
        )
        for key, parts in _clauses(blocks).items()
        if parts
    }


def _parents(blocks: list[Block]) -> dict[str, str]:
    """Return the clause that each clause stands in, by id."""
    open_at: dict[int, str] = {}
    found = {}
    for block in (block for block in blocks if block.is_clause):
        open_at = {level: name for level, name in open_at.items() if level < block.level}
        found[block.id] = open_at[max(open_at)] if open_at else ""
        open_at[block.level] = block.id
    return found


def _rehomed(old: Wording, new: Wording, renamed: dict[str, str]) -> bool:
    return old.parent != renamed.get(new.parent, new.parent)


def _renamed(before: dict[str, Wording], after: dict[str, Wording]) -> dict[str, str]:
    """Return the old id of each clause that stands under another id with the very same wording."""
    gone = {entry.wording: key for key, entry in before.items() if key not in after}
    fresh = ((key, gone.get(entry.wording)) for key, entry in after.items() if key not in before)
    return {key: source for key, source in fresh if source is not None}


def _rules(old: Wording | None, new: Wording | None, *, moved: bool) -> Iterator[str]:
    if old is None or new is None:
        yield "clause-added" if old is None else "clause-removed"
        return
    if old.notice != new.notice:
        yield "notice-added" if new.notice else "notice-removed"
    if old.wording != new.wording:
        yield "clause-form" if only_form(old.wording, new.wording) else "clause-reworded"
    elif moved:
        yield "clause-moved"
    elif old.number != new.number:
        yield "clause-renumbered"


def _told(blocks: list[Block]) -> str:
    return "\n".join(spoken(block) for block in blocks if block.wording not in {SUMMARY, SIGNATURE})


def _finding(  # noqa: PLR0913, PLR0917  both sides of one clause
    old: Side, new: Side, name: str, rule: str, texts: tuple[str, str], ids: tuple[str, str] = ("", "")
) -> Finding:
    gone = rule == "clause-removed"
    source, clause = ids
    at = (old if gone else new).at(name, clause)
    title = (old if gone else new).pages[name].title
    return Finding(
        company=new.company.id,
        subject=f"{name}#{clause}" if clause else f"guarantees/{name}",
        label=f"《{title}》{at.number}".strip(),
        before=texts[0],
        after=texts[1],
        verdict=change_rules()[rule].verdict,
        rule=rule,
        old=_place(old.pages[name], source) if rule != "clause-added" else None,
        new=None if gone else _place(new.pages[name], clause),
        spoken=(at,),
    )


def _place(page: Page, clause: str) -> Place:
    return next((found.place for found in page.clauses if clause and found.id == clause), page.start)
