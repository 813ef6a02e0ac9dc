"""Redlines for Chinese: what is gone and what is new in a text, in phrases and with amounts kept whole.

Chinese has no spaces between words, and a comparison by characters cuts inside numbers, so that 7日 become
17日 reads as one added 1. Here a number with its unit is one token, and so is a reference, a date or a word.
"""

from __future__ import annotations

import html as markup
import re
import unicodedata
from difflib import SequenceMatcher
from typing import TYPE_CHECKING, NamedTuple

from pledge.read import HIDDEN

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

SAME, GONE, NEW = "same", "gone", "new"


class Piece(NamedTuple):
    """A run of text that stayed, went or came: `kind` is same, gone or new."""

    kind: str
    text: str


class _Token(NamedTuple):
    text: str
    key: str


class _Run(NamedTuple):
    same: bool
    old: tuple[_Token, ...]
    new: tuple[_Token, ...]


# Blocks of characters that are another form of one character: full-width, half-width, small, vertical.
_FORMS = ((0xFF00, 0xFFF0), (0xFE10, 0xFE70), (0x2F00, 0x2FE0), (0xF900, 0xFB00), (0x2F800, 0x2FA20))
_QUOTES = {"“": '"', "”": '"', "„": '"', "‟": '"', "‘": "'", "’": "'", "‚": "'", "‛": "'"}
_CHINESE = (
    "\u2e80-\u2fdf\u3001\u3003\u3005-\u303f\u3100-\u312f\u31a0-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
)
_GAP = re.compile(rf"(?<=[{_CHINESE}])\s+|\s+(?=[{_CHINESE}])")

_DIGITS = r"\d+(?:,\d{3})*(?:\.\d+)*"
_NUMERALS = "[零〇一二三四五六七八九十百千万亿两壹贰叁肆伍陆柒捌玖拾佰仟]"
_UNIT = (
    "(?:个(?:自然日|工作日|小时|月|季度|星期|周)|工作日|自然日|小时|分钟|季度|星期|公里|平方米|千克|公斤"
    "|[十百千万亿]*元(?:整)?|年|月|周|日|天|时|分|秒|角|元|[百千万亿]+|次|人|名|户|台|件|份|项|倍|个|级|页|米|克|吨|度)"
)
_CORE = "|".join(
    (
        r"https?://[!-~]*[A-Za-z0-9/]",
        r"[A-Za-z0-9_.+-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+",
        rf"第(?:{_NUMERALS}+|\d+(?:\.\d+)*|\(\d+\))(?:条之{_NUMERALS}+|[条款项章节编目页次期])?",
        "(?:周|星期)[一二三四五六日天](?:至(?:周|星期)[一二三四五六日天])?",
        r"\(\d+\)",
        r"\d+年(?:\d+月)?(?:\d+日)?",
        r"\d+月\d+日",
        r"\d+:\d\d(?::\d\d)?(?:[-~—–]+\d+:\d\d(?::\d\d)?)?",
        r"\d+[×xX*]\d+(?:小时)?",
        r"\d+(?:[-/]\d+)+",
        rf"{_DIGITS}(?:[%‰℃]|[A-Za-z][A-Za-z0-9]*|\s*{_UNIT})?",
        rf"百分之{_NUMERALS}+",
        rf"{_NUMERALS}+{_UNIT}?(?:{_NUMERALS}+[元角分整])*整?",
        r"[A-Za-z][A-Za-z0-9]*(?:[-.][A-Za-z0-9]+)*",
        r"\s+",
        r".",
    )
)
# White space next to a Chinese character belongs to that character.
_TOKEN = re.compile(rf"(?:\s+(?=[{_CHINESE}]))?(?:{_CORE})(?:(?<=[{_CHINESE}])\s+)?", re.DOTALL)
# What a line must not break: short, a reference or with a figure in it, and no address of the web.
_AMOUNT = re.compile(r"(?=第|.*[\d壹贰叁肆伍陆柒捌玖])(?!https?://)[^@]{2,16}")
_ORDINARY = re.compile(rf"(?!{_NUMERALS})[{_CHINESE}]")
_PHRASE = 2
_LONG = 60_000

