"""Whether the catalogue is whole: every blank explained, exampled and spoken, every floor well founded."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pledge.check.pages import RESERVED
from pledge.entries import AUDIENCES, CALENDARS, DIRECTIONS, LEVELS, NAME, Blank
from pledge.law import floor_bound
from pledge.page import worded
from pledge.quantity import SATURDAY, TIME_UNITS
from pledge.shape import nearest
from pledge.typed import typed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pledge.catalogue import Catalogue
    from pledge.entries import Floor, Holidays, Wording
    from pledge.problem import Problem
    from pledge.project import Project

# Which directions a kind can have.
_SETS = {"subset", "superset", "none"}
_ORDERED = {"higher", "lower", "none"}
POSSIBLE: dict[str, set[str]] = {
    "list": _SETS,
    "table": _SETS,
    "choice": {"ordered", "none"},
    "hours": {"higher", "none"},
    "duration": _ORDERED,
    "money": _ORDERED,
    "percent": _ORDERED,
    "count": _ORDERED,
}
_MEASURED = {"duration", "money", "percent", "count"}
# A word that Material's search keeps whole: its separators and operators are none of these.
WORD = re.compile(r"[^\W_]{1,20}")
_ALWAYS = {"none", "present", "absent"}


def problems(project: Project) -> Iterator[Problem]:
    """Yield every problem of the catalogue that reading it did not show."""
    catalogue = project.catalogue
    for topic in catalogue.topics:
        yield from _topic(catalogue, topic)
    for blank in catalogue.blanks.values():
        yield from _blank(catalogue, blank)
        for column in blank.columns.values():
            yield from _direction(column)
            yield from _clock(column)
            yield from _reading(column)
        yield from _spoken(project, blank)
    for floor in catalogue.floors:
        yield from _floor(project, floor)
    for law in catalogue.laws.values():
        if law.certainty not in {"A", "A-", "B"}:
            message = f"法律“{law.short}”的 certainty 写成 A、A- 或者 B"
            yield law.place.problem(message, "catalogue-shape")
    for entry in catalogue.wording:
        yield from _wording(entry)
    for year in catalogue.holidays.values():
        yield from _holidays(year)
    yield from _synonyms(project)


def _holidays(arrangement: Holidays) -> Iterator[Problem]:
    year, place = arrangement.year, arrangement.place
    for day in sorted(arrangement.off | arrangement.worked):
        if day.year != year and (day.year, day.month) != (year - 1, 12):
            message = f"{day}不属于{year}年的放假安排；移到那一年的文件"
            yield place.problem(message, "bad-holidays")
        if day in arrangement.off and day in arrangement.worked:
            yield place.problem(f"{day}既放假又上班；只留一处", "bad-holidays")
        if day in arrangement.worked and day.weekday() < SATURDAY:
            yield place.problem(f"{day}不是周末，本来就上班；从 worked 中删去", "bad-holidays")


def _synonyms(project: Project) -> Iterator[Problem]:
    """Yield what would keep a word of the search list from finding a clause."""
    said = "\n".join("".join(worded(line.text) for line in page.lines) for page in project.pages.values())
    for entry in project.catalogue.synonyms:
        for word in entry.means:
            if word not in said:
                say = "、".join(entry.say)
                message = f"没有条文写着“{word}”，客户搜“{say}”就找不到；改成条文里的原文，或者删去"
                yield entry.place.problem(message, "search-word")
        for word in entry.say:
            if not WORD.fullmatch(word):
                message = f"客户的说法“{word}”不是连续的汉字、字母或者数字，搜不到；去掉空格和标点"
                yield entry.place.problem(message, "search-word")


def _topic(catalogue: Catalogue, topic: str) -> Iterator[Problem]:
    first = next((blank for blank in catalogue.blanks.values() if blank.id.startswith(f"{topic}.")), None)
    if first and topic in RESERVED:
        message = f"主题“{topic}”会遮住同名的宏或者模板变量；换一个名称"
        yield first.place.problem(message, "shadowed-name")
    if first and not NAME.fullmatch(topic):
        message = f"主题“{topic}”只能用小写字母、数字和下划线"
        yield first.place.problem(message, "catalogue-shape")


def _blank(catalogue: Catalogue, blank: Blank) -> Iterator[Problem]:
    what = f"空白“{blank.id}”"
    yield from _direction(blank)
    yield from _clock(blank)
    if not NAME.fullmatch(blank.id.partition(".")[2]):
        yield blank.place.problem(f"{what}只能用小写字母、数字和下划线", "catalogue-shape")
    if blank.kind == "choice" and len(blank.options) < 2:  # noqa: PLR2004  a choice has two sides
        yield blank.place.problem(f"{what}是选项，却不足两个 options", "catalogue-shape")
    if blank.kind == "table" and blank.key not in blank.columns:
        yield blank.place.problem(f"{what}是表格，key 要写其中一列", "catalogue-shape")
    if blank.rising and getattr(blank.columns.get(blank.rising), "kind", "") != "date":
        yield blank.place.problem(f"{what}的 rising 要写其中一列日期", "catalogue-shape")
    if bool(blank.headline) != bool(blank.asked):
        message = f"{what}的 headline 和 asked 要一起写：asked 是客户会怎样问，如“多久联系您”"
        yield blank.place.problem(message, "catalogue-shape")
    yield from _reading(blank)
    for other in filter(None, (blank.not_above, blank.not_below, *blank.needed_unless)):
        if other not in catalogue.blanks:
            hint = nearest(other, catalogue.blanks)
            yield blank.place.problem(f"{what}提到的“{other}”没有定义{hint}", "catalogue-shape")
    yield from _example(blank)


def _reading(blank: Blank) -> Iterator[Problem]:
    """Yield what would keep a value of *blank* from being read: no units, a pattern that is none."""
    what = f"空白“{blank.id}”"
    if blank.kind in _MEASURED and not blank.units:
        yield blank.place.problem(f"{what}是数字加单位，却没有 units；写成如“[次]”", "catalogue-shape")
    for pattern in blank.refuse:
        try:
            re.compile(pattern)
        except re.error:
            message = f"{what}的 refuse 里，正则表达式“{pattern}”写错了；检查括号和反斜杠"
            yield blank.place.problem(message, "catalogue-shape")


def _direction(blank: Blank) -> Iterator[Problem]:
    what = f"空白“{blank.id}”"
    if blank.better not in DIRECTIONS:
        known = "、".join(DIRECTIONS)
        message = f"{what}没有写清变好的方向（better）；可选：{known}"
        yield blank.place.problem(message, "missing-direction")
    elif blank.better not in POSSIBLE.get(blank.kind, set()) | _ALWAYS:
        message = f"{what}的种类是 {blank.kind}，不能用方向 {blank.better}"
        yield blank.place.problem(message, "missing-direction")
    elif blank.better == "none" and not blank.why:
        message = f"{what}没有方向，也没有写理由；补上 why"
        yield blank.place.problem(message, "missing-direction")


def _clock(blank: Blank) -> Iterator[Problem]:
    if blank.kind != "duration":
        return
    what = f"空白“{blank.id}”"
    missing = [key for key in ("starts", "ends", "calendar") if not getattr(blank, key)]
    if missing:
        message = f"{what}是期限，缺少{'、'.join(missing)}；写明何时起、何时止、按什么计算"
        yield blank.place.problem(message, "missing-clock")
    elif blank.calendar not in CALENDARS:
        message = f"{what}的 calendar 只能是：{'、'.join(CALENDARS)}"
        yield blank.place.problem(message, "missing-clock")
    for unit in blank.units:
        if unit not in TIME_UNITS:
            message = f"{what}的单位“{unit}”不是时间；可选：{'、'.join(TIME_UNITS)}"
            yield blank.place.problem(message, "catalogue-shape")


def _example(blank: Blank) -> Iterator[Problem]:
    what = f"空白“{blank.id}”"
    if blank.example is None:
        yield blank.place.problem(f"{what}没有 example；写一个可以直接用的值", "bad-example")
        return
    found: list[Problem] = []
    typed(blank, blank.example, found)
    for problem in found:
        message = f"{what}的 example 通不过检查：{problem.message}"
        yield blank.place.problem(message, "bad-example")


def _spoken(project: Project, blank: Blank) -> Iterator[Problem]:
    spoken = any(use.blank == blank.id for page in project.pages.values() for use in page.uses)
    if not spoken and not blank.spoken_by:
        message = f"没有一页用到空白“{blank.id}”；在条文里写上，或者删去它"
        yield blank.place.problem(message, "unspoken-blank")
    if spoken and blank.spoken_by:
        message = f"条文已经用到空白“{blank.id}”；删去多余的 spoken_by"
        yield blank.place.problem(message, "unspoken-blank")


def _floor(project: Project, floor: Floor) -> Iterator[Problem]:
    catalogue, law = project.catalogue, project.catalogue.laws[floor.law]
    what = f"《{law.name}》的标准 {floor.id}"
    target = catalogue.field(floor.target)
    if target is None:
        hint = nearest(floor.target, catalogue.blanks)
        yield floor.place.problem(f"{what}说到的“{floor.target}”没有定义{hint}", "bad-floor")
        return
    if floor.article not in law.articles:
        yield floor.place.problem(f"{what}的“{floor.article}”不在本法的 articles 中", "bad-floor")
    if floor_bound(project, floor) is None:
        yield floor.place.problem(f"{what}的界限“{floor.bound}”不是{target.label}的值", "bad-floor")
    columns = catalogue.blanks[floor.blank].columns
    for name, wanted in floor.where.items():
        column = columns.get(name)
        if column is None or (column.options and wanted not in column.options):
            yield floor.place.problem(f"{what}的 where：没有一行会是“{name}: {wanted}”", "bad-floor")
    if target.better == {"at_least": "lower", "at_most": "higher"}[floor.sense]:
        message = f"{what}的 {floor.sense} 与{target.label}变好的方向（{target.better}）相反"
        yield floor.place.problem(message, "bad-floor")
    if floor.level not in LEVELS or floor.audience not in AUDIENCES:
        message = f"{what}的 level 写 error 或者 warning，audience 写 consumer 或者 any"
        yield floor.place.problem(message, "bad-floor")
    if law.certainty == "B" and floor.level == "error":
        message = f"{what}出自未经官方文本核实的法律，level 最高是 warning"
        yield floor.place.problem(message, "bad-floor")
    if floor.starts and target.starts and floor.starts != target.starts:
        message = f"{what}从“{floor.starts}”起算，空白“{target.id}”却从“{target.starts}”起算；改成一致"
        yield floor.place.problem(message, "law-start")


def _wording(entry: Wording) -> Iterator[Problem]:
    if entry.level not in LEVELS or entry.audience not in AUDIENCES:
        message = f"用语“{entry.id}”的 level 写 error 或者 warning，audience 写 consumer 或者 any"
        yield entry.place.problem(message, "catalogue-shape")
    for text in entry.bad:
        if not any(entry.found(text)):
            message = f"用语“{entry.id}”查不出它的反例“{text}”；改 pattern"
            yield entry.place.problem(message, "bad-pattern")
    for text in entry.good:
        if any(entry.found(text)):
            message = f"用语“{entry.id}”误伤了它的正例“{text}”；改 pattern 或者 unless"
            yield entry.place.problem(message, "bad-pattern")
