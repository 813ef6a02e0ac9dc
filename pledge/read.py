"""Read a YAML file as nodes that keep their own text and place.

Every scalar stays what was written (`010-8888`, `18:30`, `NO`, `1.10`), so an edit can replace one span
and leave every other byte. What YAML allows but a reviewer cannot see at a glance is refused: anchors,
aliases, tags, several documents, deep nesting, hidden characters.
"""

from __future__ import annotations

import itertools
import re
import stat
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

import yaml

from pledge.problem import Problem, legible

if TYPE_CHECKING:
    from pathlib import Path

MAX_BYTES = 1_000_000
MAX_DEPTH = 12
MAX_HIDDEN = 50

# Control, zero-width and bidirectional characters, surrogates, private use, non-characters (Unicode 15, 23.).
HIDDEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u00ad\u061c\u115f\u1160\u180e\u200b-\u200f\u2028-\u202e"
    "\u2060-\u206f\u3164\ufeff\uffa0\ufff0-\ufffb\ufffe\uffff\ud800-\udfff\ue000-\uf8ff"
    "\U000e0000-\U000e0fff\U000f0000-\U0010ffff]"
)

_TABS = re.compile(r"[\t\r]")
"""What Markdown takes for other white space, so that a page would not show what the value says."""

_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class Place(NamedTuple):
    """Where something stands: lines and columns count from 1."""

    path: str
    line: int = 1
    column: int = 1

    def problem(self, message: str, rule: str, level: str = "error") -> Problem:
        """Return a problem at this place."""
        return Problem(self.path, self.line, self.column, legible(message), rule, level)


class Scalar(NamedTuple):
    """A scalar as written; *start* and *end* are offsets in characters, quotes included."""

    text: str
    place: Place
    start: int
    end: int
    plain: bool

    @property
    def empty(self) -> bool:
        """Whether nothing is written: an empty or null plain scalar."""
        return self.plain and self.text in {"", "~", "null", "Null", "NULL"}


@dataclass(frozen=True, slots=True)
class Sequence:
    """A list of nodes."""

    items: list[Node]
    place: Place


@dataclass(frozen=True, slots=True)
class Mapping:
    """Nodes by key; `keys` holds the key's own node."""

    entries: dict[str, Node]
    keys: dict[str, Scalar]
    place: Place


Node: TypeAlias = Scalar | Sequence | Mapping


@dataclass(frozen=True, slots=True)
class Document:
    """A file as read: `root` is None where it could not be read or is empty."""

    path: str
    text: str
    root: Node | None
    problems: list[Problem] = field(default_factory=list)

    @property
    def mapping(self) -> Mapping:
        """The root as a mapping: an empty one where the file holds something else."""
        return self.root if isinstance(self.root, Mapping) else Mapping({}, {}, Place(self.path))


def read(path: Path, root: Path) -> Document:
    """Return the YAML file at *path*, named relative to *root*; never raises for its contents."""
    name = relative(path, root)
    text, problems = read_text(path, name)
    if text is None:
        return Document(name, "", None, problems)
    return parse(text, name)


def read_text(path: Path, name: str) -> tuple[str | None, list[Problem]]:
    """Return the text of a file, or None and the problem that kept it from being read."""
    place = Place(name)
    try:
        status = path.stat()
        # A pipe or a device may never end, so it is not even opened.
        data = path.read_bytes() if stat.S_ISREG(status.st_mode) and status.st_size <= MAX_BYTES else None
    except OSError as error:
        reason = "没有这个文件" if isinstance(error, FileNotFoundError) else "文件打不开"
        return None, [place.problem(f"{reason}；检查文件名、类型和权限", "unreadable")]
    if data is None and not stat.S_ISREG(status.st_mode):
        return None, [place.problem("文件打不开；检查文件名、类型和权限", "unreadable")]
    if data is None:
        return None, [place.problem("文件超过1 MB；请拆分或者删去无关内容", "too-large")]
    try:
        return data.decode("utf-8"), []
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        message = "文件不是 UTF-8 编码；用编辑器另存为 UTF-8"
        return None, [Place(name, line).problem(message, "not-utf8")]


def relative(path: Path, root: Path) -> str:
    """Return *path* as a problem names it: relative to the project where it lies inside.

    What cannot be printed on one line of UTF-8 is written as an escape.
    """
    try:
        path = path.resolve().relative_to(root.resolve())
    except (ValueError, RuntimeError):  # a link to elsewhere, or a loop of links before Python 3.13
        path = path.relative_to(root) if path.is_relative_to(root) else path
    name = path.as_posix()
    return legible(name)


def parse(text: str, path: str, first_line: int = 1) -> Document:
    """Return the YAML in *text*; *first_line* is the number of its first line in the file."""
    problems = list(hidden_characters(text, path, first_line))
    if problems:
        return Document(path, text, None, problems)
    bare = text.removeprefix("\ufeff")  # YAML's marks do not count it, an editor's offsets do
    builder = _Builder(path, first_line, len(text) - len(bare))
    try:
        for event in yaml.parse(bare, Loader=_Loader):
            builder.take(event)
    except yaml.YAMLError as error:
        builder.problems.append(_broken(error, text, path, first_line))
        return Document(path, text, None, builder.problems)
    except _RefusedError:
        return Document(path, text, None, builder.problems)
    return Document(path, text, builder.root, builder.problems)