# What GitHub or GitLab would make live even in escaped text: @name, #1, !1, ~label, :emoji:, www.host.
_LIVE = re.compile(
    r"[@#!$%&~^](?=[A-Za-z0-9\"'_-])|[@#]$|:(?=//|(?:100|1234|[+-]1|[\w+-]*[A-Za-z][\w+-]*):)"
    r"|(?<=[Ww]{3})\.|\b[Gg][Hh]-(?=\d)"
)
_JOINT = "\u200b"
# Marks that Markdown or HTML could take up anywhere, and those that begin a list or a heading.
_MARKDOWN = re.compile(r"[`*_\[\]<>&|\\~#@!$^\"'{}]|^[-+=/]|(?<=^[0-9])[.)]|(?<=^[0-9]{2})[.)]")


def _forms() -> dict[int, str]:
    known = {ord(form): mark for form, mark in _QUOTES.items()}
    for code in (code for first, end in _FORMS for code in range(first, end)):
        plain = unicodedata.normalize("NFKC", chr(code))
        if len(plain) == 1:
            known[code] = plain
    return known


_PLAIN = _forms()


def pieces(old: str, new: str, *, fold: bool = True) -> list[Piece]:
    """Return how *old* became *new*: the same and new pieces are *new*, the same and gone ones *old*.

    With *fold*, forms of one mark (full-width, curly) and spaces beside Chinese are the same.
    """
    runs = _slid(_runs(_tokens(old, fold=fold), _tokens(new, fold=fold)))
    return [piece for run in _phrased(runs) for piece in _shown(run)]


def only_form(old: str, new: str) -> bool:
    """Return whether two different texts differ only by forms of the same marks and spaces beside Chinese."""
    return old != new and _keys(_tokens(old)) == _keys(_tokens(new))


def folded(text: str) -> str:
    """Return *text* with one form of each mark and without spaces beside Chinese, for comparing."""
    return "".join(_keys(_tokens(text)))


def amounts(text: str) -> list[str]:
    """Return *text* cut in turns: words, then a number with its unit, a reference or a date, then words."""
    parts = [""]
    for token in _tokens(text, fold=False):
        core = token.text.strip()
        if _AMOUNT.fullmatch(core):
            before, _, after = token.text.partition(core)
            parts[-1] += before
            parts += [core, after]
        else:
            parts[-1] += token.text
    return parts


def inline(pieces: Iterable[Piece]) -> str:
    """Return the pieces as one line of plain text: `[-gone-]{+new+}`."""
    return _joined(pieces, str, gone=("[-", "-]"), new=("{+", "+}"))


def ansi(pieces: Iterable[Piece]) -> str:
    """Return the pieces for a terminal: gone red and struck through, new green and underlined."""
    return _joined(pieces, str, gone=("\x1b[31;9m", "\x1b[0m"), new=("\x1b[32;4m", "\x1b[0m"))


def marked(pieces: Iterable[Piece]) -> str:
    """Return the pieces for a comment on GitHub or GitLab, one line in which company text is only text.

    Tags, because ** and ~~ do nothing beside Chinese marks. Both sites look for @names in the finished page,
    so entities alone do not stop them: an invisible space after the sign does.
    """
    return _joined(pieces, _comment, gone=("<del>", "</del>"), new=("<ins>", "</ins>"))


def html(pieces: Iterable[Piece]) -> str:
    """Return the pieces as HTML: `<del>gone</del><ins>new</ins>`, with the text escaped."""
    return _joined(pieces, markup.escape, gone=("<del>", "</del>"), new=("<ins>", "</ins>"))


def _joined(
    pieces: Iterable[Piece], escaped: Callable[[str], str], *, gone: tuple[str, str], new: tuple[str, str]
) -> str:
    marks = {SAME: ("", ""), GONE: gone, NEW: new}
    shown = ((marks[piece.kind], escaped(visible(piece.text))) for piece in pieces)
    return "".join(f"{before}{text}{after}" for (before, after), text in shown)


def visible(text: str) -> str:
    """Return *text* with a replacement sign for each control, zero-width or bidirectional character."""
    return HIDDEN.sub("\ufffd", text)


def _comment(text: str) -> str:
    flat = re.sub(r"\s+", " ", text)
    inert = _MARKDOWN.sub(lambda match: f"&#{ord(match[0])};", _LIVE.sub(rf"\g<0>{_JOINT}", flat))
    return inert.replace(_JOINT, "&#8203;")


def _tokens(text: str, *, fold: bool = True) -> list[_Token]:
    plain = text.translate(_PLAIN)
    spans = (match.span() for match in _TOKEN.finditer(plain))
    return [
        _Token(text[start:end], _key(plain[start:end]) if fold else text[start:end]) for start, end in spans
    ]


