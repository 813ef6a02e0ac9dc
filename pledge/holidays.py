"""Which days are off and which weekend days are worked, by the official arrangement of each year."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chinese_calendar import constants

from pledge.deadline import Days

if TYPE_CHECKING:
    import datetime

    from pledge.catalogue import Catalogue


def known(catalogue: Catalogue) -> Days:
    """Return the days of every year whose arrangement is known: from `catalogue/holidays/`, else the package.

    The package chinesecalendar holds the notices of the State Council for the years it knows. A file of the
    catalogue holds a later one, and takes the place of what the package says of its year.
    """
    ours = catalogue.holidays
    years = {day.year for day in constants.holidays}
    off = {day for day in constants.holidays if day.year not in ours}
    worked = {day for day in constants.workdays if day.year not in ours}
    return Days(
        frozenset(years | ours.keys()),
        frozenset(off.union(*(year.off for year in ours.values()))),
        frozenset(worked.union(*(year.worked for year in ours.values()))),
    )


def since(days: Days, first: int) -> dict[str, list[int] | list[str]]:
    """Return *days* from the year *first* on, as JSON for a page: years, and dates in ISO 8601."""

    def listed(found: frozenset[datetime.date]) -> list[str]:
        return sorted(day.isoformat() for day in found if day.year >= first)

    return {
        "years": sorted(year for year in days.years if year >= first),
        "off": listed(days.off),
        "worked": listed(days.worked),
    }
