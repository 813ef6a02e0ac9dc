"""Two states of a project compared: for each company what changed, judged for the customer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pledge import project as project_module
from pledge.change import VERDICTS, CompanyChange, Finding, TextChange, change_rules
from pledge.company import ID, Company, paths
from pledge.compare import floors, meaning, values, wording
from pledge.compare.side import Side
from pledge.problem import errors
from pledge.read import Place
from pledge.transcript import SIGNATURE
from pledge.verdict import CHANGED

if TYPE_CHECKING:
    import datetime
    from collections.abc import Iterator
    from pathlib import Path

    from pledge.problem import Problem
    from pledge.project import Project
    from pledge.transcript import Block

SHARED = ("catalogue", "docs")
FOLDERS = (*SHARED, "variables", "mkdocs.yml")
_GRAVITY = list(VERDICTS)


class UnreadableError(Exception):
    """A side cannot be compared because of *problems*; `old` says whether it is the earlier one."""

    def __init__(self, problems: list[Problem], *, old: bool) -> None:
        super().__init__()
        self.problems = problems
        self.old = old


def compare(old_root: Path, new_root: Path, today: datetime.date) -> list[CompanyChange]:
    """Return what changed for each company from the project at *old_root* to the one at *new_root*.

    Companies without a change are left out. Raises UnreadableError where a catalogue or page of either
    side, or a company's file of the new side, cannot be read; a company's old file may be broken.
    """
    old, new = _project(old_root, old=True), _project(new_root, old=False)
    shared_same = all(_content(old_root / name) == _content(new_root / name) for name in SHARED)
    known = {path.stem: path for path in paths(new_root).values() if ID.fullmatch(path.stem)}
    earlier = {path.stem: path for path in paths(old_root).values() if ID.fullmatch(path.stem)}
    names = sorted(known.keys() | earlier.keys())
    if shared_same:
        touched = _touched(earlier, known)
        names = [name for name in names if name in touched or _built_on(known[name], touched)]
    pairs = list(_paired(names, earlier, known, old, new))
    sides = [(_side(old, before, today), _side(new, after, today)) for before, after in pairs]
    wrong = [problem for _, side in sides if side for problem in errors(side.company.problems)]
    if wrong:
        raise UnreadableError(wrong, old=False)
    shown = ((before, after, after or before) for before, after in sides)
    changes = (_company(before, after, side.company) for before, after, side in shown if side)
    return [change for change in changes if change.findings or change.texts]


def _project(root: Path, *, old: bool) -> Project:
    project = project_module.load(root)
    if old and not (root / "catalogue").is_dir():
        if paths(root):
            message = "有变量文件，却没有 catalogue/，读不出它们承诺了什么；换一个有目录的版本"
            raise UnreadableError([Place("catalogue").problem(message, "unreadable")], old=True)
        return project_module.Project(root, type(project.catalogue)(), {}, [])
    pages = [*project.pages.values(), *project.site_pages]
    wrong = errors([*project.catalogue.problems, *(found for page in pages for found in page.problems)])
    if wrong:
        raise UnreadableError(wrong, old=old)
    return project


def _content(folder: Path) -> dict[str, bytes]:
    files = (path for path in sorted(folder.rglob("*")) if path.suffix in {".md", ".yml"} and path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}


def _touched(old: dict[str, Path], new: dict[str, Path]) -> set[str]:
    return {
        name
        for name in old.keys() | new.keys()
        if name not in old or name not in new or old[name].read_bytes() != new[name].read_bytes()
    }


def _built_on(path: Path, touched: set[str]) -> bool:
    """Whether the company of *path* may take the values of one of *touched*; to be sure it is read."""
    text = path.read_bytes()
    return b"\\" in text or (b"base" in text and any(name.encode() in text for name in touched))


def _paired(
    names: list[str], old: dict[str, Path], new: dict[str, Path], before: Project, after: Project
) -> Iterator[tuple[str, str]]:
    """Yield the id before and after of each company: the former one where its file was renamed."""
    gone = {name: before.company(name) for name in names if name not in new}
    fresh = [name for name in names if name not in old] if gone else []
    renamed = {name: _formerly(after.company(name), gone) for name in fresh}
    for name in names:
        if name not in renamed.values():
            yield renamed.get(name) or name, name


def _formerly(company: Company, gone: dict[str, Company]) -> str:
    code = company.text("company.credit_code")
    same = [name for name, other in gone.items() if code and other.text("company.credit_code") == code]
    return next((name for name in (*reversed(company.formerly), *same) if name in gone), "")


def _company(old: Side | None, new: Side | None, shown: Company) -> CompanyChange:
    change = CompanyChange(shown.id, shown.text("company.name") or shown.id)
    if old and new and old.company.readable:
        change.findings = _ordered(_findings(old, new))
    elif old and not old.company.readable:
        change.findings = [_whole(shown, "unreadable-before", "（读不出）", "公布" if new else "")]
        return change
    elif shown.publish:
        change.findings = [
            _whole(shown, "company-published", "", "公布")
            if new
            else _whole(shown, "company-withdrawn", "公布", "")
        ]
    change.texts = list(_texts(old, new))
    return change


def _side(project: Project, name: str, today: datetime.date) -> Side | None:
    """Return the company as one side, or None where it does not exist, is a draft, or has no catalogue."""
    if not (project.root / "variables" / f"{name}.yml").is_file() or not project.catalogue.blanks:
        return None
    company = project.company(name)
    return None if company.draft else Side(project, company, today)


def _findings(old: Side, new: Side) -> Iterator[Finding]:
    if old.company.id != new.company.id:
        yield _whole(new.company, "company-renamed", old.company.id, new.company.id)
    yield from _variants(old, new)
    yield from _effective(old, new)
    yield from values.findings(old, new)
    yield from meaning.findings(old, new)
    yield from floors.findings(old, new)
    yield from wording.findings(old, new)


def _ordered(findings: Iterator[Finding]) -> list[Finding]:
    return sorted(findings, key=lambda finding: _GRAVITY.index(finding.verdict))


def _whole(company: Company, rule: str, before: str, after: str) -> Finding:
    name = company.text("company.name") or company.id
    verdict = change_rules()[rule].verdict
    place = Place(company.path)
    return Finding(
        company.id, f"companies/{company.id}", name, before, after, verdict, rule, old=place, new=place
    )


def _variants(old: Side, new: Side) -> Iterator[Finding]:
    for name in (*old.pages, *(name for name in new.pages if name not in old.pages)):
        if name in old.pages and name in new.pages:
            continue
        rule = "variant-withdrawn" if name in old.pages else "variant-published"
        side = old if name in old.pages else new
        yield Finding(
            company=new.company.id,
            subject=f"guarantees/{name}",
            label=f"《{side.pages[name].title}》",
            before="公布" if side is old else "",
            after="" if side is old else "公布",
            verdict=change_rules()[rule].verdict,
            rule=rule,
            old=old.company.place("publish"),
            new=new.company.place("publish"),
        )


def _effective(old: Side, new: Side) -> Iterator[Finding]:
    before, after = (side.company.values.get("edition.effective") for side in (old, new))
    if before is None or after is None or before.data == after.data:
        return
    yield Finding(
        company=new.company.id,
        subject="edition.effective",
        blank="edition.effective",
        label=after.blank.label,
        before=before.text,
        after=after.text,
        verdict=CHANGED,
        rule="effective-earlier" if after.data < before.data else "effective-later",
        old=before.place,
        new=after.place,
    )


def _texts(old: Side | None, new: Side | None) -> Iterator[TextChange]:
    """Yield the variants whose text differs, in the order of the new side."""
    before = old.articles if old else {}
    after = new.articles if new else {}
    for name in dict.fromkeys([*after, *before]):
        was, now = before.get(name, []), after.get(name, [])
        if _promised(was) != _promised(now):
            side = new if name in after else old
            title = side.project.pages[name].title if side else name
            yield TextChange(name, title, was, now)


def _promised(blocks: list[Block]) -> list[Block]:
    """Return *blocks* without the signature, whose number and dates change with every edition."""
    return [block for block in blocks if block.wording != SIGNATURE]
