"""What a change means: two states of a project compared, both ways, whole lines."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING, Any

import pytest
from changing import CASES, HERE, Case, edited, laid, line, lines, mirrored, outcome, read
from copies import copied
from hypothesis import given, settings
from hypothesis import strategies as st

from pledge.catalogue import Catalogue
from pledge.catalogue import load as load_catalogue
from pledge.change import VERDICTS, Finding, change_rules
from pledge.compare import compare
from pledge.compare.values import differences
from pledge.read import Place, parse
from pledge.report import said_at
from pledge.typed import Value, typed

if TYPE_CHECKING:
    import datetime
    from pathlib import Path

    from pledge.problem import Problem

ALL = read()
BLANKS = CASES / "project"
PLACE = Place("test.yml")


@pytest.mark.parametrize("case", [pytest.param(case, id=case.name) for case in ALL])
def test_change_and_the_change_undone(case: Case, tmp_path: Path, today: datetime.date) -> None:
    """Every change gives exactly its lines, and so does undoing it."""
    old, new = case.states(tmp_path)
    assert sorted(case.there) == outcome(old, new, today)
    assert sorted(case.undone) == outcome(new, old, today)


def test_every_rule_is_produced() -> None:
    """Some case produces each rule."""
    shown = {text.split()[1] for case in ALL for text in (*case.there, *case.undone)}
    assert set(change_rules()) - shown == set()


def test_names_are_unique() -> None:
    """No two cases have the same name."""
    counted = Counter(case.name for case in ALL)
    assert [name for name, count in counted.items() if count > 1] == []


def test_way_back_is_written_only_where_it_is_no_mirror() -> None:
    """A case whose way back is the mirror of the way there does not say it twice."""
    both = [case for case in ALL if case.back is not None and not _refused(case)]
    mirrors = [case.name for case in both if sorted(map(mirrored, case.there)) == sorted(case.back or ())]
    assert mirrors == []


def _refused(case: Case) -> bool:
    return any(text.startswith(("old: ", "new: ")) for text in case.there)


# Values at random


def choices(*texts: str) -> st.SearchStrategy[str]:
    """Return a strategy that gives one of *texts*."""
    return st.sampled_from(texts)


def amounts(*units: str) -> st.SearchStrategy[str]:
    """Return a strategy for a number and a unit."""
    return st.builds("{}{}".format, st.integers(1, 90), choices(*units))


def listed(*items: str) -> st.SearchStrategy[str]:
    """Return a strategy for a list of some of *items*, in any order."""
    return st.lists(choices(*items), min_size=1, unique=True).map(lambda chosen: f"[{', '.join(chosen)}]")


def rows(row: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    """Return a strategy for the rows of a table with some of three keys."""
    return st.dictionaries(choices("甲", "乙", "丙"), row, min_size=1).map(
        lambda found: "[" + ", ".join(f"{{item: {key}, {rest}}}" for key, rest in found.items()) + "]"
    )


GOODS = st.builds("term: {}{}".format, amounts("日", "个月", "年"), choices("", ", fee: 5元", ", fee: 9元"))
VALUES = {
    "reply": amounts("分钟", "小时", "日", "工作日", "个月"),
    "trial": amounts("日", "工作日", "个月", "年"),
    "queue": amounts("分钟", "日", "工作日"),
    "wait": amounts("日", "工作日"),
    "open": choices(
        "全天",
        "周一至周五 9:00-18:00",
        "周一至周五 9:00-12:00、13:00-18:00",
        "周六 9:00-18:00",
        "周一至周日 9:00-18:00（法定节假日除外）",
        "每日 9:00-18:00",
    ),
    "share": amounts("%"),
    "voucher": amounts("元", "万元"),
    "fee": amounts("元", "万元"),
    "visits": amounts("次", "人"),
    "tries": amounts("次", "人"),
    "ways": listed("电话", "邮件", "短信"),
    "limits": listed("灯泡", "电池", "滤芯"),
    "spare": choices("不提供", "收费", "免费"),
    "colour": choices("红", "蓝"),
    "maker": choices("甲牌", "乙牌"),
    "since": choices("2026-12-01", "2027-01-01"),
    "gift": choices("清洗一次", "水壶一个"),
    "catch": choices("限首次购买", "限会员"),
    "goods": rows(GOODS),
    "banned": rows(choices("reason: 一", "reason: 二")),
    "steps": rows(choices("due: 2027-01-01", "due: 2027-02-01")),
}


@cache
def catalogue() -> Catalogue:
    """Return the catalogue with a blank of every kind and direction."""
    return load_catalogue(BLANKS)


def value(name: str, text: str | None) -> Value | None:
    """Return what *text* says of the blank *name*, or None."""
    if text is None:
        return None
    problems: list[Problem] = []
    root = parse(text, "test.yml").root
    assert root is not None
    blank = catalogue().blanks[f"offer.{name}"]
    data = typed(blank, root, problems)
    assert problems == []
    return Value(blank, data, PLACE)


def told(name: str, old: str | None, new: str | None) -> list[str]:
    """Return how two texts of one blank differ, as lines."""
    return sorted(
        line(Finding("beta", name, name, each.before, each.after, each.verdict, each.rule, item=each.item))
        for each in differences(value(name, old), value(name, new))
    )


def test_every_blank_has_values() -> None:
    """Every blank of the small project is tried at random."""
    offered = (name.partition("offer.")[2] for name in catalogue().blanks)
    assert set(filter(None, offered)) == set(VALUES)


@pytest.mark.parametrize("name", VALUES)
@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_undoing_a_change_is_its_mirror(name: str, data: st.DataObject) -> None:
    """Whatever two values of a blank are, better one way is weaker the other way, by the mirrored rule."""
    old, new = (data.draw(st.none() | VALUES[name]) for _ in range(2))
    assert sorted(map(mirrored, told(name, old, new))) == told(name, new, old)


@pytest.mark.parametrize("name", VALUES)
@settings(max_examples=10, deadline=None)
@given(data=st.data())
def test_value_compared_with_itself(name: str, data: st.DataObject) -> None:
    """A value has not changed against itself."""
    text = data.draw(VALUES[name])
    assert told(name, text, text) == []


# Projects, findings, fingerprints


def test_project_compared_with_itself(tmp_path: Path, today: datetime.date) -> None:
    """Nothing has changed between two copies of a project, nor in the project itself."""
    old, new = laid(tmp_path / "old"), laid(tmp_path / "new")
    assert compare(old, new, today) == []
    assert compare(old, old, today) == []


def found(tmp_path: Path, today: datetime.date, **edits: dict[str, str]) -> list[Finding]:
    """Return the findings for the edits of each company's file."""
    old, new = laid(tmp_path / "old"), laid(tmp_path / "new")
    for name, edit in edits.items():
        edited(new, name, edit)
    return [finding for change in compare(old, new, today) for finding in change.findings]


