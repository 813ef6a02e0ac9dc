"""A draft tried as if it stood in the project: what the checks of pages and catalogue say of it."""

from __future__ import annotations

import tempfile
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from pledge import catalogue as catalogue_module
from pledge import source
from pledge.check import catalogue as catalogue_check
from pledge.check import pages, wording
from pledge.forms.entries import NONE
from pledge.problem import arrange

if TYPE_CHECKING:
    from pledge.catalogue import Catalogue
    from pledge.page import Page
    from pledge.problem import Problem
    from pledge.project import Project


def tried(project: Project, page: str, blanks: str, topic: str) -> tuple[Page, list[Problem]]:
    """Return the draft as the project's own reader reads it, and what is wrong with it, by line."""
    slug = topic.replace("_", "-")
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        path = _written(root / "docs" / "guarantees" / f"{slug}.md", page)
        if blanks != NONE:
            _written(root / "catalogue" / "blanks" / f"{topic}.yml", blanks)
        made = source.read_page(path, root)
        new = catalogue_module.load(root)
    catalogue = _joined(project.catalogue, new)
    drafted = replace(project, catalogue=catalogue, pages={**project.pages, slug: made})
    found = [
        *made.problems,
        *pages.problems(drafted, made),
        *wording.page_problems(catalogue, made),
        *(problem for problem in new.problems if problem.path.startswith("catalogue/blanks/")),
        *catalogue_check.problems(replace(drafted, catalogue=_only(new))),
    ]
    return made, arrange(found)


def _written(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True)
    path.write_text(text, encoding="utf-8")
    return path


def _joined(old: Catalogue, new: Catalogue) -> Catalogue:
    return replace(old, topics=old.topics | new.topics, blanks=old.blanks | new.blanks)


def _only(new: Catalogue) -> Catalogue:
    return replace(new, laws={}, floors=[], wording=[], holidays={}, synonyms=[])
