"""Releasing: the filled text and the values of a company as an edition that is never edited afterwards."""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import itertools
import json
import os
import shutil
import tempfile
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

from pledge import check, edition, verify
from pledge import company as company_module
from pledge.change import ABOUT_THE_EDITION
from pledge.check.editions import problems as refusals
from pledge.compare.released import changes
from pledge.compare.side import Side
from pledge.edition import BESIDE, FILE, FOLDER, SUMS, Edition, digest
from pledge.problem import errors
from pledge.read import Mapping, Scalar, parse, read

if TYPE_CHECKING:
    import datetime
    from collections.abc import Callable, Iterable, Iterator

    from pledge.company import Company
    from pledge.problem import Problem
    from pledge.project import Project
    from pledge.read import Document

HEAD = "# 由 pledge release 写成。发布以后不得改动；内容有误的，发布新的版本改正。\n"


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
        made.problems += refusals(company, editions) if company.draft else []
        return made
    side = Side(project, company, today)
    last = editions[-1] if editions else None
    if last and last.holds(side.texts):
        made.problems += _said_since(company, last)
        return made
    if last and _only_wording(side, last):
        made, side = _worded(project, made, side, editions, wording)
    made.problems += [] if made.problems else refusals(made.company, editions)
    if not made.problems:
        made.draft = _draft(side, last)
    return made


def _said_since(company: Company, last: Edition) -> Iterator[Problem]:
    """Yield a problem where the note was changed after its edition was released."""
    if company.text("edition.number") == last.number and company.text("edition.note") != last.note:
        message = (
            f"版本{last.number}已经发布，发布以后改的说明不会写进去；改回“{last.note}”，或者发布新的版本"
        )
        yield company.place("edition.note").problem(message, "release-refused")


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
    made.problems += errors(check.check_company(project, made.company, side.today))
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


def _draft(side: Side, last: Edition | None) -> Draft:
    texts = {f"{name}.md": text for name, text in side.texts.items()}
    company = side.company
    record: dict[str, Any] = {
        "number": company.text("edition.number"),
        "effective": company.data("edition.effective").isoformat(),
        "note": company.text("edition.note"),
        "name": company.text("company.name"),
        "approvals": _plain(company, "edition.approvals"),
        "withdrawn": _withdrawn(company, last),
        "previous": {"number": last.number, "sha256": last.sha256} if last else {},
        "texts": {
            name: {"title": side.pages[name].title, "sha256": digest(texts[f"{name}.md"])}
            for name in side.pages
        },
        "values": {
            name: {"label": value.blank.label, "value": _raw(value.data)}
            for name, value in sorted(side.values.items())
            if not name.startswith(ABOUT_THE_EDITION)
        },
        "changes": [_filled(asdict(change)) for change in changes(side, last)] if last else [],
    }
    kept = {key: value for key, value in record.items() if value or key in {"texts", "values", "changes"}}
    return Draft(company.id, record["number"], {FILE: HEAD + _yaml(kept), **texts})


def _plain(company: Company, blank: str) -> Any:  # noqa: ANN401  a value's form follows from its blank
    data = company.data(blank)
    return _raw(data) if data else None


def _withdrawn(company: Company, last: Edition | None) -> list[dict[str, str]]:
    """Return what is told of the variants that this edition withdraws; earlier ones are told already."""
    rows: list[dict[str, str]] = _plain(company, "edition.withdrawn") or []
    return [row for row in rows if last and row["variant"] in last.texts]


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
    now = {
        name: _raw(value.data)
        for name, value in side.values.items()
        if not name.startswith(ABOUT_THE_EDITION)
    }
    blanks = side.project.catalogue.blanks
    before = {
        name: record.value(blanks[name]) if name in blanks else None for name, record in last.values.items()
    }
    return now == {name: _raw(value.data) if value else None for name, value in before.items()}


@contextlib.contextmanager
def alone(root: Path) -> Iterator[None]:
    """Hold the editions of the project at *root* for one release, and sweep away what a killed one left.

    Raises BlockingIOError where another release holds them.
    """
    folder = root / FOLDER
    made = not folder.exists()
    folder.mkdir(exist_ok=True)
    lock = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        for left in folder.glob(f"*/{BESIDE}*"):
            shutil.rmtree(left, ignore_errors=True)
        yield
    finally:
        os.close(lock)
        if made and not any(folder.iterdir()):
            folder.rmdir()


def write(root: Path, plans: Iterable[Plan], tell: Callable[[Path], object] = Path) -> list[Path]:
    """Write the editions below `editions/` and return their folders; each appears whole or not at all.

    *tell* is called with each folder as soon as it is there, also where a later one fails with OSError.
    All are written beside their places first, so a full disk is met before any appears. The list of sums
    is renewed last; what an interrupted release left is taken up by the next.
    """
    made = []
    staged = [(plan, _beside(root, plan.draft)) for plan in plans if plan.draft]
    try:
        for plan, folder in staged:
            if plan.source:
                _replace(root / plan.company.path, plan.source)
            number = plan.draft.number if plan.draft else ""
            made.append(folder.rename(folder.parent / number))
            tell(made[-1])
    finally:
        for _, folder in staged:
            shutil.rmtree(folder, ignore_errors=True)
        _list(root)
    return made


def _replace(path: Path, text: str) -> None:
    beside = path.with_suffix(".new")
    beside.write_bytes(text.encode())
    beside.replace(path)


def _beside(root: Path, draft: Draft) -> Path:
    folder = root / FOLDER / draft.company
    folder.mkdir(parents=True, exist_ok=True)
    beside = Path(tempfile.mkdtemp(prefix=BESIDE, dir=folder))
    try:
        for name, text in draft.files.items():
            (beside / name).write_bytes(text.encode())
        beside.chmod(0o755)
    except OSError:
        shutil.rmtree(beside, ignore_errors=True)
        raise
    return beside


def _list(root: Path) -> None:
    """Renew the list of sums: what stands there stays as it is, the files of whole editions are added."""
    lines = verify.renewed(root)
    if not lines:
        return
    text = "".join(f"{lines[path]}  {path}\n" for path in sorted(lines))
    beside = root / FOLDER / f".{SUMS}"
    beside.write_bytes(text.encode())
    beside.replace(root / FOLDER / SUMS)


def seal(root: Path, folder: Path, name: str, content: bytes, address: str) -> Path:
    """Record the sealed copy of an edition: its file name, address and SHA-256, once and for all.

    Raises FileExistsError where one is recorded already.
    """
    path, beside = folder / edition.SEALED, folder.parent / f"{BESIDE}{folder.name}.yml"
    record = {"file": name, "address": address, "sha256": hashlib.sha256(content).hexdigest()}
    quoted = ((key, json.dumps(value, ensure_ascii=False)) for key, value in record.items() if value)
    beside.write_bytes("".join(f"{key}: {value}\n" for key, value in quoted).encode())
    try:
        os.link(beside, path)
    finally:
        beside.unlink()
    _list(root)
    return path
