"""The released editions on the site: history, permanent pages, banner, and since when a value holds."""

from __future__ import annotations

import datetime
import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from alone import article, soup, visible
from copies import ROOT, copied
from released import COVERED, LONG, TODAY, WITHOUT, change, release, relink, work

from pledge import project as project_module
from pledge.archive import body
from pledge.edition import digest, load
from pledge.history import record
from pledge.periods import Period, periods, released, until
from pledge.release import seal
from pledge.render import Filling
from pledge.transcript import HEADING, ITEM, PARAGRAPH, TABLE, TITLE, Block, spoken, written
from pledge.verify import chain

if TYPE_CHECKING:
    from bs4 import BeautifulSoup, Tag

    from pledge.edition import Edition

BIN = Path(sys.executable).parent
RESTORE = "从 git 恢复它，内容有误就发布新的版本改正"
NUMBERS = ["2099.1", "2026.1", "2025.2", "2025.1"]
HOSTILE = "<script>alert(1)</script>{{ x }} \"'&amp; *a* [b](c)"


def run(root: Path, *command: str) -> subprocess.CompletedProcess[str]:
    """Run a command of the package in *root*, for the default company."""
    env = {**os.environ, "NO_MKDOCS_2_WARNING": "1"}
    env.pop("COMPANY", None)
    done = [str(BIN / command[0]), *command[1:]]
    return subprocess.run(done, cwd=root, env=env, capture_output=True, text=True, check=False)


def built(root: Path) -> Path:
    """Return the site that `pledge build` makes in *root*."""
    done = run(root, "pledge", "build")
    assert 0 == done.returncode, done.stderr
    return root / "site"


def page(site: Path, path: str) -> BeautifulSoup:
    """Return a page of *site*."""
    return soup((site / path / "index.html").read_text(encoding="utf-8"))


def one(parsed: Tag, selector: str) -> Tag:
    """Return the only element that *selector* finds."""
    (found,) = parsed.select(selector)
    return found


def texts(parsed: Tag, selector: str) -> list[str]:
    """Return the visible text of each element that *selector* finds, without white space around lines."""
    return ["".join(tag.get_text().split()) for tag in parsed.select(selector)]


@pytest.fixture(scope="session")
def project(aged: Path) -> Path:
    """Return a project with four editions: two past, one in force, one to come."""
    return aged.parents[1] / "project"


@pytest.fixture
def copy(project: Path, tmp_path: Path) -> Path:
    """Return a copy of the project with four editions that a test may change."""
    return Path(shutil.copytree(project, tmp_path / "project"))


@pytest.fixture(scope="session")
def site(aged: Path) -> Path:
    """Return the built site of the project with four editions."""
    return aged


@pytest.fixture(scope="session")
def editions(project: Path) -> list[Edition]:
    """Return the four editions, oldest first."""
    return load(project, ("appliances",))


def test_editions_stand_newest_first_with_the_days_in_force(site: Path) -> None:
    """Both lists name every edition, the newest on top, and the day each began and ended."""
    changes = page(site, "changes")
    days = [
        "2099年1月1日起施行",
        "2026年1月15日起施行，至2098年12月31日止",
        "2025年7月1日起施行，至2026年1月14日止",
        "2025年1月1日起施行，至2025年6月30日止",
    ]
    assert [f"{number}版" for number in NUMBERS] == texts(changes, ".finder tbody th")
    assert days == texts(changes, ".finder tbody td:nth-of-type(1)")
    assert [f"{number}版" for number in NUMBERS] == texts(changes, ".edition h3")
    assert days == texts(changes, ".edition-days")
    assert "缩短首次联系时限" in texts(changes, "[id='edition-2025.2'] p")


def rows(changes: Tag, number: str) -> list[list[str]]:
    """Return the table of what an edition changed."""
    found = one(changes, f"[id='edition-{number}']").select(".changes tbody tr")
    return [texts(row, "th, td") for row in found]


