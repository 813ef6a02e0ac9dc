"""Take a mapping apart by a list of the keys it may have, with a problem for each misfit."""

from __future__ import annotations

import difflib
from typing import TYPE_CHECKING, Any

from pledge.read import Mapping, Node, Scalar, Sequence

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from pledge.problem import Problem

Take = dict[str, tuple[str, bool]]
"""Key to the form its value has (a name in FORMS) and whether it is required."""


class MisshapenError(ValueError):
    """A node has another form than the one asked for; the message says which is wanted."""


def _text(node: Node) -> str:
    if not isinstance(node, Scalar) or node.empty:
        raise MisshapenError("一段文字")
    return node.text


def _texts(node: Node) -> tuple[str, ...]:
    if not isinstance(node, Sequence):
        raise MisshapenError("一个列表，如 [甲, 乙]")
    return tuple(_text(item) for item in node.items)


def _pairs(node: Node) -> dict[str, str]:
    if not isinstance(node, Mapping):
        raise MisshapenError("若干“名称: 值”")
    return {key: _text(entry) for key, entry in node.entries.items()}


def _flag(node: Node) -> bool:
    if not isinstance(node, Scalar) or node.text not in {"true", "false"}:
        raise MisshapenError("true 或者 false")
    return node.text == "true"


def _whole(node: Node) -> int:
    if not isinstance(node, Scalar) or not node.text.isascii() or not node.text.isdigit():
        raise MisshapenError("一个整数")
    return int(node.text[:9])


def _node(node: Node) -> Node:
    return node


def _mapping(node: Node) -> Mapping:
    if not isinstance(node, Mapping):
        raise MisshapenError("若干“名称: 值”")
    return node


def _list(node: Node) -> Sequence:
    if not isinstance(node, Sequence):
        raise MisshapenError("一个列表，如 [甲, 乙]")
    return node


FORMS: dict[str, Callable[[Node], Any]] = {
    "text": _text,
    "texts": _texts,
    "pairs": _pairs,
    "flag": _flag,
    "whole": _whole,
    "node": _node,
    "mapping": _mapping,
    "list": _list,
}


def take(node: Node | None, wanted: Take, *, rule: str, what: str, problems: list[Problem]) -> dict[str, Any]:
    """Return the values of *node* by key, in Python form; misfits are added to *problems*."""
    if not isinstance(node, Mapping):
        if node is not None:
            problems.append(node.place.problem(f"{what}应当是若干“名称: 值”", rule))
        return {}
    taken: dict[str, Any] = {}
    for key, entry in node.entries.items():
        if key not in wanted:
            hint = nearest(key, wanted)
            problems.append(node.keys[key].place.problem(f"{what}没有“{key}”这一项{hint}", rule))
            continue
        try:
            taken[key] = FORMS[wanted[key][0]](entry)
        except MisshapenError as error:
            problems.append(entry.place.problem(f"{what}的“{key}”应当是{error}", rule))
    missing = [key for key, (_, needed) in wanted.items() if needed and key not in node.entries]
    problems.extend(node.place.problem(f"{what}缺少“{key}”", rule) for key in missing)
    return taken


def nearest(name: str, known: Iterable[str], prefix: str = "") -> str:
    """Return a hint that names the known name nearest to *name*, after *prefix*, or nothing."""
    close = difflib.get_close_matches(name, list(known), 1, 0.6)
    return f"（是不是“{prefix}{close[0]}”？）" if close else ""
