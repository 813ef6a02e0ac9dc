"""Whether changed promises may be published: named, announced, explained, numbered, approved."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pledge import edition as edition_module
from pledge.change import ABOUT_THE_EDITION, VERDICTS
from pledge.check.editions import successor
from pledge.compare.values import verdicts
from pledge.read import Place
from pledge.shape import nearest
from pledge.transcript import written
from pledge.verdict import UNCLEAR, WEAKER

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pledge.change import CompanyChange, Finding
    from pledge.company import Company
    from pledge.edition import Edition
    from pledge.policy import Policy
    from pledge.problem import Problem

_RENAMED = "company-renamed"
_SHORT = 80
_NAMED = 3


@dataclass(frozen=True, slots=True)
class Case:
    """What the gate judges of one company: the change, both states of its file, its released editions."""

    change: CompanyChange
    old: Company | None
    new: Company
    editions: list[Edition]
    policy: Policy
    today: datetime.date

    @property
    def promises(self) -> list[Finding]:
        """The findings that touch what a customer reads, but for the edition's own fields."""
        return [
            finding
            for finding in self.change.findings
            if not finding.subject.startswith(ABOUT_THE_EDITION) and finding.rule != _RENAMED
        ]

    @property
    def earlier(self) -> list[Edition]:
        """The released editions before the one that the file is about, which may be released already."""
        number = self.new.text("edition.number")
        return [edition for edition in self.editions if edition.number != number]

    def place(self, name: str) -> Place:
        """Return where `edition.*` is, or should be, written."""
        return self.new.place(f"edition.{name}")


def problems(case: Case) -> Iterator[Problem]:
    """Yield every reason for which *case* may not be published as it stands."""
    yield from _unnamed(case)
    yield from _back_and_weaker(case)
    yield from _misnamed(case)
    yield from _too_soon(case)
    yield from _unexplained(case)
    yield from _same_number(case)
    yield from _unreleasable(case)
    yield from _history(case)
    yield from _unapproved(case)


def _named(case: Case) -> tuple[str, ...]:
    return tuple(case.new.data("edition.weakens") or ())


def _names(finding: Finding) -> set[str]:
    """Return the names by which `edition.weakens` may name *finding*."""
    return {finding.subject, finding.subject.removeprefix("guarantees/").removeprefix("companies/")}


def deleted(change: CompanyChange) -> Iterator[Problem]:
    """Yield a problem for a company whose file is gone although it published something."""
    for finding in change.of(WEAKER):
        message = (
            f"{finding.label}的变量文件被删去，客户以后看不到它的承诺；恢复它，"
            f"不再公布的写上“draft: true”，并在 edition 中写上“weakens: [{finding.subject}]”"
        )
        yield (finding.old or Place("variables")).problem(message, "weaker-not-named")


def _unnamed(case: Case) -> Iterator[Problem]:
    named = set(_named(case))
    seen = set()
    for finding in case.change.of(WEAKER):
        if _names(finding) & named or finding.subject in seen:
            continue
        seen.add(finding.subject)
        message = (
            f"{finding.label}{_became(finding)}对客户变差，edition.weakens 没有写明；"
            f"改回来，或者写上“weakens: [{finding.subject}]”"
        )
        own = finding.new is not None and finding.new.path == case.new.path
        place = finding.new if own and finding.new else case.place("weakens")
        yield place.problem(message, "weaker-not-named")


def _back_and_weaker(case: Case) -> Iterator[Problem]:
    """Yield what is weaker than the newest edition, where a company comes back after a time as a draft."""
    back = any(finding.rule == "company-published" for finding in case.change.findings)
    known = case.earlier[-1].values if back and case.earlier else {}
    for name, record in known.items():
        value = case.new.values.get(name)
        if value is None or name in _named(case):
            continue
        if WEAKER not in verdicts(record.value(value.blank), value):
            continue
        message = (
            f"{value.blank.label}比已发布的{case.earlier[-1].number}版对客户更差，edition.weakens 没有写明；"
            f"改回来，或者写上“weakens: [{name}]”"
        )
        yield value.place.problem(message, "weaker-not-named")


