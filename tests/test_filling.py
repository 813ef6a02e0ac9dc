"""Values into pages: what is printed, and that company text stays nothing but text."""

from __future__ import annotations

import datetime
import json
from decimal import Decimal
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING

import pytest
from alone import article, soup, visible
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from pledge import project as project_module
from pledge.clauses import number
from pledge.company import from_document
from pledge.kinds import KINDS
from pledge.page import SITE_MACROS, SPOKEN_BY_MACRO
from pledge.printed import AbsentBlankError, capitals, entities
from pledge.quantity import Quantity
from pledge.read import HIDDEN, parse
from pledge.render import Filling, define_env, dialled

if TYPE_CHECKING:
    from pledge.entries import Blank
    from pledge.typed import Value

ROOT = Path(__file__).parents[1]
TODAY = datetime.date(2026, 11, 22)
PROJECT = project_module.load(ROOT)
HOSTILE = (
    "<script>alert(1)</script>",
    "{{ company.name }}",
    "{% if x %}{# y #}",
    "*a* _b_ `c` [d](e) ![f](g)",
    "a | b & c < d > e \" f ' g",
    "</data></li><h1>x</h1>",
    "&lt;b&gt; &#60; &amp;",
    "{: #id .notice }",
    "1. x",
    "# x",
    "\\* \\_ <!-- x -->",
    "https://example.com/?a=1&b=2",
    "x@example.com",
    "***",
    "- x",
)


def filling(text: str) -> Filling:
    """Return the filling of a company whose file is *text*, which has no problems of form."""
    company = from_document(parse(text, "variables/acme.yml"), "acme", PROJECT.catalogue)
    assert [problem.text() for problem in company.problems] == []
    return Filling(PROJECT, company, TODAY)


def sample(name: str) -> Filling:
    """Return the filling of a sample company."""
    return Filling(PROJECT, PROJECT.company(name), TODAY)


def blanked(html: str, blank: str) -> set[str]:
    """Return what the marks of *blank* show in *html*, as a browser would."""
    return {tag.get_text() for tag in soup(html).select(f'data[data-blank="{blank}"]')}


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_stays_text(text: str) -> None:
    """Whatever a company is called, the page shows those characters and nothing else changes."""
    plain, hostile = sample("appliances"), sample("appliances")
    hostile.company.values["company.name"] = _named(hostile, text)
    before, after = article(plain, "charter"), article(hostile, "charter")
    assert {text} == blanked(after, "company.name")
    assert _without(before, "company.name") == _without(after, "company.name")


def _named(filled: Filling, text: str) -> Value:
    value = filled.company.values["company.name"]
    return type(value)(value.blank, text, value.place)


def _without(html: str, blank: str) -> str:
    parsed = soup(html)
    for tag in parsed.select(f'[data-blank="{blank}"]'):
        tag.replace_with("甲")
    return str(parsed)


VISIBLE = st.text(
    st.characters(
        min_codepoint=0x20, max_codepoint=0x2FFFF, exclude_categories=("Cs", "Cc", "Cn", "Zl", "Zp")
    ),
    min_size=1,
    max_size=40,
).filter(lambda text: not HIDDEN.search(text) and text.strip() == text and "__" not in text)


@given(VISIBLE)
@settings(max_examples=60, deadline=None)
def test_any_company_text_survives(text: str) -> None:
    """Any text at all is shown character by character."""
    filled = sample("appliances")
    filled.company.values["company.name"] = _named(filled, text)
    assert {text} == blanked(article(filled, "charter"), "company.name")


@given(st.text(st.characters(exclude_categories=("Cc", "Cs")), max_size=60))
def test_entities_leave_no_ascii_punctuation(text: str) -> None:
    """What is left of ASCII punctuation are the marks of the entities themselves."""
    assert text == soup(entities(text)).get_text()
    assert not set(entities(text)) & set("!\"$%'()*+,-./:<=>?@[\\]^_`{|}~")


