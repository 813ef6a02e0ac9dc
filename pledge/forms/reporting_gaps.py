"""The part of a report on the gaps and the tick boxes: what is proposed for each, the uncertain first."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pledge.forms.cells import cell
from pledge.forms.entries import kind
from pledge.forms.gaps import Choice
from pledge.forms.proposals import SURE
from pledge.kinds import KINDS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pledge.entries import Blank
    from pledge.forms.draft import Imported
    from pledge.forms.matching import Slot

CLEAR = 0.75
"""From here on a proposal need not be looked at first."""


def gaps(made: Imported, blanks: dict[str, Blank]) -> Iterator[str]:
    """Yield the lines on the gaps and tables to be filled in."""
    slots = [slot for slot in made.slots if not isinstance(slot.item, Choice)]
    unsure = [slot for slot in slots if not slot.known or slot.proposal.confidence < CLEAR]
    yield "## 一、要填的地方"
    yield ""
    if not slots:
        yield "没有找到下划线、空括号、点线或者表单域。"
        yield ""
        return
    yield f"把握从0到1：低于{CLEAR}的请对照原文核对；低于{SURE}的写成新空白，名称和种类要由人改。"
    yield ""
    yield from _slots("先核对这些", unsure, blanks)
    yield from _slots("把握较大的", [slot for slot in slots if slot not in unsure], blanks)
    yield from _twice(slots, blanks)


def _slots(title: str, slots: list[Slot], blanks: dict[str, Blank]) -> Iterator[str]:
    if not slots:
        return
    yield f"### {title}（{len(slots)}处）"
    yield ""
    yield "| 序号 | 在哪里 | 原文 | 初稿里写成 | 把握 | 其次可能是 |"
    yield "| --- | --- | --- | --- | --- | --- |"
    for slot in slots:
        cells = (
            str(slot.number),
            slot.place,
            cell(slot.quote),
            _written(slot),
            _sure(slot),
            _other(slot, blanks),
        )
        yield f"| {' | '.join(cells)} |"
    yield ""


def _written(slot: Slot) -> str:
    if slot.capitals:
        return f"大写金额 `capitals({slot.blank})`"
    if slot.signature:
        what = f"{cell(slot.label)} `{slot.blank}`" if slot.known else cell(slot.label)
        return f"签署栏：{what}"
    if slot.known:
        return f"{cell(slot.label)} `{slot.blank}`"
    return f"新空白“{cell(slot.label)}”（{KINDS[kind(slot)].label}）`{slot.blank}`"


def _sure(slot: Slot) -> str:
    return f"{slot.proposal.confidence:.2f}" if slot.known and not slot.capitals else "—"


def _other(slot: Slot, blanks: dict[str, Blank]) -> str:
    """Return the blank that was not chosen but comes next, with its confidence."""
    proposal = slot.proposal
    name, sure = (
        (proposal.other, proposal.other_confidence) if slot.known else (proposal.blank, proposal.confidence)
    )
    if slot.capitals or not name or sure < 0.2:  # noqa: PLR2004  below that it is a guess nobody needs
        return ""
    return f"{blanks[name].label} {sure:.2f}"


def _twice(slots: list[Slot], blanks: dict[str, Blank]) -> Iterator[str]:
    """Say which blanks were proposed for several gaps: one figure, or one of them is mistaken."""
    places: dict[str, list[int]] = {}
    for slot in slots:
        if slot.known and not slot.capitals:
            places.setdefault(slot.blank, []).append(slot.number)
    several = {name: found for name, found in places.items() if len(found) > 1}
    if several:
        yield "同一个空白用在几处，填一次就处处相同。请确认它们说的是同一件事："
        yield ""
        for name, found in several.items():
            yield f"- {blanks[name].label} `{name}`：序号{'、'.join(map(str, found))}"
        yield ""


def choices(made: Imported, blanks: dict[str, Blank]) -> Iterator[str]:
    """Yield the lines on the tick boxes."""
    slots = [slot for slot in made.slots if isinstance(slot.item, Choice)]
    yield "## 二、勾选项"
    yield ""
    for slot in slots:
        if isinstance(slot.item, Choice):
            yield from _choice(slot, slot.item, blanks)
    for place, quote in made.lone:
        yield f"- {place}，“{cell(quote)}”：只有一个方框，没有可选的另一项；照原文留着，写成一句话或者删去。"
    if not slots and not made.lone:
        yield "没有找到空的方框。"
    yield ""


def _choice(slot: Slot, item: Choice, blanks: dict[str, Blank]) -> Iterator[str]:
    options = "、".join(map(cell, item.options))
    ticked = f"；原文已勾选：{'、'.join(map(cell, item.ticked))}" if item.ticked else ""
    beside = "；选项后面的空没有带入" if "____" in slot.quote else ""
    yield f"- 序号{slot.number}，{slot.place}，“{cell(slot.quote)}”：从{options}中选一项{ticked}{beside}。"
    other = f"，其次可能是{_other(slot, blanks)}" if _other(slot, blanks) else ""
    sure = f"，把握{slot.proposal.confidence:.2f}{other}" if slot.known else "，目录里没有这样的选项"
    yield f"  初稿里写成{_written(slot)}{sure}。"
