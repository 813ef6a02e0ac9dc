"""The project itself: nothing is wrong with it, its law binds exactly at the floor, its rooms keep order."""

from __future__ import annotations

import ast
import re
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from pledge import project as project_module
from pledge.entries import DIRECTIONS
from pledge.law import Comparison, floor_bound
from pledge.page import VARIANTS
from pledge.quantity import FAMILIES, Quantity
from pledge.typed import Value, typed

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from pledge.entries import Blank, Floor
    from pledge.problem import Problem

ROOT = Path(__file__).parent.parent
PROJECT = project_module.load(ROOT)
CATALOGUE = PROJECT.catalogue
FLOORS = [floor for floor in CATALOGUE.floors if floor_bound(PROJECT, floor)]


def test_nothing_is_wrong(found: Callable[..., list[str]]) -> None:
    """The wording, the catalogue and every sample company hold, without a single warning."""
    assert [] == found(ROOT)


def test_seven_variants() -> None:
    """The seven guarantees are there, in their order."""
    assert VARIANTS == tuple(PROJECT.pages)


def _named(floor: Floor) -> str:
    return f"{floor.law} {floor.id} {floor.target} {floor.where or ''}".strip()


def _steps(bound: Quantity) -> tuple[Decimal, Decimal]:
    """Return the smallest steps up and down that a person would write."""
    step = Decimal("0.01") if bound.unit in {"%", "元"} else Decimal(1)
    return bound.number + step, bound.number - step


def _holds(floor: Floor, number: Decimal, unit: str) -> bool:
    target, bound = CATALOGUE.field(floor.target), floor_bound(PROJECT, floor)
    assert target
    assert bound
    value = Value(target, Quantity(number, unit), floor.place)
    return Comparison(floor, value, bound).holds


@pytest.mark.parametrize("floor", FLOORS, ids=_named)
def test_promise_at_the_floor_holds(floor: Floor) -> None:
    """A promise that says what the law says holds, in the law's own unit."""
    bound = floor_bound(PROJECT, floor)
    assert bound
    assert _holds(floor, bound.number, bound.unit)


@pytest.mark.parametrize("floor", FLOORS, ids=_named)
def test_promise_a_step_beyond_the_floor_fails(floor: Floor) -> None:
    """One step to the customer's harm fails, one step to the customer's good holds."""
    bound = floor_bound(PROJECT, floor)
    assert bound
    up, down = _steps(bound)
    good, bad = (up, down) if floor.sense == "at_least" else (down, up)
    assert _holds(floor, good, bound.unit)
    assert not _holds(floor, bad, bound.unit)


@pytest.mark.parametrize("floor", FLOORS, ids=_named)
def test_floor_has_the_sense_of_its_blank(floor: Floor) -> None:
    """A law that sets a least amount is on a blank where more is better, and the other way round."""
    target = CATALOGUE.field(floor.target)
    assert target
    assert target.better in {{"at_least": "higher", "at_most": "lower"}[floor.sense], "none"}


def test_every_floor_has_an_amount() -> None:
    """No floor of the law is left out because its bound could not be read."""
    assert FLOORS == CATALOGUE.floors


def _fields() -> Iterator[Blank]:
    for blank in CATALOGUE.blanks.values():
        yield blank
        yield from blank.columns.values()


@pytest.mark.parametrize("blank", CATALOGUE.blanks.values(), ids=lambda blank: blank.id)
def test_example_is_a_value(blank: Blank) -> None:
    """Each blank's example is a value of the blank, and prints as words."""
    assert blank.example is not None
    problems: list[Problem] = []
    data = typed(blank, blank.example, problems)
    assert problems == []
    assert Value(blank, data, blank.place).text


# Directions that no blank of this catalogue has yet.
WAITING = {"present", "absent"}


def test_directions_are_used() -> None:
    """Each direction has a blank or column that uses it, but those that wait for their first."""
    assert DIRECTIONS.keys() - WAITING == {blank.better for blank in _fields()}


