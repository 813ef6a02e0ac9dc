"""What those who answer customers need to know of each promise: a card for each, with the company's own note.

What a card says is what `promises.json` says, with the words of the clauses.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING, Any

from pledge.article import writer
from pledge.printed import day
from pledge.promises import Promises
from pledge.transcript import clauses, numbered

if TYPE_CHECKING:
    import datetime
    from collections.abc import Iterator

    from pledge.notes import Note, Notes
    from pledge.project import Project
    from pledge.render import Filling
    from pledge.transcript import Block

TITLE = "客户服务承诺卡"
INTERNAL = "内部资料，不对外提供；与公布的保障书不一致的，以公布的保障书为准。"
NOTHING_DUE = "没有到期应复核的承诺。"
NOTE, DUE = "内部备注", "复核"
# 民法典 第二百零一条: the day on which a period of days, months or years begins does not count.
_CLOCKS = {
    "自然时间": "连续计算，夜间和节假日也算",
    "自然日": "按自然日计算，周末和法定节假日也算，开始的当天不算",
    "工作日": "按工作日计算，周末和法定节假日不算，开始的当天不算",
    "公历": "按公历的年、月计算，开始的当天不算",
}
_MARKDOWN = re.compile(r"([\\`*_{}\[\]<>|#])")


@dataclass(frozen=True, slots=True)
class Card:
    """A promise: its topic, its label, and what is to be known of it, each with a head."""

    topic: str
    label: str
    rows: list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Deck:
    """The cards of a company, and the notes whose day of review has come."""

    company: str
    edition: str
    cards: list[Card]
    due: list[Note]


def deck(filling: Filling, notes: Notes, status: str) -> Deck:
    """Return a card for each promise that *filling* publishes, in the order of the catalogue."""
    promises = Promises(filling, status, "")
    found = promises.document()
    words = {page.name: _words(writer(filling).article(page)) for page in promises.published}
    cards = [
        _card(filling.project, each, words, notes.by_blank.get(each["blank"]), filling.today)
        for each in found["promises"]
        if each["better"] != "none" or each["blank"] in notes.by_blank
    ]
    number, effective = found["edition"]["number"], filling.company.data("edition.effective")
    since = f"，施行日期：{day(effective)}" if effective else ""
    return Deck(
        filling.company.text("company.name") or filling.company.id,
        f"版本号：{number}{since}" if number else "",
        cards,
        notes.due(filling.today),
    )


def _words(blocks: list[Block]) -> dict[str, str]:
    """Return the words of each clause, without the cells of its tables."""
    return {
        clause: "".join(block.text for block in found if not block.rows)
        for clause, found in clauses(numbered(blocks)).items()
    }


def _card(
    project: Project,
    promise: dict[str, Any],
    words: dict[str, dict[str, str]],
    note: Note | None,
    today: datetime.date,
) -> Card:
    topic = project.catalogue.topics[promise["blank"].partition(".")[0]]
    spoken = promise["clauses"]
    first = next((words[at["variant"]].get(at["clause"], "") for at in spoken if at["clause"]), "")
    where = [
        f"《{project.pages[variant].title}》{'、'.join(filter(None, (at['number'] for at in found)))}"
        for variant, found in groupby(spoken, key=lambda at: at["variant"])
    ]
    rows = [
        ("我们承诺", _value(promise)),
        ("何时起算", promise["starts"] or ""),
        ("到何时止", promise["ends"] or ""),
        ("怎样计时", _clock(promise)),
        ("客户得到", first),
        ("条款", "，".join(where)),
        ("法定标准", "；".join(_law(each) for each in promise["law"])),
        (NOTE, note.text if note else ""),
        (DUE, _review(note, today)),
    ]
    return Card(topic, promise["label"], [(head, text) for head, text in rows if text])


def _value(promise: dict[str, Any]) -> str:
    if promise["rows"] is not None:
        return "\n".join(_row(row) for row in promise["rows"])
    each = f"每{promise['per']}" if promise["per"] else ""
    of = f"{promise['of']}的" if promise["of"] else ""
    said = "，".join(part for part in (each, of) if part)
    return f"{said}{promise['value']}"


def _row(row: dict[str, Any]) -> str:
    first, *rest = row.values()
    return f"{first['value']}：" + "，".join(f"{cell['label']} {cell['value']}" for cell in rest)


def _clock(promise: dict[str, Any]) -> str:
    if promise["hours"]:
        return f"只计算服务时间：{promise['hours']}"
    return _CLOCKS.get(promise["calendar"] or "", "")


def _law(law: dict[str, Any]) -> str:
    better = f"，我方优于法定标准{law['margin']}" if law["margin"] else "，与法定标准相同"
    return f"{law['rule']}（《{law['law']}》{law['article']}）{better}"


def _review(note: Note | None, today: datetime.date) -> str:
    if note is None or note.review_by is None:
        return ""
    return f"{day(note.review_by)}以前" + ("（已到期）" if note.review_by <= today else "")


def reminders(due: list[Note]) -> Iterator[str]:
    """Yield a line for each promise that is to be looked at again."""
    for note in due:
        since = f"（{day(note.review_by)}到期）" if note.review_by else ""
        yield f"{note.label}{since}" + (f"：{note.text}" if note.text else "")


def as_markdown(found: Deck) -> str:
    """Return the cards as Markdown."""
    lines = [f"# {_plain(found.company)} {TITLE}", "", _plain(found.edition), "", f"> {INTERNAL}", ""]
    if found.due:
        lines += ["## 到期应复核", "", *(f"- {_plain(line)}" for line in reminders(found.due)), ""]
    topic = ""
    for card in found.cards:
        if card.topic != topic:
            topic = card.topic
            lines += [f"## {_plain(topic)}", ""]
        lines += [f"### {_plain(card.label)}", ""]
        lines += [f"- **{head}**：{_plain(text)}" for head, text in card.rows]
        lines.append("")
    return "\n".join(lines).rstrip()


def _plain(text: str) -> str:
    return _MARKDOWN.sub(r"\\\1", text).replace("\n", "  \n    ")
