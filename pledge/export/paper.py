"""A variant on paper: what every paper copy says, whatever program draws it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from pledge.article import Writer
from pledge.edition import MARK
from pledge.printed import day
from pledge.render import EDITION_ROWS, GUARANTEE, Filling
from pledge.transcript import written

if TYPE_CHECKING:
    import datetime
    from collections.abc import Iterator

    from pledge.company import Company
    from pledge.deal import Deal
    from pledge.edition import Edition
    from pledge.page import Page
    from pledge.project import Project
    from pledge.transcript import Block

PUBLIC, DEAL, FORM, WORKING = "public", "deal", "form", "working"


@dataclass(frozen=True, slots=True)
class Paper:
    """One variant of one company: its blocks, and what stands in header, footer and QR code.

    `number` is the edition's, `address` the permanent address of this text or nothing, `mark` the first
    digits of the text's SHA-256. `purpose` is public (the text of an edition), deal (one contract's values
    are filled in; address and mark are those of the public text, which has gaps there), form (to be filled
    by hand: no company) or working (a text that no edition has: neither number, date, address nor mark).
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

    @property
    def header(self) -> tuple[str, str]:
        """What stands at the top of each page: whose paper it is, and which."""
        number = {FORM: "", WORKING: "未发布稿"}.get(self.purpose, self._number)
        return self.company or "空白范本", _joined(self.title, number)

    @property
    def subtitle(self) -> str:
        """The line under the title: which edition this is and from when it is in force, or what it is not."""
        if self.purpose == FORM:
            return "空白范本，供手工填写"
        if self.purpose == WORKING:
            return "未发布稿，供内部讨论，不构成承诺"
        return _joined(self._number, f"施行日期：{day(self.effective)}" if self.effective else "")

    @property
    def _number(self) -> str:
        return f"版本号：{self.number}" if self.number else ""

    @property
    def checked_by(self) -> str:
        """The mark of the text in words, or nothing."""
        return f"文本校验码：{self.mark}" if self.mark else ""

    @property
    def proof(self) -> Iterator[str]:
        """The lines at the end by which a reader checks the copy against the web."""
        if self.address:
            yield f"永久地址：{self.address}"
        if self.mark:
            yield self.checked_by
            there = "扫描二维码，打开这一版的网页；网页写明的文本校验码应当与此相同。"
            alone = f"校验码是文本 SHA-256 的前{len(self.mark)}位；校验码相同的两份文本，文字相同。"
            yield there if self.address else alone
        if self.purpose == DEAL:
            yield "地址和校验码属于公布的文本；该文本写明“以合同记载为准”之处，由本件填写。"


def _joined(*parts: str) -> str:
    return "　".join(part for part in parts if part)


def papers(project: Project, company: Company, today: datetime.date, deal: Deal | None = None) -> list[Paper]:
    """Return the published variants of *company* in the order of their numbers, filled for *deal*.

    They are papers of the newest edition where the text is exactly that edition's, else working papers.
    """
    pages = project.published(company)
    public = Filling(project, company, today, dated=False)
    own = _articles(public, pages)
    filled = _articles(Filling(project, deal.over(company), today, dated=False), pages) if deal else own
    newest = public.editions[-1] if public.editions else None
    if newest is None or not newest.holds({name: written(blocks) for name, blocks in own.items()}):
        name = company.text("company.name")
        return [unreleased(page, filled[page.name], WORKING, name) for page in pages]
    made = [released(newest, page.name) for page in pages]
    if deal is None:
        return made
    return [replace(paper, blocks=filled[paper.variant], purpose=DEAL) for paper in made]


def _articles(filling: Filling, pages: list[Page]) -> dict[str, list[Block]]:
    writer = Writer(filling)
    return {page.name: writer.article(page) for page in pages}


def released(edition: Edition, variant: str) -> Paper:
    """Return the paper of *variant* as *edition* released it."""
    text = edition.texts[variant]
    return Paper(
        variant=variant,
        title=titled(text.title),
        company=edition.name,
        number=edition.number,
        effective=edition.effective,
        address=edition.address(variant),
        mark=text.sha256[:MARK],
        blocks=edition.blocks(variant),
    )


def unreleased(page: Page, blocks: list[Block], purpose: str, company: str = "") -> Paper:
    """Return a paper of *page* that no edition stands behind; a working paper is not signed as one."""
    shown = [_unsigned(block) if purpose == WORKING else block for block in blocks]
    return Paper(page.name, titled(page.title), company, "", None, "", "", shown, purpose)


def _unsigned(block: Block) -> Block:
    if not block.is_signature:
        return block
    rows = ((label, "未发布" if label in EDITION_ROWS else said) for label, said in block.rows)
    return replace(block, rows=tuple(rows))


def titled(title: str) -> str:
    """Return the title of a variant as its documents bear it."""
    return f"{GUARANTEE}（{title}）"
