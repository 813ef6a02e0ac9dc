"""The feed of editions and the dates of the sitemap, read back by a real parser."""

from __future__ import annotations

import datetime
import json
import subprocess
import sys
from typing import TYPE_CHECKING
from xml.etree import ElementTree

import pytest
from alone import soup, visible
from building import COMPANIES, page
from copies import ROOT, copied
from released import CLAUSES, COVERED, TABLE, TODAY, relink, series

from pledge import project as project_module
from pledge.company import today as this_day
from pledge.edition import ReleasedText, load
from pledge.feed import feed
from pledge.machines import ForMachines
from pledge.periods import last_change
from pledge.render import Filling

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path
    from xml.etree.ElementTree import Element

    from bs4 import BeautifulSoup

    from pledge.edition import Edition

ATOM = "{http://www.w3.org/2005/Atom}"
MAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
SITE = "https://example.com/a/"
HOSTILE = "<script>alert(1)</script>{{ x }} ]]> \"'&amp; </content>"
NUMBERS = ["2099.1", "2026.1", "2025.2", "2025.1"]
SIGNED = {"2025.1": "2024-12-20", "2025.2": "2025-06-20", "2026.1": "2025-12-30", "2099.1": "2098-12-01"}


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a project with four editions, each signed on a day of its own."""
    made = series(copied(tmp_path_factory.mktemp("feed") / "project"))
    for number, day in SIGNED.items():
        rewrite(made, number, signed=day)
    relink(made)
    return made


def rewrite(root: Path, number: str, *, signed: str = "", note: str = "") -> None:
    """Let an edition say that it was signed on another day, or another note."""
    path = root / "editions" / "appliances" / number / "edition.yml"
    entry = json.loads(path.read_text(encoding="utf-8"))
    if signed:
        entry["values"]["signing.date"] = {"label": "签署日期", "value": signed}
    entry["note"] = note or entry["note"]
    path.write_text(json.dumps(entry, ensure_ascii=False), encoding="utf-8")


def filling(root: Path, company: str = "appliances") -> Filling:
    """Return the filling of a company of the project at *root*."""
    project = project_module.load(root)
    return Filling(project, project.company(company), TODAY)


def read(text: bytes) -> Element:
    """Return the feed's root, as a feed reader parses it."""
    return ElementTree.fromstring(text)  # noqa: S314  our own output


def texts(root: Element, path: str) -> list[str]:
    """Return the text of each element at *path*, names in Atom's namespace."""
    return [found.text or "" for found in root.iterfind("/".join(ATOM + name for name in path.split("/")))]


def contents(root: Element) -> list[BeautifulSoup]:
    """Return what each entry tells, as a reader shows it."""
    return [soup(text) for text in texts(root, "entry/content")]


@pytest.fixture(scope="module")
def atom(root: Path) -> Element:
    """Return the feed of the four editions."""
    return read(feed(filling(root), SITE))


def test_one_entry_an_edition_newest_first(atom: Element) -> None:
    """Each edition is an entry; its permanent address is id and link."""
    addresses = [f"{SITE}editions/{number}/" for number in NUMBERS]
    assert addresses == texts(atom, "entry/id")
    assert addresses == [link.attrib["href"] for link in atom.iterfind(f"{ATOM}entry/{ATOM}link")]
    assert ["2099.1版，2099年1月1日起施行", "2026.1版，2026年1月15日起施行"] == texts(atom, "entry/title")[:2]


def test_entries_are_dated_by_their_signature(atom: Element) -> None:
    """Published and updated are the day of signing in China, and the feed's is the latest."""
    days = [f"{SIGNED[number]}T00:00:00+08:00" for number in NUMBERS]
    assert days == texts(atom, "entry/published") == texts(atom, "entry/updated")
    assert [days[0]] == texts(atom, "updated")
    assert all(datetime.datetime.fromisoformat(day).tzinfo for day in days)


