"""The kinds of change: each has its opposite or a reason for none, its words, and is never missing."""

from __future__ import annotations

import itertools
import re
from collections import Counter
from functools import partial
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pledge import compare, usage
from pledge.change import VERDICTS, ChangeRule, change_rules, rule_for
from pledge.cli import cli
from pledge.compare import values
from pledge.compare.values import differences
from pledge.entries import DIRECTIONS, Blank
from pledge.kinds import KINDS
from pledge.problem import rules
from pledge.read import Place, parse
from pledge.typed import Value, typed
from pledge.verdict import BETTER, SAME, WEAKER

RULES = change_rules()
OPPOSITE = {WEAKER: BETTER, BETTER: WEAKER}
PLACE = Place("test.yml")


def wrongs(known: dict[str, ChangeRule]) -> list[str]:
    """Return what is wrong with the mirrors of *known*, one line a rule, each with the way out."""
    return [f"{rule.id}: {wrong}" for rule in known.values() if (wrong := _wrong(rule, known))]


def _wrong(rule: ChangeRule, known: dict[str, ChangeRule]) -> str:
    if rule.mirror and rule.unmirrored:
        return "has a mirror; delete the stale reason"
    if not rule.mirror:
        return "" if rule.unmirrored else "has no mirror; name it, or write the reason as unmirrored"
    mirror = known.get(rule.mirror)
    if mirror is None:
        return f"its mirror {rule.mirror} is no rule; add it or correct the name"
    if mirror.mirror != rule.id:
        return f"{mirror.id} does not mirror it; name {rule.id} there"
    if mirror.verdict != OPPOSITE.get(rule.verdict, rule.verdict):
        return f"{mirror.id} is {mirror.verdict}; the opposite of {rule.verdict} is meant"
    return ""


def test_every_rule_has_its_mirror_or_a_reason() -> None:
    """The opposite change has a rule of the opposite verdict, or it is written why there is none."""
    assert [] == wrongs(RULES)


@pytest.mark.parametrize(
    ("first", "second", "line"),
    [
        ({}, {}, "a: has no mirror; name it, or write the reason as unmirrored"),
        ({"mirror": "b", "unmirrored": "甲"}, {"mirror": "a"}, "a: has a mirror; delete the stale reason"),
        ({"mirror": "c"}, {"mirror": "a"}, "a: its mirror c is no rule; add it or correct the name"),
        ({"mirror": "b"}, {"unmirrored": "甲"}, "a: b does not mirror it; name a there"),
        (
            {"mirror": "b"},
            {"mirror": "a", "verdict": "weaker"},
            "a: b is weaker; the opposite of weaker is meant",
        ),
        (
            {"mirror": "b", "verdict": "unclear"},
            {"mirror": "a"},
            "a: b is better; the opposite of unclear is meant",
        ),
    ],
)
def test_missing_mirror_and_stale_reason_are_seen(
    first: dict[str, str], second: dict[str, str], line: str
) -> None:
    """A rule without its mirror, with a false one, or with a reason it does not need is told so."""
    known = {
        "a": ChangeRule("a", "", "", "x", first.pop("verdict", "weaker"), **first),
        "b": ChangeRule("b", "", "", "x", second.pop("verdict", "better"), **second),
    }
    assert line == wrongs(known)[0]


def test_unmirrored_rules_are_neither_better_nor_weaker() -> None:
    """What is better or weaker always has an opposite."""
    assert [rule.id for rule in RULES.values() if rule.unmirrored and rule.verdict in OPPOSITE] == []


def test_family_and_verdict_name_one_rule() -> None:
    """Among the rules of a family each verdict is given once, so that the choice is no accident."""
    counted = Counter((rule.family, rule.verdict) for rule in RULES.values())
    assert [pair for pair, count in counted.items() if count > 1] == []


@pytest.mark.parametrize("rule", RULES.values(), ids=list(RULES))
def test_rule_speaks_in_whole_sentences(rule: ChangeRule) -> None:
    """The title is a Chinese line without a full stop, the reason a sentence; the verdict has a name."""
    assert re.search("[\u4e00-\u9fff]", rule.title)
    assert rule.title[-1] not in "。；，"
    assert rule.why.endswith("。")
    assert not rule.unmirrored.endswith("。")
    assert rule.verdict in VERDICTS


@pytest.mark.parametrize("rule", RULES.values(), ids=list(RULES))
def test_rule_is_explained(rule: ChangeRule, capsys: pytest.CaptureFixture[str]) -> None:
    """`pledge explain` says what a rule means and why."""
    with pytest.raises(SystemExit) as stopped:
        usage.run(cli, ["explain", rule.id])
    told = f"{rule.id}（{VERDICTS[rule.verdict]}）：{rule.title}\n\n为什么：{rule.why}\n"
    assert (0, told) == (stopped.value.code, capsys.readouterr().out)


def test_no_rule_of_changes_is_a_rule_of_checks() -> None:
    """A rule id means one thing."""
    assert set(RULES) & set(rules()) == set()


def test_family_without_the_verdict() -> None:
    """A family that has no rule for a verdict is a mistake in the program, and says so."""
    assert "time-longer" == rule_for("time", WEAKER)
    with pytest.raises(StopIteration):
        rule_for("time", "changed")


# Every kind and direction, the impossible ones too: the catalogue of an old state is not checked.