def test_each_change_has_its_before_and_after(site: Path) -> None:
    """What was promised, what is promised instead, and what begins or ends stand side by side."""
    changes = page(site, "changes")
    long = "".join(LONG.split())
    assert [["首次联系时限", "4小时", "2小时"]] == rows(changes, "2099.1")
    assert [
        ["《公开声明型》", "公布", "不再公布"],
        ["商品三包期限表对开门冰箱：整机三包期", "1年", "3年"],
        ["城区上门时限", "48小时", "24小时"],
    ] == rows(changes, "2026.1")
    assert [
        ["首次联系时限", "8小时", "4小时"],
        ["《管理规范型》第3.2款第(1)项", long, long.replace("4个", "2个")],
        ["《管理规范型》第3.1款第(2)项", "没有这一条款", "(2)客户还可以通过微信提出请求。"],
        ["假冒商品增加赔偿的倍数", "3倍", "不再承诺"],
    ] == rows(changes, "2025.2")
    assert [] == rows(changes, "2025.1")


def test_what_differs_in_a_long_text_is_marked(site: Path) -> None:
    """In a changed clause the words that went and the words that came are marked."""
    changes = page(site, "changes")
    assert ["4个工作日"] == texts(changes, ".changes del")
    assert ["2个工作日"] == texts(changes, ".changes ins")


def test_a_withdrawal_says_what_replaced_it_and_who_is_covered(site: Path) -> None:
    """The edition that withdrew a variant says so in a sentence."""
    told = f"公开声明型保障书不再公布，由网络零售型保障书取代。仍然适用于：{COVERED}。"
    assert told in texts(page(site, "changes"), "[id='edition-2026.1'] p")


def test_no_verdict_is_public(site: Path) -> None:
    """Better and weaker are for the review."""
    for path in site.rglob("*.html"):
        assert None is re.search("变差|变好|weaker|better", soup(path.read_text(encoding="utf-8")).get_text())


def test_a_chart_and_its_table_say_the_same(site: Path) -> None:
    """Each dot of a chart is a row of the table beside it; a later dot is lower where the time is shorter."""
    for figure in page(site, "changes").select("figure.steps"):
        table = [tuple(texts(row, "th, td")) for row in figure.select("tbody tr")]
        dots = [re.split("，|：", title) for title in texts(figure, "circle title")]
        assert table == [tuple(dot) for dot in reversed(dots)]
    first = page(site, "changes").select("figure.steps")[0]
    assert ["8小时", "4小时", "2小时"] == [text.split("：")[1] for text in texts(first, "circle title")]
    heights = [float(str(dot["cy"])) for dot in first.select("circle")]
    assert sorted(set(heights)) == heights
    assert "首次联系时限" == one(first, "svg > title").get_text()


def recorded(root: Path, *values: str | None) -> list[Edition]:
    """Return editions in which the first reply was promised as *values* say, None for not at all."""
    blank = "complaint.first_reply"
    for place, value in enumerate(values):
        folder = release(root, number=f"1.{place}", effective=f"20{20 + place}-01-01")
        path = folder / "edition.yml"
        entry = json.loads(path.read_text(encoding="utf-8"))
        recorded = entry["values"].pop(blank)
        if value:
            entry["values"][blank] = {**recorded, "value": value}
        path.write_text(json.dumps(entry, ensure_ascii=False), encoding="utf-8")
    return load(root, ("appliances",))


def reply_figure(root: Path, found: list[Edition]) -> Tag:
    """Return the chart of the first reply with its table."""
    figures = soup(record(found, project_module.load(root).catalogue, "../")).select("figure.steps")
    return next(figure for figure in figures if "投诉首次答复时限" in figure.get_text())


def test_where_nothing_was_promised_the_chart_has_a_gap(tmp_path: Path) -> None:
    """A promise that ends and comes back leaves a gap in the line and 未承诺 in the table."""
    root = copied(tmp_path)
    figure = reply_figure(root, recorded(root, "24小时", None, "12小时"))
    assert ["12小时", "未承诺", "24小时"] == texts(figure, "tbody td:last-child")
    assert 2 == len(figure.select("circle"))
    assert 2 == str(one(figure, ".step-line")["d"]).count("M")


