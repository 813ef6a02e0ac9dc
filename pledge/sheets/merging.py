"""What a workbook changes in the variable files: only what was changed in it, and only if all of it holds."""

from __future__ import annotations

import re
import shutil
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from pledge import project as project_module
from pledge.amend import amended, said
from pledge.check import check_company
from pledge.company import merged, paths
from pledge.compare import FOLDERS, UnreadableError, compare
from pledge.problem import errors
from pledge.read import Place, parse, read
from pledge.sheets.layout import fingerprint
from pledge.sheets.reading import RULE

if TYPE_CHECKING:
    import datetime
    from collections.abc import Iterator

    from pledge.amend import Said
    from pledge.change import CompanyChange
    from pledge.company import Company
    from pledge.problem import Problem
    from pledge.project import Project
    from pledge.sheets.reading import Reading
    from pledge.typed import Value


_SEPARATOR = re.compile("[、；;]")


@dataclass(frozen=True, slots=True)
class Change:
    """One changed value as people read it: empty where there was or is none."""

    blank: str
    label: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Amendment:
    """A variable file with the changes of a workbook: its text before and after."""

    company: str
    path: str
    before: str
    after: str
    changes: list[Change]


@dataclass(slots=True)
class Plan:
    """What a workbook would do: files, what that means to customers, what keeps it from being done.

    `aside` are the problems it would cause in companies that build on a changed one.
    """

    amendments: list[Amendment] = field(default_factory=list)
    changes: list[CompanyChange] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    aside: list[Problem] = field(default_factory=list)


def plan(project: Project, reading: Reading, today: datetime.date) -> Plan:
    """Return what *reading* changes in *project*; nothing is written."""
    made = Plan(problems=list(reading.problems))
    known = paths(project.root)
    for company, name in reading.companies.items():
        if company not in known:
            message = f"没有{name}这家公司；这是另一个项目的表格，或者公司改了代号，重新导出再填"
            made.problems.append(Place("", 0, 0).problem(message, RULE))
        elif not errors(reading.problems):
            _amend(project, company, reading, made)
    if made.amendments and not errors(made.problems):
        _judge(project, reading, made, today)
    return made


def _amend(project: Project, name: str, reading: Reading, made: Plan) -> None:
    document = read(project.root / "variables" / f"{name}.yml", project.root)
    company = project.company(name)
    wrong = errors(company.problems)
    if wrong:
        made.problems += wrong
        return
    wanted = _wanted(company, reading, made)
    if not wanted:
        return
    text = amended(document, project.catalogue, wanted)
    after = merged(parse(text, document.path), name, project.root, project.catalogue)
    expected = {key: value for key, value in {**_own(company), **wanted}.items() if value is not None}
    if _own(after) != expected or errors(after.problems):
        message = "程序不会改这个文件的写法，没有写入；请懂 YAML 的人在文件里改"
        made.problems.append(Place(document.path).problem(message, RULE))
        return
    changes = [_change(blank, company, after) for blank in wanted]
    made.amendments.append(Amendment(name, document.path, document.text, text, changes))


def _own(company: Company) -> dict[str, Said]:
    return {name: said(company.values[name]) for name in company.own}


def _wanted(company: Company, reading: Reading, made: Plan) -> dict[str, Said | None]:
    """Return what the workbook changed since it was exported; what the file changed too is a problem."""
    own = _own(company)
    wanted: dict[str, Said | None] = {}
    for (name, blank), exported in reading.exported.items():
        value = reading.values.get((name, blank))
        new, now = said(value) if value else None, own.get(blank)
        if name != company.id or new == now or fingerprint(new) == exported:
            continue
        if fingerprint(now) != exported:
            label = f"{company.values[blank].text}" if now is not None else "没有这一项"
            message = f"导出以后，{company.path} 里这一项也改过，现在是“{label}”；重新导出，再改这一格"
            made.problems.append(reading.places[name, blank].problem(message, RULE))
            continue
        wanted[blank] = new
        if value and value.blank.kind == "list":
            made.problems += _run_together(value, now)
    return wanted


def _run_together(value: Value, before: Said | None) -> Iterator[Problem]:
    """Yield a problem for each new item that looks like several in one line."""
    for item in value.data:
        if _SEPARATOR.search(item) and item not in (before or ()):
            message = f"{value.blank.label}：“{item}”像是好几项写在一行里；一行写一项，按 Alt+Enter 换行"
            yield value.place.problem(message, RULE)


