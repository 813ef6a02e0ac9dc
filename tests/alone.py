"""A variant filled and turned into HTML without MkDocs: the macros and the numbering are enough."""

from __future__ import annotations

from types import SimpleNamespace
from typing import TYPE_CHECKING

import jinja2
import markdown
from bs4 import BeautifulSoup, Tag

if TYPE_CHECKING:
    from pledge.render import Filling

EXTENSIONS = ["attr_list", "toc", "pledge.clauses"]


def article(filling: Filling, variant: str) -> str:
    """Return the HTML of *variant*."""
    source = "\n".join(line.text for line in filling.project.pages[variant].lines)
    env = jinja2.Environment(undefined=jinja2.StrictUndefined)  # noqa: S701  macros return finished HTML
    page = SimpleNamespace(url=f"guarantees/{variant}/")
    text = env.from_string(source).render(**filling.topics, **filling.macros(), page=page)
    return markdown.markdown(text, extensions=EXTENSIONS)


def soup(html: str) -> BeautifulSoup:
    """Return *html* parsed as a browser would."""
    return BeautifulSoup(html, "html.parser")


def visible(parsed: Tag) -> str:
    """Return the text a reader sees, without permalinks, white space folded."""
    for link in parsed.select("a.headerlink"):
        link.extract()
    return " ".join(parsed.get_text(" ").split())
