"""The verbs of editions: release, verify and seal."""

from __future__ import annotations

import itertools
import sys
from typing import TYPE_CHECKING

import click

from pledge import edition as edition_module
from pledge import policy, release, verify
from pledge.check import check_project
from pledge.cli.group import FILE, cli, known_company, load_project, stop
from pledge.company import paths, today
from pledge.export import pdf
from pledge.export.paper import papers
from pledge.kinds import KINDS, MisreadError
from pledge.problem import FORMATS, arrange, as_text, errors, reason

if TYPE_CHECKING:
    from pathlib import Path

    from pledge.project import Project

SEALED_BYTES = 100_000_000


@cli.command(name="release", help="把公司现在的文字和数值发布成一个版本，写进 editions/，以后不再改动。")
@click.argument("companies", nargs=-1, metavar="[公司]...")
@click.option("--all", "everyone", is_flag=True, help="发布全部有改动的公司。")
@click.option("--note", metavar="说明", help="只有共用条文改动时，写给客户的共同说明。")
@click.option("--effective", metavar="日期", help="只有共用条文改动时，共同的施行日期，如 2026-12-01。")
def release_(companies: tuple[str, ...], note: str | None, effective: str | None, *, everyone: bool) -> None:
    """Write the next edition of each company, all of them or none."""
    project = load_project()
    if bool(companies) == everyone:
        stop("写明发布哪家公司，或者用 --all 发布全部有改动的公司；两者选一种。")
    wanted = list(paths(project.root)) if everyone else [known_company(project, name) for name in companies]
    wording = _announcement(note, effective)
    try:
        with release.alone(project.root):
            plans = _plans(project, wanted, wording, drafts=not everyone)
            _release(project.root, plans)
    except BlockingIOError:
        stop("另一个发布正在进行；等它结束再来。")
    except OSError as error:
        done = "上面列出的版本已经写完，其余的没有写；改正后再运行一次"
        stop(f"写 editions/ 时出错（{reason(error)}）；{done}。")


def _release(root: Path, plans: list[release.Plan]) -> None:
    made = release.write(root, plans, lambda folder: click.echo(f"已发布 {folder.relative_to(root)}/"))
    if len(plans) > len(made):
        click.echo(f"{len(plans) - len(made)}家公司没有要发布的改动。", err=True)


def _announcement(note: str | None, effective: str | None) -> release.Announcement | None:
    if note is None and effective is None:
        return None
    if note is None or effective is None:
        stop("--note 和 --effective 要一起写，日期写成如 2026-12-01。")
    try:
        return release.Announcement(KINDS["text"].parse(note, ()), KINDS["date"].parse(effective, ()))
    except MisreadError as error:
        stop(f"--note 或者 --effective 写错了：{error}。")


def _plans(
    project: Project, names: list[str], wording: release.Announcement | None, *, drafts: bool
) -> list[release.Plan]:
    """Return what to release, or stop with every reason against it."""
    shared = errors([*check_project(project), *policy.load(project.root).problems])
    companies = (project.company(name) for name in dict.fromkeys(names))
    plans = [
        release.plan(project, company, today(), wording)
        for company in companies
        if drafts or not company.draft
    ]
    broken = [
        problem
        for problem in verify.problems(project.root, _families(project))
        if problem.rule != "edition-unlisted"
    ]
    found = arrange([*shared, *broken, *(problem for plan in plans for problem in plan.problems)])
    if found:
        stop(f"{as_text(found)}\n{len(found)}个问题，没有发布任何版本。", 1)
    for plan in plans:
        if plan.draft:
            _refuse_undrawable(project, plan)
    return plans


def _refuse_undrawable(project: Project, plan: release.Plan) -> None:
    """Stop where a text could be released but never put on paper: no font has one of its characters."""
    try:
        for paper in papers(project, plan.company, today()):
            pdf.document(paper)
    except pdf.PdfError as error:
        stop(f"{plan.company.path}: {error}。没有发布任何版本。", 1)


def _families(project: Project) -> dict[str, tuple[str, ...]]:
    return {name: project.company(name).names for name in paths(project.root)}


@cli.command(name="verify", help="核对全部已发布的版本：一字未改，首尾相接，不多不少。")
@click.option("--format", "form", type=click.Choice(list(FORMATS)), default="text", help="输出格式。")
def verify_(form: str) -> None:
    """Print every altered, missing or added file; exit 1 where there is one."""
    project = load_project()
    families = _families(project)
    found = arrange(verify.problems(project.root, families))
    if found or form == "json":
        click.echo(FORMATS[form](found))
    if form == "text":
        names = itertools.chain.from_iterable(families.values())
        count = sum(len(list(edition_module.folders(project.root, name))) for name in names)
        click.echo(f"{len(found)}个问题。" if found else f"{count}个版本都与发布时相同。", err=True)
    sys.exit(1 if found else 0)


@cli.command(help="登记一个版本的盖章扫描件：文件的 SHA-256 和存放地址，只登记一次。")
@click.argument("company", metavar="公司")
@click.argument("number", metavar="版本号")
@click.argument("file", type=FILE, metavar="文件")
@click.option("--url", "address", default="", metavar="网址", help="盖章件公布在哪里。")
def seal(company: str, number: str, file: Path, address: str) -> None:
    """Write `sealed.yml` beside an edition."""
    project = load_project()
    folder = project.root / edition_module.FOLDER / known_company(project, company) / number
    if not edition_module.NUMBER.fullmatch(number) or not (folder / edition_module.FILE).is_file():
        stop(f"{company} 没有发布过版本“{number}”；editions/{company}/ 下有哪些，就能登记哪些。")
    try:
        if address:
            KINDS["url"].parse(address, ())
        path = release.seal(project.root, folder, file.name, _sealed(file), address)
    except MisreadError as error:
        stop(f"{error}。")
    except FileExistsError:
        stop(f"版本{number}已经登记过盖章件，不能再改；换了盖章件的，发布新的版本。", 1)
    except OSError as error:
        stop(f"读不了 {file}，或者写不了登记（{reason(error)}）；检查文件名和权限。")
    click.echo(f"已登记 {path.relative_to(project.root)}")


def _sealed(file: Path) -> bytes:
    """Return the contents of a scanned copy, or stop where it is none: a device, empty, or too large."""
    if file.exists() and (not file.is_file() or not 0 < file.stat().st_size <= SEALED_BYTES):
        stop(f"{file} 不是扫描件：要一个不空、不超过{SEALED_BYTES // 1_000_000} MB 的文件。")
    return file.read_bytes()
