"""JSON-LD: the figures of the visible page, nothing a search engine could misread, and no way out of it."""

from __future__ import annotations

import datetime
import json
import re
from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest
from alone import article, soup
from building import COMPANIES, mkdocs, page
from copies import ROOT, copied
from released import release, work

from pledge import project as project_module
from pledge.company import today as this_day
from pledge.kinds import KINDS
from pledge.linked import FREIGHT, HOME, RETURNS, WARRANTY, graphs, opening, script, telephone
from pledge.machines import ForMachines
from pledge.quantity import Quantity
from pledge.render import Filling
from pledge.typed import Value

if TYPE_CHECKING:
    from pathlib import Path

    from bs4 import BeautifulSoup

PROJECT = project_module.load(ROOT)
SITE = "https://example.com/a/"
IN_FORCE = datetime.date(2027, 1, 1)
UNITS = {"ANN": "年", "MON": "个月", "DAY": "日"}
WEEK = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
HOSTILE = (
    "</script><!-- <script>alert(1)</script>",
    '"}]\', "@type": "Thing',
    "{{ company.name }}{% if x %}",
    "a & b < c > d \u2028 \u2029 \\",
    "&lt;/script&gt;",
)


def filling(company: str = "appliances", today: datetime.date = IN_FORCE) -> Filling:
    """Return the filling of a sample company on a day."""
    return Filling(PROJECT, PROJECT.company(company), today)


def graph(filled: Filling, path: str, site: str = SITE) -> dict[str, Any]:
    """Return what is said on the page written as *path*, read back."""
    made: dict[str, Any] = json.loads(graphs(filled, site)[path])
    return made


def said(parsed: BeautifulSoup) -> list[dict[str, Any]]:
    """Return every JSON-LD of a page, read back."""
    return [json.loads(tag.get_text()) for tag in parsed.select('script[type="application/ld+json"]')]


def changed(filled: Filling, blank: str, data: object) -> Filling:
    """Return *filled* with another value for *blank*."""
    known = PROJECT.catalogue.blanks[blank]
    filled.company.values[blank] = Value(known, data, filled.company.place(blank))
    return filled


@pytest.mark.parametrize("company", COMPANIES)
def test_each_page_says_its_own_and_no_other(sites: dict[str, Path], company: str) -> None:
    """In the built site exactly the pages that have something to say carry it, in their head."""
    filled = filling(company, this_day())
    wanted = graphs(filled, filled.company.text("company.website"))
    for path in sorted(sites[company].rglob("index.html")):
        folder = path.parent.relative_to(sites[company]).as_posix()
        source = HOME if folder == "." else f"{folder}.md"
        here = page(sites[company], folder)
        told = [json.loads(wanted[source])] if source in wanted else []
        assert told == said(here), source
        assert len(here.select("head script[type='application/ld+json']")) == len(said(here))


@pytest.mark.parametrize("company", COMPANIES)
def test_identity_is_that_of_the_home_page(sites: dict[str, Path], company: str) -> None:
    """Name, code, address, mail, number and hours are visible on the page that says them."""
    home = page(sites[company], "")
    (found,) = said(home)
    contact = found["contactPoint"]
    visible = home.get_text()
    assert ("Organization", "ContactPoint") == (found["@type"], contact["@type"])
    for text in (found["legalName"], found["identifier"]["value"], found["address"], found["email"]):
        assert text in visible
    assert found["name"] in visible
    assert found["identifier"]["name"] in visible
    assert re.sub(r"\D", "", contact["telephone"]).removeprefix("86").lstrip("0") == _digits(home).lstrip("0")
    hours = home.select_one('.contact [data-blank="contact.hours"]')
    assert hours
    assert _spans(contact["hoursAvailable"]) == _written(hours.get_text())
    assert found["url"] + "#organization" == found["@id"]
    assert home.select_one(f'link[rel=canonical][href="{found["url"]}"]')


def _digits(home: BeautifulSoup) -> str:
    hotline = home.select_one("a.hotline")
    assert hotline
    return re.sub(r"\D", "", hotline.get_text())


def _spans(hours: list[dict[str, Any]]) -> set[tuple[str, str, str]]:
    """Return what is said of hours: each day, opening, and closing with 23:59 as the end of the day."""
    return {
        (day.removeprefix("https://schema.org/"), each["opens"], each["closes"])
        for each in hours
        for day in each["dayOfWeek"]
    }


def _written(text: str) -> set[tuple[str, str, str]]:
    """Return the same of hours as a page shows them, for the forms that the samples have."""
    times = re.findall(r"(\d+):(\d\d)-(\d+):(\d\d)", text) or [("0", "00", "23", "59")]
    first, last = re.search("周([一二三四五六日])至周([一二三四五六日])", text), "一二三四五六日"
    days = WEEK[last.index(first[1]) : last.index(first[2]) + 1] if first else WEEK
    return {(day, f"{a:0>2}:{b}", f"{c:0>2}:{d}") for day in days for a, b, c, d in times}


