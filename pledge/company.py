"""One company's variable file: typed values by blank, merged over those of its base."""

from __future__ import annotations

import datetime
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from pledge.read import Document, Mapping, Place, read
from pledge.shape import nearest, take
from pledge.typed import Value, typed

if TYPE_CHECKING:
    from pathlib import Path

    from pledge.catalogue import Catalogue
    from pledge.problem import Problem
    from pledge.shape import Take

ID = re.compile(r"[a-z0-9][a-z0-9-]{0,62}")

HEAD: Take = {
    "publish": ("texts", False),
    "draft": ("flag", False),
    "base": ("text", False),
    "free": ("texts", False),
    "formerly": ("texts", False),
}


@dataclass(slots=True)
class Company:
    """A company: the variants it publishes and its values by blank id."""

    id: str
    path: str
    publish: tuple[str, ...] = ()
    draft: bool = False
    base: str = ""
    free: tuple[str, ...] = ()
    formerly: tuple[str, ...] = ()
    values: dict[str, Value] = field(default_factory=dict)
    places: dict[str, Place] = field(default_factory=dict)
    own: frozenset[str] = frozenset()
    inherited: dict[str, Value] = field(default_factory=dict)
    base_free: tuple[str, ...] = ()
    readable: bool = False
    problems: list[Problem] = field(default_factory=list)

    @property
    def names(self) -> tuple[str, ...]:
        """The ids the company had, oldest first, and its own: where its editions stand."""
        return (*self.formerly, self.id)

    def place(self, name: str) -> Place:
        """Return where *name* is written, else the nearest place that a reader would look at."""
        topic = name.partition(".")[0]
        return self.places.get(name) or self.places.get(topic) or Place(self.path)

    def data(self, blank: str) -> Any:  # noqa: ANN401  a value's type follows from its blank
        """Return what fills *blank*, or None."""
        value = self.values.get(blank)
        return value.data if value else None

    def text(self, blank: str) -> str:
        """Return what fills *blank* as it is printed, or nothing."""
        value = self.values.get(blank)
        return value.text if value else ""

    def law_date(self, today: datetime.date) -> datetime.date:
        """Return the date whose law applies: the later of *today* and the effective date."""
        effective = self.data("edition.effective")
        return max(today, effective) if isinstance(effective, datetime.date) else today


def today() -> datetime.date:
    """Return the date in China (UTC+8, without summer time), whatever clock the machine keeps."""
    return datetime.datetime.now(datetime.timezone(datetime.timedelta(hours=8))).date()


def paths(root: Path) -> dict[str, Path]:
    """Return the variable file of every company by its id."""
    return {path.stem: path for path in sorted((root / "variables").glob("*.yml"))}


def load(root: Path, name: str, catalogue: Catalogue) -> Company:
    """Return the company called *name*; what is wrong with its file is among its problems."""
    return read_company(root / "variables" / f"{name}.yml", root, catalogue)


def read_company(path: Path, root: Path, catalogue: Catalogue) -> Company:
    """Return the company whose variable file is *path*, merged over its base."""
    company = merged(read(path, root), path.stem, root, catalogue)
    for name in company.formerly:
        if ID.fullmatch(name) and name != company.id and (root / "variables" / f"{name}.yml").exists():
            message = f"“{name}”还是一家公司，不能写进 formerly；只写改掉了的旧代号"
            company.problems.append(company.places["formerly"].problem(message, "company-head"))
    if company.readable and path.is_symlink():
        message = "变量文件是一个链接，git 里看不到它的内容；换成文件本身"
        company.problems.append(Place(company.path).problem(message, "unreadable"))
    return company


def merged(document: Document, name: str, root: Path, catalogue: Catalogue) -> Company:
    """Return the company that *document* describes, merged over its base."""
    company = from_document(document, name, catalogue)
    return _over_base(company, root, catalogue) if company.base else company


def from_document(document: Document, name: str, catalogue: Catalogue) -> Company:
    """Return the company that *document* describes, without its base."""
    company = Company(name, document.path, problems=list(document.problems))
    where = Place(document.path)
    if not ID.fullmatch(name):
        message = f"公司代号“{name}”只能用小写字母、数字和连字符；改文件名"
        company.problems.append(where.problem(message, "bad-company-id"))
    if not isinstance(document.root, Mapping):
        if not document.problems:
            message = "文件里没有内容；写成若干“名称: 值”，可参照 variables/ 下的示例"
            company.problems.append(where.problem(message, "empty-file"))
        return company
    company.readable = True
    _head(document.root, company)
    _topics(document.root, company, catalogue)
    company.own = frozenset(company.values)
    return company


