"""What a change means to the customer: every direction both ways, presence, and tables by their rows."""

from __future__ import annotations

from typing import Any

import pytest

from pledge.entries import DIRECTIONS, Blank
from pledge.read import Place, parse
from pledge.typed import Value, typed
from pledge.verdict import BETTER, CHANGED, SAME, UNCLEAR, WEAKER, combined, verdict

HERE = Place("test.yml")


def blank(kind: str, better: str, **more: Any) -> Blank:  # noqa: ANN401  whatever the blank holds
    """Return a blank of a kind and a direction."""
    units = {
        "duration": ("小时", "日", "工作日", "年"),
        "percent": ("%",),
        "count": ("次",),
        "money": ("元",),
    }
    return Blank("t.b", HERE, "空白", kind, units=units.get(kind, ()), better=better, **more)


def value(of: Blank, text: str | None) -> Value | None:
    """Return what *text* says as YAML, or None."""
    if text is None:
        return None
    problems: list[Any] = []
    root = parse(text, "test.yml").root
    assert root is not None
    data = typed(of, root, problems)
    assert problems == []
    return Value(of, data, HERE)


TIME_LOWER = blank("duration", "lower", calendar="按单位")
TIME_HIGHER = blank("duration", "higher", calendar="按单位")
SHARE = blank("percent", "higher")
FEE = blank("money", "lower")
LEVEL = blank("choice", "ordered", options={"铜": "", "银": "", "金": ""})
WAYS = blank("list", "superset")
LIMITS = blank("list", "subset")
NAME = blank("text", "none")
COLOUR = blank("choice", "none", options={"红": "", "蓝": ""})
GIFT = blank("text", "present")
CATCH = blank("text", "absent")
COLUMNS = {
    "item": blank("text", "none"),
    "term": blank("duration", "higher", calendar="按单位"),
    "fee": blank("money", "lower", optional=True),
}
GOODS = blank("table", "superset", columns=COLUMNS, key="item")
BANNED = blank("table", "subset", columns=COLUMNS, key="item")
PLAN = blank("table", "none", columns=COLUMNS, key="item")

ROW = "[{item: 甲, term: 1年}]"
BOTH = "[{item: 甲, term: 1年}, {item: 乙, term: 1年}]"

CHANGES = [
    (TIME_LOWER, "2小时", "1小时", BETTER),
    (TIME_LOWER, "2小时", "4小时", WEAKER),
    (TIME_LOWER, "1日", "24小时", BETTER),
    (TIME_LOWER, "24小时", "1日", WEAKER),
    (TIME_LOWER, "7日", "7个工作日", WEAKER),
    (TIME_LOWER, "7日", "5个工作日", UNCLEAR),
    (TIME_LOWER, "0.5小时", "0.50小时", SAME),
    (TIME_HIGHER, "7日", "15日", BETTER),
    (TIME_HIGHER, "15日", "7日", WEAKER),
    (TIME_HIGHER, "1年", "365日", WEAKER),
    (TIME_HIGHER, "7日", "7个工作日", BETTER),
    (SHARE, "95%", "99%", BETTER),
    (SHARE, "95%", "94.9%", WEAKER),
    (FEE, "50元", "0元", BETTER),
    (FEE, "50元", "50.01元", WEAKER),
    (LEVEL, "银", "金", BETTER),
    (LEVEL, "银", "铜", WEAKER),
    (LEVEL, "银", "银", SAME),
    (WAYS, "[电话]", "[电话, 邮件]", BETTER),
    (WAYS, "[电话, 邮件]", "[电话]", WEAKER),
    (WAYS, "[电话, 邮件]", "[邮件, 电话]", CHANGED),
    (WAYS, "[电话]", "[邮件]", UNCLEAR),
    (LIMITS, "[甲, 乙]", "[甲]", BETTER),
    (LIMITS, "[甲]", "[甲, 乙]", WEAKER),
    (LIMITS, "[甲]", "[乙]", UNCLEAR),
    (NAME, "张", "李", CHANGED),
    (COLOUR, "红", "蓝", CHANGED),
    (GIFT, "一", "二", CHANGED),
    (CATCH, "一", "二", CHANGED),
    # appearing and vanishing
    (TIME_LOWER, None, "1小时", BETTER),
    (TIME_LOWER, "1小时", None, WEAKER),
    (SHARE, None, "95%", BETTER),
    (SHARE, "95%", None, WEAKER),
    (LEVEL, None, "铜", BETTER),
    (LEVEL, "金", None, WEAKER),
    (WAYS, None, "[电话]", BETTER),
    (WAYS, "[电话]", None, WEAKER),
    (LIMITS, None, "[甲]", WEAKER),
    (LIMITS, "[甲]", None, BETTER),
    (GIFT, None, "一", BETTER),
    (GIFT, "一", None, WEAKER),
    (CATCH, None, "一", WEAKER),
    (CATCH, "一", None, BETTER),
    (NAME, None, "张", CHANGED),
    (NAME, "张", None, CHANGED),
    (NAME, None, None, SAME),
    (GOODS, None, ROW, BETTER),
    (BANNED, None, ROW, WEAKER),
    # tables, row by row
    (GOODS, ROW, ROW, SAME),
    (GOODS, ROW, BOTH, BETTER),
    (GOODS, BOTH, ROW, WEAKER),
    (GOODS, ROW, "[{item: 乙, term: 1年}]", UNCLEAR),
    (GOODS, BOTH, "[{item: 乙, term: 1年}, {item: 甲, term: 1年}]", SAME),
    (GOODS, ROW, "[{item: 甲, term: 2年}]", BETTER),
    (GOODS, ROW, "[{item: 甲, term: 0.5年}]", WEAKER),
    (GOODS, ROW, "[{item: 甲, term: 0.5年}, {item: 乙, term: 1年}]", UNCLEAR),
    (GOODS, BOTH, "[{item: 甲, term: 2年}, {item: 乙, term: 0.5年}]", UNCLEAR),
    (GOODS, ROW, "[{item: 甲, term: 1年, fee: 9元}]", BETTER),
    (GOODS, "[{item: 甲, term: 1年, fee: 9元}]", "[{item: 甲, term: 1年, fee: 8元}]", BETTER),
    (GOODS, "[{item: 甲, term: 1年, fee: 9元}]", "[{item: 甲, term: 1年, fee: 10元}]", WEAKER),
    (BANNED, ROW, BOTH, WEAKER),
    (BANNED, BOTH, ROW, BETTER),
    (PLAN, ROW, BOTH, CHANGED),
    (PLAN, BOTH, "[{item: 甲, term: 0.5年}]", WEAKER),
    (PLAN, BOTH, "[{item: 甲, term: 2年}]", BETTER),
]


