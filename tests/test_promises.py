"""promises.json: as its schema says, equal to what the pages print, and complete both ways."""

from __future__ import annotations

import datetime
import json
import shutil
from decimal import Decimal
from functools import cache
from typing import TYPE_CHECKING, Any

import jsonschema
import pytest
from alone import visible
from building import COMPANIES, fresh, mkdocs, pages
from building import page as read
from copies import ROOT, copied
from released import series

from pledge import project as project_module
from pledge.company import today as this_day
from pledge.edition import load
from pledge.entries import DIRECTIONS
from pledge.kinds import KINDS
from pledge.machines import ForMachines
from pledge.promises import as_json
from pledge.quantity import Quantity, figure
from pledge.render import Filling
from pledge.standing import STATUSES
from pledge.typed import Value

if TYPE_CHECKING:
    from pathlib import Path

    from bs4 import BeautifulSoup, Tag

PROJECT = project_module.load(ROOT)
TODAY = datetime.date(2026, 11, 22)
SCHEMA: dict[str, Any] = json.loads((ROOT / "docs/schemas/promises-1.json").read_text(encoding="utf-8"))
# What is said of a cell, of a promise and of a floor, by the part of the schema that demands it.
PARTS = {
    "file": SCHEMA,
    "company": SCHEMA["properties"]["company"],
    "edition": SCHEMA["properties"]["edition"],
    "promise": SCHEMA["properties"]["promises"]["items"],
    "cell": SCHEMA["$defs"]["cell"],
    "law": SCHEMA["$defs"]["law"]["items"],
}


