"""Amounts with a unit: printing, reading, and which of two is more in every case that can arise."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pledge.kinds import KINDS
from pledge.quantity import SERVICE_TIME, TIME_UNITS, Quantity, compare, longest_span, margin, plain

MONEY_UNITS = ("元", "万元")


def amount(text: str) -> Quantity:
    """Return what a value of the kind that has this unit says."""
    kind = "money" if text.endswith("元") else "duration"
    parsed = KINDS[kind].parse(text, KINDS[kind].units)
    assert isinstance(parsed, Quantity)
    return parsed


COMPARED = [
    # the same
    ("2小时", "2小时", 0),
    ("60分钟", "1小时", 0),
    ("30分钟", "0.5小时", 0),
    ("20分钟", "20分钟", 0),
    ("7日", "1周", 0),
    ("12个月", "1年", 0),
    ("6个月", "0.5年", 0),
    ("2个工作日", "2个工作日", 0),
    ("10000元", "1万元", 0),
    ("4年", "1461日", 0),  # four years always hold one leap day
    # one family
    ("1小时", "2小时", -1),
    ("61分钟", "1小时", 1),
    ("8日", "1周", 1),
    ("13个月", "1年", 1),
    ("2个工作日", "3个工作日", -1),
    ("9999元", "1万元", -1),
    # working days last at least as long as days, and at most a long holiday more
    ("7个工作日", "7日", 1),
    ("7个工作日", "8日", None),
    ("1个工作日", "2日", None),
    ("1个工作日", "30日", -1),
    ("5个工作日", "1周", None),
    # days against hours: the day on which it begins does not count
    ("168小时", "7日", -1),
    ("169小时", "7日", None),
    ("192小时", "7日", 1),
    ("24小时", "1日", -1),
    ("48小时", "1日", 1),
    ("47小时", "1日", None),
    ("24小时", "1个工作日", -1),
    # months have 28 to 31 days, years 365 or 366
    ("1个月", "28日", 1),
    ("1个月", "29日", None),
    ("1个月", "30日", None),
    ("1个月", "31日", -1),
    ("365日", "1年", -1),
    ("366日", "1年", 1),
    ("12个月", "365日", 1),
    ("1年", "52周", 1),
    ("1年", "53周", -1),
    ("90日", "3个月", None),
    ("92日", "3个月", 1),
    ("1个月", "672小时", 1),
    ("1个月", "768小时", -1),
    # part of a year is at most the months it reaches into
    ("0.3年", "100日", None),
    ("0.05年", "31日", -1),
    # what no calendar holds is compared all the same
    ("999999999999年", "1日", 1),
    ("999999999999个月", "999999999999日", 1),
    ("999999999999个工作日", "999999999999个月", -1),
    # not the same sort of thing
    ("2小时", "2元", None),
]


@pytest.mark.parametrize(("left", "right", "order"), COMPARED)
def test_compare(left: str, right: str, order: int | None) -> None:
    """One amount is never more, the same, or never less than another; else nobody can say."""
    assert order == compare(amount(left), amount(right))


@pytest.mark.parametrize(("left", "right", "order"), COMPARED)
def test_compare_the_other_way(left: str, right: str, order: int | None) -> None:
    """Turned round, the comparison turns round."""
    assert (None if order is None else -order) == compare(amount(right), amount(left))


@pytest.mark.parametrize(
    ("left", "right", "order"),
    [
        ("2小时", "2小时", 1),
        ("2小时", "3小时", None),
        ("3小时", "2小时", 1),
        ("30分钟", "1日", None),
        ("48小时", "1日", 1),
    ],
)
def test_service_time_has_no_end(left: str, right: str, order: int | None) -> None:
    """Hours of service may last through a night; they are never less than the same hours of the clock."""
    assert order == compare(amount(left), amount(right), SERVICE_TIME, "自然时间")
    assert (None if order is None else -order) == compare(
        amount(right), amount(left), "自然时间", SERVICE_TIME
    )


def test_service_time_beside_service_time() -> None:
    """Two times that both run in service hours compare by their figures."""
    assert compare(amount("90分钟"), amount("2小时"), SERVICE_TIME, SERVICE_TIME) == -1


@pytest.mark.parametrize(
    ("promise", "bound", "words"),
    [
        ("7日", "7日", ""),
        ("15日", "7日", "8日"),
        ("6日", "7日", "1日"),
        ("2周", "7日", "7日"),
        ("10日", "1周", "3日"),
        ("3周", "1周", "2周"),
        ("15分钟", "30分钟", "15分钟"),
        ("20分钟", "1小时", "40分钟"),
        ("1.5小时", "1小时", "0.5小时"),
        ("2年", "12个月", "12个月"),
        ("3年", "1年", "2年"),
        ("18个月", "1年", "6个月"),
        ("5个工作日", "7个工作日", "2个工作日"),
        ("500元", "100元", "400元"),
        ("2万元", "5000元", "15000元"),
        ("6个工作日", "7日", "约1日"),
        ("7个工作日", "7日", ""),
        ("365日", "1年", ""),
        ("364日", "1年", "约1日"),
        ("48小时", "3日", "约1日"),
    ],
)
def test_margin(promise: str, bound: str, words: str) -> None:
    """A margin is said in a unit people know, in round figures, and not at all where there is none."""
    assert words == margin(amount(promise), amount(bound))


def test_margin_of_shares() -> None:
    """Shares have a margin too."""
    assert margin(Quantity(Decimal("0.3"), "%"), Quantity(Decimal("0.05"), "%")) == "0.25%"


@pytest.mark.parametrize(
    ("text", "iso"),
    [
        ("30分钟", "PT30M"),
        ("2小时", "PT2H"),
        ("0.5小时", "PT0.5H"),
        ("7日", "P7D"),
        ("2周", "P2W"),
        ("6个月", "P6M"),
        ("1年", "P1Y"),
        ("3个工作日", None),
        ("500元", None),
    ],
)
def test_iso(text: str, iso: str | None) -> None:
    """A time is an ISO 8601 duration, but a working day has no sign there."""
    assert iso == amount(text).iso


@pytest.mark.parametrize(
    ("number", "text"),
    [
        ("1.10", "1.1"),
        ("100", "100"),
        ("100.0", "100"),
        ("1E+3", "1000"),
        ("0.050", "0.05"),
        ("1E-6", "0.000001"),
    ],
)
def test_plain(number: str, text: str) -> None:
    """A number is printed without exponent and without zeros that say nothing."""
    assert text == plain(Decimal(number))


@pytest.mark.parametrize(("days", "span"), [(1, 11), (2, 12), (400, 600)])
def test_longest_span(days: int, span: int) -> None:
    """Working days last as long as the longest holidays of the known years made them, or longer."""
    assert span <= longest_span(days)
    assert longest_span(days) < 3 * days + 20


QUANTITIES = st.builds(
    Quantity,
    st.one_of(st.integers(1, 999_999_999_999), st.integers(1, 60)).map(Decimal),
    st.sampled_from((*TIME_UNITS, *MONEY_UNITS)),
)


@given(QUANTITIES)
def test_printed_is_read_as_the_same(quantity: Quantity) -> None:
    """An amount printed and read again is the same amount."""
    assert quantity == amount(str(quantity))


@given(QUANTITIES, QUANTITIES, st.sampled_from(["", SERVICE_TIME]), st.sampled_from(["", SERVICE_TIME]))
def test_compare_is_antisymmetric(left: Quantity, right: Quantity, one: str, other: str) -> None:
    """Whatever is compared, the other way round gives the opposite."""
    order = compare(left, right, one, other)
    assert (None if order is None else -order) == compare(right, left, other, one)


@given(QUANTITIES, QUANTITIES, QUANTITIES)
def test_compare_is_transitive(first: Quantity, second: Quantity, third: Quantity) -> None:
    """What is never more than something never more than a third is never certainly more than the third."""
    if compare(first, second) in {-1, 0} and compare(second, third) in {-1, 0}:
        assert compare(first, third) != 1


@given(QUANTITIES, QUANTITIES)
def test_margin_is_always_words(promise: Quantity, bound: Quantity) -> None:
    """A margin of two times never fails and never shows a long fraction."""
    if (promise.unit in TIME_UNITS) == (bound.unit in TIME_UNITS):
        digits = margin(promise, bound).partition(".")[2]
        assert len(digits) < 12
