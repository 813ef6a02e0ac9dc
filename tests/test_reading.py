"""Reading in Chromium: large type, links that copy, figures and terms that explain themselves."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from alone import soup
from building import page as built
from copies import ROOT
from hosting import CHROMIUM

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Browser, Page

pytestmark = [
    pytest.mark.skipif(CHROMIUM is None, reason="没有 chromium；安装：apt-get install chromium"),
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
]
FIRST_CONTACT = [
    "首次联系时限",
    "从收到客户请求起，到服务人员与客户取得联系（自动回复和智能客服的答复不算）为止",
    "计时方式：服务时间（周一至周日 8:00-20:00）",
]
SINCE = "自2026年12月1日起；此前为4小时"


@pytest.fixture
def charter(browser: Browser, address: str) -> Iterator[Page]:
    """Return the charter on a phone, with a clipboard."""
    context = browser.new_context(viewport={"width": 390, "height": 844}, has_touch=True)
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    page = context.new_page()
    page.goto(address + "guarantees/charter/")
    page.locator("button.large").wait_for()
    yield page
    context.close()


def told(page: Page) -> list[str]:
    """Return the lines of the box that explains."""
    page.locator("#about").wait_for()
    return page.locator("#about").inner_text().split("\n")


@pytest.mark.parametrize("way", ["hover", "focus", "tap"])
def test_a_figure_explains_itself(charter: Page, way: str) -> None:
    """Pointed at, focused or tapped, a figure says what it is, from when to when, and since when it holds."""
    figure = charter.locator("#first-contact data.blank")
    getattr(figure, way)()
    assert FIRST_CONTACT == told(charter)[:3]
    assert told(charter)[3].startswith("自20")
    assert "about" == figure.get_attribute("aria-describedby")


def test_what_explains_goes_away(charter: Page) -> None:
    """The box closes with Escape and with the pointer, and stays on the screen."""
    figure = charter.locator("#first-contact data.blank")
    figure.hover()
    told(charter)
    box = charter.locator("#about").bounding_box()
    assert box is not None
    assert 0 <= box["x"] <= box["x"] + box["width"] <= 390
    charter.keyboard.press("Escape")
    assert charter.locator("#about").is_hidden()
    figure.hover()
    charter.mouse.move(0, 0)
    assert charter.locator("#about").is_hidden()


def test_a_name_is_explained_by_its_label(charter: Page) -> None:
    """What is no time has a label only."""
    charter.locator("#oversight-department data.blank").focus()
    assert ["监督部门"] == told(charter)[:1]


def test_a_defined_term_leads_to_its_definition(charter: Page) -> None:
    """The first use in each part is a link; pointed at, it says the definition; the definition has none."""
    term = charter.locator("#first-contact a.term", has_text="首次联系")
    term.hover()
    text = "“首次联系”，是指服务人员与客户取得联系并了解请求内容。自动回复和智能客服的答复不算首次联系。"
    assert [text] == told(charter)
    term.click()
    assert charter.url.endswith("#term-contact")
    assert 0 == charter.locator("#term-contact a.term", has_text="首次联系").count()
    assert 0 == charter.locator("#complex-case a.term", has_text="客户请求").count()


def test_marking_terms_changes_no_word(browser: Browser, address: str, sites: dict[str, Path]) -> None:
    """The page reads with scripts as it was built."""
    page = browser.new_page()
    page.goto(address + "guarantees/returns/")
    page.locator("a.term").first.wait_for()
    shown = soup(page.locator("article").inner_html())
    page.close()
    original = built(sites["appliances"], "guarantees/returns").select("article")[0]
    assert original.get_text().split() == shown.get_text().split()
    assert [] != shown.select("a.term")


def test_a_link_to_a_clause_is_copied(charter: Page) -> None:
    """A permalink goes to the clause, copies its address, and says so."""
    link = charter.locator("#first-contact a.headerlink")
    link.focus()
    charter.keyboard.press("Enter")
    charter.get_by_text("已复制本条的链接").wait_for()
    address = charter.evaluate("navigator.clipboard.readText()")
    assert address == charter.url
    assert address.endswith("guarantees/charter/#first-contact")


def size(page: Page) -> float:
    """Return the size of the letters of the text."""
    return float(page.evaluate("parseFloat(getComputedStyle(document.querySelector('article')).fontSize)"))


def test_large_type_is_remembered(charter: Page, address: str) -> None:
    """A reader sets it once; it holds on other pages before they are drawn, until she takes it back."""
    small = size(charter)
    charter.locator("button.large").click()
    assert size(charter) >= small * 1.25
    charter.goto(address + "statutory/")
    assert "true" == charter.locator("button.large").get_attribute("aria-pressed")
    assert size(charter) >= small * 1.25
    assert charter.evaluate("document.documentElement.scrollWidth") <= 390
    charter.locator("button.large").click()
    charter.reload()
    assert "false" == charter.locator("button.large").get_attribute("aria-pressed")
    assert small == size(charter)


@pytest.mark.parametrize("path", ["", "statutory/", "changes/", "404.html"])
def test_escape_is_no_error_where_nothing_explains_itself(browser: Browser, address: str, path: str) -> None:
    """A page without clauses has the same script, and nothing to complain of."""
    said: list[str] = []
    page = browser.new_page()
    page.on("pageerror", lambda error: said.append(str(error)))
    page.goto(address + path)
    page.locator(".copied").wait_for(state="attached")
    page.keyboard.press("Escape")
    page.close()
    assert [] == said


def test_without_scripts_nothing_is_dead(browser: Browser, address: str) -> None:
    """The button is not there, figures keep their titles, and the text is whole."""
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(address + "guarantees/charter/")
    button = page.locator("button.large").is_visible()
    title = page.locator("#first-contact data.blank").get_attribute("title")
    context.close()
    assert not button
    assert (title or "").startswith("自20")


def test_without_the_data_a_figure_says_since_when(charter: Page) -> None:
    """A reader offline still learns what the page itself knows."""
    charter.route("**/promises.json", lambda route: route.abort())
    charter.locator("#first-contact data.blank").hover()
    assert told(charter)[0].startswith("自20")


def test_all_scripts_are_small() -> None:
    """No framework: what the project itself sends is under 15 KB, before compression."""
    assert sum(path.stat().st_size for path in (ROOT / "docs" / "assets").glob("*.js")) < 15_000
