"""The permanent pages of released texts, and of variants no longer published, without a site around them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from html import escape
from typing import TYPE_CHECKING, Any

import jinja2
from markupsafe import Markup

from pledge import transcript
from pledge.clauses import NOTICE
from pledge.edition import MARK, Withdrawn
from pledge.periods import periods
from pledge.printed import day
from pledge.read import read_text
from pledge.render import GUARANTEE
from pledge.transcript import HEADING, ITEM, TABLE, TITLE

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from pledge.edition import Edition
    from pledge.periods import Period
    from pledge.render import Filling
    from pledge.transcript import Block

_HEADING = re.compile(r"\n(?=#)")


@dataclass(frozen=True, slots=True)
class Sheet:
    """A page: its folder below the site, its template in overrides/, and what that shows, as raw text."""

    path: str
    template: str
    shown: dict[str, Any]


class Archive:
    """The released editions of a company as pages; the day of *filling* tells which are history."""

    def __init__(self, filling: Filling) -> None:
        self.project = filling.project
        self.company = filling.company
        self.today = filling.today
        self.periods = periods(filling.editions)
        self.texts = self._texts()

    def _texts(self) -> dict[str, list[Period]]:
        """Return the editions that published each variant, oldest first."""
        found: dict[str, list[Period]] = {}
        for period in self.periods:
            for variant in period.edition.texts:
                found.setdefault(variant, []).append(period)
        return found

    def sheets(self) -> Iterator[Sheet]:
        """Yield every page: the texts of all editions, a list for each edition, the withdrawn variants."""
        for period in self.periods:
            yield self._list(period)
            for variant in period.edition.texts:
                yield self._text(period, variant)
        for variant in self.texts:
            if variant not in self.company.publish:
                yield self._withdrawn(variant)

    def _about(self, period: Period) -> dict[str, Any]:
        edition = period.edition
        past = period.last is not None and period.last < self.today
        return {
            "number": edition.number,
            "name": edition.name,
            "note": edition.note,
            "words": period.words,
            "marker": "历史版本" if past else "版本存档",
            "sealed": edition.sealed,
        }

    def _list(self, period: Period) -> Sheet:
        texts = {name: text.title for name, text in period.edition.texts.items()}
        shown = {**self._about(period), "texts": texts, "current": "changes/"}
        return Sheet(f"editions/{period.edition.number}/", "editions/number.html", shown)

    def _text(self, period: Period, variant: str) -> Sheet:
        edition = period.edition
        released = edition.texts[variant]
        chain = self.texts[variant]
        place = chain.index(period)
        shown = {
            **self._about(period),
            "title": released.title,
            "cited": _cited(released.title),
            "variant": variant,
            "older": chain[place - 1].edition.number if place else "",
            "newer": chain[place + 1].edition.number if place + 1 < len(chain) else "",
            "published": variant in self.company.publish,
            "current": f"guarantees/{variant}/",
            "sha256": released.sha256,
            "short": released.sha256[:MARK],
            "body": Markup(_body(edition, variant)),  # noqa: S704  escaped block by block
        }
        return Sheet(f"editions/{edition.number}/{variant}/", "editions/text.html", shown)

    def _withdrawn(self, variant: str) -> Sheet:
        last = self.texts[variant][-1]
        entry = self._entry(last, variant)
        instead = entry.replaced_by if entry else ""
        shown = {
            "name": self.company.text("company.name"),
            "cited": _cited(last.edition.texts[variant].title),
            "variant": variant,
            "number": last.edition.number,
            "words": last.words,
            "since": day(last.next.effective) if last.next else "",
            "instead": _cited(self._title(instead)) if instead else "",
            "instead_url": f"guarantees/{instead}/" if self._has_page(instead) else "",
            "covered": entry.covered if entry else "",
            "current": f"guarantees/{variant}/",
        }
        return Sheet(f"guarantees/{variant}/", "editions/withdrawn.html", shown)

    def _entry(self, last: Period, variant: str) -> Withdrawn | None:
        """Return what is told of a variant that is gone: by the edition after *last*, else by the values."""
        if last.next:
            return last.next.withdrawn.get(variant)
        for row in self.company.data("edition.withdrawn") or ():
            if row["variant"].text == variant:
                instead = row["replaced_by"].text if "replaced_by" in row else ""
                return Withdrawn(variant, row["covered"].text if "covered" in row else "", instead)
        return None

    def _title(self, variant: str) -> str:
        if variant in self.project.pages:
            return self.project.pages[variant].title
        known = self.texts.get(variant)
        return known[-1].edition.texts[variant].title if known else variant

    def _has_page(self, variant: str) -> bool:
        return bool(variant) and (variant in self.company.publish or variant in self.texts)


def _cited(title: str) -> str:
    return f"《{GUARANTEE}（{title}）》"


def made(pages: Archive, folders: Iterable[str], address: str, shown: Mapping[str, Any]) -> dict[str, str]:
    """Return the HTML of every page by its file below the site, from the templates of *folders*.

    *address* is that of the site, or nothing where it is not known; *shown* holds `style` and `logo`, the
    addresses below the site of the company's stylesheet and logo, or nothing.
    """
    environment = _environment(tuple(folders))
    common = {"site_url": address, "style": shown["style"], "logo": shown["logo"]}
    return {f"{sheet.path}index.html": _rendered(environment, sheet, common) for sheet in pages.sheets()}


@lru_cache(maxsize=4)
def _environment(folders: tuple[str, ...]) -> jinja2.Environment:
    return jinja2.Environment(
        loader=jinja2.FileSystemLoader(folders),
        autoescape=True,
        auto_reload=True,
        undefined=jinja2.StrictUndefined,
    )


def _rendered(environment: jinja2.Environment, sheet: Sheet, common: dict[str, str]) -> str:
    up = "../" * sheet.path.count("/")
    canonical = (common["site_url"] or up) + sheet.shown["current"]
    ways = {"up": up, "canonical": canonical, "path": sheet.path}
    return environment.get_template(sheet.template).render(**common, **sheet.shown, **ways)


def _body(edition: Edition, variant: str) -> str:
    text, _ = read_text(edition.folder / f"{variant}.md", "")
    return "".join(map(_section, _HEADING.split(text or "")))


@lru_cache(maxsize=4096)
def _section(text: str) -> str:
    """Return a heading and what follows it as HTML; most sections are the same in many editions."""
    return body(transcript.parsed(text))


def body(blocks: Iterable[Block]) -> str:
    """Return *blocks* as HTML: each clause with its id, its items as nested lists."""
    parts: list[str] = []
    levels: list[int] = []
    for block in blocks:
        level = block.level if block.kind == ITEM else 0
        while levels and levels[-1] > level:
            parts.append("</li></ul>")
            levels.pop()
        if levels and level == levels[-1]:
            parts.append("</li>")
        elif level:
            parts.append('<ul class="clauses">')
            levels.append(level)
        parts.append(_html(block))
    parts.append("</li></ul>" * len(levels))
    return "".join(parts)


def _html(block: Block) -> str:
    """Return a block without what encloses it; an item's list and end are not its own."""
    if block.kind == TABLE:
        return _table(block)
    if block.kind == ITEM:
        return f"<li{_marks(block)}>{_spoken(block)}"
    tag = {TITLE: "h1", HEADING: f"h{min(block.level + 1, 6)}"}.get(block.kind, "p")
    return f"<{tag}{_marks(block)}>{_spoken(block)}</{tag}>"


def _marks(block: Block) -> str:
    name = f' id="{escape(block.id)}"' if block.id else ""
    return name + (' class="notice"' if block.notice else "")


def _spoken(block: Block) -> str:
    number = f'<span class="clause-number">{escape(block.number)}</span> ' if block.number else ""
    notice = f'<span class="notice-mark">{NOTICE}</span> ' if block.notice else ""
    return number + notice + escape(block.text)


def _table(block: Block) -> str:
    head, *rows = block.rows
    heads = "".join(f'<th scope="col">{escape(cell)}</th>' for cell in head) if any(head) else ""
    top = f"<thead><tr>{heads}</tr></thead>" if heads else ""
    shown = "".join(f"<tr>{_cells(row)}</tr>" for row in rows)
    label = escape(block.text)
    return (
        f'<div class="table-box" tabindex="0" role="region" aria-label="{label}">'
        f"<table><caption>{label}</caption>{top}<tbody>{shown}</tbody></table></div>"
    )


def _cells(row: Sequence[str]) -> str:
    first, *rest = row
    return f'<th scope="row">{escape(first)}</th>' + "".join(f"<td>{escape(cell)}</td>" for cell in rest)
