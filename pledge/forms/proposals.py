"""Which blank of the catalogue a gap of an old form probably is, judged by the words around it."""

from __future__ import annotations

import math
import re
from collections import Counter
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING

from pledge.page import worded
from pledge.quantity import TIME_UNITS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from pledge.entries import Blank
    from pledge.project import Project

SURE = 0.5
"""From here on the first proposal is written into the draft; below it the gap becomes a new blank."""
MONEY = {"元", "万元"}
_NEAR = 14
_SAME = 2.0
_MOST = 0.96
_BEND = 0.66
"""Bends the scale so that SURE is where, over the forms of the tests, as many gain as lose."""
# The form of such a gap alone says what is to be written there.
_TELLING = {"hours", "phone"}
_MEASURED = {"duration", "money", "percent", "count"}
_APART = "。；;！!？?\n"


@dataclass(frozen=True, slots=True)
class Around:
    """What stands around a gap: its label or the words before, those after, its sentence, the headings."""

    before: str
    after: str
    sentence: str
    headings: str
    shape: str = "text"
    units: tuple[str, ...] = ()
    options: tuple[str, ...] = ()
    columns: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Proposal:
    """The likeliest blank with its confidence from 0 to 1, and the next; `blank` is empty where none fits."""

    blank: str
    confidence: float
    other: str = ""
    other_confidence: float = 0.0

    @property
    def sure(self) -> bool:
        """Whether the blank is likely enough to be written into the draft."""
        return bool(self.blank) and self.confidence >= SURE


@dataclass(frozen=True, slots=True)
class _Profile:
    blank: Blank
    names: tuple[str, ...]
    spoken: Counter[str] = field(default_factory=Counter)


@lru_cache(maxsize=1 << 14)
def grams(text: str) -> tuple[str, ...]:
    """Return the pairs of neighbouring characters within the words of *text*."""
    runs = re.findall(r"[\u3400-\u9fff]+|[A-Za-z0-9]+", text)
    return tuple(run[place : place + 2] for run in runs for place in range(max(1, len(run) - 1)))


class Proposer:
    """Knows the catalogue, what old forms call its blanks, and how the guarantees speak of them."""

    def __init__(self, project: Project) -> None:
        catalogue = project.catalogue
        spoken = _spoken(project)
        labels = Counter(_short(blank.label) for blank in catalogue.blanks.values())
        self._profiles = [
            _Profile(
                blank, _names(blank, catalogue.called.get(name, ()), labels), spoken.get(name, Counter())
            )
            for name, blank in catalogue.blanks.items()
            if not blank.looks and not (blank.spoken_by and blank.kind in {"table", "list"})
        ]
        self._proposed: dict[tuple[Around, frozenset[str]], Proposal] = {}
        counts = Counter(gram for profile in self._profiles for gram in set(_all(profile)))
        total = len(self._profiles)
        self._weight = {gram: math.log(1 + total / count) for gram, count in counts.items()}

    def propose(self, around: Around, taken: Iterable[str] = ()) -> Proposal:
        """Return the likeliest blank for the gap in *around*, but none of *taken*."""
        key = around, frozenset(taken)
        if key not in self._proposed:
            self._proposed[key] = self._likeliest(*key)
        return self._proposed[key]

    def _likeliest(self, around: Around, taken: frozenset[str]) -> Proposal:
        scored = sorted(
            (
                (self._score(profile, around), profile.blank.id)
                for profile in self._profiles
                if profile.blank.id not in taken
            ),
            key=lambda item: (-item[0], item[1]),
        )
        (best, name), (second, other) = (*scored[:2], (0.0, ""), (0.0, ""))[:2]
        confidence = _confidence(best, second)
        rest = round(min(confidence, second * confidence / best), 2) if best else 0.0
        return Proposal(name if confidence > 0 else "", confidence, other if rest else "", rest)

    def _score(self, profile: _Profile, around: Around) -> float:
        fit = _fit(profile.blank, around)
        if not fit or around.before.strip("：: ") == profile.blank.label:
            return _SAME * fit
        named = max((self._named(name, around) for name in profile.names), default=0.0)
        if around.columns or around.options:
            return 0.8 * fit + 0.2 * named
        if around.shape in _TELLING:
            return 0.4 + 0.6 * named
        return fit * (
            0.75 * named + 0.4 * self._alike(profile.spoken, around) + 0.3 * self._clock(profile, around)
        )

    def _named(self, name: str, around: Around) -> float:
        """Return how much of *name* stands around the gap, what is near counting more."""
        near, after = _label(around.before), around.after[:_NEAR]
        if name in near or name in after:
            ends = near.rstrip("：: ").endswith(name) or after.startswith(name)
            return min(0.95, 0.7 + 0.05 * len(name)) + 0.05 * ends
        return self._covered(name, _said(around)) if len(name) > 1 else 0.0

    def _covered(self, name: str, said: Mapping[str, float]) -> float:
        """Return how much of *name* is *said*, each pair of characters as much as its place counts."""
        wanted = grams(name)
        whole = sum(self._weight.get(gram, 1.0) for gram in wanted)
        got = sum(self._weight.get(gram, 1.0) * said.get(gram, 0.0) for gram in wanted)
        return got / whole if whole else 0.0

    def _clock(self, profile: _Profile, around: Around) -> float:
        """Return how far the words before a time say when it starts, and those after it when it ends."""
        blank = profile.blank
        if blank.kind != "duration":
            return 0.0
        before, after = (dict.fromkeys(grams(words), 1.0) for words in (around.before, around.after))
        return self._covered(blank.starts, before) + self._covered(blank.ends, after)

    def _alike(self, spoken: Counter[str], around: Around) -> float:
        """Return how much of the gap's sentence a clause that prints the blank says too."""
        sentence = set(grams(around.before[-2 * _NEAR :]) + grams(around.after[: 2 * _NEAR]))
        whole = sum(self._weight.get(gram, 3.0) for gram in sentence)
        got = sum(self._weight.get(gram, 3.0) for gram in sentence if gram in spoken)
        return got / whole if whole else 0.0


