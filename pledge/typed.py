"""A node of a variable file as a typed value of its blank, or the problems that keep it from being one."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pledge.kinds import KINDS, MAX_TEXT, MisreadError, odd_phone
from pledge.read import Mapping, Node, Place, Scalar, Sequence
from pledge.shape import nearest

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pledge.entries import Blank
    from pledge.problem import Problem

MAX_ROWS = 500


@dataclass(frozen=True, slots=True)
class Value:
    """What fills a blank: `data` is typed (a tuple for a list, a tuple of rows for a table)."""

    blank: Blank
    data: Any
    place: Place

    @property
    def text(self) -> str:
        """The value as it is printed: `2小时`, `2026年12月1日`, list items joined by 、."""
        if self.blank.kind == "list":
            return "、".join(self.data)
        return KINDS[self.blank.kind].show(self.data)

    @property
    def machine(self) -> str:
        """The value for machines: an ISO 8601 date or duration, a plain number of yuan, else the text."""
        if self.blank.kind == "list":
            return self.text
        return KINDS[self.blank.kind].machine(self.data)

    @property
    def calendar(self) -> str:
        """By which calendar a time runs; empty for what is not a time."""
        if self.blank.kind != "duration":
            return ""
        return self.blank.clock(self.data.unit)


Row = dict[str, Value]


def typed(blank: Blank, node: Node, problems: list[Problem]) -> Any:  # noqa: ANN401  as above
    """Return what *node* says in the form of *blank*'s kind, or None with a problem added."""
    if blank.kind == "table":
        return _table(blank, node, problems)
    if blank.kind == "list":
        return _list(blank, node, problems)
    return _scalar(blank, node, problems)


def _scalar(blank: Blank, node: Node, problems: list[Problem]) -> Any:  # noqa: ANN401  as above
    if not isinstance(node, Scalar):
        message = f"{blank.label}应当只有一个值，种类是{KINDS[blank.kind].label}"
        problems.append(node.place.problem(message, "wrong-kind"))
        return None
    if node.empty:
        message = f"{blank.label}没有填；填写，或者删去这一行"
        if blank.kind == "color":  # YAML takes what follows a bare # for a comment
            message += '；颜色要加引号，写成如“"#1d3557"”'
        problems.append(node.place.problem(message, "empty-value"))
        return None
    try:
        data = _parsed(blank, node)
    except MisreadError as error:
        problems.append(node.place.problem(f"{blank.label}：{error}", error.rule, error.level))
        return node.text if error.level == "warning" else None
    if blank.kind == "phone" and odd_phone(node.text):
        message = f"{blank.label}：“{node.text}”不像常见的电话号码；核对后再发布"
        problems.append(node.place.problem(message, "odd-phone", "warning"))
    return data


def _parsed(blank: Blank, node: Scalar) -> Any:  # noqa: ANN401  as above
    if len(node.text) > MAX_TEXT:
        raise MisreadError(f"文字超过{MAX_TEXT}个字；删短，细节写进正文")
    if blank.kind == "choice" and node.text not in blank.options:
        shown = "、".join(blank.options)
        raise MisreadError(f"没有“{node.text}”这个选项；可选：{shown}", "unknown-option")
    return KINDS[blank.kind].parse(node.text, blank.units)


def _list(blank: Blank, node: Node, problems: list[Problem]) -> tuple[str, ...] | None:
    if not isinstance(node, Sequence) or not node.items:
        message = f"{blank.label}应当是一个列表，写成如“[甲, 乙]”"
        problems.append(node.place.problem(message, "wrong-kind"))
        return None
    if len(node.items) > MAX_ROWS:
        message = f"{blank.label}超过{MAX_ROWS}项；合并成较少的几项"
        problems.append(node.place.problem(message, "too-large"))
        return None
    items = [_scalar(_item(blank), item, problems) for item in node.items]
    for position, item in enumerate(items):
        if item is not None and item in items[:position]:
            place = node.items[position].place
            problems.append(place.problem(f"{blank.label}：“{item}”写了两次；删去一处", "duplicate-item"))
    return tuple(item for item in items if item is not None) or None


def _item(blank: Blank) -> Blank:
    return type(blank)(id=blank.id, place=blank.place, label=blank.label, kind="text")


def _table(blank: Blank, node: Node, problems: list[Problem]) -> tuple[Row, ...] | None:
    if not isinstance(node, Sequence) or not node.items:
        columns = "、".join(blank.columns)
        message = f"{blank.label}应当是一个列表，每行以“- ”开头，列有：{columns}"
        problems.append(node.place.problem(message, "wrong-kind"))
        return None
    if len(node.items) > MAX_ROWS:
        message = f"{blank.label}超过{MAX_ROWS}行；拆分产品大类，或者合并相同的行"
        problems.append(node.place.problem(message, "too-large"))
        return None
    rows = [_row(blank, item, problems) for item in node.items]
    problems.extend(_repeated(blank, [row for row in rows if row]))
    problems.extend(_not_rising(blank, [row for row in rows if row]))
    return tuple(row for row in rows if blank.key in row) or None


def _row(blank: Blank, node: Node, problems: list[Problem]) -> Row:
    if not isinstance(node, Mapping):
        columns = "、".join(blank.columns)
        message = f"{blank.label}的每一行写成“{{列: 值}}”，列有：{columns}"
        problems.append(node.place.problem(message, "wrong-kind"))
        return {}
    row: Row = {}
    for name, entry in node.entries.items():
        if name not in blank.columns:
            message = f"{blank.label}没有“{name}”这一列{nearest(name, blank.columns)}"
            problems.append(node.keys[name].place.problem(message, "unknown-column"))
            continue
        data = typed(blank.columns[name], entry, problems)
        if data is not None:
            row[name] = Value(blank.columns[name], data, entry.place)
    for name, column in blank.columns.items():
        if name not in node.entries and not column.optional:
            message = f"{blank.label}的这一行缺少“{name}”（{column.label}）"
            problems.append(node.place.problem(message, "missing-column"))
    return row


def _repeated(blank: Blank, rows: list[Row]) -> Iterator[Problem]:
    seen: dict[str, int] = {}
    for row in rows:
        value = row.get(blank.key)
        if value is None:
            continue
        if value.text in seen:
            message = f"{blank.label}有两行“{value.text}”（另一行在第{seen[value.text]}行）；合并成一行"
            yield value.place.problem(message, "duplicate-row")
        seen.setdefault(value.text, value.place.line)


def _not_rising(blank: Blank, rows: list[Row]) -> Iterator[Problem]:
    last: Value | None = None
    for value in (row[blank.rising] for row in rows if blank.rising in row):
        if not isinstance(value.data, datetime.date):
            return
        if last is not None and value.data <= last.data:
            label = value.blank.label
            message = f"{label}{value.text}不晚于上一行的{last.text}；按先后顺序排列"
            yield value.place.problem(message, "not-rising")
        last = value
