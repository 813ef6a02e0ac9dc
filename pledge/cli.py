"""The commands: verbs, printing and exit codes (0 fine, 1 problems found, 2 could not run)."""

from __future__ import annotations

import contextlib
import datetime
import functools
import itertools
import sys
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import click

from pledge import edition as edition_module
from pledge import gate, git, policy, redline, release, report, site, usage, verify
from pledge import project as project_module
from pledge import review as review_module
from pledge import schema as schema_module
from pledge.change import VERDICTS, change_rules
from pledge.check import check_company, check_files, check_project
from pledge.company import paths, today
from pledge.compare import FOLDERS, UnreadableError, compare
from pledge.copies.copied import CopyError
from pledge.copies.reading import read_copy
from pledge.copies.verification import SAME, answer, verified
from pledge.deal import Deal, missing, read_deal
from pledge.export import files as paper_files
from pledge.export import redline_docx, redline_html
from pledge.export.form import blank_papers
from pledge.export.paper import WORKING, papers
from pledge.export.pdf import PdfError
from pledge.kinds import KINDS, MisreadError
from pledge.problem import FORMATS, LEVELS, arrange, as_text, errors, legible, reason, rules
from pledge.shape import nearest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from pledge.change import CompanyChange
    from pledge.company import Company
    from pledge.export.paper import Paper
    from pledge.problem import Problem
    from pledge.project import Project


def main() -> None:
    """Run the command line."""
    usage.run(cli)


@click.group(
    cls=usage.Verbs,
    help="管理、检查和生成客户售后服务承诺保障书。",
    subcommand_metavar="命令 [参数]...",
    options_metavar="",
)
def cli() -> None:
    """Hold the verbs."""


def _stop(message: str, code: int = 2) -> NoReturn:
    click.echo(message, err=True)
    sys.exit(code)


def _root() -> Path:
    try:
        return project_module.find_root(Path.cwd())
    except FileNotFoundError:
        _stop("这里和上级文件夹都没有 mkdocs.yml；先进入项目文件夹。")


def _project() -> Project:
    return project_module.load(_root())


def _known(project: Project, company: str) -> str:
    """Return *company*, or stop where there is none of that name."""
    known = paths(project.root)
    if company not in known:
        listed = "、".join(known)
        _stop(f"没有“{company}”这家公司{nearest(company, known)}；variables/ 下有：{listed}")
    return company


@cli.command(help="检查变量文件、页面和目录，一次列出全部问题。")
@click.argument("files", nargs=-1, type=click.Path(path_type=Path), metavar="[变量文件]...")
@click.option("--format", "form", type=click.Choice(list(FORMATS)), default="text", help="输出格式。")
def check(files: tuple[Path, ...], form: str) -> None:
    """Print all problems; exit 1 where one is an error."""
    project = _project()
    found = arrange(check_files(project, list(files), today()))
    if found or form == "json":
        click.echo(FORMATS[form](found))
    if form == "text":
        wrong = len(errors(found))
        click.echo(f"{wrong}个错误，{len(found) - wrong}个警告。" if found else "没有问题。", err=True)
    sys.exit(1 if errors(found) else 0)


@cli.command(help="说明一条规则要什么、为什么、怎样改。不写规则则列出全部。")
@click.argument("rule", required=False, metavar="[规则]")
def explain(rule: str | None) -> None:
    """Print what a rule wants, or the list of all rules."""
    known, changes = rules(), change_rules()
    if rule is None:
        titles = {entry.id: entry.title for entry in known.values()}
        titles |= {change.id: change.title for change in changes.values()}
        for name, title in titles.items():
            click.echo(f"{name}\t{title}")
        return
    if rule in changes:
        change = changes[rule]
        click.echo(f"{rule}（{VERDICTS[change.verdict]}）：{change.title}\n\n为什么：{change.why}")
        return
    if rule not in known:
        _stop(f"没有“{rule}”这条规则{nearest(rule, [*known, *changes])}；pledge explain 列出全部。")
    entry = known[rule]
    click.echo(
        f"{entry.id}（{LEVELS[entry.level]}）：{entry.title}\n\n为什么：{entry.why}\n怎样改：{entry.fix}"
    )