def test_amounts_of_different_kinds_have_a_table_and_no_chart(tmp_path: Path) -> None:
    """Hours and working days have no common scale, so only the table tells them."""
    root = copied(tmp_path)
    figure = reply_figure(root, recorded(root, "24小时", "2个工作日", "2个工作日"))
    assert ["2个工作日", "24小时"] == texts(figure, "tbody td:last-child")
    assert [] == figure.select("svg")


def test_one_edition_has_no_chart(project: Path, editions: list[Edition]) -> None:
    """A single edition shows no course."""
    assert "<svg" not in record(editions[:1], project_module.load(project).catalogue, "../")


def test_every_edition_has_a_page_for_every_text(site: Path, editions: list[Edition]) -> None:
    """The addresses are `/editions/<number>/<variant>/`, and the history leads to each."""
    wanted = {f"{edition.number}/{variant}" for edition in editions for variant in edition.texts}
    made = {
        path.parent.relative_to(site / "editions").as_posix() for path in site.glob("editions/*/*/*.html")
    }
    links = page(site, "changes").select(".finder td a")
    assert wanted == made
    assert {f"../editions/{name}/" for name in wanted} == {str(link["href"]) for link in links}


def folded(text: str) -> str:
    """Return *text* without white space."""
    return "".join(text.split())


def test_an_archive_page_is_the_released_text(site: Path, editions: list[Edition]) -> None:
    """Every block of the released text is on its page, in order, and nothing else; clauses keep their ids."""
    for edition in editions:
        for variant in edition.texts:
            blocks = edition.blocks(variant)
            text = one(page(site, f"editions/{edition.number}/{variant}"), "#text")
            wanted = "".join(folded(spoken(block).replace("｜", "")) for block in blocks)
            assert wanted == folded(text.get_text()), (edition.number, variant)
            assert [block.id for block in blocks if block.id] == [tag["id"] for tag in text.select("[id]")]


@pytest.mark.parametrize(
    ("path", "marker", "days"),
    [
        ("2025.2/charter", "历史版本", "2025年7月1日起施行，至2026年1月14日止"),
        ("2026.1/charter", "版本存档", "2026年1月15日起施行，至2098年12月31日止"),
        ("2099.1/charter", "版本存档", "2099年1月1日起施行"),
        ("2025.1", "历史版本", "2025年1月1日起施行，至2025年6月30日止"),
    ],
)
def test_an_archive_page_says_what_it_is(site: Path, path: str, marker: str, days: str) -> None:
    """It is marked with its days, asks not to be indexed, and names no page of its own as canonical."""
    shown = page(site, f"editions/{path}")
    assert marker == one(shown, ".marker strong").get_text()
    assert days in texts(shown, ".marker span")
    assert "noindex" == one(shown, "meta[name=robots]")["content"]
    current = "guarantees/charter/" if "charter" in path else "changes/"
    assert f"https://appliances.example.com/{current}" == one(shown, "link[rel=canonical]")["href"]


def test_an_archive_page_shows_its_hash_and_its_neighbours(site: Path, editions: list[Edition]) -> None:
    """The whole SHA-256 of the text is there, and the way to the editions before and after."""
    shown = page(site, "editions/2025.2/charter")
    assert editions[1].texts["charter"].sha256 == one(shown, "code")["title"]
    links = [str(link["href"]) for link in shown.select(".neighbours a")]
    assert ["../../2025.1/charter/", "../../2026.1/charter/"] == links


def test_links_of_permanent_pages_lead_somewhere(site: Path) -> None:
    """Every link of the archive and of withdrawn variants ends at a file and an anchor of the site."""
    found = [*site.glob("editions/**/*.html"), site / "guarantees" / "declaration" / "index.html"]
    broken = []
    for path in found:
        for link in soup(path.read_text(encoding="utf-8")).select(
            "a[href], link[rel=stylesheet], link[rel=icon]"
        ):
            target, _, anchor = str(link["href"]).partition("#")
            file = (path.parent / target).resolve() if target else path
            file = file / "index.html" if file.is_dir() else file
            text = file.read_text(encoding="utf-8") if file.is_file() else ""
            if not text or (anchor and not soup(text).find(id=anchor)):
                broken.append((path.relative_to(site).as_posix(), link["href"]))
    assert [] == broken


