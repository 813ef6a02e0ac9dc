"""The site measured in Chromium: WCAG 2.2 by axe-core, weight, its own host alone, its policy kept."""

from __future__ import annotations

import itertools
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hosting import CHROMIUM
from playwright.sync_api import expect

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from playwright.sync_api import Browser, Page, Request

AXE = Path(__file__).parent / "npm" / "node_modules" / "axe-core" / "axe.min.js"
WITHOUT_AXE = pytest.mark.skipif(not AXE.is_file(), reason="没有 axe-core；装好 npm 后运行：make axe")
LIMIT = 200_000

# Each type of page, each style of numbering; those of the second list need several editions.
PAGES = (
    "",
    "guarantees/charter/",
    "guarantees/contract/",
    "guarantees/warranty/",
    "statutory/",
    "deadlines/",
    "one-page/",
    "404.html",
)
AGED = ("changes/", "editions/2025.2/", "editions/2025.2/returns/", "guarantees/declaration/")
WIDTHS, SCHEMES = (1280, 390), ("light", "dark")
ALL = list(itertools.product(WIDTHS, SCHEMES, (False, True)))
# Width, colours and large type, each pair of them once; `make test-more` tries all eight.
SOME = [mode for mode in ALL if mode[2] == ((mode[0] == WIDTHS[0]) == (mode[1] == "dark"))]

pytestmark = [
    pytest.mark.skipif(CHROMIUM is None, reason="没有 chromium；安装：apt-get install chromium"),
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
]


class Ear:
    """What a page asked for and complained of."""

    def __init__(self, page: Page, host: str) -> None:
        self.host = host
        self.said: list[str] = []
        self.requests: list[Request] = []
        page.add_init_script(
            "addEventListener('securitypolicyviolation', (e) =>"
            " console.error(`${e.violatedDirective} ${e.blockedURI} ${e.sample}`))"
        )
        page.on("request", self._heard)
        page.on("pageerror", lambda error: self.said.append(str(error)))
        page.on("console", lambda told: self.said.append(told.text) if told.type == "error" else None)

    def _heard(self, request: Request) -> None:
        self.requests.append(request)

    @property
    def abroad(self) -> list[str]:
        """The addresses asked for that are of another host."""
        local = (self.host, "data:", f"blob:{self.host}")
        return [request.url for request in self.requests if not request.url.startswith(local)]


@pytest.fixture
def opened(browser: Browser, host: str) -> Iterator[tuple[Page, Ear]]:
    """Return a new page of the site and the one who listens; both have to be quiet in the end."""
    context = browser.new_context(base_url=host)
    page = context.new_page()
    ear = Ear(page, host)
    yield page, ear
    context.close()
    assert [] == ear.said
    assert [] == ear.abroad


@WITHOUT_AXE
@pytest.mark.parametrize("path", PAGES)
def test_accessible(browser: Browser, host: str, path: str, record_property: Callable[..., None]) -> None:
    """No violation of any rule of axe-core: light and dark, wide and narrow, with large type too."""
    audit(browser, host + path, SOME, record_property)


@WITHOUT_AXE
@pytest.mark.parametrize("path", AGED)
def test_history_is_accessible(
    browser: Browser, aged_host: str, path: str, record_property: Callable[..., None]
) -> None:
    """Nor in the history, in what is kept of it and at the address of a withdrawn variant."""
    audit(browser, aged_host + path, SOME, record_property)


@WITHOUT_AXE
@pytest.mark.more
@pytest.mark.parametrize("path", [*PAGES, "guarantees/service-level/", "guarantees/project/"])
def test_accessible_in_every_mode(
    browser: Browser, host: str, path: str, record_property: Callable[..., None]
) -> None:
    """Each type of page in all eight modes."""
    audit(browser, host + path, ALL, record_property)


@WITHOUT_AXE
@pytest.mark.more
@pytest.mark.parametrize("path", AGED)
def test_history_is_accessible_in_every_mode(
    browser: Browser, aged_host: str, path: str, record_property: Callable[..., None]
) -> None:
    """The history and the archive too."""
    audit(browser, aged_host + path, ALL, record_property)


def audit(browser: Browser, url: str, modes: list[tuple[int, str, bool]], told: Callable[..., None]) -> None:
    """Open a page in each of *modes* and demand that axe-core finds no violation."""
    page = browser.new_page()
    page.goto(url)
    page.wait_for_load_state("networkidle")
    page.evaluate(AXE.read_text(encoding="utf-8"))
    found = [line for mode in modes for line in violations(page, *mode)]
    page.close()
    told("measured", f"axe-core  {len(found)} violations in {len(modes)} modes  /{url.split('/', 3)[3]}")
    assert [] == found


