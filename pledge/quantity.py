"""Amounts with a unit, and which of two is more, judged over every case that can arise."""

from __future__ import annotations

import datetime
import math
from dataclasses import dataclass
from decimal import Decimal
from functools import cache

from chinese_calendar import constants

# Unit to (family, size in the family's smallest unit). Two amounts of one family compare exactly.
FAMILIES: dict[str, tuple[str, Decimal]] = {
    "分钟": ("minutes", Decimal(1)),
    "小时": ("minutes", Decimal(60)),
    "日": ("days", Decimal(1)),
    "周": ("days", Decimal(7)),
    "工作日": ("workdays", Decimal(1)),
    "个月": ("months", Decimal(1)),
    "年": ("months", Decimal(12)),
    "元": ("yuan", Decimal(1)),
    "万元": ("yuan", Decimal(10000)),
}
TIME_UNITS = ("分钟", "小时", "日", "周", "工作日", "个月", "年")
SATURDAY = 5
SERVICE_TIME = "服务时间"
_ISO = {"分钟": "PT{}M", "小时": "PT{}H", "日": "P{}D", "周": "P{}W", "个月": "P{}M", "年": "P{}Y"}
_FOREVER = Decimal("Infinity")
_DAY = 24 * 60
# After 400 years the calendar begins anew: so many months, so many days.
_CYCLE = (400 * 12, 146_097)


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number and its unit, as `2小时` or `500元`."""

    number: Decimal
    unit: str

    def __str__(self) -> str:
        """Return the amount as it is printed: `3个工作日`, `6个月`, `0.05%`."""
        joint = "个" if self.unit == "工作日" else ""
        return f"{plain(self.number)}{joint}{self.unit}"

    @property
    def base(self) -> tuple[str, Decimal]:
        """The family and the amount in the family's smallest unit."""
        family, size = FAMILIES.get(self.unit, (self.unit, Decimal(1)))
        return family, self.number * size

    @property
    def iso(self) -> str | None:
        """The ISO 8601 duration (GB/T 7408.1-2023), or None: a 工作日 has none."""
        form = _ISO.get(self.unit)
        return form.format(plain(self.number)) if form else None


def plain(number: Decimal) -> str:
    """Return *number* without exponent or trailing zeros."""
    text = format(number, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def figure(number: Decimal) -> int | float:
    """Return *number* as JSON writes it: whole without a point, else exact to 15 digits (RFC 8259, 6)."""
    return int(number) if number % 1 == 0 else float(number)


def compare(left: Quantity, right: Quantity, left_calendar: str = "", right_calendar: str = "") -> int | None:
    """Return -1, 0 or 1 where *left* is never more, the same, or never less than *right*.

    None where it depends on the days it falls on, as with `7个工作日` and `7日`. Days are counted by
    民法典 第二百条 to 第二百零三条: the starting day does not count, the last one ends at midnight.
    """
    clocks = {left_calendar == SERVICE_TIME, right_calendar == SERVICE_TIME}
    (left_family, left_amount), (right_family, right_amount) = left.base, right.base
    if left_family == right_family and len(clocks) == 1:
        return (left_amount > right_amount) - (left_amount < right_amount)
    if left.unit not in TIME_UNITS or right.unit not in TIME_UNITS:
        return None
    mixed = (left_family == "minutes") != (right_family == "minutes")
    left_low, left_high = bounds(left, left_calendar, mixed=mixed)
    right_low, right_high = bounds(right, right_calendar, mixed=mixed)
    if left_low == left_high == right_low == right_high:
        return 0
    if left_high <= right_low:
        return -1
    return 1 if left_low >= right_high else None


def bounds(time: Quantity, calendar: str = "", *, mixed: bool = True) -> tuple[Decimal, Decimal]:
    """Return the fewest and the most minutes that *time* can last.

    With *mixed* the unfinished starting day that a day count leaves out is added at the top.
    """
    family, amount = time.base
    if family == "minutes":
        return amount, _FOREVER if calendar == SERVICE_TIME else amount
    few, many = _days(family, amount)
    return few * _DAY, (many + mixed) * _DAY


def _days(family: str, amount: Decimal) -> tuple[Decimal, Decimal]:
    if family == "days":
        return amount, amount
    if family == "workdays":
        return amount, Decimal(longest_span(int(amount)))
    return _month_days(int(amount))[0], _month_days(math.ceil(amount))[1]


@cache
def _month_days(months: int) -> tuple[Decimal, Decimal]:
    cycles, rest = divmod(months, _CYCLE[0])
    starts = [datetime.date(year, month, 1) for year in range(2023, 2028) for month in range(1, 13)]
    lengths = [(_later(start, rest) - start).days + cycles * _CYCLE[1] for start in starts]
    return Decimal(min(lengths)), Decimal(max(lengths))


def _later(start: datetime.date, months: int) -> datetime.date:
    count = start.month - 1 + months
    return datetime.date(start.year + count // 12, count % 12 + 1, 1)


@cache
def _working_ordinals() -> list[int]:
    holidays, made_up = constants.holidays, constants.workdays
    first = datetime.date(min(holidays).year, 1, 1).toordinal()
    last = datetime.date(max(holidays).year, 12, 31).toordinal()
    days = (datetime.date.fromordinal(number) for number in range(first, last + 1))
    return [
        day.toordinal()
        for day in days
        if day in made_up or (day.weekday() < SATURDAY and day not in holidays)
    ]


@cache
def longest_span(working_days: int) -> int:
    """Return the most calendar days that so many working days have taken in any known year.

    The years are those whose official holidays and make-up days the package chinesecalendar holds.
    """
    known = _working_ordinals()
    weeks, rest = divmod(working_days, 200)
    spans = [later - first for first, later in zip(known, known[rest:], strict=False)]
    return max(spans) + weeks * 300


def margin(promise: Quantity, bound: Quantity) -> str:
    """Return how far *promise* is from *bound*, in words; empty where they are equal.

    Amounts of different families are compared by the promise's worst case, in days.
    """
    family, amount = promise.base
    bound_family, limit = bound.base
    if family == bound_family:
        unit = promise.unit if FAMILIES.get(promise.unit, ("", 1))[1] == 1 else bound.unit
        size = FAMILIES.get(unit, ("", Decimal(1)))[1]
        gap = abs(amount - limit) / size
        return str(Quantity(gap, unit)) if gap else ""
    low, high = bounds(promise, mixed=False)
    other = bounds(bound, mixed=False)[0]
    gap_days = min(abs(high - other), abs(other - low)) // _DAY
    return f"约{plain(gap_days)}日" if gap_days else ""
