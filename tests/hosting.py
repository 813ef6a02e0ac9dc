"""Sites on loopback: as plain files, or compressed and cached as deploy/nginx.conf hands them out."""

from __future__ import annotations

import contextlib
import functools
import gzip
import http.server
import shutil
import subprocess
import threading
from http import HTTPStatus
from pathlib import Path
from typing import TYPE_CHECKING

from building import BIN

if TYPE_CHECKING:
    from collections.abc import Iterator

CHROMIUM = shutil.which("chromium")
_QUIET = "no-sandbox disable-gpu disable-background-networking disable-component-update disable-sync"
FLAGS = [f"--{flag}" for flag in f"{_QUIET} no-first-run".split()]
HASHED = ".min."
PACKED = {".html", ".css", ".js", ".json", ".svg", ".xml"}


class Quiet(http.server.SimpleHTTPRequestHandler):
    """Serve files without a log."""

    def log_message(self, *_: object) -> None:
        """Say nothing."""


class Packed(Quiet):
    """Serve a site as the sample configuration of nginx does: gzip, times to keep, 404.html."""

    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        """Answer with a file or with the page for what is not there."""
        path = Path(self.translate_path(self.path))
        path = path / "index.html" if path.is_dir() else path
        if path.is_file():
            self._answer(HTTPStatus.OK, path)
        else:
            self._answer(HTTPStatus.NOT_FOUND, Path(self.directory) / "404.html")

    def _answer(self, status: HTTPStatus, path: Path) -> None:
        data = path.read_bytes()
        self.send_response(status)
        if path.suffix in PACKED:
            data = gzip.compress(data, 6)
            self.send_header("Content-Encoding", "gzip")
        kind = self.guess_type(path)
        self.send_header("Content-Type", f"{kind}; charset=utf-8" if kind.startswith("text/") else kind)
        keep = "max-age=31536000, immutable" if HASHED in path.name else "max-age=300"
        self.send_header("Cache-Control", keep)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)


def built(root: Path, site: Path) -> Path:
    """Build the demo company of the project at *root* as *site*, and return that."""
    command = [str(BIN / "pledge"), "build", "appliances", "-o", str(site)]
    subprocess.run(command, cwd=root, check=True, capture_output=True)
    return site


@contextlib.contextmanager
def hosted(folder: Path, kind: type[Quiet] = Quiet) -> Iterator[str]:
    """Serve *folder* and give its address."""
    handler = functools.partial(kind, directory=str(folder))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()
        thread.join()
