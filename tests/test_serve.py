"""The preview: it shows mistakes in place of the pages, also at its first start, and recovers."""

from __future__ import annotations

import contextlib
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path
from typing import TYPE_CHECKING

from copies import ROOT, copied

if TYPE_CHECKING:
    from collections.abc import Iterator

BIN = Path(sys.executable).parent
PATIENCE = 60


@contextlib.contextmanager
def served(root: Path) -> Iterator[str]:
    """Serve the project at *root* on a free port and give the charter's address."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [str(BIN / "mkdocs"), "serve", "-q", "-a", f"127.0.0.1:{port}"]
    env = {**os.environ, "NO_MKDOCS_2_WARNING": "1"}
    server = subprocess.Popen(command, cwd=root, env=env, stderr=subprocess.DEVNULL)
    try:
        yield f"http://127.0.0.1:{port}/guarantees/charter/"
    finally:
        server.terminate()
        server.wait()


def shows(address: str, wanted: str) -> bool:
    """Whether the page comes to show *wanted*."""
    start = time.monotonic()
    while time.monotonic() - start < PATIENCE:
        with contextlib.suppress(OSError):
            answer = urllib.request.urlopen(address, timeout=5)  # noqa: S310  our own server on loopback
            if wanted in answer.read().decode():
                return True
        time.sleep(0.1)
    return False


def test_a_preview_has_data_and_no_feed(tmp_path: Path) -> None:
    """A preview has no address of its own: its data is there, relative, and nobody can subscribe to it."""
    root = copied(tmp_path)
    shutil.copytree(ROOT / "editions", root / "editions")
    with served(root) as address:
        assert shows(address, 'href="../../promises.json"')
        assert shows(address.replace("guarantees/charter/", "promises.json"), '"$schema": "schemas/promises-')
        with urllib.request.urlopen(address) as answer:  # noqa: S310  as above
            assert "feed.xml" not in answer.read().decode()


def test_a_preview_survives_mistakes_and_recovers(tmp_path: Path) -> None:
    """A mistake in values, pages or catalogue is shown, and the page is back once it is mended."""
    root = copied(tmp_path)
    path = root / "variables" / "appliances.yml"
    good = path.read_bytes()
    path.write_bytes(good.replace("first_contact: 2小时".encode(), "first_contact: 2天".encode()))
    with served(root) as address:
        assert shows(address, "首次联系时限：单位“天”不能用在这里")
        path.write_bytes(good)
        assert shows(address, "PT2H")
        path.write_bytes(b"\xff")
        assert shows(address, "编码；用编辑器另存为")
        path.write_bytes(good)
        assert shows(address, "PT2H")
        stray = root / "catalogue" / "blanks" / "stray.yml"
        stray.write_text("x: &a [*a]", encoding="utf-8")
        assert shows(address, "不支持 YAML 的锚点和引用")
        stray.unlink()
        assert shows(address, "PT2H")


def test_a_preview_shows_a_new_logo_and_colour(tmp_path: Path) -> None:
    """A logo put into variables/assets/ appears by itself, one with a script is told, and a colour too."""
    root = copied(tmp_path)
    path, logo = root / "variables" / "appliances.yml", root / "variables" / "assets" / "appliances.svg"
    drawing = (root / "variables" / "assets" / "online-shop.svg").read_text(encoding="utf-8")
    good = path.read_text(encoding="utf-8")
    with served(root) as address:
        assert shows(address, "PT2H")
        logo.write_text(drawing, encoding="utf-8")
        assert shows(address, "assets/logo.svg")
        logo.write_text(drawing.replace("</title>", "</title><script/>"), encoding="utf-8")
        assert shows(address, "标志里不能有")
        logo.write_text(drawing, encoding="utf-8")
        assert shows(address, "assets/logo.svg")
        path.write_text(good.replace("  name:", '  color: "#7a1f2b"\n  name:', 1), encoding="utf-8")
        assert shows(address.replace("guarantees/charter/", "assets/company.css"), "--ink: #7a1f2b;")
