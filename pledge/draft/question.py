"""What a person is told before answering: what the value means, its unit, an example, what the law sets."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pledge.catalogue import example_text
from pledge.read import Mapping, Sequence
from pledge.sheets.telling import limits, meaning

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pledge.draft.draft import Draft
    from pledge.entries import Blank, Floor


def about(draft: Draft, blank: Blank) -> Iterator[str]:
    """Yield what is to be known of *blank*, a line each: meaning, form, law, what the base says."""
    yield from _meaning(blank)
    yield from _written(blank, example_text(blank.example))
    if blank.kind != "table":
        yield from _law(draft, blank, "", {})
    base = draft.company.inherited.get(blank.id)
    if base and blank.kind != "table":
        yield f"{draft.company.base} 的值：{base.text}"


def about_cell(draft: Draft, table: Blank, name: str, rows: tuple[dict[str, str], ...]) -> Iterator[str]:
    """Yield what is to be known of the column *name* of *table* in the last of *rows*.

    What was said for the first row is not said again, but for the options and what the law sets for this one.
    """
    column = table.columns[name]
    if len(rows) == 1:
        yield from _meaning(column)
        yield from _written(column, _sample(table, name))
    elif column.kind == "choice":
        yield "　".join(f"{position} {option}" for position, option in enumerate(column.options, 1))
    yield from _law(draft, table, name, rows[-1])


def _meaning(blank: Blank) -> Iterator[str]:
    means = "；".join(meaning(blank))
    if means:
        yield f"{means}。"


def _written(blank: Blank, example: str) -> Iterator[str]:
    if blank.kind == "choice":
        yield "选一项，写编号" + ("（由差到好）：" if blank.better == "ordered" else "：")
        yield from _options(blank)
    elif blank.kind == "table":
        yield f"一行一行填，每行有：{'、'.join(column.label for column in blank.columns.values())}"
    elif blank.kind == "list":
        yield f"一次写一项，如：{_first(blank)}"
    else:
        units = f"单位：{'、'.join(blank.units)}　" if blank.units else ""
        sample = f"例：{example}" if example else ""
        if units or sample:
            yield f"{units}{sample}".strip()


def _options(blank: Blank) -> Iterator[str]:
    for position, (option, words) in enumerate(blank.options.items(), 1):
        says = "" if option in words else f"（条文写作“{words}”）"
        yield f"{position:>2} {option}{says}"


def _first(blank: Blank) -> str:
    found = blank.example.items if isinstance(blank.example, Sequence) else []
    return example_text(found[0]) if found else ""


def _sample(table: Blank, name: str) -> str:
    """Return the first example of a column among the rows of its table's example."""
    rows = table.example.items if isinstance(table.example, Sequence) else []
    cells = (row.entries[name] for row in rows if isinstance(row, Mapping) and name in row.entries)
    return next(map(example_text, cells), "")


def _law(draft: Draft, blank: Blank, column: str, row: dict[str, str]) -> Iterator[str]:
    """Yield the floors that bind what is published: those for consumers bind pages for them."""
    pages = [page for page in draft.project.published(draft.company) if page.protects_consumers]
    consumers = any(use.blank == blank.id for page in pages for use in page.uses)

    def binds(floor: Floor) -> bool:
        fits = floor.column == column and all(row.get(name) == text for name, text in floor.where.items())
        return fits and (consumers or floor.audience != "consumer")

    for line in limits(draft.project, blank.id, draft.day, binds).splitlines():
        yield f"法定标准：{line}"