def test_the_archive_is_not_searched(site: Path) -> None:
    """Neither the sitemap nor the search index knows a released text or what the history quotes."""
    assert "editions/" not in (site / "sitemap.xml").read_text(encoding="utf-8")
    index = json.loads((site / "search" / "search_index.json").read_text(encoding="utf-8"))
    assert not [entry for entry in index["docs"] if entry["location"].startswith("editions/")]
    history = "".join(entry["text"] for entry in index["docs"] if entry["location"].startswith("changes/"))
    assert "都记在这里" in history.replace("\u200b", "").replace(" ", "")
    assert "8小时" not in history.replace("\u200b", "").replace(" ", "")


def test_a_withdrawn_variant_keeps_its_address(site: Path) -> None:
    """It says since when, what replaced it, who is still covered, and where its last text is."""
    shown = page(site, "guarantees/declaration")
    assert ["自2026年1月15日起，我方不再公布这份保障书。"] == texts(shown, "#text > p")[:1]
    entries = dict(zip(texts(shown, "dt"), texts(shown, "dd"), strict=True))
    assert {
        "由什么取代": "《客户售后服务承诺保障书（网络零售型）》",
        "仍然适用于谁": COVERED,
        "最后的文本": "2025.2版全文（2025年7月1日起施行，至2026年1月14日止）",
    } == entries
    links = [str(link["href"]) for link in shown.select("dd a")]
    assert ["../../guarantees/returns/", "../../editions/2025.2/declaration/"] == links
    assert "guarantees/declaration/" not in {str(link["href"]) for link in page(site, "").select("a[href]")}


def test_a_variant_about_to_be_withdrawn_takes_its_words_from_the_variable_file(copy: Path) -> None:
    """Before the release, what is said of it stands in edition.withdrawn."""
    publish = WITHOUT.replace(" project,", "")
    work(copy, "2099.2", "2099-06-01", publish=publish)
    path = copy / "variables" / "appliances.yml"
    entry = "withdrawn: [{variant: project, covered: 已经收到承诺函的客户}]"
    path.write_text(
        path.read_text(encoding="utf-8").replace("note: 首次公布}", f"note: 改, {entry}}}"), encoding="utf-8"
    )
    assert 0 == run(copy, "mkdocs", "build", "-q").returncode
    shown = page(copy / "site", "guarantees/project")
    assert ["我方不再公布这份保障书。"] == texts(shown, "#text > p")[:1]
    assert ["仍然适用于谁", "最后的文本"] == texts(shown, "dt")
    assert "已经收到承诺函的客户" == texts(shown, "dd")[0]


def test_a_coming_edition_has_a_banner_with_the_text_until_then(site: Path) -> None:
    """The banner reads right on any day: the date, and the days of the edition before, with its text."""
    told = "2099.1版自2099年1月1日起施行。2026年1月15日至2098年12月31日适用2026.1版。"
    for path, link in (("guarantees/charter", "../../editions/2026.1/charter/"), ("", "changes/")):
        banner = one(page(site, path), ".md-banner [data-coming]")
        assert "2099-01-01" == banner["data-coming"]
        assert told == folded(banner.get_text())
        assert link == one(banner, "a")["href"].removeprefix("./")  # type: ignore[union-attr]


def test_a_coming_first_edition_says_that_there_was_none(tmp_path: Path) -> None:
    """Before the very first edition nothing was published."""
    root = copied(tmp_path)
    work(root, "2099.1", "2099-01-01")
    release(root)
    banner = one(page(built(root), "guarantees/charter"), ".md-banner [data-coming]")
    assert "2099.1版自2099年1月1日起施行。在此之前没有公布过版本。" == folded(banner.get_text())


def test_an_edition_in_force_has_no_banner(tmp_path: Path) -> None:
    """Once its day has come, the text as released carries no mark."""
    root = copied(tmp_path)
    work(root, "2025.1", "2025-01-01")
    release(root)
    assert [] == page(built(root), "guarantees/charter").select(".md-banner")