@pytest.mark.parametrize("company", ["appliances", "online-shop"])
def test_the_return_window_is_that_of_the_page(company: str) -> None:
    """The days to send goods back are those the page shows, and never the days to pay back."""
    filled = filling(company)
    shown = soup(article(filled, "returns"))
    policy = graph(filled, RETURNS)["hasMerchantReturnPolicy"]
    window, refund = (
        {tag.get_text() for tag in shown.select(f'data[data-blank="returns.{name}"]')}
        for name in ("no_reason_window", "refund")
    )
    assert {f"{policy['merchantReturnDays']}日"} == window
    assert window.isdisjoint(refund)
    assert "https://schema.org/MerchantReturnFiniteReturnWindow" == policy["returnPolicyCategory"]
    assert ("CN", "https://schema.org/ReturnByMail") == (policy["applicableCountry"], policy["returnMethod"])
    assert f"{SITE}guarantees/returns/" == policy["merchantReturnLink"]


def test_the_refund_time_is_nowhere() -> None:
    """Another time to pay back changes nothing; another window changes the window."""
    before = graphs(filling(), SITE)
    refund = changed(filling(), "returns.refund", Quantity(Decimal(5), "日"))
    assert before == graphs(refund, SITE)
    window = changed(filling(), "returns.no_reason_window", Quantity(Decimal(20), "日"))
    assert 20 == graph(window, RETURNS)["hasMerchantReturnPolicy"]["merchantReturnDays"]


@pytest.mark.parametrize(
    ("freight", "fees", "words"),
    [
        ("商家承担", "https://schema.org/FreeReturn", "由我方承担"),
        ("客户承担", "https://schema.org/ReturnFeesCustomerResponsibility", "由您承担"),
        ("商家赠运费险", None, "保险赔付不足"),
    ],
)
def test_fees_only_where_the_words_are_the_same(freight: str, fees: str | None, words: str) -> None:
    """Who pays for the way back is said where schema.org has exactly that, else it is left out."""
    filled = changed(filling(), "returns.freight", freight)
    assert fees == graph(filled, RETURNS)["hasMerchantReturnPolicy"].get("returnFees")
    assert words in PROJECT.catalogue.blanks["returns.freight"].options[freight]
    assert FREIGHT.keys() <= PROJECT.catalogue.blanks["returns.freight"].options.keys()


def test_a_policy_to_come_is_an_offer_with_its_day() -> None:
    """Before the first day nobody may take the policy for one in force; a warranty has its day always."""
    effective = filling().company.data("edition.effective")
    before = graphs(filling(today=effective - datetime.timedelta(days=1)), SITE)
    on_the_day = graphs(filling(today=effective), SITE)
    policy = json.loads(on_the_day[RETURNS])["hasMerchantReturnPolicy"]
    early = json.loads(before[RETURNS])
    offer = {"@type": "Offer", "validFrom": effective.isoformat(), "hasMerchantReturnPolicy": policy}
    assert [offer] == early["makesOffer"]
    assert "hasMerchantReturnPolicy" not in early
    assert before[WARRANTY] == on_the_day[WARRANTY]


@pytest.mark.parametrize("company", ["appliances", "appliances-east", "online-shop"])
def test_warranties_are_the_rows_of_the_page(sites: dict[str, Path], company: str) -> None:
    """Each row of the visible table is one offer: product, category, both periods, the parts."""
    here = page(sites[company], "guarantees/warranty")
    (found,) = said(here)
    rows = [
        [cell.get_text() for cell in row.select("th, td")]
        for row in here.select('[data-blank="warranty.products"] tbody tr')
    ]
    assert [row[:5] for row in rows] == [_row(offer) for offer in found["makesOffer"]]
    first = {tag["value"] for tag in here.select('.signature [data-blank="edition.effective"]')}
    assert first == {offer["validFrom"] for offer in found["makesOffer"]}


def _row(offer: dict[str, Any]) -> list[str]:
    """Return an offer as the first five cells of its row."""
    lengths = {}
    for promise in offer["warranty"]:
        assert "WarrantyPromise" == promise["@type"]
        time = promise["durationOfWarranty"]
        lengths[promise["warrantyScope"].partition("（")[0]] = f"{time['value']}{UNITS[time['unitCode']]}"
    (parts,) = [
        match[1]
        for promise in offer["warranty"]
        if (match := re.fullmatch("主要部件（(.*)）", promise["warrantyScope"]))
    ] or ["—"]
    product = offer["itemOffered"]
    return [
        product["name"],
        product["category"],
        lengths["整机三包"],
        lengths.get("主要部件", "—"),
        parts,
    ]


def test_pages_without_promises_say_nothing() -> None:
    """A company that publishes neither returns nor warranties has the home page's graph alone."""
    assert {HOME} == graphs(filling("it-services"), SITE).keys()


def test_a_private_person_is_no_organization() -> None:
    """Where the promise is a private person's, no Organization is made of it."""
    assert {} == graphs(changed(filling(), "declaration.kind", "个人"), SITE)


