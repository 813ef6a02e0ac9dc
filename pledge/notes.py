"""The company's own notes on its promises, for those who answer customers: `notes/<company>.yml`.

They have the shape of a variable file, with a note and a day of review for each blank. They reach no page.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from pledge.kinds import KINDS, MisreadError
from pledge.read import Mapping, Place, Scalar, read
from pledge.shape import nearest, take

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from pledge.catalogue import Catalogue
    from pledge.problem import Problem
    from pledge.read import Node
    from pledge.shape import Take

FOLDER = "notes"
_RULE = "bad-note"
_ENTRY: Take = {"note": ("node", False), "review_by": ("node", False)}


@dataclass(frozen=True, slots=True)
class Note:
    """What is noted on a blank, and by when somebody has to look at the promise again."""

    blank: str
    label: str
    text: str = ""
    review_by: datetime.date | None = None


@dataclass(slots=True)
class Notes:
    """The notes of a company by blank, and what is wrong with their file."""

    by_blank: dict[str, Note] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    def due(self, today: datetime.date) -> list[Note]:
        """Return the notes whose day of review has come, the oldest first."""
        found = [note for note in self.by_blank.values() if note.review_by and note.review_by <= today]
        return sorted(found, key=lambda note: (note.review_by or today, note.blank))


def read_notes(root: Path, company: str, catalogue: Catalogue) -> Notes:
    """Return the notes of *company*, none where it has no file; never raises for its contents."""
    path = root / FOLDER / f"{company}.yml"
    if not path.exists() and not path.is_symlink():
        return Notes()
    document = read(path, root)
    notes = Notes(problems=list(document.problems))
    if document.root is not None and not isinstance(document.root, Mapping):
        message = "备注要写成“主题:”，下面缩进写“空白: {note: 备注, review_by: 日期}”"
        notes.problems.append(document.root.place.problem(message, _RULE))
    for topic, node in document.mapping.entries.items():
        _topic(topic, document.mapping.keys[topic].place, node, catalogue, notes)
    return notes


def _topic(topic: str, place: Place, node: Node, catalogue: Catalogue, notes: Notes) -> None:
    if topic not in catalogue.topics:
        message = f"没有“{topic}”这个主题{nearest(topic, catalogue.topics)}；改正，或者删去它"
        notes.problems.append(place.problem(message, _RULE))
        return
    if not isinstance(node, Mapping):
        message = f"“{topic}”下面要缩进写“空白: {{note: 备注, review_by: 日期}}”"
        notes.problems.append(node.place.problem(message, _RULE))
        return
    own = [name.partition(".")[2] for name in catalogue.blanks if name.startswith(f"{topic}.")]
    for name, entry in node.entries.items():
        if name in own:
            _entry(f"{topic}.{name}", entry, catalogue, notes)
        else:
            message = f"没有“{topic}.{name}”这个空白{nearest(name, own, f'{topic}.')}；改正，或者删去它"
            notes.problems.append(node.keys[name].place.problem(message, _RULE))


def _entry(blank: str, node: Node, catalogue: Catalogue, notes: Notes) -> None:
    what = f"{blank} 的备注"
    taken = take(node, _ENTRY, rule=_RULE, what=what, problems=notes.problems)
    text = _parsed(taken.get("note"), "text", what, notes)
    day = _parsed(taken.get("review_by"), "date", f"{what}的 review_by", notes)
    notes.by_blank[blank] = Note(
        blank,
        catalogue.blanks[blank].label,
        text if isinstance(text, str) else "",
        day if isinstance(day, datetime.date) else None,
    )


def _parsed(node: Node | None, kind: str, what: str, notes: Notes) -> object:
    """Return what *node* says as a value of *kind*, or None, with a problem where it says something else."""
    if node is None:
        return None
    if not isinstance(node, Scalar):
        notes.problems.append(node.place.problem(f"{what}只能写一个值", _RULE))
        return None
    try:
        return KINDS[kind].parse(node.text, ())
    except MisreadError as error:
        notes.problems.append(node.place.problem(f"{what}：{error}", _RULE))
        return None


def problems(root: Path, catalogue: Catalogue, companies: Iterable[str]) -> Iterator[Problem]:
    """Yield what is wrong with the notes of every company, and each file that belongs to none."""
    known = set(companies)
    for path in sorted((root / FOLDER).glob("*.yml")):
        if path.stem in known:
            yield from read_notes(root, path.stem, catalogue).problems
        else:
            message = f"没有“{path.stem}”这家公司{nearest(path.stem, known)}；改文件名，或者删去它"
            yield Place(f"{FOLDER}/{path.name}").problem(message, _RULE)
