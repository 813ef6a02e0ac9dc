"""One company's variable file: typed values by blank, merged over those of its base."""

from __future__ import annotations

import datetime
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from pledge.kinds import KINDS, MisreadError, odd_phone
from pledge.read import Document, Mapping, Node, Place, Scalar, Sequence, read
from pledge.shape import nearest, take

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pledge.catalogue import Blank, Catalogue
    from pledge.problem import Problem
    from pledge.shape import Take

ID = re.compile(r"[a-z0-9][a-z0-9-]{0,62}")
MAX_ROWS = 500

_HEAD: Take = {
    "publish": ("texts", False),
    "draft": ("flag", False),
    "base": ("text", False),
    "free": ("texts", False),
}


@dataclass(frozen=True, slots=True)
class Value:
    """What fills a blank: `data` is typed (a tuple for a list, a tuple of rows for a table)."""

    blank: Blank
    data: Any
    place: Place

    @property
    def text(self) -> str:
        """The value as it is printed: `2小时`, `2026年12月1日`, list items joined by 、."""
        if self.blank.kind == "list":
            return "、".join(self.data)
        return KINDS[self.blank.kind].show(self.data)

    @property
    def machine(self) -> str:
        """The value for machines: an ISO 8601 date or duration, a plain number of yuan, else the text."""
        if self.blank.kind == "list":
            return self.text
        return KINDS[self.blank.kind].machine(self.data)

    @property
    def calendar(self) -> str:
        """By which calendar a time runs; empty for what is not a time."""
        if self.blank.kind != "duration":
            return ""
        return self.blank.clock(self.data.unit)


Row = dict[str, Value]


@dataclass(slots=True)
class Company:
    """A company: the variants it publishes and its values by blank id."""

    id: str
    path: str
    publish: tuple[str, ...] = ()
    draft: bool = False
    base: str = ""
    free: tuple[str, ...] = ()
    values: dict[str, Value] = field(default_factory=dict)
    places: dict[str, Place] = field(default_factory=dict)
    own: frozenset[str] = frozenset()
    inherited: dict[str, Value] = field(default_factory=dict)
    base_free: tuple[str, ...] = ()
    readable: bool = False
    problems: list[Problem] = field(default_factory=list)

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
    company = from_document(read(path, root), path.stem, catalogue)
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
    entries = {key: node for key, node in root.entries.items() if key in _HEAD}
    taken = take(
        Mapping(entries, root.keys, root.place),
        _HEAD,
        rule="company-head",
        what="变量文件",
        problems=company.problems,
    )
    company.places = {key: node.place for key, node in entries.items()}
    company.publish = taken.get("publish", ())
    company.draft = taken.get("draft", False)
    company.base = taken.get("base", "")
    company.free = taken.get("free", ())


def _topics(root: Mapping, company: Company, catalogue: Catalogue) -> None:
    for topic, node in root.entries.items():
        if topic in _HEAD:
            continue
        place = company.places[topic] = root.keys[topic].place
        if topic not in catalogue.topics:
            hint = nearest(topic, [*catalogue.topics, *_HEAD])
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
            known = {key for key in catalogue.blanks if key.startswith(f"{topic}.")}
            hint = nearest(f"{topic}.{name}", known or catalogue.blanks)
            message = f"没有“{topic}.{name}”这个空白{hint}"
            company.problems.append(node.keys[name].place.problem(message, "unknown-blank"))
            continue
        company.places[blank.id] = entry.place
        data = typed(blank, entry, company.problems)
        if data is not None:
            company.values[blank.id] = Value(blank, data, entry.place)


def typed(blank: Blank, node: Node, problems: list[Problem]) -> Any:  # noqa: ANN401  as above
    """Return what *node* says in the form of *blank*'s kind, or None with a problem added."""
    if blank.kind == "table":
        return _table(blank, node, problems)
    if blank.kind == "list":
        return _list(blank, node, problems)
    return _scalar(blank, node, problems)


def _scalar(blank: Blank, node: Node, problems: list[Problem]) -> Any:  # noqa: ANN401  as above
    if not isinstance(node, Scalar):
        message = f"{blank.label}应当只有一个值，种类是{KINDS[blank.kind].label}"
        problems.append(node.place.problem(message, "wrong-kind"))
        return None
    if node.empty:
        message = f"{blank.label}没有填；填写，或者删去这一行"
        problems.append(node.place.problem(message, "empty-value"))
        return None
    try:
        return _parsed(blank, node)
    except MisreadError as error:
        problems.append(node.place.problem(f"{blank.label}：{error}", error.rule, error.level))
        return node.text if error.level == "warning" else None
    finally:
        if blank.kind == "phone" and odd_phone(node.text):
            message = f"{blank.label}：“{node.text}”不像常见的电话号码；核对后再发布"
            problems.append(node.place.problem(message, "odd-phone", "warning"))


