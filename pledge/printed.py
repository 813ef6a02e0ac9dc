"""What a value looks like on a page: finished HTML in which company text is nothing but text.

Every ASCII punctuation mark of company text becomes a numeric entity, so nothing in it is HTML, Markdown
or Jinja, and the text a browser shows is the text that was written.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import cn2an

from pledge.quantity import Quantity, plain

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pledge.entries import Blank
    from pledge.typed import Row, Value

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


def entities(text: str) -> str:
    """Return *text* with every ASCII punctuation mark as a numeric entity."""
    return _PUNCTUATION.sub(lambda match: f"&#{ord(match[0])};", text)


def printed(value: Value) -> str:
    """Return a value as HTML: inline for a scalar or list, a table for a table."""
    if value.blank.kind == "table":
        return _table(value)
    return data(value, worded(value))


def worded(value: Value) -> str:
    """Return a value in words: an option of a choice brings its own."""
    return value.blank.options.get(value.text) or value.text


def data(value: Value, text: str = "") -> str:
    """Return a value inline, marked with its blank; *text* where it is worded otherwise."""
    name, machine = value.blank.id, entities(value.machine)
    return f'<data class="blank" data-blank="{name}" value="{machine}">{entities(text)}</data>'


def _table(value: Value) -> str:
    columns = value.blank.columns
    head = "".join(f'<th scope="col">{entities(column.label)}</th>' for column in columns.values())
    rows = "".join(f"<tr>{_cells(row, columns, value.blank.key)}</tr>" for row in value.data)
    label = entities(value.blank.label)
    return (
        f'<div class="table-box" data-blank="{value.blank.id}" tabindex="0" role="region"'
        f' aria-label="{label}"><table class="cards"><caption>{label}</caption>'
        f"<thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table></div>"
    )


def _cells(row: Row, columns: Mapping[str, Blank], key: str) -> str:
    cells = []
    for name, column in columns.items():
        tag, scope = ("th", ' scope="row"') if name == key else ("td", "")
        text = data(row[name], worded(row[name])) if name in row else "—"
        cells.append(f'<{tag}{scope} data-label="{entities(column.label)}">{text}</{tag}>')
    return "".join(cells)


def gap(blank: Blank, text: str, kind: str) -> str:
    """Return the mark of a blank that is not filled here: of a deal, or of a draft."""
    shown = f"〔{blank.label}：{text}〕"
    return f'<span class="gap {kind}" data-blank="{blank.id}">{entities(shown)}</span>'


def capitals(amount: Quantity) -> str:
    """Return an amount of money in capitals, as `人民币壹仟肆佰零玖元伍角`.

    正确填写票据和结算凭证的基本规定: 整 is required after 元 and never follows 分.
    """
    yuan = amount.base[1].quantize(amount.base[1].__class__("0.01"))
    text = str(cn2an.an2cn(plain(yuan), "rmb"))
    return f"人民币{text.replace('元整', '元整')}"