def test_the_feed_names_itself(atom: Element) -> None:
    """Id, self, the page for people, author, generator and language."""
    links = {link.attrib["rel"]: link.attrib for link in atom.iterfind(f"{ATOM}link")}
    assert {"self", "alternate"} == links.keys()
    assert [f"{SITE}feed.xml"] == texts(atom, "id")
    assert f"{SITE}feed.xml" == links["self"]["href"]
    assert "application/atom+xml" == links["self"]["type"]
    assert f"{SITE}changes/" == links["alternate"]["href"]
    assert (["示例家电有限公司"], ["pledge"]) == (texts(atom, "author/name"), texts(atom, "generator"))
    assert "zh-CN" == atom.attrib["{http://www.w3.org/XML/1998/namespace}lang"]


def test_entries_tell_what_changed(atom: Element) -> None:
    """The note, the first day, and every change from what to what, as the page 变更记录 words them."""
    newest, third, second, first = contents(atom)
    assert "2099年1月1日起施行 首次公布" in visible(newest)
    assert [["首次联系时限", "4小时", "2小时"]] == rows(newest)
    assert ["首次联系时限", "8小时", "4小时"] == rows(second)[0]
    assert len(CLAUSES) + 1 == len(rows(second))
    assert ["公布", "不再公布"] == rows(third)[0][1:]
    assert len(TABLE) + 2 == len(rows(third))
    assert f"由网络零售型保障书取代。仍然适用于：{COVERED}" in visible(third)
    assert [] == rows(first)


def rows(told: BeautifulSoup) -> list[list[str]]:
    """Return the cells of each change."""
    return [[cell.get_text() for cell in row.select("th, td")] for row in told.select("tbody tr")]


def test_later_editions_change_no_entry(root: Path) -> None:
    """An entry reads the same for good: a later edition, and a title it gives anew, are not in it."""
    filled = filling(root)
    filled.editions = load(root, ["appliances"])
    filled.editions[-1].texts["returns"] = ReleasedText("另名型", "0" * 64)
    entries = _entries(feed(filled, SITE))
    filled.editions = filled.editions[:-1]
    assert entries[1:] == _entries(feed(filled, SITE))


def _entries(text: bytes) -> list[bytes]:
    return [ElementTree.tostring(entry) for entry in read(text).iterfind(f"{ATOM}entry")]


def test_no_foreign_host(atom: Element) -> None:
    """Every address in the feed is one of the site."""
    found = [element.attrib["href"] for element in atom.iter() if "href" in element.attrib]
    found += texts(atom, "id") + texts(atom, "entry/id") + texts(atom, "author/uri")
    for told in contents(atom):
        found += [str(tag.get("href") or tag.get("src")) for tag in told.select("[href], [src]")]
    assert found
    assert [] == [address for address in found if not address.startswith(SITE)]


def test_a_hostile_note_is_text(root: Path) -> None:
    """A note with tags stands in the feed as its own letters, name and title too."""
    filled = filling(root)
    filled.editions[0].note, before = HOSTILE, filled.editions[0].note
    try:
        made = contents(read(feed(filled, SITE)))[-1]
    finally:
        filled.editions[0].note = before
    assert [] == made.select("script")
    assert HOSTILE in made.get_text()


def test_a_day_of_signing_that_is_not_known(root: Path, tmp_path: Path) -> None:
    """An edition whose values do not say when it was signed has the day it came into force."""
    text = (root / "editions" / "appliances" / "2025.1" / "edition.yml").read_text(encoding="utf-8")
    for value in (
        None,
        {"label": "签署日期", "value": "某日"},
        {"label": "签署日期", "value": ["2020-01-01"]},
    ):
        entry = json.loads(text)
        entry["values"].pop("signing.date")
        entry["values"] |= {"signing.date": value} if value else {}
        folder = tmp_path / "editions" / "a" / "2025.1"
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "edition.yml").write_text(json.dumps(entry, ensure_ascii=False), encoding="utf-8")
        (edition,) = load(tmp_path, ["a"])
        assert datetime.date(2025, 1, 1) == edition.signed


def test_the_same_editions_give_the_same_bytes(root: Path) -> None:
    """Nothing of the moment is in the feed."""
    assert feed(filling(root), SITE) == feed(filling(root), SITE)


def test_without_an_address_there_is_no_feed(root: Path) -> None:
    """A preview, and a site whose address is not known, has no feed and no link to one."""
    machines = ForMachines(filling(root), "released", "")
    assert ["promises.json"] == [*machines.files()]
    assert "" == machines.shown()["feed"]