def _parsed(blank: Blank, node: Scalar) -> Any:  # noqa: ANN401  as above
    if blank.kind == "choice" and node.text not in blank.options:
        shown = "、".join(blank.options)
        raise MisreadError(f"没有“{node.text}”这个选项；可选：{shown}", "unknown-option")
    return KINDS[blank.kind].parse(node.text, blank.units)


def _list(blank: Blank, node: Node, problems: list[Problem]) -> tuple[str, ...] | None:
    if not isinstance(node, Sequence) or not node.items:
        message = f"{blank.label}应当是一个列表，写成如“[甲, 乙]”"
        problems.append(node.place.problem(message, "wrong-kind"))
        return None
    items = [_scalar(_item(blank), item, problems) for item in node.items]
    for position, item in enumerate(items):
        if item is not None and item in items[:position]:
            place = node.items[position].place
            problems.append(place.problem(f"{blank.label}：“{item}”写了两次；删去一处", "duplicate-item"))
    return tuple(item for item in items if item is not None) or None


def _item(blank: Blank) -> Blank:
    return type(blank)(id=blank.id, place=blank.place, label=blank.label, kind="text")


def _table(blank: Blank, node: Node, problems: list[Problem]) -> tuple[Row, ...] | None:
    if not isinstance(node, Sequence) or not node.items:
        columns = "、".join(blank.columns)
        message = f"{blank.label}应当是一个列表，每行以“- ”开头，列有：{columns}"
        problems.append(node.place.problem(message, "wrong-kind"))
        return None
    if len(node.items) > MAX_ROWS:
        message = f"{blank.label}超过{MAX_ROWS}行；拆分产品大类，或者合并相同的行"
        problems.append(node.place.problem(message, "too-large"))
        return None
    rows = [_row(blank, item, problems) for item in node.items]
    problems.extend(_repeated(blank, [row for row in rows if row]))
    problems.extend(_not_rising(blank, [row for row in rows if row]))
    return tuple(row for row in rows if row) or None


def _row(blank: Blank, node: Node, problems: list[Problem]) -> Row:
    if not isinstance(node, Mapping):
        columns = "、".join(blank.columns)
        message = f"{blank.label}的每一行写成“{{列: 值}}”，列有：{columns}"
        problems.append(node.place.problem(message, "wrong-kind"))
        return {}
    row: Row = {}
    for name, entry in node.entries.items():
        if name not in blank.columns:
            message = f"{blank.label}没有“{name}”这一列{nearest(name, blank.columns)}"
            problems.append(node.keys[name].place.problem(message, "unknown-column"))
            continue
        data = typed(blank.columns[name], entry, problems)
        if data is not None:
            row[name] = Value(blank.columns[name], data, entry.place)
    for name, column in blank.columns.items():
        if name not in node.entries and not column.optional:
            message = f"{blank.label}的这一行缺少“{name}”（{column.label}）"
            problems.append(node.place.problem(message, "missing-column"))
    return row


def _repeated(blank: Blank, rows: list[Row]) -> Iterator[Problem]:
    seen: dict[str, int] = {}
    for row in rows:
        value = row.get(blank.key)
        if value is None:
            continue
        if value.text in seen:
            message = f"{blank.label}有两行“{value.text}”（另一行在第{seen[value.text]}行）；合并成一行"
            yield value.place.problem(message, "duplicate-row")
        seen.setdefault(value.text, value.place.line)


def _not_rising(blank: Blank, rows: list[Row]) -> Iterator[Problem]:
    last: Value | None = None
    for value in (row[blank.rising] for row in rows if blank.rising in row):
        if last is not None and value.data <= last.data:
            label = value.blank.label
            message = f"{label}{value.text}不晚于上一行的{last.text}；按先后顺序排列"
            yield value.place.problem(message, "not-rising")
        last = value


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
    if any(problem.level == "error" for problem in base.problems):
        message = f"{base.path} 有错误；先改正它"
        company.problems.append(place.problem(message, "bad-base"))
    company.inherited, company.base_free = base.values, base.free
    company.values = {**base.values, **company.values}
    company.places = {**dict.fromkeys(base.values, place), **company.places}
    company.publish = company.publish or base.publish
    return company
