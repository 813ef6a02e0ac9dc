"""Whether a company's values are complete, agree with each other, with its base and with the law."""

from __future__ import annotations

import datetime
import math
import re
from typing import TYPE_CHECKING

from pledge import colour, law
from pledge.catalogue import example_text
from pledge.entries import LEVELS
from pledge.kinds import Hours
from pledge.quantity import Quantity, compare, longest_span
from pledge.shape import nearest
from pledge.verdict import UNCLEAR, WEAKER, verdict

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pledge.company import Company
    from pledge.entries import Blank
    from pledge.problem import Problem
    from pledge.project import Project
    from pledge.read import Place
    from pledge.typed import Value


def problems(project: Project, company: Company, today: datetime.date) -> Iterator[Problem]:
    """Yield every problem of *company*'s values."""
    yield from _published(project, company)
    yield from _free(project, company)
    yield from _missing(project, company)
    yield from _deal(company)
    yield from _order(company)
    yield from _service_hours(company)
    yield from _out_of_scope(company)
    yield from _low_contrast(company)
    yield from _weaker_than_base(company)
    yield from _added_to_base(company)
    yield from below_law(project, company, today)


def _published(project: Project, company: Company) -> Iterator[Problem]:
    where = company.place("publish")
    misread = any(
        (problem.line, problem.column) == (where.line, where.column)
        for problem in company.problems
        if problem.rule == "company-head"
    )
    if not company.publish and not company.draft and company.readable and not misread:
        message = "没有写要公布哪几种保障书；写成如“publish: [charter, warranty]”"
        yield where.problem(message, "nothing-published")
    for name in company.publish:
        if name not in project.pages:
            known = "、".join(project.pages)
            hint = nearest(name, project.pages)
            message = f"没有“{name}”这种保障书{hint}；可选：{known}"
            yield where.problem(message, "unknown-variant")


def _free(project: Project, company: Company) -> Iterator[Problem]:
    for name in company.free:
        if name not in project.catalogue.blanks:
            hint = nearest(name, project.catalogue.blanks)
            message = f"free 里的“{name}”不是一个空白{hint}"
            yield company.place("free").problem(message, "unknown-blank")


def _missing(project: Project, company: Company) -> Iterator[Problem]:
    if company.draft or not company.readable:
        return
    for blank, titles in lacking(project, company):
        message = (
            f"缺少 {blank.id}（{blank.label}），{'、'.join(titles)}要用到它；"
            f"写成如“{example_text(blank.example)}”"
        )
        yield company.place(blank.id).problem(message, "missing-blank")


def lacking(project: Project, company: Company) -> Iterator[tuple[Blank, list[str]]]:
    """Yield each blank that *company* has yet to fill for what it publishes, with the pages that want it."""
    wanted: dict[str, list[str]] = {}
    for page in [*project.published(company), *(project.site_pages if company.publish else [])]:
        title = page.title if page.is_variant else page.path
        for name in page.needed(company.places):
            wanted.setdefault(name, []).append(title)
    for blank in project.catalogue.blanks.values():
        spared = (company.text(other) == text for other, text in blank.needed_unless.items())
        if blank.needed_unless and company.publish and not any(spared):
            wanted.setdefault(blank.id, ["网站页脚"])
    for name, titles in sorted(wanted.items()):
        known = project.catalogue.blanks.get(name)
        if known and not known.deal and name not in company.places:
            yield known, titles


def _deal(company: Company) -> Iterator[Problem]:
    for value in company.values.values():
        if value.blank.deal:
            message = f"{value.blank.label}属于单个合同，不能写进公开的变量文件；删去这一行"
            yield value.place.problem(message, "deal-in-company")


def _order(company: Company) -> Iterator[Problem]:
    for value in company.values.values():
        for other_id, wrong, word in (
            (value.blank.not_above, 1, "大于"),
            (value.blank.not_below, -1, "小于"),
        ):
            other = company.values.get(other_id)
            if other is not None and _sign(value, other) == wrong:
                message = (
                    f"{value.blank.label}{value.text}{word}{other.blank.label}{other.text}"
                    f"（{other.blank.id}）；改其中一个"
                )
                if isinstance(value.data, datetime.date):
                    message = message.replace("大于", "晚于").replace("小于", "早于")
                yield _blamed(company, value, other).problem(message, "out-of-order")


def _blamed(company: Company, value: Value, other: Value) -> Place:
    """Return the place of *value*, or of *other* where only that one is the company's own."""
    inherited = value.blank.id not in company.own and other.blank.id in company.own
    return other.place if inherited else value.place


def _sign(value: Value, other: Value) -> int | None:
    if isinstance(value.data, Quantity) and isinstance(other.data, Quantity):
        return compare(value.data, other.data, value.calendar, other.calendar)
    if isinstance(value.data, datetime.date) and isinstance(other.data, datetime.date):
        return (value.data > other.data) - (value.data < other.data)
    return None


