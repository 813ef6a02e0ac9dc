"""The list of what may be promised: blanks, laws with their floors, and wording that is not allowed."""

from __future__ import annotations

import datetime
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from pledge.entries import Blank, Floor, Holidays, Law, Synonym, Wording
from pledge.kinds import KINDS
from pledge.read import Document, Mapping, Node, Place, Scalar, Sequence, read
from pledge.shape import nearest, take

if TYPE_CHECKING:
    from pathlib import Path

    from pledge.problem import Problem
    from pledge.shape import Take

_BLANK: Take = {
    "label": ("text", True),
    "kind": ("text", True),
    "units": ("texts", False),
    "better": ("text", False),
    "why": ("text", False),
    "starts": ("text", False),
    "ends": ("text", False),
    "calendar": ("text", False),
    "options": ("pairs", False),
    "columns": ("mapping", False),
    "key": ("text", False),
    "rising": ("text", False),
    "not_above": ("text", False),
    "not_below": ("text", False),
    "scope": ("text", False),
    "headline": ("whole", False),
    "asked": ("text", False),
    "staffed": ("flag", False),
    "own": ("flag", False),
    "optional": ("flag", False),
    "basis": ("text", False),
    "per": ("text", False),
    "spoken_by": ("text", False),
    "needed_unless": ("pairs", False),
    "refuse": ("pairs", False),
    "example": ("node", False),
}
_LAW: Take = {
    "short": ("text", True),
    "name": ("text", True),
    "number": ("text", False),
    "url": ("text", False),
    "in_force": ("text", False),
    "amended": ("text", False),
    "certainty": ("text", True),
    "articles": ("pairs", True),
    "floors": ("list", False),
}
_FLOOR: Take = {
    "id": ("text", True),
    "blank": ("text", True),
    "column": ("text", False),
    "where": ("pairs", False),
    "at_least": ("text", False),
    "at_most": ("text", False),
    "starts": ("text", False),
    "article": ("text", True),
    "audience": ("text", True),
    "from": ("text", False),
    "until": ("text", False),
    "level": ("text", True),
    "says": ("text", True),
}
_HOLIDAYS: Take = {
    "notice": ("text", True),
    "url": ("text", True),
    "off": ("texts", True),
    "worked": ("texts", True),
}
_SYNONYM: Take = {"say": ("texts", True), "means": ("texts", True)}
_WORDING: Take = {
    "id": ("text", True),
    "pattern": ("text", True),
    "unless": ("text", False),
    "level": ("text", True),
    "audience": ("text", False),
    "basis": ("pairs", False),
    "reason": ("text", False),
    "instead": ("text", True),
    "bad": ("texts", True),
    "good": ("texts", True),
}


SEARCH = "catalogue/search.yml"
FORMS = "catalogue/forms.yml"


@dataclass(slots=True)
class Catalogue:
    """Everything under `catalogue/`, by id; `problems` is what is wrong with it."""

    topics: dict[str, str] = field(default_factory=dict)
    blanks: dict[str, Blank] = field(default_factory=dict)
    laws: dict[str, Law] = field(default_factory=dict)
    floors: list[Floor] = field(default_factory=list)
    wording: list[Wording] = field(default_factory=list)
    holidays: dict[int, Holidays] = field(default_factory=dict)
    synonyms: list[Synonym] = field(default_factory=list)
    called: dict[str, tuple[str, ...]] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    def field(self, target: str) -> Blank | None:
        """Return the blank or column named `topic.blank` or `topic.blank[column]`."""
        name, _, column = target.partition("[")
        blank = self.blanks.get(name)
        return blank.columns.get(column.rstrip("]")) if blank and column else blank