@cli.command(
    help="检查并生成一家公司的网站和供下载的 PDF、Word；不写公司则用 COMPANY 或者 mkdocs.yml 中的默认公司。"
)
@click.argument("company", required=False, default="", metavar="[公司]")
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path),
    default=Path("site"),
    metavar="文件夹",
    help="放到哪个文件夹，默认 site。",
)
def build(company: str, output: Path) -> None:
    """Build a site whole, or leave the old one and exit 1."""
    project = _project()
    if company:
        _known(project, company)
    try:
        downloads = site.build(project.root, company, output)
    except site.BuildError as error:
        click.echo(str(error), err=True)
        click.echo("没有生成；原来的网站没有改动。", err=True)
        sys.exit(1)
    click.echo(f"已生成 {output}/（含{downloads}个下载文件）" if downloads else f"已生成 {output}/")
    if not downloads:
        click.echo("还没有发布过版本，网站不附 PDF 和 Word；先运行 pledge release。", err=True)


@cli.command(help="按目录重新生成编辑器用的模式 catalogue/company.schema.json。")
def schema() -> None:
    """Write the schema of variable files."""
    project = _project()
    wrong = arrange(errors(project.catalogue.problems))
    if wrong:
        click.echo(f"{FORMATS['text'](wrong)}\n目录有错误，没有写入；先改正它。", err=True)
        sys.exit(1)
    path = project.root / schema_module.PATH
    beside = path.with_suffix(".new")
    try:
        beside.write_text(schema_module.company_schema(project), encoding="utf-8")
        beside.replace(path)
    except OSError as error:
        click.echo(
            f"写不了 {schema_module.PATH}（{reason(error)}）；检查 catalogue/ 文件夹和权限。", err=True
        )
        sys.exit(2)
    click.echo(f"已写入 {schema_module.PATH}")


FILE = click.Path(path_type=Path, dir_okay=False)
SEALED_BYTES = 100_000_000
DIFF_FORMATS = ("text", "markdown", "json", "github", "html", "docx")


@cli.command(
    help="列出两个状态之间承诺和条文的改动，逐项判断对客户变好还是变差。"
    "不写“原来”则与最近一次提交比较，不写“现在”则比较工作区；两者也可以是两个文件夹。"
)
@click.argument("base", required=False, default="HEAD", metavar="[原来")
@click.argument("head", required=False, default="", metavar="[现在]]")
@click.option("--format", "form", type=click.Choice(DIFF_FORMATS), default="text", help="输出格式。")
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="文件",
    help="写进文件；docx 必须写。",
)
def diff(base: str, head: str, form: str, output: Path | None) -> None:
    """Print what changed; a change is no problem, so the exit code is 0."""
    if form == "docx" and output is None:
        _stop("docx 不能显示在终端里；用 -o 写明文件名。")
    with _state(base) as old, _state(head) as new:
        changes = _compared(old, new)
    shown = _shown(changes, form, colours=output is None and sys.stdout.isatty())
    if output:
        _write(output, shown)
        click.echo(f"已写入 {output}", err=True)
    elif shown:
        click.echo(shown)
    if form == "text":
        findings = [finding for change in changes for finding in change.findings]
        said = f"{len(changes)}家公司有改动：{report.counted(findings)}。" if changes else "没有改动。"
        click.echo(said, err=True)


@contextlib.contextmanager
def _state(name: str) -> Iterator[Path]:
    """Give the folder of a state: the working tree, a folder, or a revision of git."""
    if not name:
        yield _root()
    elif (Path(name) / "variables").is_dir():
        yield Path(name)
    elif Path(name).is_dir():
        _stop(f"文件夹 {name} 里没有 variables/，不是一个项目；写项目的文件夹，或者 git 的版本。")
    else:
        root = _root()
        try:
            commit = git.commit(root, name)
            with git.checkout(root, commit, FOLDERS) as folder:
                yield folder
        except git.GitError as error:
            _stop(f"{error}。")


