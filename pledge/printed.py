"""What a value looks like on a page: finished HTML in which company text is nothing but text.

Every ASCII punctuation mark of company text becomes a numeric entity, so nothing in it is HTML, Markdown
or Jinja, and the text a browser shows is the text that was written.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import TYPE_CHECKING

from pledge.kinds import chinese_date
from pledge.quantity import Quantity, plain

if TYPE_CHECKING:
    import datetime
    from collections.abc import Iterable, Sequence

    from pledge.entries import Blank
    from pledge.typed import Value

_PUNCTUATION = re.compile(r"[!-/:-@\[-`{-~]")


class AbsentBlankError(LookupError):
    """A page prints a blank that has no value; the checks find this before a build."""


class Topic:
    """The blanks of a topic by name; a plain object, so no method can shadow a blank."""


class Printed(str):
    """Finished HTML for a blank that has a value; true in a condition even where it is empty."""

    __slots__ = ("value",)
    value: Value | None

    def __bool__(self) -> bool:
        """Return true: the blank is filled."""
        return True


class Absent:
    """An optional blank without a value: false in a condition, an error when printed."""

    def __init__(self, blank: Blank) -> None:
        self._blank = blank

    def __bool__(self) -> bool:
        """Return false: the blank is absent."""
        return False

    def __str__(self) -> str:
        """Refuse to be printed."""
        raise AbsentBlankError(f"{self._blank.label}（{self._blank.id}）没有值")


@dataclass(frozen=True, slots=True)
class Since:
    """From which day a value holds, and what stood in its place before: empty for nothing."""

    date: datetime.date
    before: str = ""

    @property
    def words(self) -> str:
        """The day, and what was said before, as a customer reads them."""
        return f"自{day(self.date)}起" + (f"；此前为{self.before}" if self.before else "")


def day(date: datetime.date) -> str:
    """Return *date* as it is printed: `2026年12月1日`."""
    return chinese_date(date)


@lru_cache(maxsize=1 << 14)
def entities(text: str) -> str:
    """Return *text* with every ASCII punctuation mark as a numeric entity."""
    return _PUNCTUATION.sub(lambda match: f"&#{ord(match[0])};", text)


def printed(value: Value, since: Since | None = None) -> str:
    """Return a value as HTML: inline for a scalar or list, a table for a table."""
    if value.blank.kind == "table":
        return _table(value, since)
    return data(value, worded(value), since)


def worded(value: Value) -> str:
    """Return a value in words: an option of a choice brings its own."""
    return value.blank.options.get(value.text) or value.text


def data(value: Value, text: str, since: Since | None = None, *, marks: str = "") -> str:
    """Return *text*, a value in words, inline and marked with its blank, kind and machine value.

    *marks* are further attributes.
    """
    blank = value.blank
    return (
        f'<data class="blank" data-blank="{blank.id}" data-kind="{blank.kind}"'
        f' value="{entities(value.machine)}"{marks}{_dated(since)}>{entities(text)}</data>'
    )


def _dated(since: Since | None) -> str:
    if since is None:
        return ""
    before = f' data-before="{entities(since.before)}"' if since.before else ""
    return f' data-since="{since.date.isoformat()}"{before} title="{entities(since.words)}"'


def table(
    caption: str, heads: Sequence[str], rows: Iterable[Sequence[str]], *, kind: str = "", marks: str = ""
) -> str:
    """Return a table in a box that scrolls by itself; the first cell of each row is its header.

    *caption* and *heads* are text, the cells finished HTML; an empty cell reads `—`. *marks* are further
    attributes of the box.
    """
    shown = "".join(f'<th scope="col">{entities(head)}</th>' for head in heads)
    labels = [entities(head) for head in heads]
    body = "".join(f"<tr>{_cells(labels, row)}</tr>" for row in rows)
    label = entities(caption)
    return (
        f'<div class="{f"table-box {kind}".strip()}"{marks} tabindex="0" role="region"'
        f' aria-label="{label}"><table class="cards"><caption>{label}</caption>'
        f"<thead><tr>{shown}</tr></thead><tbody>{body}</tbody></table></div>"
    )


def _cells(labels: Sequence[str], row: Sequence[str]) -> str:
    first, *rest = row
    cells = [f'<th scope="row" data-label="{labels[0]}">{first}</th>']
    for label, cell in zip(labels[1:], rest, strict=True):
        none = "" if cell else ' class="none"'
        cells.append(f'<td{none} data-label="{label}">{cell or "—"}</td>')
    return "".join(cells)


def _table(value: Value, since: Since | None) -> str:
    columns = {name: column.label for name, column in value.blank.columns.items()}
    rows = (
        [data(row[name], worded(row[name])) if name in row else "" for name in columns] for row in value.data
    )
    marks = f' data-blank="{value.blank.id}"{_dated(since)}'
    return table(value.blank.label, list(columns.values()), rows, marks=marks)


def gap(blank: Blank, text: str, kind: str) -> str:
    """Return the mark of a blank that is not filled here: of a deal, or of a draft."""
    shown = f"〔{blank.label}：{text}〕"
    return f'<span class="gap {kind}" data-blank="{blank.id}">{entities(shown)}</span>'


def capitals(amount: Quantity) -> str:
    """Return an amount of money in capitals, as `人民币壹仟肆佰零玖元伍角`.

    正确填写票据和结算凭证的基本规定: 整 is required after 元 and never follows 分.
    """
    import cn2an  # noqa: PLC0415  it takes longer to import than a page to fill, and few builds need it

    yuan = amount.base[1].quantize(Decimal("0.01"))
    return f"人民币{cn2an.an2cn(plain(yuan), 'rmb')}"
