"""The look of a company: its colour reads in both schemes, and its logo and stylesheet reach every page."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from building import mkdocs, pages
from copies import copied

from pledge import colour, logo
from pledge import project as project_module
from pledge.colour import DARK, LIGHT, TEXT

if TYPE_CHECKING:
    from collections.abc import Callable

ROOT = Path(__file__).parents[1]
COLOURS = ("#1d3557", "#0b5d4e", "#c8102e", "#000000", "#777700", "#6a0dad", "#0052d9", "#5c4033")
SVG = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24"><path d="M2 2h20"/></svg>\n'


@pytest.mark.parametrize(
    ("one", "other", "ratio"),
    [
        ("#000000", "#ffffff", 21),
        ("#ffffff", "#ffffff", 1),
        ("#767676", "#ffffff", 4.54),
        ("#ff0000", "#ffffff", 4),
    ],
)
def test_contrast_is_that_of_wcag(one: str, other: str, ratio: float) -> None:
    """The ratios are those that WCAG's own examples and the common checkers give, either way round."""
    assert ratio == round(colour.contrast(one, other), 2) == round(colour.contrast(other, one), 2)


@pytest.mark.parametrize("ink", COLOURS)
def test_a_tone_is_read_on_a_dark_page(ink: str) -> None:
    """The tone for the dark scheme has at least 8:1 on each of its grounds."""
    assert DARK.contrast(colour.lighter(ink)) >= 8


@pytest.mark.parametrize("ink", [*COLOURS, "#ff0000", "#f2c14e", "#ffffff", "#7fffd4"])
def test_the_tone_that_is_named_holds(ink: str) -> None:
    """What a problem names as the way out passes the check, and a colour that passes stays as it is."""
    named = colour.darker(ink)
    assert LIGHT.contrast(named) >= TEXT
    assert LIGHT.contrast(ink) < TEXT or named == ink


def _tokens(css: str, start: str) -> dict[str, str]:
    block = css[css.index(start) :].partition("{")[2].partition("}")[0]
    return dict(re.findall(r"--([\w-]+): ([^;]+);", block))


@pytest.mark.parametrize(
    ("file", "light", "dark"),
    [
        ("pledge.css", "[data-md-color-scheme] {", '[data-md-color-scheme="slate"] {'),
        ("edition.css", ":root {", ":root {\n    --ink"),
    ],
)
def test_the_grounds_are_those_of_the_stylesheets(file: str, light: str, dark: str) -> None:
    """The contrast is measured on the paper and the desk that the pages have, under their own tint."""
    css = (ROOT / "docs" / "assets" / file).read_text(encoding="utf-8")
    for scheme, start in ((LIGHT, light), (DARK, dark)):
        tokens = _tokens(css, start)
        assert scheme.paper == tokens["paper"].replace("#fff", "#ffffff", len(tokens["paper"]) == 4)
        assert scheme.desk == tokens["desk"]
        assert f"{tokens['ink']}{scheme.soft:02x}" == tokens["ink-soft"]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_token_reads(scheme: str) -> None:
    """The ink, the seal and both texts of pledge.css have 4.5:1 on paper and desk."""
    css = (ROOT / "docs" / "assets" / "pledge.css").read_text(encoding="utf-8")
    starts = {"light": "[data-md-color-scheme] {", "dark": '[data-md-color-scheme="slate"] {'}
    tokens = _tokens(css, starts[scheme])
    paper = "#ffffff" if tokens["paper"] == "#fff" else tokens["paper"]
    for name in ("ink", "seal", "text", "text-soft"):
        assert min(colour.contrast(tokens[name], ground) for ground in (paper, tokens["desk"])) >= TEXT, name


def test_a_stylesheet_is_only_tokens() -> None:
    """The stylesheet sets the tokens of the ink in three places and nothing else, in the same bytes."""
    css = colour.stylesheet("#0B5D4E")
    assert css == colour.stylesheet("#0B5D4E")
    names = re.findall(r"--([\w-]+):", css)
    assert ["ink", "ink-soft", "ink-tint", "figure-rule"] * 3 == names
    assert "url(" not in css


def test_every_page_wears_colour_and_logo(sites: dict[str, Path]) -> None:
    """Each page of a company with both links its stylesheet last and shows its logo, released texts too."""
    site = sites["online-shop"]
    assert b"--ink: #0b5d4e;" in (site / "assets" / "company.css").read_bytes()
    assert logo.logo(ROOT, "online-shop") == (site / "assets" / "logo.svg").read_bytes()
    for path, page in pages(site).items():
        links = [str(link["href"]) for link in page.select("link[rel=stylesheet]")]
        assert links[-1].endswith("assets/company.css"), path
        assert page.select('header img[src$="assets/logo.svg"]'), path


def test_without_both_a_site_is_plain(sites: dict[str, Path]) -> None:
    """A company that sets neither has no such file and no link to one."""
    site = sites["appliances"]
    assert not (site / "assets" / "company.css").exists()
    assert not (site / "assets" / "logo.svg").exists()
    assert [] == [path for path, page in pages(site).items() if "company.css" in str(page)]


def test_no_page_has_an_inline_style(sites: dict[str, Path]) -> None:
    """The look needs no exception in a Content-Security-Policy: no style of the company stands in a page."""
    for path, page in pages(sites["online-shop"]).items():
        assert [] == [tag for tag in page.select("[style], style") if "0b5d4e" in str(tag)], path


def test_a_colour_is_no_change_of_a_guarantee(tmp_path: Path) -> None:
    """A company that gets a colour after its release is published as it is: its text is the released one."""
    root = copied(tmp_path / "project")
    (root / "editions").symlink_to(ROOT / "editions")
    path = root / "variables" / "appliances.yml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("  short_name:", '  color: "#7a1f2b"\n  short_name:', 1), encoding="utf-8")
    done = mkdocs(root, "build", "--strict", "-q", "-d", str(tmp_path / "site"), company="appliances")
    assert "" == done.stderr
    assert (tmp_path / "site" / "assets" / "company.css").exists()


def test_no_edition_keeps_a_colour() -> None:
    """The colour is not among the values that editions record and reviews compare."""
    from pledge.compare.side import Side  # noqa: PLC0415  the one test that needs it

    project = project_module.load(ROOT)
    company = project.company("online-shop")
    assert "#0b5d4e" == company.data("company.color")
    day = company.data("edition.effective")
    assert "company.color" not in Side(project, company, day).values


def test_a_logo_is_named_with_its_file(tiny: Path, found: Callable[..., list[str]]) -> None:
    """Checking one company's file checks its logo and nobody else's."""
    folder = tiny / "variables" / "assets"
    folder.mkdir()
    for name in ("acme", "acme-east"):
        (folder / f"{name}.svg").write_text(SVG.replace("viewBox", "box"), encoding="utf-8")
    lines = found(tiny, tiny / "variables" / "acme.yml")
    assert ["variables/assets/acme.svg"] == [line.partition(":")[0] for line in lines]
