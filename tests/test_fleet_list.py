"""The list above the sites of many companies: found by name, pinyin and credit code, in a real browser."""

from __future__ import annotations

import json
import shutil
from typing import TYPE_CHECKING

import pytest
from copies import ROOT
from hosting import CHROMIUM, hosted

from pledge.content_security import secured
from pledge.fleet import landing, pinyin
from pledge.fleet.landing import entry, index, sitemap
from pledge.fleet.record import Record

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser

NAMES = {
    "anhe": "北京安和家电销售有限公司",
    "yuneng": "重庆渝能空调有限公司",
    "chang": "长沙湘暖电器有限公司",
    "abc": "ABC服务<有限>公司",
    "x1": "示例家电有限公司",
    "x2": "示例家电有限公司",
    "odd": "（杭州）阿里山茶具",
}


def record(company: str, name: str) -> Record:
    """Return the note of a site."""
    code = f"91310000MA000{len(company)}{company.upper()[:2]}"
    address = f"https://{company}.example.com/" if company != "x2" else ""
    said = ("2026.1", "2026-12-01", "released", address, pinyin.read(name))
    return Record(company, "", "", [], 1, 1, name, code, *said)


RECORDS = [record(company, name) for company, name in NAMES.items()]


def test_letters_are_those_of_the_pinyin() -> None:
    """A name of several readings has that of the word; what begins with no letter stands at the end."""
    found = {each.company: entry(each) for each in RECORDS}
    assert ["B", "C", "C", "A", "S", "S", "其他"] == [found[company].letter for company in NAMES]
    assert "cqyn" in found["yuneng"].find
    assert "chongqingyuneng" in found["yuneng"].find


def test_the_index_leads_to_every_site() -> None:
    """Each company with its address, and the place of its data; the sitemap knows those with an address."""
    made = json.loads(index(RECORDS))["companies"]
    assert [*NAMES] == [each["id"] for each in made]
    assert ("https://x1.example.com/", "x2/") == (made[4]["url"], made[5]["url"])
    assert "x1/promises.json" == made[4]["promises"]
    assert 6 == sitemap(RECORDS).count("<loc>")
    assert "<loc>https://anhe.example.com/sitemap.xml</loc>" in sitemap(RECORDS)


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Return the address of the list, served on loopback."""
    folder = tmp_path_factory.mktemp("list")
    (folder / "index.html").write_text(secured(landing.page(ROOT, RECORDS)), encoding="utf-8")
    shutil.copytree(ROOT / "docs" / "assets", folder / "assets")
    with hosted(folder) as url:
        yield url


@pytest.mark.xdist_group("browser")
@pytest.mark.skipif(not CHROMIUM, reason="apt-get install chromium")
@pytest.mark.parametrize(
    ("typed", "shown", "said"),
    [
        ("", [*NAMES], "共7家公司。"),
        ("渝能", ["yuneng"], "找到1家公司。"),
        ("CQYN", ["yuneng"], "找到1家公司。"),
        ("ｃｈａｎｇｓｈａ", ["chang"], "找到1家公司。"),
        ("示例 家电", ["x1", "x2"], "找到2家公司。"),
        ("MA0003AB", ["abc"], "找到1家公司。"),
        ("<有限>", ["abc"], "找到1家公司。"),
        ("没有这家", [], "没有找到；换一个词，或者按首字母查。"),
    ],
)
def test_a_company_is_found(browser: Browser, address: str, typed: str, shown: list[str], said: str) -> None:
    """By name, initials, pinyin and code; nothing comes from elsewhere, nothing is complained of."""
    told: list[str] = []
    page = browser.new_page(viewport={"width": 390, "height": 844})
    page.on("console", lambda message: told.append(message.text))
    page.on(
        "request", lambda request: told.append(request.url) if not request.url.startswith(address) else None
    )
    page.goto(address)
    page.fill("#name", typed)
    page.locator("output", has_text=said).wait_for()
    links = page.locator(".companies li:visible a")
    assert sorted(f"{company}/" for company in shown) == sorted(
        str(links.nth(place).get_attribute("href")) for place in range(links.count())
    )
    assert [] == [each for each in told if not each.startswith(address)]
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.close()


def test_the_list_is_whole_without_a_script() -> None:
    """Names are in the page as text, and the box that needs a script is hidden."""
    made = landing.page(ROOT, RECORDS)
    assert "ABC服务&lt;有限&gt;公司" in made
    assert '<form class="find" role="search" hidden>' in made


@pytest.mark.parametrize("count", [0, 1])
def test_few_companies(count: int) -> None:
    """A list of one has no alphabet; an empty one says so."""
    made = landing.page(ROOT, RECORDS[:count])
    assert 'class="letters"' not in made
    assert f"共{count}家公司。" in made
