"""The gaps of a form matched with the catalogue: each is a slot with its proposal, in the form's order."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from pledge.forms.form import MAX_GAPS, FormError
from pledge.forms.gaps import Choice, Gap, figures, found, shown
from pledge.forms.naming import Names, syllables
from pledge.forms.proposals import MONEY, Around, Proposal, fitting

if TYPE_CHECKING:
    from pledge.entries import Blank
    from pledge.forms.form import Table
    from pledge.forms.proposals import Proposer

_LABEL = 10
_QUOTE = 16
_FAR = 80
_STOPS = "。；;！!？?，,、\n"
_NAMED_AFTER = re.compile(r"[〔](?P<name>[^〔〕]{1,40})[〕]")
_NOTE_AFTER = re.compile(r"（(?P<name>[\u4e00-\u9fff]{2,12})）")
_CAPITALS = re.compile(r"大写[）)]?[：:]?[ \u3000]*(?:人民币)?[（(]?$")


@dataclass(frozen=True, slots=True)
class Slot:
    """A gap, a choice or a table of the form with what is proposed for it.

    `blank` is what stands in the draft: one of the catalogue where `known`, else a new one.
    """

    number: int
    place: str
    quote: str
    label: str
    item: Gap | Choice | None
    around: Around
    proposal: Proposal
    blank: str
    known: bool
    capitals: bool = False
    signature: bool = False


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure that stands in the text, with the blank it may be the value of."""

    place: str
    quote: str
    value: str
    unit: str
    proposal: Proposal


class _Chosen(NamedTuple):
    item: Gap | Choice
    around: Around
    proposal: Proposal


@dataclass(slots=True)
class Matcher:
    """Matches text after text.

    `topic` is the topic of the blanks that the catalogue does not have; `signing` says that what comes now
    is the signature block.
    """

    proposer: Proposer
    blanks: dict[str, Blank]
    topic: str
    signing: bool = False
    slots: list[Slot] = field(default_factory=list)
    figures: list[Figure] = field(default_factory=list)
    lone: list[tuple[str, str]] = field(default_factory=list)
    _names: Names = field(default_factory=lambda: Names("_"))
    _new: dict[tuple[str, str, tuple[str, ...]], str] = field(default_factory=dict)

    def pieces(self, text: str, place: str, headings: str, lead: str = "") -> list[str | Slot]:
        """Return *text* as words and slots; *lead* stood before it and labels it. Raises FormError."""
        items = [item for item in found(text) if not self._is_lone(item, text, place)]
        if len(self.slots) + len(items) > MAX_GAPS:
            many = f"{place}以后还有空，超过{MAX_GAPS}处，不是一份保障书"
            raise FormError(f"{many}；分成几份，另存后再来")
        self._fixed(text, place, headings, items)
        chosen = self._chosen(text, items, headings, lead)
        pieces: list[str | Slot] = []
        last = 0
        for one in chosen:
            named = _NAMED_AFTER.match(text, one.item.end)
            pieces += [text[last : one.item.start]] if text[last : one.item.start] else []
            pieces.append(self._slot(text, place, one))
            last = named.end() if named else one.item.end
        return [*pieces, text[last:]] if text[last:] else pieces

    def _is_lone(self, item: Gap | Choice, text: str, place: str) -> bool:
        """Whether a tick box stands alone: there is nothing to choose between."""
        alone = isinstance(item, Choice) and len(item.options) == 1
        if alone:
            self.lone.append((place, _quote(text, item.start, item.end)))
        return alone

    def _chosen(self, text: str, items: list[Gap | Choice], headings: str, lead: str) -> list[_Chosen]:
        """Return a proposal for each; within one text a blank is proposed once, where it is likeliest."""
        arounds = [_around(text, items, place, headings, lead) for place in range(len(items))]
        made = [self.proposer.propose(around) for around in arounds]
        taken: set[str] = set()
        for place in sorted(range(len(made)), key=lambda place: -made[place].confidence):
            if made[place].blank in taken:
                made[place] = self.proposer.propose(arounds[place], taken)
            taken |= {made[place].blank} if made[place].sure else set()
        return [_Chosen(*one) for one in zip(items, arounds, made, strict=True)]

    def _slot(self, text: str, place: str, one: _Chosen) -> Slot:
        blank = fitting(one.proposal, self.blanks)
        before = self.slots[-1] if self.slots else None
        again = before if _CAPITALS.search(text[: one.item.start]) and _is_money(before) else None
        label = blank.label if blank else _labelled(one.around)
        slot = Slot(
            number=len(self.slots) + 1,
            place=place,
            quote=_quote(text, one.item.start, one.item.end),
            label=again.label if again else label,
            item=one.item,
            around=one.around,
            proposal=one.proposal,
            blank=again.blank if again else blank.id if blank else self._named(label, one.around),
            known=again.known if again else bool(blank),
            capitals=bool(again),
            signature=self.signing,
        )
        self.slots.append(slot)
        return slot

    def table(self, table: Table, headings: str) -> Slot:
        """Return the slot of a table whose cells are to be filled in."""
        columns = tuple(table.rows[0])
        around = Around(headings, "", "".join(columns), headings, columns=columns)
        proposal = self.proposer.propose(around)
        blank = fitting(proposal, self.blanks)
        label = blank.label if blank else _short(headings) or "表格"
        slot = Slot(
            number=len(self.slots) + 1,
            place=table.place,
            quote="｜".join(columns),
            label=label,
            item=None,
            around=around,
            proposal=proposal,
            blank=blank.id if blank else self._named(label, around),
            known=bool(blank),
        )
        self.slots.append(slot)
        return slot

    def _named(self, label: str, around: Around) -> str:
        key = (label, around.shape, around.units + around.options + around.columns)
        if key not in self._new:
            self._new[key] = f"{self.topic}.{self._names.name(*syllables(label), fallback='blank')}"
        return self._new[key]

    def _fixed(self, text: str, place: str, headings: str, items: list[Gap | Choice]) -> None:
        """Note the figures that stand in the text, and those already written into a gap."""
        given = [item for item in items if isinstance(item, Gap) and item.given and item.units]
        free = [
            item
            for item in figures(text)
            if not any(other.start < item.end and item.start < other.end for other in items)
        ]
        for item in sorted([*given, *free], key=lambda item: item.start):
            proposal = self.proposer.propose(_around(text, [item], 0, headings, ""))
            quote = _quote(text, item.start, item.end)
            self.figures.append(Figure(place, quote, item.given, item.units[0], proposal))