def _head(root: Mapping, company: Company) -> None:
    entries = {key: node for key, node in root.entries.items() if key in HEAD}
    taken = take(
        Mapping(entries, root.keys, root.place),
        HEAD,
        rule="company-head",
        what="变量文件",
        problems=company.problems,
    )
    company.places = {key: node.place for key, node in entries.items()}
    company.publish = taken.get("publish", ())
    company.draft = taken.get("draft", False)
    company.base = taken.get("base", "")
    company.free = taken.get("free", ())
    company.formerly = taken.get("formerly", ())
    for name in company.formerly:
        if not ID.fullmatch(name) or name == company.id:
            message = f"formerly 里的“{name}”不是以前的公司代号；写旧变量文件的名称，不带 .yml"
            company.problems.append(company.places["formerly"].problem(message, "company-head"))


def _topics(root: Mapping, company: Company, catalogue: Catalogue) -> None:
    for topic, node in root.entries.items():
        if topic in HEAD:
            continue
        place = company.places[topic] = root.keys[topic].place
        if topic not in catalogue.topics:
            hint = nearest(topic, [*catalogue.topics, *HEAD])
            message = f"没有“{topic}”这个主题{hint}"
            company.problems.append(place.problem(message, "unknown-blank"))
        elif isinstance(node, Mapping):
            _topic(topic, node, company, catalogue)
        else:
            message = f"“{topic}”下面要缩进写若干“名称: 值”"
            company.problems.append(place.problem(message, "wrong-kind"))


def _topic(topic: str, node: Mapping, company: Company, catalogue: Catalogue) -> None:
    for name, entry in node.entries.items():
        blank = catalogue.blanks.get(f"{topic}.{name}")
        if blank is None:
            message = f"没有“{topic}.{name}”这个空白{_elsewhere(topic, name, catalogue)}"
            company.problems.append(node.keys[name].place.problem(message, "unknown-blank"))
            continue
        company.places[blank.id] = entry.place
        data = typed(blank, entry, company.problems)
        if data is not None:
            company.values[blank.id] = Value(blank, data, entry.place)


def _elsewhere(topic: str, name: str, catalogue: Catalogue) -> str:
    """Return a hint to a blank of the same name in another topic, else to the nearest in this one."""
    same = [blank for blank in catalogue.blanks if blank.endswith(f".{name}")]
    own = [blank.partition(".")[2] for blank in catalogue.blanks if blank.startswith(f"{topic}.")]
    return f"（是不是“{same[0]}”？）" if same else nearest(name, own, f"{topic}.")


def _over_base(company: Company, root: Path, catalogue: Catalogue) -> Company:
    place = company.places["base"]
    path = root / "variables" / f"{company.base}.yml"
    if not ID.fullmatch(company.base) or not path.exists() or company.base == company.id:
        hint = nearest(company.base, paths(root).keys() - {company.id})
        message = f"没有“{company.base}”这家公司可作基础{hint}"
        company.problems.append(place.problem(message, "bad-base"))
        return company
    base = from_document(read(path, root), company.base, catalogue)
    if base.base:
        message = f"“{company.base}”自己也有 base；只能以没有 base 的公司为基础"
        company.problems.append(place.problem(message, "bad-base"))
        return company
    if base.draft and not company.draft:
        message = f"“{company.base}”还是草稿；等它发布，或者本公司也写上“draft: true”"
        company.problems.append(place.problem(message, "bad-base"))
    if any(problem.level == "error" for problem in base.problems):
        message = f"{base.path} 有错误；先改正它"
        company.problems.append(place.problem(message, "bad-base"))
        company.readable = False
    inherited = {name: value for name, value in base.values.items() if not value.blank.own}
    company.inherited, company.base_free = inherited, base.free
    company.values = {**inherited, **company.values}
    company.places = {**dict.fromkeys(inherited, place), **company.places}
    if "publish" not in company.places:
        company.publish = base.publish
    return company
