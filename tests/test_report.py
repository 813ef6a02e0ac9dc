"""Changes for machines and for people: the published schema, and what is said once."""

from __future__ import annotations

import json
from typing import Any

import jsonschema
import pytest
from changing import SCHEMA

from pledge import report
from pledge.change import CompanyChange, Finding, Spoken, TextChange
from pledge.read import Place
from pledge.transcript import HEADING, ITEM, PARAGRAPH, TABLE, Block

AT = "file=variables/acme.yml,line"
PLACE = Place("variables/acme.yml", 3, 4)


def schema() -> dict[str, Any]:
    """Return the published schema of `pledge diff --format json`."""
    read: dict[str, Any] = json.loads(SCHEMA.read_text(encoding="utf-8"))
    return read


def made(rule: str, verdict: str, label: str = "退款时限", **more: Any) -> Finding:  # noqa: ANN401  any field
    """Return a finding of a company called acme."""
    found = {"subject": "returns.refund", "before": "3日", "after": "5日", "old": PLACE, "new": PLACE, **more}
    return Finding(company="acme", label=label, verdict=verdict, rule=rule, **found)


def test_the_schema_is_one() -> None:
    """The schema itself is valid JSON Schema 2020-12, and wants at least what was promised."""
    jsonschema.Draft202012Validator.check_schema(schema())
    assert {"company", "blank", "before", "after", "verdict", "rule"} <= set(schema()["items"]["required"])


@pytest.mark.parametrize("missing", schema()["items"]["required"])
def test_the_schema_notices_a_missing_field(missing: str) -> None:
    """A finding without one of its fields does not fit."""
    found = json.loads(report.as_json([CompanyChange("acme", "某公司", [made("time-longer", "weaker")])]))
    assert jsonschema.Draft202012Validator(schema()).is_valid(found)
    del found[0][missing]
    assert not jsonschema.Draft202012Validator(schema()).is_valid(found)


def test_what_many_share_is_one_row() -> None:
    """The same change of several companies is one row of the table, with the first three by name."""
    changes = [
        CompanyChange(f"c{count}", f"第{count}家", [made("time-longer", "weaker")]) for count in range(5)
    ]
    assert (
        "| 对客户 | 事项 | 改动 | 公司 | 位置 | 规则 |\n"
        "| --- | --- | --- | --- | --- | --- |\n"
        "| 变差 | 退款时限 | <del>3日</del><ins>5日</ins> | 第0家、第1家、第2家等5家 |  | `time-longer` |"
    ) == report.promises(changes)


def test_the_gravest_stands_first_and_mere_numbers_are_counted() -> None:
    """A person reads what is weaker first; clauses that only got another number are one line."""
    findings = [
        made("time-longer", "weaker", spoken=(Spoken("returns", "网络零售型", "refund", "7.2"),)),
        made("text-changed", "changed", "服务热线", before="1", after="2", new=Place("variables/b.yml")),
        made("clause-renumbered", "changed", "《网络零售型》7.3", subject="returns#a"),
        made("clause-renumbered", "changed", "《网络零售型》7.4", subject="returns#b"),
        made("promise-removed", "weaker", "价格保护期", after="", new=None),
    ]
    shown = report.as_text([CompanyChange("acme", "某公司", findings)])
    assert [
        "acme（某公司）：2项变差，3项有改动",
        "  变差　退款时限　[-3日-]{+5日+}",
        f"        variables/acme.yml:3:4（time-longer {findings[0].fingerprint}）",
        "        见于《网络零售型》7.2",
        "  有改动　服务热线　[-1-]{+2+}",
        f"        variables/b.yml:1:1，原在 variables/acme.yml:3:4（text-changed {findings[1].fingerprint}）",
        "  变差　价格保护期　[-3日-]",
        f"        原在 variables/acme.yml:3:4（promise-removed {findings[4].fingerprint}）",
        "  有改动　另有2条只改了编号，文字逐字相同",
    ] == shown.splitlines()


def test_redlines_name_clauses_in_full() -> None:
    """A changed clause stands with its whole number; what is not changed, and the summary, is left out."""

    def text(hours: str, *more: Block) -> list[Block]:
        return [
            Block(TABLE, "本页承诺一览", rows=(("a",), (hours,)), wording="{{ promises() }}"),
            Block(HEADING, "标准", "s", "2.", 1),
            Block(ITEM, "时限：", "t", "2.1", 2),
            Block(ITEM, f"{hours}内联系；", "c", "(1)", 3),
            Block(TABLE, "价目", rows=(("项", "价"), ("甲", hours), ("乙", "1元"))),
            *more,
        ]

    changed = TextChange("charter", "管理规范型", text("2小时"), text("24小时", Block(PARAGRAPH, "完。")))
    shown = report.as_text([CompanyChange("acme", "某公司", [], [changed])])
    assert [
        "  《管理规范型》客户读到的文字",
        "    │ 2.1(1) [-2小时-]{+24小时+}内联系；",
        "    │ 〔价目〕甲｜[-2小时-]{+24小时+}",
        "    │ {+完。+}",
    ] == shown.splitlines()[2:]


def test_annotations_know_three_levels() -> None:
    """Weaker is an error, unclear a warning, the rest a notice; what vanished stands at the file's top."""
    findings = [
        made("time-longer", "weaker"),
        made("time-incomparable", "unclear"),
        made("time-shorter", "better", new=None),
    ]
    shown = report.as_annotations([CompanyChange("acme", "某公司", findings)]).splitlines()
    assert [
        f"::error {AT}=3,col=4,title=time-longer::变差：退款时限 [-3日-]{{+5日+}}",
        f"::warning {AT}=3,col=4,title=time-incomparable::需人判断：退款时限 [-3日-]{{+5日+}}",
        f"::notice {AT}=1,col=1,title=time-shorter::变好：退款时限 [-3日-]{{+5日+}}",
    ] == shown