def test_fingerprint_is_stable(tmp_path: Path, today: datetime.date) -> None:
    """A finding has the same fingerprint in every version of this program."""
    (finding,) = found(tmp_path, today, beta={"reply: 2日": "reply: 3日"})
    assert "61dc32cdc7d3" == finding.fingerprint


def test_fingerprint_is_of_the_change_not_of_its_line(tmp_path: Path, today: datetime.date) -> None:
    """The same change on another line has the same fingerprint."""
    moved = {"  reply: 2日\n": "", "  spare: 收费\n": "  spare: 收费\n\n  reply: 3日\n"}
    (here,) = found(tmp_path / "here", today, beta={"reply: 2日": "reply: 3日"})
    (there,) = found(tmp_path / "there", today, beta=moved)
    assert here.new != there.new
    assert here.fingerprint == there.fingerprint


def test_fingerprints_differ() -> None:
    """Whatever of a finding differs but its place and its words, its fingerprint differs too."""
    finding = Finding("a", "t.b", "空白", "1日", "2日", "weaker", "time-longer")
    parts = ("company", "subject", "before", "after", "rule", "item")
    edits: list[dict[str, Any]] = [{part: "x"} for part in parts]
    others = {replace(finding, **edit).fingerprint for edit in edits}
    assert len({finding.fingerprint, *others}) == 1 + len(parts)
    assert finding.fingerprint == replace(finding, label="x", old=PLACE, new=PLACE, blank="x").fingerprint


