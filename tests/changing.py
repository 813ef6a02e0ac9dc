"""Changes as data: two states of the small project made from a case, and findings as lines."""

from __future__ import annotations

import json
import re
import shutil
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import jsonschema
import yaml
from released import release

from pledge import report
from pledge.change import change_rules
from pledge.compare import UnreadableError, compare
from pledge.problem import arrange
from pledge.verdict import BETTER, WEAKER

if TYPE_CHECKING:
    import datetime

    from pledge.change import CompanyChange, Finding

HERE = Path(__file__).parent
CASES = HERE / "changes"
SCHEMA = HERE.parent / "docs" / "schemas" / "diff-1.json"
OPPOSITE = {BETTER: WEAKER, WEAKER: BETTER}
_LINE = re.compile(r"(\S+) (\S+) (\S+) (\S+?): (.*) -> (.*)")


@dataclass(frozen=True)
class Case:
    """A change and what comparing its two states gives; `tests/changes/README.md` says what is what."""

    name: str
    both: dict[str, Any] = field(default_factory=dict)
    old: dict[str, Any] = field(default_factory=dict)
    new: dict[str, Any] = field(default_factory=dict)
    there: list[str] = field(default_factory=list)
    back: list[str] | None = None
    gate: list[str] = field(default_factory=list)
    released: list[dict[str, Any]] = field(default_factory=list)

    @property
    def undone(self) -> list[str]:
        """The lines of the change undone: as written, else the mirror of the lines of the change."""
        return [mirrored(line) for line in self.there] if self.back is None else self.back

    def states(self, folder: Path) -> tuple[Path, Path]:
        """Return the folders of the two states, made below *folder*."""
        sides = {"old": self.old, "new": self.new}
        for side, edits in sides.items():
            laid(folder / side)
            for more in (self.both, edits):
                for name, edit in more.items():
                    edited(folder / side, name, edit)
        self._release(folder)
        return folder / "old", folder / "new"

    def _release(self, folder: Path) -> None:
        """Give both sides the released editions of beta, each made from the project with its own edits."""
        for entry in self.released:
            told = {key: str(text) for key, text in entry.items() if key != "edits"}
            root = laid(folder / f"released-{told['number']}")
            edited(root, "beta", {"edition: {": "edition: {note: 首次发布, ", **entry.get("edits", {})})
            release(root, "beta", **told)
            for side in ("old", "new"):
                shutil.copytree(root / "editions", folder / side / "editions", dirs_exist_ok=True)


def laid(root: Path) -> Path:
    """Return a fresh copy of the project of the cases at *root*."""
    shutil.copytree(HERE / "project", root)
    shutil.copytree(CASES / "project", root, dirs_exist_ok=True)
    return root


def edited(root: Path, name: str, edit: Any) -> None:  # noqa: ANN401  as YAML holds it
    """Make an edit of one file in the project at *root*."""
    path = _path(root, name)
    path.parent.mkdir(parents=True, exist_ok=True)
    if edit is None and path.is_dir():
        shutil.rmtree(path)
    elif edit is None:
        path.unlink()
    elif isinstance(edit, str):
        path.write_text(edit, encoding="utf-8")
    else:
        source, pairs = edit if isinstance(edit, list) else (name, edit)
        text = _path(root, source).read_text(encoding="utf-8")
        for old, new in pairs.items():
            assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times in {source}"
            text = text.replace(old, new)
        path.write_text(text, encoding="utf-8")


def _path(root: Path, name: str) -> Path:
    return root / (name if "/" in name else f"variables/{name}.yml")


def read(folder: Path = CASES) -> list[Case]:
    """Return the cases of every file in *folder*."""
    texts = (path.read_text(encoding="utf-8") for path in sorted(folder.glob("*.yml")))
    return [Case(**entry) for text in texts for entry in yaml.safe_load(text)]


def lines(changes: list[CompanyChange]) -> list[str]:
    """Return each finding as a line."""
    return [line(finding) for change in changes for finding in change.findings]


def line(finding: Finding) -> str:
    """Return a finding as a line: `verdict rule company subject[item]: before -> after`."""
    subject = f"{finding.subject}[{finding.item}]" if finding.item else finding.subject
    told = f"{finding.company} {subject}: {finding.before} -> {finding.after}"
    return f"{finding.verdict} {finding.rule} {told}".replace("\n", "⏎")


def outcome(old: Path, new: Path, today: datetime.date) -> list[str]:
    """Return the sorted lines that comparing two states gives, or the problems for which it refuses.

    What it gives as JSON is as the published schema says.
    """
    try:
        found = compare(old, new, today)
        assert [] == [error.message for error in _fit().iter_errors(json.loads(report.as_json(found)))]
        return sorted(lines(found))
    except UnreadableError as error:
        side = "old" if error.old else "new"
        return [f"{side}: {problem.text()}" for problem in arrange(error.problems)]


@cache
def _fit() -> jsonschema.Draft202012Validator:
    """Return what holds the JSON of every case against the published schema."""
    return jsonschema.Draft202012Validator(json.loads(SCHEMA.read_text(encoding="utf-8")))


def mirrored(line: str) -> str:
    """Return the line of the opposite change."""
    match = _LINE.fullmatch(line)
    assert match, f"{line!r} is no line of a finding"
    verdict, rule, company, subject, before, after = match.groups()
    mirror = change_rules()[rule].mirror or rule
    return f"{OPPOSITE.get(verdict, verdict)} {mirror} {company} {subject}: {after} -> {before}"
