"""Released editions as they stand in `editions/<company>/<number>/`: read, never changed.

An edition is `edition.yml` and one text a variant. Each `edition.yml` holds the SHA-256 of its texts and of
the `edition.yml` before it, so the editions of a company form a chain.
"""

from __future__ import annotations

import datetime
import hashlib
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import urljoin

from pledge import transcript
from pledge.read import Mapping, Node, Place, Scalar, Sequence, read, read_text
from pledge.shape import take
from pledge.typed import Value, typed

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from collections.abc import Sequence as Ordered
    from pathlib import Path

    from pledge.entries import Blank
    from pledge.problem import Problem
    from pledge.shape import Take
    from pledge.transcript import Block

FOLDER = "editions"
FILE = "edition.yml"
SEALED = "sealed.yml"
SUMS = "SHA256SUMS"
BESIDE = ".new-"
MARK = 16
"""How many digits of a text's SHA-256 are printed, for a reader to compare."""
# An address and a folder on every system: begins with a figure, ends without a dot.
NUMBER = re.compile(r"[Vv]?[0-9](?:[0-9A-Za-z.-]{0,30}[0-9A-Za-z])?")

_EDITION: Take = {
    "number": ("text", True),
    "effective": ("text", True),
    "note": ("text", True),
    "name": ("text", True),
    "approvals": ("list", False),
    "previous": ("pairs", False),
    "texts": ("mapping", True),
    "withdrawn": ("list", False),
    "values": ("mapping", True),
    "changes": ("list", True),
}
_TEXT: Take = {"title": ("text", True), "sha256": ("text", True)}
_VALUE: Take = {"label": ("text", True), "value": ("node", True)}
_CHANGE: Take = {
    "subject": ("text", True),
    "label": ("text", True),
    "item": ("text", False),
    "before": ("text", False),
    "after": ("text", False),
}
_WITHDRAWN: Take = {
    "variant": ("text", True),
    "replaced_by": ("text", False),
    "covered": ("text", True),
}
_SEALED: Take = {"file": ("text", True), "address": ("text", False), "sha256": ("text", True)}
_RULE = "edition-shape"


@dataclass(frozen=True, slots=True)
class ReleasedText:
    """A variant of an edition: its title and the SHA-256 of its text."""

    title: str
    sha256: str


@dataclass(frozen=True, slots=True)
class Recorded:
    """A value as released: the label it had, and the node that holds it as a variable file would."""

    label: str
    node: Node

    def value(self, blank: Blank) -> Value | None:
        """Return the value as one of *blank*, or None where it cannot be read so."""
        data = typed(blank, self.node, [])
        return None if data is None else Value(blank, data, self.node.place)


@dataclass(frozen=True, slots=True)
class PublicChange:
    """What an edition changed: `before` and `after` as the customer reads them, empty for nothing.

    `subject` is a blank, `guarantees/<variant>` or `<variant>#<clause>`; `item` a table's row and column.
    """

    subject: str
    label: str
    item: str = ""
    before: str = ""
    after: str = ""


@dataclass(frozen=True, slots=True)
class Withdrawn:
    """A variant no longer published: which one takes its place, and whom the old one still covers."""

    variant: str
    covered: str
    replaced_by: str = ""


@dataclass(frozen=True, slots=True)
class Sealed:
    """The sealed copy of an edition, recorded once: its file, its SHA-256, and where it can be had."""

    file: str
    sha256: str
    address: str = ""


@dataclass(slots=True)
class Edition:
    """One released edition of a company; `texts` by variant in the order of their publication."""

    folder: Path
    path: str
    number: str
    effective: datetime.date
    note: str = ""
    name: str = ""
    sha256: str = ""
    previous: dict[str, str] = field(default_factory=dict)
    texts: dict[str, ReleasedText] = field(default_factory=dict)
    withdrawn: dict[str, Withdrawn] = field(default_factory=dict)
    values: dict[str, Recorded] = field(default_factory=dict)
    changes: list[PublicChange] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    @property
    def signed(self) -> datetime.date:
        """The day it was signed; the day it came into force where its values do not say."""
        recorded = self.values.get("signing.date")
        text = recorded.node.text if recorded and isinstance(recorded.node, Scalar) else ""
        try:
            return datetime.date.fromisoformat(text)
        except ValueError:
            return self.effective

    @property
    def sealed(self) -> Sealed | None:
        """The sealed copy, or None where none is recorded; verifying tells of a record that was altered."""
        path = self.folder / SEALED
        if not path.is_file():
            return None
        taken = take(read(path, self.folder).root, _SEALED, rule=_RULE, what="盖章登记", problems=[])
        return Sealed(**taken) if _whole(taken, _SEALED) else None

    def holds(self, texts: dict[str, str]) -> bool:
        """Whether *texts*, by variant, are exactly those released."""
        hashes = {variant: digest(text) for variant, text in texts.items()}
        return hashes == {variant: released.sha256 for variant, released in self.texts.items()}

    def address(self, variant: str) -> str:
        """Return the permanent address of a text on the company's site, or nothing where it has none."""
        known = self.values.get("company.website")
        website = known.node.text if known and isinstance(known.node, Scalar) else ""
        return f"{home(website)}editions/{self.number}/{variant}/" if website else ""

    def blocks(self, variant: str) -> list[Block]:
        """Return the released text of *variant*; a file that cannot be read gives no blocks."""
        text, _ = read_text(self.folder / f"{variant}.md", "")
        return transcript.parsed(text) if text else []


