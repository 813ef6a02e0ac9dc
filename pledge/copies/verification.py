"""Whether a copy says what a released edition says: the answer, as data and in words."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from pledge.company import paths
from pledge.copies.candidates import Library
from pledge.copies.comparison import Difference, Fill, compared
from pledge.copies.contract import Contract
from pledge.copies.copied import TEXT, CopyError, bare
from pledge.copies.expected import expected, heads
from pledge.copies.pages import running
from pledge.export.paper import DEAL, FORM, WORKING, Paper, released
from pledge.periods import Period, periods
from pledge.periods import released as editions_of
from pledge.problem import legible
from pledge.read import read_text
from pledge.redline import GONE, NEW, Piece

if TYPE_CHECKING:
    import datetime
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path

    from pledge.copies.candidates import Candidate
    from pledge.copies.copied import Copy
    from pledge.project import Project

    Shown = Callable[[Iterable[Piece]], str]

_TRIED = 4
SAME, DIFFERENT, UNKNOWN = "same", "different", "unknown"


@dataclass(slots=True)
class Verdict:
    """What a copy is: the paper it comes from, the time of its edition, and how it differs.

    `kind` is same, different, unknown (no edition has such a text), form or working. `marked` is the edition
    whose mark the file bears where its text is that of another.
    """

    kind: str
    paper: Paper | None = None
    period: Period | None = None
    differences: list[Difference] = field(default_factory=list)
    fills: list[Fill] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    marked: Paper | None = None


def verified(copy: Copy, project: Project) -> Verdict:
    """Return what *copy* is. Raises CopyError where the released text it may be is not as it was released."""
    library, contract = Library(project.root), Contract(project.catalogue)
    marked = library.marked(copy.text)
    for known in marked:  # the mark only says where to look first
        if known.holds and (verdict := _judged(copy, known, contract)).kind == SAME:
            return _dated(verdict, known, project)
    likest = library.likest(copy.text)
    tried = [
        (_judged(copy, candidate, contract), candidate) for candidate in likest[:_TRIED] if candidate.holds
    ]
    verdict, candidate = _best(tried)
    purpose = _unreleased(copy) if verdict.kind != SAME else ""
    if purpose:
        return Verdict(purpose)
    if verdict.kind != SAME:
        altered = [text for text in library.texts if not text.sound]
        _refuse_altered([*marked, *likest[:1]] if candidate else altered)
    others = (text for text in marked if candidate is None or text.path != candidate.path)
    verdict.marked = next((_paper(text) for text in others if text.holds), None)
    return _dated(verdict, candidate, project) if candidate else verdict


def _best(tried: list[tuple[Verdict, Candidate]]) -> tuple[Verdict, Candidate | None]:
    return min(tried, key=lambda pair: _distance(pair[0])) if tried else (Verdict(UNKNOWN), None)


def _paper(candidate: Candidate) -> Paper:
    return released(candidate.edition, candidate.variant)


def _refuse_altered(candidates: Iterable[Candidate]) -> None:
    altered = next((candidate for candidate in candidates if not candidate.holds), None)
    if altered:
        message = "与发布时不同，不能用来核对；运行 pledge verify，按它说的恢复，再来核对"
        raise CopyError(f"{altered.path} {message}。")


def _judged(copy: Copy, candidate: Candidate, contract: Contract) -> Verdict:
    paper = _as_told(_paper(candidate), copy.text)
    text, edges = running(copy, paper, [*heads(paper), *contract.heads])
    found = compared(expected(paper, text, plain=copy.kind == TEXT), text, contract)
    asides = [Difference(aside.place, (Piece(NEW, aside.text),)) for aside in copy.asides]
    differences = [*edges, *found.differences, *asides]
    kind = DIFFERENT if differences else SAME
    return Verdict(kind, paper, None, differences, found.fills, copy.notes)


def _as_told(paper: Paper, said: str) -> Paper:
    """Return *paper* as one filled for a contract where the copy says that it is."""
    filled = replace(paper, purpose=DEAL)
    extra = set(filled.proof) - set(paper.proof)
    return filled if all(bare(line) in said for line in extra) else paper


def _distance(verdict: Verdict) -> int:
    changed = (piece for found in verdict.differences for piece in found.pieces if piece.kind != "same")
    return sum(len(piece.text) for piece in changed)


def _unreleased(copy: Copy) -> str:
    """Return the purpose of a paper that no edition stands behind, where the copy says that it is one."""
    plain = Paper("", "", "", "", None, "", "", [])
    said = {purpose: bare(replace(plain, purpose=purpose).subtitle) for purpose in (FORM, WORKING)}
    return next((purpose for purpose, line in said.items() if line in copy.text), "")


def _dated(verdict: Verdict, candidate: Candidate, project: Project) -> Verdict:
    names = _names(candidate.name, project)
    found = periods(editions_of(project.root, names))
    verdict.period = next(
        (period for period in found if period.edition.folder == candidate.edition.folder), None
    )
    return verdict


def _names(name: str, project: Project) -> tuple[str, ...]:
    """Return all ids of the company whose editions stand in the folder *name*."""
    known = paths(project.root)
    likely = [name] if name in known else [key for key, path in known.items() if _mentions(path, name)]
    companies = (project.company(key).names for key in likely)
    return next((names for names in companies if name in names), (name,))


def _mentions(path: Path, name: str) -> bool:
    text, _ = read_text(path, "")
    return name in (text or "")


def answer(verdict: Verdict, name: str, today: datetime.date, shown: Shown) -> Iterator[str]:
    """Yield the answer for the file called *name*, line by line; *shown* makes text of a redline."""
    if verdict.paper is None:
        yield f"{name} {_NOT_RELEASED[verdict.kind]}。"
        if verdict.marked:
            yield f"文件里写着{_cited(verdict.marked)}的校验码，文字却不是那一版的。"
        return
    which = _cited(verdict.paper)
    if verdict.kind == SAME:
        yield f"{name} 与{which}{'除合同填写的内容外，' if verdict.fills else ''}文字相同。"
    else:
        yield f"{name} 与{which}有{len(verdict.differences)}处不同："
        yield from (f"  {legible(found.place)}　{shown(found.pieces)}" for found in verdict.differences)
        yield f"{shown([_GONE])}只在公布的文本里，{shown([_NEW])}只在这个文件里。"
    if verdict.marked:
        yield f"文件里写着{_cited(verdict.marked)}的校验码；文字与那一版相差更多，所以不按那一版比对。"
    if verdict.fills:
        yield "合同填写的内容，请与合同核对："
        yield from (f"  {legible(fill.label)}　{legible(fill.text)}" for fill in verdict.fills)
    yield _when(verdict, today)
    yield from verdict.notes
    yield _LIMIT


def _cited(paper: Paper) -> str:
    return legible(f"{paper.company}{paper.number}版《{paper.title}》")


_GONE, _NEW = Piece(GONE, "这样的文字"), Piece(NEW, "这样的文字")
_LIMIT = "比对的是文件里的文字；图片、扫描件和打印出来的样子没有比对，以二维码打开的网页为准。"
_NOT_RELEASED = {
    FORM: "是空白范本，供手工填写，不是哪家公司公布的承诺，没有可以比对的版本",
    WORKING: "写明是未发布稿，不是已发布的版本，不构成承诺；要核对的，取已发布版本的文本",
    UNKNOWN: "的文字与任何一个已发布的版本都不相近；检查是不是这里公布的保障书，是不是全文",
}


def _when(verdict: Verdict, today: datetime.date) -> str:
    """Return the days in force of the edition, the one that follows it, and the address of its text."""
    paper, period = verdict.paper, verdict.period
    if not paper or not period:
        return ""
    said = f"{paper.number}版自{period.words}" if not period.empty else f"{paper.number}版{period.words}"
    if period.start > today and not period.empty:
        said += "，现在还没有施行"
    elif period.next and not period.empty:
        said += f"，此后由{period.next.number}版接替"
    return f"{legible(said)}；永久地址：{legible(paper.address)}" if paper.address else f"{legible(said)}。"
