"""Deadlines counted from a moment: by hand around odd days, and the script against the reference."""

from __future__ import annotations

import datetime
import json
import random
from typing import TYPE_CHECKING, Any

import pytest
from copies import ROOT
from hosting import CHROMIUM
from hypothesis import given
from hypothesis import strategies as st

from pledge import project as project_module
from pledge.deadline import (
    DAYS,
    MINUTES,
    MONTHS,
    SERVICE,
    WORKDAYS,
    Days,
    Due,
    Time,
    UnknownYearError,
    countable,
    due,
)
from pledge.holidays import known, since
from pledge.kinds import KINDS
from pledge.quantity import TIME_UNITS

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Browser, Page

    from pledge.kinds import Hours

CALENDAR = known(project_module.load(ROOT).catalogue)
ALL_DAY, EVERY_DAY = "全天", "周一至周日 8:00-20:00"
WEEK = "周一至周五 9:00-12:00、13:30-18:00；周六 10:00-16:00（法定节假日除外）"
HOURS = (ALL_DAY, EVERY_DAY, WEEK, "周日 0:00-24:00", "周一 8:00-8:05", "每日 18:30-24:00（法定节假日除外）")


def hours(text: str) -> Hours:
    """Return service hours as a variable file has them."""
    read: Hours = KINDS["hours"].parse(text, ())
    return read


def counted(start: str, amount: str, clock: str = "", served: str = EVERY_DAY, days: Days = CALENDAR) -> Due:
    """Return when *amount* ends that runs from *start*."""
    time = countable(KINDS["duration"].parse(amount, TIME_UNITS), clock, hours(served))
    assert time is not None
    return due(datetime.datetime.fromisoformat(start), time, days)


def end(found: Due) -> str:
    """Return the end as text, midnight as 24:00."""
    return f"{found.day} {found.minute // 60:02}:{found.minute % 60:02}"


# By hand: what runs from when, by which clock, and the last moment.
BY_HAND = {
    "hours run on through the night": ("2026-11-27 22:30", "2小时", "自然时间", "2026-11-28 00:30"),
    "a part of an hour": ("2026-11-27 09:00", "1.5小时", "自然时间", "2026-11-27 10:30"),
    "hours over a new year": ("2026-12-31 23:59", "30分钟", "自然时间", "2027-01-01 00:29"),
    "the starting day does not count": ("2026-11-27 00:00", "1日", "自然日", "2026-11-28 24:00"),
    "a week is seven days": ("2026-11-27 18:00", "1周", "自然日", "2026-12-04 24:00"),
    "a last day in Golden Week gives way": ("2026-09-24 12:00", "7日", "自然日", "2026-10-08 24:00"),
    "a last day after Golden Week stays": ("2026-10-01 12:00", "7日", "自然日", "2026-10-08 24:00"),
    "a Sunday that is no holiday stays": ("2026-11-22 12:00", "7日", "自然日", "2026-11-29 24:00"),
    "a month ends on its day": ("2026-03-15 12:00", "1个月", "公历", "2026-04-15 24:00"),
    "a month without that day ends with it": ("2026-01-31 12:00", "1个月", "公历", "2026-02-28 24:00"),
    "a leap day": ("2024-01-31 12:00", "1个月", "公历", "2024-02-29 24:00"),
    "a year from a leap day": ("2024-02-29 12:00", "1年", "公历", "2025-02-28 24:00"),
    "half a year": ("2026-01-31 12:00", "0.5年", "公历", "2026-07-31 24:00"),
    "a month that ends in a holiday": ("2026-09-01 12:00", "1个月", "公历", "2026-10-08 24:00"),
    "working days over a weekend": ("2026-11-27 18:00", "2工作日", "工作日", "2026-12-01 24:00"),
    "working days over Golden Week": ("2026-09-30 08:00", "2工作日", "工作日", "2026-10-09 24:00"),
    "a Saturday that is worked counts": ("2026-10-09 08:00", "1工作日", "工作日", "2026-10-10 24:00"),
    "a Sunday that is worked counts": ("2026-01-02 08:00", "1工作日", "工作日", "2026-01-04 24:00"),
    "asked on a holiday": ("2026-10-03 08:00", "1工作日", "工作日", "2026-10-08 24:00"),
    "within the service hours": ("2026-11-27 09:00", "2小时", "服务时间", "2026-11-27 11:00"),
    "the rest on the next day": ("2026-11-27 19:00", "2小时", "服务时间", "2026-11-28 09:00"),
    "asked before the doors open": ("2026-11-27 05:00", "2小时", "服务时间", "2026-11-27 10:00"),
    "asked after they close": ("2026-11-27 20:00", "2小时", "服务时间", "2026-11-28 10:00"),
    "to the last minute of a day": ("2026-11-27 18:00", "2小时", "服务时间", "2026-11-27 20:00"),
}