def test_fingerprints_of_one_comparison_are_unique(tmp_path: Path, today: datetime.date) -> None:
    """No two findings of a comparison share a fingerprint, whatever the cases change."""
    counted: Counter[str] = Counter()
    for case in ALL[:: len(ALL) // 12]:
        old, new = case.states(tmp_path / case.name)
        if not _refused(case):
            prints = {each.fingerprint for change in compare(old, new, today) for each in change.findings}
            counted[case.name] = len(case.there) - len(prints)
    assert [name for name, lost in counted.items() if lost] == []


def test_findings_are_ordered_by_gravity(tmp_path: Path, today: datetime.date) -> None:
    """What is weaker comes first, then what a person must judge, then the rest; in the catalogue's order."""
    edits = {"maker: 示例牌": "maker: 样例牌", "share: 95%": "share: 99%", "visits: 2次": "visits: 2人"}
    worse = {"reply: 2日": "reply: 3日", "trial: 30日": "trial: 15日", "queue: 10分钟": "queue: 9分钟"}
    findings = found(tmp_path, today, beta={**edits, **worse})
    subjects = ["reply", "trial", "visits", "maker", "queue", "share"]
    assert [f"offer.{name}" for name in subjects] == [finding.subject for finding in findings]
    assert list(VERDICTS) == list(dict.fromkeys(finding.verdict for finding in findings))


def test_finding_names_its_places_and_clauses(tmp_path: Path, today: datetime.date) -> None:
    """A finding says where the value stood and stands, and which clauses of which guarantee speak it."""
    edit = {"  maker: 示例牌\n": "", "  spare: 收费\n": "  maker: 样例牌\n  spare: 收费\n"}
    (finding,) = found(tmp_path, today, beta=edit)
    assert Place("variables/beta.yml", 7, 10) == finding.old
    assert Place("variables/beta.yml", 20, 10) == finding.new
    assert "《退货承诺型》1.1" == said_at(finding)


def test_shared_promise_names_every_guarantee(tmp_path: Path, today: datetime.date) -> None:
    """A value that several guarantees speak is one finding with all their clauses."""
    (finding,) = found(tmp_path, today, acme={"hotline: 400-000-0000": "hotline: 400-000-0001"})[:1]
    assert "《管理规范型》2.1，《三包保修型》3.1，《售后服务承诺》" == said_at(finding)


def test_company_that_did_not_change_is_left_out(tmp_path: Path, today: datetime.date) -> None:
    """Only companies with a change are listed, each with its name."""
    old, new = laid(tmp_path / "old"), laid(tmp_path / "new")
    edited(new, "beta", {"reply: 2日": "reply: 3日"})
    changes = compare(old, new, today)
    assert [("beta", "另一示例公司")] == [(change.company, change.name) for change in changes]
    assert ["weaker time-longer beta offer.reply: 2日 -> 3日"] == lines(changes)


def test_texts_are_those_that_differ(tmp_path: Path, today: datetime.date) -> None:
    """The guarantees whose text differs are given before and after; a new number alone is no difference."""
    old, new = laid(tmp_path / "old"), laid(tmp_path / "new")
    edited(new, "beta", {'number: "1"': 'number: "2"', "reply: 2日": "reply: 3日"})
    edited(new, "acme", {'number: "2026.1"': 'number: "2026.2"', "effective: 2026-12": "effective: 2027-12"})
    changes = {change.company: change.texts for change in compare(old, new, today)}
    assert [("returns", "退货承诺型")] == [(text.variant, text.title) for text in changes["beta"]]
    assert [] == changes["acme"]


def test_cases_are_found_beside_the_project() -> None:
    """The folder of the cases holds the project that is laid over the small one."""
    assert (BLANKS / "catalogue" / "blanks" / "offer.yml").is_file()
    assert (HERE / "project" / "mkdocs.yml").is_file()


def test_a_comment_changes_nothing(tmp_path: Path, today: datetime.date) -> None:
    """Of the real project, where every file says the same in other words for machines, nothing is found."""
    old, new = copied(tmp_path / "old"), copied(tmp_path / "new")
    for folder in ("variables", "catalogue"):
        for path in (new / folder).rglob("*.yml"):
            path.write_text(f"# 说明\n{path.read_text(encoding='utf-8')}", encoding="utf-8")
    assert [] == compare(old, new, today)