def closed(schema: Any) -> Any:  # noqa: ANN401  a schema is made of anything
    """Return *schema* with every object refusing what it does not name."""
    if isinstance(schema, list):
        return [closed(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    made = {name: closed(each) for name, each in schema.items()}
    if isinstance(schema.get("properties"), dict) and schema.get("type") == "object":
        made["additionalProperties"] = False
    return made


def complaints(document: Any, schema: Any = SCHEMA) -> list[str]:  # noqa: ANN401  as above
    """Return what is wrong with *document* by *schema*."""
    checker = jsonschema.Draft202012Validator.FORMAT_CHECKER
    validator = jsonschema.Draft202012Validator(schema, format_checker=checker)
    return [f"{error.json_path}: {error.message}" for error in validator.iter_errors(document)]


def filling(company: str = "appliances") -> Filling:
    """Return the filling of a sample company."""
    return Filling(PROJECT, PROJECT.company(company), TODAY)


def document(filled: Filling, state: str = "released", site: str = "https://example.com/") -> dict[str, Any]:
    """Return promises.json of a filling, read back."""
    made: dict[str, Any] = json.loads(as_json(filled, state, site))
    return made


def published(site: Path) -> dict[str, Any]:
    """Return promises.json of a built site."""
    made: dict[str, Any] = json.loads((site / "promises.json").read_text(encoding="utf-8"))
    return made


def by_blank(made: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """Return the promises by blank."""
    return {promise["blank"]: promise for promise in made["promises"]}


def test_the_schema_is_one() -> None:
    """The schema is valid JSON Schema 2020-12, and no word in it goes without a description."""
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    for name, part in PARTS.items():
        assert sorted(part["required"]) == sorted(part["properties"]), name
        bare = {key for key, said in part["properties"].items() if "description" not in json.dumps(said)}
        named = {key for key in bare if "$ref" not in part["properties"][key]}
        assert set() == named, name
    assert set(STATUSES) == set(SCHEMA["properties"]["edition"]["properties"]["status"]["enum"])
    assert "不等于钟表上经过的时间" in SCHEMA["description"]


def test_the_schema_knows_every_word() -> None:
    """Each kind, direction and calendar there is can be told, and is explained where it is no Chinese."""
    known = SCHEMA["$defs"]
    assert set(KINDS) - {"color"} == set(known["kind"]["enum"])  # a colour is no promise, so it is never told
    assert set(DIRECTIONS) == set(known["better"]["enum"])
    assert all(
        f"{word} " in known[name]["description"]
        for name in ("kind", "better")
        for word in known[name]["enum"]
    )
    blanks = PROJECT.catalogue.blanks.values()
    fields = [field for blank in blanks for field in (blank, *blank.columns.values())]
    times = [field for field in fields if field.kind == "duration"]
    clocks = {field.clock(unit) for field in times for unit in field.units}
    assert clocks <= set(known["calendar"]["enum"])


@pytest.mark.parametrize("company", COMPANIES)
def test_the_file_is_as_its_schema_says(sites: dict[str, Path], company: str) -> None:
    """The file fits the schema that stands beside it, and has nothing that the schema does not name."""
    made = published(sites[company])
    assert [] == complaints(made)
    assert [] == complaints(made, closed(SCHEMA))
    address = made["company"]["website"]
    assert f"{address}schemas/promises-1.json" == made["$schema"]
    assert SCHEMA == json.loads((sites[company] / "schemas/promises-1.json").read_text(encoding="utf-8"))


@cache
def _known() -> str:
    """Return promises.json of the demo company, made once."""
    return as_json(filling(), "released", "https://example.com/")


@pytest.mark.parametrize(
    ("part", "field"), [(part, name) for part in PARTS for name in PARTS[part]["required"]]
)
def test_the_schema_notices_what_is_missing_or_more(part: str, field: str) -> None:
    """A file that lacks a field does not fit, and the closed schema refuses one that nobody named."""
    made: dict[str, Any] = json.loads(_known())
    products, refund = by_blank(made)["warranty.products"], by_blank(made)["returns.refund"]
    made["promises"] = [products, refund]
    places = {"file": made, "company": made["company"], "edition": made["edition"], "promise": refund}
    target = {**places, "cell": products["rows"][0]["whole"], "law": refund["law"][0]}[part]
    kept = target.pop(field)
    assert [] != complaints(made)
    target[field] = kept
    target["zzz"] = 1
    assert [] == complaints(made)
    assert [] != complaints(made, closed(SCHEMA))


def paths(site: Path) -> list[str]:
    """Return every page of a built site that speaks of today; texts of editions have no marks."""
    found = (path.parent.relative_to(site).as_posix() for path in site.rglob("index.html"))
    return [path for path in found if not path.startswith("editions")]


def shown(page: BeautifulSoup) -> dict[str, set[str]]:
    """Return what a page prints of each blank that is no table."""
    found: dict[str, set[str]] = {}
    for tag in page.select("data.blank"):
        if "[" not in str(tag["data-blank"]):
            found.setdefault(str(tag["data-blank"]), set()).add(tag.get_text())
    return found


def tables(page: BeautifulSoup) -> dict[str, list[dict[str, str]]]:
    """Return what a page prints of each blank that is a table: the cells of each row by column label."""
    return {
        str(box["data-blank"]): [
            {str(cell["data-label"]): cell.get_text() for cell in row.select("th, td")}
            for row in box.select("tbody tr")
        ]
        for box in page.select(".table-box[data-blank]")
    }


@pytest.mark.parametrize("company", COMPANIES)
def test_it_says_what_the_pages_print_and_all_of_it(sites: dict[str, Path], company: str) -> None:
    """Page by page the blanks, their words and their cells are the same, none more and none less."""
    promises = by_blank(published(sites[company]))
    for variant in PROJECT.company(company).publish:
        page = read(sites[company], f"guarantees/{variant}")
        here = {
            name: said
            for name, said in promises.items()
            if any(clause["variant"] == variant for clause in said["clauses"])
        }
        words = {name: {said["value"]} for name, said in here.items() if said["rows"] is None}
        assert shown(page) == words, variant
        rows = {name: _labelled(page, said) for name, said in here.items() if said["rows"] is not None}
        assert tables(page) == rows, variant
    every = [read(sites[company], path) for path in paths(sites[company])]
    everywhere = {name for page in every for name in (*shown(page), *tables(page))}
    assert everywhere == promises.keys()


def _labelled(page: BeautifulSoup, said: dict[str, Any]) -> list[dict[str, str]]:
    """Return the rows of a table as a page shows them: by label, and a dash for an empty cell."""
    heads = [head.get_text() for head in page.select(f'[data-blank="{said["blank"]}"] thead th')]
    rows = [{cell["label"]: cell["value"] for cell in row.values()} for row in said["rows"]]
    assert {label for row in rows for label in row} <= set(heads)
    return [{head: row.get(head, "—") for head in heads} for row in rows]


@pytest.mark.parametrize("company", COMPANIES)
def test_the_home_page_says_the_same(sites: dict[str, Path], company: str) -> None:
    """The figures of the home page are those of the file; a choice shows its option there."""
    promises = by_blank(published(sites[company]))
    home = shown(read(sites[company], ""))
    assert home
    for name, texts in home.items():
        assert texts <= {promises[name]["value"], promises[name]["option"]}, name


@pytest.mark.parametrize("company", COMPANIES)
def test_lists_and_options_are_those_of_the_file(sites: dict[str, Path], company: str) -> None:
    """Items are what the page joins by 、, an option is what stands in the page's `value`."""
    promises = by_blank(published(sites[company]))
    values = {
        str(tag["data-blank"]): str(tag["value"])
        for variant in PROJECT.company(company).publish
        for tag in read(sites[company], f"guarantees/{variant}").select("data.blank")
    }
    for name, said in promises.items():
        assert (said["kind"] == "list") == (said["items"] is not None)
        assert said["items"] is None or "、".join(said["items"]) == said["value"]
        assert (said["kind"] == "choice") == (said["option"] is not None)
        assert said["option"] in {None, values.get(name)}


@pytest.mark.parametrize("company", COMPANIES)
def test_machine_values_are_those_of_the_page(sites: dict[str, Path], company: str) -> None:
    """A duration in ISO 8601 is the one that the page has in its `value`; other times have words there."""
    promises = by_blank(published(sites[company]))
    for path in paths(sites[company]):
        for tag in read(sites[company], path).select('data.blank[data-kind="duration"]'):
            blank, _, column = str(tag["data-blank"]).rstrip("]").partition("[")
            cells = [row[column] for row in promises[blank]["rows"] if column in row] if column else []
            found = {said["duration"] or said["value"] for said in cells or [promises[blank]]}
            assert str(tag["value"]) in found


@pytest.mark.parametrize("company", COMPANIES)
def test_since_and_before_are_those_of_the_page(sites: dict[str, Path], company: str) -> None:
    """From when a value holds, and what stood before, is what the page says."""
    promises = by_blank(published(sites[company]))
    for variant in PROJECT.company(company).publish:
        page = read(sites[company], f"guarantees/{variant}")
        dated = [tag for tag in page.select("[data-blank]") if "[" not in str(tag["data-blank"])]
        for tag in (tag for tag in dated if tag.name != "span"):
            said = promises[str(tag["data-blank"])]
            assert (said["since"], said["before"]) == (tag.get("data-since"), tag.get("data-before"))


@pytest.mark.parametrize("company", COMPANIES)
def test_clocks_are_those_of_the_summary(sites: dict[str, Path], company: str) -> None:
    """Start, end and calendar, with the service hours, are what the summary of each page says."""
    promises = by_blank(published(sites[company]))
    found = 0
    for variant in PROJECT.company(company).publish:
        page = read(sites[company], f"guarantees/{variant}")
        for row in page.select(".promises tbody tr"):
            label, figure_, *clock = row.select("th, td")
            tag = figure_.select_one("data.blank")
            assert tag
            said = promises[str(tag["data-blank"])]
            hours = f"（{said['hours']}）" if said["hours"] else ""
            told = [said["starts"], said["ends"], said["calendar"] and said["calendar"] + hours]
            assert [cell.get_text() for cell in clock] == [text or "—" for text in told]
            assert label.get_text() == said["label"]
            base = "，".join(
                (f"每{said['per']}",) * bool(said["per"]) + (f"{said['of']}的",) * bool(said["of"])
            )
            assert figure_.get_text() == base + said["value"]
            found += 1
    assert found > 10


@pytest.mark.parametrize("company", COMPANIES)
def test_each_clause_is_the_one_that_speaks(sites: dict[str, Path], company: str) -> None:
    """Each value names every clause that prints it, and no other, with the number a reader sees there."""
    for variant in PROJECT.company(company).publish:
        page = read(sites[company], f"guarantees/{variant}")
        spoken = {
            (str(tag["data-blank"]), _clause(tag))
            for tag in page.select("article [data-blank]")
            if "[" not in str(tag["data-blank"]) and not _beside(tag)
        }
        promises = published(sites[company])["promises"]
        found = [(said["blank"], each) for said in promises for each in said["clauses"]]
        named = [(name, each) for name, each in found if each["variant"] == variant]
        deal = {pair for pair in spoken if pair[0] not in by_blank({"promises": promises})}
        assert all(PROJECT.catalogue.blanks[name].deal for name, _ in deal)
        assert sorted(spoken - deal) == sorted((name, each["clause"]) for name, each in named)
        for _, each in named:
            target = page.find(id=each["clause"]) if each["clause"] else None
            number = target.select_one(".clause-number") if target else None
            assert each["number"].endswith(number.get_text() if number else "")
            assert bool(each["number"]) == bool(each["clause"])
            end = f"#{each['clause']}" if each["clause"] else ""
            website = published(sites[company])["company"]["website"]
            assert f"{website}guarantees/{variant}/{end}" == each["url"]


def _beside(tag: Tag) -> bool:
    return tag.find_parent(class_="promises") is not None


def _clause(tag: Tag) -> str:
    """Return the id of the clause a tag stands in: its item, else the heading above it; none when signed."""
    if tag.find_parent(class_="signature"):
        return ""
    item = tag.find_parent("li", id=True)
    return str((item or tag.find_previous(["h2", "h3"], id=True))["id"])  # type: ignore[index]


def test_numbers_stand_in_full(sites: dict[str, Path]) -> None:
    """An item's number alone says little: it stands with that of its clause."""
    clauses = by_blank(published(sites["appliances"]))["charter.basis"]["clauses"]
    assert ["1.1(3)"] == [each["number"] for each in clauses]


@pytest.mark.parametrize("company", COMPANIES)
def test_the_law_is_that_of_the_statutory_page(sites: dict[str, Path], company: str) -> None:
    """Floors, articles and margins are those of the page 与法定标准对照, none more and none less."""
    page = read(sites[company], "statutory")
    rows = [tuple(cell.get_text() for cell in row.select("th, td")) for row in page.select("tbody tr")]
    told = [
        (label, said["value"], law["rule"], _compared(law), f"《{law['law']}》{law['article']}")
        for label, said in _said(published(sites[company]))
        for law in said["law"]
    ]
    assert sorted(rows) == sorted(told)
    links = {str(link["href"]) for link in page.select("tbody a.law")}
    laws = [law for _, said in _said(published(sites[company])) for law in said["law"]]
    assert links == {law["url"] for law in laws if law["url"]}
    assert all(law["rule"].endswith(law["bound"]) for law in laws)


def _said(made: dict[str, Any]) -> list[tuple[str, dict[str, Any]]]:
    """Return every value and cell with the label that the statutory page gives it."""
    found = [(promise["label"], promise) for promise in made["promises"]]
    for promise in made["promises"]:
        for row in promise["rows"] or ():
            key = next(iter(row.values()))["value"]
            found += [(f"{promise['label']}：{key}", cell) for cell in row.values()]
    return found


def _compared(law: dict[str, Any]) -> str:
    assert law["equal"] == (law["margin"] is None)
    return "与法定标准相同" if law["equal"] else f"优于法定标准{law['margin']}"


@pytest.mark.parametrize(
    ("number", "unit", "value", "duration"),
    [
        ("30", "分钟", "30分钟", "PT30M"),
        ("2", "小时", "2小时", "PT2H"),
        ("0.5", "小时", "0.5小时", "PT0.5H"),
        ("3", "工作日", "3个工作日", None),
        ("7", "日", "7日", "P7D"),
        ("2", "周", "2周", "P2W"),
        ("6", "个月", "6个月", "P6M"),
        ("1.5", "年", "1.5年", "P1.5Y"),
        ("100", "年", "100年", "P100Y"),
    ],
)
def test_durations(number: str, unit: str, value: str, duration: str | None) -> None:
    """A time has the ISO 8601 duration of its own unit, and none where ISO 8601 has no such unit."""
    filled = filling()
    before = filled.company.values["response.first_contact"]
    filled.company.values["response.first_contact"] = Value(
        before.blank, Quantity(Decimal(number), unit), before.place
    )
    said = by_blank(document(filled))["response.first_contact"]
    assert (value, float(number), unit) == (said["value"], said["number"], said["unit"])
    assert duration == said["duration"]
    assert [] == complaints(document(filled), closed(SCHEMA))


@pytest.mark.parametrize(
    ("blank", "number", "unit"),
    [
        ("remedy.minimum", 100, "元"),
        ("sla.fund", 50, "万元"),
        ("sla.availability", 99.5, "%"),
        ("contract.late_rate", 0.05, "%"),
        ("oversight.reviews_per_year", 4, "次"),
        ("contact.hotline", None, None),
        ("signing.date", None, None),
    ],
)
def test_amounts(blank: str, number: float | None, unit: str | None) -> None:
    """An amount has its number and unit as written, without a duration; what is no amount has neither."""
    said = by_blank(document(filling()))[blank]
    assert (number, unit, None) == (said["number"], said["unit"], said["duration"])


def test_figures_are_exact() -> None:
    """A number is written in JSON as the digits that a person wrote."""
    for digits in ("0.05", "99.95", "2", "0.1", "123456789.123456"):
        assert json.dumps(figure(Decimal(digits))) == digits


def test_what_no_page_says_is_not_told() -> None:
    """Deal blanks, approvals, and a value whose clause is not printed are not in the file."""
    shop = filling("online-shop")
    shop.company.values["returns.price_refund"] = filling().company.values["returns.price_refund"]
    assert "returns.price_refund" not in by_blank(document(shop))
    assert "returns.price_refund" in by_blank(document(filling()))
    for company in COMPANIES:
        told = by_blank(document(filling(company)))
        assert [] == [name for name in told if PROJECT.catalogue.blanks[name].deal]
        assert set() == told.keys() & {"edition.approvals", "edition.weakens", "edition.note"}


def test_a_value_of_a_deal_stays_out() -> None:
    """Even where the values of a contract are filled in, the file does not tell them."""
    filled = filling()
    place = filled.company.values["company.name"].place
    blank = PROJECT.catalogue.blanks["contract.number"]
    filled.company.values["contract.number"] = Value(blank, "HT-2026-77", place)
    assert "HT-2026-77" not in as_json(filled, "released", "")


@pytest.mark.parametrize("company", COMPANIES)
def test_identity_and_edition(sites: dict[str, Path], company: str) -> None:
    """Who promises, and in which edition with which texts, is what the values and the edition say."""
    made = published(sites[company])
    read = PROJECT.company(company)
    newest = load(ROOT, read.names)[-1]
    state = "released" if newest.effective <= this_day() else "not-yet-in-force"
    signed, effective = newest.signed.isoformat(), newest.effective.isoformat()
    assert made["edition"] == {
        "number": newest.number,
        "effective": effective,
        "signed": signed,
        "status": state,
        "sha256": newest.sha256,
    }
    assert {each["variant"]: each["sha256"] for each in made["guarantees"]} == {
        name: text.sha256 for name, text in newest.texts.items()
    }
    assert made["company"]["hotline"] == read.text("contact.hotline")
    assert made["company"]["hours"] == read.text("contact.hours")
    assert made["company"]["id"] == company


def test_the_same_values_give_the_same_bytes(sites: dict[str, Path]) -> None:
    """The file of a build is, byte for byte, what the same values give again."""
    for company in COMPANIES:
        again = Filling(PROJECT, PROJECT.company(company), this_day())
        state = published(sites[company])["edition"]["status"]
        site = again.company.text("company.website")
        assert (sites[company] / "promises.json").read_text(encoding="utf-8") == as_json(again, state, site)


def test_without_an_address_links_are_relative() -> None:
    """Where the site's address is not known, everything is told from the top of the site."""
    made = document(filling(), "unreleased", "")
    assert "schemas/promises-1.json" == made["$schema"]
    assert "guarantees/charter/" == made["guarantees"][0]["url"]
    assert [] == complaints(made, closed(SCHEMA))
    assert (None, None) == (made["edition"]["sha256"], made["guarantees"][0]["sha256"])


def test_hostile_text_is_told_as_written() -> None:
    """Whatever a company writes comes back from the file unchanged."""
    text = '</script><!-- "x" \\ {{ company.name }} \u2028 𠮷'
    filled = filling()
    before = filled.company.values["company.name"]
    filled.company.values["company.name"] = Value(before.blank, text, before.place)
    made = document(filled)
    assert text == made["company"]["name"] == by_blank(made)["company.name"]["value"]


def test_a_draft_with_gaps_has_a_file(tmp_path: Path) -> None:
    """The preview of a draft says that it is one, and leaves out what is not filled."""
    filled = filling()
    filled.company.draft = True
    del filled.company.values["response.first_contact"]
    del filled.company.values["edition.effective"]
    files = ForMachines(filled, "draft", "").files()
    assert ["promises.json"] == [*files]
    (tmp_path / "promises.json").write_bytes(files["promises.json"])
    made = published(tmp_path)
    assert "response.first_contact" not in by_blank(made)
    assert ("draft", None) == (made["edition"]["status"], made["edition"]["effective"])
    assert [] == complaints(made, closed(SCHEMA))
    assert {} == ForMachines(filled, "draft", "").shown()["linked"]


def test_a_revision_is_no_promise(tmp_path: Path) -> None:
    """A site that differs from its newest edition says so, names no hash, and tells no search engine."""
    root = copied(tmp_path / "project")
    shutil.copytree(ROOT / "editions", root / "editions")
    path = root / "variables" / "appliances.yml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("first_contact: 2小时", "first_contact: 1小时"), encoding="utf-8")
    assert 0 == mkdocs(root, "build", "-q").returncode
    made = published(root / "site")
    assert ("revision", None) == (made["edition"]["status"], made["edition"]["sha256"])
    assert {None} == {each["sha256"] for each in made["guarantees"]}
    assert None is by_blank(made)["response.first_contact"]["since"]
    for name, page in pages(root / "site").items():
        assert [] == page.select('script[type="application/ld+json"]'), name
    assert "<lastmod>" not in (root / "site" / "sitemap.xml").read_text(encoding="utf-8")


def test_a_site_before_its_first_edition(tmp_path: Path) -> None:
    """Without any edition there is no feed and no date, and the data says that nothing is released."""
    root = copied(tmp_path)
    assert 0 == mkdocs(root, "build", "-q", "--strict").returncode
    assert "unreleased" == published(root / "site")["edition"]["status"]
    assert not (root / "site" / "feed.xml").exists()
    home = fresh(root / "site", "")
    assert [] == home.select('link[type="application/atom+xml"]')
    assert "数据 承诺（JSON）" in visible(home)
    assert "版本更新（Atom）" not in visible(home)
    assert "<lastmod>" not in (root / "site" / "sitemap.xml").read_text(encoding="utf-8")


def test_a_value_keeps_what_stood_before(tmp_path: Path) -> None:
    """Since when a value holds and what it was before comes from the editions."""
    root = series(copied(tmp_path))
    project = project_module.load(root)
    said = by_blank(document(Filling(project, project.company("appliances"), TODAY)))
    assert ("2099-01-01", "4小时") == tuple(
        said["response.first_contact"][key] for key in ("since", "before")
    )
    assert ("2025-01-01", None) == tuple(said["quality.satisfaction"][key] for key in ("since", "before"))
