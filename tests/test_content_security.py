"""The policy of every page: what the page holds may run, and it holds nothing that could not."""

from __future__ import annotations

import base64
import hashlib
import re
from typing import TYPE_CHECKING

import pytest
from building import mkdocs, pages
from copies import ROOT, copied
from mkdocs.config import load_config

from pledge.content_security import DIRECTIVES, policy, secured, source
from pledge.plugin import PledgePlugin

if TYPE_CHECKING:
    from pathlib import Path

    from bs4 import BeautifulSoup, Tag

HEAD = "<html><head>\n<meta charset=utf-8>\n<title>保修</title></head>"


def test_the_hash_is_that_of_the_standard() -> None:
    """The example of CSP Level 3, section 8.4."""
    assert "'sha256-qznLcsROx4GACP2dm0UCKCzCG+HiZ1guq6ZZDob/Tng='" == source("alert('Hello, world.');")


def test_inline_code_passes_by_its_hash() -> None:
    """Scripts and styles are allowed one by one, each once; what is no code or is a file needs nothing."""
    told = policy(
        '<script>a\n</script><script type="module">b</script><script>a\n</script>'
        '<style media="print">c</style>'
        '<script src="d.js"></script><script type="application/ld+json">{}</script>'
        '<script id="__config" type="application/json">{}</script>'
    )
    assert f"script-src 'self' {source(f'a{chr(10)}')} {source('b')};" in told
    assert f"style-src 'self' {source('c')};" in told


def test_the_policy_comes_first() -> None:
    """Only the charset stands before the policy, and the rest of the page is as it was."""
    found = re.fullmatch(r"(.*?)<meta http-equiv=[^>]*>\n(.*)", secured(HEAD), re.DOTALL)
    assert found
    assert ("<html><head>\n<meta charset=utf-8>\n", HEAD) == (found[1], found[1] + found[2])
    assert secured("<head><title>a</title>").startswith('<head><meta http-equiv="Content-Security-Policy"')


def test_a_page_without_a_head_is_refused() -> None:
    """A page that could not be secured is not written."""
    with pytest.raises(ValueError, match="without <head>"):
        secured("<p>保修</p>")


def test_nothing_is_unsafe() -> None:
    """No directive gives up what the policy is for, and none names another host."""
    words = " ".join(DIRECTIVES.values()).split()
    assert {"'none'", "'self'", "data:"} == set(words)
    assert "data:" not in DIRECTIVES["script-src"] + DIRECTIVES["default-src"]


@pytest.fixture(scope="module")
def secure(sites: dict[str, Path]) -> dict[str, BeautifulSoup]:
    """Return the pages of the demo company as MkDocs and the archive write them."""
    return pages(sites["appliances"])


def test_every_page_has_exactly_its_hashes(secure: dict[str, BeautifulSoup]) -> None:
    """404, home, guarantees, archive: one policy each, with the hashes of its own code and no other."""
    assert {"404.html", "index.html", "editions/2024.1/index.html"} <= secure.keys()
    for path, page in secure.items():
        told = [meta["content"] for meta in page.select("meta[http-equiv=Content-Security-Policy]")]
        assert 1 == len(told), path
        assert sorted({hashed(code) for code in inline(page)}) == sorted(
            re.findall(r"'sha256-[^']+'", str(told[0]))
        ), path


def inline(page: BeautifulSoup) -> list[Tag]:
    """Return the inline scripts and styles of a page."""
    scripts = page.select("script:not([src], [type='application/json'], [type='application/ld+json'])")
    return [*scripts, *page.select("style")]


def hashed(code: Tag) -> str:
    """Return the hash-source of an element, counted anew."""
    digest = hashlib.sha256(code.get_text().encode()).digest()
    return f"'sha256-{base64.b64encode(digest).decode()}'"


def test_no_page_holds_what_the_policy_refuses(secure: dict[str, BeautifulSoup]) -> None:
    """No event handler, style attribute or `javascript:` link; whoever adds one learns it here."""
    refused = [
        f"{path}: <{tag.name} {name}>"
        for path, page in secure.items()
        for tag in page.select("*")
        for name, value in tag.attrs.items()
        if name == "style" or name.startswith("on") or str(value).strip().lower().startswith("javascript:")
    ]
    assert [] == refused


def test_a_preview_has_no_policy() -> None:
    """The live reload of `mkdocs serve` is inline and comes after the plugin."""
    plugin = PledgePlugin()
    plugin.on_startup(command="serve", dirty=False)
    config = load_config(str(ROOT / "mkdocs.yml"))
    assert HEAD == plugin.on_post_page(HEAD, config=config)
    assert HEAD == plugin.on_post_template(HEAD, template_name="404.html", config=config)


def test_a_script_of_a_company_passes(tmp_path: Path) -> None:
    """An inline script that somebody adds to the theme is hashed without anything else being touched."""
    root = copied(tmp_path / "project")
    main = root / "overrides" / "main.html"
    text = main.read_text(encoding="utf-8")
    main.write_text(
        text.replace("{% block extrahead %}", "{% block extrahead %}<script>let a;</script>"), "utf-8"
    )
    done = mkdocs(root, "build", "-q", "-d", str(tmp_path / "site"))
    assert done.returncode == 0, done.stderr
    assert source("let a;") in (tmp_path / "site" / "404.html").read_text(encoding="utf-8")
