"""办理时限计算 in Chromium: what a customer asks, what the page answers, and what she can take along."""

from __future__ import annotations

import datetime
import json
import re
from typing import TYPE_CHECKING

import pytest
from alone import soup
from copies import ROOT
from hosting import CHROMIUM

from pledge import project as project_module
from pledge.render import Filling

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from bs4 import BeautifulSoup
    from playwright.sync_api import Browser, Locator, Page

pytestmark = [
    pytest.mark.skipif(CHROMIUM is None, reason="没有 chromium；安装：apt-get install chromium"),
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
]
TODAY = datetime.date(2026, 11, 27)


@pytest.fixture
def clock(browser: Browser, address: str) -> Iterator[Page]:
    """Return the page, open at half past nine in the evening of 30 September in China."""
    page = browser.new_page(viewport={"width": 390, "height": 844}, timezone_id="America/New_York")
    page.clock.set_fixed_time(datetime.datetime(2026, 9, 30, 13, 30, tzinfo=datetime.UTC))
    page.goto(address + "deadlines/")
    page.locator(".clock-form").wait_for()
    yield page
    page.close()


def ask(page: Page, event: str, moment: str) -> list[list[str]]:
    """Return what the page answers for *event* at *moment*: label, amount, end and counting of each."""
    page.locator("#clock-event").select_option(event)
    page.locator("#clock-start").fill(moment)
    parts = ("h2", "p >> nth=0", ".due-how")
    return [[card.locator(part).inner_text() for part in parts] for card in cards(page)]


def cards(page: Page) -> list[Locator]:
    """Return the answers."""
    return page.locator(".due").all()


def test_a_complaint_before_golden_week(clock: Page) -> None:
    """Working days pass over the holidays, natural days end after them, and the counting is shown."""
    assert [
        [
            "投诉首次答复时限\n2个工作日",
            "最迟 2026年10月9日（周五）24时",
            "9月30日不计入，10月8日为第1个工作日，10月9日为第2个工作日。",
        ],
        [
            "投诉办结时限\n7日",
            "最迟 2026年10月8日（周四）24时",
            "9月30日不计入，10月1日为第1日，第7日是10月7日。10月7日放假，顺延到放假结束的次日10月8日。",
        ],
    ] == ask(clock, "收到投诉", "2026-09-30T21:30")


def test_a_request_after_the_doors_closed(clock: Page) -> None:
    """Service time runs on the next morning, hours without a break run through the night."""
    assert [
        [
            "首次联系时限\n2小时",
            "最迟 2026年11月28日（周六）9:30",
            (
                "只计服务时间（周一至周日 8:00-20:00）："
                "11月27日19:30至20:00计30分钟，11月28日8:00至9:30计1小时30分钟。"
            ),
        ],
        [
            "复杂事项答复时限\n48小时",
            "最迟 2026年11月29日（周日）19:30",
            "从11月27日19:30起连续计算48小时。",
        ],
    ] == ask(clock, "收到客户请求", "2026-11-27T19:30")


def test_a_year_that_is_not_published_is_said(clock: Page) -> None:
    """No day is named for working days, and a natural day says on what it depends."""
    told = ask(clock, "收到投诉", "2026-12-30T09:00")
    unknown = "2027年的放假安排尚未公布，现在算不出是哪一天。安排公布后再来查。"
    assert ["投诉首次答复时限\n2个工作日", "最迟 算不出", unknown] == told[0]
    assert told[1][2].endswith("2027年的放假安排尚未公布；这一天如果放假，顺延到放假结束的次日。")
    assert "存入日历" not in cards(clock)[0].inner_text()


def test_a_window_of_the_customer_ends_without_a_threat(clock: Page) -> None:
    """What the customer may do is counted up to a day; what we owe is due at the latest."""
    told = ask(clock, "签收商品（自次日起算）", "2026-11-27T10:00")
    assert ["无理由退货期\n15日", "到 2026年12月12日（周六）24时"] == told[0][:2]


def test_the_page_opens_with_the_time_in_china(clock: Page) -> None:
    """The moment is that of China, wherever the reader's clock stands, and there are answers at once."""
    assert "2026-09-30T21:30" == clock.locator("#clock-start").input_value()
    assert cards(clock)
    assert None is clock.locator(".clock details").get_attribute("open")


def test_without_a_moment_there_is_no_answer(clock: Page) -> None:
    """An emptied field leaves the table alone."""
    ask(clock, "收到投诉", "2026-09-30T21:30")
    clock.locator("#clock-start").fill("")
    assert [] == cards(clock)


