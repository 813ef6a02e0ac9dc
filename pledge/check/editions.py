"""Whether a company's next edition can be released: numbered, dated after the last one, explained."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pledge.edition import NUMBER

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pledge.company import Company
    from pledge.edition import Edition
    from pledge.problem import Problem

_RULE = "release-refused"
_NEEDED = (("number", '"2026.1"'), ("effective", "2026-12-01"), ("note", "首次发布"))


def problems(company: Company, editions: Sequence[Edition]) -> Iterator[Problem]:
    """Yield every reason for which *company* cannot be released after *editions*, its own, oldest first."""
    if company.draft:
        yield company.place("draft").problem("草稿不能发布；填好后删去“draft: true”", _RULE)
        return
    for name, example in _NEEDED:
        if f"edition.{name}" not in company.places:
            message = f"缺少 edition.{name}；发布前写上，如“{name}: {example}”"
            yield company.place("edition").problem(message, _RULE)
    yield from successor(company, editions)


def successor(company: Company, editions: Sequence[Edition]) -> Iterator[Problem]:
    """Yield every reason for which the number and the date of *company* cannot follow *editions*."""
    yield from _number(company, {made.number for made in editions})
    yield from _date(company, editions)


def _number(company: Company, released: set[str]) -> Iterator[Problem]:
    number, place = company.text("edition.number"), company.place("edition.number")
    if number and (not NUMBER.fullmatch(number) or ".." in number):
        message = f"版本号“{number}”要用作网址：以数字开头，只用数字、字母、点和连字符；写成如“2026.1”"
        yield place.problem(message, _RULE)
    elif number in released:
        message = f"版本{number}已经发布，不能再发布一次；内容有改动的，改用新的版本号"
        yield place.problem(message, _RULE)
    elif number.casefold() in {name.casefold() for name in released}:
        message = f"版本号“{number}”与已发布的只差大小写，有的电脑分不开；换一个版本号"
        yield place.problem(message, _RULE)


def _date(company: Company, editions: Sequence[Edition]) -> Iterator[Problem]:
    effective = company.data("edition.effective")
    if editions and effective and effective <= editions[-1].effective:
        last = editions[-1]
        message = f"施行日期{effective}不晚于上一版{last.number}的{last.effective}；改为更晚的日期"
        yield company.place("edition.effective").problem(message, _RULE)