SETTLED = """async () => {
  const frames = async () => { for (let i = 0; i < 3; i++) await new Promise(requestAnimationFrame); };
  for (const top of [document.body.scrollHeight, 0]) { scrollTo(0, top); await frames(); }
  // What is not drawn, as in a closed <details>, does not move either, and never finishes.
  const moving = () => document.getAnimations().filter((each) => each.effect.target.checkVisibility());
  while (moving().length) {
    for (const each of moving()) each.finish();
    await frames();
  }
}"""


def violations(page: Page, width: int, scheme: Any, large: bool) -> list[str]:  # noqa: ANN401, FBT001
    """Return what axe-core finds in one mode: rule, element and reason.

    The page is scrolled to its end and back before, and what fades has faded.
    """
    page.set_viewport_size({"width": width, "height": 844})
    page.emulate_media(color_scheme=scheme)
    page.evaluate("(on) => document.documentElement.classList.toggle('large', on)", large)
    page.evaluate(SETTLED)
    return [f"{width} {scheme}{' large' if large else ''}: {line}" for line in judged(page)]


def judged(page: Page) -> list[str]:
    """Return what axe-core, already in the page, finds now; the rule that WCAG 2.2 added is turned on."""
    found = page.evaluate(
        "axe.run({resultTypes: ['violations'], rules: {'target-size': {enabled: true}}})"
        ".then(({violations}) => violations.flatMap(({id, nodes}) =>"
        " nodes.map(({html, failureSummary}) => `${id}: ${html.slice(0, 200)} ${failureSummary}`)))"
    )
    return list(found)


@WITHOUT_AXE
@pytest.mark.parametrize("width", WIDTHS)
def test_the_search_is_accessible_while_open(browser: Browser, host: str, width: int) -> None:
    """The dialog with its results has no violation."""
    page = browser.new_page(viewport={"width": width, "height": 844}, base_url=host)
    page.goto("/")
    page.wait_for_load_state("networkidle")
    search(page, "备用机")
    page.evaluate(SETTLED)
    page.evaluate(AXE.read_text(encoding="utf-8"))
    found = judged(page)
    page.close()
    assert [] == found


def search(page: Page, word: str) -> None:
    """Open the search as a key does, type a word and wait for results.

    The key is listened to once the index is there, and the field has the focus once the search has opened.
    """
    expect(page.locator(".md-search-result__meta")).to_have_text("键入以开始搜索")
    page.keyboard.press("f")
    expect(page.locator(".md-search__input")).to_be_focused()
    page.keyboard.type(word)
    page.locator(".md-search__input").dispatch_event("keyup")
    page.locator(".md-search-result__item").first.wait_for()


@WITHOUT_AXE
def test_a_rule_that_is_broken_is_found(opened: tuple[Page, Ear]) -> None:
    """The measure itself measures: pale text and a picture without words are found."""
    page, _ = opened
    page.goto("/")
    page.evaluate(AXE.read_text(encoding="utf-8"))
    page.evaluate("document.querySelector('h1').style.color = '#bbb'")
    page.evaluate("document.querySelector('article').append(new Image())")
    assert ["color-contrast", "image-alt"] == sorted(line.partition(":")[0] for line in judged(page))


CONTRAST = """() => {
  const parts = (text) => {
    const [r, g, b, a = 1] = text.match(/[\\d.]+/g).map(Number);
    return [r, g, b, a];
  };
  const over = (top, base) => [0, 1, 2].map((i) => top[i] * top[3] + base[i] * (1 - top[3])).concat(1);
  const shade = (value) => {
    const probe = document.body.appendChild(document.createElement("i"));
    probe.style.color = value;
    const found = parts(getComputedStyle(probe).color);
    probe.remove();
    return found;
  };
  const ground = (element) => {
    const own = parts(getComputedStyle(element).backgroundColor);
    return own[3] === 1 || !element.parentElement ? own : over(own, ground(element.parentElement));
  };
  const light = (colour) => {
    const linear = (part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4);
    const [r, g, b] = colour.slice(0, 3).map((part) => linear(part / 255));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const ratio = (a, b) => {
    const [low, high] = [light(a), light(b)].sort((x, y) => x - y);
    return (high + 0.05) / (low + 0.05);
  };
  const tint = shade("var(--ink-tint)");
  const seen = document.querySelectorAll(
    "data.blank, .step-chart text, .notice *:not(.headerlink), .clause-number"
  );
  return [...seen].map((each) => {
    const style = getComputedStyle(each);
    const base = ground(each.closest("svg") ?? each);
    const ink = parts(each.matches("text") ? style.fill : style.color);
    const found = ratio(ink, style.backgroundImage === "none" ? base : over(tint, base));
    return [found, each.outerHTML.slice(0, 120)];
  }).filter(([found]) => found < 4.5);
}"""


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("path", ["guarantees/charter/", "guarantees/warranty/", "changes/"])
def test_contrast_that_axe_cannot_judge(browser: Browser, host: str, path: str, scheme: Any) -> None:  # noqa: ANN401
    """Figures on their tint, the texts of charts and marked clauses keep 4.5 to 1 (WCAG 2.2, 1.4.3)."""
    page = browser.new_page(color_scheme=scheme, base_url=host)
    page.goto(path)
    weak = page.evaluate(CONTRAST)
    page.close()
    assert [] == weak


