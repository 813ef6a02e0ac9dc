"""What stands above the sites of many companies: a list to find one, a sitemap, an index of their data."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, NamedTuple
from xml.sax.saxutils import escape

import jinja2

from pledge import promises
from pledge.content_security import secured

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from pledge.fleet.record import Record

_OTHERS = "其他"
# The protocol of sitemaps.org: an index of the sites' own.
_SITEMAP = '<?xml version="1.0" encoding="UTF-8"?>\n<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">'


class Entry(NamedTuple):
    """A company in the list, and what it is found by: name, initials, pinyin and credit code."""

    company: str
    name: str
    credit_code: str
    number: str
    letter: str
    find: str
    order: tuple[str, ...]


def stage(top: Path, root: Path, listed: Iterable[Record]) -> None:
    """Write into *top* what stands above the sites that *listed* tells of; raises OSError."""
    for name, text in _files(root, listed).items():
        (top / name).write_text(text, encoding="utf-8")


def _files(root: Path, listed: Iterable[Record]) -> dict[str, str]:
    ordered = sorted(listed, key=lambda record: record.company)
    return {
        "index.html": secured(page(root, ordered)),
        promises.FILE: index(ordered),
        "sitemap.xml": sitemap(ordered),
    }


def page(root: Path, listed: Iterable[Record]) -> str:
    """Return the page that lists the companies by the initial letter of their names in pinyin."""
    loader = jinja2.FileSystemLoader(root / "overrides")
    environment = jinja2.Environment(loader=loader, autoescape=True, undefined=jinja2.StrictUndefined)
    entries = sorted(map(entry, listed), key=lambda found: (found.letter == _OTHERS, found.order))
    letters: dict[str, list[Entry]] = {}
    for found in entries:
        letters.setdefault(found.letter, []).append(found)
    shown = [
        {"id": "other" if name == _OTHERS else name, "name": name, "companies": companies}
        for name, companies in letters.items()
    ]
    return environment.get_template("fleet/index.html").render(letters=shown, count=len(entries))


def entry(record: Record) -> Entry:
    """Return how a company stands in the list."""
    read = record.pinyin
    initials = "".join(syllable[:1] for syllable in read)
    letter = initials[:1].upper()
    found = f"{record.name} {initials} {''.join(read)} {record.credit_code} {record.company}".lower()
    return Entry(
        company=record.company,
        name=record.name,
        credit_code=record.credit_code,
        number=record.number,
        letter=letter if letter.isascii() and letter.isalpha() else _OTHERS,
        find=found,
        order=(*read, record.company),
    )


def index(listed: Iterable[Record]) -> str:
    """Return the index of the companies' data: where each stands, and what it says in brief."""
    found = [_indexed(record) for record in listed]
    return json.dumps({"companies": found}, ensure_ascii=False, indent=1) + "\n"


def _indexed(record: Record) -> dict[str, Any]:
    return {
        "id": record.company,
        "name": record.name,
        "credit_code": record.credit_code or None,
        "url": record.address or f"{record.company}/",
        "promises": f"{record.company}/{promises.FILE}",
        "number": record.number,
        "effective": record.effective,
        "status": record.status,
    }


def sitemap(listed: Iterable[Record]) -> str:
    """Return the index of the sitemaps of the sites whose address is known."""
    known = dict.fromkeys(record.address for record in listed if record.address)
    found = "".join(f"<sitemap><loc>{escape(address)}sitemap.xml</loc></sitemap>\n" for address in known)
    return f"{_SITEMAP}\n{found}</sitemapindex>\n"
