"""The gaps and tick boxes in a text: where they are, what stands around them, which unit follows."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pledge.forms.form import BOX, TICKED

if TYPE_CHECKING:
    from collections.abc import Iterator

# In the order in which they are tried: the longer ways to leave a gap hold the shorter ones.
# Possessive, so that a page full of lines and dots is read once.
_LINE = r"(?:[_＿﹍﹎‗]{2,}+|＿)(?:[ \u3000\t]{1,4}+[_＿﹍﹎‗]{2,}+)*+"
_UNIT_NEXT = "(?=[ \\u3000]*个?(?:工作日|小时|分钟|自然日|日|天|月|周|年|元|万元|次|倍|[%％]))"
_DOTS = rf"…{{3,}}+|…{{2}}{_UNIT_NEXT}|(?<![.．])[.．]{{5,}}+|·{{4,}}+|(?<=[：:])…{{2}}"
_BRACKETS = r"（[ \u3000\t]*+）|\([ \u3000\t]*+\)|【[ \u3000\t]*+】|\[[ \u3000\t]{2,}+\]|〔[ \u3000\t]*+〕"
_GAP = rf"(?>{_LINE}|{_DOTS}|{_BRACKETS})"
_FILLED = r"[_＿]{2,}[ \u3000]*(?P<given>\d{1,6}(?:\.\d{1,4})?)[ \u3000]*[_＿]{2,}"
_OPEN = rf"(?:{_GAP}|[ \u3000\t]++)"
_YEAR = rf"(?:(?:(?:19|20)\d{{0,2}})?{_GAP}|(?<![ \u3000\t])[ \u3000\t]{{2,}}+)"
_DATE = rf"{_YEAR}[ \u3000]*年{_OPEN}[ \u3000]*月{_OPEN}[ \u3000]*日(?!内)"
_CLOCK = rf"{_GAP}[ \u3000]*(?:[:：时点])(?:[ \u3000]*{_GAP}分?)?"
_DAY = rf"(?:[_＿]++|{_BRACKETS})"
_HOURS = rf"(?:周{_DAY}[至到\-—~～]周?{_DAY}[，, \u3000]*)?{_CLOCK}[ \u3000]*[至到\-—~～]+[ \u3000]*{_CLOCK}"
_PHONE = rf"{_GAP}[ \u3000]*[-－—][ \u3000]*{_GAP}"
_ANY = re.compile(
    f"(?P<date>{_DATE})|(?P<hours>{_HOURS})|(?P<phone>{_PHONE})|(?P<filled>{_FILLED})|(?P<gap>{_GAP})"
)
_CONTENTS = re.compile(r"(?<![….．·])(?:…{2,}+|[.．·]{4,}+)[ \u3000\t]*+\d{1,3}$")

_UNITS = {
    "分钟": "分钟",
    "小时": "小时",
    "自然日": "日",
    "工作日": "工作日",
    "日历天": "日",
    "日": "日",
    "天": "日",
    "周": "周",
    "星期": "周",
    "个月": "个月",
    "月": "个月",
    "周年": "年",
    "年": "年",
    "万元": "万元",
    "元": "元",
    "次": "次",
    "倍": "倍",
    "人": "人",
    "名": "人",
    "件": "件",
    "台": "台",
    "套": "套",
    "%": "%",
    "％": "%",
}
_NOT = {
    "日": "(?![期常])",
    "年": "(?!度)",
    "人": "(?![员民])",
    "月": "(?![份度])",
    "次": "(?!日)",
    "名": "(?!称)",
}
_WORDS = "|".join(f"{word}{_NOT.get(word, '')}" for word in sorted(_UNITS, key=len, reverse=True))
_UNIT = re.compile(rf"[ \u3000]*个?[ \u3000]*(?P<unit>{_WORDS})")
_CHOICE_OF_UNITS = re.compile(
    rf"[ \u3000]*（(?P<units>[□☐○◯口]?(?:{_WORDS})(?:[ \u3000/／、或]+[□☐○◯]?(?:{_WORDS}))+)）"
    rf"|[ \u3000]*(?P<slashed>个?(?:{_WORDS})(?:[/／](?:{_WORDS}))+)"
)
_FIGURE = re.compile(
    rf"(?<![\d.A-Za-z第:：/年月-])(?!\d{{4}}年)(?P<number>\d{{1,6}}(?:\.\d{{1,4}})?|[一二两三四五六七八九十]{{1,3}})"
    rf"[ \u3000]*(?P<unit>个?(?:{_WORDS}))"
)
_BOXES = "□☐○◯❏❑◻▢"
_TICKS = "☑☒✓✔■●√"
_NARROW = r"（[ \u3000]?）|\([ ]?\)"
_SPACES = " \u3000\t，,、/／"
_MEASURE = re.compile(rf"[ \u3000]*\d{{1,6}}(?:\.\d{{1,4}})?[ \u3000]*(?P<unit>个?(?:{_WORDS}))?")
_OPTION = rf"(?:{_NARROW})(?=[\u4e00-\u9fffA-Za-z])(?!{_WORDS}|[至到和或])"
_BOX = re.compile(rf"[{_BOXES}{_TICKS}](?![\d.]*[)）])|\[[ xX√]\](?!\()|{_OPTION}")


@dataclass(frozen=True, slots=True)
class Gap:
    """A gap at *start* to *end* of a text, its unit included; `given` is a figure already written in it."""

    start: int
    end: int
    shape: str = "text"
    units: tuple[str, ...] = ()
    given: str = ""


@dataclass(frozen=True, slots=True)
class Choice:
    """Tick boxes that belong together: what is to be ticked, and which options are."""

    start: int
    end: int
    options: tuple[str, ...]
    ticked: tuple[str, ...] = ()


def is_contents(text: str) -> bool:
    """Whether a line is one of a table of contents: words, dots, the number of a page."""
    return bool(_CONTENTS.search(text))


def is_option(text: str) -> bool:
    """Whether a paragraph is one tick box with its option, and nothing else."""
    match = _BOX.match(text)
    return (
        bool(match) and not _BOX.search(text, match.end() if match else 0) and "。" not in text.rstrip("。")
    )


def found(text: str) -> list[Gap | Choice]:
    """Return the gaps and groups of tick boxes of *text* in order; none overlaps another."""
    gaps = list(_gaps(text))
    choices = list(_choices(text, gaps))
    free = [
        gap
        for gap in gaps
        if not any(choice.start < gap.end and gap.start < choice.end for choice in choices)
    ]
    return sorted([*free, *choices], key=lambda item: item.start)


def _gaps(text: str) -> Iterator[Gap]:
    boxes = _bracket_boxes(text)
    for match in _ANY.finditer(text):
        if match.start() in boxes:
            continue
        for shape in ("date", "hours", "phone"):
            if match[shape]:
                yield Gap(match.start(), match.end(), shape)
                break
        else:
            end, units = _after(text, match.end())
            yield Gap(match.start(), end, "text", units, match["given"] or "")


def _bracket_boxes(text: str) -> set[int]:
    """Return where empty brackets are tick boxes: at least two, each before an option."""
    starts = [match.start() for match in _BOX.finditer(text) if match[0][0] in "（("]
    return set(starts) if len(starts) > 1 else set()


def _after(text: str, end: int) -> tuple[int, tuple[str, ...]]:
    several = _CHOICE_OF_UNITS.match(text, end)
    if several:
        words = re.findall(_WORDS, several[0])
        return several.end(), tuple(dict.fromkeys(_UNITS[word] for word in words))
    unit = _UNIT.match(text, end)
    return (unit.end(), (_UNITS[unit["unit"]],)) if unit else (end, ())


def _choices(text: str, gaps: list[Gap]) -> Iterator[Gap | Choice]:
    """Yield each run of tick boxes; a sentence ends it, and so does another label.

    Boxes before figures of one unit, as in `□24 □48小时`, are a gap for a figure.
    """
    brackets = _bracket_boxes(text)
    units = [gap for gap in gaps if gap.units]
    marks = [
        match
        for match in _BOX.finditer(text)
        if (match[0][0] not in "（(" or match.start() in brackets)
        and not any(gap.start <= match.start() < gap.end for gap in units)
    ]
    group: list[tuple[str, str, int, int]] = []
    for place, match in enumerate(marks):
        limit = marks[place + 1].start() if place + 1 < len(marks) else len(text)
        option = re.match(r"[^。；;\n]*", text[match.end() : limit])
        said = option[0] if option else ""
        closed = len(said) < limit - match.end()
        label = re.search(r"[ \u3000\t，,][^ \u3000\t，,：:]{2,12}[：:]\s*$", said)
        if label:
            said, closed = said[: label.start()], True
        group.append((match[0], said, match.start(), match.end() + len(said.rstrip(" \u3000\t，,、"))))
        if closed or place + 1 == len(marks):
            yield _amount(group) or _choice(group)
            group = []


def _amount(group: list[tuple[str, str, int, int]]) -> Gap | None:
    """Return the gap for a figure that all options of *group* are, or None where one is not."""
    found = [_MEASURE.match(said) for _, said, _, _ in group]
    if len(group) == 1 or not all(found):
        return None
    whole = [match for match in found if match]
    units = {_UNITS[match["unit"].removeprefix("个")] for match in whole if match["unit"]}
    rests = [said[match.end() :].strip(_SPACES) for (_, said, _, _), match in zip(group, whole, strict=True)]
    if len(units) != 1 or not whole[-1]["unit"] or any(rests[:-1]):
        return None
    mark, _, start, _ = group[-1]
    return Gap(group[0][2], start + len(mark) + whole[-1].end(), "text", tuple(units))


def _choice(group: list[tuple[str, str, int, int]]) -> Choice:
    named = [(mark, _option(said)) for mark, said, _, _ in group]
    ticked = tuple(option for mark, option in named if mark[0] in _TICKS or mark in {"[x]", "[X]", "[√]"})
    return Choice(group[0][2], group[-1][3], tuple(option for _, option in named), ticked)


def _option(said: str) -> str:
    return re.sub(_GAP, "", said).strip(" \u3000\t，,、：:").removesuffix("（）") or "其他"


def figures(text: str) -> Iterator[Gap]:
    """Yield the fixed figures with a unit in *text*; `given` is the number in digits."""
    for match in _FIGURE.finditer(text):
        unit = _UNITS[match["unit"].removeprefix("个") if match["unit"] != "个月" else "个月"]
        yield Gap(match.start(), match.end(), "text", (unit,), digits(match["number"]))


def digits(number: str) -> str:
    """Return a number as digits: one that is already, or a Chinese one below 100."""
    if number[0].isascii():
        return number
    values = {sign: value for value, sign in enumerate("零一二三四五六七八九")} | {"两": 2}
    if "十" not in number:
        return "".join(str(values[sign]) for sign in number)
    tens, _, ones = number.partition("十")
    return str((values.get(tens[-1:], 1) if tens else 1) * 10 + (values.get(ones[:1], 0) if ones else 0))


def shown(text: str) -> str:
    """Return *text* with every gap as a line of four underscores, as a report quotes it."""
    return re.sub(_GAP, "____", text).replace("□", BOX).replace("■", TICKED)
