"""The logo of a company, `variables/assets/<company>.svg`: read once, and safe to hand to any browser.

The site shows it as an image, where SVG 2 (2.7, secure static mode) runs nothing and loads nothing; but the
file also has an address of its own, and opened there it is a document that may do both.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from xml.parsers import expat

from pledge.problem import legible
from pledge.read import Place, hidden_characters, read_text, relative
from pledge.shape import nearest

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pledge.problem import Problem

FOLDER = "variables/assets"
MAX_BYTES = 50_000
_SVG = "http://www.w3.org/2000/svg"
_BAD, _UNSAFE = "bad-logo", "unsafe-logo"
# What draws, names or groups (SVG 2; Filter Effects 1); images, links, scripts and animation are not here.
_SHAPES = "svg g defs symbol use switch title desc style path rect circle ellipse line polyline polygon"
_PAINT = "text tspan textPath linearGradient radialGradient stop pattern clipPath mask marker filter"
_EFFECTS = (
    "Blend ColorMatrix ComponentTransfer Composite ConvolveMatrix DiffuseLighting DisplacementMap "
    "DistantLight DropShadow Flood FuncA FuncB FuncG FuncR GaussianBlur Merge MergeNode Morphology "
    "Offset PointLight SpecularLighting SpotLight Tile Turbulence"
)
ALLOWED = {*f"{_SHAPES} {_PAINT}".split(), *(f"fe{name}" for name in _EFFECTS.split())}
_LINKS = {"href", "src", "base"}
# An escape may hide any of the others (CSS Syntax 3, 4.3.7).
_FOREIGN_CSS = re.compile(r"url\(\s*[\"']?\s*(?!#|[\"'\s])|@import|image-set\(|src\(|\\", re.IGNORECASE)


def path_of(root: Path, company: str) -> Path:
    """Return where the logo of *company* stands, whether or not there is one."""
    return root / FOLDER / f"{company}.svg"


def logo(root: Path, company: str) -> bytes | None:
    """Return the logo of *company*, or None where it has none."""
    path = path_of(root, company)
    return path.read_bytes() if path.is_file() else None


def problems(root: Path, company: str) -> Iterator[Problem]:
    """Yield what is wrong with the logo of *company*; one that is not there is fine."""
    path = path_of(root, company)
    name = relative(path, root)
    if path.is_symlink():
        message = "标志是一个链接，git 里看不到它的内容；换成文件本身"
        yield Place(f"{FOLDER}/{path.name}").problem(message, "unreadable")
    elif path.exists():
        text, found = read_text(path, name)
        yield from found
        if text is not None:
            yield from hidden_characters(text, name)
            yield from _drawn(text, name)


def _drawn(text: str, name: str) -> list[Problem]:
    size = len(text.encode())
    if size > MAX_BYTES:
        most = MAX_BYTES // 1000
        message = f"标志有{size / 1000:.0f} KB，超过{most} KB；精简路径，或者另存为优化的 SVG"
        return [Place(name).problem(message, _BAD)]
    return _Drawing(name).read(text)


class _Drawing:
    """Walk an SVG file once; a document type ends the walk, so no entity is ever expanded."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.found: list[Problem] = []
        self.open: list[str] = []
        self.style = ""
        self.parser = expat.ParserCreate("utf-8", " ")
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._text
        self.parser.StartDoctypeDeclHandler = self._doctype
        self.parser.ProcessingInstructionHandler = self._instruction
        self.parser.XmlDeclHandler = self._declaration

    def read(self, text: str) -> list[Problem]:
        """Return what is wrong with the file that holds *text*."""
        try:
            self.parser.Parse(text.encode(), True)  # noqa: FBT003  expat's "this is all"
        except expat.ExpatError as error:
            message = "标志不是完整的 XML，浏览器画不出；用绘图软件重新导出 SVG"
            self.found.append(Place(self.name, error.lineno, error.offset + 1).problem(message, _BAD))
        except _DoctypeError:
            pass
        return self.found

    def _wrong(self, message: str, rule: str = _UNSAFE) -> None:
        line, column = self.parser.CurrentLineNumber, self.parser.CurrentColumnNumber
        self.found.append(Place(self.name, line, column + 1).problem(message, rule))

    def _doctype(self, *_: object) -> None:
        self._wrong("标志里有文档类型声明（DOCTYPE），实体可以藏在里面；删去这一行")
        raise _DoctypeError

    def _instruction(self, target: str, _data: str) -> None:
        self._wrong(f"标志里有处理指令“{target}”，能引入别的样式；删去这一行")

    def _declaration(self, _version: str, encoding: str | None, _alone: int) -> None:
        if encoding and encoding.lower() not in {"utf-8", "utf8"}:
            self._wrong(f"标志写明的编码是“{encoding}”；另存为 UTF-8", _BAD)

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        space, _, name = tag.rpartition(" ")
        if not self.open:
            self._root(space, name, attributes)
        elif space != _SVG or name not in ALLOWED:
            self._wrong(f"标志里不能有 <{name}>；删去它，从绘图软件导出时选“纯 SVG”，文字和图片转成路径")
        for key, value in attributes.items():
            self._attribute(key.rpartition(" ")[2], value)
        self.open.append(name)

    def _root(self, space: str, name: str, attributes: dict[str, str]) -> None:
        if (space, name) != (_SVG, "svg"):
            message = f'标志的最外层应当是 <svg xmlns="{_SVG}">，不是 <{name}>；用绘图软件重新导出 SVG'
            self._wrong(message, _BAD)
        elif not re.fullmatch(r"\s*(-?[\d.]+[\s,]+){3}-?[\d.]+\s*", attributes.get("viewBox", "")):
            message = '标志没有 viewBox，不能缩放到页首的大小；在 <svg> 上写如 viewBox="0 0 24 24"'
            self._wrong(message, _BAD)

    def _attribute(self, name: str, value: str) -> None:
        if name.lower().startswith("on"):
            self._wrong(f"标志里的“{name}”会运行脚本；删去这个属性")
        elif name.lower() in _LINKS and not value.strip().startswith("#"):
            self._wrong(f"标志里的“{name}”引用了“{value[:60]}”；只能引用本文件内的“#名称”，把内容画进文件")
        elif _FOREIGN_CSS.search(value):
            self._wrong(f"标志里的“{name}”引用了别的文件；只能写 url(#名称)")

    def _text(self, text: str) -> None:
        if "style" in self.open:
            self.style += text

    def _end(self, _tag: str) -> None:
        if self.open.pop() == "style":
            if _FOREIGN_CSS.search(self.style):
                self._wrong("标志的 <style> 引用了别的文件，或者用了反斜杠；只能写 url(#名称)")
            self.style = ""


class _DoctypeError(Exception):
    """Ends the walk at a document type."""


def strays(root: Path, companies: set[str]) -> Iterator[Problem]:
    """Yield each entry of variables/assets/ that is the logo of none of *companies*."""
    folder = root / FOLDER
    for path in sorted(folder.iterdir()) if folder.is_dir() else ():
        if path.suffix != ".svg" or path.stem not in companies:
            hint = nearest(path.stem, companies)
            message = f"“{path.name}”不是一家公司的标志{hint}；以公司代号为名，写成“公司代号.svg”，或者删去"
            yield Place(f"{FOLDER}/{legible(path.name)}").problem(message, "stray-asset")