def _compared(old: Path, new: Path) -> list[CompanyChange]:
    try:
        return compare(old, new, today())
    except UnreadableError as error:
        side = "原来的状态" if error.old else "现在的状态"
        way = "换一个可以比较的版本" if error.old else "先改正它们"
        _stop(f"{as_text(arrange(error.problems))}\n{side}有错误，不能比较；{way}。")


def _shown(changes: list[CompanyChange], form: str, *, colours: bool) -> str | bytes:
    if form == "docx":
        day = datetime.datetime.combine(today(), datetime.time(), datetime.UTC)
        return redline_docx.document(changes, "pledge", day)
    makers: dict[str, Callable[[list[CompanyChange]], str]] = {
        "text": functools.partial(report.as_text, colours=colours),
        "markdown": report.as_markdown,
        "json": report.as_json,
        "github": report.as_annotations,
        "html": functools.partial(redline_html.page, title="承诺改动对照"),
    }
    return makers[form](changes)


def _write(path: Path, content: str | bytes) -> None:
    """Write a file beside its place and swap it in; a device or a pipe is written to as it is."""
    data = content if isinstance(content, bytes) else f"{content}\n".encode()
    path = path.resolve()
    beside = path.with_name(f".{path.name}.new")
    try:
        if path.exists() and not path.is_file():
            path.write_bytes(data)
            return
        beside.write_bytes(data)
        beside.replace(path)
    except OSError as error:
        beside.unlink(missing_ok=True)
        _stop(f"写不了 {path}（{reason(error)}）；检查文件夹和权限。")


@cli.command(help="写出改动评审：承诺怎样变、条文红线、法定标准、能不能发布、下一步做什么。")
@click.option("--base", required=True, metavar="版本", help="与 git 的哪个版本比较，如 origin/main。")
@click.option("--gate", "gated", is_flag=True, help="不能发布时以1退出。")
@click.option(
    "--html",
    "page",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="文件",
    help="另把全部红线条文写成网页。",
)
def review(base: str, page: Path | None, *, gated: bool) -> None:
    """Print the comment of a pull request; with the gate, exit 1 where it may not be published."""
    root = _root()
    try:
        commit = git.merge_base(root, git.commit(root, base), git.commit(root, "HEAD"))
        before = git.files(root, commit, [edition_module.FOLDER])
        with git.checkout(root, commit, FOLDERS) as old:
            changes = _compared(old, root)
            touched = git.changed(root, commit)
            fresh = [path for path in touched if path not in before and (root / path).is_file()]
            now = project_module.load(root)
            released = [
                *gate.altered(before, _contents(root, before)),
                *review_module.added(now, _editions(fresh), today()),
            ]
            made = review_module.review(project_module.load(old), now, changes, today(), released)
            made.aside = touched
    except git.GitError as error:
        _stop(f"{error}。")
    if page:
        _write(page, redline_html.page(changes, "承诺改动评审"))
    click.echo(review_module.comment(made, page.name if page else ""), nl=False)
    sys.exit(1 if gated and (made.gate or made.problems) else 0)


def _editions(paths: list[str]) -> list[str]:
    sealed = f"/{edition_module.SEALED}"
    return [path for path in paths if path.startswith("editions/") and not path.endswith(sealed)]


def _contents(root: Path, before: dict[str, str]) -> dict[str, str]:
    """Return the ids that git would give to the files of *before* as they stand now."""
    kept = ((path, root / path, like) for path, like in before.items())
    return {path: git.blob_id(_bytes(file), like) for path, file, like in kept if file.is_file()}


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError:  # it counts as altered; verify says why
        return b""


