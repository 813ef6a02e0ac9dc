"""The words of a part of a Word file: paragraphs, tables, and every way to show a gap or a tick box."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pledge.forms.form import BOX, DATE, LINE, MANY, MAX_PARAGRAPHS, TICKED, FormError, Paragraph, Table
from pledge.packed import Events
from pledge.wordxml import GONE, TRACKED, is_on, local, value

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from pledge.forms.word_numbers import Numbers

# Where the font is Wingdings, the box is a letter (the fonts' own tables).
_SIGNS = {
    **dict.fromkeys(["6F", "70", "71", "72", "A8", "A3", "A1", "6D", "30", "2A"], BOX),
    **dict.fromkeys(["FE", "FD", "FC", "52", "53", "54", "50"], TICKED),
}
_FIELDS = {"textInput", "checkBox", "ddList"}

# What a form may hold that is no clause: the element, and what people call it.
BESIDE = {
    "drawing": "图片或者图形",
    "pict": "图片或者图形",
    "object": "嵌入的对象",
    "commentReference": "批注",
    "footnoteReference": "脚注",
    "endnoteReference": "尾注",
    "vanish": "隐藏的文字",
}


class _Line:
    """A paragraph being read: its pieces, which of them are underlined, and its numbering."""

    def __init__(self) -> None:
        self.pieces: list[tuple[str, bool]] = []
        self.style = self.level = self.number = ""

    def text(self) -> str:
        """Return the words, with a line of underscores for each underlined space."""
        made: list[str] = []
        for text, underlined in _joined(self.pieces):
            empty = underlined and not text.strip()
            made.append(
                LINE if empty and len(text.expandtabs(4)) > 1 else _filled(text) if underlined else text
            )
        return "".join(made)


def _joined(pieces: list[tuple[str, bool]]) -> Iterator[tuple[str, bool]]:
    """Yield runs of the same look as one; Word cuts them anywhere."""
    text, look = "", False
    for piece, underlined in pieces:
        if underlined != look and text:
            yield text, look
            text = ""
        text, look = text + piece, underlined
    if text:
        yield text, look


def _filled(text: str) -> str:
    """Return underlined words as words, but a number written on a line as such, for that is a filled gap."""
    figure = re.fullmatch(r"\s+(\d+(?:\.\d+)?)\s+", text)
    return f"__{figure[1]}__" if figure else text


@dataclass(slots=True)
class _Control:
    """A content control being read: its kind, and whether it only shows what to fill in."""

    kind: str = ""
    empty: bool = False


class _Cells:
    """A table being read."""

    def __init__(self) -> None:
        self.rows: list[list[str]] = []

    def table(self, place: str) -> Table | None:
        """Return the table with rows of one length, or None where it says nothing."""
        width = max((len(row) for row in self.rows), default=0)
        rows = tuple((*row, *[""] * (width - len(row))) for row in self.rows)
        return Table(rows, place) if any(any(row) for row in rows) else None


class Body(Events):
    """Collects the paragraphs and tables of a part, tracked changes accepted."""

    def __init__(self, numbers: Numbers) -> None:
        self.blocks: list[Paragraph | Table] = []
        self.marks: dict[str, int] = {}
        self._numbers = numbers
        self._lines: list[_Line] = []
        self._tables: list[_Cells] = []
        self._total = self._count = self._gone = self._telling = 0
        self._underlined = self._hidden = self._on = False
        self._field = ""
        self._choices: list[str] = []
        self._result: list[str] | None = None
        self._controls: list[_Control] = []

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        """Take the start of an element."""
        name = local(tag)
        if name in TRACKED | BESIDE.keys() | {"altChunk"} and (name != "vanish" or is_on(attributes)):
            self.marks[name] = self.marks.get(name, 0) + 1
        if self._gone or name in GONE or name == "Fallback":
            self._gone += 1
        elif name in {"p", "tbl", "tr", "tc", "r", "t", "sdt"}:
            getattr(self, f"_start_{name}")()
        else:
            self._detail(name, attributes)

    def _start_p(self) -> None:
        self._lines.append(_Line())

    def _start_tbl(self) -> None:
        self._tables.append(_Cells())

    def _start_tr(self) -> None:
        if self._tables:
            self._tables[-1].rows.append([])

    def _start_tc(self) -> None:
        if self._tables and self._tables[-1].rows:
            self._tables[-1].rows[-1].append("")

    def _start_r(self) -> None:
        self._underlined = self._hidden = False

    def _start_t(self) -> None:
        self._telling += 1

    def _start_sdt(self) -> None:
        self._controls.append(_Control())

    def _detail(self, name: str, attributes: Mapping[str, str]) -> None:
        if name == "u":
            self._underlined = value(attributes, "val") not in {"none", ""}
        elif name == "vanish":
            self._hidden = is_on(attributes)
        elif name in {"tab", "br", "cr", "noBreakHyphen", "sym"} and self._lines:
            self._sign(name, attributes)
        elif name in {"pStyle", "ilvl", "numId"} and self._lines:
            line = self._lines[-1]
            setattr(
                line, {"pStyle": "style", "ilvl": "level", "numId": "number"}[name], value(attributes, "val")
            )
        else:
            self._fields(name, attributes)

    def _sign(self, name: str, attributes: Mapping[str, str]) -> None:
        if name == "sym":
            code = value(attributes, "char").upper()
            self._say(_SIGNS.get(code[-2:], "□") if code else "")
        elif name == "tab" and "val" not in {key.rpartition("}")[2] for key in attributes}:
            self._say("\t")
        else:
            self._say({"br": "\n", "cr": "\n", "noBreakHyphen": "-"}.get(name, ""))

    def _fields(self, name: str, attributes: Mapping[str, str]) -> None:
        if name == "fldChar":
            self._turn(value(attributes, "fldCharType"))
        elif name in _FIELDS:
            self._field = name
        elif name in {"default", "checked"} and self._field == "checkBox":
            self._on = is_on(attributes)
        elif name in {"listEntry", "listItem"}:
            text = value(attributes, "displayText") or value(attributes, "val")
            self._choices.append(text)
        elif self._controls:
            self._controlled(name)

    def _controlled(self, name: str) -> None:
        """Follow a content control: what it shows while nobody has filled it in is no text of the form."""
        control = self._controls[-1]
        if name == "showingPlcHdr":
            control.empty = True
        elif name in {"dropDownList", "comboBox", "date"}:
            control.kind = name
        elif name == "sdtContent" and control.empty:
            self._result = []

    def _turn(self, kind: str) -> None:
        """Follow a form field: it begins with its kind, and its result stands between two marks."""
        if kind == "separate" and self._field:
            self._result = []
        elif kind == "end" and self._field:
            shown = "".join(self._result or []).strip()
            self._result, kept = None, self._field
            self._field = ""
            self._say(self._field_text(kept, shown))
            self._choices, self._on = [], False

    def _field_text(self, kind: str, shown: str) -> str:
        if kind == "checkBox":
            return TICKED if self._on else BOX
        if kind == "ddList":
            return _boxes(self._choices)
        return shown or LINE

    def end(self, tag: str) -> None:
        """Take the end of an element."""
        name = local(tag)
        if self._gone:
            self._gone -= 1
        elif name in {"p", "tbl", "t", "sdt"}:
            getattr(self, f"_end_{name}")()

    def _end_t(self) -> None:
        self._telling -= 1

    def _end_sdt(self) -> None:
        control = self._controls.pop() if self._controls else _Control()
        choices, self._choices = self._choices, []
        if control.empty:
            self._result = None
            text = DATE if control.kind == "date" else _boxes(choices)
            (self._say if self._lines else self._paragraph)(text)

    def _end_p(self) -> None:
        line = self._lines.pop() if self._lines else _Line()
        number = self._numbers.next(line.style, line.number, line.level) if line.text().strip() else ""
        heading = self._numbers.heading(line.style)
        for text in line.text().split("\n"):
            self._paragraph(text, number, heading)
            number = ""

    def _paragraph(self, text: str, number: str = "", heading: int = 0) -> None:
        text = text.strip()
        self._total += 1
        if self._total > MAX_PARAGRAPHS:
            raise FormError(MANY.format(MAX_PARAGRAPHS, MAX_PARAGRAPHS))
        if self._tables:
            self._in_cell(f"{number}{text}")
            return
        self._count += 1
        if text:
            self.blocks.append(Paragraph(text, f"第{self._count}段", number, heading))

    def _in_cell(self, text: str) -> None:
        row = self._tables[-1].rows[-1] if self._tables[-1].rows else []
        if row and text:
            row[-1] = f"{row[-1]} {text}".strip()

    def _end_tbl(self) -> None:
        made = self._tables.pop() if self._tables else _Cells()
        if self._tables:  # a table inside a cell: its words stay in that cell
            for row in made.rows:
                for cell in row:
                    self._paragraph(cell)
            return
        count = sum(isinstance(block, Table) for block in self.blocks) + 1
        table = made.table(f"表{count}")
        if table:
            self.blocks.append(table)

    def data(self, text: str) -> None:
        """Take words, but those taken out by a tracked change."""
        if self._telling and not self._gone:
            self._say(text)

    def _say(self, text: str) -> None:
        if self._result is not None:
            self._result.append(text)
        elif self._lines and not self._hidden:
            self._lines[-1].pieces.append((text, self._underlined))


def _boxes(choices: list[str]) -> str:
    return "　".join(BOX + choice for choice in choices if choice) or LINE
