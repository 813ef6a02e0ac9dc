"""What a value may be: one entry a kind, with how it is read, printed and given to machines."""

from __future__ import annotations

import datetime
import itertools
import re
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from stdnum.cn import uscc
from stdnum.exceptions import ValidationError

from pledge.quantity import TIME_UNITS, Quantity, plain

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

MAX_TEXT = 300
_FULLWIDTH = re.compile("[０-９．％]")
_NUMBER = re.compile(r"(0|[1-9]\d{0,11})(\.\d{1,6})?\s?([^\d\s.,，、~～至到-]+)", re.ASCII)
_GAP = re.compile("_{2,}|＿{2,}|待填|待定|TODO|XXX", re.IGNORECASE)
_EMAIL = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+@([A-Za-z0-9-]{1,63}\.)+[A-Za-z]{2,63}")
# RFC 3986, without the quotation mark that HTML attributes could end at.
_URL = re.compile(
    r"https?://[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?(:\d+)?([/?#][A-Za-z0-9._~:/?#\[\]@!$&()*+,;=%-]*)?"
)
_PHONE = re.compile(r"\+?[0-9][0-9 ()-]{1,18}[0-9]( ?转 ?[0-9]{1,6})?")
# 5.4 of the law reference: patterns seen in use, so a number outside them is only a warning.
_KNOWN_PHONE = re.compile(r"400\d{7}|95\d{3,4}|12315|0\d{9,11}|1\d{10}|86\d{10,12}")
_PROVINCES = "京津沪渝冀晋辽吉黑苏浙皖闽赣鲁豫鄂湘粤桂琼川贵云藏陕甘青宁新蒙"
_ICP = re.compile(rf"[{_PROVINCES}]ICP备\d{{6,10}}号(-\d{{1,3}})?", re.ASCII)
_POLICE = re.compile(rf"[{_PROVINCES}]公网安备\s?\d{{14}}号", re.ASCII)


class MisreadError(ValueError):
    """A value is not of its kind; the message says what is wrong and the way out."""

    def __init__(self, message: str, rule: str = "wrong-kind", level: str = "error") -> None:
        super().__init__(message)
        self.rule = rule
        self.level = level


def _quantity(text: str, units: Sequence[str]) -> Quantity:
    if _FULLWIDTH.search(text):
        raise MisreadError(f"“{text}”用了全角数字；改用半角 0-9", "fullwidth-digit")
    match = _NUMBER.fullmatch(text)
    shown = "、".join(units)
    if not match:
        raise MisreadError(f"“{text}”不是数字加单位；写成如“{_sample(units)}”，单位可用：{shown}")
    unit = next((unit for unit in units if match[3].removeprefix("个") == unit.removeprefix("个")), None)
    if unit is None:
        raise MisreadError(f"单位“{match[3]}”不能用在这里；可用的单位：{shown}", "wrong-unit")
    return Quantity(Decimal(match[1] + (match[2] or "")), unit)


def _sample(units: Sequence[str]) -> str:
    return str(Quantity(Decimal(2), units[0])) if units else "2"


def _duration(text: str, units: Sequence[str]) -> Quantity:
    time = _quantity(text, units)
    if not time.number:
        raise MisreadError(f"“{text}”等于没有时间；写一个大于零的期限")
    if time.unit not in {"小时", "年"} and time.number % 1:
        raise MisreadError(f"“{text}”不是整数；换一个更小的单位，写成整数")
    return time


def _percent(text: str, units: Sequence[str]) -> Quantity:
    share = _quantity(text, units)
    if not 0 < share.number <= 100:  # noqa: PLR2004  a percentage ends at 100
        raise MisreadError(f"“{text}”不在0%到100%之间；检查小数点")
    return share


def _count(text: str, units: Sequence[str]) -> Quantity:
    count = _quantity(text, units)
    if count.number % 1 or not count.number:
        raise MisreadError(f"“{text}”不是正整数；写成如“{_sample(units)}”")
    return count


def _text(text: str, _units: Sequence[str]) -> str:
    if "\n" in text:
        raise MisreadError("文字不能换行；写成一行")
    if len(text) > MAX_TEXT:
        raise MisreadError(f"文字超过{MAX_TEXT}个字；删短，细节写进正文")
    if not text.strip():
        raise MisreadError("没有内容；填写，或者删去这一行", "empty-value")
    if _GAP.search(text):
        raise MisreadError(f"“{text}”还是空白；填写实际内容", "empty-value")
    return text.strip()


