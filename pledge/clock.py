"""The page 办理时限计算: every time the company promises, and what a script needs to count it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pledge.deadline import countable
from pledge.holidays import since
from pledge.printed import data, entities, table, worded

if TYPE_CHECKING:
    import datetime
    from collections.abc import Iterable, Iterator, Sequence

    from pledge.deadline import Days, Time
    from pledge.kinds import Hours
    from pledge.typed import Value

HEADS = ("事项", "期限", "从何时起", "到何时止", "计时方式")
_ANSWER = (
    '<article class="due"><h2><span class="due-label"></span> <span class="due-amount"></span></h2>'
    '<p><span class="due-until"></span> <strong class="due-when"></strong></p>'
    '<p class="due-what"></p><p class="due-how"></p>'
    '<p class="due-acts"><a class="due-clause">看条款</a>'
    '<button type="button" class="due-copy">复制文字</button><a class="due-file">存入日历</a></p>'
    '<textarea class="due-text" rows="6" readonly hidden aria-label="可以复制的文字"></textarea></article>'
)
_NONE = "<p>我方公布的承诺中，没有可以计算的期限。</p>"


@dataclass(frozen=True, slots=True)
class Timed:
    """A promised time: what it is called, its value and clock in words, and the address of its clause."""

    label: str
    value: Value
    clock: str
    link: str


def timed(value: Value, clock: str, link: str) -> Iterator[Timed]:
    """Yield the times that *value* promises: itself, or those in the rows of a table, named by their row.

    A time without a direction is no promise to the customer, and one without a start cannot be counted.
    """
    if value.blank.kind != "table":
        if value.blank.kind == "duration" and value.blank.better != "none" and value.blank.starts:
            yield Timed(value.blank.label, value, clock, link)
        return
    for row in value.data:
        for cell in row.values():
            for found in timed(cell, cell.calendar, link):
                yield Timed(f"{found.label}：{row[value.blank.key].text}", cell, found.clock, link)


def section(found: Iterable[Timed], hours: Hours | None, days: Days, today: datetime.date, up: str) -> str:
    """Return the times as a table, a form that a script shows, and the calendar that it counts by.

    *up* leads to the top of the site. The days are those from last year on, for a time that began then.
    The search leaves the section out: Material skips the outermost element as long as no other of its name
    stands inside, and it is the clauses themselves that are to be found.
    """
    known = [(each, countable(each.value.data, each.value.calendar, hours)) for each in found]
    if not known:
        return _NONE
    rows = [_row(each, time) for each, time in known]
    starts = list(dict.fromkeys(each.value.blank.starts for each, time in known if time))
    return (
        f'<section class="clock" data-search-exclude><h2 class="clock-title">计算</h2>{_form(starts)}'
        f"<details open><summary>全部期限</summary>{table('全部期限', HEADS, rows, kind='times')}</details>"
        f'<script type="application/json" class="clock-days">{_data(hours, days, today)}</script>'
        f'<script type="module" src="{up}assets/clock.js"></script></section>'
    )


def _form(starts: Sequence[str]) -> str:
    options = "".join(f"<option>{entities(start)}</option>" for start in starts)
    return (
        '<form class="clock-form" hidden>'
        f'<p><label for="clock-event">从哪件事起算</label><select id="clock-event">{options}</select></p>'
        '<p><label for="clock-start">这件事发生的时间（北京时间）</label>'
        '<input type="datetime-local" id="clock-start"></p></form>'
        f'<div class="clock-answers" aria-live="polite"></div><template>{_ANSWER}</template>'
    )


def _row(each: Timed, time: Time | None) -> list[str]:
    blank = each.value.blank
    marks = f' data-family="{time.family}" data-count="{time.count}"' if time else ""
    return [
        f'<a href="{each.link}">{entities(each.label)}</a>',
        data(each.value, worded(each.value), marks=f'{marks} data-better="{blank.better}"'),
        entities(blank.starts),
        entities(blank.ends),
        entities(each.clock),
    ]


def _data(hours: Hours | None, days: Days, today: datetime.date) -> str:
    """Return the calendar as JSON in which nothing can end a script."""
    served = {"text": hours.text, "spans": hours.spans, "butHolidays": hours.but_holidays} if hours else None
    text = json.dumps({"days": since(days, today.year - 1), "hours": served}, separators=(",", ":"))
    return text.replace("<", "\\u003c")