def hidden_characters(text: str, path: str, first_line: int = 1) -> list[Problem]:
    """Return a problem for each character in *text* that a reader cannot see, at most MAX_HIDDEN."""
    found = []
    start = 1 if text.startswith("\ufeff") else 0
    for match in itertools.islice(HIDDEN.finditer(text, start), MAX_HIDDEN):
        before = text[: match.start()]
        place = Place(path, first_line + before.count("\n"), match.start() - before.rfind("\n"))
        found.append(
            place.problem(f"含有看不见的字符 U+{ord(match.group()):04X}；删去它再保存", "hidden-character")
        )
    return found


def hidden_in(value: str) -> re.Match[str] | None:
    """Return the first character of *value* that a page would not show, or None."""
    return HIDDEN.search(value) or _TABS.search(value)


def _broken(error: yaml.YAMLError, text: str, path: str, first_line: int) -> Problem:
    mark = getattr(error, "problem_mark", None)
    line, column = (mark.line, mark.column) if mark else (0, 0)
    lines = text.splitlines()
    tabbed = "\t" in (lines[line] if line < len(lines) else "")
    message = (
        "缩进用了制表符；改用空格"
        if tabbed
        else "不符合 YAML 的写法；检查这一行和上一行：冒号后要有空格，缩进要对齐，引号要成对"
    )
    return Place(path, first_line + line, column + 1).problem(message, "not-yaml")


class _RefusedError(Exception):
    """Raised to stop reading a file whose rest means nothing."""


class _Builder:
    """Build nodes from parser events, without composing YAML's own nodes first."""

    def __init__(self, path: str, first_line: int, offset: int) -> None:
        self.path = path
        self.offset = offset
        self.first_line = first_line
        self.root: Node | None = None
        self.problems: list[Problem] = []
        self._open: list[tuple[Sequence | Mapping, list[Scalar]]] = []
        self._documents = 0

    def take(self, event: yaml.Event) -> None:
        if getattr(event, "anchor", None):  # an alias has one too
            self._refuse(event, "不支持 YAML 的锚点和引用（& 和 *）；直接写出值，或者给它加引号")
        elif isinstance(event, yaml.ScalarEvent):
            self._scalar(event)
        elif isinstance(event, yaml.CollectionStartEvent):
            self._start(event)
        elif isinstance(event, yaml.CollectionEndEvent):
            self._add(self._open.pop()[0])
        elif isinstance(event, yaml.DocumentStartEvent):
            self._documents += 1
            if self._documents > 1:
                self._refuse(event, "一个文件只能有一份内容；删去多余的“---”")

    def _place(self, event: yaml.Event) -> Place:
        mark = event.start_mark
        line, column = (mark.line, mark.column) if mark else (0, 0)
        return Place(self.path, line + self.first_line, column + 1)

    def _refuse(self, event: yaml.Event, message: str) -> None:
        self.problems.append(self._place(event).problem(message, "yaml-feature"))
        raise _RefusedError

    def _scalar(self, event: yaml.ScalarEvent) -> None:
        place = self._place(event)
        if event.tag:
            self._refuse(event, "不支持 YAML 的类型标记（!）；给这个值加引号")
        # What the text itself shows was looked for in the text; an escape in double quotes brings in more.
        hidden = hidden_in(event.value) if event.style == '"' else _TABS.search(event.value)
        if hidden:
            message = f"含有看不见的字符 U+{ord(hidden.group()):04X}；删去它再保存"
            self.problems.append(place.problem(message, "hidden-character"))
        self._add(
            Scalar(
                event.value,
                place,
                self.offset + (event.start_mark.index if event.start_mark else 0),
                self.offset + (event.end_mark.index if event.end_mark else 0),
                plain=not event.style,
            )
        )

    def _start(self, event: yaml.CollectionStartEvent) -> None:
        if event.tag:
            self._refuse(event, "不支持 YAML 的类型标记（!）；删去它")
        if len(self._open) >= MAX_DEPTH:
            self._refuse(event, f"嵌套超过{MAX_DEPTH}层；检查缩进和括号")
        place = self._place(event)
        is_list = isinstance(event, yaml.SequenceStartEvent)
        self._open.append((Sequence([], place) if is_list else Mapping({}, {}, place), []))

    def _add(self, node: Node) -> None:
        if not self._open:
            self.root = node
            return
        parent, pending = self._open[-1]
        if isinstance(parent, Sequence):
            parent.items.append(node)
        elif not pending:
            self._key(node, pending)
        else:
            self._entry(parent, pending.pop(), node)

    def _key(self, node: Node, pending: list[Scalar]) -> None:
        if not isinstance(node, Scalar):
            message = "键只能是一个词；若要写花括号或方括号，请加引号"
            self.problems.append(node.place.problem(message, "yaml-feature"))
            raise _RefusedError
        pending.append(node)

    def _entry(self, parent: Mapping, key: Scalar, node: Node) -> None:
        if key.text in parent.entries:
            first = parent.keys[key.text].place.line
            message = f"“{key.text}”写了两次（第一次在第{first}行）；删去一处"
            self.problems.append(key.place.problem(message, "duplicate-key"))
            return
        parent.entries[key.text] = node
        parent.keys[key.text] = key
