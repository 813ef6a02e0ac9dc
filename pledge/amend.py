"""Change values in the text of a variable file, and nothing else: every other byte stays.

A changed value replaces its own span; one that was not there gets a line where the catalogue's order puts
it; one that is gone takes its line with it, and the last one of a topic takes the topic.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import TYPE_CHECKING, TypeAlias

from pledge.read import Mapping, Node, Scalar, Sequence

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from pledge.catalogue import Catalogue
    from pledge.entries import Blank
    from pledge.read import Document, Place
    from pledge.typed import Value

Said: TypeAlias = str | tuple[str, ...] | tuple[dict[str, str], ...]
"""A value as it is written: a text, the items of a list, or the rows of a table by column."""

Notes: TypeAlias = dict[str, str]
"""What is said in a comment behind a new line, by topic and blank."""

_BREAK = re.compile(r"\r\n|\n|\r")
# What YAML 1.1 takes for something else than text (yaml.org/type: null, bool, int, float).
_OTHER = re.compile(
    r"~|null|true|false|yes|no|on|off|y|n|[-+]?(\d[\d_]*)?\.?\d[\d_]*\.?([eE][-+]?\d+)?|0x[\da-f_]+"
    r"|[-+]?\.(inf|nan)|[-+]?\d[\d_]*(:[0-5]?\d)+(\.\d*)?",
    re.IGNORECASE | re.ASCII,
)
_START = re.compile(r"[-?:,\[\]{}#&*!|>'\"%@`=<\s]")
_INSIDE = re.compile(r":\s|\s#|[:\s]$|[\t\r\n]")
_IN_FLOW = re.compile(r"[,\[\]{}:?]")


def said(value: Value) -> Said:
    """Return *value* as it is written in a variable file: `2小时`, `2026-12-01`, an option by its name."""
    if value.blank.kind == "table":
        return tuple(
            {name: str(row[name].data) for name in value.blank.columns if name in row} for row in value.data
        )
    return value.data if value.blank.kind == "list" else str(value.data)


def amended(
    document: Document,
    catalogue: Catalogue,
    wanted: dict[str, Said | None],
    notes: Notes | None = None,
) -> str:
    """Return the text of *document* with the blanks of *wanted* as given there, None for those to go.

    A topic or blank that gets a line of its own gets its note of *notes* as a comment behind it.
    """
    text = _Text(document, notes or {})
    text.amend(document.mapping, catalogue, wanted)
    return text.amended()


@dataclass(frozen=True, slots=True)
class _Entry:
    """An entry of a mapping or an item of a list: its name, the span of its text, and its node."""

    name: str
    start: int
    end: int
    node: Node


@dataclass(frozen=True, slots=True)
class _Holder:
    """What holds entries: whether in brackets, from where, and for a list what each begins with."""

    entries: list[_Entry]
    flow: bool
    start: int
    listed: bool = False

    @property
    def mark(self) -> str:
        """What an entry begins with: an item of a block has a dash."""
        return "- " if self.listed and not self.flow else ""


class _Text:
    """A text and the replacements collected for it."""

    def __init__(self, document: Document, notes: Notes) -> None:
        self.text = document.text
        self.notes = notes
        self.edits: list[tuple[int, int, str]] = []
        found = _BREAK.search(self.text)
        self.newline = found[0] if found else "\n"
        self.lines = [0, *(match.end() for match in _BREAK.finditer(self.text))]
        self.bom = self.text.startswith("\ufeff")

    def amended(self) -> str:
        """Return the text with all replacements made."""
        pieces, last = [], 0
        # Of what is put in the same place, the innermost was collected first and comes first.
        for start, end, new in sorted(self.edits, key=lambda edit: edit[:2]):
            pieces += [self.text[last:start], new]
            last = end
        return "".join((*pieces, self.text[last:]))

    def amend(self, root: Mapping, catalogue: Catalogue, wanted: dict[str, Said | None]) -> None:
        """Collect the replacements for *wanted*, topic by topic."""
        topics: dict[str, dict[str, Said | None]] = {}
        for blank, new in wanted.items():
            topic, _, name = blank.partition(".")
            topics.setdefault(topic, {})[name] = new
        order = {topic: _names(catalogue, topic) for topic in topics}
        kept = {topic: self._kept(root, topic, order[topic], new) for topic, new in topics.items()}
        names = [name for name in root.entries if kept.get(name, [name])]
        names += [topic for topic in topics if topic not in root.entries and kept[topic]]
        holder = self._mapping(root)

        def write(topic: str) -> str:
            lines = [self._pair(f"{topic}.{name}", topics[topic][name], holder, 4) for name in kept[topic]]
            if holder.flow:
                return f"{topic}: {{{', '.join(lines)}}}"
            return self.newline.join((f"{topic}:{self._note(topic)}", *(f"  {line}" for line in lines)))

        def revise(entry: _Entry, topic: str) -> None:
            if topic in topics:
                self._topic(entry.node, kept[topic], topics[topic], catalogue, topic)

        self._arrange(holder, names, write, revise)

    def _kept(self, root: Mapping, topic: str, order: list[str], new: dict[str, Said | None]) -> list[str]:
        """Return the names that *topic* has afterwards, in their order."""
        node = root.entries.get(topic)
        there = list(node.entries) if isinstance(node, Mapping) else []
        added = {name for name, value in new.items() if value is not None}
        return _placed([name for name in there if new.get(name, "") is not None], added, order)

    def _topic(
        self,
        node: Node,
        names: list[str],
        new: dict[str, Said | None],
        catalogue: Catalogue,
        topic: str,
    ) -> None:
        if not isinstance(node, Mapping):
            return
        holder = self._mapping(node)
        indent = self._column(holder) + 2

        def revise(entry: _Entry, name: str) -> None:
            value = new.get(name)
            if value is not None:
                self._revise(entry.node, value, catalogue.blanks[f"{topic}.{name}"], flow=holder.flow)

        def write(name: str) -> str:
            return self._pair(f"{topic}.{name}", new[name], holder, indent)

        self._arrange(holder, names, write, revise)

    def _column(self, holder: _Holder) -> int:
        """Return how far the entries of a block are indented."""
        if holder.flow or not holder.entries:
            return 0
        start = holder.entries[0].start
        return start - self._line_start(start) - (1 if self.bom and self._line_start(start) == 0 else 0)

    def _pair(self, blank: str, value: Said | None, holder: _Holder, indent: int) -> str:
        name = blank.partition(".")[2]
        note = "" if holder.flow else self._note(blank)
        if not isinstance(value, tuple):
            return f"{name}: {scalar(value or '', flow=holder.flow)}{note}"
        if holder.flow or not isinstance(value[0], dict):
            return f"{name}: [{', '.join(map(_item, value))}]{note}"
        rows = (f"{' ' * indent}- {_item(row)}" for row in value)
        return self.newline.join((f"{name}:{note}", *rows))

    def _note(self, name: str) -> str:
        return f"  # {self.notes[name]}" if name in self.notes else ""

    def _revise(self, node: Node, new: Said, blank: Blank, *, flow: bool) -> None:
        """Collect what makes *node* say *new*."""
        if isinstance(node, Scalar) and isinstance(new, str):
            self._rewrite(node, new, flow=flow)
        elif isinstance(node, Sequence) and isinstance(new, tuple):
            self._sequence(node, new, blank)

    def _rewrite(self, node: Scalar, new: str, *, flow: bool) -> None:
        if node.text.strip() == new:
            return
        first = self.text[node.start]
        quote = first if first in {'"', "'"} else ""
        self.edits.append((node.start, self._end(node), scalar(new, flow=flow, quote=quote)))

    def _sequence(
        self, node: Sequence, new: tuple[str, ...] | tuple[dict[str, str], ...], blank: Blank
    ) -> None:
        holder = self._items(node, blank.key)
        named = {row if isinstance(row, str) else row[blank.key]: row for row in new}

        def revise(entry: _Entry, name: str) -> None:
            row = named[name]
            if isinstance(entry.node, Scalar) and isinstance(row, str):
                self._rewrite(entry.node, row, flow=holder.flow)
            elif isinstance(entry.node, Mapping) and isinstance(row, dict):
                self._row(entry.node, row, blank)

        self._arrange(holder, list(named), lambda name: holder.mark + _item(named[name]), revise)

    def _row(self, node: Mapping, row: dict[str, str], blank: Blank) -> None:
        holder = self._mapping(node)
        kept = [name for name in node.entries if name in row]
        names = _placed(kept, set(row), list(blank.columns))

        def write(name: str) -> str:
            return f"{name}: {scalar(row[name], flow=holder.flow)}"

        def revise(entry: _Entry, name: str) -> None:
            if isinstance(entry.node, Scalar):
                self._rewrite(entry.node, row[name], flow=holder.flow)

        self._arrange(holder, names, write, revise)

    def _arrange(
        self,
        holder: _Holder,
        names: list[str],
        write: Callable[[str], str],
        revise: Callable[[_Entry, str], None],
    ) -> None:
        """Collect what makes *holder* have *names*: those that stay are revised, new ones written."""
        old = [entry.name for entry in holder.entries]
        for _, low, high, first, last in SequenceMatcher(None, old, names, autojunk=False).get_opcodes():
            both = min(high - low, last - first)
            pairs = zip(holder.entries[low : low + both], names[first : first + both], strict=True)
            for entry, name in pairs:
                if entry.name != name and not holder.listed:
                    self.edits.append((entry.start, entry.end, write(name)))
                else:
                    revise(entry, name)
            self._remove(holder, low + both, high)
            self._insert(holder, high, [write(name) for name in names[first + both : last]])

    def _remove(self, holder: _Holder, low: int, high: int) -> None:
        if low == high:
            return
        first, last = holder.entries[low], holder.entries[high - 1]
        following = holder.entries[high].start if high < len(holder.entries) else None
        if not holder.flow and self._opens_line(first.start):
            self.edits.append((self._line_start(first.start), self._line_end(last.end), ""))
        elif following is not None:
            self.edits.append((first.start, following, ""))
        else:
            self.edits.append((holder.entries[low - 1].end if low else first.start, last.end, ""))

    def _insert(self, holder: _Holder, at: int, new: list[str]) -> None:
        if not new:
            return
        if holder.flow:
            position = holder.entries[at - 1].end if at else holder.start
            text = "".join(f", {each}" for each in new) if at else ", ".join(new)
            ends = ", " if not at and holder.entries else ""
            self.edits.append((position, position, text + ends))
            return
        indent = " " * self._column(holder)
        if not at:
            start = holder.entries[0].start
            self.edits.append((start, start, "".join(f"{each}{self.newline}{indent}" for each in new)))
            return
        position = self._line_end(holder.entries[at - 1].end)
        ended = self.text[:position].endswith(("\n", "\r"))
        before, after = ("", self.newline) if ended else (self.newline, "")
        self.edits.append((position, position, "".join(f"{before}{indent}{each}{after}" for each in new)))

    def _mapping(self, node: Mapping) -> _Holder:
        start = self._offset(node.place)
        flow = self.text[start : start + 1] == "{"
        entries = [
            _Entry(name, node.keys[name].start, self._end(entry), entry)
            for name, entry in node.entries.items()
        ]
        return _Holder(entries, flow, start + 1)

    def _items(self, node: Sequence, key: str) -> _Holder:
        start = self._offset(node.place)
        flow = self.text[start : start + 1] == "["
        entries = []
        for item in node.items:
            begins = self._offset(item.place)
            begins = begins if flow else self.text.rfind("-", 0, begins)
            entries.append(_Entry(_name(item, key), begins, self._end(item), item))
        return _Holder(entries, flow, start + 1, listed=True)

    def _end(self, node: Node) -> int:
        """Return where the text of *node* ends; YAML counts the end of its line to a block scalar."""
        if isinstance(node, Scalar):
            return node.start + len(self.text[node.start : node.end].rstrip("\r\n"))
        start = self._offset(node.place)
        if self.text[start] in "[{":
            return self._bracket(start, node)
        return max(self._end(child) for child in _children(node))

    def _bracket(self, start: int, node: Node) -> int:
        """Return where the bracket that opens at *start* is closed; words and comments are passed over."""
        words = {each.start: each.end for each in _scalars(node) if each.end > each.start}
        position, depth = start, 0
        while position < len(self.text):
            if position in words:
                position = words[position]
                continue
            char = self.text[position]
            depth += (char in "[{") - (char in "]}")
            position = self._line_end(position) if char == "#" else position + 1
            if not depth:
                break
        return position

    def _offset(self, place: Place) -> int:
        """Return where *place* is in the text; the mark at its beginning counts for no column."""
        return self.lines[place.line - 1] + place.column - 1 + (self.bom and place.line == 1)

    def _line_start(self, position: int) -> int:
        return max(start for start in self.lines if start <= position)

    def _line_end(self, position: int) -> int:
        """Return where the line after *position* begins."""
        return min((start for start in self.lines if start > position), default=len(self.text))

    def _opens_line(self, position: int) -> bool:
        return not self.text[self._line_start(position) : position].strip("\ufeff ")


def _names(catalogue: Catalogue, topic: str) -> list[str]:
    return [name.partition(".")[2] for name in catalogue.blanks if name.startswith(f"{topic}.")]


def _placed(there: list[str], wanted: Iterable[str], order: list[str]) -> list[str]:
    """Return *there* with the rest of *wanted*, each after the nearest that comes before it in *order*."""
    made = list(there)
    for name in sorted(set(wanted) - set(there), key=order.index):
        before = [each for each in order[: order.index(name)] if each in made]
        made.insert(made.index(before[-1]) + 1 if before else 0, name)
    return made


def _name(item: Node, key: str) -> str:
    found = item.entries.get(key) if isinstance(item, Mapping) else item
    return found.text.strip() if isinstance(found, Scalar) else ""


def _children(node: Mapping | Sequence) -> list[Node]:
    return node.items if isinstance(node, Sequence) else list(node.entries.values())


def _scalars(node: Node) -> Iterator[Scalar]:
    if isinstance(node, Scalar):
        yield node
        return
    if isinstance(node, Mapping):
        yield from node.keys.values()
    for child in _children(node):
        yield from _scalars(child)


def _item(value: str | dict[str, str]) -> str:
    if isinstance(value, str):
        return scalar(value, flow=True)
    return "{" + ", ".join(f"{name}: {scalar(text, flow=True)}" for name, text in value.items()) + "}"


def scalar(text: str, *, flow: bool, quote: str = "") -> str:
    """Return *text* as a YAML scalar on one line: plain where it may be and no *quote* is wanted.

    What other readers of YAML would take for a number or a truth is quoted, though ours would not be misled.
    """
    bare = not (_START.match(text) or _INSIDE.search(text) or _OTHER.fullmatch(text) or not text)
    if bare and not quote and not (flow and _IN_FLOW.search(text)):
        return text
    if quote == "'":
        return "'" + text.replace("'", "''") + "'"
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
