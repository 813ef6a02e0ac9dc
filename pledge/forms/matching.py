"""The gaps of a form matched with the catalogue: each as a slot with its proposal, in the order of the form."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

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


@dataclass(slots=True)
class Matcher:
    """Matches text after text; `topic` is the topic of the blanks that the catalogue does not have."""

    proposer: Proposer
    blanks: dict[str, Blank]
    topic: str
    slots: list[Slot] = field(default_factory=list)
    figures: list[Figure] = field(default_factory=list)
    lone: list[tuple[str, str]] = field(default_factory=list)
    _names: Names = field(default_factory=lambda: Names("_"))
    _new: dict[tuple[str, str, tuple[str, ...]], str] = field(default_factory=dict)

    def pieces(
        self, text: str, place: str, headings: str, lead: str = "", *, signature: bool = False
    ) -> list[str | Slot]:
        """Return *text* as words and slots; *lead* is what stood before it and labels it. Raises FormError."""
        items = [item for item in found(text) if not self._is_lone(item, text, place)]
        if len(self.slots) + len(items) > MAX_GAPS:
            message = f"{place}以后还有空，超过{MAX_GAPS}处，不是一份保障书；分成几份，另存后再来"
            raise FormError(message)
        self._fixed(text, place, headings, items)
        chosen = self._chosen(text, items, headings, lead)
        pieces: list[str | Slot] = []
        last = 0
        for item, around, proposal in chosen:
            named = _NAMED_AFTER.match(text, item.end)
            pieces += [text[last : item.start]] if text[last : item.start] else []
            pieces.append(self._slot(text, place, item, around, proposal, signature=signature))
            last = named.end() if named else item.end
        return [*pieces, text[last:]] if text[last:] else pieces

    def _is_lone(self, item: Gap | Choice, text: str, place: str) -> bool:
        """Whether a tick box stands alone: there is nothing to choose between."""
        alone = isinstance(item, Choice) and len(item.options) == 1
        if alone:
            self.lone.append((place, _quote(text, item.start, item.end)))
        return alone

    def _chosen(
        self, text: str, items: list[Gap | Choice], headings: str, lead: str
    ) -> list[tuple[Gap | Choice, Around, Proposal]]:
        """Return a proposal for each; within one text a blank is proposed once, where it is likeliest."""
        arounds = [_around(text, items, place, headings, lead) for place in range(len(items))]
        made = {place: self.proposer.propose(around) for place, around in enumerate(arounds)}
        taken: set[str] = set()
        done: dict[int, Proposal] = {}
        while made:
            place = max(made, key=lambda key: (made[key].confidence, -key))
            best = made.pop(place)
            if best.blank in taken:
                made[place] = self.proposer.propose(arounds[place], taken)
                if made[place].confidence >= best.confidence:
                    done[place] = made.pop(place)
                continue
            done[place] = best
            taken |= {best.blank} if best.sure else set()
        return [(item, arounds[place], done[place]) for place, item in enumerate(items)]

    def _slot(
        self,
        text: str,
        place: str,
        item: Gap | Choice,
        around: Around,
        proposal: Proposal,
        *,
        signature: bool,
    ) -> Slot:
        blank = fitting(proposal, self.blanks)
        before = self.slots[-1] if self.slots else None
        capitals = bool(_CAPITALS.search(text[: item.start])) and _is_money(before)
        name = before.blank if capitals and before else blank.id if blank else ""
        label = blank.label if blank else _labelled(around)
        slot = Slot(
            number=len(self.slots) + 1,
            place=place,
            quote=_quote(text, item.start, item.end),
            label=label,
            item=item,
            around=around,
            proposal=proposal,
            blank=name or self._named(label, around),
            known=bool(name) and (before.known if capitals and before else True),
            capitals=capitals,
            signature=signature,
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
    return Around(before, after, text[first:last], headings, shape, units, options)


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
    head, tail = shown(text[:start]), shown(text[end:])
    first = f"……{head[-_QUOTE:].lstrip('_')}" if len(head) > _QUOTE else head
    last = f"{tail[:_QUOTE].rstrip('_')}……" if len(tail) > _QUOTE else tail
    return f"{first}{shown(text[start:end])}{last}".strip()
