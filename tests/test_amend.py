"""Values changed in the text of a variable file: only their spans, and they read back as given."""

from __future__ import annotations

import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from pledge import project as project_module
from pledge.amend import amended, said, scalar
from pledge.company import paths
from pledge.read import HIDDEN, Mapping, Scalar, parse

if TYPE_CHECKING:
    from pledge.amend import Said

HERE = Path(__file__).parent
TINY = HERE / "project"

FORMS = {
    "block": "response:\n  first_contact: 2小时  # 快\n  channels:\n    - 电话\n    # 邮件\n    - 邮件\n",
    "flow": "response: {first_contact: 2小时, channels: [电话, 邮件]}  # 一行\n",
    "nested": "{response: {first_contact: '2小时', channels: [\"电话\", 邮件]}}\n",
    "folded": "response:\n  first_contact: >-\n    2小时\n  channels: [电话,\n    邮件]\n",
    "windows": "response:\r\n  first_contact: 2小时\r\n  channels: [电话, 邮件]\r\n",
    "marked": "\ufeffresponse:\n  first_contact: 2小时\n  channels: [电话, 邮件]",
    "flat": "response:\n  first_contact: 2小时\n  channels:\n  - 电话\n  - 邮件",
}
CATALOGUE = project_module.load(TINY).catalogue


def values(text: str) -> dict[str, Any]:
    """Return what a variable file says, as plain data."""
    document = parse(text, "x.yml")
    assert [] == document.problems
    return dict(plain(document.mapping))


def plain(node: Any) -> Any:  # noqa: ANN401  as YAML holds it
    """Return a node as plain data."""
    if isinstance(node, Scalar):
        return node.text.strip()
    if isinstance(node, Mapping):
        return {key: plain(entry) for key, entry in node.entries.items()}
    return [plain(item) for item in node.items]


TEXTS = st.text(st.characters(exclude_categories=["C", "Z"]), min_size=1, max_size=12).filter(
    lambda text: not HIDDEN.search(text)
)
LISTS = st.lists(TEXTS, min_size=1, max_size=5, unique=True).map(tuple)


@pytest.mark.parametrize("form", FORMS)
@settings(max_examples=120, deadline=None)
@given(
    first=st.none() | TEXTS,
    complex_case=st.none() | TEXTS,
    channels=st.none() | LISTS,
    name=st.none() | TEXTS,
)
def test_a_changed_value_reads_back(
    form: str, first: str | None, complex_case: str | None, channels: tuple[str, ...] | None, name: str | None
) -> None:
    """Whatever is changed, added or removed reads back as given, in every style of writing."""
    wanted: dict[str, Said | None] = {
        "response.first_contact": first,
        "response.complex_case": complex_case,
        "response.channels": channels,
        "company.name": name,
    }
    text = amended(parse(FORMS[form], "x.yml"), CATALOGUE, wanted)
    response = {"first_contact": first, "complex_case": complex_case, "channels": channels and list(channels)}
    response = {key: value for key, value in response.items() if value is not None}
    expected = ({"response": response} if response else {}) | ({"company": {"name": name}} if name else {})
    if expected:
        assert expected == values(text)


@pytest.mark.parametrize("form", FORMS)
@given(text=TEXTS)
def test_a_changed_value_changes_its_span_only(form: str, text: str) -> None:
    """Before and after the span of the changed value every character stays."""
    document = parse(FORMS[form], "x.yml")
    node = document.mapping.entries["response"].entries["first_contact"]  # type: ignore[union-attr]
    assert isinstance(node, Scalar)
    changed = amended(document, CATALOGUE, {"response.first_contact": text})
    tail = document.text[node.start :][len(document.text[node.start : node.end].rstrip()) :]
    assert changed.startswith(document.text[: node.start])
    assert changed.endswith(tail)


ROWS = st.lists(
    st.fixed_dictionaries({"step": TEXTS, "due": st.sampled_from(["2027-01-01", "2027-06-01"])}),
    min_size=1,
    max_size=6,
    unique_by=lambda row: row["step"],
).map(tuple)
TABLES = (
    (
        "warranty:\n  steps:\n    - {step: 培训, due: 2027-01-01}  # 先\n    # 再\n"
        "    - {step: 复查, due: 2027-06-01}\n  repairs: 2次\n"
    ),
    "warranty:\n  steps:\n  - step: 培训\n    due: 2027-01-01\n  -\n    step: 复查\n    due: 2027-06-01",
    "warranty: {steps: [{step: 培训, due: 2027-01-01}, {step: 复查, due: 2027-06-01}], repairs: 2次}",
)