@cli.command(name="release", help="把公司现在的文字和数值发布成一个版本，写进 editions/，以后不再改动。")
@click.argument("companies", nargs=-1, metavar="[公司]...")
@click.option("--all", "everyone", is_flag=True, help="发布全部有改动的公司。")
@click.option("--note", metavar="说明", help="只有共用条文改动时，写给客户的共同说明。")
@click.option("--effective", metavar="日期", help="只有共用条文改动时，共同的施行日期，如 2026-12-01。")
def release_(companies: tuple[str, ...], note: str | None, effective: str | None, *, everyone: bool) -> None:
    """Write the next edition of each company, all of them or none."""
    project = _project()
    if bool(companies) == everyone:
        _stop("写明发布哪家公司，或者用 --all 发布全部有改动的公司；两者选一种。")
    wanted = list(paths(project.root)) if everyone else [_known(project, name) for name in companies]
    wording = _announcement(note, effective)
    try:
        with release.alone(project.root):
            plans = _plans(project, wanted, wording, drafts=not everyone)
            _release(project.root, plans)
    except BlockingIOError:
        _stop("另一个发布正在进行；等它结束再来。")
    except OSError as error:
        done = "上面列出的版本已经写完，其余的没有写；改正后再运行一次"
        _stop(f"写 editions/ 时出错（{reason(error)}）；{done}。")


def _release(root: Path, plans: list[release.Plan]) -> None:
    made = release.write(root, plans, lambda folder: click.echo(f"已发布 {folder.relative_to(root)}/"))
    if len(plans) > len(made):
        click.echo(f"{len(plans) - len(made)}家公司没有要发布的改动。", err=True)


def _announcement(note: str | None, effective: str | None) -> release.Announcement | None:
    if note is None and effective is None:
        return None
    if note is None or effective is None:
        _stop("--note 和 --effective 要一起写，日期写成如 2026-12-01。")
    try:
        return release.Announcement(KINDS["text"].parse(note, ()), KINDS["date"].parse(effective, ()))
    except MisreadError as error:
        _stop(f"--note 或者 --effective 写错了：{error}。")


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
        _stop(f"{as_text(found)}\n{len(found)}个问题，没有发布任何版本。", 1)
    return plans


def _families(project: Project) -> dict[str, tuple[str, ...]]:
    return {name: project.company(name).names for name in paths(project.root)}


@cli.command(name="verify", help="核对全部已发布的版本：一字未改，首尾相接，不多不少。")
@click.option("--format", "form", type=click.Choice(list(FORMATS)), default="text", help="输出格式。")
def verify_(form: str) -> None:
    """Print every altered, missing or added file; exit 1 where there is one."""
    project = _project()
    families = _families(project)
    found = arrange(verify.problems(project.root, families))
    if found or form == "json":
        click.echo(FORMATS[form](found))
    if form == "text":
        names = itertools.chain.from_iterable(families.values())
        count = sum(len(list(edition_module.folders(project.root, name))) for name in names)
        click.echo(f"{len(found)}个问题。" if found else f"{count}个版本都与发布时相同。", err=True)
    sys.exit(1 if found else 0)


@cli.command(
    name="verify-copy",
    help="核对一份 DOCX、PDF 或者文本文件：是不是已发布版本的文字，是哪一版，哪里不同。",
)
@click.argument("file", type=click.Path(path_type=Path), metavar="文件")
def verify_copy(file: Path) -> None:
    """Print which released text a copy is and where it differs; exit 1 where it is none exactly."""
    project = _project()
    try:
        verdict = verified(read_copy(file), project)
    except CopyError as error:
        _stop(str(error))
    shown = redline.ansi if sys.stdout.isatty() else redline.inline
    for line in answer(verdict, legible(str(file)), today(), shown):
        click.echo(line)
    sys.exit(0 if verdict.kind == SAME else 1)


