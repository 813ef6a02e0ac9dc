"""Every page in W3C's validator (Nu Html Checker); run by `make test-more` where Java and npm are."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

JAVA = shutil.which("java")
JAR = Path(__file__).parent / "npm" / "node_modules" / "vnu-jar" / "build" / "dist" / "vnu.jar"
MORE = "tests/npm/node_modules/.more"
pytestmark = [
    pytest.mark.more,
    pytest.mark.skipif(JAVA is None, reason="没有 Java；安装：apt-get install default-jre-headless"),
    pytest.mark.skipif(not JAR.is_file(), reason=f"没有 vnu-jar；装好 npm 后运行：make {MORE}"),
]

# What is not ours: the exact message, what it is said of, and why it stays.
KNOWN = {
    "Material's two hidden check boxes keep a browser from restoring an open menu after a reload": (
        (
            "Attribute “autocomplete” is only allowed when the input type is “color”, “date”, "
            "“datetime-local”, “email”, “hidden”, “month”, “number”, “password”, “range”, “search”, "
            "“tel”, “text”, “time”, “url”, or “week”."
        ),
        r'<input class="md-toggle" data-md-toggle="(drawer|search)" type="checkbox" id="__\1"',
    ),
    "Material prints an empty tabindex on the label of a section of the menu": (
        "Bad value “” for attribute “tabindex” on element “label”: The empty string is not a valid integer.",
        r'<label class="md-nav__link" for="__nav_\d+"',
    ),
    "The validator takes Material's block of JSON for a script; CSP Level 3 does not": (
        (
            "Inline script violates Content Security Policy (meta tag): blocked by “script-src” directive "
            "(missing “‘unsafe-inline’” or nonce/hash)."
        ),
        r'<script id="__config" type="application/json">|<script type="application/(ld\+)?json"',
    ),
}


@pytest.fixture(scope="module")
def findings(demo: Path, host: str, aged: Path, aged_host: str) -> list[dict[str, Any]]:
    """Return what the validator says of every page of both sites, asked for as a browser does."""
    pages = [url + path for site, url in ((demo, host), (aged, aged_host)) for path in addresses(site)]
    loopback = "-Dnu.validator.servlet.allow-forbidden-hosts=true"
    command = [str(JAVA), loopback, "-jar", str(JAR), "--format", "json", "--exit-zero-always", *pages]
    done = subprocess.run(command, check=True, capture_output=True, text=True, timeout=300)
    return [{"pages": len(pages), "message": ""}, *json.loads(done.stderr)["messages"]]


def addresses(site: Path) -> list[str]:
    """Return the paths of the pages of *site*."""
    files = [path.relative_to(site).as_posix() for path in sorted(site.rglob("*.html"))]
    return [path.removesuffix("index.html") for path in files]


def reason(finding: dict[str, Any]) -> str:
    """Return why a finding is known, or nothing."""
    extract = finding.get("extract", "")
    same = (why for why, (said, of) in KNOWN.items() if said == finding["message"] and re.search(of, extract))
    return next(same, "")


def test_every_page_is_valid(findings: list[dict[str, Any]], record_property: Callable[..., None]) -> None:
    """No error and no warning but what is known by its message and its element."""
    first, *rest = findings
    known = sum(bool(reason(each)) for each in rest)
    told = f"W3C validity  {first['pages']} pages, {len(rest) - known} findings, {known} known of Material"
    record_property("measured", told)
    assert [] == [
        f"{each.get('url')}:{each.get('lastLine')}: {each['message']} {each.get('extract', '')[:160]}"
        for each in rest
        if not reason(each)
    ]


@pytest.mark.parametrize("why", KNOWN)
def test_what_is_known_is_still_there(findings: list[dict[str, Any]], why: str) -> None:
    """A reason that nothing needs any more goes."""
    assert why in {reason(each) for each in findings[1:]}
