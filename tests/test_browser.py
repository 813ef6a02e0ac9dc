"""The site in Chromium: nothing is asked of another host, nothing complains, and it reads on a phone."""

from __future__ import annotations

import datetime
import re
from typing import TYPE_CHECKING

import pytest
import yaml
from copies import ROOT
from hosting import CHROMIUM

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, Page

PAGES = ("", "statutory/", "changes/", "guarantees/charter/", "guarantees/contract/", "guarantees/warranty/")
DATED = ("", "changes/", "editions/2025.2/", "editions/2025.2/returns/", "guarantees/declaration/")

pytestmark = [
    pytest.mark.skipif(CHROMIUM is None, reason="没有 chromium；安装：apt-get install chromium"),
    # Playwright for Python leaves its event loop to the garbage collector.
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
]


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("width", [390, 1280])
def test_quiet_and_local(browser: Browser, address: str, path: str, width: int) -> None:
    """A page loads from its own host alone, without console errors, and never scrolls sideways."""
    look(browser, address, path, width)


@pytest.mark.parametrize("path", DATED)
@pytest.mark.parametrize("width", [390, 1280])
def test_history_is_quiet_and_local(browser: Browser, dated: str, path: str, width: int) -> None:
    """So do the history, the texts of old editions and what stands at the address of a withdrawn variant."""
    look(browser, dated, path, width)


def look(browser: Browser, address: str, path: str, width: int) -> None:
    """Open a page and demand that it is quiet, local and no wider than the screen."""
    requested: list[str] = []
    said: list[str] = []
    page = browser.new_page(viewport={"width": width, "height": 844})
    page.on("request", lambda request: requested.append(request.url))
    page.on("console", lambda message: said.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: said.append(str(error)))
    page.goto(address + path)
    page.wait_for_load_state("networkidle")
    wide = page.evaluate("document.documentElement.scrollWidth")
    page.close()
    assert [] == said
    assert [] == [url for url in requested if not url.startswith((address, "data:"))]
    assert wide <= width


def test_search_finds_a_word_from_the_middle_of_a_sentence(browser: Browser, address: str) -> None:
    """A customer who types 备用机 is led to the clause that promises it."""
    page = browser.new_page()
    page.goto(address)
    page.wait_for_load_state("networkidle")
    page.locator(".md-search__input").fill("备用机")
    page.locator(".md-search__input").dispatch_event("keyup")
    page.locator(".md-search-result__item").first.wait_for()
    found = page.locator(".md-search-result__item a").first.get_attribute("href")
    page.close()
    assert found is not None
    assert "guarantees/warranty/" in found


@pytest.fixture(scope="module")
def desk(browser: Browser, address: str) -> Iterator[Page]:
    """Return the home page, open, with its search index loaded."""
    page = browser.new_page()
    page.goto(address)
    page.wait_for_load_state("networkidle")
    yield page
    page.close()


def asked(page: Page, query: str) -> tuple[str, str]:
    """Type *query* and return where the first result leads, below the site, and what it shows."""
    for text in ("", query):
        page.locator(".md-search__input").fill(text)
        page.locator(".md-search__input").dispatch_event("keyup")
        if not text:  # what was asked before has gone, so no late answer to it is taken for this one
            page.locator(".md-search-result__item").first.wait_for(state="detached")
    item = page.locator(".md-search-result__item").first
    item.wait_for()
    links = item.locator("a.md-search-result__link")
    scores = [float(score) for score in links.locator("article").evaluate_all(SCORES)]
    best = links.nth(scores.index(max(scores)))
    way = re.sub(r"[?]h=[^#]*", "", best.get_attribute("href") or "")
    return way.partition("/a/b/")[2], item.inner_text().replace("\u200b", "")


QUERIES = yaml.safe_load((ROOT / "tests" / "queries.yml").read_text(encoding="utf-8"))
SCORES = "found => found.map(one => one.dataset.mdScore)"


@pytest.mark.parametrize(("query", "way"), QUERIES.items())
def test_the_first_result_is_the_clause(desk: Page, query: str, way: str) -> None:
    """What a customer would type, from the middle of a sentence or spoken, leads to the right clause first.

    The first result is the one that Enter opens: the best of the first group, a clause and not its page.
    """
    assert way == asked(desk, query)[0]


