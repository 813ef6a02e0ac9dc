"""The page 变更记录: which edition a day belongs to, what each edition changed, how the figures went."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pledge.chart import charts
from pledge.periods import NOTHING, periods
from pledge.printed import entities, table
from pledge.redline import GONE, NEW, SAME, pieces

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pledge.catalogue import Catalogue
    from pledge.edition import Edition, PublicChange, Withdrawn
    from pledge.periods import Period
    from pledge.redline import Piece

LONG = 60
_NONE = '<section class="history" data-search-exclude><p>尚未发布过版本。</p></section>'
_EMPTY = {"guarantees": ("未公布", "不再公布"), "clause": ("没有这一条款", "已删去")}
_PROMISE = (NOTHING, "不再承诺")


def record(editions: Sequence[Edition], catalogue: Catalogue, up: str) -> str:
    """Return the history of *editions*, oldest first, as finished HTML; *up* leads to the top of the site.

    The search leaves it out, as most of what it quotes is no longer promised: Material skips the outermost
    element as long as no other of its name and no heading with an id stands inside.
    """
    if not editions:
        return _NONE
    newest_first = periods(editions)[::-1]
    titles = {name: text.title for edition in editions for name, text in edition.texts.items()}
    changes = "".join(_edition(period, titles, up) for period in newest_first)
    drawn = charts(editions, catalogue)
    steps = f'<div id="steps"><h2>主要承诺的变化</h2>{drawn}</div>' if drawn else ""
    return (
        f'<section class="history" data-search-exclude>{_finder(newest_first, up)}'
        f'<div id="changes"><h2>各版改动</h2>{changes}</div>{steps}</section>'
    )


def _finder(newest_first: Sequence[Period], up: str) -> str:
    """Return the date box, which a script shows, and the list it looks into."""
    rows = "".join(_row(period, up) for period in newest_first)
    heads = "".join(f'<th scope="col">{head}</th>' for head in ("版本", "施行期间", "全文"))
    return (
        '<div class="finder" id="which"><h2>我在这一天购买，适用哪一版？</h2>'
        '<div class="day-box" hidden><label for="day">购买或者签订合同的日期</label>'
        '<input type="date" id="day"><output for="day"></output></div>'
        '<div class="table-box" tabindex="0" role="region" aria-label="各版的施行期间">'
        f'<table class="cards"><thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table></div></div>'
    )


def _row(period: Period, up: str) -> str:
    edition = period.edition
    days = "" if period.empty else f' data-from="{period.start}" data-to="{period.last or ""}"'
    number = entities(edition.number)
    return (
        f'<tr data-number="{number}"{days}>'
        f'<th scope="row" data-label="版本"><a href="#edition-{number}">{number}版</a></th>'
        f'<td data-label="施行期间">{entities(period.words)}</td>'
        f'<td class="texts" data-label="全文"><span>{_texts(edition, up)}</span></td></tr>'
    )


def _texts(edition: Edition, up: str) -> str:
    number = entities(edition.number)
    return "、".join(
        f'<a href="{up}editions/{number}/{entities(name)}/">{entities(text.title)}</a>'
        for name, text in edition.texts.items()
    )


def _edition(period: Period, titles: dict[str, str], up: str) -> str:
    number = entities(period.edition.number)
    return (
        f'<div class="edition" id="edition-{number}"><h3>{number}版</h3>'
        f'<p class="edition-days">{entities(period.words)}</p>{told(period.edition, titles)}'
        f'<p class="edition-texts"><a href="{up}editions/{number}/">{number}版全文</a></p></div>'
    )


def told(edition: Edition, titles: dict[str, str]) -> str:
    """Return what *edition* tells as HTML: its note, what is no longer published, what changed to what.

    *titles* are those of the variants; the first edition changed nothing.
    """
    first = not edition.previous and not edition.changes
    gone = "".join(_withdrawn(entry, titles) for entry in edition.withdrawn.values())
    return f"<p>{entities(edition.note)}</p>{gone}{'' if first else _changes(edition)}"


def _withdrawn(entry: Withdrawn, titles: dict[str, str]) -> str:
    """Return that a variant is no longer published, what replaced it, and whom it still covers."""
    title = titles.get(entry.variant, entry.variant)
    instead = titles.get(entry.replaced_by, entry.replaced_by)
    replaced = f"，由{instead}保障书取代" if instead else ""
    covered = entry.covered.rstrip("。")
    return f"<p>{entities(f'{title}保障书不再公布{replaced}。仍然适用于：{covered}。')}</p>"


def _changes(edition: Edition) -> str:
    if not edition.changes:
        return "<p>承诺的内容没有改动。</p>"
    rows = [_change(change) for change in edition.changes]
    return table(f"{edition.number}版的改动", ("事项", "原来", "改为"), rows, kind="changes")


def _change(change: PublicChange) -> list[str]:
    kind = "clause" if "#" in change.subject else change.subject.partition("/")[0]
    nothing, ended = _EMPTY.get(kind, _PROMISE)
    item = f' <span class="item">{entities(change.item)}</span>' if change.item else ""
    before, after = _marked(change.before, change.after)
    cells = (f"<div>{text}</div>" for text in (before or nothing, after or ended))
    return [entities(change.label) + item, *cells]


def _marked(before: str, after: str) -> tuple[str, str]:
    """Return two texts as HTML; in long ones, what went and what came is marked."""
    if not before or not after or max(len(before), len(after)) <= LONG:
        return _lines(before), _lines(after)
    found = pieces(before, after, fold=False)
    return _side(found, GONE, "del"), _side(found, NEW, "ins")


def _side(found: Sequence[Piece], kind: str, tag: str) -> str:
    marked = {SAME: "{}", kind: f"<{tag}>{{}}</{tag}>"}
    return "".join(marked[piece.kind].format(_lines(piece.text)) for piece in found if piece.kind in marked)


def _lines(text: str) -> str:
    return "<br>".join(entities(line) for line in text.split("\n"))
