"""The order of a form's clauses: the numbers in front of its paragraphs, as levels."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from pledge.forms.form import Paragraph, Table
from pledge.forms.gaps import found, is_contents, is_option

if TYPE_CHECKING:
    from collections.abc import Iterable

_HAN = "[一二三四五六七八九十百零〇]{1,5}"
_SPACE = r"[ \u3000\t]*"
# Kind of number to its form; a kind that was not met before lies below the one it follows.
_MARKS = {
    "chapter": rf"第(?:{_HAN}|\d{{1,3}})[章编篇部](?:分)?{_SPACE}[、：:]?",
    "article": rf"第(?:{_HAN}|\d{{1,3}})[条款节]{_SPACE}[、：:]?",
    "han": rf"{_HAN}{_SPACE}[、.．](?!\d)",
    "han-bracket": rf"[（(]{_SPACE}{_HAN}{_SPACE}[）)]",
    "dotted-4": r"\d{1,2}(?:[.．]\d{1,2}){3}(?!\d)[、.．]?",
    "dotted-3": r"\d{1,2}(?:[.．]\d{1,2}){2}(?!\d)[、.．]?",
    "dotted-2": r"\d{1,2}[.．]\d{1,2}(?![\d%])(?!个?(?:小时|日|天|年|月|元|万元|倍|％))[、.．]?",
    "digit": r"\d{1,2}(?:[、．]|[.](?!\d))",
    "digit-bracket": rf"[（(]{_SPACE}\d{{1,2}}{_SPACE}[）)]",
    "digit-half": r"\d{1,2}[)）]",
    "circle": "[\u2460-\u2473\u2776-\u277f]",
    "letter": r"[A-Za-z][.、)）](?![A-Za-z.])",
    "bullet": "(?:[•●◆■▪◇▶➢–]|[-*+](?= ))",
}
_MARK = re.compile("|".join(f"(?P<{name.replace('-', '_')}>{form})" for name, form in _MARKS.items()))
_ENDS = "。；;！!？?，,"
_TITLE = 24


@dataclass(slots=True)
class Clause:
    """A clause of the form: its number and words, what follows it unnumbered, and the clauses below it.

    `title` says that it is a heading. `number` is empty where the form gives none.
    """

    number: str
    text: str
    place: str
    title: bool = False
    more: list[Paragraph | Table] = field(default_factory=list)
    below: list[Clause] = field(default_factory=list)


@dataclass(slots=True)
class Outline:
    """A form in order: its title, what stands before the first clause, the clauses, and the signature."""

    title: str = ""
    opening: list[Paragraph | Table] = field(default_factory=list)
    clauses: list[Clause] = field(default_factory=list)
    signature: list[Paragraph] = field(default_factory=list)
    contents: int = 0
    style: str = "decimal"


_SIGNING = re.compile(
    r"盖章|公章|签章|签字|签名|签署|法定代表人|授权代表|签发|^职务[：:]|承诺(?:单位|方|人|企业)[（(：:]|^日期[：:]"
)
_LAST = 10


def outlined(blocks: Iterable[Paragraph | Table], name: str) -> Outline:
    """Return the outline of a form; *name* is its title where it has none of its own."""
    kept = _grouped(blocks)
    made = Outline(title=name)
    made.contents = sum(isinstance(block, Paragraph) and is_contents(block.text) for block in kept)
    kept = [block for block in kept if isinstance(block, Table) or not is_contents(block.text)]
    made.signature = _signature(kept)
    signed = {id(block) for block in made.signature}
    kept = [block for block in kept if id(block) not in signed]
    if kept and made.signature and made.signature[-1].place.startswith("表"):
        kept.pop()
    if kept and _is_title(kept[0]):
        first = kept.pop(0)
        made.title = first.text if isinstance(first, Paragraph) else name
    _fill(made, kept)
    made.style = _style(made.clauses)
    made.clauses = _whole(made.clauses)
    _head(made.clauses, depth=1)
    return made


def _grouped(blocks: Iterable[Paragraph | Table]) -> list[Paragraph | Table]:
    """Return *blocks* with tick boxes that stand one a paragraph put into the paragraph they belong to."""
    made: list[Paragraph | Table] = []
    inside = False
    for block in blocks:
        option = isinstance(block, Paragraph) and not block.number and is_option(block.text)
        before = made[-1] if made else None
        leads = isinstance(before, Paragraph) and (inside or before.text.endswith(("：", ":")))
        if option and leads and isinstance(before, Paragraph) and isinstance(block, Paragraph):
            made[-1] = replace(before, text=f"{before.text}　{block.text.rstrip('；;。')}")
        else:
            made.append(block)
        inside = option
    return made


def _signature(blocks: list[Paragraph | Table]) -> list[Paragraph]:
    """Return the paragraphs at the end that are a signature block."""
    if blocks and isinstance(blocks[-1], Table) and _SIGNING.search("".join(map("".join, blocks[-1].rows))):
        return [*_signature(blocks[:-1]), *_rows(blocks[-1])]
    last = len(blocks)
    for place in range(len(blocks) - 1, max(-1, len(blocks) - _LAST - 1), -1):
        block = blocks[place]
        if isinstance(block, Table) or len(block.text) > _TITLE * 3 or split(block)[0] or "。" in block.text:
            break
        if _SIGNING.search(block.text) or _only_date(block.text):
            last = place
    return [block for block in blocks[last:] if isinstance(block, Paragraph)]


def _rows(table: Table) -> list[Paragraph]:
    """Return the rows of a signature block that is laid out as a table."""
    return [
        Paragraph(
            "：".join(filter(None, (row[place].rstrip("：: "), *row[place + 1 : place + 2]))),
            f"{table.place}第{count}行",
        )
        for count, row in enumerate(table.rows, 1)
        for place in range(0, len(row), 2)
        if row[place]
    ]


def _only_date(text: str) -> bool:
    items = found(text)
    return (
        len(items) == 1
        and getattr(items[0], "shape", "") == "date"
        and items[0].end - items[0].start >= len(text) - 8
    )


def _is_title(block: Paragraph | Table) -> bool:
    if isinstance(block, Table) or split(block)[0] or len(block.text) > 2 * _TITLE:
        return False
    return not block.text.endswith(tuple(_ENDS + "：:")) and not found(block.text)


def split(block: Paragraph) -> tuple[str, str, str]:
    """Return the kind of a paragraph's number, the number as written, and the words after it."""
    if block.number:
        match = _MARK.match(block.number)
        kind = (match.lastgroup or "") if match else f"auto-{block.number[:1]}"
        return kind, block.number.strip(), block.text
    match = _MARK.match(block.text)
    if not match or (
        match.lastgroup == "article" and re.match("[的规所约、和及]", block.text[match.end() :])
    ):
        return "", "", block.text
    if match.lastgroup == "bullet" and block.text[0] in "■●" and len(found(block.text)) == 1:
        return "", "", block.text
    return match.lastgroup or "", match[0].strip(), block.text[match.end() :].strip()


