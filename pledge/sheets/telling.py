"""What a sheet tells the person who fills it in beside each value: how to write it, and what the law sets."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pledge.catalogue import example_text
from pledge.entries import DIRECTIONS
from pledge.law import SENSES, floor_bound
from pledge.read import Scalar, Sequence

if TYPE_CHECKING:
    import datetime
    from collections.abc import Callable, Iterator

    from pledge.company import Company
    from pledge.entries import Blank, Floor
    from pledge.project import Project

_AMOUNTS = {"duration", "money", "percent", "count"}


def needed(project: Project, company: Company) -> set[str]:
    """Return the blanks that *company* has to fill for what it publishes."""
    pages = [*project.published(company), *(project.site_pages if company.publish else [])]
    return {name for page in pages for name in page.needed(company.places)}


def told(blank: Blank, company: Company, *, required: bool) -> str:
    """Return how a value of *blank* is written and what it means, in a few sentences."""
    base = company.inherited.get(blank.id)
    parts = [
        "必填" if required and base is None else "",
        f"不填就沿用{company.base}的：{base.text}" if base and blank.kind != "table" else "",
        *meaning(blank),
        _form(blank),
    ]
    return "。".join(part for part in parts if part)


def meaning(blank: Blank) -> Iterator[str]:
    """Yield what an amount is of, when its clock runs, and which way is better for the customer."""
    if blank.basis or blank.per:
        yield "，".join(part for part in (f"每{blank.per}" * bool(blank.per), _of(blank)) if part)
    if blank.starts:
        yield f"从{blank.starts}起，到{blank.ends}止"
    if blank.calendar in {"服务时间", "自然时间"}:
        yield f"按{blank.calendar}计算"
    if blank.better not in {"none", ""} and blank.kind != "choice":
        yield DIRECTIONS[blank.better]


def _of(blank: Blank) -> str:
    return f"占{blank.basis}" if blank.basis else ""


def _form(blank: Blank) -> str:
    if blank.kind == "choice":
        worse = "，由差到好" if blank.better == "ordered" else ""
        return f"从列表中选一项{worse}：{'、'.join(blank.options)}"
    if blank.kind == "list":
        return f"一行写一项，按 Alt+Enter 换行，如：{'；'.join(_items(blank))}"
    if blank.kind == "date":
        return f"写成日期，如：{example_text(blank.example)}"
    return f"如：{example_text(blank.example)}" if isinstance(blank.example, Scalar) else ""


def _items(blank: Blank) -> list[str]:
    found = blank.example.items if isinstance(blank.example, Sequence) else []
    return [item.text for item in found if isinstance(item, Scalar)]


def about_table(
    project: Project, blank: Blank, company: Company, day: datetime.date, *, required: bool
) -> str:
    """Return what is to be known of a table before it is filled in, a line each."""
    meanings = ((column.label, "。".join(meaning(column))) for column in blank.columns.values())
    optional = "、".join(column.label for column in blank.columns.values() if column.optional)
    limit = limits(project, blank.id, day)
    lines = (
        told(blank, company, required=required),
        *(f"{label}：{text}" for label, text in meanings if text),
        f"可以不填：{optional}" if optional else "",
        f"法定标准：\n{limit}" if limit else "",
    )
    return "\n".join(line for line in lines if line) or "一行写一项；清空一整行就是删去这一行。"


def limits(
    project: Project, blank: str, day: datetime.date, binds: Callable[[Floor], bool] = lambda _: True
) -> str:
    """Return what the laws in force on *day* set for a blank, a line each; like rows of a table share one.

    *binds* chooses among their floors.
    """
    found: dict[tuple[str, str], list[str]] = {}
    for floor in project.catalogue.floors:
        if floor.blank == blank and floor.since <= day <= floor.until and binds(floor):
            said = _limit(project, floor)
            found.setdefault(said, []).extend(floor.where.values())
    return "\n".join(
        "、".join(dict.fromkeys(rows)) + "的" * bool(rows) + "".join(said) for said, rows in found.items()
    )


def _limit(project: Project, floor: Floor) -> tuple[str, str]:
    """Return the column with its limit, and by which law and for whom."""
    bound, field = floor_bound(project, floor), project.catalogue.field(floor.target)
    label = field.label if field and floor.column else ""
    whom = "，对消费者" if floor.audience == "consumer" else ""
    doubt = "，待核实" if floor.level != "error" else ""
    law = project.catalogue.laws[floor.law].short
    return f"{label}{SENSES[floor.sense]}{bound or floor.bound}", f"（{law}{floor.article}{whom}{doubt}）"
