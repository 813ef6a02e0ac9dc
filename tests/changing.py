"""Changes as data: two states of the small project made from a case, and findings as the lines people read."""

from __future__ import annotations

import re
import shutil
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

from pledge.change import change_rules
from pledge.verdict import BETTER, WEAKER

if TYPE_CHECKING:
    from pledge.change import CompanyChange

HERE = Path(__file__).parent
CASES = HERE / "changes"
OPPOSITE = {BETTER: WEAKER, WEAKER: BETTER}
_LINE = re.compile(r"(\S+) (\S+) (\S+) ([^:]*(?:\[.*?\])?): (.*) -> (.*)")


@dataclass(frozen=True)
class Case:
    """A change and what comparing its two states gives; `tests/changes/README.md` says what is what."""

    name: str
    both: dict[str, Any] = field(default_factory=dict)
    old: dict[str, Any] = field(default_factory=dict)
    new: dict[str, Any] = field(default_factory=dict)
    there: list[str] = field(default_factory=list)
    back: list[str] | None = None
    wrong: list[str] = field(default_factory=list)

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
        return folder / "old", folder / "new"


def laid(root: Path) -> Path:
    """Return a fresh copy of the project of the cases at *root*."""
    shutil.copytree(HERE / "project", root)
    shutil.copytree(CASES / "project", root, dirs_exist_ok=True)
    return root


def edited(root: Path, name: str, edit: Any) -> None:  # noqa: ANN401  as YAML holds it
    """Make an edit of one file in the project at *root*."""
    path = _path(root, name)
    path.parent.mkdir(parents=True, exist_ok=True)
    if edit is None:
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


def read() -> list[Case]:
    """Return the cases of every file."""
    texts = (path.read_text(encoding="utf-8") for path in sorted(CASES.glob("*.yml")))
    return [Case(**entry) for text in texts for entry in yaml.safe_load(text)]


def lines(changes: list[CompanyChange]) -> list[str]:
    """Return each finding as a line."""
    return [
        f"{found.verdict} {found.rule} {found.company} {found.subject}{f'[{found.item}]' if found.item else ''}"
        f": {found.before} -> {found.after}".replace("\n", "⏎")
        for change in changes
        for found in change.findings
    ]


def mirrored(line: str) -> str:
    """Return the line of the opposite change."""
    match = _LINE.fullmatch(line)
    assert match, f"{line!r} is no line of a finding"
    verdict, rule, company, subject, before, after = match.groups()
    mirror = change_rules()[rule].mirror or rule
    return f"{OPPOSITE.get(verdict, verdict)} {mirror} {company} {subject}: {after} -> {before}"
