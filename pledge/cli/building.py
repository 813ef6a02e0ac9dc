"""The verb build: one company's site, or those of many into one folder."""

from __future__ import annotations

import contextlib
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from pledge import git, site
from pledge.cli.group import cli, known_company, load_project, stop
from pledge.cli.progress import Progress
from pledge.company import paths, today
from pledge.fleet import building
from pledge.fleet.choice import changed, shard
from pledge.problem import as_text, errors, reason

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from concurrent.futures import Executor

    from pledge.fleet.building import Order, Summary
    from pledge.project import Project

_ONE, _MANY = Path("site"), Path("sites")
_SHARD = re.compile(r"([1-9]\d{0,3})/([1-9]\d{0,3})", re.ASCII)


@cli.command(
    help="检查并生成网站。写一家公司，或者不写（用 COMPANY 或者 mkdocs.yml 中的默认公司）："
    "生成这一家，附供下载的 PDF 和 Word。"
    "写几家，或者用 --all：每家一个文件夹，共用一份主题文件，另有查找公司的首页；没有改动的不重新生成。"
)
@click.argument("companies", nargs=-1, metavar="[公司]...")
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path),
    metavar="文件夹",
    help="放到哪个文件夹；默认一家是 site，多家是 sites。",
)
@click.option("--all", "everyone", is_flag=True, help="生成全部公司；草稿跳过。")
@click.option("--changed-since", "since", metavar="版本", help="只生成 git 的这个版本以来有改动的公司。")
@click.option("--keep-going", is_flag=True, help="有问题的公司跳过，其余照常生成，最后以1退出。")
@click.option("--downloads", is_flag=True, help="多家也附 PDF 和 Word；每家多用一两秒。")
@click.option("--shard", "part", metavar="第几份/共几份", help="只生成其中一份，如 3/10，供几台机器分担。")
@click.option("--scheduler", metavar="地址", help="交给 Dask 集群去做，如 tcp://10.0.0.5:8786。")
def build(  # noqa: PLR0913  each is a word of the command
    companies: tuple[str, ...],
    output: Path | None,
    since: str | None,
    part: str | None,
    scheduler: str | None,
    *,
    everyone: bool,
    keep_going: bool,
    downloads: bool,
) -> None:
    """Build a site, or many; where that fails leave what was there and exit 1."""
    project = load_project()
    many = everyone or since is not None or len(companies) > 1
    if companies and (everyone or since is not None):
        stop("写明几家公司，或者用 --all、--changed-since；两者选一种。")
    if not many and (keep_going or downloads or part or scheduler):
        stop("--keep-going、--downloads、--shard 和 --scheduler 只用于多家；写几家公司，或者用 --all。")
    if not many:
        _build_one(project, companies[0] if companies else "", output or _ONE)
        return
    chosen = [known_company(project, name) for name in dict.fromkeys(companies)]
    chosen = chosen or list(paths(project.root))
    if since is not None:
        chosen = _changed(project, since, chosen)
    _build_many(
        building.Order(
            root=project.root,
            target=output or _MANY,
            companies=_shard(chosen, part),
            day=today(),
            drafts=bool(companies),
            whole=everyone and not part and since is None,
            keep_going=keep_going,
            downloads=downloads,
            spread=_cluster(scheduler),
            told=Progress(),
        )
    )


def _build_one(project: Project, company: str, output: Path) -> None:
    if company:
        known_company(project, company)
    try:
        downloads = site.build(project.root, company, output)
    except site.BuildError as error:
        click.echo(str(error), err=True)
        click.echo("没有生成；原来的网站没有改动。", err=True)
        sys.exit(1)
    click.echo(f"已生成 {output}/（含{downloads}个下载文件）" if downloads else f"已生成 {output}/")
    if not downloads:
        click.echo("还没有发布过版本，网站不附 PDF 和 Word；先运行 pledge release。", err=True)


def _changed(project: Project, since: str, names: Sequence[str]) -> list[str]:
    try:
        return changed(project, git.commit(project.root, since), names)
    except git.GitError as error:
        stop(f"{error}。")


def _shard(names: Sequence[str], part: str | None) -> Sequence[str]:
    if part is None:
        return names
    match = _SHARD.fullmatch(part)
    if not match or int(match[1]) > int(match[2]):
        stop(f"--shard 的“{part}”写错了；写成如 3/10，第几份在前，共几份在后。")
    return shard(names, int(match[1]), int(match[2]))


def _cluster(address: str | None) -> Callable[[], contextlib.AbstractContextManager[Executor]] | None:
    """Return what gives the Dask cluster at *address* as an executor."""
    if address is None:
        return None
    try:
        import distributed  # noqa: PLC0415  an optional dependency: pledge[dask]
    except ImportError:
        stop("这里没有装 Dask；运行 pip install 'pledge[dask]'，集群的每台机器上也要装。")

    @contextlib.contextmanager
    def connected() -> Iterator[Executor]:
        try:
            client = distributed.Client(address, timeout="10s")
        except (OSError, ValueError):
            message = f"连不上 Dask 的调度 {address}；核对地址，并确认它在运行"
            raise site.BuildError(message) from None
        with client:
            try:
                yield client.get_executor(pure=False, retries=3)
            except distributed.KilledWorker:
                message = "集群里做事的进程一再被结束，可能是内存不够；每台机器少开几个再来"
                raise site.BuildError(message) from None

    return connected


def _build_many(order: Order) -> None:
    try:
        summary = building.build(order)
    except site.BuildError as error:
        stop(f"{error}\n没有生成；原来的网站没有改动。", 1)
    except OSError as error:
        stop(f"读写文件时出错（{reason(error)}）；腾出空间或者改权限，再运行一次。", 2)
    _tell(order, summary)
    sys.exit(0 if summary.sound else 1)


def _tell(order: Order, summary: Summary) -> None:
    if summary.problems:
        click.echo(as_text(summary.problems), err=True)
    for outcome in summary.failures:
        click.echo(f"variables/{outcome.company}.yml: {outcome.failure}", err=True)
    wrong = len(errors(summary.problems)) + len(summary.failures)
    if not summary.placed:
        click.echo(f"{wrong}个问题，没有生成；原来的网站没有改动。", err=True)
        return
    parts = [f"新生成{len(summary.made)}家", f"没有改动{summary.unchanged}家"]
    parts += [f"跳过草稿{len(summary.drafts)}家"] if summary.drafts else []
    parts += [f"移除{len(summary.removed)}家"] if summary.removed else []
    bad = len(order.companies) - len(summary.made) - summary.unchanged - len(summary.drafts)
    parts += [f"有问题没有生成{bad}家"] if bad else []
    size = sum(record.size for record in summary.made)
    click.echo(f"已生成 {order.target}/：{'，'.join(parts)}；写了{size / 1e6:.1f} MB")