@pytest.mark.parametrize("table", TABLES)
@settings(max_examples=120, deadline=None)
@given(
    rows=ROWS
    | st.permutations([{"step": "复查", "due": "2027-01-01"}, {"step": "培训", "due": "2027-01-01"}]).map(
        tuple
    )
)
def test_a_changed_table_reads_back(table: str, rows: tuple[dict[str, str], ...]) -> None:
    """Rows that are changed, moved, added or removed read back as given; what stands beside stays."""
    text = amended(parse(table, "x.yml"), CATALOGUE, {"warranty.steps": rows})
    beside = {"repairs": "2次"} if "repairs" in table else {}
    assert {"warranty": {"steps": list(rows), **beside}} == values(text)
    assert ("# 再" in table) == ("# 再" in text)


@given(
    text=st.text(st.characters(exclude_categories=["C", "Zl", "Zp"]), min_size=1).map(str.strip).filter(bool)
)
def test_a_scalar_reads_back_for_everyone(text: str) -> None:
    """A text is read back by our reader and as a text by any other reader of YAML."""
    for flow in (False, True):
        line = f"[{scalar(text, flow=True)}]" if flow else f"a: {scalar(text, flow=False)}"
        read_back = yaml.safe_load(line)
        found = read_back[0] if flow else read_back["a"]
        assert text == (found.isoformat() if isinstance(found, datetime.date) else found)


def test_said_is_what_the_file_says() -> None:
    """The values of the sample companies as they would be written are those that are written."""
    project = project_module.load(HERE.parent)
    for name in paths(project.root):
        company = project.company(name)
        text = (HERE.parent / company.path).read_text(encoding="utf-8")
        for blank in company.own:
            value = said(company.values[blank])
            for each in [value] if isinstance(value, str) else []:
                assert each in text
        wanted = {blank: said(company.values[blank]) for blank in company.own}
        assert text == amended(parse(text, company.path), project.catalogue, dict(wanted))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("response:\n  first_contact: '2小时' # 快\n", "response:\n  first_contact: '3''小时' # 快\n"),
        ('response: {first_contact: "2小时"}\n', 'response: {first_contact: "3\'小时"}\n'),
        ("response: {first_contact: 2小时}\n", "response: {first_contact: 3'小时}\n"),
        ("response:\r\n  first_contact: |-\r\n    2小时\r\n", "response:\r\n  first_contact: 3'小时\r\n"),
    ],
)
def test_a_changed_value_keeps_its_quotes(old: str, new: str) -> None:
    """What was in quotes stays in the same ones; what was plain stays plain where it can."""
    assert new == amended(parse(old, "x.yml"), CATALOGUE, {"response.first_contact": "3'小时"})


@pytest.mark.parametrize(
    ("old", "wanted", "new"),
    [
        (
            "a: 1\nresponse:\n  complex_case: 48小时  # 说明\n# 尾\n",
            {"response.first_contact": "2小时", "response.onsite": "3日"},
            "a: 1\nresponse:\n  first_contact: 2小时\n  complex_case: 48小时  # 说明\n  onsite: 3日\n# 尾\n",
        ),
        (
            "response:\n  # 先\n  first_contact: 2小时\n  # 后\n  complex_case: 48小时",
            {"response.complex_case": None},
            "response:\n  # 先\n  first_contact: 2小时\n  # 后\n",
        ),
        (
            "response: {first_contact: 2小时}\ncontact: {}\n",
            {"response.first_contact": None, "contact.hotline": "400-000-0000"},
            "contact: {hotline: 400-000-0000}\n",
        ),
    ],
)
def test_where_a_value_comes_and_goes(old: str, wanted: dict[str, Said | None], new: str) -> None:
    """A new value stands where the catalogue has it; a removed one takes its line, no comment above it."""
    assert new == amended(parse(old, "x.yml"), CATALOGUE, wanted)