def _key(plain: str) -> str:
    if plain == "。":
        return "."
    return " " if plain.isspace() else _GAP.sub("", plain)


def _keys(tokens: Iterable[_Token]) -> list[str]:
    return [token.key for token in tokens]


def _runs(old: Sequence[_Token], new: Sequence[_Token]) -> Iterator[_Run]:
    first, last = _shared(old, new)
    if first:
        yield _Run(same=True, old=tuple(old[:first]), new=tuple(new[:first]))
    old_end, new_end = len(old) - last, len(new) - last
    yield from _differing(old[first:old_end], new[first:new_end])
    if last:
        yield _Run(same=True, old=tuple(old[old_end:]), new=tuple(new[new_end:]))


def _shared(old: Sequence[_Token], new: Sequence[_Token]) -> tuple[int, int]:
    most = min(len(old), len(new))
    first = 0
    while first < most and old[first].key == new[first].key:
        first += 1
    last = 0
    while last < most - first and old[-last - 1].key == new[-last - 1].key:
        last += 1
    return first, last


def _differing(old: Sequence[_Token], new: Sequence[_Token]) -> Iterator[_Run]:
    quick = len(old) * len(new) > _LONG
    matcher = SequenceMatcher(None, _keys(old), _keys(new), autojunk=quick)
    for tag, old_start, old_end, new_start, new_end in matcher.get_opcodes():
        yield _Run(tag == "equal", tuple(old[old_start:old_end]), tuple(new[new_start:new_end]))


def _slid(runs: Iterable[_Run]) -> list[_Run]:
    """Return the runs with whole phrases: what was added or taken out is moved to begin after a mark."""
    made: list[_Run] = []
    waiting = list(runs)[::-1]
    while waiting:
        run = waiting.pop()
        shift = _shift(made[-1], run) if made and not run.same else 0
        if shift:
            before = made.pop()
            after = waiting.pop() if waiting else _Run(same=True, old=(), new=())
            run, after = _moved(before, run, after, shift)
            waiting.append(after)
            before = _Run(same=True, old=before.old[:-shift], new=before.new[:-shift])
            made += [before] if before.new else []
        made.append(run)
    return made


def _shift(before: _Run, change: _Run) -> int:
    if change.old and change.new:
        return 0
    side, ahead = change.new or change.old, before.new
    for shift in range(min(len(side), len(ahead) + 1)):
        if shift and ahead[-shift].key != side[-shift].key:
            return 0
        if _is_mark(side[-shift - 1]) and (shift == len(ahead) or _is_mark(ahead[-shift - 1])):
            return shift
    return 0


def _moved(before: _Run, change: _Run, after: _Run, shift: int) -> tuple[_Run, _Run]:
    old = (before.old[-shift:] + change.old) + after.old
    new = (before.new[-shift:] + change.new) + after.new
    return (
        _Run(same=False, old=old[: len(change.old)], new=new[: len(change.new)]),
        _Run(same=True, old=old[len(change.old) :], new=new[len(change.new) :]),
    )


def _is_mark(token: _Token) -> bool:
    return not token.key.strip()[-1:].isalnum()


def _phrased(runs: Iterable[_Run]) -> list[_Run]:
    made: list[_Run] = []
    for run in runs:
        if len(made) > 1 and _is_phrase(made[-2], made[-1], run):
            between, before = made.pop(), made.pop()
            old, new = before.old + between.old + run.old, before.new + between.new + run.new
            made.append(_Run(same=False, old=old, new=new))
        else:
            made.append(run)
    return made


def _is_phrase(before: _Run, between: _Run, after: _Run) -> bool:
    """Whether a short equal run only splits a phrase; no mark, amount or word is such a run."""
    if not between.same or len(between.new) > _PHRASE:
        return False
    replaced = (before.old or after.old) and (before.new or after.new)
    return bool(replaced) and all(_is_ordinary(token.key.strip()) for token in between.new)


def _is_ordinary(key: str) -> bool:
    return bool(_ORDINARY.fullmatch(key)) and key.isalpha()


def _shown(run: _Run) -> Iterator[Piece]:
    sides = [(SAME, run.new)] if run.same else [(GONE, run.old), (NEW, run.new)]
    for kind, tokens in sides:
        if tokens:
            yield Piece(kind, "".join(token.text for token in tokens))
