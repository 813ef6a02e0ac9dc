"""A variant on paper: what every paper copy says, whatever program draws it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from pledge.article import Writer
from pledge.edition import digest
from pledge.render import GUARANTEE, Filling
from pledge.transcript import written

if TYPE_CHECKING:
    import datetime

    from pledge.company import Company
    from pledge.deal import Deal
    from pledge.page import Page
    from pledge.project import Project
    from pledge.transcript import Block

SHORT = 16
PUBLIC, DEAL, FORM = "public", "deal", "form"


@dataclass(frozen=True, slots=True)
class Paper:
    """One variant of one company: its blocks, and what stands in header, footer and QR code.

    `number` is the edition's, `address` the permanent address of this text or nothing, `mark` the first
    digits of the text's SHA-256. `purpose` is public, deal (one contract's values are filled in; address and
    mark are those of the public text, which has gaps there) or form (to be filled by hand: no company).
    """

    variant: str
    title: str
    company: str
    number: str
    effective: datetime.date | None
    address: str
    mark: str
    blocks: list[Block]
    purpose: str = PUBLIC


def papers(project: Project, company: Company, today: datetime.date, deal: Deal | None = None) -> list[Paper]:
    """Return the published variants of *company* in the order of their numbers, filled for *deal*."""
    writer = Writer(Filling(project, company, today, dated=False))
    public = [paper(writer, page) for page in project.published(company)]
    if deal is None:
        return public
    writer = Writer(Filling(project, deal.over(company), today, dated=False))
    return [
        replace(known, blocks=writer.article(project.pages[known.variant]), purpose=DEAL) for known in public
    ]


def paper(writer: Writer, page: Page, purpose: str = PUBLIC) -> Paper:
    """Return *page* as *writer* fills it."""
    company = writer.filling.company
    blocks = writer.article(page)
    number, site = company.text("edition.number"), company.text("company.website").rstrip("/")
    return Paper(
        variant=page.name,
        title=f"{GUARANTEE}（{page.title}）",
        company=company.text("company.name"),
        number=number,
        effective=company.data("edition.effective"),
        address=f"{site}/editions/{number}/{page.name}/" if site and number else "",
        mark=digest(written(blocks))[:SHORT],
        blocks=blocks,
        purpose=purpose,
    )
