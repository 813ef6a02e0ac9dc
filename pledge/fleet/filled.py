"""One company's site from templates: the same files, byte for byte, as a build for that company alone."""

from __future__ import annotations

import base64
import datetime
import gzip
import html
import io
import re
from collections import ChainMap
from functools import cached_property, lru_cache
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any
from urllib.parse import urljoin, urlsplit

import jinja2
from jinja2.utils import htmlsafe_json_dumps
from markupsafe import escape

from pledge import archive, search
from pledge.assets import borrowing
from pledge.content_security import secured
from pledge.fleet import slots
from pledge.fleet.templates import LOST
from pledge.plugin import MARK
from pledge.site import build_date, configuration, url_filter

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from pledge.fleet.slots import Piece
    from pledge.fleet.templates import Frame, Template
    from pledge.render import Filling
    from pledge.shell import Shell

SITEMAP = "sitemap.xml"
_TAG = re.compile("<[^>]*>")


class Site:
    """The site of one company: *filling* gives its values, *around* what stands around the wording.

    *address* is that of the site, or nothing where it is not known.
    """

    def __init__(self, filling: Filling, around: Shell, address: str) -> None:
        self.filling = filling
        self.around = around
        self.address = address
        self.topics = filling.topics
        self.macros = filling.macros()
        shared = configured(filling.project.root)
        self.config = ChainMap(
            {
                "site_name": around.name,
                "site_description": around.description,
                "site_url": address,
                "extra": {**shared["extra"], "pledge_site": around.shown},
            },
            shared,
        )
        self.environment = _environment(tuple(shared["theme"].dirs))

    def files(self, frame: Frame, pages: Mapping[str, Template]) -> dict[str, bytes]:
        """Return every file of the site by its name below it; *pages* are the templates by source."""
        listed = [pages[source] for source in frame.pages]
        stubs = [self._stub(page) for page in listed]
        made = {page.target: self._page(page.pieces, stub) for page, stub in zip(listed, stubs, strict=True)}
        made[LOST] = secured(self._page(frame.lost, None))
        made |= self._archive()
        entries = [self._found(entry) for page in listed for entry in page.entries]
        made[search.FILE] = search.as_json({**frame.search, "docs": entries}, self.filling)
        found = {name: text.encode() for name, text in made.items()}
        found |= {name: base64.b64decode(data) for name, data in frame.files.items()}
        return found | self._sitemap(stubs) | self.around.machines.files() | self.around.look

    def _archive(self) -> dict[str, str]:
        folders = (str(self.filling.project.root / "overrides"),)
        pages = archive.made(archive.Archive(self.filling), folders, self.address, self.around.shown)
        return {name: secured(borrowing(page)) for name, page in pages.items()}

    def _stub(self, page: Template) -> SimpleNamespace:
        """Return what the templates of the theme know of a page, as MkDocs hands it over."""
        name = page.source.rpartition("/")[2].removesuffix(".md")
        return SimpleNamespace(
            url=page.url,
            canonical_url=urljoin(self.address, page.url) if self.address else None,
            meta={"title": page.title, "number": page.number},
            file=SimpleNamespace(name=name, src_uri=page.source),
            is_link=False,
        )

    def _page(self, found: Iterable[Piece], page: SimpleNamespace | None) -> str:
        return "".join(
            piece.text + self._filled(piece, page) if piece.kind else piece.text for piece in found
        )

    def _found(self, entry: dict[str, Any]) -> dict[str, Any]:
        """Return an entry of the search with the values that stand in a page beside the guarantees."""
        if slots.OPEN not in entry["text"]:
            return entry
        return {**entry, "text": "".join(map(self._said, slots.pieces(entry["text"])))}

    def _said(self, piece: Piece) -> str:
        """Return *piece* as the search finds it: without tags, and no more escaped than HTML needs."""
        shown = html.unescape(_TAG.sub("", self._filled(piece, None))) if piece.kind else ""
        return piece.text + html.escape(shown, quote=False)

    def _filled(self, piece: Piece, page: SimpleNamespace | None) -> str:
        """Return what stands in the slot of *piece* on *page*."""
        match piece.kind:
            case slots.BLANK:
                return str(self._blank(piece.of))
            case slots.CAPITALS:
                return self.filling.capitals(self._blank(piece.of))
            case slots.MACRO:
                return self._macro(piece.of, page)
            case slots.PART:
                return self._part(piece.of, page)
        return str(self._texts[piece.kind])

    def _blank(self, name: str) -> Any:  # noqa: ANN401  a value as pages print it
        topic, _, blank = name.partition(".")
        return getattr(self.topics[topic], blank)

    def _macro(self, name: str, page: SimpleNamespace | None) -> str:
        macro = self.macros[name]
        told = macro({"page": page}) if hasattr(macro, "jinja_pass_arg") else macro()
        return borrowing(told)

    def _part(self, name: str, page: SimpleNamespace | None) -> str:
        template = self.environment.get_template(f"partials/{name}.html")
        return template.render(config=self.config, page=page, base_url=self._path)

    @cached_property
    def _path(self) -> str:
        return urlsplit(self.address or "/").path

    @cached_property
    def _texts(self) -> dict[str, str]:
        return {
            slots.NAME: self.around.name,
            slots.DESCRIPTION: self.around.description,
            slots.SITE: self.address,
            slots.PATH: self._path,
            slots.HTML_PATH: escape(self._path),
            slots.JSON_PATH: htmlsafe_json_dumps(self._path)[1:-1],
        }

    def _sitemap(self, stubs: Iterable[SimpleNamespace]) -> dict[str, bytes]:
        """Return the sitemap as MkDocs writes it, plain and compressed."""
        files = [SimpleNamespace(page=stub, src_uri=stub.file.src_uri) for stub in stubs]
        data = self.environment.get_template(SITEMAP).render(config=self.config, pages=files).encode()
        stamp = int(datetime.datetime.fromisoformat(f"{build_date()}T00:00+00:00").timestamp())
        packed = io.BytesIO()
        with gzip.GzipFile(fileobj=packed, filename=SITEMAP, mode="wb", mtime=stamp) as stream:
            stream.write(data)
        return {SITEMAP: data, f"{SITEMAP}.gz": packed.getvalue(), MARK: b""}


def configured(root: Path) -> dict[str, Any]:
    """Return what mkdocs.yml sets, which the templates of the theme may ask for; raises BuildError."""
    return _configured(root, (root / "mkdocs.yml").stat().st_mtime_ns)


@lru_cache(maxsize=4)
def _configured(root: Path, _stamp: int) -> dict[str, Any]:
    return dict(configuration(root))


@lru_cache(maxsize=4)
def _environment(folders: tuple[str, ...]) -> jinja2.Environment:
    """Return what renders the templates of the theme as MkDocs does, which escapes nothing by itself."""
    environment = jinja2.Environment(loader=jinja2.FileSystemLoader(folders))  # noqa: S701  templates escape
    environment.filters["url"] = url_filter
    return environment
