"""When a time that was promised ends, counted from a moment: the reference for the page that reckons it.

民法典 第二百条 to 第二百零三条: hours run from the moment itself; of days, months and years the starting day
does not count, and the last one ends at midnight. A last day that is a holiday gives way to the first day
after it. Working days need the official arrangement of the year; where it is not known, no day is named.
"""

from __future__ import annotations

import calendar
import datetime
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pledge.quantity import SATURDAY, SERVICE_TIME

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pledge.kinds import Hours
    from pledge.quantity import Quantity

MINUTES, SERVICE, DAYS, WORKDAYS, MONTHS = "minutes", "service", "days", "workdays", "months"
MIDNIGHT = 24 * 60
MOST = {MINUTES: 366 * MIDNIGHT, SERVICE: 366 * MIDNIGHT, DAYS: 36_600, WORKDAYS: 3_660, MONTHS: 1_200}
"""The longest times that are counted: a year of minutes, ten of working days, a hundred of months."""

_DAY = datetime.timedelta(days=1)


class UnknownYearError(LookupError):
    """The holidays of a year are not known; `year` is the year."""

    def __init__(self, year: int) -> None:
        super().__init__(f"{year}年的放假安排尚未公布")
        self.year = year


@dataclass(frozen=True, slots=True)
class Days:
    """The days off and the weekend days that are worked instead, of the years whose arrangement is known."""

    years: frozenset[int]
    off: frozenset[datetime.date]
    worked: frozenset[datetime.date]

    def is_holiday(self, day: datetime.date) -> bool:
        """Whether *day* is among the days off for a holiday; raises UnknownYearError."""
        if day.year not in self.years:
            raise UnknownYearError(day.year)
        return day in self.off

    def is_working(self, day: datetime.date) -> bool:
        """Whether people work on *day* by the official arrangement; raises UnknownYearError."""
        return not self.is_holiday(day) and (day.weekday() < SATURDAY or day in self.worked)


@dataclass(frozen=True, slots=True)
class Time:
    """A promised time to be counted: so many of one family; service time has its hours."""

    family: str
    count: int
    hours: Hours | None = None


@dataclass(frozen=True, slots=True)
class Due:
    """When a time ends: on *day* at *minute* (0 to 1440, which is midnight), counted over *steps*.

    A step is a day and the minutes of it that count, from and to. `moved` is the last day before it gave
    way to a holiday. `unsure` is a year whose holidays are not known, so that *day* may yet give way.
    """

    day: datetime.date
    minute: int
    steps: tuple[tuple[datetime.date, int, int], ...] = ()
    moved: datetime.date | None = None
    unsure: int = 0


def countable(amount: Quantity, clock: str, hours: Hours | None) -> Time | None:
    """Return *amount* as a time to be counted by the calendar *clock*, or None where it cannot be.

    A part of a minute is left out; a part of a month cannot be counted, nor what is longer than a life.
    """
    family, number = amount.base
    if clock == SERVICE_TIME and family == MINUTES:
        family = SERVICE
    count = int(number)
    whole = family in {MINUTES, SERVICE} or count == number
    if not whole or not 0 < count <= MOST[family] or (family == SERVICE and hours is None):
        return None
    return Time(family, count, hours if family == SERVICE else None)


def due(start: datetime.datetime, time: Time, days: Days) -> Due:
    """Return when *time* that runs from *start* ends; both by the clock in China.

    Raises UnknownYearError where the answer depends on holidays that are not known.
    """
    if time.family == MINUTES:
        return _at(start + datetime.timedelta(minutes=time.count))
    if time.family == SERVICE:
        return _served(start, time, days)
    if time.family == WORKDAYS:
        return _worked(start.date(), time.count, days)
    last = start.date() + time.count * _DAY if time.family == DAYS else _months(start.date(), time.count)
    return _moved(last, days)


def _at(moment: datetime.datetime) -> Due:
    return Due(moment.date(), moment.hour * 60 + moment.minute)


def _worked(start: datetime.date, count: int, days: Days) -> Due:
    steps: list[tuple[datetime.date, int, int]] = []
    day = start
    while len(steps) < count:
        day += _DAY
        if days.is_working(day):
            steps.append((day, 0, MIDNIGHT))
    return Due(day, MIDNIGHT, tuple(steps))


def _months(start: datetime.date, count: int) -> datetime.date:
    """Return the corresponding day of the last month, or the end of that month (民法典 第二百零二条)."""
    years, month = divmod(start.month - 1 + count, 12)
    year = start.year + years
    return datetime.date(year, month + 1, min(start.day, calendar.monthrange(year, month + 1)[1]))


def _moved(last: datetime.date, days: Days) -> Due:
    day = last
    try:
        while days.is_holiday(day):
            day += _DAY
    except UnknownYearError as error:
        return Due(day, MIDNIGHT, moved=last if day != last else None, unsure=error.year)
    return Due(day, MIDNIGHT, moved=last if day != last else None)


def _served(start: datetime.datetime, time: Time, days: Days) -> Due:
    left = time.count
    day, since = start.date(), start.hour * 60 + start.minute
    steps: list[tuple[datetime.date, int, int]] = []
    while True:
        for opens, closes in _open(day, time.hours, days):
            begins = max(opens, since)
            if begins < closes:
                ends = min(closes, begins + left)
                steps.append((day, begins, ends))
                left -= ends - begins
            if not left:
                return Due(day, ends, tuple(steps))
        day, since = day + _DAY, 0


def _open(day: datetime.date, hours: Hours | None, days: Days) -> Iterator[tuple[int, int]]:
    """Yield the minutes of *day* with service, from and to."""
    if hours is None or (hours.but_holidays and days.is_holiday(day)):
        return
    first = day.weekday() * MIDNIGHT
    for opens, closes in hours.spans:
        if opens < first + MIDNIGHT and closes > first:
            yield max(opens - first, 0), min(closes - first, MIDNIGHT)