def test_without_an_address_nothing_points_anywhere() -> None:
    """Where the site's address is not known there are no ids and no links, and the rest is the same."""
    for path in (HOME, RETURNS, WARRANTY):
        text = json.dumps(graph(filling(), path, ""))
        assert {"https://schema.org"} == set(re.findall(r"https?://[^/\"]+", text))
        assert not re.search("@id|guarantees/|#organization", text)
    assert 15 == graph(filling(), RETURNS, "")["hasMerchantReturnPolicy"]["merchantReturnDays"]


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_stays_text(text: str) -> None:
    """No name ends the script element or adds to the graph: it comes back as it was written."""
    filled = changed(changed(filling(), "company.name", text), "company.short_name", text)
    row = filled.company.data("warranty.products")[0]
    row = {**row, "product": replace(row["product"], data=text)}
    changed(filled, "warranty.products", (row,))
    for path, made in graphs(filled, SITE).items():
        assert None is re.search("[<>&\u2028\u2029]", made)
        read = soup(f'<head><script type="application/ld+json">{made}</script></head><body>x</body>')
        assert 1 == len(read.select("script"))
        assert [graph(filled, path)] == said(read)
        assert text == said(read)[0]["name"]
    assert text == graph(filled, WARRANTY)["makesOffer"][0]["itemOffered"]["name"]


def test_a_script_is_the_same_json() -> None:
    """What is made safe reads as before."""
    assert {"a": "<&>"} == json.loads(script({"a": "<&>"}))


@pytest.mark.parametrize(
    ("written", "told"),
    [
        ("010-00000008", "+86-10-00000008"),
        ("0571-87654321", "+86-571-87654321"),
        ("02112345678", "+86-21-12345678"),
        ("13800000000", "+86-13800000000"),
        ("138-0000-0000", "+86-13800000000"),
        ("400-000-0000", "400-000-0000"),
        ("4000000002", "4000000002"),
        ("95500", "95500"),
        ("12315", "12315"),
        ("010-12345", "010-12345"),
        ("0571-12345678 转 8", "0571-12345678 转 8"),
        ("+86 10 12345678", "+86 10 12345678"),
        ("800-810-0000", "800-810-0000"),
    ],
)
def test_telephone_numbers(written: str, told: str) -> None:
    """A number is given the form for calls from abroad only where it is certain to work there."""
    assert told == telephone(written)


@pytest.mark.parametrize(
    ("written", "told"),
    [
        ("全天", [(7, "00:00", "23:59")]),
        ("周一至周五 9:00-18:00", [(5, "09:00", "18:00")]),
        ("每日 9:00-24:00", [(7, "09:00", "23:59")]),
        ("周一至周五 9:00-12:00、13:00-18:00", [(5, "09:00", "12:00"), (5, "13:00", "18:00")]),
        ("周一至周五 9:00-18:00；周六 10:00-16:00", [(5, "09:00", "18:00"), (1, "10:00", "16:00")]),
        ("周一至周五 9:00-18:00（法定节假日除外）", []),
    ],
)
def test_hours(written: str, told: list[tuple[int, str, str]]) -> None:
    """Days alike are one entry; hours that leave holidays out cannot be said and are not."""
    made = opening(KINDS["hours"].parse(written, ()))
    assert told == [(len(each["dayOfWeek"]), each["opens"], each["closes"]) for each in made]


def test_no_hours_no_entry() -> None:
    """Where no hours are published none are told."""
    assert [] == opening(None)


def test_a_hostile_company_that_is_in_force(tmp_path: Path) -> None:
    """A built site of a company with a hostile name says its policy, and its name is text everywhere."""
    root = copied(tmp_path)
    name = "甲</script><!-- {{ x }} & 'y' -->有限公司"
    work(root, "2025.1", "2025-01-01")
    path = root / "variables" / "appliances.yml"
    text = path.read_text(encoding="utf-8").replace("name: 示例家电有限公司", f'name: "{name}"', 1)
    path.write_text(text, encoding="utf-8")
    release(root)
    assert 0 == mkdocs(root, "build", "-q", "--strict").returncode
    site = root / "site"
    for folder in ("", "guarantees/returns", "guarantees/warranty"):
        here = page(site, folder)
        (found,) = said(here)
        assert name == found["legalName"]
        assert here.select("article h1")
    (found,) = said(page(site, "guarantees/returns"))
    window = page(site, "guarantees/returns").select_one('data[data-blank="returns.no_reason_window"]')
    assert window
    assert f"{found['hasMerchantReturnPolicy']['merchantReturnDays']}日" == window.get_text()
    assert "released" == json.loads((site / "promises.json").read_text(encoding="utf-8"))["edition"]["status"]


@pytest.mark.parametrize("status", ["revision", "draft"])
def test_what_is_not_published_is_not_said(status: str) -> None:
    """Drafts and revisions are no promises."""
    assert {} == ForMachines(filling(), status, SITE).shown()["linked"]
    assert ForMachines(filling(), "released", SITE).shown()["linked"]
