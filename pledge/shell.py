"""What the pages show of a company around its wording: its name, its edition, its look, its data."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from markupsafe import Markup, escape

from pledge import colour, logo
from pledge.assets import LOGO, STYLE
from pledge.edition import home
from pledge.machines import ForMachines
from pledge.render import dialled

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pledge.company import Company
    from pledge.project import Project
    from pledge.render import Filling
    from pledge.standing import Standing

COLOUR = "company.color"
DOWNLOADS = "downloads"
FORMS = {"pdf": "PDF", "docx": "Word"}


@dataclass(frozen=True, slots=True)
class Shell:
    """A company's site around the wording.

    `shown` is what the templates read as `config.extra.pledge_site`: raw text, to be escaped there. `look`
    are the files that dress the site as the company's, by their address below it.
    """

    name: Markup
    description: Markup
    shown: dict[str, Any]
    look: dict[str, bytes]
    machines: ForMachines


def shell(filling: Filling, stands: Standing, site: str, downloads: Mapping[str, bytes]) -> Shell:
    """Return what the pages of the company show, with *downloads* by name.

    *site* is the address of the site, or nothing where it is not known.
    """
    company = filling.company
    look = _look(filling)
    machines = ForMachines(filling, stands.status, site)
    shown = {
        **_identity(filling.project, company),
        **stands.banner,
        **machines.shown(),
        "downloads": _offered(downloads),
        "logo": LOGO if LOGO in look else "",
        "style": STYLE if STYLE in look else "",
    }
    return Shell(site_name(company), site_description(company), shown, look, machines)


def address(company: Company) -> str:
    """Return the address of the company's site, or nothing where it has none."""
    website = company.text("company.website")
    return home(website) if website else ""


def site_name(company: Company) -> Markup:
    """Return the name of the company's site; MkDocs' themes print it in some places as it is."""
    return escape(f"{company.text('company.short_name') or company.text('company.name')}售后服务承诺")


def site_description(company: Company) -> Markup:
    """Return what the site is, for search engines; printed as it is."""
    return escape(f"{company.text('company.name')}公布的客户售后服务承诺保障书")


def _identity(project: Project, company: Company) -> dict[str, Any]:
    fields = ("name", "credit_code", "address", "icp", "police_filing")
    return {
        "company": company.id,
        "draft": company.draft,
        "effective": company.text("edition.effective"),
        "number": company.text("edition.number"),
        "signed": company.text("signing.date"),
        "hotline": company.text("contact.hotline"),
        "tel": dialled(company.text("contact.hotline")),
        **{field: company.text(f"company.{field}") for field in fields},
        "police_code": "".join(filter(str.isdigit, company.text("company.police_filing"))),
        "titles": {page.name: page.title for page in project.published(company)},
    }


def _look(filling: Filling) -> dict[str, bytes]:
    """Return the colour and the logo of the company as files, where it has them."""
    company = filling.company
    image, ink = logo.logo(filling.project.root, company.id), company.data(COLOUR)
    found = {LOGO: image} if image else {}
    return {**found, STYLE: colour.stylesheet(ink).encode()} if ink else found


def _offered(files: Mapping[str, bytes]) -> dict[str, list[dict[str, str]]]:
    """Return what a page says of its downloads, by variant: address below the site, form and size."""
    found: dict[str, list[dict[str, str]]] = {}
    for name, data in files.items():
        variant, _, form = name.partition(".")
        about = {"address": f"{DOWNLOADS}/{name}", "form": FORMS[form], "size": f"{len(data) / 1000:.0f} KB"}
        found.setdefault(variant, []).append({**about, "ending": form})
    return found
