"""Lines that a person types at the terminal, with the words that stop or go back."""

from __future__ import annotations

import contextlib
import re
import unicodedata

import click

from pledge.problem import legible

with contextlib.suppress(ImportError):  # Windows has none; with it a line of Chinese can be edited
    import readline  # noqa: F401

STOP, BACK, ALL = ("停", "先停在这里"), ("<", "＜", "《", "上一项"), ("全部", "都")
_NOTHING = "  这一项必填。要先停在这里，再按一次回车；已经答的都保存着。"
_UNREADABLE = "  读不出这一行：终端的编码不是 UTF-8；改用 UTF-8 的终端，再写一遍。"
_SEPARATOR = re.compile(r"[\s,、;]+")
_NUMBER = re.compile(r"[1-9]\d{0,5}", re.ASCII)


class StoppedError(Exception):
    """The person wants to go on another time."""


class BackError(Exception):
    """The person wants to answer the question before once more."""


def line(mark: str = "> ") -> str:
    """Return a line that was typed, without spaces around it. Raises StoppedError and BackError."""
    answer = _typed(mark)
    while answer is None:
        click.echo(_UNREADABLE)
        answer = _typed(mark)
    if answer in STOP:
        raise StoppedError
    if answer in BACK:
        raise BackError
    return answer


def _typed(mark: str) -> str | None:
    try:
        return input(mark).strip()
    except UnicodeDecodeError:
        return None
    except (EOFError, KeyboardInterrupt):
        click.echo()
        raise StoppedError from None


def filled(mark: str = "> ", *, needed: bool = True) -> str:
    """Return a line that was typed; where one is *needed*, an empty one twice in a row means to stop."""
    answer = line(mark)
    if answer or not needed:
        return answer
    click.echo(_NOTHING)
    answer = line(mark)
    if not answer:
        raise StoppedError
    return answer


def numbers(count: int) -> list[int]:
    """Return the chosen numbers from 1 to *count* in their order, or none for an empty line.

    Raises StoppedError and BackError.
    """
    while True:
        answer = line()
        words = [word for word in _SEPARATOR.split(unicodedata.normalize("NFKC", answer)) if word]
        wrong = [word for word in words if not number(word, count)]
        if answer in ALL:
            return list(range(1, count + 1))
        if not wrong:
            return sorted({int(word) for word in words})
        click.echo(legible(f"  “{wrong[0]}”不是编号；写1到{count}的编号，多个用空格隔开。"))


def number(word: str, count: int) -> int:
    """Return the number from 1 to *count* that *word* is, or 0."""
    shown = unicodedata.normalize("NFKC", word)
    return int(shown) if _NUMBER.fullmatch(shown) and int(shown) <= count else 0
