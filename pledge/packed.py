"""The parts of a DOCX or XLSX, which are both zip files of XML, read within limits.

The parts are read as a stream of events, so neither depth nor entities of a hostile file can do harm.
"""

from __future__ import annotations

import contextlib
import posixpath
import zipfile
import zlib
from io import BytesIO
from typing import TYPE_CHECKING
from xml.etree import ElementTree

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

MAX_PARTS = 2_000
MAX_UNPACKED = 50_000_000

_FAILURES = (
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    NotImplementedError,
    OSError,
    ValueError,
    OverflowError,
)
"""What the standard library raises for a broken zip file."""


class BrokenError(Exception):
    """A file that no program has written so: cut off, contradictory, or made to do harm."""


class LargeError(Exception):
    """A file that is larger unpacked than anything it could be meant for."""


class LockedError(Exception):
    """A file with a password."""


@contextlib.contextmanager
def opened(data: bytes) -> Iterator[Package]:
    """Give the parts of the file *data*.

    Raises BrokenError, LargeError and LockedError, also for what is found while the parts are read.
    """
    try:
        with zipfile.ZipFile(BytesIO(data)) as packed:
            yield Package(packed)
    except _FAILURES as error:
        raise BrokenError from error
    except RuntimeError as error:  # zipfile has no other word for a part with a password
        raise LockedError from error


class Package:
    """The parts of a file. Raises BrokenError and LargeError."""

    def __init__(self, packed: zipfile.ZipFile) -> None:
        self._packed = packed
        self._left = MAX_UNPACKED
        names = [entry.filename.lower() for entry in packed.infolist()]
        if len(names) > MAX_PARTS or sum(entry.file_size for entry in packed.infolist()) > MAX_UNPACKED:
            raise LargeError
        if len(names) != len(set(names)):  # a reader's program might show the other one
            raise BrokenError
        self._names = dict(zip(names, packed.namelist(), strict=True))

    @property
    def names(self) -> set[str]:
        """The names of all parts in lower case."""
        return set(self._names)

    def has(self, name: str) -> bool:
        """Whether there is a part of that name."""
        return name.lower() in self._names

    def part(self, name: str) -> bytes:
        """Return a part, or nothing where there is none."""
        if not self.has(name):
            return b""
        with self._packed.open(self._names[name.lower()]) as opened:
            data = opened.read(self._left + 1)
        self._left -= len(data)
        if self._left < 0:
            raise LargeError
        return data

    def links(self, name: str) -> list[tuple[str, str, str]]:
        """Return what the part *name* refers to: the id, the last word of the kind, the part's name."""
        folder, file = posixpath.split(name)
        links = Links()
        tell(self.part(posixpath.join(folder, "_rels", f"{file}.rels")), links)
        return [
            (key, kind, posixpath.normpath(posixpath.join("/", folder, target))[1:])
            for key, kind, target in links.found
        ]


class Events:
    """Takes the events of an XML part."""

    def doctype(self, *_: object) -> None:
        """Refuse what no such file has, before an entity can be declared."""
        raise BrokenError

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        """Take the start of an element."""

    def end(self, tag: str) -> None:
        """Take the end of an element."""

    def data(self, text: str) -> None:
        """Take words."""

    def close(self) -> None:
        """Take the end of the part."""


def tell(part: bytes, target: Events) -> None:
    """Give the events of *part* to *target*; an empty part has none. Raises BrokenError."""
    if part:
        parser = ElementTree.XMLParser(target=target)  # noqa: S314  a part with a DTD is refused, see Events
        try:
            parser.feed(part)
            parser.close()
        except ElementTree.ParseError as error:
            raise BrokenError from error


class Links(Events):
    """Finds the parts that a part refers to."""

    def __init__(self) -> None:
        self.found: list[tuple[str, str, str]] = []

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        """Take a reference that leads inside the file."""
        if tag.endswith("}Relationship") and attributes.get("TargetMode") != "External":
            kind = attributes.get("Type", "").rpartition("/")[2]
            self.found.append((attributes.get("Id", ""), kind, attributes.get("Target", "")))
