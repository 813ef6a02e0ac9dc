"""The promises at a glance: answers to what a customer asks, one sheet for a counter, bars beside the law."""

from __future__ import annotations

import io
import unicodedata
from decimal import Decimal
from typing import TYPE_CHECKING

import pypdf
import pytest
import segno
from building import COMPANIES
from building import page as built
from copies import ROOT
from hosting import CHROMIUM, hosted

from pledge import project as project_module
from pledge.chart import bar
from pledge.edition import home
from pledge.law import Comparison
from pledge.quantity import Quantity, compare

if TYPE_CHECKING:
    from pathlib import Path

    from bs4 import Tag
    from playwright.sync_api import Browser

PROJECT = project_module.load(ROOT)


def cards(page: Tag) -> list[tuple[str, str, str]]:
    """Return question, figure and address of each card."""
    return [
        (
            card.select(".glance-label")[0].get_text(),
            card.select(".glance-figure")[0].get_text(),
            str(card.select("a")[0]["href"]),
        )
        for card in page.select(".glance > li")
    ]


@pytest.mark.parametrize("company", COMPANIES)
def test_home_answers_what_customers_ask(sites: dict[str, Path], company: str) -> None:
    """At most six figures, in the order of the catalogue; each leads to a clause that says the figure."""
    found = cards(built(sites[company], "."))
    asked = [blank.asked for blank in PROJECT.catalogue.blanks.values() if blank.headline]
    assert 3 <= len(found) <= 6
    assert {question for question, _, _ in found} <= set(asked)
    assert "没有做到，补偿您" in {question for question, _, _ in found}
    for _, figure, address in found:
        path, _, clause = address.partition("#")
        assert figure in built(sites[company], path.rstrip("/")).select(f"#{clause}")[0].get_text()


@pytest.mark.parametrize("company", COMPANIES)
def test_the_sheet_has_the_promises_and_the_way_to_the_company(sites: dict[str, Path], company: str) -> None:
    """Home's figures and more, hotline and hours, the way onwards for consumers, and the code of the site."""
    sheet = built(sites[company], "one-page")
    top, all_of_them = cards(built(sites[company], ".")), cards(sheet)
    assert [card[:2] for card in top] == [card[:2] for card in all_of_them][: len(top)]
    assert len(all_of_them) <= 8
    text = sheet.select(".one-reach")[0].get_text()
    values = PROJECT.company(company)
    for said in (values.text("contact.hotline"), values.text("contact.hours"), "12315"):
        assert said in text
    (code,) = sheet.select(".one-code svg path")
    address = home(values.text("company.website"))
    drawn = segno.make_qr(address, error="m").svg_inline(border=0, omitsize=True, svgclass=None)
    assert f'd="{code["d"]}"' in drawn


@pytest.mark.skipif(CHROMIUM is None, reason="没有 chromium；安装：apt-get install chromium")
@pytest.mark.filterwarnings("ignore::ResourceWarning")
@pytest.mark.parametrize("company", COMPANIES)
def test_the_sheet_prints_on_one_page(browser: Browser, sites: dict[str, Path], company: str) -> None:
    """Printed from the browser on A4 it is a single page with every figure and the hotline on it."""
    with hosted(sites[company]) as address:
        page = browser.new_page()
        page.goto(f"{address}one-page/")
        printed = pypdf.PdfReader(io.BytesIO(page.pdf(prefer_css_page_size=True)))
        page.close()
    assert 1 == len(printed.pages)
    text = "".join(unicodedata.normalize("NFKC", printed.pages[0].extract_text()).split())
    for _, figure, _ in cards(built(sites[company], "one-page")):
        assert figure in text
    assert PROJECT.company(company).text("contact.hotline") in text


# The promise, the law's sense and limit, and how long each is beside the other.
SHARES = {
    "a shorter time": (("3", "日"), "at_most", ("7", "日"), (43, 100)),
    "the limit itself": (("7", "日"), "at_most", ("7", "日"), (100, 100)),
    "a longer period": (("15", "日"), "at_least", ("7", "日"), (100, 47)),
    "hours beside days": (("48", "小时"), "at_most", ("15", "日"), (13, 100)),
    "months beside months": (("2", "年"), "at_least", ("12", "个月"), (100, 50)),
    "working days by their worst case": (("3", "工作日"), "at_most", ("15", "日"), None),
}


@pytest.mark.parametrize(("promise", "sense", "bound", "expected"), SHARES.values(), ids=list(SHARES))
def test_bars_are_as_long_as_the_figures(
    promise: tuple[str, str], sense: str, bound: tuple[str, str], expected: tuple[int, int] | None
) -> None:
    """The longer of promise and limit fills the bar; the promise never looks better than its worst case."""
    floor = next(floor for floor in PROJECT.catalogue.floors if floor.sense == sense and not floor.column)
    amounts = [Quantity(Decimal(number), unit) for number, unit in (promise, bound)]
    value = type("Value", (), {"data": amounts[0], "calendar": ""})()
    ours, law = Comparison(floor, value, amounts[1]).share
    if expected:
        assert expected == (ours, law)
    assert 100 == max(ours, law)
    order = compare(amounts[0], amounts[1])
    assert order is None or (ours > law) - (ours < law) == order
    assert f'width="{ours}"' in bar(ours, law)


@pytest.mark.parametrize("company", COMPANIES)
def test_every_margin_has_a_bar(sites: dict[str, Path], company: str) -> None:
    """Each row of the comparison has one, hidden from screen readers, which have the words."""
    for row in built(sites[company], "statutory").select("tbody tr"):
        (drawn,) = row.select("svg.margin")
        assert "true" == drawn["aria-hidden"]
        better = "优于" in row.get_text()
        ours = int(str(drawn.select(".margin-ours")[0]["width"]))
        assert better == (ours != 100 or int(str(drawn.select(".margin-law")[0]["x"])) < 98)
