"""How texts stand to their newest edition, in each state a company can be in."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING

import pytest
from copies import ROOT

from pledge import project as project_module
from pledge.render import Filling
from pledge.standing import STATUSES, standing
from pledge.typed import Value

if TYPE_CHECKING:
    from pledge.standing import Standing

PROJECT = project_module.load(ROOT)
EVE, DAY = datetime.date(2026, 11, 30), datetime.date(2026, 12, 1)
BEFORE = [{"number": "2025.1", "words": "2025年6月1日至2026年11月30日"}]


def stands(
    day: datetime.date, *, draft: bool = False, editions: bool = True, changed: bool = False
) -> Standing:
    """Return how the demo company stands on *day*."""
    filling = Filling(PROJECT, PROJECT.company("appliances"), day)
    filling.company.draft = draft
    if not editions:
        filling.editions = []
    if changed:
        value = filling.company.values["company.name"]
        filling.company.values["company.name"] = Value(value.blank, "示例家用电器有限公司", value.place)
    return standing(filling)


STATES = {
    "released": (stands(DAY), {}),
    "not-yet-in-force": (stands(EVE), {"date": "2026-12-01", "words": "2026年12月1日"}),
    "revision": (stands(DAY, changed=True), {"revised": "2026.1"}),
    "unreleased": (stands(DAY, editions=False), {}),
    "draft": (stands(DAY, draft=True, changed=True), {}),
}


@pytest.mark.parametrize("state", STATUSES)
def test_each_state_has_its_word_and_its_banner(state: str) -> None:
    """A state is known by its word; only a revision and an edition to come have something to say."""
    found, banner = STATES[state]
    assert state == found.status
    shown = dict(found.banner)
    coming = dict(shown.pop("coming", {}))
    before = [{key: each[key] for key in ("number", "words")} for each in coming.pop("before", [])]
    assert banner == shown | coming
    assert (BEFORE if state == "not-yet-in-force" else []) == before


def test_only_a_revision_is_not_to_be_published() -> None:
    """It names the guarantees whose text differs, and the way out."""
    assert {"revision"} == {state for state, (found, _) in STATES.items() if found.problem}
    problem = STATES["revision"][0].problem
    assert problem is not None
    assert problem.text() == (
        "variables/appliances.yml:5:1: 现在的文本与已发布的2026.1版不同"
        "（管理规范型、合同条款型、服务等级型、公开声明型、项目承诺函型、三包保修型、网络零售型）；"
        "要公布，先运行 pledge release appliances，只是预览，用 mkdocs serve (unreleased)"
    )
