"""The work on one company, the same in this process, in another, and on another machine."""

from __future__ import annotations

import contextlib
import shutil
import time
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING
from uuid import uuid4

from jinja2 import TemplateError

from pledge import project as project_module
from pledge.export.pdf import PdfError
from pledge.fleet import pinyin, record, store
from pledge.fleet.filled import Site, configured
from pledge.fleet.library import Library
from pledge.fleet.record import Record
from pledge.fleet.shape import Shape
from pledge.fleet.store import Store
from pledge.plugin import company_problems, draft_problem
from pledge.problem import Problem, errors, reason
from pledge.render import Filling
from pledge.shell import DOWNLOADS, shell
from pledge.shell import address as address_of
from pledge.site import BuildError, build_date, template_error
from pledge.standing import standing

if TYPE_CHECKING:
    import datetime
    from collections.abc import Iterable
    from pathlib import Path

    from pledge.company import Company
    from pledge.project import Project

_UNLIKE = "这台机器上的项目文件或者工具的版本与发起生成的机器不同；装成一样再来"
STOP = ".check-only"
"""A file of this name in the folder of the work: there are problems, so the rest is only checked."""
_TICK = 50_000_000
"""How far the clock of files may be behind that of the system, in nanoseconds."""


@dataclass(frozen=True, slots=True)
class Job:
    """What the work on every company has in common; all paths are seen by every process.

    *stage* takes the finished sites, *cache* the templates; *state* is that of `store.state`. *site_url* is
    the address that mkdocs.yml sets, or nothing where each company has its own.
    """

    root: Path
    stage: Path
    cache: Path
    state: str
    day: datetime.date
    keep_going: bool = False
    drafts: bool = False
    downloads: bool = False
    site_url: str = ""

    @property
    def options(self) -> str:
        """What else a site is made from: the day by which MkDocs dates it, and whether it has downloads."""
        return f"{build_date()} {self.downloads}"


@dataclass(slots=True)
class Outcome:
    """What came of a company: its site is staged and noted, or it has problems, or could not be made."""

    company: str
    problems: list[Problem] = field(default_factory=list)
    made: Record | None = None
    draft: bool = False
    failure: str = ""

    @property
    def sound(self) -> bool:
        """Whether nothing forbids that the site is published."""
        return not errors(self.problems) and not self.failure


def work(job: Job, companies: Iterable[str]) -> list[Outcome]:
    """Check each of *companies* and stage its site; what goes wrong is in the outcomes, never raised.

    Doing it twice gives the same, so it may be begun again where a process died.
    """
    if not _is_ready(job):
        return [Outcome(company, failure=_UNLIKE) for company in companies]
    return [_outcome(job, company) for company in companies]


@lru_cache(maxsize=2)
def _is_ready(job: Job) -> bool:
    """Whether this process has the project and the tools that the job was made with.

    What the first company would wait for is loaded here.
    """
    pinyin.read("")
    with contextlib.suppress(OSError, BuildError):  # the company says what is wrong
        configured(job.root)
    return store.state(job.root) == job.state


@lru_cache(maxsize=2)
def _project(job: Job) -> Project:
    return project_module.load(job.root)


def _outcome(job: Job, name: str) -> Outcome:
    outcome = Outcome(name)
    began = time.time_ns() - _TICK
    try:
        project = _project(job)
        company = project.company(name)
        if company.draft and not job.drafts:
            outcome.draft = True
            return outcome
        outcome.problems = _problems(job, project, company)
        if not outcome.sound and not job.keep_going:
            (job.stage / STOP).touch()
        if outcome.sound and not (job.stage / STOP).exists():
            outcome.made = _staged(job, project, company, outcome, began)
    except TemplateError as error:
        outcome.failure = template_error(error)
    except OSError as error:
        outcome.failure = f"读写文件时出错（{reason(error)}）"
    except (BuildError, PdfError) as error:
        outcome.failure = str(error)
    return outcome


def _problems(job: Job, project: Project, company: Company) -> list[Problem]:
    found = company_problems(project, company, job.day)
    return [*found, draft_problem(company)] if company.draft else found


def _staged(job: Job, project: Project, company: Company, outcome: Outcome, began: int) -> Record | None:
    """Write the site of *company* below the stage and return its note, unless its texts are a revision.

    Where one of its files was written since the work *began*, nobody knows which text was read: the note
    then has no key, so the next run makes the site again.
    """
    made_from = record.sources(company)
    key = record.key(project.root, made_from, job.state, job.day, job.options)
    filling = Filling(project, company, job.day)
    stands = standing(filling)
    if stands.problem:
        outcome.problems.append(stands.problem)
        return None
    address = job.site_url or address_of(company)
    downloads = _downloads(filling) if job.downloads else {}
    around = shell(filling, stands, address, downloads)
    shape = Shape(company.publish, has_address=bool(address), has_banner=bool(stands.banner))
    files = Site(filling, around, address).files(*_library(job).templates(filling, shape))
    _write(job.stage, company.id, files | {f"{DOWNLOADS}/{name}": data for name, data in downloads.items()})
    count, size = record.measured(job.stage / company.id)
    text = company.text
    made = Record(
        company=company.id,
        key="" if record.changed_since(project.root, made_from, began) else key,
        state=job.state,
        sources=made_from,
        count=count,
        size=size,
        name=text("company.name"),
        credit_code=text("company.credit_code"),
        number=text("edition.number"),
        effective=company.data("edition.effective").isoformat(),
        status=stands.status,
        address=address,
        pinyin=pinyin.read(text("company.name")),
    )
    (job.stage / f"{company.id}.json").write_text(record.as_json(made), encoding="utf-8")
    return made


def _downloads(filling: Filling) -> dict[str, bytes]:
    from pledge.export import files  # noqa: PLC0415  it takes long to import, and most builds go without

    return files.downloads(filling)


@lru_cache(maxsize=2)
def _library(job: Job) -> Library:
    return Library(Store(job.cache), job.root, job.state)


def _write(stage: Path, company: str, files: dict[str, bytes]) -> None:
    """Write *files* beside, then put the folder in its place: another process may be doing the same."""
    beside = stage / f"{company}.{uuid4().hex}"
    folders = {(beside / name).parent for name in files}
    for folder in sorted(folders):
        folder.mkdir(parents=True, exist_ok=True)
    for name, data in files.items():
        (beside / name).write_bytes(data)
    target = stage / company
    if target.exists():
        shutil.rmtree(target)
    beside.rename(target)
