"""The templates a company's pages need: from memory, else from the store, else built by MkDocs."""

from __future__ import annotations

from dataclasses import asdict
from functools import lru_cache
from typing import TYPE_CHECKING

from pledge.assets import FOLDER as ASSETS
from pledge.fleet import templates
from pledge.fleet.shape import forms
from pledge.fleet.store import stamps, state
from pledge.site import BuildError

if TYPE_CHECKING:
    from pathlib import Path

    from pledge.fleet.shape import Shape
    from pledge.fleet.store import Store
    from pledge.fleet.templates import Built, Frame, Template
    from pledge.render import Filling

CHANGED = "正在生成的时候，页面、目录或者主题被改动了；不再改动以后，再运行一次"
_MOST = 512
"""How many pages are held in memory: about 40 MB."""


class Library:
    """The templates of one *state* of the project at *root*, kept in *store*."""

    def __init__(self, store: Store, root: Path, state: str) -> None:
        self.store = store
        self.root = root
        self.state = state
        self._page = lru_cache(maxsize=_MOST)(self._read_page)
        self._frame = lru_cache(maxsize=_MOST)(self._read_frame)

    def templates(self, filling: Filling, shape: Shape) -> tuple[Frame, dict[str, Template]]:
        """Return the frame and the pages, by source, for the company; raises BuildError and OSError.

        Where one is missing MkDocs builds the pages of this company, which serve every other of its form.
        """
        wanted = forms(filling.project, filling.company)
        for look in (self._found, self._built, self._found):
            made = look(filling, shape, wanted)
            if made:
                return made
        raise BuildError("模板刚写好就没有了；生成的时候不要删 .cache/，再运行一次")

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
            made = self._unmixed(filling, shape)
            if self.store.assets() is None:
                self.store.keep_assets(_assets(made))
            for source, page in made.pages.items():
                self.store.write(_name(shape, source, wanted.get(source, "")), templates.as_json(page))
            self.store.write(_name(shape), templates.as_json(made.frame))

    def _unmixed(self, filling: Filling, shape: Shape) -> Built:
        """Let MkDocs build, and make sure that it read the files as they were when the work began."""
        before = stamps(self.root)
        if state(self.root) != self.state:
            raise BuildError(CHANGED)
        made = templates.built(filling, shape)
        if before != stamps(self.root):
            raise BuildError(CHANGED)
        return made

    def _read_page(self, shape: Shape, source: str, form: str) -> Template:
        return templates.template(self._text(_name(shape, source, form)))

    def _read_frame(self, shape: Shape) -> Frame:
        return templates.frame(self._text(_name(shape)))

    def _text(self, name: str) -> str:
        text = self.store.read(name)
        if text is None:
            raise _MissingError
        return text


def _assets(made: Built) -> dict[str, bytes]:
    return {file.dest_uri.removeprefix(ASSETS): file.content_bytes for file in made.shared}


class _MissingError(LookupError):
    """An entry is not in the store; nothing is kept of that in memory."""


def _name(shape: Shape, source: str = "", form: str = "") -> str:
    return repr((asdict(shape), source, form))
