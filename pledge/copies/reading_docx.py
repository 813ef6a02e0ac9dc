"""The words of a Word file as its reader sees them: body, header, footer, tracked changes accepted."""

from __future__ import annotations

import posixpath
from typing import TYPE_CHECKING, ClassVar

from pledge.copies.copied import DOCX, MAX_CHARACTERS, Aside, Copy, CopyError, bare
from pledge.packed import BrokenError, Events, LargeError, LockedError, Package, opened, tell
from pledge.wordxml import GONE, TRACKED, is_on, local, value

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

BROKEN = "不完整或者已损坏，打不开；重新取一份，或者用 Word 打开后另存"
_STRANGE = "不是 Word 文件；用 Word 打开后另存为 DOCX，或者导出为 PDF"
_LOCKED = "加了密码，读不出；去掉密码后另存一份"
_LARGE = "解开以后太大，不是我们写出的文件；向对方另取一份"

# What our files never have, and by which a page can show other words than the file holds.
_TRICKS = {
    "strike": "有加了删除线的文字",
    "dstrike": "有加了删除线的文字",
    "dataBinding": "有打开时会被替换的内容控件",
    "rowDel": "有标为删去的表格行",
    "tblStyle": "有隐藏文字的表格样式",
}


def read_docx(data: bytes) -> Copy:
    """Return what the Word file *data* says. Raises CopyError."""
    try:
        with opened(data) as package:
            return _copy(package)
    except LargeError as error:
        raise CopyError(_LARGE) from error
    except BrokenError as error:
        raise CopyError(BROKEN) from error
    except LockedError as error:
        raise CopyError(_LOCKED) from error


class _Styles(Events):
    """Finds the styles that hide their text: (id, based on, "1" hides, "0" shows, "" says nothing)."""

    def __init__(self) -> None:
        self.found: list[tuple[str, str, str]] = []

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        name = local(tag)
        if name == "style":
            self.found.append((value(attributes, "styleId"), "", ""))
        elif self.found and name == "basedOn":
            self.found[-1] = (self.found[-1][0], value(attributes, "val"), self.found[-1][2])
        elif self.found and name == "vanish":
            self.found[-1] = (*self.found[-1][:2], "01"[is_on(attributes)])
        elif name == "vanish" and is_on(attributes):
            self.found.append(("", "", "1"))  # the defaults, on which every style without a base is based


class _Words(Events):
    """Collects what a reader sees, and apart from it what is hidden."""

    signs: ClassVar[dict[str, str]] = {"noBreakHyphen": "-"}

    def __init__(self, hiding: set[str]) -> None:
        super().__init__()
        self.seen: list[str] = []
        self.hidden: list[str] = []
        self.marks: set[str] = set()
        self.headers: list[str] = []
        self.footers: list[str] = []
        self._hiding = hiding
        self._open: list[tuple[str, bool]] = []
        self._gone = 0
        self._row = 0
        self._telling = 0
        self._count = 0

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        name = local(tag)
        self.marks |= {name} & (TRACKED | {"altChunk", "footnoteReference", "endnoteReference"})
        self._row += name == "trPr"
        if name == "del" and self._row:
            self.marks.add("rowDel")
        if self._gone or name in GONE:
            self._gone += 1
        elif name in {"p", "r", "Fallback"}:  # another program may show what stands there for old ones
            self._open.append((name, name == "Fallback"))
        elif name == "t":
            self._telling += 1
        else:
            self._started(name, attributes)

    def _started(self, name: str, attributes: Mapping[str, str]) -> None:
        if name in self.signs:
            self._say(self.signs[name])
        elif name == "sym":
            self._say(chr(int(value(attributes, "char") or "fffd", 16)))
        elif name in {"headerReference", "footerReference"}:
            (self.headers if name[0] == "h" else self.footers).append(value(attributes, "id"))
        elif name == "numId" and value(attributes, "val") != "0":
            self.marks.add("numId")
        elif name in {"pStyle", "rStyle"} and self._open and value(attributes, "val") in self._hiding:
            self._hide({"pStyle": "p", "rStyle": "r"}[name], hidden=True)
        elif name == "vanish":
            self._hide("r", hidden=is_on(attributes))
        elif (name in {"strike", "dstrike", "dataBinding"} and is_on(attributes)) or (
            name == "tblStyle" and value(attributes, "val") in self._hiding
        ):
            self.marks.add(name)

    def _hide(self, kind: str, *, hidden: bool) -> None:
        """Hide the innermost run or paragraph; the mark at the end of a paragraph has a format too."""
        if self._open and self._open[-1][0] == kind:
            self._open[-1] = (kind, hidden)

    def end(self, tag: str) -> None:
        name = local(tag)
        self._row -= name == "trPr"
        if self._gone:
            self._gone -= 1
        elif name in {"p", "r", "Fallback"} and self._open:
            self._open.pop()
        elif name == "t":
            self._telling -= 1

    def data(self, text: str) -> None:
        if self._telling and not self._gone:
            self._say(text)

    def _say(self, text: str) -> None:
        self._count += len(text)
        if self._count > MAX_CHARACTERS:
            raise CopyError(_LARGE)
        (self.hidden if any(hidden for _, hidden in self._open) else self.seen).append(text)

    @property
    def text(self) -> str:
        """What a reader sees, without white space."""
        return bare("".join(self.seen))


