"""Slots: what stands in a page that is built once, at each place where a company's own text will stand.

A slot is a name between two private-use characters, which no page and no value may contain. What it is
filled with is finished text for its place, the same that a build for that company alone would have put there.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from pledge.printed import Absent, Printed
from pledge.render import Filling

if TYPE_CHECKING:
    from collections.abc import Callable

    from pledge.entries import Blank

OPEN, CLOSE = "\ue010", "\ue011"
NAME, DESCRIPTION, SITE = "name", "description", "site"
"""The name of the site, what it is, and its address, as they stand in a page."""
PATH, HTML_PATH, JSON_PATH = "path", "html-path", "json-path"
"""The path of the address: as it is, escaped where MkDocs names a script, and in the JSON of a script."""
BLANK, CAPITALS, MACRO, PART = "blank", "capitals", "macro", "part"
"""A value, an amount in capitals, what a macro returns, and a template of overrides/partials/."""
PARTS = ("head", "announce", "letterhead", "downloads", "footer", "logo", "lost")
# Of one shape for all companies, or inline text: they need no slot.
_PLAIN = {"law", "variant", "capitals"}


def slot(kind: str, of: str = "") -> str:
    """Return the slot of *kind* that is filled with what *of* names."""
    return f"{OPEN}{kind}:{of}{CLOSE}" if of else f"{OPEN}{kind}{CLOSE}"


ADDRESS = f"https://{slot(SITE)}/{slot(PATH)}/"
"""What stands for the address of a site; MkDocs takes the path of it for the page 404.html."""
_SLOT = re.compile(
    f"(?P<site>{re.escape(ADDRESS)})"
    # MkDocs escapes the address of a script, Material that of its own does not.
    f'|(?P<html>(?<=<script src=")/{slot(PATH)}/(?!../assets/javascripts/))|(?P<path>/{slot(PATH)}/)'
    rf"|(?P<json>/\\ue010{PATH}\\ue011/)"
    f"|<div>{OPEN}(?P<block>[^{CLOSE}]*){CLOSE}</div>|{OPEN}(?P<text>[^{CLOSE}]*){CLOSE}"
)
_WAYS = {"site": SITE, "path": PATH, "html": HTML_PATH, "json": JSON_PATH}
_SPACED = re.compile(f" ?{OPEN}(?!{BLANK}:|{CAPITALS}:)[^{CLOSE}]*{CLOSE}")


class Piece(NamedTuple):
    """A piece of a page: text that is the same for all companies, then a slot of *kind*, or nothing."""

    text: str
    kind: str = ""
    of: str = ""


def pieces(page: str) -> list[Piece]:
    """Return the pieces of a built *page*."""
    found: list[Piece] = []
    end = 0
    for match in _SLOT.finditer(page):
        named = match["block"] or match["text"] or _WAYS[str(match.lastgroup)]
        kind, _, of = named.partition(":")
        found.append(Piece(page[end : match.start()], kind, of))
        end = match.end()
    return [*found, Piece(page[end:])]


def without_macros(text: str) -> str:
    """Return *text* without all slots but those of values, and without the spaces before them."""
    return _SPACED.sub("", text)


class Slots(Filling):
    """A filling that gives slots instead of values: a page filled by it serves every company of its shape."""

    def _blank(self, blank: Blank) -> Printed | Absent:
        shown = super()._blank(blank)
        if isinstance(shown, Absent) or shown.value is None:
            return shown
        named = slot(BLANK, blank.id)
        return Printed(_block(named) if blank.kind == "table" else named)

    def capitals(self, shown: Printed) -> str:
        """Return the slot of an amount in capitals."""
        return shown.replace(f"{OPEN}{BLANK}:", f"{OPEN}{CAPITALS}:")

    def macros(self) -> dict[str, Callable[..., str]]:
        """Return macros that give slots, but for those whose text is the same in all companies of a shape."""
        found = super().macros()
        return {name: macro if name in _PLAIN else _giving(name) for name, macro in found.items()}


def _giving(name: str) -> Callable[[], str]:
    return lambda: _block(slot(MACRO, name))


def _block(named: str) -> str:
    """Return a slot as Markdown takes a table or a section: a block of HTML that it leaves alone."""
    return f"<div>{named}</div>"
