"""How the texts of a company stand to its newest edition, and what the banner of its site says of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from pledge.article import writer
from pledge.edition import digest
from pledge.periods import until
from pledge.printed import day

if TYPE_CHECKING:
    from pledge.edition import Edition
    from pledge.periods import Period
    from pledge.problem import Problem
    from pledge.render import Filling

RELEASED, COMING, REVISION, UNRELEASED, DRAFT = STATUSES = (
    "released",
    "not-yet-in-force",
    "revision",
    "unreleased",
    "draft",
)
OF_AN_EDITION = {RELEASED, COMING}
"""The words for texts that are exactly those of an edition."""


@dataclass(frozen=True, slots=True)
class Standing:
    """One of the five words above, what the banner says, and what forbids that the texts are published."""

    status: str
    banner: dict[str, Any] = field(default_factory=dict)
    problem: Problem | None = None


def standing(filling: Filling) -> Standing:
    """Return how the texts that *filling* gives stand to the newest edition."""
    if filling.company.draft:
        return Standing(DRAFT)
    if not filling.editions:
        return Standing(UNRELEASED)
    newest = filling.editions[-1]
    texts = writer(filling).texts
    if not newest.holds(texts):
        return Standing(REVISION, {"revised": newest.number}, _revised(filling, texts))
    return (
        Standing(RELEASED)
        if newest.effective <= filling.today
        else Standing(COMING, _coming(filling, newest))
    )


def _coming(filling: Filling, newest: Edition) -> dict[str, Any]:
    before = [_earlier(period) for period in until(filling.editions, filling.today)]
    date = newest.effective
    return {"coming": {"date": date.isoformat(), "words": day(date), "before": before}}


def _earlier(period: Period) -> dict[str, Any]:
    edition = period.edition
    return {"number": edition.number, "words": period.days, "variants": list(edition.texts)}


def _revised(filling: Filling, texts: dict[str, str]) -> Problem:
    newest, company = filling.editions[-1], filling.company
    titles = {name: text.title for name, text in newest.texts.items()}
    titles |= {page.name: page.title for page in filling.project.published(company)}
    known = {name: text.sha256 for name, text in newest.texts.items()}
    now = {name: digest(text) for name, text in texts.items()}
    listed = "、".join(title for name, title in titles.items() if now.get(name) != known.get(name))
    message = (
        f"现在的文本与已发布的{newest.number}版不同（{listed}）；"
        f"要公布，先运行 pledge release {company.id}，只是预览，用 mkdocs serve"
    )
    return company.place("edition").problem(message, "unreleased")
