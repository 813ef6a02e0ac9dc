"""The sample configuration in a real nginx; run by `make test-more` where nginx is installed."""

from __future__ import annotations

import contextlib
import gzip
import http.client
import re
import shutil
import socket
import subprocess
import time
from typing import TYPE_CHECKING

import pytest
from copies import ROOT
from hosting import CHROMIUM
from test_measured import Ear, search

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Browser

NGINX = shutil.which("nginx", path="/usr/sbin:/usr/local/sbin:/usr/bin:/usr/local/bin")
pytestmark = [
    pytest.mark.more,
    pytest.mark.skipif(NGINX is None, reason="没有 nginx；安装：apt-get install nginx-light"),
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
]
AROUND = """daemon off; master_process off; pid {folder}/nginx.pid; error_log stderr;
events {{ }}
http {{
    include /etc/nginx/mime.types;
    default_type application/octet-stream;
    access_log off;
    {temporary}
    include {folder}/sample.conf;
}}
"""
TEMPORARY = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")


@pytest.fixture(scope="module")
def port(demo: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    """Return the port on loopback where nginx serves the demo company's site by the sample."""
    folder = tmp_path_factory.mktemp("nginx")
    (demo / "deadline.ics").write_bytes(b"BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n")
    port = configured(folder, demo)
    server = subprocess.Popen([str(NGINX), "-p", str(folder), "-c", str(folder / "nginx.conf")])
    try:
        listening(port)
        yield port
    finally:
        server.terminate()
        server.wait(10)
        (demo / "deadline.ics").unlink()


def configured(folder: Path, site: Path) -> int:
    """Write the sample with another place and a free port, and what stands around it; return the port."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = int(free.getsockname()[1])
    text = (ROOT / "deploy" / "nginx.conf").read_text(encoding="utf-8")
    for pattern, new in (
        (r"^    listen 80;\n    listen \[::\]:80;", f"    listen 127.0.0.1:{port};"),
        (r"^    root [^;]+;", f"    root {site};"),
    ):
        text, count = re.subn(pattern, new, text, flags=re.MULTILINE)
        assert 1 == count
    (folder / "sample.conf").write_text(text, encoding="utf-8")
    temporary = " ".join(f"{name}_temp_path {folder}/{name};" for name in TEMPORARY)
    (folder / "nginx.conf").write_text(AROUND.format(folder=folder, temporary=temporary), encoding="utf-8")
    return port


def listening(port: int) -> None:
    """Wait until something answers at *port*."""
    for _ in range(100):
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port)):
            return
        time.sleep(0.05)
    raise AssertionError("nginx does not answer")


def fetched(port: int, path: str, **headers: str) -> tuple[int, dict[str, str], bytes]:
    """Return what a GET answers: status, headers, body."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    connection.request("GET", path, headers=headers)
    answer = connection.getresponse()
    found = answer.status, dict(answer.getheaders()), answer.read()
    connection.close()
    return found


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/", "text/html; charset=utf-8"),
        ("/guarantees/charter/", "text/html; charset=utf-8"),
        ("/assets/pledge.css", "text/css; charset=utf-8"),
        ("/assets/favicon.svg", "image/svg+xml"),
        ("/promises.json", "application/json"),
        ("/feed.xml", "application/atom+xml; charset=utf-8"),
        ("/sitemap.xml", "text/xml; charset=utf-8"),
        ("/deadline.ics", "text/calendar; charset=utf-8"),
        ("/downloads/charter.pdf", "application/pdf"),
        (
            "/downloads/charter.docx",
            "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        ),
    ],
)
def test_files_have_their_types(port: int, demo: Path, path: str, kind: str) -> None:
    """Each file comes whole, under its own type, text with its charset."""
    status, headers, body = fetched(port, path)
    file = demo / path[1:]
    assert (200, kind) == (status, headers["Content-Type"])
    assert (file / "index.html" if file.is_dir() else file).read_bytes() == body


@pytest.mark.parametrize("path", ["/", "/assets/pledge.css", "/promises.json", "/feed.xml", "/nothing/"])
def test_text_is_compressed(port: int, path: str) -> None:
    """Text comes compressed to whoever takes it, and caches are told that it depends on that."""
    _, headers, body = fetched(port, path, **{"Accept-Encoding": "gzip"})
    assert ("gzip", "Accept-Encoding") == (headers["Content-Encoding"], headers["Vary"])
    assert len(gzip.decompress(body)) > len(body)


@pytest.mark.parametrize("path", ["/", "/feed.xml", "/deadline.ics", "/downloads/charter.pdf", "/nothing/"])
def test_every_answer_is_guarded(port: int, path: str) -> None:
    """No frame of others, no guessed type, no address told to others; what is not there is no exception."""
    _, headers, _ = fetched(port, path)
    assert "frame-ancestors 'none'" == headers["Content-Security-Policy"]
    assert "nosniff" == headers["X-Content-Type-Options"]
    assert "same-origin" == headers["Referrer-Policy"]
    assert "Strict-Transport-Security" not in headers
    assert "nginx" == headers["Server"]


def test_what_never_changes_is_kept(port: int, demo: Path) -> None:
    """A file named by its content is kept for a year, a page for minutes and then checked."""
    hashed = next(path for path in demo.rglob("main.*.min.css")).relative_to(demo).as_posix()
    assert "immutable" in fetched(port, f"/{hashed}")[1]["Cache-Control"]
    _, headers, _ = fetched(port, "/")
    assert "public, max-age=300" == headers["Cache-Control"]
    assert 304 == fetched(port, "/", **{"If-None-Match": headers["ETag"]})[0]


@pytest.mark.parametrize(
    "path", ["/nothing/", "/404.html", "/downloads/", "/.pledge", "/assets/", "/editions/"]
)
def test_what_is_not_there(port: int, demo: Path, path: str) -> None:
    """What is missing or hidden, and every folder without a page, gives 404 with the site's own page."""
    status, _, body = fetched(port, path)
    assert (404, (demo / "404.html").read_bytes()) == (status, body)


def test_an_address_without_its_slash_is_led_on(port: int) -> None:
    """The links of a page are relative, so it has one address."""
    status, headers, _ = fetched(port, "/guarantees/charter")
    assert (301, "/guarantees/charter/") == (status, headers["Location"])


@pytest.mark.skipif(CHROMIUM is None, reason="没有 chromium；安装：apt-get install chromium")
def test_the_site_works_in_a_browser(browser: Browser, port: int) -> None:
    """Pages, 404 and the search's worker work under the policies of page and server together."""
    page = browser.new_page(base_url=f"http://127.0.0.1:{port}")
    ear = Ear(page, f"http://127.0.0.1:{port}/")
    for path in ("/deadlines/", "/changes/", "/"):
        page.goto(path)
        page.wait_for_load_state("networkidle")
    search(page, "备用机")
    page.close()
    assert ([], []) == (ear.said, ear.abroad)
    worker = next(request for request in ear.requests if "/workers/" in request.url)
    _, headers, _ = fetched(port, worker.url.removeprefix(ear.host[:-1]))
    assert "default-src 'none'; script-src 'self'" == headers["Content-Security-Policy"]
