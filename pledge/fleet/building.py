"""Building the sites of many companies into one folder: all checked, all staged, then each put in place."""

from __future__ import annotations

import shutil
from concurrent.futures import BrokenExecutor, Executor, Future, as_completed
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from jinja2 import TemplateError

from pledge import check, site
from pledge import project as project_module
from pledge.assets import FOLDER as ASSETS
from pledge.company import paths
from pledge.fleet import commit, landing, record, store
from pledge.fleet.library import CHANGED
from pledge.fleet.processes import processes
from pledge.fleet.work import Job, Outcome, work
from pledge.problem import Problem, arrange, errors

if TYPE_CHECKING:
    import datetime
    from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
    from contextlib import AbstractContextManager
    from pathlib import Path

    from pledge.fleet.record import Record
    from pledge.project import Project

_FIRST = 2
"""How many companies are begun at once."""
_BATCH, _PARTS = 20, 16
"""How many companies a process takes at once, and into how many parts few are cut: the last end together."""


@dataclass(frozen=True, slots=True)
class Order:
    """What is to be built: the sites of *companies* of the project at *root*, into the folder *target*.

    *whole* says that these are all there are, so the sites of companies that are gone are removed. *spread*
    gives what runs the work, processes of this machine where it is None. *told* hears how many are done. With
    *drafts* a draft is a problem, else it is passed over.
    """

    root: Path
    target: Path
    companies: Sequence[str]
    day: datetime.date
    drafts: bool = False
    whole: bool = False
    keep_going: bool = False
    downloads: bool = False
    spread: Callable[[], AbstractContextManager[Executor]] | None = None
    told: Callable[[int, int], None] = lambda _done, _all: None


@dataclass(slots=True)
class Summary:
    """What came of a build: the sites made, how many were as before, drafts, sites gone, what is wrong.

    Where `placed` is false nothing in the folder was touched.
    """

    made: list[Record] = field(default_factory=list)
    unchanged: int = 0
    drafts: list[str] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    failures: list[Outcome] = field(default_factory=list)
    placed: bool = False

    @property
    def sound(self) -> bool:
        """Whether every site that was asked for stands."""
        return not errors(self.problems) and not self.failures


def build(order: Order) -> Summary:
    """Build what is ordered; raises site.BuildError where the folder cannot be used, and OSError."""
    try:
        target = order.target.resolve()
    except (OSError, RuntimeError):
        raise site.BuildError(f"{order.target} 是一个指向自己的链接；换一个文件夹") from None
    before = store.stamps(order.root)
    project = project_module.load(order.root)
    wrong = errors(check.check_project(project))
    if wrong:
        return Summary(problems=arrange(wrong))
    with site.alone(target):
        commit.refuse_foreign(target, order.companies)
        commit.refuse_inside(order.root, target)
        stage = commit.prepare(target)
        try:
            return _built(order, project, target, stage, before)
        finally:
            commit.discard(target)


def _built(
    order: Order, project: Project, target: Path, stage: Path, before: list[tuple[str, int, int]]
) -> Summary:
    job = _job(order, stage)
    try:
        with (order.spread or processes)() as executor:
            executor.submit(work, job, [])  # gets ready while what stands is compared
            kept, outcomes = _worked(executor, order, job, target)
    except BrokenExecutor:
        message = "一个做事的进程被系统结束了，可能是内存不够；关掉别的程序再来"
        raise site.BuildError(message) from None
    summary = _summed(project, outcomes, kept.values())
    if store.stamps(order.root) != before:
        raise site.BuildError(CHANGED)
    if not summary.sound and not order.keep_going:
        return summary
    names = set(paths(order.root)) if order.whole else None
    found = kept | {each.company: each for each in summary.made}
    others = [each for each in record.records(target, found) if names is None or each.company in names]
    try:
        landing.stage(stage / commit.TOP, order.root, [*found.values(), *others])
    except TemplateError as error:
        raise site.BuildError(site.template_error(error)) from None
    wanted = store.Store(job.cache).assets()
    if wanted is not None and not _has_assets(target, wanted):
        shutil.copytree(job.cache / store.ASSETS, stage / commit.TOP / ASSETS)
    summary.removed = commit.place(target, stage, summary.made, names)
    summary.placed = True
    return summary


