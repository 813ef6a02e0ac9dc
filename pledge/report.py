"""Changes as people and machines read them: text, Markdown, JSON, annotations."""

from __future__ import annotations

import json
from dataclasses import asdict
from itertools import groupby
from typing import TYPE_CHECKING, Any

from pledge import redline
from pledge.alignment import aligned, paired_rows
from pledge.change import VERDICTS
from pledge.problem import Problem, as_github, legible
from pledge.transcript import SIGNATURE, SUMMARY, TABLE, numbered, spoken
from pledge.verdict import BETTER, CHANGED, UNCLEAR, WEAKER

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from pledge.alignment import Pair
    from pledge.change import CompanyChange, Finding, TextChange
    from pledge.read import Place
    from pledge.redline import Piece

    Shown = Callable[[Iterable[Piece]], str]

_LEVELS = {WEAKER: "error", UNCLEAR: "warning", CHANGED: "notice", BETTER: "notice"}
_CLAUSES = "clause-"
_NUMBERS_ONLY = "clause-renumbered"
NONE = "（无）"
_SHORT = 60


def counted(findings: Iterable[Finding]) -> str:
    """Return how many findings have each verdict, the gravest first: `2项变差，1项变好`."""
    verdicts = [finding.verdict for finding in findings]
    counts = ((name, verdicts.count(verdict)) for verdict, name in VERDICTS.items())
    return "，".join(f"{count}项{name}" for name, count in counts if count)


def as_text(changes: list[CompanyChange], *, colours: bool = False) -> str:
    """Return the changes for a terminal: the promises first, then the clauses as the customer reads them."""
    shown = redline.ansi if colours else redline.inline
    return "\n\n".join("\n".join(_company(change, shown)) for change in changes)


def _company(change: CompanyChange, shown: Shown) -> Iterator[str]:
    yield f"{change.company}（{legible(change.name)}）：{counted(change.findings)}"
    numbers = [finding for finding in change.findings if finding.rule == _NUMBERS_ONLY]
    for finding in change.findings:
        if finding.rule != _NUMBERS_ONLY:
            yield from _finding(finding, shown)
    if numbers:
        yield f"  有改动　另有{len(numbers)}条只改了编号，文字逐字相同"
    for text in change.texts:
        lines = [f"    │ {line}" for line in redlined(text, shown)]
        if lines:
            yield from ("", f"  《{text.title}》客户读到的文字", *lines)


def _finding(finding: Finding, shown: Shown) -> Iterator[str]:
    yield f"  {VERDICTS[finding.verdict]}　{titled(finding)}　{values(finding, shown)}"
    yield f"        {_where(finding)}（{finding.rule} {finding.fingerprint}）"
    places = said_at(finding)
    if places and not finding.rule.startswith(_CLAUSES):
        yield f"        见于{places}"


def titled(finding: Finding) -> str:
    """Return what changed: the label, with the row and column of a table."""
    return legible(f"{finding.label}（{finding.item}）" if finding.item else finding.label)


def values(finding: Finding, shown: Shown) -> str:
    """Return before and after as a redline; of a long text only what kind of change it is."""
    if finding.rule.startswith(_CLAUSES) or max(len(finding.before), len(finding.after)) > _SHORT:
        return _KINDS.get(finding.rule, "见下面的条文")
    before, after = _line(finding.before), _line(finding.after)
    gone = [redline.Piece(redline.GONE, before)] if before else []
    new = [redline.Piece(redline.NEW, after)] if after else []
    return shown([*gone, *new]) or NONE


_KINDS = {
    "clause-added": "新增",
    "clause-removed": "删去",
    "clause-reworded": "改写",
    "clause-moved": "换了位置，文字相同",
    "clause-renumbered": "只改了编号，文字相同",
    "clause-form": "只改了标点或者全角半角",
}


def _line(text: str) -> str:
    return legible(text.replace("\n", "；"))


def _where(finding: Finding) -> str:
    old, new = _placed(finding.old), _placed(finding.new)
    if old == new or not old or not new:
        return new or f"原在 {old}"
    return f"{new}，原在 {old}"


def _placed(place: Place | None) -> str:
    return f"{place.path}:{place.line}:{place.column}" if place else ""


def said_at(finding: Finding) -> str:
    """Return the guarantees and clauses that speak of it: `《三包保修型》6.2、12.2`."""
    groups = groupby(finding.spoken, key=lambda found: found.title)
    return "，".join(
        f"《{title}》{'、'.join(filter(None, (found.number for found in group)))}" for title, group in groups
    )


def redlined(text: TextChange, shown: Shown) -> Iterator[str]:
    """Yield the changed blocks of a variant as redlines, each on a line; cells are divided by ｜."""
    for pair in aligned(numbered(text.old), numbered(text.new)):
        if pair.changed and pair.block.wording not in {SUMMARY, SIGNATURE}:
            yield from _pair(pair, shown)


