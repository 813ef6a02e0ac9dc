"""Releasing: the filled text and the values of a company as an edition that is never edited afterwards."""

from __future__ import annotations

import hashlib
import itertools
import json
import shutil
import tempfile
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

from pledge import check, edition
from pledge import company as company_module
from pledge.compare.released import changes
from pledge.compare.side import Side
from pledge.compare.values import recorded
from pledge.edition import FILE, FOLDER, NUMBER, SUMS, Edition, digest
from pledge.problem import errors
from pledge.read import Mapping, Scalar, parse, read
from pledge.transcript import written
from pledge.verify import listed, sums

if TYPE_CHECKING:
    import datetime
    from collections.abc import Iterable, Iterator

    from pledge.company import Company
    from pledge.problem import Problem
    from pledge.project import Project
    from pledge.read import Document

HEAD = "# 由 pledge release 写成。发布以后不得改动；内容有误的，发布新的版本改正。\n"
_BESIDE = ".new-"
_SAID_ELSEWHERE = "edition."


@dataclass(slots=True)
class Draft:
    """An edition about to be released: what its files will hold, by name."""

    company: str
    number: str
    files: dict[str, str]


@dataclass(slots=True)
class Plan:
    """What releasing a company would do: its draft, or nothing where its text is released already.

    `source` is the variable file as it will be, where a new wording gives it the next wording number.
    """

    company: Company
    draft: Draft | None = None
    source: str = ""
    problems: list[Problem] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Announcement:
    """What all companies say of a new shared wording: one note, and the day it takes effect."""

    note: str
    effective: datetime.date


def plan(
    project: Project, company: Company, today: datetime.date, wording: Announcement | None = None
) -> Plan:
    """Return what releasing *company* would do; where only the wording changed, *wording* announces it."""
    made = Plan(company)
    editions = edition.load(project.root, company.names)
    made.problems = [problem for known in editions for problem in known.problems]
    made.problems += errors(check.check_company(project, company, today))
    if made.problems or company.draft:
        made.problems += _refused(company, editions)
        return made
    side = Side(project, company, today)
    last = editions[-1] if editions else None
    if last and last.holds(_texts(side)):
        return made
    if last and _only_wording(side, last):
        made, side = _worded(project, made, side, editions, wording)
    made.problems += _refused(made.company, editions)
    if not made.problems:
        made.draft = _draft(side, last)
    return made


def _texts(side: Side) -> dict[str, str]:
    return {name: written(blocks) for name, blocks in side.articles.items()}


def _only_wording(side: Side, last: Edition) -> bool:
    return side.company.text("edition.number") == last.number and _same_values(side, last)


def _worded(
    project: Project, made: Plan, side: Side, editions: list[Edition], wording: Announcement | None
) -> tuple[Plan, Side]:
    """Return the plan and the company with the next wording number, its note and its date."""
    number = wording_number(editions[-1].number, {known.number for known in editions})
    if wording is None:
        message = (
            f"承诺没有改动，只有条文改动，将发布为{number}；"
            "写明共同的说明和施行日期：--note 说明 --effective 日期"
        )
        made.problems.append(made.company.place("edition.number").problem(message, "release-refused"))
        return made, side
    document = read(project.root / made.company.path, project.root)
    fields = {"number": number, "effective": wording.effective.isoformat(), "note": wording.note}
    made.source = renumbered(document, fields)
    document = parse(made.source, made.company.path)
    made.company = company_module.merged(document, made.company.id, project.root, project.catalogue)
    return made, Side(project, made.company, side.today)


def wording_number(number: str, released: set[str]) -> str:
    """Return the next number for a new wording of the same promises: 2026.1, 2026.1.1, 2026.1.2."""
    parent, _, tail = number.rpartition(".")
    base = parent if parent in released and tail.isdecimal() else number
    return next(name for name in (f"{base}.{count}" for count in itertools.count(1)) if name not in released)


def renumbered(document: Document, fields: dict[str, str]) -> str:
    """Return the text of a variable file with other fields of its edition; every other byte stays."""
    edition_node = document.mapping.entries["edition"]
    entries = edition_node.entries if isinstance(edition_node, Mapping) else {}
    spans = {name: node for name, node in entries.items() if isinstance(node, Scalar) and name in fields}
    text = document.text
    for name, node in sorted(spans.items(), key=lambda item: -item[1].start):
        quoted = json.dumps(fields[name], ensure_ascii=False)
        text = text[: node.start] + quoted + text[node.end :]
    return text


def _refused(company: Company, editions: list[Edition]) -> Iterator[Problem]:
    rule = "release-refused"
    if company.draft:
        yield company.place("draft").problem("草稿不能发布；填好后删去“draft: true”", rule)
        return
    for name, example in (("number", '"2026.1"'), ("effective", "2026-12-01"), ("note", "首次发布")):
        if not company.text(f"edition.{name}"):
            message = f"缺少 edition.{name}；发布前写上，如“{name}: {example}”"
            yield company.place("edition").problem(message, rule)
    number = company.text("edition.number")
    if number and (not NUMBER.fullmatch(number) or ".." in number):
        message = f"版本号“{number}”要用作网址，只能用数字、字母、点和连字符；写成如“2026.1”"
        yield company.place("edition.number").problem(message, rule)
    if number in {made.number for made in editions}:
        message = f"版本{number}已经发布，不能再发布一次；内容有改动的，改用新的版本号"
        yield company.place("edition.number").problem(message, rule)
    effective = company.data("edition.effective")
    if editions and effective and effective <= editions[-1].effective:
        last = editions[-1]
        message = f"施行日期{effective}不晚于上一版{last.number}的{last.effective}；改为更晚的日期"
        yield company.place("edition.effective").problem(message, rule)


