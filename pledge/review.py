"""The comment on a pull request: what changes for customers, the law, the gate, and what to do next."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from pledge import check, edition, gate, law, policy, report
from pledge.article import Writer
from pledge.change import VERDICTS
from pledge.gate import Case
from pledge.problem import arrange, errors
from pledge.redline import SAME, Piece, marked
from pledge.render import Filling
from pledge.verdict import UNCLEAR, WEAKER

if TYPE_CHECKING:
    import datetime
    from collections.abc import Iterator

    from pledge.change import CompanyChange
    from pledge.company import Company
    from pledge.law import Comparison
    from pledge.problem import Problem
    from pledge.project import Project

# GitHub refuses comments above 65,536 characters.
LIMIT = 65_000
MARK = "<!-- pledge-review -->"
_BELOW_LAW = "below-law"
# What is compared item by item, or never reaches a customer; any other file a person has to read.
_COMPARED = ("variables/", "docs/guarantees/", "docs/shared/", "catalogue/blanks/", "editions/")
_INTERNAL = ("tests/", "bench/", "decisions/", "catalogue/company.schema.json")
_LISTED = 20
EDITION_DEPTH = 3


@dataclass(slots=True)
class Review:
    """What a reviewer is told: the changes, what forbids them, what the checks say, the legal margins."""

    changes: list[CompanyChange]
    gate: list[Problem] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    margins: list[Comparison] = field(default_factory=list)
    unreleased: list[tuple[str, str]] = field(default_factory=list)
    aside: list[str] = field(default_factory=list)
    kept_notes: list[str] = field(default_factory=list)


def review(
    old: Project, new: Project, changes: list[CompanyChange], today: datetime.date, released: list[Problem]
) -> Review:
    """Return the review of *changes*; *released* is what is wrong with editions old and new."""
    made = Review(changes, gate=list(released))
    rules = policy.stricter(policy.load(old.root), policy.load(new.root))
    made.problems = [*check.check_project(new), *rules.problems]
    for change in changes:
        company = _company(new, change.company)
        if company is None:
            made.gate += gate.deleted(change)
            continue
        editions = edition.load(new.root, company.names)
        case = Case(change, _company(old, _former(change)), company, editions, rules, today)
        made.gate += gate.problems(case)
        made.problems += check.check_company(new, company, today)
        made.margins += _margins(new, company, change, today)
        number = company.text("edition.number")
        told = case.promises or (case.old and number != case.old.text("edition.number"))
        note = company.text("edition.note")
        if case.promises and case.old and note and note == case.old.text("edition.note"):
            made.kept_notes.append(note)
        if told and not company.draft and number not in {known.number for known in editions}:
            made.unreleased.append((company.id, number))
    made.gate, made.problems = arrange(made.gate), arrange(errors(made.problems))
    return made


def added(project: Project, paths: list[str], today: datetime.date) -> Iterator[Problem]:
    """Yield what is wrong with the editions whose files are *paths*: they are to be the text as it stands.

    An edition that is more than one step ahead, or another text than the reviewed one, would be public
    without a review.
    """
    for name in sorted({path.split("/")[1] for path in paths if path.count("/") == EDITION_DEPTH}):
        company = _company(project, name)
        if company is None or company.draft:
            continue
        numbers = {path.split("/")[2] for path in paths if path.startswith(f"{edition.FOLDER}/{name}/")}
        last = edition.load(project.root, company.names)[-1]
        place = company.place("edition.number")
        if len(numbers) > 1:
            message = f"一次发布了{len(numbers)}个版本（{'、'.join(sorted(numbers))}）；一次评审只发布一个"
            yield place.problem(message, "release-unreviewed")
        elif not last.holds(Writer(Filling(project, company, today, dated=False)).texts):
            message = f"最新的版本{last.number}与现在的文本不同；删去它，改好变量文件再发布"
            yield place.problem(message, "release-unreviewed")


def _company(project: Project, name: str) -> Company | None:
    exists = (project.root / "variables" / f"{name}.yml").is_file()
    return project.company(name) if exists else None


def _former(change: CompanyChange) -> str:
    renamed = (finding.before for finding in change.findings if finding.rule == "company-renamed")
    return next(renamed, change.company)


def _margins(
    project: Project, company: Company, change: CompanyChange, today: datetime.date
) -> Iterator[Comparison]:
    changed = {finding.blank for finding in change.findings}
    found = law.comparisons(project, company, today)
    yield from (each for each in found if each.floor.blank in changed and each.holds)


def comment(made: Review, page: str = "") -> str:
    """Return the comment as Markdown, at most LIMIT characters; *page* names the full HTML page.

    What does not fit is left out from the end of the clauses and of the table, and the comment says so.
    """
    head = f"**{summary(made)}**"
    rest = [_law(made), _aside(made), _gate(made), _next(made)]
    clauses = _section("条文改动（客户将读到的文字）", report.clauses(made.changes))
    table = _section("承诺的改动", report.promises(made.changes)) if made.changes else ""
    whole = _joined(head, table, *rest, clauses)
    if len(whole) <= LIMIT:
        return whole
    pointer = f"**内容太长，这里没有列全。**完整的红线对照见 {page or 'pledge review --html 写出的网页'}。"
    short = _joined(head, pointer, *rest)
    room = LIMIT - len(short) - 100
    fitting = table if len(table) <= room else _cut(table, room)
    return _fitted(_joined(head, pointer, fitting, *rest))


def _fitted(text: str) -> str:
    """Return *text*, cut at the end of a line where it is too long; the mark by which it is found stays."""
    if len(text) <= LIMIT:
        return text
    kept = text[: LIMIT - len(MARK) - 3].rpartition("\n")[0]
    return f"{kept}\n\n{MARK}\n"


def _joined(*parts: str) -> str:
    return "\n\n".join([*filter(None, parts), MARK]) + "\n"


def _cut(table: str, room: int) -> str:
    lines = table.split("\n")
    kept: list[str] = []
    for line in lines:
        if sum(len(known) + 1 for known in kept) + len(line) > room:
            break
        kept.append(line)
    return "\n".join(kept)


def _section(title: str, text: str) -> str:
    return f"### {title}\n\n{text}" if text else ""


def summary(made: Review) -> str:
    """Return one sentence that a manager understands."""
    if not made.changes:
        verdict = "对客户的承诺没有改动" if not made.gate else "对客户的承诺没有改动，但有问题要处理"
        return f"{verdict}。"
    findings = [finding for change in made.changes for finding in change.findings]
    grave = sum(finding.verdict == WEAKER for finding in findings)
    unclear = sum(finding.verdict == UNCLEAR for finding in findings)
    who = _plain(made.changes[0].name) if len(made.changes) == 1 else f"{len(made.changes)}家公司"
    what = report.counted(findings) or "没有改动"
    end = "等人确认后可以发布" if grave + unclear else "可以发布"
    end = "还不能发布" if made.gate or made.problems else end
    return f"{who}：{what}；{end}。"


def _plain(text: str) -> str:
    return marked([Piece(SAME, text)])


def _law(made: Review) -> str:
    below = [problem for problem in made.problems if problem.rule == _BELOW_LAW]
    others = len(made.problems) - len(below)
    lines = [f"- ❌ {_plain(problem.text())}" for problem in below]
    lines += [f"- ✅ {_margin(found)}" for found in made.margins]
    if others:
        lines.append(f"- ❌ 检查另有{others}个错误；运行 `pledge check` 查看")
    return _section("与法定标准", "\n".join(lines) or "改动的承诺没有对应的法定标准，检查也没有错误。")


def _aside(made: Review) -> str:
    known = (*_COMPARED, *_INTERNAL)
    paths = [path for path in made.aside if not path.startswith(known) and not _is_note(path)]
    lines = [f"- {_plain(path)}" for path in paths[:_LISTED]]
    lines += [f"- 另有{len(paths) - _LISTED}个"] if len(paths) > _LISTED else []
    told = "程序没有逐项比较下列文件；它们可能改变客户看到的内容，或者检查的标准，请人另行审阅："
    return _section("其他文件", "\n".join([told, "", *lines])) if lines else ""


def _is_note(path: str) -> bool:
    return "/" not in path and path.endswith(".md")


def _margin(found: Comparison) -> str:
    item = f"（{found.row}）" if found.row else ""
    gap = f"，优于标准{found.margin}" if found.margin else "，与标准相同"
    return _plain(f"{found.value.blank.label}{item}{found.value.text}；法定标准：{found.rule}{gap}")


def _gate(made: Review) -> str:
    if not made.gate:
        return _section("闸门", "✅ 通过。")
    lines = "\n".join(f"- ❌ {_plain(problem.text())}" for problem in made.gate)
    return _section("闸门", f"{lines}\n\n每条规则的用意和改法：`pledge explain 规则名`。")


def _next(made: Review) -> str:
    steps = []
    if made.gate or made.problems:
        steps.append("按上面的提示改正，再提交；评审会重新进行。")
    verdicts = {finding.verdict for change in made.changes for finding in change.findings}
    if verdicts & {WEAKER, UNCLEAR}:
        words = "、".join(VERDICTS[each] for each in (WEAKER, UNCLEAR) if each in verdicts)
        steps.append(f"请负责的人逐项看过“{words}”的事项和条文，确认是有意作出的。")
    if _aside(made):
        steps.append("请工程师看过“其他文件”里的改动。")
    steps += [
        f"版本说明没有改，仍是“{_plain(note)}”；确认它说的是这一版，不是上一版。"
        for note in dict.fromkeys(made.kept_notes)
    ]
    for company, number in made.unreleased:
        steps.append(f"合并之前运行 `pledge release {company}`，把版本 {_plain(number)} 的文字一并提交。")
    if not steps:
        steps.append("没有要做的事，可以合并。")
    return _section("下一步", "\n".join(f"{count}. {step}" for count, step in enumerate(steps, 1)))
