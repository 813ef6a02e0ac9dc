"""Templates: the pages of a shape as MkDocs builds them, with slots, and what else a site of it holds."""

from __future__ import annotations

import base64
import json
import tempfile
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from pledge import search, site
from pledge.fleet.slots import (
    ADDRESS,
    DESCRIPTION,
    NAME,
    PART,
    PARTS,
    Piece,
    Slots,
    pieces,
    slot,
    without_macros,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mkdocs.config.defaults import MkDocsConfig
    from mkdocs.structure.files import File

    from pledge.fleet.shape import Shape
    from pledge.plugin import PledgePlugin
    from pledge.render import Filling

LOST = "404.html"
_COMPANIES_OWN = {LOST, search.FILE, "sitemap.xml", "sitemap.xml.gz"}


@dataclass(frozen=True, slots=True)
class Template:
    """A page with slots: where it stands, what its templates know of it, and what the search found in it."""

    source: str
    target: str
    url: str
    title: str
    number: str
    pieces: list[Piece]
    entries: list[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Frame:
    """What the sites of a shape have in common beside their pages.

    `pages` are the sources of the pages in their order, `files` the contents of files that are the same for
    all in base64.
    """

    pages: list[str]
    files: dict[str, str]
    lost: list[Piece]
    search: dict[str, Any]


@dataclass(slots=True)
class Built:
    """What one run of MkDocs gives."""

    frame: Frame
    pages: dict[str, Template] = field(default_factory=dict)
    shared: list[File] = field(default_factory=list)


def built(filling: Filling, shape: Shape) -> Built:
    """Build the pages of a company of *shape* with slots in place of its values; raises BuildError."""
    found: list[PledgePlugin] = []

    def prepare(config: MkDocsConfig, plugin: PledgePlugin) -> None:
        found.append(plugin)
        plugin.stand_in = lambda config: _stand_in(config, filling, shape, Path(beside))
        ours = config.extra.get("pledge")
        config.extra["pledge"] = {**(ours if isinstance(ours, dict) else {}), "assets": "shared"}

    with tempfile.TemporaryDirectory(prefix="pledge-") as folder, tempfile.TemporaryDirectory() as beside:
        with site.heard() as said:
            try:
                site.made(filling.project.root, Path(folder), prepare)
            except site.BuildError as error:
                raise site.BuildError("；".join([*said, str(error)])) from None
        return _read(Path(folder), found[0])


def _stand_in(config: MkDocsConfig, filling: Filling, shape: Shape, folder: Path) -> Filling:
    """Put slots where the company's name, address and parts of the theme would stand."""
    config.site_name, config.site_description = Markup(slot(NAME)), Markup(slot(DESCRIPTION))  # noqa: S704
    if shape.has_address and not config.site_url:
        config.site_url = ADDRESS
    config.extra["pledge_site"] = {"shape": True}
    (folder / "partials").mkdir()
    for part in PARTS:
        silent = part == "announce" and not shape.has_banner
        (folder / "partials" / f"{part}.html").write_text("" if silent else slot(PART, part))
    config.theme.dirs.insert(0, str(folder))
    return Slots(filling.project, filling.company, filling.today)


def _read(folder: Path, plugin: PledgePlugin) -> Built:
    index = json.loads((folder / search.FILE).read_text(encoding="utf-8"))
    pages = [file for file in plugin.files if file.page]
    templates = {file.src_uri: _template(folder, file, index["docs"]) for file in pages}
    own = _COMPANIES_OWN | {template.target for template in templates.values()}
    frame = Frame(
        pages=list(templates),
        files={name: base64.b64encode(data).decode() for name, data in _files(folder) if name not in own},
        lost=pieces((folder / LOST).read_text(encoding="utf-8")),
        search={**index, "docs": []},
    )
    return Built(frame, templates, plugin.shared)


def _files(folder: Path) -> Iterator[tuple[str, bytes]]:
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            yield path.relative_to(folder).as_posix(), path.read_bytes()


def _template(folder: Path, file: File, entries: list[dict[str, Any]]) -> Template:
    page = file.page
    assert page  # noqa: S101  the caller chose those with one
    url = page.url.removeprefix("./")
    return Template(
        source=file.src_uri,
        target=file.dest_uri,
        url=page.url,
        title=str(page.meta.get("title", "")),
        number=str(page.meta.get("number", "")),
        pieces=pieces((folder / file.dest_uri).read_text(encoding="utf-8")),
        entries=[_silent(entry) for entry in entries if entry["location"].partition("#")[0] == url],
    )


def _silent(entry: dict[str, Any]) -> dict[str, Any]:
    """Return an entry of the search without the slots of macros, as what they return is never searched."""
    return {**entry, "text": without_macros(entry["text"])}


def as_json(record: Template | Frame) -> str:
    """Return *record* as JSON, for `template` or `frame` to read back."""
    return json.dumps(asdict(record), ensure_ascii=False)


def template(text: str) -> Template:
    """Return the template that *text* holds; raises ValueError or TypeError where it holds none."""
    found = json.loads(text)
    return Template(**{**found, "pieces": [Piece(*piece) for piece in found["pieces"]]})


def frame(text: str) -> Frame:
    """Return the frame that *text* holds; raises ValueError or TypeError where it holds none."""
    found = json.loads(text)
    return Frame(**{**found, "lost": [Piece(*piece) for piece in found["lost"]]})