def _pair(pair: Pair, shown: Shown) -> Iterator[str]:
    if pair.block.kind == TABLE:
        yield from _table(pair, shown)
        return
    before = spoken(pair.old) if pair.old else ""
    after = spoken(pair.new) if pair.new else ""
    yield ("（移到此处）" if pair.moved else "") + shown(redline.pieces(before, after))


def _table(pair: Pair, shown: Shown) -> Iterator[str]:
    old = pair.old.rows if pair.old else ()
    new = pair.new.rows if pair.new else ()
    for was, now in paired_rows(old, new):
        if was != now:
            cells = _cells(was, now)
            yield f"〔{legible(pair.block.text)}〕" + "｜".join(shown(cell) for cell in cells)


def _cells(was: tuple[str, ...] | None, now: tuple[str, ...] | None) -> Iterator[list[Piece]]:
    was, now = was or (), now or ()
    for column in range(max(len(was), len(now))):
        before = was[column] if column < len(was) else ""
        yield redline.pieces(before, now[column] if column < len(now) else "")


def as_json(changes: list[CompanyChange]) -> str:
    """Return a JSON array of findings, of the form that `schemas/diff-1.json` describes."""
    found = [_object(finding) for change in changes for finding in change.findings]
    return json.dumps(found, ensure_ascii=False, indent=2)


def _object(finding: Finding) -> dict[str, Any]:
    made = {
        "blank": finding.blank or None,
        "fingerprint": finding.fingerprint,
        "old": finding.old._asdict() if finding.old else None,
        "new": finding.new._asdict() if finding.new else None,
    }
    return {**asdict(finding), **made}


def as_annotations(changes: list[CompanyChange]) -> str:
    """Return one workflow annotation a finding; what vanished is shown at the top of its file."""
    return as_github(_problem(finding) for change in changes for finding in change.findings)


def _problem(finding: Finding) -> Problem:
    place = finding.new
    path = place.path if place else finding.old.path if finding.old else "variables"
    line, column = (place.line, place.column) if place else (1, 1)
    message = f"{VERDICTS[finding.verdict]}：{titled(finding)} {values(finding, redline.inline)}"
    return Problem(path, line, column, message, finding.rule, _LEVELS[finding.verdict])


def as_markdown(changes: list[CompanyChange]) -> str:
    """Return the changes for a comment on GitHub or GitLab, a section a company."""
    return "\n\n".join(
        f"## {_text(change.name)}：{counted(change.findings)}\n\n{promises([change])}\n\n{clauses([change])}"
        for change in changes
    ).rstrip()


def promises(changes: list[CompanyChange]) -> str:
    """Return the changed promises as a Markdown table, the gravest first; what many share is one row."""
    heads = ("对客户", "事项", "改动", "公司", "位置", "规则")
    rows = [f"| {' | '.join(heads)} |", "|" + " --- |" * len(heads)]
    for group in _grouped(changes):
        finding = group[0][1]
        cells = (
            VERDICTS[finding.verdict],
            _text(titled(finding)),
            values(finding, redline.marked),
            _companies([change for change, _ in group]),
            _text(said_at(finding)),
            f"`{finding.rule}`",
        )
        rows.append(f"| {' | '.join(cells)} |")
    return "\n".join(rows)


def _grouped(changes: list[CompanyChange]) -> list[list[tuple[CompanyChange, Finding]]]:
    """Return the findings, those that say the same of several companies together, the gravest first."""
    groups: dict[tuple[str, ...], list[tuple[CompanyChange, Finding]]] = {}
    for change in changes:
        for finding in change.findings:
            if finding.rule != _NUMBERS_ONLY:
                groups.setdefault(_likeness(finding), []).append((change, finding))
    order = list(VERDICTS)
    return sorted(groups.values(), key=lambda group: order.index(group[0][1].verdict))


def _likeness(finding: Finding) -> tuple[str, ...]:
    said = () if finding.rule.startswith(_CLAUSES) else (finding.item, finding.before, finding.after)
    return (finding.rule, finding.subject, *said)


_NAMED = 3


def _companies(changes: list[CompanyChange]) -> str:
    names = "、".join(_text(change.name) for change in changes[:_NAMED])
    return names if len(changes) <= _NAMED else f"{names}等{len(changes)}家"


def clauses(changes: list[CompanyChange]) -> str:
    """Return the changed clauses as Markdown redlines, the same redline of several companies once."""
    found: dict[tuple[str, tuple[str, ...]], list[CompanyChange]] = {}
    for change in changes:
        for text in change.texts:
            lines = tuple(redlined(text, redline.marked))
            if lines:
                found.setdefault((text.title, lines), []).append(change)
    return "\n\n".join(
        f"<details><summary>《{_text(title)}》{_companies(shared)}：{len(lines)}处</summary>\n\n"
        + "\n".join(f"- {line}" for line in lines)
        + "\n\n</details>"
        for (title, lines), shared in found.items()
    )


def _text(text: str) -> str:
    return redline.marked([redline.Piece(redline.SAME, text)])
