"""The numbers that Word writes by itself: 第一条, 1.1, (1), ①, counted as Word counts them."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from pledge.clauses import chinese
from pledge.packed import Events, tell
from pledge.wordxml import local, value

if TYPE_CHECKING:
    from collections.abc import Mapping

_CHINESE = re.compile("chinese|japanese|ideograph|taiwanese|korean", re.IGNORECASE)
_MAX_BASES = 20


@dataclass(slots=True)
class _Level:
    form: str = "decimal"
    text: str = ""
    start: int = 1


@dataclass(slots=True)
class _Style:
    based: str = ""
    number: str = ""
    level: str = ""
    outline: int = 0
    name: str = ""


@dataclass(slots=True)
class _List:
    levels: dict[int, _Level] = field(default_factory=dict)
    counts: dict[int, int] = field(default_factory=dict)


def _figure(form: str, count: int) -> str:
    """Return *count* as the format *form* of ECMA-376 part 1, 17.18.59 writes it."""
    if form == "decimalEnclosedCircle" and 0 < count <= 20:  # noqa: PLR2004  Unicode has 20 of them
        return chr(0x245F + count)
    if form in {"upperLetter", "lowerLetter"} and 0 < count <= 26:  # noqa: PLR2004  letters
        return chr((64 if form == "upperLetter" else 96) + count)
    if form in {"upperRoman", "lowerRoman"}:
        roman = ("", "i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x")[min(max(count, 0), 10)]
        return roman.upper() if form == "upperRoman" else roman
    return chinese(count) if _CHINESE.search(form) else str(count)


class _Definitions(Events):
    """Finds the levels of each list (numbering.xml)."""

    def __init__(self) -> None:
        self.lists: dict[str, _List] = {}
        self.numbers: dict[str, str] = {}
        self._list, self._number, self._level = _List(), "", _Level()

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        name, said = local(tag), value(attributes, "val")
        if name == "abstractNum":
            self._list = self.lists.setdefault(value(attributes, "abstractNumId"), _List())
        elif name == "lvl":
            self._level = self._list.levels.setdefault(_whole(value(attributes, "ilvl")), _Level())
        elif name == "num":
            self._number = value(attributes, "numId")
        elif name == "abstractNumId":
            self.numbers[self._number] = said
        elif name in {"numFmt", "lvlText"}:
            setattr(self._level, {"numFmt": "form", "lvlText": "text"}[name], said)
        elif name == "start":
            self._level.start = _whole(said)


class _Styles(Events):
    """Finds which styles number or head their paragraphs (styles.xml)."""

    def __init__(self) -> None:
        self.found: dict[str, _Style] = {}
        self._style = _Style()

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        name, said = local(tag), value(attributes, "val")
        if name == "style":
            self._style = self.found.setdefault(value(attributes, "styleId"), _Style())
        elif name == "basedOn":
            self._style.based = said
        elif name == "name":
            self._style.name = said.lower()
        elif name in {"numId", "ilvl"}:
            setattr(self._style, {"numId": "number", "ilvl": "level"}[name], said)
        elif name == "outlineLvl":
            self._style.outline = _whole(said) + 1


class Numbers:
    """Counts the numbered paragraphs of a document in their order."""

    def __init__(self, numbering: bytes, styles: bytes) -> None:
        definitions, found = _Definitions(), _Styles()
        tell(numbering, definitions)
        tell(styles, found)
        self._lists, self._numbers, self._styles = definitions.lists, definitions.numbers, found.found

    def heading(self, style: str) -> int:
        """Return the level of the headings that *style* makes, the document's title being 0."""
        found = next((entry for entry in self._bases(style) if entry.outline), None)
        return found.outline if found and found.outline < 9 else 0  # noqa: PLR2004  nine is body text

    def next(self, style: str, number: str, level: str) -> str:
        """Return what stands before the next paragraph of this numbering, or nothing."""
        bases = self._bases(style)
        number = number or next((entry.number for entry in bases if entry.number), "")
        level = level or next((entry.level for entry in bases if entry.level), "0")
        found = self._lists.get(self._numbers.get(number, ""))
        return _counted(found, _whole(level)) if found else ""

    def _bases(self, style: str) -> list[_Style]:
        found: list[_Style] = []
        while style in self._styles and len(found) < _MAX_BASES:
            found.append(self._styles[style])
            style = found[-1].based
        return found


def _counted(found: _List, level: int) -> str:
    form = found.levels.get(level, _Level())
    if form.form in {"bullet", "none"}:
        return "•" if form.form == "bullet" else ""
    found.counts[level] = found.counts.get(level, form.start - 1) + 1
    found.counts = {key: count for key, count in found.counts.items() if key <= level}
    return re.sub(r"%([1-9])", lambda match: _part(found, int(match[1]) - 1, form), form.text)


def _part(found: _List, level: int, form: _Level) -> str:
    own = found.levels.get(level, _Level())
    dotted = form.text.count("%") > 1
    return _figure(
        "decimal" if dotted and _CHINESE.search(own.form) else own.form, found.counts.get(level, own.start)
    )


def _whole(text: str) -> int:
    return int(text) if re.fullmatch(r"\d{1,4}", text, re.ASCII) else 0