def test_a_revision_is_marked_and_refused_by_strict(copy: Path) -> None:
    """Text that differs from the newest edition builds with a mark, warns, and is not published."""
    work(copy, "2099.1", "2099-01-01", publish=WITHOUT, first_contact="1小时")
    lines = (copy / "variables" / "appliances.yml").read_text(encoding="utf-8").splitlines()
    place = 1 + next(number for number, line in enumerate(lines) if line.startswith("edition:"))
    told = (
        "现在的文本与已发布的2099.1版不同（管理规范型、合同条款型、项目承诺函型、三包保修型、网络零售型）；"
        "要公布，先运行 pledge release appliances，只是预览，用 mkdocs serve (unreleased)"
    )
    done = run(copy, "pledge", "build")
    assert 1 == done.returncode
    assert f"variables/appliances.yml:{place}:1: {told}" in done.stderr.splitlines()
    assert not (copy / "site").exists()
    done = run(copy, "mkdocs", "build")
    assert 0 == done.returncode
    assert f"variables/appliances.yml:{place}:1: 警告：{told}" in done.stderr
    shown = page(copy / "site", "guarantees/charter")
    assert "修改稿，尚未公布。" == one(shown, ".md-banner strong").get_text()
    assert "修改稿" == folded(one(shown, ".letterhead-edition").get_text())
    assert "../../changes/" == one(shown, ".md-banner a")["href"]


def test_a_draft_stays_a_draft(copy: Path) -> None:
    """A draft is not compared with what was released."""
    path = copy / "variables" / "appliances.yml"
    path.write_text("draft: true\n" + path.read_text(encoding="utf-8"), encoding="utf-8")
    done = run(copy, "mkdocs", "build", "-q")
    assert "(draft)" in done.stdout
    assert "unreleased" not in done.stdout + done.stderr


def test_an_altered_text_stops_the_build(copy: Path) -> None:
    """A released file that was edited or lost is named with the way out, and nothing is built."""
    folder = copy / "editions" / "appliances" / "2025.2"
    text = (folder / "charter.md").read_text(encoding="utf-8")
    (folder / "charter.md").write_text(text.replace("4小时", "6小时"), encoding="utf-8")
    (folder / "returns.md").unlink()
    done = run(copy, "pledge", "build")
    assert 1 == done.returncode
    lost = [line for line in done.stderr.splitlines() if line.startswith("editions/")]
    assert [
        f"editions/appliances/2025.2/charter.md:1:1: 与发布时不同；{RESTORE} (edition-altered)",
        f"editions/appliances/2025.2/returns.md:1:1: 已发布的文件不见了；{RESTORE} (edition-missing)",
    ] == lost


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        (
            '"number": "2025.2"',
            '"number": "../../x"',
            f"版本号“../../x”与文件夹名“2025.2”不同；{RESTORE} (edition-shape)",
        ),
        (
            '"charter": {\n   "title"',
            '"../x": {\n   "title"',
            f"“../x”不是保障书的名称；{RESTORE} (edition-shape)",
        ),
    ],
)
def test_an_edition_cannot_write_elsewhere(copy: Path, old: str, new: str, message: str) -> None:
    """Numbers and variants become addresses, so those of another form are refused."""
    path = copy / "editions" / "appliances" / "2025.2" / "edition.yml"
    text = path.read_text(encoding="utf-8")
    assert 1 == text.count(old)
    path.write_text(text.replace(old, new), encoding="utf-8")
    found = [problem.text() for problem in chain(load(copy, ("appliances",)))]
    assert f"editions/appliances/2025.2/edition.yml:1:1: {message}" in found


def test_a_number_is_used_once(copy: Path) -> None:
    """An edition under a former name of the company may not share an address with another."""
    shutil.copytree(copy / "editions" / "appliances" / "2025.1", copy / "editions" / "old" / "2025.1")
    found = [problem.text() for problem in chain(load(copy, ("old", "appliances")))]
    message = f"有两个版本都叫“2025.1”；每个版本号只用一次，{RESTORE} (edition-shape)"
    assert f"editions/appliances/2025.1/edition.yml:1:1: {message}" in found


