"""Shapes: what of a company decides how its pages are built; all the rest is filled in afterwards."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pledge.company import Company
    from pledge.page import Page
    from pledge.project import Project


@dataclass(frozen=True, slots=True)
class Shape:
    """The shape of a site: the variants in its menu, whether it has an address, and whether a banner."""

    publish: tuple[str, ...]
    has_address: bool
    has_banner: bool


def conditions(page: Page, company: Company) -> str:
    """Return which of the blanks that *page* asks for are filled, as `returns.exempt warranty.loan_unit`."""
    return " ".join(sorted(page.asked & company.values.keys()))


def forms(project: Project, company: Company) -> dict[str, str]:
    """Return the form of each page of the company by its file below docs/, as `conditions` gives it."""
    pages: Iterable[Page] = (*project.published(company), *project.site_pages)
    return {page.path.removeprefix("docs/"): conditions(page, company) for page in pages}