def _date(text: str, _units: Sequence[str]) -> datetime.date:
    form = re.fullmatch(r"(19|20)\d\d-\d\d-\d\d", text, re.ASCII)
    try:
        return datetime.date.fromisoformat(text if form else "")
    except ValueError:
        message = f"“{text}”不是日期；写成如“2026-12-01”，并核对这一天存在"
        raise MisreadError(message, "bad-date") from None


def _email(text: str, _units: Sequence[str]) -> str:
    if not _EMAIL.fullmatch(text) or len(text) > 254:  # noqa: PLR2004  RFC 5321, 4.5.3.1.3
        raise MisreadError(f"“{text}”不是邮箱地址；写成如“service@example.com”", "bad-email")
    return text


def _url(text: str, _units: Sequence[str]) -> str:
    try:
        parts = urlsplit(text)
        fine = parts.scheme in {"http", "https"} and "." in (parts.hostname or "")
        fine = fine and parts.port != 0 and not parts.username
    except ValueError:
        fine = False
    if not fine or not _URL.fullmatch(text):
        raise MisreadError(f"“{text}”不是网址；写成如“https://www.example.com/”", "bad-url")
    return text


def _phone(text: str, _units: Sequence[str]) -> str:
    if not _PHONE.fullmatch(text):
        raise MisreadError(f"“{text}”不是电话号码；写成如“400-000-0000”或“010-00000000”", "bad-phone")
    return text


def _credit_code(text: str, _units: Sequence[str]) -> str:
    try:
        if len(text) != 18:  # noqa: PLR2004  GB 32100-2015
            raise MisreadError(f"“{text}”不是18位；核对营业执照", "bad-credit-code")
        return str(uscc.validate(text))
    except ValidationError:
        message = f"“{text}”校验不通过；核对营业执照上的统一社会信用代码"
        raise MisreadError(message, "bad-credit-code") from None


def _icp(text: str, _units: Sequence[str]) -> str:
    if not _ICP.fullmatch(text):
        message = f"“{text}”不像ICP备案号；核对后写成如“京ICP备00000000号-1”"
        raise MisreadError(message, "bad-filing", "warning")
    return text


def _police_filing(text: str, _units: Sequence[str]) -> str:
    if not _POLICE.fullmatch(text):
        message = f"“{text}”不像公安备案号；核对后写成如“京公网安备00000000000000号”"
        raise MisreadError(message, "bad-filing", "warning")
    return text


_COLOUR = re.compile(r"#[0-9A-Fa-f]{6}", re.ASCII)


def _color(text: str, _units: Sequence[str]) -> str:
    """Return a colour in the one form that is taken: six hexadecimal digits (CSS Color 4, 5.2)."""
    if not _COLOUR.fullmatch(text):
        raise MisreadError(f'“{text}”不是颜色；写成带引号的“#”和六位十六进制数，如“"#1d3557"”', "bad-color")
    return text.lower()


_DAYS = "一二三四五六日"
_TIME = r"(?:[01]?\d|2[0-4]):[0-5]\d"
_RANGE = re.compile(rf"({_TIME})-({_TIME})", re.ASCII)
_HOURS_PART = re.compile(
    rf"(每日|周([{_DAYS}])(?:至周([{_DAYS}]))?)\s?((?:{_TIME}-{_TIME})(?:、{_TIME}-{_TIME})*)",
    re.ASCII,
)
_EXCEPT_HOLIDAYS = "（法定节假日除外）"
_WEEK = 7 * 24 * 60


