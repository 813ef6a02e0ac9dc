"""The names in the XML of a Word file, in both of its dialects (ECMA-376 transitional and strict)."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

_WORDS = {
    "http://schemas.openxmlformats.org/wordprocessingml/2006/main",
    "http://purl.oclc.org/ooxml/wordprocessingml/main",
}
_OTHERS = {
    "http://schemas.openxmlformats.org/officeDocument/2006/math",
    "http://purl.oclc.org/ooxml/officeDocument/math",
    "http://schemas.openxmlformats.org/drawingml/2006/main",
    "http://purl.oclc.org/ooxml/drawingml/main",
}
_OFF = {"0", "false", "off"}
# What a reader does not see: taken out, moved away, how a change looked before.
GONE = {"del", "moveFrom", "rPrChange", "pPrChange", "sectPrChange", "tblPrChange", "delText"}
TRACKED = {"ins", "del", "moveFrom", "moveTo"}


def local(tag: str) -> str:
    """Return the name of an element of Word's, and of the two others that show words, else nothing."""
    space, _, name = tag.removeprefix("{").rpartition("}")
    if space in _WORDS or (space in _OTHERS and name == "t"):
        return name
    return name if name == "Fallback" else ""


def value(attributes: Mapping[str, str], name: str) -> str:
    """Return the attribute *name* in whatever namespace, or nothing."""
    return next((text for key, text in attributes.items() if key.rpartition("}")[2] == name), "")


def is_on(attributes: Mapping[str, str]) -> bool:
    """Whether an element that switches something on does so (ECMA-376 part 1, 17.17.4)."""
    return value(attributes, "val") not in _OFF