@cli.command(help="登记一个版本的盖章扫描件：文件的 SHA-256 和存放地址，只登记一次。")
@click.argument("company", metavar="公司")
@click.argument("number", metavar="版本号")
@click.argument("file", type=FILE, metavar="文件")
@click.option("--url", "address", default="", metavar="网址", help="盖章件公布在哪里。")
def seal(company: str, number: str, file: Path, address: str) -> None:
    """Write `sealed.yml` beside an edition."""
    project = _project()
    folder = project.root / edition_module.FOLDER / _known(project, company) / number
    if not edition_module.NUMBER.fullmatch(number) or not (folder / edition_module.FILE).is_file():
        _stop(f"{company} 没有发布过版本“{number}”；editions/{company}/ 下有哪些，就能登记哪些。")
    try:
        if address:
            KINDS["url"].parse(address, ())
        path = release.seal(project.root, folder, file.name, _sealed(file), address)
    except MisreadError as error:
        _stop(f"{error}。")
    except FileExistsError:
        _stop(f"版本{number}已经登记过盖章件，不能再改；换了盖章件的，发布新的版本。", 1)
    except OSError as error:
        _stop(f"读不了 {file}，或者写不了登记（{reason(error)}）；检查文件名和权限。")
    click.echo(f"已登记 {path.relative_to(project.root)}")


def _sealed(file: Path) -> bytes:
    """Return the contents of a scanned copy, or stop where it is none: a device, empty, or too large."""
    if file.exists() and (not file.is_file() or not 0 < file.stat().st_size <= SEALED_BYTES):
        _stop(f"{file} 不是扫描件：要一个不空、不超过{SEALED_BYTES // 1_000_000} MB 的文件。")
    return file.read_bytes()


UNRELEASED = (
    "现在的文字不是已发布的版本，写出的文件标明“未发布稿”，没有版本号、校验码和二维码；"
    "要正式的文本，先运行 pledge release {}。"
)


@cli.command(help="写出一家公司公布的保障书的纸面文本：每种一份 PDF、一份 Word。")
@click.argument("company", required=False, default="", metavar="[公司]")
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path),
    default=Path("export"),
    metavar="文件夹",
    help="放到哪个文件夹，默认 export。",
)
@click.option("--deal", "contract", type=FILE, metavar="文件", help="填入一个合同自己的值，如 deals/x.yml。")
@click.option("--blank", "forms", is_flag=True, help="写出供手工填写的空白范本，不写公司。")
def export(company: str, output: Path, contract: Path | None, *, forms: bool) -> None:
    """Write the paper copies, all of them or none."""
    project = _project()
    if forms == bool(company) or (forms and contract):
        _stop("写明一家公司，或者用 --blank 写出空白范本；两者选一种。")
    chosen = blank_papers(project, today()) if forms else _chosen(project, company, contract)
    try:
        made = paper_files.made(chosen)
        paper_files.put(made, output)
    except PdfError as error:
        _stop(f"{error}。没有写出任何文件。", 1)
    except BlockingIOError:
        _stop(f"另一个导出正在写 {output}；等它结束再来。")
    except OSError as error:
        _stop(f"写不了 {output}（{reason(error)}）；检查文件夹和权限。")
    if any(paper.purpose == WORKING for paper in chosen):
        click.echo(UNRELEASED.format(company), err=True)
    click.echo(f"已写入 {output}/（{len(made)}个文件）")


def _chosen(project: Project, company: str, contract: Path | None) -> list[Paper]:
    """Return the papers of a company, or stop with what is wrong with its values or its contract."""
    chosen = project.company(_known(project, company))
    deal = read_deal(contract, project.root, project.catalogue) if contract else None
    found = [
        *check_project(project),
        *check_company(project, chosen, today()),
        *_wrong(deal, project, chosen),
    ]
    wrong = arrange(errors(found))
    if wrong:
        _stop(f"{as_text(wrong)}\n{len(wrong)}个问题，没有写出任何文件。", 1)
    return papers(project, chosen, today(), deal)


def _wrong(deal: Deal | None, project: Project, company: Company) -> list[Problem]:
    return [*deal.problems, *missing(deal, project, company)] if deal else []