def _scalar(blank: Blank) -> st.SearchStrategy[str]:
    numbers = st.integers(1, 90)
    if blank.kind in {"duration", "money", "count", "percent"}:
        pairs = st.tuples(numbers, st.sampled_from(blank.units))
        return pairs.map(lambda pair: str(Quantity(Decimal(pair[0]), pair[1])))
    if blank.kind == "choice":
        return st.sampled_from(list(blank.options))
    fixed = {
        "date": ["2026-01-31", "2026-11-20"],
        "phone": ["400-000-0000", "010-00000000 转 8"],
        "email": ["a.b+c@example.com"],
        "url": ["https://example.com/a?b=c&d=%20#e"],
        "hours": ["全天", "周一至周五 9:00-12:00、13:30-18:00；周六 9:00-17:00"],
        "credit_code": ["91110000600037341L"],
        "icp": ["京ICP备00000000号-1"],
        "police_filing": ["京公网安备00000000000000号"],
    }
    if blank.kind in fixed:
        return st.sampled_from(fixed[blank.kind])
    return VISIBLE.filter(lambda text: not any(gap in text for gap in ("待填", "待定", "TODO", "XXX")))


def _value(blank: Blank) -> st.SearchStrategy[object]:
    if blank.kind == "list":
        return st.lists(_scalar(blank), min_size=1, max_size=3, unique=True)
    if blank.kind == "table":
        row = st.fixed_dictionaries({name: _scalar(column) for name, column in blank.columns.items()})
        return st.lists(row, min_size=1, max_size=3, unique_by=lambda made: made[blank.key])
    return _scalar(blank)


@st.composite
def companies(draw: st.DrawFn) -> str:
    """Draw the text of a variable file: what its pages need, with any choice of optional promises."""
    asked = {use.blank for page in PROJECT.pages.values() for use in page.uses if use.condition}
    filled = {blank for blank in sorted(asked) if draw(st.booleans())}
    wanted = filled.union(*(page.needed(filled) for page in PROJECT.pages.values()))
    topics: dict[str, dict[str, object]] = {}
    for blank in PROJECT.catalogue.blanks.values():
        if blank.id in wanted and not blank.deal:
            topic, name = blank.id.split(".")
            topics.setdefault(topic, {})[name] = draw(_value(blank))
    return json.dumps({"publish": list(PROJECT.pages), **topics}, ensure_ascii=False)


@given(companies())
@settings(max_examples=8, deadline=None, suppress_health_check=list(HealthCheck), phases=[Phase.generate])
def test_any_valid_company_fills_without_leftovers(text: str) -> None:
    """Outside the values no page shows a tag, an underscore blank or None, and every mark is whole."""
    filled = filling(text)
    for variant in PROJECT.pages:
        parsed = soup(article(filled, variant))
        for tag in parsed.select("data.blank"):
            tag.replace_with("甲")
        shown = visible(parsed)
        for leftover in ("{{", "}}", "{%", "{:", "__", "None", "待填"):
            assert leftover not in shown, (variant, leftover)


def test_an_absent_blank_is_false_and_refuses_to_be_printed() -> None:
    """An optional blank without a value is false in a condition; printing it is an error."""
    absent = filling("publish: [charter]\n").topics["contact"].__dict__["wechat"]
    assert not absent
    with pytest.raises(AbsentBlankError, match=r"微信公众号（contact\.wechat）没有值"):
        str(absent)


def test_optional_clauses_come_and_go() -> None:
    """A clause behind a condition is there with its value, and the numbers close up without it."""
    company = PROJECT.company("appliances")
    assert "wechat" in article(Filling(PROJECT, company, TODAY), "charter")
    del company.values["contact.wechat"]
    html = article(Filling(PROJECT, company, TODAY), "charter")
    assert "channel-wechat" not in html
    item = soup(html).select_one("#channel-list")
    assert item is not None
    assert "(1)" in visible(item)


def test_a_value_whose_clause_is_not_there_is_not_summarised() -> None:
    """A value behind another blank's condition is promised only where its clause is printed."""
    shop = sample("online-shop")
    appliances = sample("appliances")
    shop.company.values["returns.price_refund"] = appliances.company.values["returns.price_refund"]
    for company, promised in ((shop, False), (appliances, True)):
        page = soup(article(company, "returns"))
        assert promised == bool(page.select("#price-refund"))
        assert promised == bool(page.select('a[href="#price-refund"]'))


