"""Whether the values, the pages and the catalogue hold: every problem at once, each with its place."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pledge import logo, notes, schema
from pledge.check import catalogue, pages, values, wording
from pledge.company import paths, read_company

if TYPE_CHECKING:
    import datetime
    from collections.abc import Iterator
    from pathlib import Path

    from pledge.company import Company
    from pledge.problem import Problem
    from pledge.project import Project


def check_project(project: Project) -> Iterator[Problem]:
    """Yield what is wrong with the catalogue and the pages, which all companies share."""
    yield from project.catalogue.problems
    yield from catalogue.problems(project)
    yield from schema.stale(project)
    yield from logo.strays(project.root, set(paths(project.root)))
    yield from notes.problems(project.root, project.catalogue, paths(project.root))
    for page in project.site_pages:
        yield from page.problems
        yield from pages.tags(project, page)
        yield from pages.markup(page)
        yield from wording.page_problems(project.catalogue, page)
    for page in project.pages.values():
        yield from page.problems
        yield from pages.problems(project, page)
        yield from wording.page_problems(project.catalogue, page)


def check_company(project: Project, company: Company, today: datetime.date) -> Iterator[Problem]:
    """Yield what is wrong with one company's values on *today*, read in China."""
    yield from company.problems
    yield from values.problems(project, company, today)
    yield from logo.problems(project.root, company.id)
    yield from wording.value_problems(project, company)


def check_files(project: Project, files: list[Path], today: datetime.date) -> Iterator[Problem]:
    """Yield what is wrong with these variable files; none named means everything in the project."""
    if not files:
        yield from check_project(project)
    for path in files or paths(project.root).values():
        company = read_company(path, project.root, project.catalogue)
        yield from check_company(project, company, today)