def sinces(site: Path, path: str, blank: str) -> set[tuple[str | None, str | None, str | None]]:
    """Return what the marks of *blank* say of its past."""
    tags = page(site, path).select(f"[data-blank='{blank}']")
    return {_past(tag) for tag in tags}


def _past(tag: Tag) -> tuple[str | None, str | None, str | None]:
    since, before, title = (tag.get(name) for name in ("data-since", "data-before", "title"))
    return str(since) if since else None, str(before) if before else None, str(title) if title else None


def test_each_value_says_since_when_it_holds(site: Path) -> None:
    """A changed value carries its day and what stood before, another the day of the first edition."""
    changed = ("2099-01-01", "4小时", "自2099年1月1日起；此前为4小时")
    assert {changed} == sinces(site, "guarantees/charter", "response.first_contact")
    assert {changed} == sinces(site, "", "response.first_contact")
    steady = ("2025-01-01", None, "自2025年1月1日起")
    assert {steady} == sinces(site, "guarantees/charter", "complaint.first_reply")
    before = "对开门冰箱：整机三包期 1年"
    table = ("2026-01-15", before, f"自2026年1月15日起；此前为{before}")
    assert {table} == sinces(site, "guarantees/warranty", "warranty.products")


def test_a_value_that_is_not_released_has_no_date(copy: Path) -> None:
    """In a revision the changed value carries nothing, the others keep theirs."""
    work(copy, "2099.2", "2099-06-01", publish=WITHOUT, first_contact="1小时")
    company = project_module.load(copy).company("appliances")
    html = article(Filling(project_module.load(copy), company, TODAY), "charter")
    tags = {tag["data-blank"]: tag.get("data-since") for tag in soup(html).select("data.blank")}
    assert None is tags["response.first_contact"]
    assert "2025-01-01" == tags["complaint.first_reply"]


def test_without_editions_nothing_is_added(tmp_path: Path) -> None:
    """A company that has released nothing has no dates on its values and no archive; its history says so."""
    root = copied(tmp_path)
    site = built(root)
    assert "尚未发布过版本。" in texts(page(site, "changes"), "article p")
    assert not (site / "editions").exists()
    for path in site.rglob("*.html"):
        text = path.read_text(encoding="utf-8")
        assert "data-since" not in text, path
        assert "data-coming" not in text, path
        assert "修改稿" not in text, path


def test_hostile_text_is_inert(copy: Path) -> None:
    """Whatever an edition records is shown as written: no element, attribute or template comes of it."""
    folder = copy / "editions" / "appliances" / "2025.2"
    block = Block(ITEM, HOSTILE, id='x"onload="alert(1)', number="(1)", level=2)
    table = Block(TABLE, HOSTILE, rows=((HOSTILE, "b"), (HOSTILE, "d")))
    text = written(
        [
            Block(TITLE, HOSTILE),
            Block(HEADING, HOSTILE, "a", "1.", 1),
            block,
            Block(PARAGRAPH, HOSTILE),
            table,
        ]
    )
    (folder / "charter.md").write_text(text, encoding="utf-8")
    entry = json.loads((folder / "edition.yml").read_text(encoding="utf-8"))
    entry["note"] = entry["name"] = HOSTILE
    entry["texts"]["charter"] = {"title": HOSTILE, "sha256": digest(text)}
    entry["changes"] = [change("response.first_contact", HOSTILE, HOSTILE, HOSTILE * 3, HOSTILE)]
    entry["withdrawn"] = [{"variant": "project", "covered": HOSTILE, "replaced_by": HOSTILE}]
    (folder / "edition.yml").write_text(json.dumps(entry, ensure_ascii=False), encoding="utf-8")
    newest = copy / "editions" / "appliances" / "2099.1" / "edition.yml"
    entry = json.loads(newest.read_text(encoding="utf-8"))
    entry["changes"][0]["before"] = HOSTILE
    newest.write_text(json.dumps(entry, ensure_ascii=False), encoding="utf-8")
    relink(copy)
    site = built(copy)
    marks = page(site, "guarantees/charter").select("[data-blank='response.first_contact']")
    assert {HOSTILE} == {tag["data-before"] for tag in marks}
    for path in ("changes", "editions/2025.2", "editions/2025.2/charter", "editions/2025.2/returns"):
        shown = page(site, path)
        assert not [tag for tag in shown.select("script") if "alert" in tag.get_text()], path
        assert not [tag for tag in shown.select("*") if {"onload", "onerror"} & tag.attrs.keys()], path
        assert HOSTILE in shown.get_text(), path
    assert HOSTILE == one(page(site, "editions/2025.2/charter"), "h1").get_text()


