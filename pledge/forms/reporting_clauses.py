"""The part of a report on the clauses: numbers that changed, clauses without one, and references."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pledge.forms.cells import cell, glimpse
from pledge.forms.gaps import digits

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pledge.forms.draft import Imported

_REFERENCE = re.compile(r"(?<!》)第(?:[一二三四五六七八九十百]{1,5}|\d{1,3}(?:\.\d{1,3})*)[条款章]")


def clauses(made: Imported) -> Iterator[str]:
    """Yield the lines on the clauses and their numbers."""
    yield "## 五、条款和编号"
    yield ""
    yield "编号由网站自动写出。次序变了的条款："
    yield ""
    changed = [
        (old, made.numbers.get(name, ""), name, text)
        for old, name, text in made.draft.ids
        if old and not _same(old, made.numbers.get(name, ""))
    ]
    if changed:
        yield "| 旧编号 | 新编号 | 标识 | 开头的字 |"
        yield "| --- | --- | --- | --- |"
    for old, new, name, text in changed:
        yield f"| {cell(old)} | {new} | `#{name}` | {glimpse(text)} |"
    if not changed:
        yield "没有（下层的条款前面会加上上层的编号，如（一）成为1.1）。"
    yield ""
    if made.draft.unnumbered:
        yield "下列文字原来没有编号，已按次序编成款；请确认各在其位："
        yield ""
    for place, text in made.draft.unnumbered:
        yield f"- {place}：{glimpse(text)}"
    if made.draft.unnumbered:
        yield ""
    for place in made.draft.flattened:
        yield f"- 层次太深：{place}，保障书最多四层，已提到第四层。"
    yield from _references(made)
    untitled = [
        place
        for place, line in zip(made.draft.places, made.draft.lines, strict=True)
        if "（标题待拟）" in line
    ]
    for place in untitled:
        yield f"- 没有标题：{place}，这一条只有正文；在 page.md 里写上标题。"
    if made.draft.flattened or untitled:
        yield ""


def _same(old: str, new: str) -> bool:
    """Whether a clause keeps its count: （二） is the same as 3.2."""
    counts, now = _counts(old), _counts(new)
    return now[-len(counts) :] == counts


def _counts(number: str) -> list[int]:
    """Return the counts in a number, whichever figures it is written in."""
    circle = re.search("[\u2460-\u2473]", number)
    if circle:
        return [ord(circle[0]) - 0x245F]
    return [int(digits(part)) for part in re.findall(r"\d+|[一二三四五六七八九十]+", number)]


def _bare(number: str) -> str:
    return re.sub(r"[\s、.．]", "", number).replace("（", "(").replace("）", ")")


def _references(made: Imported) -> Iterator[str]:
    """Say where the form refers to clauses of its own by a number, which may be another one now."""
    known = {_bare(old): name for old, name, _ in made.draft.ids if old}
    for block in made.form.blocks:
        text = getattr(block, "text", "")
        for match in _REFERENCE.finditer(text):
            name = known.get(_bare(match[0]))
            if match.start() and name and "》" not in text[max(0, match.start() - 1) : match.start()]:
                yield f"- 提到别的条款：{block.place}的“{match[0]}”；改写成 `[](#{name})`，编号会自动跟着变。"
