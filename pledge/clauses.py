"""Numbering of clauses as a Python-Markdown extension, so it also works where the plugin does not run.

`# 标题 {: .numbering-chinese }` chooses the style; `## 服务标准 {: #service }` and list items that begin
with `{: #id }` get 第一条, 1.1, (1) as real text. `[](#service)` becomes the number of that clause.
Lines between Chinese characters are joined, so one sentence a line leaves no gaps.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from xml.etree.ElementTree import Element

from markdown.extensions import Extension
from markdown.treeprocessors import Treeprocessor
from markdown.util import AtomicString

if TYPE_CHECKING:
    from collections.abc import Iterator

    from markdown import Markdown

# Style to, for each level, how a clause is numbered and how a sentence refers to it. `c1` is the first
# level's count in Chinese figures, `n1` to `n4` are counts, `o4` is the fourth level's count in a circle.
STYLES: dict[str, tuple[tuple[str, str], ...]] = {
    "decimal": (
        ("{n1}.", "第{n1}条"),
        ("{n1}.{n2}", "第{n1}.{n2}款"),
        ("({n3})", "第{n1}.{n2}款第({n3})项"),
        ("{o4}", "第{n1}.{n2}款第({n3})项{o4}"),
    ),
    "outline": (
        ("{c1}、", "第{c1}部分"),
        ("{n1}.{n2}", "第{n1}.{n2}条"),
        ("{n1}.{n2}.{n3}", "第{n1}.{n2}.{n3}款"),
        ("({n4})", "第{n1}.{n2}.{n3}款第({n4})项"),
    ),
    "chinese": (
        ("第{c1}条", "第{c1}条"),
        ("{n1}.{n2}", "第{n1}.{n2}款"),
        ("({n3})", "第{n1}.{n2}款第({n3})项"),
        ("{o4}", "第{n1}.{n2}款第({n3})项{o4}"),
    ),
}
LEVELS = 4
DIGITS = "零一二三四五六七八九"
NOTICE = "提示"
PERMALINK = "本款的链接"

_MARK = re.compile(r"\s*\{:([^}\n]*)\}\s*")
_NEWLINE = re.compile(r"(?<![A-Za-z0-9])\n(?! *\{:) *|\n(?! *\{:) *(?![A-Za-z0-9 ])")


def number(style: str, counts: list[int]) -> tuple[str, str]:
    """Return the number of the clause at *counts* (one count a level) and the words that refer to it.

    >>> number("chinese", [12, 3])
    ('12.3', '第12.3款')
    """
    named: dict[str, str] = {f"n{level}": str(count) for level, count in enumerate(counts, 1)}
    named["c1"] = chinese(counts[0])
    if len(counts) == LEVELS:
        named["o4"] = chr(0x2460 + counts[3] - 1) if counts[3] <= 20 else f"<{counts[3]}>"  # noqa: PLR2004  Unicode has 20 circled numbers from U+2460
    form, reference = STYLES[style][len(counts) - 1]
    return form.format(**named), reference.format(**named)


def chinese(count: int) -> str:
    """Return a count below 100 in Chinese figures, as 二十一; a greater one as digits.

    >>> chinese(10), chinese(21), chinese(100)
    ('十', '二十一', '100')
    """
    if count >= 100:  # noqa: PLR2004  no text has so many clauses of one level
        return str(count)
    tens, ones = divmod(count, 10)
    head = (DIGITS[tens] if tens > 1 else "") + "十" if tens else ""
    return head + (DIGITS[ones] if ones or not tens else "")


class ClausesExtension(Extension):
    """Python-Markdown extension `pledge.clauses`; it has no options."""

    def extendMarkdown(self, md: Markdown) -> None:  # noqa: N802  Python-Markdown's name
        """Register the two steps: around inline text (20) and attribute lists (8), before toc (5)."""
        md.treeprocessors.register(_Items(md), "pledge-items", 30)
        md.treeprocessors.register(_Numbers(md), "pledge-numbers", 7)


def makeExtension(**options: object) -> ClausesExtension:  # noqa: N802  Python-Markdown's name
    """Return the extension, as Python-Markdown asks for it by module name."""
    return ClausesExtension(**options)


class _Items(Treeprocessor):
    """Join lines, make lists tight, and take the mark at the start of an item as its attributes."""

    def run(self, root: Element) -> None:
        for item in list(root.iter("li")):
            _tighten(item)
            _attributes(item)
        for element in root.iter():
            if element.tag not in {"pre", "code"}:
                element.text = _joined(element.text)
            element.tail = _joined(element.tail)


def _joined(text: str | None) -> str | None:
    if not text or isinstance(text, AtomicString) or not text.strip():
        return text
    return _NEWLINE.sub("", text)


def _tighten(item: Element) -> None:
    first = item[0] if len(item) else None
    if first is not None and first.tag == "p" and not (item.text or "").strip():
        item.remove(first)
        item.text = (first.text or "") + (first.tail or "").rstrip()


def _attributes(item: Element) -> None:
    mark = _MARK.match(item.text or "")
    if not mark:
        return
    item.text = (item.text or "")[mark.end() :]
    for part in mark[1].split():
        if part.startswith("#"):
            item.set("id", part[1:])
        elif part.startswith("."):
            item.set("class", f"{item.get('class', '')} {part[1:]}".strip())


class _Numbers(Treeprocessor):
    """Write the numbers, mark notices, and fill the references."""

    def run(self, root: Element) -> None:
        style = _style(root)
        if not style:
            return
        references: dict[str, str] = {}
        for element, counts in _walk(root):
            text, reference = number(style, counts)
            references[element.get("id", "")] = reference
            _write(element, text)
        for link in root.iter("a"):
            target = link.get("href", "")
            if target.startswith("#") and not (link.text or len(link)):
                link.text = references.get(target[1:], "")


def _style(root: Element) -> str:
    for heading in root.iter("h1"):
        for name in heading.get("class", "").split():
            if name.removeprefix("numbering-") in STYLES:
                return name.removeprefix("numbering-")
    return ""


def _walk(root: Element) -> Iterator[tuple[Element, list[int]]]:
    counts: list[int] = []
    depth = 0
    for element in root:
        if re.fullmatch("h[2-5]", element.tag):
            depth = int(element.tag[1]) - 1
            counts = counted(counts, depth)
            yield element, counts
        elif element.tag == "ol" and depth:
            for item, inner in _items(element, counts, depth + 1):
                counts = inner
                yield item, inner


def _items(listing: Element, counts: list[int], level: int) -> Iterator[tuple[Element, list[int]]]:
    listing.set("class", f"clauses level-{min(level, LEVELS)}")
    for item in listing.findall("li"):
        counts = counted(counts, min(level, LEVELS))
        yield item, counts
        for inner in item.findall("ol"):
            yield from _items(inner, counts, level + 1)


def counted(counts: list[int], level: int) -> list[int]:
    """Return the counts of the next clause at *level* after the one at *counts*.

    >>> counted([2, 3], 1)
    [3]
    """
    padded = [*counts, *[0] * level][:level]
    padded[-1] += 1
    return [max(count, 1) for count in padded]


def _write(element: Element, text: str) -> None:
    label = Element("span", {"class": "clause-number"})
    label.text = AtomicString(text)
    label.tail = ("" if text.endswith("、") else " ") + (element.text or "").lstrip()
    element.text = ""
    element.insert(0, label)
    if "notice" in element.get("class", "").split():
        mark = Element("strong", {"class": "notice-mark"})
        mark.text = AtomicString(NOTICE)
        mark.tail, label.tail = label.tail, " "
        element.insert(1, mark)
    if element.tag == "li" and element.get("id"):
        _permalink(element)


def _permalink(item: Element) -> None:
    named = {"title": PERMALINK, "aria-label": PERMALINK}
    link = Element("a", {"class": "headerlink", "href": f"#{item.get('id')}", **named})
    link.text = AtomicString("¶")
    inner = next((place for place, child in enumerate(item) if child.tag in {"ol", "ul"}), len(item))
    item.insert(inner, link)


__all__ = ["STYLES", "ClausesExtension", "chinese", "counted", "makeExtension", "number"]
