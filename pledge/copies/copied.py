"""A copy as it came back: what its file says, page by page, and what keeps it from being read."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

PDF, DOCX, TEXT = "pdf", "docx", "text"

MAX_CHARACTERS = 1_000_000


class CopyError(Exception):
    """A file that cannot be compared; the message says why and what to do, in Chinese."""


@dataclass(frozen=True, slots=True)
class Aside:
    """Words that stand beside the text, or are hidden in it: where, and what they say."""

    place: str
    text: str


@dataclass(slots=True)
class Copy:
    """What a file says.

    `pages` are the pages of a PDF with their lines, else the whole text without white space. A PDF has its
    headers and footers in its pages, a DOCX in `headers` and `footers`; a plain text has none. `notes` say
    what was not compared.
    """

    kind: str
    pages: list[str]
    headers: list[str] = field(default_factory=list)
    footers: list[str] = field(default_factory=list)
    asides: list[Aside] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        """All pages in one, without white space."""
        return bare("".join(self.pages))


def bare(text: str) -> str:
    """Return *text* without white space."""
    return re.sub(r"\s+", "", text)