def load(root: Path) -> Catalogue:
    """Return the catalogue of the project at *root*; what is wrong with it is among its problems."""
    catalogue = Catalogue()
    for path in sorted((root / "catalogue" / "blanks").glob("*.yml")):
        _topic(path.stem, _document(path, root, "主题", catalogue), catalogue)
    for path in sorted((root / "catalogue" / "laws").glob("*.yml")):
        _law(_document(path, root, "法律", catalogue), catalogue)
    for path in sorted((root / "catalogue" / "holidays").glob("*.yml")):
        _holidays(path.stem, _document(path, root, "放假安排", catalogue), catalogue)
    _wording(_document(root / "catalogue" / "wording.yml", root, "用语表", catalogue), catalogue)
    if (root / SEARCH).exists():
        _search(_document(root / SEARCH, root, "搜索用语表", catalogue), catalogue)
    if (root / FORMS).exists():
        _called(_document(root / FORMS, root, "旧表单用语表", catalogue), catalogue)
    return catalogue


def _document(path: Path, root: Path, what: str, catalogue: Catalogue) -> Document:
    document = read(path, root)
    catalogue.problems += document.problems
    if document.root is None and not document.problems:
        message = f"{what}没有内容；写成若干“名称: 值”"
        catalogue.problems.append(Place(document.path).problem(message, "catalogue-shape"))
    return document


def _topic(topic: str, document: Document, catalogue: Catalogue) -> None:
    wanted: Take = {"label": ("text", True), "blanks": ("mapping", True)}
    taken = take(document.root, wanted, rule="catalogue-shape", what="主题", problems=catalogue.problems)
    catalogue.topics[topic] = taken.get("label", topic)
    blanks = taken.get("blanks")
    if not isinstance(blanks, Mapping):
        return
    for name, node in blanks.entries.items():
        blank = _blank(f"{topic}.{name}", blanks.keys[name].place, node, catalogue.problems)
        if blank:
            catalogue.blanks[blank.id] = blank


def _blank(name: str, place: Place, node: Node, problems: list[Problem]) -> Blank | None:
    what = f"空白“{name}”"
    taken = take(node, _BLANK, rule="catalogue-shape", what=what, problems=problems)
    columns = taken.pop("columns", None)
    kind = taken.get("kind", "")
    if kind not in KINDS:
        if kind:
            message = f"{what}的种类“{kind}”没有定义{nearest(kind, KINDS)}"
            problems.append(place.problem(message, "catalogue-shape"))
        return None
    taken.setdefault("label", name)
    taken.setdefault("units", KINDS[kind].units)
    made = {}
    if isinstance(columns, Mapping):
        for key, entry in columns.entries.items():
            made[key] = _blank(f"{name}[{key}]", columns.keys[key].place, entry, problems)
    kept = {key: column for key, column in made.items() if column}
    return Blank(id=name, place=place, columns=kept, **taken)


def _law(document: Document, catalogue: Catalogue) -> None:
    problems = catalogue.problems
    taken = take(document.root, _LAW, rule="catalogue-shape", what="法律", problems=problems)
    floors = taken.pop("floors", None)
    if not {"short", "name", "certainty", "articles"} <= taken.keys():
        return
    law = Law(place=Place(document.path), **taken)
    if law.short in catalogue.laws:
        message = f"法律简称“{law.short}”与{catalogue.laws[law.short].place.path}重复；换一个简称"
        problems.append(law.place.problem(message, "catalogue-shape"))
    catalogue.laws[law.short] = law
    if isinstance(floors, Sequence):
        made = (_floor(node, law, catalogue) for node in floors.items)
        catalogue.floors += [floor for floor in made if floor]


def _floor(node: Node, law: Law, catalogue: Catalogue) -> Floor | None:
    problems = catalogue.problems
    before = len(problems)
    taken = take(node, _FLOOR, rule="catalogue-shape", what="法定标准", problems=problems)
    senses = [sense for sense in ("at_least", "at_most") if sense in taken]
    if len(problems) > before:
        return None
    if len(senses) != 1:
        message = "法定标准要写 at_least（下限）或者 at_most（上限）中的一个"
        problems.append(node.place.problem(message, "catalogue-shape"))
        return None
    bound = taken.pop(senses[0])
    try:
        since = datetime.date.fromisoformat(taken.pop("from", "0001-01-01"))
        until = datetime.date.fromisoformat(taken.pop("until", "9999-12-31"))
    except ValueError:
        message = "法定标准的起止日期要写成如“2024-07-01”"
        problems.append(node.place.problem(message, "catalogue-shape"))
        return None
    return Floor(
        place=node.place, law=law.short, sense=senses[0], bound=bound, since=since, until=until, **taken
    )