def test_the_result_shows_only_what_is_written(desk: Page) -> None:
    """What customers say is found, and the list of results still shows the words of the guarantee alone."""
    way, shown = asked(desk, "投诉没人理")
    assert "guarantees/declaration/#complaint-supervision" == way
    assert "没人理" not in shown
    assert "要求复核" in shown


def test_the_hotline_is_in_the_first_screen_of_a_phone(browser: Browser, address: str) -> None:
    """On a phone the figures and the telephone link stand in the first screen."""
    page = browser.new_page(viewport={"width": 390, "height": 844})
    page.goto(address)
    box = page.locator("a.hotline").first.bounding_box()
    page.close()
    assert box is not None
    assert box["y"] + box["height"] < 844


@pytest.fixture
def changes(browser: Browser, dated: str) -> Iterator[Page]:
    """Return the page of the history, open."""
    page = browser.new_page()
    page.goto(dated + "changes/")
    yield page
    page.close()


@pytest.mark.parametrize(
    ("day", "answer"),
    [
        ("2024-12-31", "2024年12月31日还没有施行的版本。"),
        (
            "2025-01-01",
            "2025年1月1日购买或者签订合同的，适用2025.1版（2025年1月1日起施行，至2025年6月30日止）。",
        ),
        (
            "2025-06-30",
            "2025年6月30日购买或者签订合同的，适用2025.1版（2025年1月1日起施行，至2025年6月30日止）。",
        ),
        (
            "2025-07-01",
            "2025年7月1日购买或者签订合同的，适用2025.2版（2025年7月1日起施行，至2026年1月14日止）。",
        ),
        ("2100-03-05", "2100年3月5日购买或者签订合同的，适用2099.1版（2099年1月1日起施行）。"),
    ],
)
def test_the_date_box_names_the_edition_of_a_day(changes: Page, day: str, answer: str) -> None:
    """A customer types the day of the purchase and learns which edition was in force."""
    changes.locator("#day").fill(day)
    told = changes.locator(".day-box output").inner_text()
    assert answer == told.partition("全文：")[0]


def test_the_date_box_leads_to_the_texts_of_that_day(changes: Page, dated: str) -> None:
    """The answer links each text of that edition, and its row in the list is marked."""
    changes.locator("#day").fill("2025-07-01")
    links = changes.locator(".day-box output a")
    assert 7 == links.count()
    assert "2025.2" == changes.locator("tr.found").get_attribute("data-number")
    links.first.click()
    changes.wait_for_url(f"{dated}editions/2025.2/charter/")


def test_an_emptied_date_box_says_nothing(changes: Page) -> None:
    """Without a day there is no answer."""
    changes.locator("#day").fill("2025-07-01")
    changes.locator("#day").fill("")
    assert "" == changes.locator(".day-box output").inner_text()
    assert 0 == changes.locator("tr.found").count()


@pytest.mark.parametrize(
    ("moment", "visible"),
    [("2026-11-22T00:00:00", True), ("2098-12-31T15:59:59", True), ("2098-12-31T16:00:00", False)],
)
def test_the_banner_goes_on_the_day_in_china(
    browser: Browser, dated: str, moment: str, *, visible: bool
) -> None:
    """The banner of a coming edition is there until midnight in China, whatever clock the reader keeps."""
    page = browser.new_page()
    page.clock.set_fixed_time(datetime.datetime.fromisoformat(f"{moment}+00:00"))
    page.goto(dated + "guarantees/charter/")
    shown = page.locator(".md-banner").is_visible()
    page.close()
    assert visible == shown


def test_without_scripts_the_list_and_the_banner_say_it_all(browser: Browser, dated: str) -> None:
    """Without JavaScript there is no dead date box, and banner and list are there with their dates."""
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(dated + "changes/")
    box, banner = page.locator(".day-box").is_visible(), page.locator(".md-banner").is_visible()
    rows = page.locator(".finder tbody tr").count()
    context.close()
    assert (False, True, 4) == (box, banner, rows)