@dataclass(frozen=True, slots=True)
class Hours:
    """Service hours: open spans in minutes from Monday 0:00, and whether holidays are left out."""

    text: str
    spans: tuple[tuple[int, int], ...]
    but_holidays: bool = False

    def __str__(self) -> str:
        """Return the hours as they were written."""
        return self.text

    def longest_gap(self) -> int:
        """Return the longest time without service in an ordinary week, in minutes."""
        later = [*self.spans[1:], (self.spans[0][0] + _WEEK, 0)]
        gaps = [after[0] - before[1] for before, after in zip(self.spans, later, strict=True)]
        return max(0, *gaps)

    def longest_day(self) -> int:
        """Return the most minutes of service on one day."""
        spent: dict[int, int] = {}
        for start, end in self.spans:
            for day in range(start // 1440, (end - 1) // 1440 + 1):
                inside = min(end, (day + 1) * 1440) - max(start, day * 1440)
                spent[day] = spent.get(day, 0) + inside
        return max(spent.values())

    def covers(self, other: Hours) -> bool:
        """Whether there is service at every moment at which *other* has it."""
        if self.but_holidays and not other.but_holidays:
            return False
        joined = _joined(self.spans)
        return all(any(low <= start and end <= high for low, high in joined) for start, end in other.spans)

    def on_working_days(self) -> bool:
        """Whether some service falls on a day from Monday to Friday."""
        return any(start < 5 * 24 * 60 for start, _ in self.spans)


def _joined(spans: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return *spans* with those that touch made one."""
    made: list[tuple[int, int]] = []
    for start, end in spans:
        if made and made[-1][1] == start:
            made[-1] = (made[-1][0], end)
        else:
            made.append((start, end))
    return made


def _hours(text: str, _units: Sequence[str]) -> Hours:
    body = text.removesuffix(_EXCEPT_HOLIDAYS).strip()
    if body == "全天":
        spans = [(0, _WEEK)]
    else:
        spans = sorted(span for part in re.split("[；;]", body) for span in _spans(part, text))
    if any(after[0] < before[1] for before, after in itertools.pairwise(spans)):
        raise MisreadError(f"“{text}”中有重叠的时段；每一刻只写一次", "bad-hours")
    return Hours(text, tuple(spans), but_holidays=text.endswith(_EXCEPT_HOLIDAYS))


def _spans(part: str, text: str) -> list[tuple[int, int]]:
    match = _HOURS_PART.fullmatch(part.strip())
    if not match:
        message = f"“{text}”不是服务时间；写成如“周一至周日 8:00-20:00”，或者“全天”"
        raise MisreadError(message, "bad-hours")
    first = _DAYS.index(match[2]) if match[2] else 0
    last = _DAYS.index(match[3]) if match[3] else (first if match[2] else 6)
    ranges = [(_minutes(start), _minutes(end)) for start, end in _RANGE.findall(match[4])]
    if last < first or any(start >= end or end > 24 * 60 for start, end in ranges):
        raise MisreadError(f"“{text}”的起止颠倒；从早写到晚，从周一写到周日", "bad-hours")
    days = range(first, last + 1)
    return [(day * 1440 + start, day * 1440 + end) for day in days for start, end in ranges]


def _minutes(clock: str) -> int:
    hours, minutes = clock.split(":")
    return int(hours) * 60 + int(minutes)


def chinese_date(day: datetime.date) -> str:
    """Return a date as documents write it, without leading zeros: `2026年12月1日`."""
    return f"{day.year}年{day.month}月{day.day}日"


def _iso(value: object) -> str:
    return (value.iso if isinstance(value, Quantity) else None) or str(value)


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of value: its Chinese name, how a scalar is read, printed and given to machines."""

    label: str
    parse: Callable[[str, Sequence[str]], Any] = _text
    show: Callable[[Any], str] = str
    machine: Callable[[Any], str] = str
    units: tuple[str, ...] = ()


# `list` and `table` hold scalars of the other kinds: company.py takes them apart.
KINDS: dict[str, Kind] = {
    "text": Kind("文字"),
    "choice": Kind("选项"),
    "duration": Kind("期限", _duration, machine=_iso, units=TIME_UNITS),
    "money": Kind("金额", _quantity, machine=lambda amount: plain(amount.base[1]), units=("元", "万元")),
    "percent": Kind("百分比", _percent, units=("%",)),
    "count": Kind("数量", _count),
    "date": Kind("日期", _date, chinese_date),
    "phone": Kind("电话", _phone),
    "email": Kind("邮箱", _email),
    "url": Kind("网址", _url),
    "hours": Kind("服务时间", _hours),
    "credit_code": Kind("统一社会信用代码", _credit_code),
    "icp": Kind("ICP备案号", _icp),
    "police_filing": Kind("公安备案号", _police_filing),
    "color": Kind("颜色", _color),
    "list": Kind("列表"),
    "table": Kind("表格"),
}


def odd_phone(text: str) -> bool:
    """Whether a number has none of the forms in use in China, so a person should look again."""
    digits = re.sub(r"\D", "", re.split("转", text)[0])
    return not _KNOWN_PHONE.fullmatch(digits)
