"""The site in Chromium: nothing is asked of another host, nothing complains, and it reads on a phone."""

from __future__ import annotations

import functools
import http.server
import shutil
import subprocess
import sys
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser

ROOT = Path(__file__).parents[1]
CHROMIUM = shutil.which("chromium")
PAGES = ("", "statutory/", "guarantees/charter/", "guarantees/contract/", "guarantees/warranty/")

pytestmark = [
    pytest.mark.skipif(CHROMIUM is None, reason="没有 chromium；安装：apt-get install chromium"),
    # Playwright for Python leaves its event loop to the garbage collector.
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
    pytest.mark.xdist_group("browser"),
]


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """Start Debian's Chromium, quiet."""
    flags = "no-sandbox disable-gpu disable-background-networking disable-component-update disable-sync"
    args = [f"--{flag}" for flag in f"{flags} no-first-run".split()]
    return {**browser_type_launch_args, "executable_path": CHROMIUM, "args": args}


class Quiet(http.server.SimpleHTTPRequestHandler):
    """Serve files without a log."""

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture(scope="session")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Return the address of the demo company's site, served on loopback below a sub-path."""
    folder = tmp_path_factory.mktemp("served")
    command = [
        str(Path(sys.executable).parent / "pledge"),
        "build",
        "appliances",
        "-o",
        str(folder / "a" / "b"),
    ]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    handler = functools.partial(Quiet, directory=str(folder))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/a/b/"
        server.shutdown()
        thread.join()


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("width", [390, 1280])
def test_quiet_and_local(browser: Browser, address: str, path: str, width: int) -> None:
    """A page loads from its own host alone, without console errors, and never scrolls sideways."""
    requested: list[str] = []
    said: list[str] = []
    page = browser.new_page(viewport={"width": width, "height": 844})
    page.on("request", lambda request: requested.append(request.url))
    page.on("console", lambda message: said.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: said.append(str(error)))
    page.goto(address + path)
    page.wait_for_load_state("networkidle")
    wide = page.evaluate("document.documentElement.scrollWidth")
    page.close()
    assert [] == said
    assert [] == [url for url in requested if not url.startswith((address, "data:"))]
    assert wide <= width


def test_search_finds_a_word_from_the_middle_of_a_sentence(browser: Browser, address: str) -> None:
    """A customer who types 备用机 is led to the clause that promises it."""
    page = browser.new_page()
    page.goto(address)
    page.wait_for_load_state("networkidle")
    page.locator(".md-search__input").fill("备用机")
    page.locator(".md-search__input").dispatch_event("keyup")
    page.locator(".md-search-result__item").first.wait_for()
    found = page.locator(".md-search-result__item a").first.get_attribute("href")
    page.close()
    assert found is not None
    assert "guarantees/warranty/" in found


def test_the_hotline_is_in_the_first_screen_of_a_phone(browser: Browser, address: str) -> None:
    """On a phone the figures and the telephone link stand in the first screen."""
    page = browser.new_page(viewport={"width": 390, "height": 844})
    page.goto(address)
    box = page.locator("a.hotline").first.bounding_box()
    page.close()
    assert box is not None
    assert box["y"] + box["height"] < 844