def _is_money(slot: Slot | None) -> bool:
    return slot is not None and bool(set(slot.around.units) & MONEY)


def _around(text: str, items: list[Gap | Choice], place: int, headings: str, lead: str) -> Around:
    """Return what stands around an item: the words between its neighbours, its sentence, the headings."""
    item = items[place]
    start = items[place - 1].end if place else 0
    following = place + 1 < len(items)
    end = items[place + 1].start if following else len(text)
    before = re.split("[。；;]", text[start : item.start])[-1]
    after = re.split("[。；;，,：（、]" if following else "[。；;]", text[item.end : end])[0]
    named = _NAMED_AFTER.match(text, item.end) or (
        None if before.strip() else _NOTE_AFTER.match(text, item.end)
    )
    if named:
        before = named["name"]
    if not before.strip(" \u3000：:（(") and not place:
        before = lead
    first = max(text.rfind(stop, 0, item.start) for stop in "。；;") + 1
    last = min((at for stop in "。；;" if (at := text.find(stop, item.end)) >= 0), default=len(text))
    options = item.options if isinstance(item, Choice) else ()
    shape, units = (item.shape, item.units) if isinstance(item, Gap) else ("choice", ())
    sentence = text[max(first, item.start - _FAR) : min(last, item.end + _FAR)]
    return Around(before[-_FAR:], after[:_FAR], sentence, headings[-_FAR:], shape, units, options)


def _labelled(around: Around) -> str:
    """Return a label for a new blank: the words before the gap, or the heading where there are none."""
    for words in (around.before, around.after, around.headings, around.sentence):
        label = _short(words)
        if label:
            return label
    return "空白"


def _short(words: str) -> str:
    part = re.split(f"[{_STOPS}]", words.rstrip(_STOPS + "：: \u3000"))[-1]
    return "".join(re.findall(r"[\u4e00-\u9fffA-Za-z0-9]+", part))[-_LABEL:]


def _quote(text: str, start: int, end: int) -> str:
    """Return the words around an item, cut where they get long."""
    head, tail = shown(text[max(0, start - _FAR) : start]), shown(text[end : end + _FAR])
    first = f"……{head[-_QUOTE:].lstrip('_')}" if len(head) > _QUOTE else head
    last = f"{tail[:_QUOTE].rstrip('_')}……" if len(tail) > _QUOTE else tail
    return f"{first}{shown(text[start:end])}{last}".strip()
