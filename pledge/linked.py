"""What search engines read in the head of a page: schema.org as JSON-LD, from the values of that page.

Only what the page says is said, and nothing that schema.org would say differently.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from pledge.printed import worded
from pledge.quantity import figure

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pledge.kinds import Hours
    from pledge.quantity import Quantity
    from pledge.render import Filling
    from pledge.typed import Row

HOME, RETURNS, WARRANTY = "index.md", "guarantees/returns.md", "guarantees/warranty.md"
ORG = "https://schema.org"
# UN/CEFACT common codes, which QuantitativeValue.unitCode takes.
UNIT_CODES = {"年": "ANN", "个月": "MON", "日": "DAY"}
DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
# The options of returns.freight with an exact counterpart: what an insurance leaves over has none.
FREIGHT = {"商家承担": f"{ORG}/FreeReturn", "客户承担": f"{ORG}/ReturnFeesCustomerResponsibility"}
_DAY = 24 * 60
_MOBILE = re.compile(r"1[3-9]\d{9}")
_LANDLINE = re.compile(r"0(10|2\d|[3-9]\d{2})[- ]?(\d{7,8})")
_UNSAFE = re.compile("[<>&\u2028\u2029]")


def graphs(filling: Filling, site: str) -> dict[str, str]:
    """Return the JSON-LD of each page that has one, by source path, safe inside a script element.

    *site* is the address of the site, or nothing where it is not known. A private person is no Organization
    and gets nothing.
    """
    company = filling.company
    if company.text("declaration.kind") == "个人":
        return {}
    made = {HOME: _home(filling, site)}
    if "returns" in company.publish:
        made[RETURNS] = _returns(filling, site)
    if "warranty" in company.publish:
        made[WARRANTY] = _warranty(filling, site)
    return {path: script({"@context": ORG, **graph}) for path, graph in made.items()}


def script(graph: dict[str, Any]) -> str:
    """Return *graph* as JSON in which nothing can end a script element (RFC 8259, section 7)."""
    text = json.dumps(graph, ensure_ascii=False, indent=2)
    return _UNSAFE.sub(lambda match: f"\\u{ord(match[0]):04x}", text)


def _organization(filling: Filling, site: str, **more: object) -> dict[str, Any]:
    text = filling.company.text
    name = text("company.short_name") or text("company.name")
    about = {"@type": "Organization", "@id": f"{site}#organization" if site else None, "name": name}
    return _filled({**about, "legalName": text("company.name"), "url": site, **more})


def _filled(entries: Mapping[str, object]) -> dict[str, Any]:
    """Return *entries* without those that say nothing."""
    return {name: value for name, value in entries.items() if value not in (None, "", [])}


def _home(filling: Filling, site: str) -> dict[str, Any]:
    """Return the schema.org Organization with its ContactPoint."""
    text = filling.company.text
    code = {"@type": "PropertyValue", "name": "统一社会信用代码", "value": text("company.credit_code")}
    contact = {
        "@type": "ContactPoint",
        "contactType": "customer service",
        "telephone": telephone(text("contact.hotline")),
        "email": text("contact.email"),
        "availableLanguage": "zh",
        "hoursAvailable": opening(filling.company.data("contact.hours")),
    }
    return _organization(
        filling,
        site,
        identifier=code if code["value"] else None,
        address=text("company.address"),
        email=text("contact.email"),
        contactPoint=_filled(contact),
    )


def telephone(written: str) -> str:
    """Return a number as it is dialled from abroad where that is certain, else as it is written.

    Numbers beginning with 400 or 95, and 12315, cannot be called from every country.
    """
    mobile, landline = _MOBILE.fullmatch(re.sub("[- ]", "", written)), _LANDLINE.fullmatch(written)
    if landline:
        return f"+86-{landline[1]}-{landline[2]}"
    return f"+86-{mobile[0]}" if mobile else written


def opening(hours: Hours | None) -> list[dict[str, Any]]:
    """Return service hours as schema.org OpeningHoursSpecification, one for the days that are alike.

    schema.org cannot say that holidays are left out: such hours are not said at all.
    """
    if hours is None or hours.but_holidays:
        return []
    alike: dict[tuple[str, str], list[str]] = {}
    for start, end in hours.spans:
        for day in range(start // _DAY, (end - 1) // _DAY + 1):
            opens, closes = max(start - day * _DAY, 0), min(end - day * _DAY, _DAY)
            alike.setdefault((_clock(opens), _clock(closes)), []).append(f"{ORG}/{DAYS[day]}")
    return [
        {"@type": "OpeningHoursSpecification", "dayOfWeek": days, "opens": opens, "closes": closes}
        for (opens, closes), days in alike.items()
    ]


def _clock(minutes: int) -> str:
    """Return a time of day; the end of a day is 23:59, as search engines want it."""
    return "{:02}:{:02}".format(*divmod(min(minutes, _DAY - 1), 60))


def _returns(filling: Filling, site: str) -> dict[str, Any]:
    """Return the MerchantReturnPolicy: the time to send goods back, never the time to pay back.

    A policy has no date of its own. Before the edition is in force it belongs to an Offer, which has one.
    """
    window: Quantity = filling.company.data("returns.no_reason_window")
    policy = {
        "@type": "MerchantReturnPolicy",
        "applicableCountry": "CN",
        "returnPolicyCategory": f"{ORG}/MerchantReturnFiniteReturnWindow",
        "merchantReturnDays": int(window.number),
        "returnMethod": f"{ORG}/ReturnByMail",
        "returnFees": FREIGHT.get(filling.company.text("returns.freight")),
        "merchantReturnLink": f"{site}guarantees/returns/" if site else None,
    }
    since = filling.company.data("edition.effective")
    if since <= filling.today:
        return _organization(filling, site, hasMerchantReturnPolicy=_filled(policy))
    offer = {"@type": "Offer", "validFrom": since.isoformat(), "hasMerchantReturnPolicy": _filled(policy)}
    return _organization(filling, site, makesOffer=[offer])


def _warranty(filling: Filling, site: str) -> dict[str, Any]:
    """Return an Offer with a WarrantyPromise for each product, valid from when the edition is in force."""
    since = filling.company.data("edition.effective").isoformat()
    rows = filling.company.data("warranty.products")
    return _organization(filling, site, makesOffer=[_offer(row, since) for row in rows])


def _offer(row: Row, since: str) -> dict[str, Any]:
    product = {"@type": "Product", "name": row["product"].text, "category": worded(row["category"])}
    parts = f"主要部件（{row['parts'].text}）" if "parts" in row else "主要部件"
    scopes = {"whole": "整机三包", "main_parts": parts}
    promised = [_promise(row[name].data, scope) for name, scope in scopes.items() if name in row]
    return {"@type": "Offer", "itemOffered": product, "validFrom": since, "warranty": promised}


def _promise(time: Quantity, scope: str) -> dict[str, Any]:
    length = {
        "@type": "QuantitativeValue",
        "value": figure(time.number),
        "unitCode": UNIT_CODES[time.unit],
        "unitText": time.unit,
    }
    return {"@type": "WarrantyPromise", "durationOfWarranty": length, "warrantyScope": scope}