def test_a_draft_shows_labelled_gaps() -> None:
    """In a draft a missing blank is a labelled gap."""
    filled = filling("publish: [charter]\ndraft: true\n")
    gaps = {
        tag["data-blank"]: tag.get_text() for tag in soup(article(filled, "charter")).select("span.gap-draft")
    }
    assert "〔首次联系时限：待填〕" == gaps["response.first_contact"]


@pytest.mark.parametrize(
    ("amount", "unit", "expected"),
    [
        ("1409.50", "元", "人民币壹仟肆佰零玖元伍角"),
        ("6007.14", "元", "人民币陆仟零柒元壹角肆分"),
        ("107000.53", "元", "人民币壹拾万柒仟元伍角叁分"),
        ("325.04", "元", "人民币叁佰贰拾伍元零肆分"),
        ("268000", "元", "人民币贰拾陆万捌仟元整"),
        ("1.5", "万元", "人民币壹万伍仟元整"),
        ("100", "元", "人民币壹佰元整"),
    ],
)
def test_money_in_capitals(amount: str, unit: str, expected: str) -> None:
    """Amounts in capitals follow 正确填写票据和结算凭证的基本规定."""
    assert expected == capitals(Quantity(Decimal(amount), unit))


@pytest.mark.parametrize(
    ("style", "counts", "expected"),
    [
        ("decimal", [1], ("1.", "第1条")),
        ("decimal", [2, 3], ("2.3", "第2.3款")),
        ("decimal", [2, 3, 4], ("(4)", "第2.3款第(4)项")),
        ("decimal", [2, 3, 4, 2], ("②", "第2.3款第(4)项②")),
        ("outline", [1], ("一、", "第一部分")),
        ("outline", [10, 1], ("10.1", "第10.1条")),
        ("outline", [1, 2, 3], ("1.2.3", "第1.2.3款")),
        ("outline", [1, 2, 3, 4], ("(4)", "第1.2.3款第(4)项")),
        ("chinese", [10], ("第十条", "第十条")),
        ("chinese", [21], ("第二十一条", "第二十一条")),
        ("chinese", [3, 1], ("3.1", "第3.1款")),
    ],
)
def test_numbers_by_style(style: str, counts: list[int], expected: tuple[str, str]) -> None:
    """Each style numbers its levels, and has words to refer to them."""
    assert expected == number(style, counts)


@pytest.mark.parametrize(
    ("value", "kind", "shown", "machine"),
    [
        ("2026-12-01", "date", "2026年12月1日", "2026-12-01"),
        ("3个工作日", "duration", "3个工作日", "3个工作日"),
        ("6个月", "duration", "6个月", "P6M"),
        ("90分钟", "duration", "90分钟", "PT90M"),
        ("1.5万元", "money", "1.5万元", "15000"),
    ],
)
def test_values_as_printed_and_for_machines(value: str, kind: str, shown: str, machine: str) -> None:
    """A value is printed as documents write it, and given to machines in the standard's form."""
    found = KINDS[kind].parse(value, KINDS[kind].units)
    assert (shown, machine) == (KINDS[kind].show(found), KINDS[kind].machine(found))


@pytest.mark.parametrize(
    ("written", "digits"),
    [
        ("400-000-0000", "4000000000"),
        ("+86 10 0000 0000", "+861000000000"),
        ("010-00000000 转 8", "01000000000,8"),
    ],
)
def test_telephone_links(written: str, digits: str) -> None:
    """A telephone link dials the digits, and waits before an extension."""
    assert digits == dialled(written)


def test_names_of_topics_cannot_be_shadowed() -> None:
    """A topic is a plain object: no method hides a blank called `items` or `get`."""
    topic = sample("appliances").topics["warranty"]
    assert not hasattr(topic, "items")
    assert not hasattr(topic, "get")


def test_define_env_hands_over_blanks_and_macros(monkeypatch: pytest.MonkeyPatch) -> None:
    """The bridge needs only `variables`, `macro`, `project_dir` and `conf`, as every engine has them."""
    monkeypatch.setenv("COMPANY", "online-shop")
    found: dict[str, object] = {}
    env = SimpleNamespace(project_dir=str(ROOT), conf={"extra": None}, variables={})
    env.macro = lambda macro, name: found.update({name: macro})
    define_env(env)
    assert "示例优选" in str(env.variables["company"].short_name)
    assert {*SPOKEN_BY_MACRO, *SITE_MACROS} == set(found)