def test_a_deadline_goes_into_a_calendar(clock: Page) -> None:
    """The file has the end in universal time, lines of 75 octets at most, and the words of the page."""
    ask(clock, "收到投诉", "2026-09-30T21:30")
    with clock.expect_download() as saved:
        cards(clock)[0].get_by_text("存入日历").click()
    raw = saved.value.path().read_bytes()
    assert "投诉首次答复时限.ics" == saved.value.suggested_filename
    assert all(len(line) <= 75 for line in raw.split(b"\r\n"))
    lines = raw.decode().replace("\r\n ", "").split("\r\n")
    assert ["BEGIN:VCALENDAR", "VERSION:2.0"] == lines[:2]
    assert ["END:VEVENT", "END:VCALENDAR", ""] == lines[-3:]
    fields = dict(line.split(":", 1) for line in lines if ":" in line)
    assert ("20261009T160000Z", "示例家电有限公司：投诉首次答复时限到期") == (
        fields["DTSTART"],
        fields["SUMMARY"],
    )
    assert r"最迟2026年10月9日（周五）24时\n9月30日不计入" in fields["DESCRIPTION"]


def test_the_words_can_be_copied_where_downloads_are_blocked(clock: Page) -> None:
    """A browser that refuses the clipboard shows the text, selected, to be taken by hand."""
    ask(clock, "收到投诉", "2026-09-30T21:30")
    clock.evaluate("Object.defineProperty(navigator, 'clipboard', { value: undefined })")
    cards(clock)[0].get_by_text("复制文字").click()
    text = cards(clock)[0].locator("textarea")
    assert text.is_visible()
    link = clock.url.replace("deadlines/", "guarantees/charter/#complaint-reply")
    assert [
        "示例家电有限公司：投诉首次答复时限2个工作日",
        "2026年9月30日（周三）21:30，收到投诉",
        "由专人把受理情况和下一步安排答复客户：最迟2026年10月9日（周五）24时",
        "9月30日不计入，10月8日为第1个工作日，10月9日为第2个工作日。",
        f"条款：{link}",
    ] == text.input_value().split("\n")


def test_without_scripts_every_time_is_in_the_table(browser: Browser, address: str) -> None:
    """The table is open, the form that nothing would answer is not there."""
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(address + "deadlines/")
    form, rows = page.locator(".clock-form").is_visible(), page.locator(".times tbody tr:visible").count()
    context.close()
    assert (False, True) == (form, rows > 20)


def test_if_the_script_fails_every_time_comes_into_sight(browser: Browser, address: str) -> None:
    """The table waits for the script so that nothing jumps, but not for ever."""
    page = browser.new_page()
    page.route("**/clock.js", lambda route: route.abort())
    page.goto(address + "deadlines/")
    row = page.locator(".times tbody tr").first
    assert not row.is_visible()
    row.wait_for(timeout=15_000)
    seen = page.locator(".times").evaluate("(box) => getComputedStyle(box).contentVisibility")
    page.close()
    assert "visible" == seen


def made(company: str) -> BeautifulSoup:
    """Return the section of a company as HTML."""
    project = project_module.load(ROOT)
    filling = Filling(project, project.company(company), TODAY)
    context = {"page": type("Page", (), {"url": "deadlines/"})()}
    return soup(filling.deadlines(context))  # type: ignore[arg-type]


@pytest.mark.parametrize("company", ["appliances", "appliances-east", "it-services", "online-shop"])
def test_every_promised_time_is_there(company: str) -> None:
    """Each time with a direction that a published page speaks is in the table, rows of tables too."""
    project = project_module.load(ROOT)
    chosen = project.company(company)
    spoken = {blank for page in project.published(chosen) for blank in page.spoken}
    values = [chosen.values[blank] for blank in spoken if blank in chosen.values]
    wanted = {
        value.blank.label
        for value in values
        if value.blank.kind == "duration" and value.blank.better != "none" and value.blank.starts
    }
    for value in values:
        rows = value.data if value.blank.kind == "table" else ()
        cells = [(row[value.blank.key].text, cell) for row in rows for cell in row.values()]
        timed = [(name, cell) for name, cell in cells if cell.blank.kind == "duration" and cell.blank.starts]
        wanted |= {f"{cell.blank.label}：{name}" for name, cell in timed if cell.blank.better != "none"}
    assert wanted == {row.select("th")[0].get_text() for row in made(company).select("tbody tr")}


def test_times_that_can_be_counted_are_offered() -> None:
    """Each start that is offered has a row to count."""
    page = made("appliances")
    starts = [option.get_text() for option in page.select("option")]
    rows = [row for row in page.select("tbody tr") if row.select("[data-family]")]
    assert list(dict.fromkeys(row.select("td")[1].get_text() for row in rows)) == starts
    assert not re.search(r"</?script", page.select(".clock-days")[0].get_text())


def test_the_search_leaves_the_table_out(sites: dict[str, Path]) -> None:
    """The table repeats what clauses say; who searches is to find the clause."""
    index = json.loads((sites["appliances"] / "search" / "search_index.json").read_text(encoding="utf-8"))
    told = "".join(entry["text"] for entry in index["docs"] if entry["location"].startswith("deadlines/"))
    assert "怎样计算" in "".join(entry["title"] for entry in index["docs"]).replace("\u200b", "")
    assert "验货" not in told.replace("\u200b", "")
