"""The promises at a glance: cards for the home page, and one sheet for a shop counter."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from pledge.edition import home
from pledge.printed import entities

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from pledge.typed import Value

_CLOCKS = {"服务时间": "只计服务时间", "工作日": "按工作日计"}


class Card(NamedTuple):
    """A promise as an answer: the question, the figure as HTML, from when it is counted, its clause."""

    asked: str
    figure: str
    note: str
    link: str


def note(value: Value) -> str:
    """Return in a few words how often an amount is owed, or from when and by which clock a time runs."""
    if value.blank.per:
        return f"每{value.blank.per}"
    start = value.blank.starts
    start += "起" if start and "起算" not in start else ""
    return "，".join(part for part in (start, _CLOCKS.get(value.calendar, "")) if part)


def cards(found: Iterable[Card]) -> str:
    """Return the cards as a list, each leading to its clause."""
    return f'<ul class="glance">{"".join(map(_card, found))}</ul>'


def _card(card: Card) -> str:
    foot = f' <span class="glance-note">{entities(card.note)}</span>' if card.note else ""
    return (
        f'<li><a href="{card.link}"><span class="glance-label">{entities(card.asked)}</span> '
        f'<span class="glance-figure">{card.figure}</span>{foot}</a></li>'
    )


def sheet(found: Iterable[Card], steps: Sequence[str], website: str) -> str:
    """Return the cards, how to reach the company, and the QR code of its site where it has one."""
    reach = "".join(f"<li>{entities(step)}</li>" for step in steps)
    return (
        f'<section class="one-page">{cards(found)}<div class="one-foot">'
        f'<div class="one-reach"><h2>怎样找我们</h2><ol>{reach}</ol></div>{_code(website) if website else ""}'
        "</div></section>"
    )


def _code(website: str) -> str:
    import segno  # noqa: PLC0415  one page of the site needs it

    drawing = segno.make_qr(home(website), error="m").svg_inline(border=0, omitsize=True, svgclass=None)
    return f'<figure class="one-code">{drawing}<figcaption>扫码看全文</figcaption></figure>'