def test_periods_tell_the_days_in_force(editions: list[Edition]) -> None:
    """An edition ends the day before the next begins; one replaced on its first day was never in force."""
    oldest = periods(editions)[0]
    assert datetime.date(2025, 6, 30) == oldest.last
    assert "2025年1月1日至2025年6月30日" == oldest.days
    assert "没有施行，由同日施行的2025.1版取代" == Period(editions[0], editions[0]).words
    assert Period(editions[0], editions[0]).empty


@pytest.mark.parametrize(
    ("day", "numbers"),
    [
        ("2024-12-31", ["2025.1", "2025.2", "2026.1"]),
        ("2025-06-30", ["2025.1", "2025.2", "2026.1"]),
        ("2025-07-01", ["2025.2", "2026.1"]),
        ("2098-12-31", ["2026.1"]),
        ("2099-01-01", []),
    ],
)
def test_until_the_newest_comes_into_force(editions: list[Edition], day: str, numbers: list[str]) -> None:
    """The editions a customer may still fall under before the newest begins."""
    found = until(editions, datetime.date.fromisoformat(day))
    assert numbers == [period.edition.number for period in found]


def test_items_become_nested_lists() -> None:
    """Items of a deeper level are a list inside their item, and what follows ends all lists."""
    items = [Block(ITEM, text, level=level) for text, level in (("a", 2), ("b", 3), ("c", 3), ("d", 2))]
    html = body([*items, Block(PARAGRAPH, "e")])
    clauses = '<ul class="clauses">'
    wanted = f"{clauses}<li>a{clauses}<li>b</li><li>c</li></ul></li><li>d</li></ul><p>e</p>"
    assert wanted == html


def test_editions_are_read_once_for_each_state_of_the_files(copy: Path) -> None:
    """Asking again costs nothing until a file changes."""
    first = released(copy, ("appliances",))
    assert first is released(copy, ("appliances",))
    path = copy / "editions" / "appliances" / "2025.1" / "edition.yml"
    path.write_text(path.read_text(encoding="utf-8") + "\n", encoding="utf-8")
    assert first is not released(copy, ("appliances",))


def test_the_script_is_small() -> None:
    """The script of the banner and the date box stays under 4 KB and starts no request."""
    text = (ROOT / "docs" / "assets" / "editions.js").read_text(encoding="utf-8")
    assert len(text.encode()) < 4096
    assert None is re.search(r"fetch|XMLHttpRequest|import\(|eval|innerHTML", text)


def test_the_page_of_an_edition_lists_its_texts(site: Path) -> None:
    """The address of an edition leads to each of its texts."""
    shown = page(site, "editions/2025.1")
    assert "2025.1版全文" == visible(one(shown, "h1"))
    assert 7 == len(shown.select(".texts a"))


@pytest.mark.parametrize("address", ["https://example.com/盖章.pdf?a=1&b=2", ""])
def test_a_sealed_copy_is_told_with_its_hash(copy: Path, address: str) -> None:
    """The page of an edition names the sealed copy, and leads to it where it is published."""
    (copy / "<盖章>.pdf").write_bytes(b"%PDF-1.7")
    folder = copy / "editions" / "appliances" / "2026.1"
    seal(copy, folder, "<盖章>.pdf", b"%PDF-1.7", address)
    shown = one(page(built(copy), "editions/2026.1"), ".sealed")
    sum_ = hashlib.sha256(b"%PDF-1.7").hexdigest()
    assert f"盖章件：<盖章>.pdf，SHA-256 {sum_}" == shown.get_text()
    assert ([address] if address else []) == [link["href"] for link in shown.select("a")]
    assert [] == page(copy / "site", "editions/2025.2").select(".sealed")