def _service_hours(company: Company) -> Iterator[Problem]:
    hours = company.data("contact.hours")
    if not isinstance(hours, Hours):
        return
    holiday = (longest_span(1) - 1) * 24 * 60 if hours.but_holidays else 0
    gap = max(hours.longest_gap(), holiday)
    for value in company.values.values():
        if not value.blank.staffed:
            continue
        place = _blamed(company, value, company.values["contact.hours"])
        hint = "放宽期限，或者延长服务时间（contact.hours）"
        if value.calendar == "自然时间" and value.data.base[1] < gap:
            message = (
                f"{value.blank.label}{value.text}不分昼夜计算，"
                f"短于最长的无人服务时段{_clocked(gap)}，做不到；{hint}"
            )
            yield place.problem(message, "hours-cannot-keep")
        elif value.calendar == "工作日" and not hours.on_working_days():
            message = f"{value.blank.label}按工作日计算，周一至周五却没有服务，做不到；{hint}"
            yield place.problem(message, "hours-cannot-keep")
        elif value.calendar == "服务时间" and value.data.base[1] > hours.longest_day():
            message = (
                f"{value.blank.label}{value.text}超过每天最长的服务时间"
                f"{_clocked(hours.longest_day())}，客户当天等不到联系；"
                "缩短期限，或者延长服务时间（contact.hours）"
            )
            yield place.problem(message, "hours-cannot-keep", "warning")


def _clocked(minutes: int) -> str:
    hours, rest = divmod(minutes, 60)
    return (f"{hours}小时" if hours else "") + (f"{rest}分钟" if rest or not hours else "")


def _out_of_scope(company: Company) -> Iterator[Problem]:
    for value in company.values.values():
        for row in value.data if value.blank.kind == "table" else ():
            for cell in row.values():
                for pattern, reason in cell.blank.refuse.items():
                    if _matches(pattern, cell.text):
                        message = f"{value.blank.label}：“{cell.text}”{reason}；删去这一行"
                        yield cell.place.problem(message, "out-of-scope")


def _matches(pattern: str, text: str) -> bool:
    try:
        return bool(re.search(pattern, text))
    except re.error:  # the catalogue's own checks say so
        return False


def _low_contrast(company: Company) -> Iterator[Problem]:
    """Yield a problem for a colour that text cannot have on a light page (WCAG 2.2, 1.4.3)."""
    for value in company.values.values():
        if value.blank.kind == "color" and colour.LIGHT.contrast(value.data) < colour.TEXT:
            ratio = math.floor(colour.LIGHT.contrast(value.data) * 100) / 100
            message = (
                f"{value.blank.label}{value.text}在浅色页面上的对比度是{ratio}:1，"
                f"低于文字所需的{colour.TEXT}:1，看不清；改用同一色相较深的“{colour.darker(value.data)}”"
            )
            yield value.place.problem(message, "low-contrast")


def _weaker_than_base(company: Company) -> Iterator[Problem]:
    for name, base in company.inherited.items():
        value = company.values[name]
        if value is base or name in company.base_free:
            continue
        found = verdict(value.blank, base, value)
        if found in {WEAKER, UNCLEAR}:
            word = "低于" if found == WEAKER else "不能确定不低于"
            message = (
                f"{value.blank.label}{_short(value)}{word}“{company.base}”的{_short(base)}；"
                f"改得对客户更有利，或者请对方在 free 中列出 {name}"
            )
            yield value.place.problem(message, "weaker-than-base")


def _added_to_base(company: Company) -> Iterator[Problem]:
    """Yield what a dealer adds to its base although it only takes something from the customer."""
    for name in sorted(company.own - company.inherited.keys()) if company.inherited else ():
        value = company.values[name]
        if verdict(value.blank, None, value) == WEAKER and name not in company.base_free:
            message = (
                f"“{company.base}”没有{value.blank.label}，加上它对客户更不利；"
                f"删去它，或者请对方在 free 中列出 {name}"
            )
            yield value.place.problem(message, "weaker-than-base")


def _short(value: Value) -> str:
    return "" if value.blank.kind == "table" else value.text


def below_law(project: Project, company: Company, today: datetime.date) -> Iterator[Problem]:
    """Yield a problem for each promise that can fall below a floor of the law, by the worst case."""
    for found in law.comparisons(project, company, today):
        if found.holds:
            continue
        act = project.catalogue.laws[found.floor.law]
        item = f"（{found.row}）" if found.row else ""
        low = found.floor.sense == "at_least"
        fails, sense = ("达不到", "下限") if low else ("超过", "上限")
        gap = f"，相差{found.margin}" if found.margin else ""
        message = (
            f"{found.value.blank.label}{item}{found.value.text}{fails}《{act.name}》"
            f"{found.floor.article}：{sense}{found.bound}{gap}；改为{found.rule}"
        )
        level = found.floor.level if found.floor.level in LEVELS else "error"
        yield found.value.place.problem(message, "below-law", level)
