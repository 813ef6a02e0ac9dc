"""Read a page's source: its front matter, what it includes, its clauses, and the tags it uses.

A page speaks a small language: `{{ topic.blank }}`, `{{ macro("text") }}`, `{% if topic.blank %}` with
`{% else %}` and `{% endif %}`, and `{% include "shared/x.md" %}`. Each tag stands on one line.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pledge.page import SITE_MACROS, SPOKEN_BY_MACRO, Call, Clause, Line, Page, Use
from pledge.read import Mapping, Place, hidden_characters, parse, read_text, relative
from pledge.shape import take

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pledge.shape import Take

_FRONT: Take = {
    "title": ("text", True),
    "number": ("whole", True),
    "audience": ("text", True),
    "form": ("text", True),
    "summary": ("text", True),
    "retired": ("texts", False),
}
_MACROS = {**SPOKEN_BY_MACRO, **SITE_MACROS}
_TAG = re.compile(r"\{\{(?P<print>.*?)\}\}|\{%(?P<block>.*?)%\}")
_BLANK = re.compile(r"\s*([A-Za-z_]\w*)\.([A-Za-z_]\w*)\s*")
_CALL = re.compile(r"\s*([A-Za-z_]\w*)\((.*)\)\s*")
_ARGUMENT = re.compile(r"\s*(?:\"([^\"\\]*)\"|([a-z_]\w*\.[a-z_]\w*))\s*")
_IF = re.compile(r"-?\s*if\s+([A-Za-z_]\w*\.[A-Za-z_]\w*)\s*-?")
_INCLUDE = re.compile(r"\s*include\s+\"([\w./-]+)\"\s*")
_HEADING = re.compile(r"(#{1,6})\s+(.*?)\s*(?:\{:([^}]*)\})?\s*")
_ITEM = re.compile(r"(\s*)\d+\.\s+(?:\{:([^}]*)\}\s*)?(.*)")
MAX_LINE = 2000
_BULLET = re.compile(r"\s*[-*+]\s+")


def load(root: Path) -> dict[str, Page]:
    """Return the guarantees of the project at *root* by variant, in the order of their numbers."""
    found = sorted((root / "docs" / "guarantees").glob("*.md"))
    pages = {path.stem: read_page(path, root) for path in found}
    return dict(sorted(pages.items(), key=lambda item: (str(item[1].meta.get("number", "9")), item)))


def site_pages(root: Path) -> list[Page]:
    """Return the pages of the site that are no guarantees: home, comparison, history."""
    return [read_page(path, root) for path in sorted((root / "docs").glob("*.md"))]


def read_page(path: Path, root: Path) -> Page:
    """Return the page at *path*; whatever is wrong with it is among its problems, never raised."""
    name = relative(path, root)
    page = Page(path.stem, name)
    text, problems = read_text(path, name)
    page.problems += problems
    if text is None:
        return page
    page.problems += hidden_characters(text, name)
    body, first = _front_matter(text, page)
    page.lines = [_short(line, page) for line in _expanded(body.split("\n"), first, page, root)]
    _Scan(page).run()
    return page


def _front_matter(text: str, page: Page) -> tuple[str, int]:
    text = text.removeprefix("\ufeff").replace("\r\n", "\n")
    match = re.match(r"---\n(.*?\n)---\n", text, re.DOTALL)
    if not match:
        if page.is_variant:
            message = "缺少开头的 --- 区块；写上 title、number、audience、form、summary"
            page.problems.append(Place(page.path).problem(message, "front-matter"))
        return text, 1
    document = parse(match[1], page.path, 2)
    page.problems += document.problems
    if page.is_variant and not isinstance(document.root, Mapping) and not document.problems:
        message = "开头的 --- 区块里没有内容；写上 title、number、audience、form、summary"
        page.problems.append(Place(page.path).problem(message, "front-matter"))
    if isinstance(document.root, Mapping):
        page.meta_places = {key: node.place for key, node in document.root.keys.items()}
        if page.is_variant:
            page.meta = dict(
                take(
                    document.root,
                    _FRONT,
                    rule="front-matter",
                    what="页面开头",
                    problems=page.problems,
                )
            )
    return text[match.end() :], match[0].count("\n") + 1


def _short(line: Line, page: Page) -> Line:
    """Return *line*, or nothing in its place where it is too long to be read by people or patterns."""
    if len(line.text) <= MAX_LINE:
        return line
    message = f"这一行超过{MAX_LINE}个字；每句单独成行"
    page.problems.append(line.place.problem(message, "too-large"))
    return Line("", line.place)


def _expanded(lines: list[str], first: int, page: Page, root: Path) -> Iterator[Line]:
    for number, text in enumerate(lines, first):
        place = Place(page.path, number)
        match = re.fullmatch(r"\{%(.*)%\}", text.strip())
        included = _INCLUDE.fullmatch(match[1]) if match else None
        if included:
            yield from _included(included[1], place, page, root)
        else:
            yield Line(text, place)


def _included(name: str, place: Place, page: Page, root: Path) -> Iterator[Line]:
    path = root / "docs" / name
    text, problems = read_text(path, relative(path, root)) if _shared(path, root) else (None, [])
    if text is None:
        message = f"引入的“{name}”读不到；共用条文放在 docs/shared/ 下"
        page.problems += [place.problem(message, "page-syntax"), *problems]
        return
    page.problems += hidden_characters(text, relative(path, root))
    for number, line in enumerate(text.rstrip("\n").replace("\r\n", "\n").split("\n"), 1):
        yield Line(line, Place(relative(path, root), number))


def _shared(path: Path, root: Path) -> bool:
    try:
        return (root / "docs" / "shared").resolve() in path.resolve().parents
    except RuntimeError:  # a loop of links, before Python 3.13; reading it says so
        return True


class _Scan:
    """Walk the lines of a page once, with the open conditions and the clause at hand."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.open: list[tuple[str, bool, Place]] = []
        self.clause = ""

    def run(self) -> None:
        depth = 0
        for line in self.page.lines:
            heading = _HEADING.fullmatch(line.text)
            item = _ITEM.fullmatch(line.text)
            if heading:
                depth = len(heading[1]) - 1
                self._heading(heading, depth, line)
            elif item:
                level = depth + 1 + len(item[1].expandtabs(4)) // 4
                self._clause(item[2] or "", level, line, heading=False)
            elif self.page.clauses and not _BULLET.match(line.text) and line.text[:4].strip():
                self.clause = self._enclosing_heading()
            if self.page.clauses:
                self.page.clauses[-1].lines.append(line)
            self._tags(line, in_heading=bool(heading))
        for _, _, place in self.open:
            self._wrong(place, "这个 {% if %} 没有对应的 {% endif %}；补上")

    def _enclosing_heading(self) -> str:
        return next((clause.id for clause in reversed(self.page.clauses) if clause.heading), "")

    def _heading(self, match: re.Match[str], depth: int, line: Line) -> None:
        if depth:
            self._clause(match[3] or "", depth, line, heading=True)
            return
        style = re.search(r"\.numbering-(\w+)", match[3] or "")
        self.page.style = style[1] if style else ""

    def _clause(self, attributes: str, level: int, line: Line, *, heading: bool) -> None:
        name = re.search(r"#([^\s.#}]+)", attributes)
        self.clause = name[1] if name else ""
        notice = ".notice" in attributes.split()
        self.page.clauses.append(Clause(self.clause, level, heading, notice, line.place))

    def _tags(self, line: Line, *, in_heading: bool) -> None:
        rest = _TAG.sub("", line.text)
        for sign in ("{#", "{{", "}}", "{%", "%}"):
            if sign in rest:
                self._stray(sign, line, rest)
        for match in _TAG.finditer(line.text):
            place = Place(line.place.path, line.place.line, match.start() + 1)
            if match["print"] is not None:
                self._print(match["print"], place, in_heading=in_heading)
            else:
                self._block(match["block"], place)

    def _stray(self, sign: str, line: Line, rest: str) -> None:
        place = Place(line.place.path, line.place.line, rest.index(sign) + 1)
        if sign == "{#":
            message = "“{#”会被当成注释，使生成停止；条款编号写成“{: #编号 }”"
            self.page.problems.append(place.problem(message, "jinja-comment"))
        else:
            self._wrong(place, f"“{sign}”没有成对；空白写成“{{{{ 主题.空白 }}}}”，并写在一行里")

    def _wrong(self, place: Place, message: str, rule: str = "page-syntax") -> None:
        self.page.problems.append(place.problem(message, rule))

    def _print(self, inner: str, place: Place, *, in_heading: bool) -> None:
        blank = _BLANK.fullmatch(inner)
        call = _CALL.fullmatch(inner)
        if blank:
            self._use(f"{blank[1]}.{blank[2]}", place, in_heading=in_heading)
        elif call and call[1] in _MACROS:
            self._call(call, place, in_heading=in_heading)
        elif call:
            known = "、".join(SPOKEN_BY_MACRO)
            self._wrong(place, f"没有“{call[1]}”这个宏；可用的有：{known}", "unknown-macro")
        else:
            message = f"“{{{{{inner}}}}}”不能用在页面里；只能写“主题.空白”或者宏"
            self._wrong(place, message)

    def _call(self, call: re.Match[str], place: Place, *, in_heading: bool) -> None:
        parts = call[2].split(",") if call[2].strip() else []
        arguments = [_ARGUMENT.fullmatch(part) for part in parts]
        if not all(arguments):
            self._wrong(place, f"宏“{call[1]}”的参数写成带双引号的文字，或者“主题.空白”")
            return
        found = tuple(match[1] if match[2] is None else match[2] for match in arguments if match)
        self.page.calls.append(Call(call[1], found, place))
        printed = [match[2] for match in arguments if match and match[2]]
        for blank in (*printed, *_MACROS[call[1]]):
            self._use(blank, place, in_heading=in_heading)

    def _use(self, blank: str, place: Place, *, in_heading: bool) -> None:
        guards = tuple((name, positive) for name, positive, _ in self.open)
        self.page.uses.append(Use(blank, place, self.clause, guards, in_heading=in_heading))

    def _block(self, inner: str, place: Place) -> None:
        word = inner.strip(" -")
        condition = _IF.fullmatch(inner.strip())
        if condition:
            self.page.uses.append(Use(condition[1], place, self.clause, (), condition=True))
            self.open.append((condition[1], True, place))
        elif word == "else" and self.open and self.open[-1][1]:
            name, _, start = self.open.pop()
            self.open.append((name, False, start))
        elif word == "endif" and self.open:
            self.open.pop()
        elif word in {"else", "endif"}:
            self._wrong(place, f"这个 {{% {word} %}} 没有对应的 {{% if %}}；删去，或者补上")
        else:
            message = f"“{{%{inner}%}}”不能用在页面里；条件只能写“{{% if 主题.空白 %}}”"
            self._wrong(place, message, "page-condition")