@pytest.mark.parametrize(("start", "amount", "clock", "expected"), BY_HAND.values(), ids=list(BY_HAND))
def test_by_hand(start: str, amount: str, clock: str, expected: str) -> None:
    """The end is the one that a person finds with a calendar."""
    assert expected == end(counted(start, amount, clock))


def test_holidays_close_where_the_hours_say_so() -> None:
    """Hours without holidays go on after Golden Week; a Saturday has its own hours."""
    found = counted("2026-09-30 17:00", "3小时", "服务时间", WEEK)
    assert "2026-10-08 11:00" == end(found)
    assert ((datetime.date(2026, 9, 30), 1020, 1080), (datetime.date(2026, 10, 8), 540, 660)) == found.steps


def test_hours_around_the_clock_are_natural_hours() -> None:
    """全天 counts as the clock on the wall does."""
    assert "2026-11-28 00:30" == end(counted("2026-11-27 22:30", "2小时", "服务时间", ALL_DAY))


def test_the_counting_is_shown() -> None:
    """Each working day that counts is a step; a day that gave way is named."""
    assert [datetime.date(2026, 10, 9), datetime.date(2026, 10, 10), datetime.date(2026, 10, 12)] == [
        day for day, _, _ in counted("2026-10-08 08:00", "3工作日", "工作日").steps
    ]
    assert datetime.date(2026, 10, 1) == counted("2026-09-24 12:00", "7日", "自然日").moved
    assert None is counted("2026-11-22 12:00", "7日", "自然日").moved


def test_an_unknown_year_is_never_guessed() -> None:
    """Working days that reach into it have no end; a natural day has one that may yet give way."""
    with pytest.raises(UnknownYearError, match=r"^2027年的放假安排尚未公布$"):
        counted("2026-12-30 08:00", "2工作日", "工作日")
    with pytest.raises(UnknownYearError, match=r"^2027年的放假安排尚未公布$"):
        counted("2026-12-31 17:30", "2小时", "服务时间", WEEK)
    assert "2026-12-31 24:00" == end(counted("2026-12-30 08:00", "1工作日", "工作日"))
    found = counted("2026-12-30 08:00", "2日", "自然日")
    assert ("2027-01-01 24:00", 2027) == (end(found), found.unsure)
    assert 0 == counted("2026-12-30 08:00", "1日", "自然日").unsure


def test_a_year_of_the_catalogue_is_known(tiny: Path) -> None:
    """A file of the catalogue makes a year known, and takes the place of what the package says."""
    folder = tiny / "catalogue" / "holidays"
    folder.mkdir()
    text = "notice: 通知\nurl: https://www.example.com/\noff: [2027-01-01]\nworked: [2027-01-09]\n"
    (folder / "2027.yml").write_text(text, encoding="utf-8")
    (folder / "2026.yml").write_text(text.replace("2027", "2026").replace("01-09", "01-10"), encoding="utf-8")
    days = known(project_module.load(tiny).catalogue)
    assert "2027-01-04 24:00" == end(counted("2026-12-31 08:00", "1工作日", "工作日", days=days))
    assert "2027-01-09 24:00" == end(counted("2027-01-08 08:00", "1工作日", "工作日", days=days))
    assert "2026-10-01 24:00" == end(counted("2026-09-30 08:00", "1工作日", "工作日", days=days))


@pytest.mark.parametrize("amount", ["101年", "0.1年", "36601日", "9000小时", "4000工作日"])
def test_what_cannot_be_counted_is_left_out(amount: str) -> None:
    """A part of a month, and a time that no one would wait for, have no end."""
    clock = "工作日" if amount.endswith("工作日") else "自然时间"
    assert None is countable(KINDS["duration"].parse(amount, TIME_UNITS), clock, None)


FAMILIES = {MINUTES: 6_000, SERVICE: 9_000, DAYS: 90, WORKDAYS: 40, MONTHS: 30}
# Days around which counting is odd: turns of years, holidays, worked weekends, 29 February.
ODD = [datetime.date(year, month, day) for year in (2024, 2025, 2026) for month, day in ((1, 1), (10, 1))]
ODD += [datetime.date(2024, 2, 29), datetime.date(2026, 2, 15), datetime.date(2025, 1, 26)]
ODD += [datetime.date(2026, 12, 20)] * 3  # the next year is not known
ODD += sorted(CALENDAR.worked)[-12:]


def cases(count: int) -> list[tuple[datetime.datetime, Time]]:
    """Return moments and times, most of them near odd days; the same ones each time."""
    chance = random.Random(20261127)  # noqa: S311  cases, no secrets
    found = []
    for at in range(count):
        day = ODD[at % len(ODD)] + datetime.timedelta(days=chance.randint(-12, 12))
        start = datetime.datetime.combine(day, datetime.time(chance.randint(0, 23), chance.randint(0, 59)))
        family = list(FAMILIES)[at % len(FAMILIES)]
        served = hours(chance.choice(HOURS)) if family == SERVICE else None
        found.append((start, Time(family, chance.randint(1, FAMILIES[family]), served)))
    return found