def _holidays(name: str, document: Document, catalogue: Catalogue) -> None:
    problems = catalogue.problems
    before = len(problems)
    taken = take(document.root, _HOLIDAYS, rule="bad-holidays", what="放假安排", problems=problems)
    if not re.fullmatch(r"20\d\d", name, re.ASCII):
        message = "放假安排的文件以年份为名，如 2027.yml；改文件名"
        problems.append(Place(document.path).problem(message, "bad-holidays"))
    if document.root is None or len(problems) > before:
        return
    try:
        off, worked = (
            frozenset(map(datetime.date.fromisoformat, taken.pop(key))) for key in ("off", "worked")
        )
    except ValueError:
        message = "放假安排的日期要写成如“2027-01-01”，并核对这一天存在"
        problems.append(document.root.place.problem(message, "bad-holidays"))
        return
    catalogue.holidays[int(name)] = Holidays(
        year=int(name), place=document.root.place, off=off, worked=worked, **taken
    )


def _wording(document: Document, catalogue: Catalogue) -> None:
    problems = catalogue.problems
    if document.root is None:
        return
    if not isinstance(document.root, Sequence):
        message = "用语表应当是一个列表，每条以“- id:”开头"
        problems.append(Place(document.path).problem(message, "catalogue-shape"))
        return
    for node in document.root.items:
        before = len(problems)
        taken = take(node, _WORDING, rule="catalogue-shape", what="用语", problems=problems)
        if len(problems) == before:
            catalogue.wording += _entry(taken, node, problems)


def _search(document: Document, catalogue: Catalogue) -> None:
    problems = catalogue.problems
    if document.root is not None and not isinstance(document.root, Sequence):
        message = "搜索用语表应当是一个列表，每条写成“- {say: [客户的说法], means: [条文里的词]}”"
        problems.append(Place(document.path).problem(message, "catalogue-shape"))
    for node in document.root.items if isinstance(document.root, Sequence) else ():
        before = len(problems)
        taken = take(node, _SYNONYM, rule="catalogue-shape", what="搜索用语", problems=problems)
        if len(problems) == before and taken:
            catalogue.synonyms.append(Synonym(place=node.place, **taken))


def _called(document: Document, catalogue: Catalogue) -> None:
    """Take what old forms call each blank."""
    wanted: Take = dict.fromkeys(catalogue.blanks, ("texts", False))
    what = "旧表单用语表"
    catalogue.called = take(
        document.root, wanted, rule="catalogue-shape", what=what, problems=catalogue.problems
    )


def _entry(taken: dict[str, Any], node: Node, problems: list[Problem]) -> list[Wording]:
    try:
        pattern = re.compile(taken.pop("pattern"))
        unless = re.compile(taken.pop("unless")) if "unless" in taken else None
    except re.error:
        message = f"用语“{taken['id']}”的正则表达式写错了；检查括号和反斜杠"
        problems.append(node.place.problem(message, "catalogue-shape"))
        return []
    basis = taken.pop("basis", {})
    reason = taken.pop("reason", "")
    shown = f"{basis.get('law', '')}{basis.get('article', '')}" or reason
    taken.setdefault("audience", "any")
    return [Wording(place=node.place, pattern=pattern, unless=unless, basis=shown, **taken)]


def example_text(node: Node | None) -> str:
    """Return an example as it would be written in a variable file."""
    if isinstance(node, Scalar):
        return node.text
    if isinstance(node, Sequence):
        return "[" + ", ".join(example_text(item) for item in node.items) + "]"
    if isinstance(node, Mapping):
        pairs = (f"{key}: {example_text(item)}" for key, item in node.entries.items())
        return "{" + ", ".join(pairs) + "}"
    return ""