def test_the_first_page_is_light(opened: tuple[Page, Ear], record_property: Callable[..., None]) -> None:
    """A first visit loads less than 200 KB, compressed, without the search and its index."""
    page, ear = opened
    page.goto("/")
    page.wait_for_load_state("networkidle")
    sizes = {
        re.sub(r"\?.*", "", request.url.removeprefix(ear.host)) or "index.html": request.sizes()[
            "responseBodySize"
        ]
        for request in ear.requests
        if request.url.startswith("http") and not re.search(r"/search|/lunr/", request.url)
    }
    assert {"index.html", "assets/pledge.css"} <= sizes.keys()
    for name, size in sizes.items():
        record_property("measured", f"first page  {size:>7} B  {name}")
    record_property("measured", f"first page  {sum(sizes.values()):>7} B  all {len(sizes)} requests")
    assert sum(sizes.values()) < LIMIT


def test_search_and_colours_work_under_the_policy(opened: tuple[Page, Ear]) -> None:
    """The search's worker runs, a result is shown, and the toggle changes the colours."""
    page, _ = opened
    page.goto("/")
    page.wait_for_load_state("networkidle")
    search(page, "备用机")
    page.keyboard.press("Escape")
    before = page.locator("body").get_attribute("data-md-color-scheme")
    page.locator("label[for^=__palette]:visible").click()
    assert {"default", "slate"} == {before, page.locator("body").get_attribute("data-md-color-scheme")}
    page.reload()
    assert before != page.locator("body").get_attribute("data-md-color-scheme")


def test_scripts_of_the_pages_work_under_the_policy(opened: tuple[Page, Ear]) -> None:
    """The date box answers, a time is counted, copied and saved, and a clause's link is followed."""
    page, _ = opened
    page.goto("changes/")
    page.locator("#day").fill("2026-11-27")
    assert "适用" in page.locator(".day-box output").inner_text()
    page.locator("#day").press("Enter")
    page.goto("deadlines/")
    page.locator("#clock-start").fill("2026-11-27T10:00")
    page.locator("#clock-start").press("Enter")
    page.locator(".due-copy").first.click()
    with page.expect_download() as saved:
        page.locator(".due-file").first.click()
    assert saved.value.suggested_filename.endswith(".ics")
    assert "2026-11-27T10:00" == page.locator("#clock-start").input_value()
    page.goto("guarantees/charter/")
    page.locator("li > a.headerlink").first.click()
    assert "#" in page.url


@pytest.mark.parametrize("path", PAGES)
def test_every_page_keeps_its_policy(opened: tuple[Page, Ear], path: str) -> None:
    """No page asks for anything that its policy refuses, and Chromium understands every directive."""
    page, _ = opened
    page.goto(path or "/")
    page.wait_for_load_state("networkidle")
    assert page.locator("meta[http-equiv=Content-Security-Policy]").count() == 1


def test_the_policy_is_in_force(browser: Browser, host: str) -> None:
    """What a page does not hold does not run: a later script, a style attribute, another host."""
    page = browser.new_page(base_url=host)
    ear = Ear(page, host)
    page.goto("/")
    page.evaluate(
        "document.body.insertAdjacentHTML('beforeend',"
        ' \'<p style="color: red">a</p><button onclick="window.ran = 1">b</button>\''
        " + '<img src=\"http://127.0.0.2/a.png\">')"
    )
    page.locator("button", has_text="b").last.click()
    page.evaluate(
        "document.body.append(Object.assign(document.createElement('script'), {text: 'window.ran = 2'}))"
    )
    ran = page.evaluate("window.ran ?? 0")
    page.close()
    assert 0 == ran
    refused = {name for line in ear.said for name in re.findall(r"^(?:script|style|img)-src[a-z-]*", line)}
    assert {"script-src-attr", "script-src-elem", "style-src-attr", "img-src"} == refused
