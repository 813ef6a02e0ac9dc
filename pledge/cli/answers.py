"""The answer to one question: a value, the items of a list, or the rows of a table, each checked at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from pledge.cli.terminal import BACK, BackError, filled, line, number
from pledge.draft.question import about_cell
from pledge.problem import LEVELS, errors, legible

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from pledge.draft.draft import Draft
    from pledge.entries import Blank
    from pledge.problem import Problem

    Row = dict[str, str]

MORE = "  写下一项；写完了，直接按回车。"
_KEEP = "  就用这个值，直接按回车；要改，重新写。"
_CELL = f"    这一格必填；要退回去，写“{BACK[0]}”。"


def ask(draft: Draft, blank: Blank, *, needed: bool) -> None:
    """Have *blank* answered, or left out where it is not *needed*. Raises StoppedError and BackError."""
    kinds = {"list": _list, "table": _table}
    kinds.get(blank.kind, _value)(draft, blank, needed=needed)


def _value(draft: Draft, blank: Blank, *, needed: bool) -> None:
    found: list[Problem] = []
    while answer := filled(needed=needed):
        found = draft.answer(blank, chosen(blank, answer))
        tell(found)
        if not found:
            return
        needed = needed and bool(errors(found))
        if not errors(found):
            click.echo(_KEEP)


def chosen(blank: Blank, answer: str) -> str:
    """Return the option of a choice that *answer* numbers; anything else stays as it is."""
    options = list(blank.options) if blank.kind == "choice" else []
    position = number(answer, len(options))
    return options[position - 1] if position and answer not in options else answer


def tell(found: Iterable[Problem], indent: str = "  ") -> None:
    """Print what is wrong with an answer, a warning marked as one."""
    for problem in found:
        serious = problem.level == "error"
        mark = "" if serious else f"{LEVELS[problem.level]}："
        click.secho(legible(f"{indent}✗ {mark}{problem.message}"), fg="red" if serious else "yellow")


def _list(draft: Draft, blank: Blank, *, needed: bool) -> None:
    items = [item for item in draft.said(blank) or () if isinstance(item, str)]
    if items:
        click.echo(legible(f"  已有：{'、'.join(items)}。\n{MORE}"))
    try:
        while answer := _item(items, needed=needed):
            found = draft.complaints(blank, (*items, answer))
            tell(found)
            if errors(found):
                continue
            items.append(answer)
            if len(items) == 1:
                click.echo(MORE)
    finally:
        if items:
            draft.answer(blank, tuple(items))


def _item(items: list[str], *, needed: bool) -> str:
    """Return the next item, or nothing where the list ends; going back takes the last one away."""
    try:
        return filled(f"第{len(items) + 1}项> ", needed=needed and not items)
    except BackError:
        if not items:
            raise
        click.echo(legible(f"  去掉了“{items.pop()}”。"))
        return _item(items, needed=needed)


def _table(draft: Draft, table: Blank, *, needed: bool) -> None:
    rows = [row for row in draft.said(table) or () if isinstance(row, dict)]
    if rows:
        click.echo(legible(f"  已有：{'、'.join(row[table.key] for row in rows)}。"))
    try:
        while row := _next_row(draft, table, rows, needed=needed):
            rows.append(row)
    finally:
        if rows:
            draft.answer(table, tuple(rows))


def _next_row(draft: Draft, table: Blank, rows: list[Row], *, needed: bool) -> Row:
    """Return the next row, or nothing where the table ends; going back takes the last one away."""
    click.echo(f"第{len(rows) + 1}行{'（写完了，直接按回车）' if rows else ''}")
    try:
        return _row(draft, table, rows, needed=needed and not rows)
    except BackError:
        if not rows:
            raise
        click.echo(legible(f"  去掉了“{rows.pop()[table.key]}”这一行。"))
        return _next_row(draft, table, rows, needed=needed)


def _row(draft: Draft, table: Blank, rows: Sequence[Row], *, needed: bool) -> Row:
    row: Row = {}
    names = list(table.columns)
    at = 0
    while at < len(names):
        row.pop(names[at], None)
        try:
            answer = _cell(draft, table, names[at], (*rows, row), needed=needed)
        except BackError:
            if not at:
                raise
            at -= 1
            continue
        if not answer and not at:
            return {}
        row |= {names[at]: answer} if answer else {}
        at += 1
    return row


def _cell(draft: Draft, table: Blank, name: str, rows: tuple[Row, ...], *, needed: bool) -> str:
    """Return what is answered for a cell of the last row; the first cell left empty ends the table."""
    column, row = table.columns[name], rows[-1]
    click.echo(f"  {column.label}{'（可以不填，直接按回车）' if column.optional else ''}")
    for told in about_cell(draft, table, name, rows):
        click.echo(legible(f"    {told}"))
    while True:
        answer = chosen(column, line("  > ") if row else filled("  > ", needed=needed))
        if not answer and (column.optional or not row):
            return ""
        if not answer:
            click.echo(_CELL)
            continue
        known = {problem.message for problem in draft.complaints(table, rows)} if row else set()
        found = draft.complaints(table, (*rows[:-1], {**row, name: answer}))
        tell([problem for problem in found if problem.message not in known], "    ")
        if not errors(found):
            return answer