def _change(blank: str, before: Company, after: Company) -> Change:
    sides = [company.values[blank] if blank in company.own else None for company in (before, after)]
    label = next(value.blank.label for value in sides if value)
    return Change(blank, label, *(_shown(value) for value in sides))


def _shown(value: Value | None) -> str:
    if value is None:
        return ""
    return f"{len(value.data)}行" if value.blank.kind == "table" else value.text


def _judge(project: Project, reading: Reading, made: Plan, today: datetime.date) -> None:
    """Add what the changes mean to customers, and the errors they would cause."""
    with tempfile.TemporaryDirectory(prefix="pledge-") as folder:
        root = _copy(project, made.amendments, Path(folder))
        after = project_module.load(root)
        for amendment in made.amendments:
            company = after.company(amendment.company)
            if not company.draft:
                found = errors(check_company(after, company, today))
                made.problems += _placed(found, company, reading)
        made.aside += _aside(project, after, {each.company for each in made.amendments}, today)
        if not errors(made.problems):
            try:
                made.changes = compare(project.root, root, today)
            except UnreadableError as error:
                made.problems += error.problems


def _copy(project: Project, amendments: list[Amendment], folder: Path) -> Path:
    """Return a copy of what the checks and the comparison read, with the changes made."""
    for name in FOLDERS:
        source = project.root / name
        if source.is_dir():
            shutil.copytree(source, folder / name)
        else:
            shutil.copy(source, folder / name)
    for amendment in amendments:
        (folder / amendment.path).write_bytes(amendment.after.encode())
    return folder


def _cells(company: Company, reading: Reading) -> dict[Place, Place]:
    """Return the cell of each place in the file of *company* that the workbook spoke of."""
    found: dict[Place, Place] = {}
    for blank in company.own:
        value, cell = company.values[blank], reading.values.get((company.id, blank))
        if cell:
            found[value.place] = cell.place
        for row, there in zip(value.data, cell.data, strict=False) if cell and _is_table(value) else ():
            found |= {row[name].place: there[name].place for name in row if name in there}
    return found


def _is_table(value: Value) -> bool:
    return value.blank.kind == "table"


def _placed(problems: list[Problem], company: Company, reading: Reading) -> Iterator[Problem]:
    """Yield *problems* at the cells that caused them, where there are some."""
    cells = _cells(company, reading)
    for each in problems:
        place = cells.get(Place(each.path, each.line, each.column))
        if each.rule == "missing-blank":  # what is not written has no place in the file
            lacking = (key for key in reading.places if each.message.startswith(f"缺少 {key[1]}（"))
            place = next((reading.places[key] for key in lacking if key[0] == company.id), None)
        yield place.problem(each.message, each.rule, each.level) if place else each


def _aside(before: Project, after: Project, changed: set[str], today: datetime.date) -> list[Problem]:
    """Return the errors that companies built on a changed one have now and had not before."""
    found: list[Problem] = []
    for name in paths(before.root).keys() - changed:
        company = after.company(name)
        if company.base in changed and not company.draft:
            had = set(errors(check_company(before, before.company(name), today)))
            found += [each for each in errors(check_company(after, company, today)) if each not in had]
    return found


def write(root: Path, amendments: list[Amendment]) -> None:
    """Write all the files or none: each beside its place first, then all are swapped in.

    Raises FileExistsError where a file has changed since it was read, and OSError where it cannot be written;
    either way every file is as it was.
    """
    swapped: list[Amendment] = []
    try:
        for each in amendments:
            path = root / each.path
            if path.read_bytes() != each.before.encode():
                raise FileExistsError(each.path)
            beside = _beside(path)
            beside.write_bytes(each.after.encode())
            shutil.copymode(path, beside)
        for each in amendments:
            _beside(root / each.path).replace(root / each.path)
            swapped.append(each)
    except OSError:
        for each in swapped:
            (root / each.path).write_bytes(each.before.encode())
        raise
    finally:
        for each in amendments:
            _beside(root / each.path).unlink(missing_ok=True)


def _beside(path: Path) -> Path:
    return path.with_name(f".{path.name}.new")