@lru_cache(maxsize=16)
def _said(around: Around) -> dict[str, float]:
    """Return the pairs of characters around a gap, each with how much its place counts."""
    places = (
        (_label(around.before), 0.9),
        (around.after[:_NEAR], 0.85),
        (around.before, 0.75),
        (around.sentence, 0.6),
        (around.headings, 0.4),
    )
    found: dict[str, float] = {}
    for text, weight in places:
        for gram in grams(text):
            found.setdefault(gram, weight)
    return found


def _all(profile: _Profile) -> list[str]:
    return [*(gram for name in profile.names for gram in grams(name)), *profile.spoken]


def _short(label: str) -> str:
    return re.sub("（.*?）", "", label)


def _names(blank: Blank, called: Iterable[str], labels: Mapping[str, int]) -> tuple[str, ...]:
    """Return what the blank is called; a label cut short only where no other blank is called so."""
    short = _short(blank.label)
    words = [blank.label, short if labels[short] == 1 else "", blank.asked, *called]
    if blank.kind == "duration":
        words.append(blank.ends.split("（")[0])
    return tuple(dict.fromkeys(word for word in words if word))


def _spoken(project: Project) -> dict[str, Counter[str]]:
    """Return the pairs of characters around each blank in the sentences of the guarantees."""
    found: dict[str, Counter[str]] = {}
    for page in project.pages.values():
        for line in page.lines:
            for match in re.finditer(r"\{\{\s*(\w+\.\w+)\s*\}\}", line.text):
                before = worded(line.text[: match.start()])[-2 * _NEAR :]
                after = worded(line.text[match.end() :])[: 2 * _NEAR]
                found.setdefault(match[1], Counter()).update(grams(before) + grams(after))
    return found


@lru_cache(maxsize=1 << 12)
def _label(before: str) -> str:
    """Return the last words before a gap: since the last stop, at most so many."""
    return re.split(f"[{_APART}，,、]", before)[-1][-_NEAR:] or before.rstrip("，,、。；; ")[-_NEAR:]


def _fit(blank: Blank, around: Around) -> float:
    """Return how well the blank's kind and units fit the form of the gap."""
    if around.columns or around.options:
        return _columns_fit(blank, around.columns) or _options_fit(blank, around.options)
    if around.shape != "text":
        return float(blank.kind == around.shape)
    if around.units:
        return _units_fit(blank, around.units)
    if blank.kind in {"table", "choice"}:
        return 0.0
    return {"date": 0.6, "list": 0.9}.get(blank.kind, 0.6 if blank.kind in _MEASURED else 1.0)


def _units_fit(blank: Blank, units: tuple[str, ...]) -> float:
    if set(units) & set(blank.units):
        return 1.0
    times = set(units) <= set(TIME_UNITS)
    if blank.kind == "duration" and times:
        return 0.85
    if blank.kind == "money" and set(units) <= MONEY:
        return 0.9
    return 0.0


def _options_fit(blank: Blank, options: tuple[str, ...]) -> float:
    if blank.kind != "choice" or not options:
        return 0.0
    known = [set(grams(name + says)) | {name} for name, says in blank.options.items()]
    alike = sum(any({option, *grams(option)} & words for words in known) for option in options)
    return alike / max(len(options), len(blank.options))


def _columns_fit(blank: Blank, columns: tuple[str, ...]) -> float:
    if blank.kind != "table" or not columns:
        return 0.0
    labels = [set(grams(column.label)) | {column.label} for column in blank.columns.values()]
    heads = [set(grams(column)) | {column} for column in columns]
    hit = sum(any(head & label for label in labels) for head in heads)
    return hit / max(len(heads), 1) if hit > 1 else 0.0


def _confidence(best: float, second: float) -> float:
    """Return the score, less where another blank scores nearly the same; 1 is for the blank's own label."""
    if best <= 0:
        return 0.0
    lead = min(1.0, (best - second) / (0.25 * best))
    share = float((best * (0.75 + 0.25 * lead)) ** _BEND)
    return round(min(1.0 if best >= _SAME else _MOST, share), 2)


def fitting(proposal: Proposal, blanks: Mapping[str, Blank]) -> Blank | None:
    """Return the blank that goes into the draft, or None where the gap becomes a new one."""
    return blanks.get(proposal.blank) if proposal.sure else None
