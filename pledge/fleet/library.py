"""The templates a company's pages need: from memory, else from the store, else built by MkDocs."""

from __future__ import annotations

import shutil
from dataclasses import asdict
from functools import lru_cache
from typing import TYPE_CHECKING

from pledge.assets import FOLDER as ASSETS
from pledge.fleet import templates
from pledge.fleet.shape import forms

if TYPE_CHECKING:
    from pledge.fleet.shape import Shape
    from pledge.fleet.store import Store
    from pledge.fleet.templates import Built, Frame, Template
    from pledge.render import Filling

_MOST = 512
"""How many pages are held in memory: about 40 MB."""


class Library:
    """The templates of one state of a project, kept in *store*."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self._page = lru_cache(maxsize=_MOST)(self._read_page)
        self._frame = lru_cache(maxsize=_MOST)(self._read_frame)

    def templates(self, filling: Filling, shape: Shape) -> tuple[Frame, dict[str, Template]]:
        """Return the frame and the pages, by source, for the company; raises BuildError, OSError.

        Where one is missing MkDocs builds the pages of this company, which serve every other of its form.
        """
        wanted = forms(filling.project, filling.company)
        for look in (self._found, self._built, self._found):
            made = look(filling, shape, wanted)
            if made:
                return made
        raise OSError("templates vanish as they are written")

    def _found(
        self, _filling: Filling, shape: Shape, wanted: dict[str, str]
    ) -> tuple[Frame, dict[str, Template]] | None:
        try:
            pages = {source: self._page(shape, source, form) for source, form in wanted.items()}
            return self._frame(shape), pages
        except _MissingError:
            return None

    def _built(self, filling: Filling, shape: Shape, wanted: dict[str, str]) -> None:
        """Let MkDocs build what is missing, unless another process has done so meanwhile."""
        with self.store.alone():
            if self._found(filling, shape, wanted):
                return
            made = templates.built(filling, shape)
            for source, page in made.pages.items():
                self.store.write(_name(shape, source, wanted.get(source, "")), templates.as_json(page))
            self._keep_assets(made)
            self.store.write(_name(shape), templates.as_json(made.frame))

    def _keep_assets(self, made: Built) -> None:
        """Keep the files of the theme, which the sites share, with the templates that ask for them."""
        folder, beside = self.store.folder / ASSETS, self.store.folder / "assets.new"
        if folder.exists():
            return
        shutil.rmtree(beside, ignore_errors=True)
        for file in made.shared:
            target = beside / file.dest_uri.removeprefix(ASSETS)
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(file.content_bytes)
        beside.rename(folder)

    def _read_page(self, shape: Shape, source: str, form: str) -> Template:
        return templates.template(self._text(_name(shape, source, form)))

    def _read_frame(self, shape: Shape) -> Frame:
        return templates.frame(self._text(_name(shape)))

    def _text(self, name: str) -> str:
        text = self.store.read(name)
        if text is None:
            raise _MissingError
        return text


class _MissingError(LookupError):
    """An entry is not in the store; nothing is kept of that in memory."""


def _name(shape: Shape, source: str = "", form: str = "") -> str:
    return repr((asdict(shape), source, form))