def _draft(side: Side, last: Edition | None) -> Draft:
    texts = {f"{name}.md": written(blocks) for name, blocks in side.articles.items()}
    company = side.company
    record: dict[str, Any] = {
        "number": company.text("edition.number"),
        "effective": company.data("edition.effective").isoformat(),
        "note": company.text("edition.note"),
        "name": company.text("company.name"),
        "approvals": _plain(company, "edition.approvals"),
        "withdrawn": _plain(company, "edition.withdrawn"),
        "previous": {"number": last.number, "sha256": last.sha256} if last else {},
        "texts": {
            name: {"title": side.pages[name].title, "sha256": digest(texts[f"{name}.md"])}
            for name in side.pages
        },
        "values": {
            name: {"label": value.blank.label, "value": _raw(value.data)}
            for name, value in sorted(side.values.items())
            if not name.startswith(_SAID_ELSEWHERE)
        },
        "changes": [_filled(asdict(change)) for change in changes(side, last)] if last else [],
    }
    kept = {key: value for key, value in record.items() if value or key in {"texts", "values", "changes"}}
    return Draft(company.id, record["number"], {FILE: HEAD + _yaml(kept), **texts})


def _plain(company: Company, blank: str) -> Any:  # noqa: ANN401  a value's form follows from its blank
    data = company.data(blank)
    return _raw(data) if data else None


def _raw(data: Any) -> Any:  # noqa: ANN401  as above
    """Return a value in the form in which a variable file holds it."""
    if isinstance(data, tuple):
        return [_raw(item) for item in data]
    if isinstance(data, dict):
        return {name: str(cell.data) for name, cell in data.items()}
    return str(data)


class _Dumper(yaml.SafeDumper):
    """Writes every value out: a reader of one line sees it whole, and no anchors are needed."""

    def ignore_aliases(self, data: object) -> bool:  # noqa: ARG002  PyYAML's name
        return True


def _quoted(dumper: _Dumper, text: str) -> yaml.ScalarNode:
    style = '"' if "\n" in text else None
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=style)


_Dumper.add_representer(str, _quoted)


def _yaml(record: dict[str, Any]) -> str:
    return yaml.dump(
        record, Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=10_000, default_flow_style=None
    )


def _filled(entry: dict[str, str]) -> dict[str, str]:
    return {key: text for key, text in entry.items() if text}


def _same_values(side: Side, last: Edition) -> bool:
    now = {name: _raw(value.data) for name, value in side.values.items() if not _aside(name)}
    blanks = side.project.catalogue.blanks
    before = {
        name: recorded(record, blanks[name]) if name in blanks else None
        for name, record in last.values.items()
    }
    return now == {name: _raw(value.data) if value else None for name, value in before.items()}


def _aside(name: str) -> bool:
    return name.startswith(_SAID_ELSEWHERE)


def write(root: Path, plans: Iterable[Plan]) -> list[Path]:
    """Write the editions below `editions/` and return their folders; each appears whole or not at all.

    The list of sums is renewed last; what an interrupted release left is taken up or swept away.
    """
    (root / FOLDER).mkdir(exist_ok=True)
    _sweep(root)
    made = []
    for plan in plans:
        if plan.source:
            _replace(root / plan.company.path, plan.source)
        if plan.draft:
            made.append(_place(root, plan.draft))
    _list(root)
    return made


def _replace(path: Path, text: str) -> None:
    beside = path.with_suffix(".new")
    beside.write_bytes(text.encode())
    beside.replace(path)


def _place(root: Path, draft: Draft) -> Path:
    folder = root / FOLDER / draft.company
    folder.mkdir(exist_ok=True)
    beside = Path(tempfile.mkdtemp(prefix=_BESIDE, dir=folder))
    try:
        for name, text in draft.files.items():
            (beside / name).write_bytes(text.encode())
        beside.chmod(0o755)
        return beside.rename(folder / draft.number)
    except OSError:
        shutil.rmtree(beside, ignore_errors=True)
        raise


def _sweep(root: Path) -> None:
    for left in (root / FOLDER).glob(f"*/{_BESIDE}*"):
        shutil.rmtree(left, ignore_errors=True)


def _list(root: Path) -> None:
    """Renew the list of sums: what stands there stays as it is, what is new is added."""
    known = listed(root)
    lines = {**sums(root), **known}
    text = "".join(f"{lines[path]}  {path}\n" for path in sorted(lines))
    beside = root / FOLDER / f".{SUMS}"
    beside.write_bytes(text.encode())
    beside.replace(root / FOLDER / SUMS)


def seal(root: Path, folder: Path, name: str, content: bytes, address: str) -> Path:
    """Record the sealed copy of an edition: its file name, address and SHA-256, once and for all.

    Raises FileExistsError where one is recorded already.
    """
    path = folder / edition.SEALED
    record = {"file": name, "address": address, "sha256": hashlib.sha256(content).hexdigest()}
    with path.open("x", encoding="utf-8") as file:
        file.write("".join(f"{key}: {json.dumps(value)}\n" for key, value in record.items() if value))
    _list(root)
    return path
