"""What the verbs share: their group, the project they stand in, and how they stop or write."""

from __future__ import annotations

import importlib
import sys
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import click

from pledge import project as project_module
from pledge import usage
from pledge.company import paths
from pledge.problem import arrange, as_text, errors, reason
from pledge.shape import nearest

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pledge.problem import Problem
    from pledge.project import Project

FILE = click.Path(path_type=Path, dir_okay=False)


ENDINGS = {"text": ".txt", "markdown": ".md", "github": ""}
"""How the files of a form end where that is not its name."""
BINARY = {"xlsx", "docx"}
"""The forms whose ending no other file may have."""
VERBS = {
    "build": "building",
    "cards": "cards",
    "diff": "changes",
    "review": "changes",
    "check": "checking",
    "explain": "checking",
    "schema": "checking",
    "release": "editions",
    "verify": "editions",
    "seal": "editions",
    "import": "importing",
    "new": "new",
    "export": "paper",
    "verify-copy": "paper",
    "sheet": "sheets",
    "table": "table",
}
"""The verbs in the order in which help lists them, each with the module here that holds it."""


class Late(usage.Verbs):
    """The group of the verbs; a module is imported when its verb is called, for all take most of a second."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002  click's method
        """Return the names of the verbs."""
        return list(VERBS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return the verb *cmd_name*."""
        if cmd_name in VERBS:
            importlib.import_module(f"pledge.cli.{VERBS[cmd_name]}")
        return super().get_command(ctx, cmd_name)


@click.group(
    cls=Late,
    help="管理、检查和生成客户售后服务承诺保障书。",
    subcommand_metavar="命令 [参数]...",
    options_metavar="",
)
def cli() -> None:
    """Hold the verbs."""


def stop(message: str, code: int = 2) -> NoReturn:
    """Print *message* and end with *code*."""
    click.echo(message, err=True)
    sys.exit(code)


def refuse(problems: Iterable[Problem], said: str) -> None:
    """Where one of *problems* is an error, print these, how many they are, and *said*, and end with 1."""
    wrong = arrange(errors(problems))
    if wrong:
        stop(f"{as_text(wrong)}\n{len(wrong)}个问题，{said}", 1)


def project_root() -> Path:
    """Return the folder of the project the user stands in, or stop where there is none."""
    try:
        return project_module.find_root(Path.cwd())
    except FileNotFoundError:
        stop("这里和上级文件夹都没有 mkdocs.yml；先进入项目文件夹。")


def load_project() -> Project:
    """Return the project the user stands in, or stop where there is none."""
    return project_module.load(project_root())


def known_company(project: Project, company: str) -> str:
    """Return *company*, or stop where there is none of that name."""
    known = paths(project.root)
    if company not in known:
        listed = "、".join(known)
        stop(f"没有“{company}”这家公司{nearest(company, known)}；variables/ 下有：{listed}")
    return company


def by_ending(path: Path | None, form: str | None, forms: Iterable[str]) -> str:
    """Return *form*, else the one of *forms* that the name of *path* ends in, as `表.xlsx`, or stop."""
    ending = path.suffix.lower() if path else ""
    known = {ENDINGS.get(each, f".{each}"): each for each in forms} | {"": "text"}
    meant = known.get(ending)
    if meant is None and form is None:
        listed = "、".join(sorted(filter(None, known)))
        stop(f"{path} 的结尾不是这里能写的；写成 {listed} 中的一种，或者加上 --format。")
    if ending and meant and form and meant != form and BINARY & {meant, form}:
        stop(f"--format {form} 与文件名的结尾“{ending}”不是一种；改其中一个。")
    return form or meant or "text"


def write_file(path: Path, content: str | bytes) -> None:
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
        stop(f"写不了 {path}（{reason(error)}）；检查文件夹和权限。")