def answer(start: datetime.datetime, time: Time) -> dict[str, Any]:
    """Return the reference's answer as the script gives it."""
    try:
        found = due(start, time, CALENDAR)
    except UnknownYearError as error:
        return {"unknown": error.year}
    return {
        "day": found.day.isoformat(),
        "minute": found.minute,
        "steps": [[day.isoformat(), opens, closes] for day, opens, closes in found.steps],
        "moved": found.moved.isoformat() if found.moved else None,
        "unsure": found.unsure,
    }


def asked(start: datetime.datetime, time: Time) -> dict[str, Any]:
    """Return a case for the script."""
    served = {"spans": time.hours.spans, "butHolidays": time.hours.but_holidays} if time.hours else None
    minute = start.hour * 60 + start.minute
    counted = {"family": time.family, "count": time.count, "hours": served}
    return {"day": start.date().isoformat(), "minute": minute, "time": counted}


# Thousands of cases go to the page and back as text: Playwright takes its time over every value in them.
ANSWERS = """
(asked) => import("/deadline.js").then(({ calendar, dayOf, due, textOf }) => {
  const [days, cases] = JSON.parse(asked);
  const known = calendar(days);
  return JSON.stringify(cases.map(({ day, minute, time }) => {
    try {
      const found = due(dayOf(day), minute, time, known);
      const steps = found.steps.map(([at, opens, closes]) => [textOf(at), opens, closes]);
      return { ...found, steps, day: textOf(found.day), moved: found.moved && textOf(found.moved) };
    } catch (error) {
      return { unknown: error.year };
    }
  }));
})
"""


@pytest.fixture
def scripted(browser: Browser) -> Iterator[Page]:
    """Return an empty page of a host that has the script."""
    page = browser.new_page()
    script = (ROOT / "docs" / "assets" / "deadline.js").read_text(encoding="utf-8")
    page.route(
        "**/*",
        lambda route: route.fulfill(
            content_type="text/javascript" if route.request.url.endswith(".js") else "text/html",
            body=script if route.request.url.endswith(".js") else "<!doctype html>",
        ),
    )
    page.goto("http://deadline.example/")
    yield page
    page.close()


@pytest.mark.skipif(CHROMIUM is None, reason="没有 chromium；安装：apt-get install chromium")
@pytest.mark.filterwarnings("ignore::ResourceWarning")
def test_the_script_agrees_with_the_reference(scripted: Page) -> None:
    """Over thousands of cases around odd days, end, steps, what gave way and what is unknown are the same."""
    made = cases(5_000)
    expected = [answer(start, time) for start, time in made]
    told = json.dumps([since(CALENDAR, 2000), [asked(start, time) for start, time in made]])
    assert expected == json.loads(scripted.evaluate(ANSWERS, told))
    for kind in ("unknown", "unsure", "moved", "steps"):
        assert 50 < sum(bool(found.get(kind)) for found in expected), kind


@given(
    st.sampled_from([DAYS, WORKDAYS, MONTHS]), st.integers(1, 60), st.integers(0, 1439), st.integers(0, 700)
)
def test_more_time_never_ends_earlier(family: str, count: int, minute: int, offset: int) -> None:
    """One unit more ends later, or on the same day where both give way to one holiday."""
    day = datetime.date(2023, 1, 1) + datetime.timedelta(days=offset)
    start = datetime.datetime.combine(day, datetime.time(minute // 60, minute % 60))
    short, long = (due(start, Time(family, number), CALENDAR) for number in (count, count + 1))
    assert short.day <= long.day
    assert short.day > start.date()
    if family == WORKDAYS:
        assert count == len(short.steps)
        assert all(CALENDAR.is_working(worked) for worked, _, _ in short.steps)


@given(st.sampled_from(HOURS), st.integers(1, 3_000), st.integers(0, 700), st.integers(0, 1439))
def test_service_time_counts_only_minutes_of_service(text: str, count: int, offset: int, minute: int) -> None:
    """The steps add up to the time, in order, within the hours, and none lies before the start."""
    served = hours(text)
    day = datetime.date(2023, 1, 1) + datetime.timedelta(days=offset)
    start = datetime.datetime.combine(day, datetime.time(minute // 60, minute % 60))
    found = due(start, Time(SERVICE, count, served), CALENDAR)
    assert count == sum(closes - opens for _, opens, closes in found.steps)
    assert (found.day, found.minute) == (found.steps[-1][0], found.steps[-1][2])
    assert (start.date(), minute) <= found.steps[0][:2]
    assert sorted(found.steps) == list(found.steps)
    for at, opens, closes in found.steps:
        week = at.weekday() * 1440
        assert any(low <= week + opens < week + closes <= high for low, high in served.spans)
        assert not (served.but_holidays and CALENDAR.is_holiday(at))