def home(website: str) -> str:
    """Return the address below which a company's site stands: *website* without query, ending in a slash.

    Dots and empty names in its path are resolved (RFC 3986, section 5.2.4), as in the addresses of its pages.
    """
    return urljoin(re.split("[?#]", website)[0].rstrip("/") + "/", ".")


def digest(text: str) -> str:
    """Return the SHA-256 of *text* in UTF-8, in hexadecimal digits."""
    return hashlib.sha256(text.encode()).hexdigest()


def load(root: Path, names: Iterable[str]) -> list[Edition]:
    """Return the editions of a company by date, oldest first; *names* are its id and its former ones."""
    editions = [read_edition(folder, root) for name in names for folder in folders(root, name)]
    return sorted(editions, key=lambda edition: (edition.effective, edition.number))


def folders(root: Path, name: str) -> Iterator[Path]:
    """Return the folders of a company's editions; what a release is writing is none yet."""
    found = (path.parent for path in sorted((root / FOLDER / name).glob(f"*/{FILE}")))
    return (folder for folder in found if not folder.name.startswith(BESIDE))


def read_edition(folder: Path, root: Path) -> Edition:
    """Return the edition in *folder*; what is wrong with its file is among its problems."""
    document = read(folder / FILE, root)
    problems: list[Problem] = []
    taken = take(document.root, _EDITION, rule=_RULE, what="版本文件", problems=problems)
    made = Edition(folder, document.path, folder.name, datetime.date.min, problems=problems)
    made.sha256 = digest(document.text)
    if document.root is None or document.problems:
        message = "版本文件读不出，或者没有内容；从 git 恢复这个文件"
        problems.append(Place(document.path).problem(message, _RULE))
    if problems:
        return made
    made.number, made.note, made.name = taken["number"], taken["note"], taken["name"]
    made.previous = taken.get("previous", {})
    made.effective = _date(taken["effective"], Place(document.path), problems)
    _contents(made, taken)
    return made


def _date(text: str, place: Place, problems: list[Problem]) -> datetime.date:
    try:
        return datetime.date.fromisoformat(text)
    except ValueError:
        problems.append(place.problem(f"施行日期“{text}”不是日期；从 git 恢复这个文件", _RULE))
        return datetime.date.min


def _contents(made: Edition, taken: dict[str, Any]) -> None:
    texts = _entries(taken["texts"], _TEXT, made.problems)
    made.texts = {name: ReleasedText(**entry) for name, entry in texts.items()}
    values = _entries(taken["values"], _VALUE, made.problems)
    made.values = {name: Recorded(entry["label"], entry["value"]) for name, entry in values.items()}
    made.changes = [PublicChange(**entry) for entry in _listed(taken["changes"], _CHANGE, made.problems)]
    gone = [Withdrawn(**entry) for entry in _listed(taken.get("withdrawn"), _WITHDRAWN, made.problems)]
    made.withdrawn = {entry.variant: entry for entry in gone}


def _entries(node: object, wanted: Take, problems: list[Problem]) -> dict[str, dict[str, Any]]:
    found = node.entries.items() if isinstance(node, Mapping) else ()
    made = {key: take(entry, wanted, rule=_RULE, what="版本文件", problems=problems) for key, entry in found}
    return {key: entry for key, entry in made.items() if _whole(entry, wanted)}


def _listed(node: object, wanted: Take, problems: list[Problem]) -> list[dict[str, Any]]:
    found = node.items if isinstance(node, Sequence) else ()
    made = [take(entry, wanted, rule=_RULE, what="版本文件", problems=problems) for entry in found]
    return [entry for entry in made if _whole(entry, wanted)]


def _whole(entry: dict[str, object], wanted: Take) -> bool:
    return all(name in entry for name, (_, needed) in wanted.items() if needed)


def in_force(editions: Ordered[Edition], day: datetime.date) -> Edition | None:
    """Return the edition in force on *day*, or None before the first."""
    return next((edition for edition in reversed(editions) if edition.effective <= day), None)