def _fill(made: Outline, blocks: list[Paragraph | Table]) -> None:
    """Put each block where its number says, with a stack of the kinds that are open."""
    open_: list[tuple[str, list[Clause]]] = []
    made_clauses = made.clauses
    for block in blocks:
        kind, number, text = ("", "", "") if isinstance(block, Table) else split(block)
        if isinstance(block, Paragraph) and block.heading and not kind:
            kind, number, text = f"heading-{block.heading}", "", block.text
        if not kind:
            _append(made, block)
            continue
        names = [name for name, _ in open_]
        if kind in names:
            del open_[names.index(kind) + 1 :]
            level = open_[-1][1]
        elif kind.startswith("heading") and not any(
            name.startswith("heading") and name < kind for name in names
        ):
            open_.clear()
            level = made_clauses
            open_.append((kind, level))
        else:
            level = open_[-1][1][-1].below if open_ else made_clauses
            open_.append((kind, level))
        level.append(Clause(number, text, block.place))


def _append(made: Outline, block: Paragraph | Table) -> None:
    if not made.clauses:
        made.opening.append(block)
        return
    last = made.clauses[-1]
    while last.below:
        last = last.below[-1]
    last.more.append(block)


def _is_heading(clause: Clause) -> bool:
    """Whether the words of a clause are a title: short, no sentence, no gap."""
    text = clause.text.rstrip("：: ")
    return bool(text) and len(text) <= _TITLE and not any(sign in text for sign in _ENDS) and not found(text)


def _whole(clauses: list[Clause]) -> list[Clause]:
    """Return *clauses* below one heading where they are sentences and no titles."""
    titled = sum(map(_is_heading, clauses))
    if not clauses or titled * 2 > len(clauses):
        return clauses
    return [Clause("", "承诺内容", clauses[0].place, title=True, below=clauses)]


def _head(clauses: list[Clause], depth: int) -> None:
    """Mark the headings: at the first level each clause, below it those whose neighbours are titles too."""
    if depth > 2 or not clauses:  # noqa: PLR2004  a heading below the second level has no items left
        return
    titled = all(_is_heading(clause) and (clause.below or clause.more) for clause in clauses)
    for clause in clauses:
        if depth == 1 and not clause.title and not _is_heading(clause):
            _lift(clause)
        clause.title = depth == 1 or titled
        if clause.title:
            clause.text = clause.text.rstrip("：: ")
            _head(clause.below, depth + 1)


def _lift(clause: Clause) -> None:
    """Give a sentence of the first level a heading of its own: the words before its colon, or none yet."""
    match = re.match(
        r"[【\[]?([^，。；：:（）【】\[\]_＿…]{2,12})(?:[】\]]|[：:]|[ \u3000]{1,4}(?=\S{6}))", clause.text
    )
    rest = clause.text[match.end() :].strip() if match else clause.text
    heading = match[1].strip() if match else "（标题待拟）"
    clause.below.insert(0, Clause("", rest, clause.place, more=clause.more)) if rest else None
    clause.more = [] if rest else clause.more
    clause.text = heading


def _style(clauses: list[Clause]) -> str:
    first = next((split(Paragraph(clause.number, ""))[0] for clause in clauses if clause.number), "")
    return {"han": "outline", "article": "chinese", "chapter": "chinese"}.get(first, "decimal")
