"""Every rule has a good and a bad case: an edit of the tiny project, and the whole list of lines it gives."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from pledge import project as project_module
from pledge import schema, site
from pledge.problem import LEVELS, rules

if TYPE_CHECKING:
    from collections.abc import Callable

CASES = Path(__file__).parent / "cases"

# Rules without a good and a bad case, each with its reason.
RELEASED = "it is about released files: tests/test_release.py and tests/test_history.py"
REVIEWED = "it needs two states of the project: tests/test_gate.py"
UNCASED: dict[str, str] = {
    "not-a-deal": "it is about a file of one contract, no part of the project: tests/test_deal.py",
    "same-company": "it is about a build of many companies: tests/test_fleet.py",
    "sheet-cell": "it is about a workbook, no part of the project: tests/test_sheet.py",
    "edition-shape": RELEASED,
    "edition-altered": RELEASED,
    "edition-missing": RELEASED,
    "edition-added": RELEASED,
    "edition-unlisted": RELEASED,
    "edition-orphaned": RELEASED,
    "edition-chain": RELEASED,
    "unreleased": RELEASED,
    "release-refused": RELEASED,
    "weaker-not-named": REVIEWED,
    "weakens-stale": REVIEWED,
    "notice-too-short": REVIEWED,
    "note-missing": REVIEWED,
    "withdrawal-unexplained": REVIEWED,
    "number-unchanged": REVIEWED,
    "history-lost": REVIEWED,
    "release-unreviewed": REVIEWED,
    "approval-missing": REVIEWED,
    "released-altered": REVIEWED,
}


@dataclass(frozen=True)
class Case:
    """One edit of the tiny project; `tests/cases/README.md` says what an entry holds."""

    rule: str
    name: str
    file: str
    replace: str = ""
    good: Any = None
    bad: Any = None
    expect: tuple[str, ...] = ()
    schema: str = "fresh"
    via: str = "check"

    def apply(self, root: Path, content: Any) -> None:  # noqa: ANN401  as YAML holds it
        """Make the edit in the project at *root*."""
        path = root / self.file
        path.parent.mkdir(exist_ok=True)
        if self.replace:
            text = path.read_bytes().decode("utf-8")
            assert text.count(self.replace) == 1, f"{self.replace!r} stands {text.count(self.replace)} times"
            path.write_bytes(text.replace(self.replace, _bytes(content).decode("utf-8")).encode())
        elif content == {"folder": True}:
            path.mkdir()
        elif content == {"loop": True}:
            path.unlink(missing_ok=True)
            path.symlink_to(path.name)
        elif content == {"removed": True}:
            path.unlink()
        else:
            path.write_bytes(_bytes(content))
        if self.schema == "fresh":
            made = schema.company_schema(project_module.load(root))
            (root / schema.PATH).write_text(made, encoding="utf-8")


def _bytes(content: Any) -> bytes:  # noqa: ANN401  as YAML holds it
    if isinstance(content, str):
        return content.encode()
    if "hex" in content:
        return bytes.fromhex(content["hex"])
    text, count = content["repeat"]
    repeated = "".join(text.replace("%", str(number)) for number in range(count))
    return f"{content.get('before', '')}{repeated}{content.get('after', '')}".encode()


def _read() -> list[Case]:
    entries = []
    for path in sorted(CASES.glob("*.yml")):
        for entry in yaml.safe_load(path.read_text(encoding="utf-8")):
            entry["expect"] = tuple(entry.get("expect", ()))
            entries.append(Case(**entry))
    return entries


ALL = _read()


def _sided(side: str) -> list[Any]:
    return [
        pytest.param(case, id=f"{case.rule}: {case.name}") for case in ALL if getattr(case, side) is not None
    ]


def _lines(case: Case, root: Path, found: Callable[..., list[str]], patch: pytest.MonkeyPatch) -> list[str]:
    if case.via == "check":
        return found(root)
    patch.setenv("COMPANY", "acme-east")
    try:
        site.build(root, "acme-east", root / "site")
    except site.BuildError as error:
        assert not (root / "site").exists()
        return str(error).splitlines()
    assert (root / "site" / "index.html").exists()
    return []


def test_tiny_project_is_fine(tiny: Path, found: Callable[..., list[str]]) -> None:
    """Nothing is wrong with the project that the cases edit."""
    assert found(tiny) == []


@pytest.mark.parametrize("case", _sided("good"))
def test_good(
    case: Case, tiny: Path, found: Callable[..., list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    """What a rule allows gives no problem of any rule."""
    case.apply(tiny, case.good)
    assert _lines(case, tiny, found, monkeypatch) == []


@pytest.mark.parametrize("case", _sided("bad"))
def test_bad(
    case: Case, tiny: Path, found: Callable[..., list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    """What a rule forbids gives exactly the lines that the case lists."""
    case.apply(tiny, case.bad)
    assert list(case.expect) == _lines(case, tiny, found, monkeypatch)


def test_bad_cases_show_their_rule() -> None:
    """A bad case expects at least one line of the rule it is for."""
    shown = [case for case in ALL if any(line.endswith(f"({case.rule})") for line in case.expect)]
    assert [case for case in ALL if case.bad is not None] == shown


def test_case_names_are_unique() -> None:
    """No two cases of one rule have the same name."""
    counted = Counter((case.rule, case.name) for case in ALL)
    assert [key for key, count in counted.items() if count > 1] == []


@pytest.mark.parametrize("side", ["good", "bad"])
def test_every_rule_has_a_case(side: str) -> None:
    """Each rule has a good and a bad case, but for the exceptions, which give a reason."""
    cased = {case.rule for case in ALL if getattr(case, side) is not None}
    assert set(rules()) - set(UNCASED) == cased


def test_exceptions_are_needed() -> None:
    """An exception names a rule that exists and says why it has no case."""
    assert [rule for rule, why in UNCASED.items() if rule not in rules() or not why] == []


@pytest.mark.parametrize("rule", rules())
def test_rule_is_explained(rule: str) -> None:
    """Each rule says what it wants, why, and how to satisfy it; the reasons end as sentences."""
    entry = rules()[rule]
    assert entry.title
    assert entry.title[-1] not in "。；，"
    assert entry.why.endswith("。")
    assert entry.fix.endswith("。")
    assert entry.level in LEVELS


def test_warning_rules_only_warn() -> None:
    """A rule explained as a warning never gives an error; a rule of errors may soften to a warning."""
    softer = {key for key, rule in rules().items() if rule.level == "warning"}
    lines = [line for case in ALL if case.rule in softer for line in case.expect]
    assert [
        line for line in lines if line.rpartition("(")[2].rstrip(")") not in softer or "警告：" in line
    ] == lines
