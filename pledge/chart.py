"""How a headline promise went over the editions: a small step chart, and the same as a table."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pledge.periods import NOTHING, periods
from pledge.printed import day, entities
from pledge.quantity import Quantity

if TYPE_CHECKING:
    import datetime
    from collections.abc import Iterator, Sequence

    from pledge.catalogue import Catalogue
    from pledge.edition import Edition
    from pledge.entries import Blank

WIDTH = 320
LEFT, RIGHT, TOP, DEPTH, FOOT, TAIL = 72, 312, 14, 64, 30, 24
_FEW = 2


def bar(promise: int, bound: int) -> str:
    """Return a small bar: how far a promise goes, and where the law's limit stands, each in hundredths."""
    return (
        '<svg class="margin" viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true">'
        '<rect class="margin-way" width="100" height="8"/>'
        f'<rect class="margin-ours" width="{promise}" height="8"/>'
        f'<rect class="margin-law" x="{min(bound, 98)}" width="2" height="8"/></svg>'
    )


@dataclass(frozen=True, slots=True)
class Step:
    """What was promised from an edition on, until the next step; no amount where nothing was."""

    number: str
    start: datetime.date
    amount: Quantity | None

    @property
    def text(self) -> str:
        """The amount as it was printed."""
        return str(self.amount) if self.amount else NOTHING


@dataclass(frozen=True, slots=True)
class _Scale:
    """Where days and amounts stand in a chart."""

    first: datetime.date
    end: datetime.date
    least: float
    most: float

    @property
    def bottom(self) -> int:
        """Where the lowest amount stands: a chart of one amount is flat."""
        return TOP + (DEPTH if self.least < self.most else 0)

    def x(self, date: datetime.date) -> float:
        share = (date - self.first) / (self.end - self.first)
        return round(LEFT + share * (RIGHT - TAIL - LEFT), 1)

    def y(self, amount: Quantity) -> float:
        share = (float(amount.base[1]) - self.least) / (self.most - self.least or 1)
        return round(self.bottom - share * DEPTH, 1)


def charts(editions: Sequence[Edition], catalogue: Catalogue) -> str:
    """Return a chart and a table for each headline promise with an amount in two editions or more."""
    shown = [period.edition for period in periods(editions) if not period.empty]
    blanks = sorted((blank for blank in catalogue.blanks.values() if blank.headline), key=_order)
    return "".join(_figure(blank, shown) for blank in blanks if len(shown) >= _FEW)


def _order(blank: Blank) -> int:
    return blank.headline


def _figure(blank: Blank, editions: Sequence[Edition]) -> str:
    amounts = [_amount(blank, edition) for edition in editions]
    if sum(amount is not None for amount in amounts) < _FEW:
        return ""
    steps = list(_steps(editions, amounts))
    families = {amount.base[0] for amount in amounts if amount}
    drawn = _drawn(blank, steps, editions) if len(families) == 1 else ""
    return (
        f'<figure class="steps"><figcaption>{entities(blank.label)}</figcaption>'
        f"<div>{drawn}{_table(steps)}</div></figure>"
    )


def _amount(blank: Blank, edition: Edition) -> Quantity | None:
    recorded = edition.values.get(blank.id)
    found = recorded.value(blank) if recorded else None
    return found.data if found and isinstance(found.data, Quantity) else None


def _steps(editions: Sequence[Edition], amounts: Sequence[Quantity | None]) -> Iterator[Step]:
    before: Step | None = None
    for edition, amount in zip(editions, amounts, strict=True):
        step = Step(edition.number, edition.effective, amount)
        if before is None or before.text != step.text:
            yield step
            before = step


def _table(steps: Sequence[Step]) -> str:
    rows = "".join(
        f'<tr><th scope="row">{entities(step.number)}版</th><td>{day(step.start)}起</td>'
        f"<td>{entities(step.text)}</td></tr>"
        for step in reversed(steps)
    )
    heads = '<tr><th scope="col">版本</th><th scope="col">施行日期</th><th scope="col">承诺内容</th></tr>'
    return f'<table class="step-table"><thead>{heads}</thead><tbody>{rows}</tbody></table>'


def _drawn(blank: Blank, steps: Sequence[Step], editions: Sequence[Edition]) -> str:
    sizes = [float(step.amount.base[1]) for step in steps if step.amount]
    scale = _Scale(editions[0].effective, editions[-1].effective, min(sizes), max(sizes))
    name, height = blank.id.replace(".", "-"), scale.bottom + FOOT
    label = entities(blank.label)
    told = "，".join(f"{day(step.start)}起{step.text}" for step in steps)
    return (
        f'<svg class="step-chart" viewBox="0 0 {WIDTH} {height}" width="{WIDTH}" height="{height}" role="img"'
        f' aria-labelledby="{name}-title {name}-desc"><title id="{name}-title">{label}</title>'
        f'<desc id="{name}-desc">{entities(told)}</desc>{_axes(scale, steps)}'
        f'<path class="step-line" d="{_path(scale, steps)}"/>{_dots(scale, steps)}</svg>'
    )


def _axes(scale: _Scale, steps: Sequence[Step]) -> str:
    levels = {scale.y(step.amount): step.text for step in steps if step.amount}
    ends = {min(levels): levels[min(levels)], max(levels): levels[max(levels)]}
    lines = "".join(
        f'<path class="step-level" d="M{LEFT} {y}H{RIGHT}"/>'
        f'<text x="{LEFT - 8}" y="{y + 4}" text-anchor="end">{entities(text)}</text>'
        for y, text in ends.items()
    )
    dates = ((LEFT, scale.first), (scale.x(scale.end), scale.end))
    return lines + "".join(
        f'<text x="{x}" y="{scale.bottom + FOOT - 6}" text-anchor="middle">{date.year}年{date.month}月</text>'
        for x, date in dates
    )


def _path(scale: _Scale, steps: Sequence[Step]) -> str:
    drawn = ""
    ends = [*(scale.x(step.start) for step in steps[1:]), RIGHT]
    last: float | None = None
    for step, end in zip(steps, ends, strict=True):
        if step.amount is None:
            last = None
            continue
        y = scale.y(step.amount)
        drawn += f"M{scale.x(step.start)} {y}" if last is None else f"V{y}"
        drawn += f"H{end}"
        last = y
    return drawn


def _dots(scale: _Scale, steps: Sequence[Step]) -> str:
    return "".join(
        f'<circle class="step-dot" cx="{scale.x(step.start)}" cy="{scale.y(step.amount)}" r="3">'
        f"<title>{entities(step.number)}版，{day(step.start)}起：{entities(step.text)}</title></circle>"
        for step in steps
        if step.amount
    )