TIMES = ("2小时", "4小时", "7日", "5个工作日", "7个工作日", "1个月", "1年", "365日", "12个月")
TEXTS: dict[str, tuple[str, ...]] = {
    "text": ("甲", "乙"),
    "choice": ("甲", "乙", "丙"),
    "duration": TIMES,
    "money": ("5元", "9元", "1万元", "10000元"),
    "percent": ("5%", "95%"),
    "count": ("2次", "3次", "2人"),
    "date": ("2026-12-01", "2027-01-01"),
    "phone": ("400-000-0000", "400-000-0001"),
    "email": ("a@example.com", "b@example.com"),
    "url": ("https://a.example.com/", "https://b.example.com/"),
    "hours": ("全天", "周一至周日 0:00-24:00", "周一至周五 9:00-18:00", "周六 9:00-18:00"),
    "color": ('"#1d3557"', '"#0b5345"'),
    "credit_code": ("91110000600037341L", "91110105MA0000DL0D"),
    "icp": ("京ICP备00000000号-1", "京ICP备00000000号-2"),
    "police_filing": ("京公网安备00000000000000号", "京公网安备00000000000001号"),
    "list": ("[甲]", "[乙]", "[甲, 乙]", "[乙, 甲]"),
    "table": ("[{item: 甲, term: 1年}]", "[{item: 甲, term: 2年}]", "[{item: 乙, term: 1年}]"),
}
UNITS = {"duration": KINDS["duration"].units, "count": ("次", "人")}
CALENDARS = ("按单位", "服务时间", "自然时间", "工作日")


def blank(kind: str, better: str, calendar: str = "") -> Blank:
    """Return a blank of a kind and a direction."""
    columns = {
        "item": Blank("t.b[item]", PLACE, "项", "text", better="none"),
        "term": Blank("t.b[term]", PLACE, "期", "duration", ("日", "年"), better=better, calendar="按单位"),
    }
    return Blank(
        "t.b",
        PLACE,
        "空白",
        kind,
        units=UNITS.get(kind, KINDS[kind].units),
        better=better,
        calendar=calendar if kind == "duration" else "",
        options={"甲": "", "乙": ""},
        columns=columns if kind == "table" else {},
        key="item" if kind == "table" else "",
    )


def value(of: Blank, text: str) -> Value:
    """Return what *text* says of a blank; an option that the blank does not know is taken as it is."""
    root = parse(text, "test.yml").root
    assert root is not None
    data = text if of.kind == "choice" else typed(of, root, [])
    assert data is not None, f"{text} is no {of.kind}"
    return Value(of, data, PLACE)


def told(old: Value | None, new: Value | None) -> list[tuple[str, str]]:
    """Return verdict and rule of each difference, which must agree."""
    found = list(differences(old, new))
    assert [each.verdict for each in found] == [RULES[each.rule].verdict for each in found]
    return [(each.verdict, each.rule) for each in found]


@pytest.mark.parametrize("better", DIRECTIONS)
@pytest.mark.parametrize("kind", KINDS)
def test_every_change_of_a_value_has_a_rule(kind: str, better: str) -> None:
    """Whatever a blank is and becomes, there is a rule of the verdict; undone, the rule is its mirror."""
    for calendar in CALENDARS if kind == "duration" else ("",):
        of = blank(kind, better, calendar)
        samples = [None, *(value(of, text) for text in TEXTS[kind])]
        for old, new in itertools.product(samples, samples):
            there, back = told(old, new), told(new, old)
            assert sorted(
                (OPPOSITE.get(verdict, verdict), _mirror(rule)) for verdict, rule in there
            ) == sorted(back)


def _mirror(rule: str) -> str:
    return RULES[rule].mirror or rule


@given(data=st.data())
@settings(max_examples=200, deadline=None)
def test_change_of_the_catalogue_has_a_rule(data: st.DataObject) -> None:
    """Two blanks that have nothing in common but their name can be compared too."""
    kinds, directions = st.sampled_from(sorted(KINDS)), st.sampled_from(sorted(DIRECTIONS))
    sides = []
    for _ in range(2):
        kind = data.draw(kinds)
        of = blank(kind, data.draw(directions), data.draw(st.sampled_from(CALENDARS)))
        sides.append(data.draw(st.none() | st.sampled_from(TEXTS[kind]).map(partial(value, of))))
    assert all(verdict != SAME for verdict, _ in told(*sides))


def test_every_kind_is_tried() -> None:
    """Each kind of value has samples above."""
    assert set(KINDS) == set(TEXTS)


# The code and the table


def named() -> set[str]:
    """Return the texts in the code that compares which look like the id of a rule."""
    files = sorted(Path(compare.__path__[0]).glob("*.py"))
    texts = (path.read_text(encoding="utf-8") for path in files)
    return {name for text in texts for name in re.findall(r'"([a-z]+(?:-[a-z]+)+)"', text)}


def families() -> set[str]:
    """Return the quoted words of the module that chooses a rule by its family."""
    text = Path(values.__file__).read_text(encoding="utf-8")
    return set(re.findall(r'"([a-z]+)"', text))


def test_every_rule_that_the_code_names_exists() -> None:
    """An id in the code that compares is a rule of changes, or of checks."""
    assert named() - set(RULES) - set(rules()) == set()


def test_every_rule_is_named_or_chosen_by_its_family() -> None:
    """No rule is left over that no change can have."""
    assert [
        rule.id for rule in RULES.values() if rule.id not in named() and rule.family not in families()
    ] == []