@pytest.mark.parametrize("company", COMPANIES)
def test_the_built_site_has_it_and_says_where(sites: dict[str, Path], company: str) -> None:
    """The feed of a build is that of its editions; every page's head and foot lead to it."""
    site = sites[company]
    filled = filling(ROOT, company)
    made = (site / "feed.xml").read_bytes()
    assert feed(filled, filled.company.text("company.website")) == made
    assert len(filled.editions) == len(read(made).findall(f"{ATOM}entry"))
    for path in ("", "statutory", "guarantees/charter"):
        here = page(site, path)
        up = "../" * (path.count("/") + 1) if path else ""
        assert [f"{up}feed.xml"] == [
            link["href"] for link in here.select('head link[type="application/atom+xml"]')
        ]
        foot = here.select_one("footer .colophon-data")
        assert foot
        assert [f"{up}promises.json", f"{up}feed.xml"] == [link["href"] for link in foot.select("a")]
        assert "数据 承诺（JSON） 版本更新（Atom）" == " ".join(foot.get_text(" ").split())


def test_commands_do_not_pay_for_the_feed() -> None:
    """Starting the command line, or the plugin, does not load what writes a feed."""
    code = "import sys, pledge.cli, pledge.plugin; sys.exit('feedgen' in sys.modules)"
    assert 0 == subprocess.run([sys.executable, "-c", code], check=False).returncode


def sitemap(site: Path) -> dict[str, str]:
    """Return when each page last changed, by address."""
    tree = ElementTree.parse(site / "sitemap.xml")  # noqa: S314  our own output
    return {
        url.findtext(f"{MAP}loc", ""): url.findtext(f"{MAP}lastmod", "")
        for url in tree.getroot().iterfind(f"{MAP}url")
    }


def _changes(editions: list[Edition], variant: str) -> Iterator[str]:
    """Yield the day of each edition in which *variant* is not as in the one before."""
    for before, edition in zip([None, *editions], editions, strict=False):
        old = before.texts.get(variant) if before else None
        if old is None or old.sha256 != edition.texts[variant].sha256:
            yield edition.signed.isoformat()


PAGES = ("changes", "deadlines", "one-page", "statutory")


@pytest.mark.parametrize("company", COMPANIES)
def test_the_sitemap_has_true_dates(sites: dict[str, Path], company: str) -> None:
    """Each page has the day its text was signed, the others that of the newest edition; none is to come."""
    read_company = project_module.load(ROOT).company(company)
    editions = load(ROOT, read_company.names)
    top = read_company.text("company.website")
    newest = editions[-1].signed.isoformat()
    wanted = dict.fromkeys((top, *(f"{top}{name}/" for name in PAGES)), newest)
    for variant in read_company.publish:
        known = [edition for edition in editions if variant in edition.texts]
        wanted[f"{top}guarantees/{variant}/"] = list(_changes(known, variant))[-1]
    assert wanted == sitemap(sites[company])
    assert max(wanted.values()) <= this_day().isoformat()


def test_the_last_change_is_never_to_come(root: Path) -> None:
    """The newest day that is not after today counts, and before the first there is none."""
    editions = load(root, ["appliances"])
    cases = {
        "2024-12-19": None,
        "2024-12-20": "2024-12-20",
        "2025-12-29": "2025-06-20",
        "2026-11-22": "2025-12-30",
        "2099-01-01": "2098-12-01",
    }
    for today, expected in cases.items():
        for variant in ("charter", ""):
            found = last_change(editions, variant, datetime.date.fromisoformat(today))
            assert expected == (found.isoformat() if found else None)


def test_a_text_that_stays_keeps_its_day(root: Path) -> None:
    """An edition that leaves a variant as it was does not move its day, nor one that leaves it out."""
    editions = load(root, ["appliances"])
    same = editions[0].texts["warranty"]
    for edition in editions[1:]:
        edition.texts["warranty"] = same
    del editions[1].texts["warranty"]
    assert datetime.date(2024, 12, 20) == last_change(editions, "warranty", datetime.date(2099, 1, 1))
    assert None is last_change(editions, "nothing", datetime.date(2099, 1, 1))
