"""Draft entries of the catalogue for the gaps that none of its blanks fits.

What only a person can say, the direction and the clock, is left out: the catalogue's own check asks for it.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

from pledge.problem import legible
from pledge.quantity import TIME_UNITS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pledge.forms.matching import Slot

NONE = "# 没有新的空白：表单里的空，目录里都有。\n"
_HEAD = """# 由旧表单导入的初稿。放进项目时改名为 catalogue/blanks/{topic}.yml。
# 每个空白还要由人补上：better（数值变大、变小对客户是好是坏；没有好坏的写 none，再写 why）；
# 期限还要写 starts（从何时起）、ends（到何时止）、calendar（按什么计算）。
label: {label}
blanks:
"""
_EXAMPLES = {
    "duration": "2{unit}",
    "money": "100元",
    "percent": "5%",
    "count": "2{unit}",
    "date": "2026-12-01",
    "hours": "周一至周日 8:00-20:00",
    "phone": "400-000-0000",
    "email": "service@example.com",
    "text": "示例",
}


def entries(slots: Iterable[Slot], topic: str, title: str) -> str:
    """Return the YAML of the new blanks, each once, or a remark that there are none."""
    new: dict[str, Slot] = {}
    for slot in slots:
        if not slot.known:
            new.setdefault(slot.blank, slot)
    if not new:
        return NONE
    lines = (line for name, slot in new.items() for line in _entry(name.partition(".")[2], slot))
    return _HEAD.format(topic=topic, label=_quoted(title)) + "\n".join(lines) + "\n"


def kind(slot: Slot) -> str:
    """Return the kind of blank that the form of a gap asks for."""
    around = slot.around
    if around.columns:
        return "table"
    if around.options:
        return "choice"
    if around.shape != "text":
        return around.shape
    if around.units:
        return _measured(around.units)
    return "email" if re.search("邮箱|邮件", slot.label) else "phone" if "电话" in slot.label else "text"


def _measured(units: tuple[str, ...]) -> str:
    if set(units) <= set(TIME_UNITS):
        return "duration"
    if set(units) <= {"元", "万元"}:
        return "money"
    return "percent" if units == ("%",) else "count"


def _entry(name: str, slot: Slot) -> Iterator[str]:
    what = kind(slot)
    yield f"  {name}:  # {slot.place}：{legible(slot.quote)}"
    yield f"    label: {_quoted(slot.label)}"
    yield f"    kind: {what}"
    if slot.around.units:
        yield f"    units: [{', '.join(map(_quoted, slot.around.units))}]"
    if what == "choice":
        yield "    options:"
        options = dict.fromkeys(slot.around.options)
        yield from (f"      {_quoted(option)}: {_quoted(option)}" for option in options)
        yield f"    example: {_quoted(slot.around.options[0])}"
    elif what == "table":
        yield from _columns(slot.around.columns)
    else:
        yield f"    example: {_quoted(_EXAMPLES[what].format(unit=(*slot.around.units, '')[0]))}"


def _columns(columns: tuple[str, ...]) -> Iterator[str]:
    names = [f"column_{place}" for place in range(1, len(columns) + 1)]
    yield f"    key: {names[0]}"
    yield "    columns:"
    for name, column in zip(names, columns, strict=True):
        yield f"      {name}: {{label: {_quoted(column)}, kind: text}}"
    row = ", ".join(f"{name}: 示例" for name in names)
    yield f"    example: [{{{row}}}]"


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)
