"""Which released text a copy may be: all texts of all companies, the likest first.

Editions are not parsed for it, since a thousand companies have thousands: their texts are looked through as
they stand, and only those that come into question are read.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from pledge import verify
from pledge.copies.copied import bare
from pledge.edition import BESIDE, FILE, FOLDER, MARK, read_edition
from pledge.read import MAX_BYTES

if TYPE_CHECKING:
    from pathlib import Path

    from pledge.edition import Edition

THRESHOLD = 0.5
_MARKED = re.compile(rf"校验码：([0-9a-f]{{{MARK}}})")
_PHRASE = re.compile(r"[\u4e00-\u9fff0-9]{5,}")
_TITLE = re.compile(r"# (.*)")
_PARTY = re.compile(r"^\| 承诺方 \| (.*?) \|$", re.MULTILINE)


@dataclass(frozen=True)
class Candidate:
    """A released text: where it stands, what it says, and whether its bytes are those that were listed."""

    root: Path
    name: str
    number: str
    variant: str
    sound: bool
    text: str

    @cached_property
    def edition(self) -> Edition:
        """The edition as its file describes it."""
        return read_edition(self.root / FOLDER / self.name / self.number, self.root)

    @property
    def path(self) -> str:
        """Where the text stands in the project."""
        return f"{FOLDER}/{self.name}/{self.number}/{self.variant}.md"

    @property
    def holds(self) -> bool:
        """Whether text and edition are as they were released, so that they can be relied on."""
        if not self.sound or self.edition.problems or self.variant not in self.edition.texts:
            return False
        return self.edition.texts[self.variant].sha256 == hashlib.sha256(self.text.encode()).hexdigest()

    def likeness(self, found: _Found) -> float:
        """Return which share of the text's phrases, by their length, is found."""
        phrases = set(_PHRASE.findall(self.text))
        whole = sum(map(len, phrases))
        return sum(len(phrase) for phrase in phrases if found[phrase]) / whole if whole else 0.0


class _Found(dict[str, bool]):
    """Whether a phrase stands in a text; each is looked for once, since texts share most of theirs."""

    def __init__(self, said: str) -> None:
        super().__init__()
        self._said = said

    def __missing__(self, phrase: str) -> bool:
        self[phrase] = phrase in self._said
        return self[phrase]


class Library:
    """The released texts below a root; each file is read once."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._listed = verify.listed(root)

    @cached_property
    def texts(self) -> list[Candidate]:
        """All texts of all companies."""
        found = sorted((self._root / FOLDER).glob("*/*/*.md"))
        return [self._candidate(path) for path in found if BESIDE not in path.parent.name]

    def _candidate(self, path: Path) -> Candidate:
        name, number, _ = path.relative_to(self._root / FOLDER).parts
        data = _bytes(path)
        sums = [(path, data), (edition := path.with_name(FILE), _bytes(edition))]
        sound = all(self._as_listed(file, content) for file, content in sums)
        return Candidate(self._root, name, number, path.stem, sound, data.decode("utf-8", errors="replace"))

    def _as_listed(self, path: Path, data: bytes) -> bool:
        known = self._listed.get(path.relative_to(self._root / FOLDER).as_posix())
        return known == hashlib.sha256(data).hexdigest()

    def marked(self, said: str) -> list[Candidate]:
        """Return the released texts whose mark stands in *said*."""
        marks = set(_MARKED.findall(said))
        paths = [path for path, digest in self._listed.items() if digest[:MARK] in marks]
        return [self._candidate(self._root / FOLDER / path) for path in paths if _is_text(path)]

    def likest(self, said: str) -> list[Candidate]:
        """Return the released texts that *said* may be, the likest first; none below the threshold."""
        texts = [text for text in self.texts if _speaks_of(text, said)] or self.texts
        found = _Found(said)
        ranked = sorted(((text.likeness(found), at) for at, text in enumerate(texts)), reverse=True)
        return [texts[at] for likeness, at in ranked if likeness >= THRESHOLD]


def _is_text(path: str) -> bool:
    return path.count("/") == 2 and path.endswith(".md") and ".." not in path  # noqa: PLR2004  company, number, file


def _speaks_of(text: Candidate, said: str) -> bool:
    """Whether the title of a text and the name of its company stand in *said*."""
    title, party = _TITLE.match(text.text), _PARTY.search(text.text)
    return all(bare(re.sub(r"\\(.)", r"\1", found[1])) in said for found in (title, party) if found)


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes() if path.is_file() and path.stat().st_size <= MAX_BYTES else b""
    except OSError:
        return b""
