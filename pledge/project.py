"""A project as it stands on disk: its catalogue and its pages, read once for each state of the files."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING

from pledge import catalogue as catalogue_module
from pledge import source
from pledge.company import Company
from pledge.company import load as load_company

if TYPE_CHECKING:
    from pathlib import Path

    from pledge.catalogue import Catalogue
    from pledge.page import Page


@dataclass(frozen=True)
class Project:
    """What all companies share: the catalogue, the guarantees by variant, and the site's other pages."""

    root: Path
    catalogue: Catalogue
    pages: dict[str, Page]
    site_pages: list[Page] = field(default_factory=list)

    def company(self, name: str) -> Company:
        """Return the company called *name*, read anew."""
        return load_company(self.root, name, self.catalogue)

    def published(self, company: Company) -> list[Page]:
        """Return the guarantees that *company* publishes, in the order of their numbers."""
        return [page for name, page in self.pages.items() if name in company.publish]


def find_root(start: Path) -> Path:
    """Return the nearest folder at or above *start* that holds mkdocs.yml.

    Raises FileNotFoundError where there is none.
    """
    for folder in (start.resolve(), *start.resolve().parents):
        if (folder / "mkdocs.yml").is_file():
            return folder
    raise FileNotFoundError(start)


def load(root: Path) -> Project:
    """Return the project at *root*; a state of the files already read is not read again."""
    files = (path for folder in ("catalogue", "docs") for path in sorted((root / folder).rglob("*.*")))
    stamps = tuple((str(path), *_state(path)) for path in files if path.suffix in {".md", ".yml"})
    return _load(root.resolve(), stamps)


def _state(path: Path) -> tuple[int, int]:
    try:
        status = path.stat()
    except OSError:  # a link that leads nowhere: reading it says so
        return 0, 0
    return status.st_mtime_ns, status.st_size


@lru_cache(maxsize=4)
def _load(root: Path, _stamps: tuple[tuple[str, int, int], ...]) -> Project:
    return Project(root, catalogue_module.load(root), source.load(root), source.site_pages(root))