def _job(order: Order, stage: Path) -> Job:
    state = store.state(order.root)
    kept = store.store(order.root, state)
    kept.sweep()
    return Job(
        root=order.root,
        stage=stage,
        cache=kept.folder,
        state=state,
        day=order.day,
        keep_going=order.keep_going,
        drafts=order.drafts,
        downloads=order.downloads,
        site_url=_site_url(kept, order.root),
    )


def _site_url(kept: store.Store, root: Path) -> str:
    """Return the address that mkdocs.yml sets for every site, or nothing."""
    known = kept.read("site_url")
    if known is None:
        known = site.configuration(root).site_url or ""
        kept.write("site_url", known)
    return known


def _has_assets(target: Path, known: Mapping[str, str] | None) -> bool:
    """Whether the files of the theme that are *known* stand in *target* as they should."""
    found = store.hashes(target / ASSETS)
    return bool(found) and (known is None or known.items() <= found.items())


def _fresh(job: Job, target: Path, company: str) -> Record | None:
    """Return the note of the site of *company* where it stands whole, made from just what there is now."""
    known = record.read(target, company)
    if known is None or known.key != record.key(job.root, known.sources, job.state, job.day, job.options):
        return None
    return known if (known.count, known.size) == record.measured(target / company) else None


def _worked(
    executor: Executor, order: Order, job: Job, target: Path
) -> tuple[dict[str, Record], list[Outcome]]:
    """Return the notes of the sites that are as they should be, and what comes of the other companies.

    The work on the first ones is begun while the others are still compared.
    """
    bare = store.Store(job.cache).assets() is None and not _has_assets(target, None)
    kept: dict[str, Record] = {}
    todo: list[str] = []
    begun: list[Future[list[Outcome]]] = []
    for name in order.companies:
        known = None if bare else _fresh(job, target, name)
        if known:
            kept[name] = known
            continue
        todo.append(name)
        if len(todo) <= _FIRST:
            begun.append(executor.submit(work, job, [name]))
    rest = todo[_FIRST:]
    size = max(1, min(_BATCH, len(rest) // _PARTS))
    batches = [rest[start : start + size] for start in range(0, len(rest), size)]
    begun += [executor.submit(work, job, batch) for batch in batches]
    return kept, list(_outcomes(begun, len(todo), order.told))


def _outcomes(
    begun: Sequence[Future[list[Outcome]]], count: int, told: Callable[[int, int], None]
) -> Iterator[Outcome]:
    """Yield what comes of *count* companies, in the order in which they are done."""
    done = 0
    if count:
        told(done, count)
    for finished in as_completed(begun):
        done += len(finished.result())
        told(done, count)
        yield from finished.result()


def _summed(project: Project, outcomes: Sequence[Outcome], kept: Collection[Record]) -> Summary:
    ordered = sorted(outcomes, key=lambda outcome: outcome.company)
    made = [outcome.made for outcome in ordered if outcome.made]
    twice = list(_twins(project, [*kept, *made]))
    refused = {problem.path for problem in twice}
    problems = [problem for outcome in ordered for problem in outcome.problems]
    return Summary(
        made=[each for each in made if f"variables/{each.company}.yml" not in refused],
        unchanged=len(kept),
        problems=arrange([*problems, *twice]),
        drafts=[outcome.company for outcome in ordered if outcome.draft],
        failures=[outcome for outcome in ordered if outcome.failure],
    )


def _twins(project: Project, found: Sequence[Record]) -> Iterator[Problem]:
    """Yield a problem for each company that has the name and the credit code of one before it."""
    seen: dict[tuple[str, str], str] = {}
    for each in sorted(found, key=lambda record: record.company):
        first = seen.setdefault((each.name, each.credit_code), each.company)
        if first != each.company:
            message = (
                f"与 variables/{first}.yml 是同一家公司，名称和统一社会信用代码都相同；"
                "改正写错的一处，或者删去多出的文件"
            )
            place = project.company(each.company).place("company.name")
            yield place.problem(message, "same-company")
