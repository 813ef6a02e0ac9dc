"""The verbs that compare: diff and review."""

from __future__ import annotations

import contextlib
import datetime
import functools
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from pledge import edition as edition_module
from pledge import gate, git, report
from pledge import project as project_module
from pledge import review as review_module
from pledge.cli.group import by_ending, cli, project_root, stop, write_file
from pledge.company import today
from pledge.compare import FOLDERS, UnreadableError, compare
from pledge.export import redline_docx, redline_html
from pledge.problem import arrange, as_text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from pledge.change import CompanyChange

DIFF_FORMATS = ("text", "markdown", "json", "github", "html", "docx")


@cli.command(
    help="列出两个状态之间承诺和条文的改动，逐项判断对客户变好还是变差。"
    "不写“原来”则与最近一次提交比较，不写“现在”则比较工作区；两者也可以是两个文件夹。"
)
@click.argument("base", required=False, default="HEAD", metavar="[原来")
@click.argument("head", required=False, default="", metavar="[现在]]")
@click.option(
    "--format", "form", type=click.Choice(DIFF_FORMATS), help="输出格式；不写则看文件名结尾，默认 text。"
)
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="文件",
    help="写进文件；docx 必须写。",
)
def diff(base: str, head: str, form: str | None, output: Path | None) -> None:
    """Print what changed; a change is no problem, so the exit code is 0."""
    form = by_ending(output, form, DIFF_FORMATS)
    if form == "docx" and output is None:
        stop("docx 不能显示在终端里；用 -o 写明文件名。")
    with _state(base) as old, _state(head) as new:
        changes = _compared(old, new)
    shown = _shown(changes, form, colours=output is None and sys.stdout.isatty())
    if output:
        write_file(output, shown)
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
        yield project_root()
    elif (Path(name) / "variables").is_dir():
        yield Path(name)
    elif Path(name).is_dir():
        stop(f"文件夹 {name} 里没有 variables/，不是一个项目；写项目的文件夹，或者 git 的版本。")
    else:
        root = project_root()
        try:
            commit = git.commit(root, name)
            with git.checkout(root, commit, FOLDERS) as folder:
                yield folder
        except git.GitError as error:
            stop(f"{error}。")


def _compared(old: Path, new: Path) -> list[CompanyChange]:
    try:
        return compare(old, new, today())
    except UnreadableError as error:
        side = "原来的状态" if error.old else "现在的状态"
        way = "换一个可以比较的版本" if error.old else "先改正它们"
        stop(f"{as_text(arrange(error.problems))}\n{side}有错误，不能比较；{way}。")


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
    root = project_root()
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
        stop(f"{error}。")
    if page:
        write_file(page, redline_html.page(changes, "承诺改动评审"))
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
