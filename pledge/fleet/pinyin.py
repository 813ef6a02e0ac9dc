"""The names of companies in pinyin, by which a list is ordered and searched."""

from __future__ import annotations


def read(name: str) -> list[str]:
    """Return the syllables of *name* without tones; what is not Chinese stays as it is."""
    import pypinyin  # noqa: PLC0415  its dictionary takes a fifth of a second to load

    return pypinyin.lazy_pinyin(name, style=pypinyin.Style.NORMAL)