@pytest.mark.parametrize(("of", "old", "new", "meaning"), CHANGES)
def test_verdict(of: Blank, old: str | None, new: str | None, meaning: str) -> None:
    """A change is better, weaker, a mere change, nothing, or not for a machine to say."""
    assert meaning == verdict(of, value(of, old), value(of, new))


OPPOSITE = {BETTER: WEAKER, WEAKER: BETTER, SAME: SAME, CHANGED: CHANGED, UNCLEAR: UNCLEAR}


@pytest.mark.parametrize(("of", "old", "new", "meaning"), CHANGES)
def test_verdict_of_the_change_undone(of: Blank, old: str | None, new: str | None, meaning: str) -> None:
    """To undo what is better is weaker, and the other way round."""
    assert OPPOSITE[meaning] == verdict(of, value(of, new), value(of, old))


@pytest.mark.parametrize("better", DIRECTIONS.keys() - {"none"})
@pytest.mark.parametrize("meaning", [BETTER, WEAKER])
def test_every_direction_is_tried_both_ways(better: str, meaning: str) -> None:
    """Each direction has a change for the better and one for the worse, beside appearing and vanishing."""
    tried = {(of.better, found) for of, old, new, found in CHANGES if of.kind != "table"}
    assert (better, meaning) in tried


def test_no_direction_is_never_good_or_bad() -> None:
    """What has no direction only changes."""
    found = {meaning for of, _, _, meaning in CHANGES if of.better == "none" and of.kind != "table"}
    assert found == {CHANGED, SAME}


@pytest.mark.parametrize(
    ("verdicts", "one"),
    [
        ([], SAME),
        ([SAME, SAME], SAME),
        ([SAME, CHANGED], CHANGED),
        ([BETTER, CHANGED, SAME], BETTER),
        ([WEAKER, CHANGED], WEAKER),
        ([WEAKER, BETTER], UNCLEAR),
        ([BETTER, UNCLEAR], UNCLEAR),
        ([WEAKER, UNCLEAR], UNCLEAR),
        ([CHANGED, UNCLEAR], UNCLEAR),
    ],
)
def test_combined(verdicts: list[str], one: str) -> None:
    """Several verdicts make one: good and bad together are for a person to weigh."""
    assert one == combined(verdicts)


def test_amount_that_could_not_be_read_as_one() -> None:
    """A blank of amounts whose value is no amount has only changed."""
    amount, odd = value(TIME_LOWER, "2小时"), Value(TIME_LOWER, "甲", HERE)
    assert verdict(TIME_LOWER, amount, odd) == CHANGED
    assert verdict(TIME_LOWER, odd, amount) == CHANGED


def test_service_hours_and_clock_hours() -> None:
    """A time that begins to run in service hours alone is weaker, for it may last through a night."""
    clock = blank("duration", "lower", calendar="自然时间")
    service = blank("duration", "lower", calendar="服务时间")
    assert verdict(service, value(clock, "2小时"), value(service, "2小时")) in {WEAKER, SAME}
