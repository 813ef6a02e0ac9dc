"""The editions of a company as an Atom feed (RFC 4287)."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING

from pledge.history import told
from pledge.printed import day, entities

if TYPE_CHECKING:
    from collections.abc import Sequence

    from feedgen.feed import FeedGenerator

    from pledge.edition import Edition
    from pledge.render import Filling

FILE = "feed.xml"
_CHINA = datetime.timezone(datetime.timedelta(hours=8))


def feed(filling: Filling, site: str) -> bytes:
    """Return the feed, newest edition first: the same editions give the same bytes.

    *site* is the address of the site; the addresses of the editions below it are the ids, for good.
    """
    # It loads a parser of XML and one of dates: a tenth of a second that only a build needs.
    from feedgen.feed import FeedGenerator  # noqa: PLC0415

    made = FeedGenerator()
    name = filling.company.text("company.name")
    made.id(f"{site}{FILE}")
    made.title(f"{name}售后服务承诺：版本更新")
    made.author(name=name, uri=site)
    made.link(href=f"{site}{FILE}", rel="self", type="application/atom+xml")
    made.link(href=f"{site}changes/", rel="alternate", type="text/html")
    made.language("zh-CN")
    made.generator("pledge")
    made.updated(max(map(_moment, filling.editions)))
    for place in range(len(filling.editions)):
        _enter(made, filling.editions[: place + 1], site)
    written: bytes = made.atom_str(pretty=True)
    return written


def _enter(made: FeedGenerator, editions: Sequence[Edition], site: str) -> None:
    """Put the last of *editions* in front; later ones change nothing of what it tells."""
    edition = editions[-1]
    titles = {name: text.title for each in editions for name, text in each.texts.items()}
    entry = made.add_entry(order="prepend")
    entry.id(f"{site}editions/{edition.number}/")
    entry.link(href=f"{site}editions/{edition.number}/", rel="alternate")
    entry.title(f"{edition.number}版，{day(edition.effective)}起施行")
    entry.published(_moment(edition))
    entry.updated(_moment(edition))
    since = entities(f"{day(edition.effective)}起施行")
    entry.content(f"<p>{since}</p>{told(edition, titles)}", type="html")


def _moment(edition: Edition) -> datetime.datetime:
    """Return the beginning of the day in China on which *edition* was signed, as RFC 3339 wants a time."""
    return datetime.datetime.combine(edition.signed, datetime.time(), _CHINA)