def test_units_are_known() -> None:
    """A time or an amount of money is given in units that can be compared."""
    measured = [blank for blank in _fields() if blank.kind in {"duration", "money"}]
    assert [] == [blank.id for blank in measured if not set(blank.units) <= FAMILIES.keys()]


def _wording() -> list[dict[str, Any]]:
    return list(yaml.safe_load((ROOT / "catalogue" / "wording.yml").read_text(encoding="utf-8")))


@pytest.mark.parametrize("entry", _wording(), ids=lambda entry: entry["id"])
def test_wording_is_tried_and_founded(entry: dict[str, Any]) -> None:
    """Each forbidden word has bad and good examples, and an article of the catalogue or a reason."""
    assert entry["bad"]
    assert entry["good"]
    if "basis" in entry:
        assert entry["basis"]["article"] in CATALOGUE.laws[entry["basis"]["law"]].articles
    else:
        assert entry["reason"]


def test_wording_ids_are_unique() -> None:
    """A word is known by its id."""
    ids = [entry.id for entry in CATALOGUE.wording]
    assert sorted(set(ids)) == sorted(ids)


# Confirmed laws without an official page, each with its reason.
UNLINKED = {
    "食品安全法": "the law reference confirms the article, not the page; no guarantee cites it",
    "价格规定": "the law reference confirms the article, not the page; no guarantee cites it",
}


def test_laws_have_their_source() -> None:
    """A law whose text was confirmed leads to its official page, but for exceptions still needed."""
    bare = {law.short for law in CATALOGUE.laws.values() if law.certainty == "A" and not law.url}
    cited = {
        call.arguments[0] for page in PROJECT.pages.values() for call in page.calls if call.name == "law"
    }
    assert UNLINKED.keys() == bare
    assert set() == bare & cited


# The rooms of the house from the ground up: a room may use those before it.
FLOORPLAN: list[set[str]] = [
    {
        "problem",
        "content_security",
        "packed",
        "assets",
        "swap",
        "fleet",
        "fleet.pinyin",
        "fleet.processes",
        "fleet.store",
    },
    {"read", "intake"},
    {"quantity"},
    {"kinds", "shape", "colour"},
    {"entries", "deadline", "logo"},
    {"catalogue", "typed", "page", "clauses"},
    {"company", "source", "transcript"},
    {"project", "verdict", "edition", "fleet.record"},
    {
        "law",
        "holidays",
        "schema",
        "change",
        "git",
        "verify",
        "deal",
        "notes",
        "amend",
        "sheets",
        "topics",
        "draft",
    },
    {
        "check.pages",
        "policy",
        "fleet.choice",
        "fleet.shape",
        "sheets.cells",
        "sheets.layout",
        "sheets.telling",
    },
    {"check.catalogue", "check.values", "check.wording", "sheets.grid", "sheets.reading"},
    {"check", "check.editions", "sheets.writing"},
    {"draft.draft"},
    {"draft.question", "draft.writing"},
    {"printed"},
    {"wordxml", "decoding", "forms", "forms.form", "forms.naming"},
    {"forms.gaps", "forms.word_numbers", "forms.proposals", "forms.folder"},
    {"forms.word_body", "forms.outline", "forms.plain", "forms.matching"},
    {"forms.word", "forms.drafting", "forms.entries", "forms.floors"},
    {"forms.reading", "forms.trial", "forms.cells"},
    {"forms.draft"},
    {"forms.reporting_gaps", "forms.reporting_clauses"},
    {"forms.reporting"},
    {"redline", "periods", "clock", "glance", "table", "skeleton"},
    {"alignment", "chart", "export", "export.word", "copies", "copies.copied"},
    {"history", "report", "copies.reading_docx", "copies.reading_pdf", "copies.candidates"},
    {"render", "export.redline_docx", "export.redline_html", "copies.reading"},
    {"article", "fleet.slots"},
    {"search", "standing", "compare.side", "archive", "export.paper", "linked", "feed"},
    {"promises", "compare.values", "compare.meaning", "compare.floors", "compare.wording", "copies.expected"},
    {"export.docx", "export.form", "export.typeset", "copies.contract"},
    {"compare", "compare.released", "export.pdf", "copies.comparison", "machines", "cards"},
    {"shell"},
    {
        "gate",
        "release",
        "plugin",
        "export.files",
        "copies.pages",
        "sheets.merging",
        "export.cards_docx",
        "export.table_xlsx",
    },
    {"review", "site", "usage", "copies.verification"},
    {"fleet.templates", "fleet.commit"},
    {"fleet.filled", "fleet.library"},
    {"fleet.work"},
    {"fleet.landing"},
    {"fleet.building"},
    {"cli.group", "cli.progress", "cli.terminal"},
    {"cli.answers"},
    {"cli.questions"},
    {
        "cli.building",
        "cli.cards",
        "cli.changes",
        "cli.checking",
        "cli.editions",
        "cli.new",
        "cli.paper",
        "cli.sheets",
        "cli.table",
    },
    {"cli.importing"},
    {"cli"},
]
LEVEL = {name: level for level, names in enumerate(FLOORPLAN) for name in names}