def _became(finding: Finding) -> str:
    before, after = finding.before, finding.after
    shown = f"{before} → {after}" if before and after else f"原为{before}" if before else f"新增{after}"
    return f"（{shown}）" if len(shown) <= _SHORT and "\n" not in shown else ""


def _misnamed(case: Case) -> Iterator[Problem]:
    grave = [finding for finding in case.change.findings if finding.verdict in {WEAKER, UNCLEAR}]
    known = set().union(*(_names(finding) for finding in grave))
    before = case.old.data("edition.weakens") if case.old else None
    only_wording = all("#" in finding.subject for finding in case.promises)
    if only_wording and before == case.new.data("edition.weakens"):
        return
    for name in _named(case):
        if name not in known and not _since_release(case, name):
            hint = nearest(name, known)
            message = f"edition.weakens 写了“{name}”，它并没有变差{hint}；删去它，或者改正名称"
            yield case.place("weakens").problem(message, "weakens-stale")


def _since_release(case: Case, name: str) -> bool:
    """Whether *name* is weaker than in the newest edition, where several changes lead to the next one.

    What is no value cannot be looked up there: it counts as long as the next edition named it before.
    """
    last = case.earlier[-1].values if case.earlier else {}
    if name in last:
        value = case.new.values.get(name)
        old = last[name].value(value.blank) if value else None
        return value is None or bool({WEAKER, UNCLEAR} & verdicts(old, value))
    known = case.old.data("edition.weakens") or () if case.old else ()
    return name in known and _keeps_its_number(case)


def _keeps_its_number(case: Case) -> bool:
    return case.old is not None and case.new.text("edition.number") == case.old.text("edition.number")


def _too_soon(case: Case) -> Iterator[Problem]:
    grave = _grave(case)
    if not grave:
        return
    effective = case.new.data("edition.effective")
    earliest = case.today + datetime.timedelta(days=case.policy.notice_days)
    if not isinstance(effective, datetime.date):
        message = f"{grave}，却没有写施行日期；写上“effective: {earliest.isoformat()}”或者以后的日期"
        yield case.place("effective").problem(message, "notice-too-short")
    elif effective < earliest:
        message = (
            f"{grave}，施行日期{effective.isoformat()}"
            f"早于评审之日加{case.policy.notice_days}日的通知期；改为{earliest.isoformat()}或者以后"
        )
        yield case.place("effective").problem(message, "notice-too-short")


def _grave(case: Case) -> str:
    """Return what makes a notice period necessary, or nothing."""
    verdicts_shown = f"{VERDICTS[WEAKER]}或者{VERDICTS[UNCLEAR]}"
    grave = [finding for finding in case.promises if finding.verdict in {WEAKER, UNCLEAR}]
    if grave:
        labels = "、".join(dict.fromkeys(finding.label for finding in grave[:_NAMED]))
        return f"{labels}{'等' if len(grave) > _NAMED else ''}{verdicts_shown}"
    sooner = any(finding.rule == "effective-earlier" for finding in case.change.findings)
    hidden = sooner and _weakens_what_is_in_force(case)
    return f"施行日期提前，这一版有{verdicts_shown}的事项" if hidden else ""


def _weakens_what_is_in_force(case: Case) -> bool:
    """Whether the edition to come takes something from customers, by its own words or by its values."""
    now = edition_module.in_force(case.earlier, case.today)
    known = now.values if now else {}
    pairs = ((known[name], value) for name, value in case.new.values.items() if name in known)
    found = (verdicts(record.value(value.blank), value) for record, value in pairs)
    return bool(_named(case)) or any({WEAKER, UNCLEAR} & verdict for verdict in found)


def _unexplained(case: Case) -> Iterator[Problem]:
    if case.promises and not case.new.text("edition.note"):
        message = "缺少 edition.note；用一句话告诉客户这一版改了什么，写成如“note: 延长保修期”"
        yield case.place("note").problem(message, "note-missing")
    explained = {row["variant"].text for row in case.new.data("edition.withdrawn") or () if "variant" in row}
    for finding in case.change.findings:
        name = finding.subject.removeprefix("guarantees/")
        if finding.rule == "variant-withdrawn" and name not in explained:
            message = (
                f"不再公布{finding.label}，没有写明由什么取代、还适用于谁；"
                f"在 edition 中写上“withdrawn: [{{variant: {name}, covered: 施行日期之前已经购买的客户}}]”"
            )
            yield case.place("withdrawn").problem(message, "withdrawal-unexplained")


