"""The draft page of a form: clauses as headings and items with ids, gaps as blanks, all else as text.

Whatever the form says is text: what would be a tag, a mark, a link or HTML in a page becomes an entity.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from pledge.clauses import LEVELS
from pledge.forms.form import Paragraph, Table
from pledge.forms.gaps import found
from pledge.forms.matching import Slot
from pledge.forms.naming import Names, initials, syllables

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from pledge.forms.matching import Matcher
    from pledge.forms.outline import Clause, Outline

_LIVE = re.compile(r"[{}<>\[\]*_`\\|&#~!^$+=]")
_WIDEST = 1500
_GLIMPSE = 10
_LATIN = re.compile(" [A-Za-z0-9]")
_CONSUMER = re.compile("三包|无理由|包退|包换|购机|门店|网店|您")
_BUSINESS = re.compile("甲方|乙方|合同|可用率|可用性|招标|采购人|投标|运维")


@dataclass(slots=True)
class Draft:
    """A draft page: its lines, each with the place in the form that it comes from."""

    lines: list[str] = field(default_factory=list)
    places: list[str] = field(default_factory=list)
    ids: list[tuple[str, str, str]] = field(default_factory=list)
    unnumbered: list[tuple[str, str]] = field(default_factory=list)
    tables: dict[str, Sequence[tuple[str, ...]]] = field(default_factory=dict)
    """The places of tables, each with the rows that are not in the page."""
    flattened: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        """The page."""
        return "\n".join(self.lines) + "\n"


def drafted(outline: Outline, matcher: Matcher, number: int, notices: Iterable[str] = ()) -> Draft:
    """Return the page for *outline*; the clauses in *notices* are marked as limiting the customer.

    Raises FormError where there are more gaps than a form can have.
    """
    return _Writer(matcher, set(notices)).page(outline, number)


def escaped(text: str) -> str:
    """Return *text* as a page prints it: no sign of it is a tag, a mark or HTML.

    >>> escaped("{{ a }} <b>")
    '&#123;&#123; a &#125;&#125; &#60;b&#62;'
    """
    joined = re.sub(r"[ \t\u3000\xa0]+", " ", text)
    return _LIVE.sub(lambda match: f"&#{ord(match[0])};", joined)


def audience(text: str) -> str:
    """Return whom a form seems to address: consumer, business or both."""
    found = bool(_CONSUMER.search(text)), bool(_BUSINESS.search(text))
    return {(True, False): "consumer", (False, True): "business"}.get(found, "both")


class _Writer:
    """Writes the page from its start to its end."""

    def __init__(self, matcher: Matcher, notices: set[str]) -> None:
        self.draft = Draft()
        self._matcher = matcher
        self._notices = notices
        self._names = Names("-")
        self._tables: list[tuple[Table, str]] = []
        self._lead = ""
        self._path: tuple[str, ...] = ()
        self._counts = [0] * LEVELS

    def page(self, outline: Outline, number: int) -> Draft:
        self._front(outline, number)
        self._opening(outline.opening, outline.title)
        for clause in outline.clauses:
            self._heading(clause, 1, "")
        self._matcher.signing = True
        for paragraph in outline.signature:
            self._matcher.pieces(paragraph.text, paragraph.place, "签署", "签署日期")
        self._add("", "")
        self._add("{{ signature() }}", "")
        return self.draft

    def _front(self, outline: Outline, number: int) -> None:
        title = outline.title[:60]
        whom = audience(outline.title + "".join(_said(outline.clauses)))
        for line in (
            "---",
            f"title: {json.dumps(title, ensure_ascii=False)}",
            f"number: {number}",
            f"audience: {whom}",
            "form: 由旧表单导入的初稿，性质待定",
            "summary: 由旧表单导入的初稿，一句话的简介待写。",
            "---",
            f"# {escaped(title)} {{: .numbering-{outline.style} }}",
            "",
            "{{ promises() }}",
        ):
            self._add(line, "")

    def _add(self, line: str, place: str) -> None:
        if not line and not self.draft.lines[-1]:
            return
        self.draft.lines.append(line)
        self.draft.places.append(place)

    def _opening(self, blocks: Iterable[Paragraph | Table], title: str) -> None:
        for block in blocks:
            if isinstance(block, Table):
                self._table(block, title)
            else:
                self._add("", "")
                self._sentences(block, title, "", "")

    def _heading(self, clause: Clause, depth: int, above: str) -> None:
        slug = self._names.name(*syllables(clause.text), fallback="clause")
        self._flush()
        self._add("", "")
        self._add(f"{'#' * (depth + 1)} {escaped(clause.text)} {{: #{slug} }}", clause.place)
        self.draft.ids.append((clause.number, slug, clause.text))
        self._add("", "")
        self._counts = [0] * LEVELS
        self._path = (*self._path[: depth - 1], clause.number or f"“{clause.text[:_GLIMPSE]}”")
        headings = f"{above}{clause.text}"
        for block in clause.more:
            self._loose(block, slug, headings)
        for below in clause.below:
            if below.title:
                self._heading(below, depth + 1, f"{headings} ")
            else:
                self._item(below, depth + 1, 0, slug, headings)
        self._flush()

    def _loose(self, block: Paragraph | Table, slug: str, headings: str) -> None:
        """Write what stands below a heading without a number as an item of its own."""
        if isinstance(block, Table):
            self._table(block, headings)
            return
        self._path = self._path[: headings.count(" ") + 1]
        self.draft.unnumbered.append((_where(self._path, block.place), block.text))
        self._flush()
        self._numbered(block, "", slug, headings)

    def _item(self, clause: Clause, level: int, indent: int, slug: str, headings: str) -> None:
        if level > LEVELS:
            level, indent = level - 1, indent - 1
            self.draft.flattened.append(clause.place)
        if not indent:
            self._flush()
        if not clause.number:
            self.draft.unnumbered.append((_where(self._path[: level - 1], clause.place), clause.text))
        self._path = (*self._path[: level - 1], clause.number)
        pad = "    " * indent
        self._numbered(
            Paragraph(clause.text or "（原文空缺）", clause.place, clause.number), pad, slug, headings
        )
        for block in clause.more:
            if isinstance(block, Table):
                self._tables.append((block, headings))
            else:
                self._add("", "")
                self._sentences(block, headings, f"{pad}    ", f"{pad}    ")
        for below in clause.below:
            self._item(below, level + 1, indent + 1, slug, headings)

    def _numbered(self, block: Paragraph, pad: str, slug: str, headings: str) -> None:
        name = self._names.name(slug, initials(block.text), fallback="clause")
        notice = " .notice" if name in self._notices else ""
        self.draft.ids.append((block.number, name, block.text))
        depth = len(pad) // 4
        self._counts = [*self._counts[:depth], self._counts[depth] + 1, *[0] * (LEVELS - depth - 1)]
        count = f"{self._counts[depth]}.".ljust(4)
        self._sentences(block, headings, f"{pad}{count}{{: #{name}{notice} }} ", f"{pad}    ")

    def _sentences(self, block: Paragraph, headings: str, first: str, rest: str) -> None:
        """Write a paragraph, a sentence a line, *first* before the first line and *rest* before others."""
        where = _where(self._path, block.place)
        pieces = self._matcher.pieces(block.text, where, headings, self._lead)
        self._lead = block.text if block.text.endswith(("：", ":")) else ""
        for place, line in enumerate(_lines(pieces)):
            self._add(f"{rest if place else first}{line}", where)

    def _flush(self) -> None:
        waiting, self._tables = self._tables, []
        for table, headings in waiting:
            self._table(table, headings)

    def _table(self, table: Table, headings: str) -> None:
        """Write a table: one to be filled in is a blank, labels with gaps are paragraphs, else as it is."""
        grid = is_grid(table)
        self.draft.tables[table.place] = table.rows[1:] if grid else ()
        if grid:
            slot = self._matcher.table(table, headings)
            self._add("", "")
            self._add(_tag(slot), table.place)
            self._add("", "")
        elif labelled(table):
            self._pairs(table, headings)
        else:
            self._rows(table, headings)

    def _pairs(self, table: Table, headings: str) -> None:
        slug = syllables(headings.rpartition(" ")[2])
        for count, row in enumerate(table.rows, 1):
            for place in range(0, len(row) - 1, 2) if count > 1 or not has_head(table) else ():
                label, value = row[place].rstrip("：: "), row[place + 1]
                if not label and not value:
                    continue
                where = f"{table.place}第{count}行"
                text = f"{label}：{value or '____'}"
                if self.draft.ids:
                    self._numbered(Paragraph(text, where), "", "-".join(slug) or "clause", headings)
                else:
                    self._add("", "")
                    self._sentences(Paragraph(text, where), headings, "", "")

    def _rows(self, table: Table, headings: str) -> None:
        self._add("", "")
        for count, row in enumerate(table.rows):
            cells = []
            for cell in row:
                pieces = self._matcher.pieces(cell, f"{table.place}第{count + 1}行", headings, row[0])
                cells.append("".join(_joined(pieces)) or " ")
            self._add(f"| {' | '.join(cells)} |", table.place)
            if not count:
                self._add(f"| {' | '.join('---' for _ in row)} |", table.place)
        self._add("", "")


def is_grid(table: Table) -> bool:
    """Whether a table has a row of headings and cells below it that are to be filled in."""
    if len(table.rows) < 2 or len(table.rows[0]) < 2 or labelled(table):  # noqa: PLR2004  a grid has two of each
        return False
    head, *rows = table.rows
    cells = [cell for row in rows for cell in row]
    open_ = sum(_open(cell) for cell in cells)
    return all(cell and not _open(cell) for cell in head) and open_ * 3 >= len(cells)


def labelled(table: Table) -> bool:
    """Whether a table is a list of labels, each with what is to be filled in beside it."""
    return _pairs_only(table.rows) or has_head(table)


def has_head(table: Table) -> bool:
    """Whether a list of labels has a row of headings above it."""
    head, *rows = table.rows
    return bool(rows) and len(head) == 2 and all(head) and not any(map(_open, head)) and _pairs_only(rows)  # noqa: PLR2004  label and value


def _pairs_only(rows: Sequence[tuple[str, ...]]) -> bool:
    width = len(rows[0])
    if width % 2:
        return False
    labels = [row[place] for row in rows for place in range(0, width, 2)]
    values = [row[place] for row in rows for place in range(1, width, 2)]
    filled = [not _open(label) and len(label) <= 20 for label in labels if label]  # noqa: PLR2004  a label is short
    return bool(filled) and all(filled) and _open(values[0]) and sum(map(_open, values)) * 2 >= len(values)


def _open(cell: str) -> bool:
    return not cell.strip() or bool(found(cell))


def _said(clauses: Iterable[Clause]) -> Iterable[str]:
    for clause in clauses:
        yield clause.text
        yield from _said(clause.below)


def _where(path: tuple[str, ...], place: str) -> str:
    """Return a place as people find it: the numbers of the clause in the form, and the paragraph."""
    numbers = [number.strip(" 、.．") for number in path if number]
    shown = numbers[-1:] if numbers and re.match(r"第|\d+\.\d", numbers[-1]) else numbers
    return f"{' '.join(shown)}（{place}）" if shown else place


def _tag(slot: Slot) -> str:
    return f"{{{{ capitals({slot.blank}) }}}}" if slot.capitals else f"{{{{ {slot.blank} }}}}"


def _joined(pieces: Iterable[str | Slot]) -> Iterable[str]:
    for piece in pieces:
        yield _tag(piece) if isinstance(piece, Slot) else escaped(piece)


def _lines(pieces: Iterable[str | Slot]) -> list[str]:
    """Return the pieces as lines: one sentence each, and none too long to be read."""
    lines = [""]
    for piece in pieces:
        if isinstance(piece, Slot):
            lines[-1] = _close(lines[-1]) + _tag(piece)
            continue
        for part in re.findall(r"[^。]{1,300}。?|。", piece):
            said = escaped(part)
            lines[-1] += said.lstrip(" ") if lines[-1].endswith("}}") and not _LATIN.match(said) else said
            if part.endswith("。") or len(lines[-1]) > _WIDEST:
                lines.append("")
    kept = [line.strip() for line in lines if line.strip()]
    return [_plain_start(line) for line in kept] or [""]


def _close(line: str) -> str:
    """Return *line* without a space between a Chinese character and the value that follows."""
    return line if re.search("[A-Za-z0-9] $", line) else line.rstrip(" ")


def _plain_start(line: str) -> str:
    """Return a line that begins no list, no table and no heading of its own."""
    match = re.match(r"(\d+)([.)])|()([-:])", line)
    if not match:
        return line
    sign = match[2] or match[4]
    return f"{match[1] or ''}&#{ord(sign)};{line[match.end() :]}"