def _modules() -> dict[str, ast.Module]:
    found = {}
    for path in sorted((ROOT / "pledge").rglob("*.py")):
        parts = path.relative_to(ROOT / "pledge").with_suffix("").parts
        name = ".".join(part for part in parts if part != "__init__")
        if name:
            found[name] = ast.parse(path.read_text(encoding="utf-8"))
    return found


MODULES = _modules()


def _imported(tree: ast.AST) -> set[str]:
    """Return every module that *tree* imports, those for type checkers too."""
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    return found


def _rooms(tree: ast.AST) -> set[str]:
    names = {name.removeprefix("pledge.") for name in _imported(tree) if name.startswith("pledge.")}
    return {name for name in names if name in MODULES}


def test_every_room_is_on_the_plan() -> None:
    """A new module takes its place among the others, and one that is gone leaves the plan."""
    assert LEVEL.keys() == MODULES.keys()


@pytest.mark.parametrize("name", MODULES)
def test_rooms_use_only_rooms_below(name: str) -> None:
    """Dependencies point one way: a module uses those below it, never one beside or above."""
    used = _rooms(MODULES[name]) - {name}
    assert [] == sorted(room for room in used if LEVEL.get(room, 99) >= LEVEL.get(name, -1))


def _users(library: str) -> set[str]:
    return {
        name for name, tree in MODULES.items() if any(_within(found, library) for found in _imported(tree))
    }


def _within(name: str, library: str) -> bool:
    return name == library or name.startswith(f"{library}.")


def test_only_three_rooms_know_mkdocs() -> None:
    """To change the generator costs three files: the plugin, the build, and what reads many pages from it."""
    assert _users("mkdocs") == {"plugin", "site", "fleet.templates"}


def test_only_the_reader_and_the_rules_know_yaml() -> None:
    """Values are read by one reader; the rules' own texts are no values, and a release only writes."""
    assert _users("yaml") == {"read", "problem", "change", "release"}


def test_only_one_room_runs_git() -> None:
    """To change how history is read costs one file."""
    assert _users("subprocess") == {"git"}


def test_only_the_command_line_prints() -> None:
    """Nothing else writes to the terminal or ends the process."""
    calls = re.compile(r"\b(print|click\.echo|click\.secho|sys\.exit|sys\.stdout\.write|exit)\(")
    text = {name: ast.unparse(tree) for name, tree in MODULES.items()}
    printing = {name.partition(".")[0] for name in text if calls.search(text[name])}
    assert printing <= {"cli", "usage"}
