"""Names in ASCII for Chinese words: ids of clauses, names of blanks and of the draft itself."""

from __future__ import annotations

import re

from pypinyin import Style, lazy_pinyin

_SYLLABLES = 4


def syllables(text: str, most: int = _SYLLABLES) -> list[str]:
    """Return the first words of *text* in pinyin, what is Latin as it is; nothing for signs alone."""
    words = (
        word
        for read in lazy_pinyin(text, style=Style.NORMAL)
        for word in re.findall("[a-z0-9]+", read.lower())
    )
    return [word[:20] for word in words][:most]


def initials(text: str, most: int = _SYLLABLES) -> str:
    """Return the first letters of the first words of *text* in pinyin."""
    return "".join(word[0] for word in syllables(text, most))


class Names:
    """Gives each thing a name of its own, the same for the same words in the same order."""

    def __init__(self, joint: str, taken: set[str] | None = None) -> None:
        self._joint = joint
        self._taken = set(taken or ())

    def name(self, *parts: str, fallback: str) -> str:
        """Return a name of these parts that begins with a letter and was not given before."""
        made = self._joint.join(part for part in parts if part) or fallback
        if not made[0].isalpha():
            made = f"{fallback}{self._joint}{made}"
        name, count = made, 1
        while name in self._taken:
            count += 1
            name = f"{made}{self._joint}{count}"
        self._taken.add(name)
        return name