def _same_number(case: Case) -> Iterator[Problem]:
    number = case.new.text("edition.number")
    unchanged = _keeps_its_number(case)
    known = [edition for edition in case.editions if edition.number == number]
    taken = any(not _holds(edition, case.change) for edition in known)
    if case.promises and (taken or (unchanged and not case.editions)):
        still = "仍是" if unchanged else "用的是发布过的"
        message = f"承诺或者条文有改动，版本号{still}“{number}”；改成新的版本号"
        if case.editions and all("#" in finding.subject for finding in case.promises):
            message += "；只改了共用条文的，可以用 pledge release --all --note 说明 --effective 日期自动接续"
        yield case.place("number").problem(message, "number-unchanged")


def _unreleasable(case: Case) -> Iterator[Problem]:
    """Yield what will forbid the release of a number that is new and not released yet."""
    number = case.new.text("edition.number")
    known = {edition.number for edition in case.editions}
    if case.new.draft or number in known or not case.editions or _keeps_its_number(case):
        return
    yield from successor(case.new, case.editions)


def _history(case: Case) -> Iterator[Problem]:
    """Yield a problem where a company does not say, or no longer, under which ids its editions stand."""
    before = case.old.formerly if case.old else ()
    for name in before:
        if name not in case.new.names:
            message = f"formerly 里不再写“{name}”，它的版本就接不上；写回“formerly: [{', '.join(before)}]”"
            yield case.new.place("formerly").problem(message, "history-lost")
    for finding in case.change.findings:
        if finding.rule == _RENAMED and finding.before not in case.new.formerly:
            message = (
                f"公司代号由“{finding.before}”改为“{finding.after}”，以前的版本会接不上；"
                f"在文件开头写上“formerly: [{finding.before}]”"
            )
            yield case.new.place("formerly").problem(message, "history-lost")


def _holds(edition: Edition, change: CompanyChange) -> bool:
    """Whether *edition* was released with the changed texts as they are now, by the very same change."""
    now = {text.variant: edition_module.digest(written(text.new)) for text in change.texts if text.new}
    kept = {name: edition.texts[name].sha256 for name in now if name in edition.texts}
    return bool(now) and now == kept


def _unapproved(case: Case) -> Iterator[Problem]:
    wanted = {
        office: verdict
        for verdict, offices in case.policy.approvals.items()
        for office in offices
        if any(finding.verdict == verdict for finding in case.promises)
    }
    given = _approving(case)
    for office, verdict in wanted.items():
        if office not in given:
            message = (
                f"有的承诺{VERDICTS[verdict]}，须由{office}批准；在 edition.approvals 中写上"
                f"“{{office: {office}, name: 姓名, date: 批准日期, reference: 文号}}”"
            )
            yield case.place("approvals").problem(message, "approval-missing")


def _approving(case: Case) -> set[str]:
    """Return the offices that approved; what is left from the edition before does not count for the next."""
    rows = _approvals(case.new)
    if case.old and case.old.text("edition.number") != case.new.text("edition.number"):
        rows = [row for row in rows if row not in _approvals(case.old)]
    return {row["office"] for row in rows if "office" in row}


def _approvals(company: Company) -> list[dict[str, str]]:
    rows = company.data("edition.approvals") or ()
    return [{name: cell.text for name, cell in row.items()} for row in rows]


def altered(before: dict[str, str], now: dict[str, str]) -> Iterator[Problem]:
    """Yield a problem for each file of a released edition that changed or vanished.

    *before* and *now* give an id of the contents of each file under `editions/`,
    by path. The list of sums may grow; `pledge verify` reads it.
    """
    for path, content in before.items():
        name = path.rpartition("/")[2]
        if name == edition_module.SUMS or now.get(path) == content:
            continue
        done = "被改动" if path in now else "被删去"
        message = f"已发布的文件{done}；从 git 恢复它，内容有误就发布新的版本改正"
        yield Place(path).problem(message, "released-altered")
