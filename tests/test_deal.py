"""One contract's own values: read like a variable file, for paper only."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING

import pytest
from copies import ROOT

from pledge import project as project_module
from pledge.deal import Deal, missing, read_deal
from pledge.edition import digest
from pledge.export.paper import papers
from pledge.problem import arrange
from pledge.transcript import spoken, written

if TYPE_CHECKING:
    from pathlib import Path

TODAY = datetime.date(2026, 11, 22)
PROJECT = project_module.load(ROOT)
WHOLE = """\
contract:
  number: SL-HT-2026-0001
  customer: 示例酒店管理有限公司
  product: SL-100型对开门冰箱20台
  amount: 128000元
  signed: 2026-12-10
project:
  name: 示例园区设备更新项目
  recipient: 示例产业园管理有限公司
  tender_number: SLZB-2026-001
  phases:
    - {phase: 供货, deliverable: 设备到场, due: 2027-01-10, staff: 4人}
    - {phase: 安装, deliverable: 安装调试, due: 2027-02-10, staff: 6人}
"""


def deal(folder: Path, text: str) -> Deal:
    """Return the contract that *text* describes."""
    path = folder / "deals" / "示例酒店.yml"
    path.parent.mkdir(exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return read_deal(path, folder, PROJECT.catalogue)


def told(found: Deal, company: str = "appliances") -> list[str]:
    """Return everything that is wrong with a contract for a company."""
    problems = [*found.problems, *missing(found, PROJECT, PROJECT.company(company))]
    return [problem.text() for problem in arrange(problems)]


def test_a_whole_contract_is_fine(tmp_path: Path) -> None:
    """A contract that fills every gap of the published variants has no problem."""
    found = deal(tmp_path, WHOLE)
    assert [] == told(found)
    assert {name for name, blank in PROJECT.catalogue.blanks.items() if blank.deal} == set(found.values)


FIRST = "response:\n  first_contact: 9小时\n"
BAD = {
    "a promise to all": (
        WHOLE + FIRST,
        (
            "15:18: 首次联系时限（response.first_contact）是对所有客户的承诺，不由单个合同填写；"
            "从合同文件中删去 (not-a-deal)"
        ),
    ),
    "a promise among the contract's": (
        WHOLE.replace("  signed:", "  objection: 3日\n  signed:"),
        (
            "6:14: 质量异议期（contract.objection）是对所有客户的承诺，不由单个合同填写；"
            "从合同文件中删去 (not-a-deal)"
        ),
    ),
    "a head": (
        WHOLE + "publish: 全部\n",
        "14:10: “publish”只能写在变量文件里；从合同文件中删去 (not-a-deal)",
    ),
    "a gap": (
        WHOLE.replace("  customer: 示例酒店管理有限公司\n", ""),
        (
            "1:1: 缺少 contract.customer（客户名称），合同条款型要用到它；"
            "写成如“示例酒店管理有限公司” (missing-blank)"
        ),
    ),
    "a wrong kind": (
        WHOLE.replace("128000元", "十二万"),
        "5:11: 合同价款：“十二万”不是数字加单位；写成如“2元”，单位可用：元、万元 (wrong-kind)",
    ),
    "a slip of the pen": (
        WHOLE.replace("  number:", "  nunber:"),
        "2:3: 没有“contract.nunber”这个空白（是不是“contract.number”？） (unknown-blank)",
    ),
    "phases out of order": (
        WHOLE.replace("2027-02-10", "2027-01-02"),
        "13:43: 完成日期2027年1月2日不晚于上一行的2027年1月10日；按先后顺序排列 (not-rising)",
    ),
    "nothing": (
        "",
        "1:1: 文件里没有内容；写成若干“名称: 值”，可参照 variables/ 下的示例 (empty-file)",
    ),
}


@pytest.mark.parametrize(("text", "expected"), BAD.values(), ids=BAD)
def test_what_is_wrong_is_told(tmp_path: Path, text: str, expected: str) -> None:
    """A contract is checked as a variable file is, and may only fill the gaps of one contract."""
    assert f"deals/示例酒店.yml:{expected}" in told(deal(tmp_path, text))


def test_a_promise_in_a_contract_is_left_out(tmp_path: Path) -> None:
    """What belongs to all customers is never taken from a contract's file."""
    found = deal(tmp_path, "response: {first_contact: 9小时}\n")
    assert {} == found.values


def test_only_published_variants_need_it(tmp_path: Path) -> None:
    """A company without a variant for contracts needs no contract."""
    assert [] == told(deal(tmp_path, "contract: {number: A-1}\n"), "online-shop")


def test_a_file_that_cannot_be_read(tmp_path: Path) -> None:
    """A missing file, a wrong encoding and hidden characters are problems, not crashes."""
    assert ["unreadable"] == [
        problem.rule for problem in read_deal(tmp_path / "x.yml", tmp_path, PROJECT.catalogue).problems
    ]
    path = tmp_path / "gbk.yml"
    path.write_bytes("contract: {customer: 示例}".encode("gbk"))
    assert ["not-utf8"] == [problem.rule for problem in read_deal(path, tmp_path, PROJECT.catalogue).problems]
    assert ["hidden-character"] == [
        problem.rule for problem in deal(tmp_path, "contract: {number: A\u202e}").problems
    ]


def test_the_gaps_are_filled_on_paper_only(tmp_path: Path) -> None:
    """With a contract no gap is left; address and mark stay those of the public text, whose gaps remain."""
    company = PROJECT.company("appliances")
    public = papers(PROJECT, company, TODAY)
    filled = papers(PROJECT, company, TODAY, deal(tmp_path, WHOLE))
    text = "\n".join(spoken(block) for paper in filled for block in paper.blocks)
    assert "以合同记载为准〕" not in text
    assert "供货｜设备到场｜2027年1月10日｜4人" in text
    assert "（大写：人民币壹拾贰万捌仟元整）" in text
    assert [(paper.address, paper.mark) for paper in public] == [
        (paper.address, paper.mark) for paper in filled
    ]
    assert [digest(written(paper.blocks))[:16] for paper in public] == [paper.mark for paper in filled]
    assert {"deal"} == {paper.purpose for paper in filled}
    assert "以合同记载为准〕" in "\n".join(spoken(block) for paper in public for block in paper.blocks)


def test_contracts_stay_out_of_git() -> None:
    """The folder of contracts is ignored, and no page of the site reads it."""
    assert "deals/" in (ROOT / ".gitignore").read_text(encoding="utf-8").splitlines()
    readers = [
        path.name for path in (ROOT / "pledge").rglob("*.py") if "read_deal" in path.read_text("utf-8")
    ]
    assert {"deal.py"} == set(readers) - {"paper.py"}
