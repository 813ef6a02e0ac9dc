"""Forms to be filled by hand: a line for every blank, all optional clauses, nothing of any company."""

from __future__ import annotations

import datetime
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from copies import ROOT, copied

from pledge import company as company_module
from pledge import project as project_module
from pledge.article import page_source
from pledge.export.form import BOX, EMPTY_ROWS, blank_papers, line
from pledge.page import VARIANTS
from pledge.transcript import TABLE, spoken

if TYPE_CHECKING:
    from pathlib import Path

TODAY = datetime.date(2026, 11, 22)
PROJECT = project_module.load(ROOT)
FORMS = {paper.variant: paper for paper in blank_papers(PROJECT, TODAY)}
TEXTS = {name: "\n".join(map(spoken, paper.blocks)) for name, paper in FORMS.items()}


def test_every_variant_is_a_form() -> None:
    """All seven variants come, in their order, without company, number, date and address."""
    assert list(VARIANTS) == list(FORMS)
    assert {("", "", None, "", "form")} == {
        (paper.company, paper.number, paper.effective, paper.address, paper.purpose)
        for paper in FORMS.values()
    }


LINES = {
    "remedy.payout": "________（☐日　☐工作日）",
    "warranty.exchange_window": "________日",
    "quality.satisfaction": "________%",
    "company.name": "________________",
    "contract.signed": "____年__月__日",
    "privacy.purposes": "________________________",
    "declaration.kind": "☐企业　☐个人　☐其他",
    "sla.window": "☐每个工作日9:00至17:00　☐每日0:00至24:00，全年不间断",
}


@pytest.mark.parametrize(("blank", "expected"), LINES.items())
def test_a_blank_is_a_line(blank: str, expected: str) -> None:
    """A number has its unit, several units and options have boxes, a text has a longer line."""
    assert expected == line(PROJECT.catalogue.blanks[blank])


@pytest.mark.parametrize("name", FORMS)
def test_every_blank_is_labelled(name: str) -> None:
    """Each blank that the page speaks stands there with its label, also in an optional clause."""
    page = PROJECT.pages[name]
    otherwise = {use.blank for use in page.uses if any(not wanted for _, wanted in use.guards)}
    for blank in (PROJECT.catalogue.blanks[use] for use in page.spoken if use not in otherwise):
        shown = blank.label if blank.kind == "table" else f"{line(blank)}〔{blank.label}〕"
        assert shown in TEXTS[name]


def test_a_table_has_empty_rows() -> None:
    """A table has its head and five rows to write in, with units where there are any."""
    table = next(block for block in FORMS["project"].blocks if block.text == "项目阶段表")
    assert ("阶段", "成果", "完成日期", "投入人数") == table.rows[0]
    assert (("　", "　", "　", "人"),) * EMPTY_ROWS == table.rows[1:]


def test_the_summary_has_lines() -> None:
    """The summary lists every promise of the page with a line, and by which clock it may run."""
    rows = next(block for block in FORMS["charter"].blocks if block.kind == TABLE).rows
    assert (
        "复杂事项答复时限",
        "________（☐小时　☐日　☐工作日）",
        "收到客户请求",
        "把处理方案答复客户",
        "自然时间、自然日或者工作日",
    ) in rows
    assert ("每年全面检查次数", "________次", "—", "—", "—") in rows


def test_the_signature_is_empty() -> None:
    """Company, person, date, number and effective date are lines, with a place for the seal."""
    *_, signature, seal = FORMS["warranty"].blocks
    assert ("承诺方", "________________〔企业名称〕") == signature.rows[1]
    assert ("施行日期", "____年__月__日〔施行日期〕") == signature.rows[-1]
    assert "（盖章处）" == seal.text


def test_amounts_in_capitals_are_lines() -> None:
    """Where an amount stands in capitals, there is a line for it."""
    assert "（大写：人民币________________）" in TEXTS["contract"]


def _said_of_companies() -> set[str]:
    """Return the words that only a company can have said: names, addresses, numbers, lists."""
    kinds = {"text", "phone", "email", "url", "hours", "credit_code", "list", "date", "icp", "police_filing"}
    found = set()
    for name in company_module.paths(ROOT):
        for value in PROJECT.company(name).values.values():
            if value.blank.kind in kinds:
                found |= set(value.data if value.blank.kind == "list" else [value.text])
            elif value.blank.kind == "table":
                found |= {
                    cell.text for row in value.data for cell in row.values() if cell.blank.kind in kinds
                }
    return {text for text in found if len(text) > 1}


@pytest.mark.parametrize("name", FORMS)
def test_nothing_of_any_company(name: str) -> None:
    """No value of any company stands in a form, but for words that are the wording's own."""
    wording = page_source(PROJECT.pages[name])
    assert [] == sorted(text for text in _said_of_companies() if text in TEXTS[name] and text not in wording)


def test_forms_need_no_company(tmp_path: Path) -> None:
    """Without a single variable file the forms are the same."""
    root = copied(tmp_path)
    for path in company_module.paths(root).values():
        path.unlink()
    assert list(FORMS.values()) == blank_papers(project_module.load(root), TODAY)


def test_a_form_has_boxes_to_tick() -> None:
    """No box is ticked beforehand."""
    assert all("☑" not in text for text in TEXTS.values())
    assert BOX in TEXTS["returns"]
    assert replace(FORMS["returns"], purpose="public") != FORMS["returns"]