def _copy(package: Package) -> Copy:
    main = next((target for _, kind, target in package.links("") if kind == "officeDocument"), "")
    if not package.has(main) or not posixpath.basename(main).startswith("document"):
        raise CopyError(_STRANGE)
    links = {key: (kind, target) for key, kind, target in package.links(main)}
    hiding = _hiding(package, [target for kind, target in links.values() if kind == "styles"])
    body = _read(package, main, hiding)
    if "altChunk" in body.marks:
        raise CopyError("里面嵌着别的文件，读不全；用 Word 打开后另存为 DOCX，或者导出为 PDF")
    parts = {
        kind: [
            _read(package, target, hiding)
            for target in dict.fromkeys(links[key][1] for key in keys if key in links)
        ]
        for kind, keys in (("header", body.headers), ("footer", body.footers), ("note", _notes(links, body)))
    }
    return Copy(
        DOCX,
        [body.text],
        headers=[part.text for part in parts["header"] if part.text],
        footers=[part.text for part in parts["footer"] if part.text],
        asides=list(_asides(parts["note"], [body, *parts["header"], *parts["footer"]])),
        notes=list(_told_apart(package, body)),
    )


def _notes(links: Mapping[str, tuple[str, str]], body: _Words) -> list[str]:
    """Return the ids of the parts with footnotes and endnotes that the body refers to."""
    return [key for key, (kind, _) in links.items() if f"{kind.removesuffix('s')}Reference" in body.marks]


def _asides(notes: list[_Words], parts: list[_Words]) -> Iterator[Aside]:
    yield from (Aside("脚注和尾注", part.text) for part in notes if part.text)
    hidden = bare("".join(text for part in parts for text in part.hidden))
    if hidden:
        yield Aside("隐藏的文字", hidden)
    marks = set().union(*(part.marks for part in parts))
    told = dict.fromkeys(said for mark, said in _TRICKS.items() if mark in marks)
    yield from (Aside("格式", said) for said in told)


def _told_apart(package: Package, body: _Words) -> Iterator[str]:
    if body.marks & TRACKED:
        yield "文件里有还没有接受的修订；比对的是全部接受以后的文字。"
    if "numId" in body.marks:
        yield "文件里有自动编号；Word 自动写出的编号没有比对。"
    if package.has("word/vbaProject.bin"):
        yield "文件带有宏；只读了文字，没有运行。"


def _read(package: Package, name: str, hiding: set[str]) -> _Words:
    words = _Words(hiding)
    tell(package.part(name), words)
    return words


def _hiding(package: Package, names: list[str]) -> set[str]:
    """Return the styles that hide their text, themselves or through those they are based on."""
    styles = _Styles()
    for name in names:
        tell(package.part(name), styles)
    bases = {key: (base, hides) for key, base, hides in styles.found}
    return {key for key in bases if _hides(key, bases)}


def _hides(key: str, bases: Mapping[str, tuple[str, str]]) -> bool:
    for _ in range(len(bases)):
        base, hides = bases.get(key, ("", "0"))
        if hides:
            return hides == "1"
        key = base
    return False
