"""The verb that lays companies side by side: table."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from pledge import table as table_module
from pledge.check import check_company, check_project
from pledge.cli.group import FILE, by_ending, cli, known_company, load_project, refuse, stop, write_file
from pledge.company import paths, today
from pledge.export import table_xlsx

if TYPE_CHECKING:
    from pathlib import Path

    from pledge.company import Company
    from pledge.project import Project

FORMS = ("text", "markdown", "xlsx")


@cli.command(help="把几家公司的承诺并列，单位化成一致，没有的写“未承诺”；不写公司则列出全部公司，草稿除外。")
@click.argument("companies", nargs=-1, metavar="[公司]...")
@click.option("--base", metavar="公司", help="以这家为基准，写明各家哪些更好、哪些较差。")
@click.option("--format", "form", type=click.Choice(FORMS), help="输出格式；不写则看文件名结尾，默认 text。")
@click.option("-o", "--output", type=FILE, metavar="文件", help="写进文件；xlsx 必须写。")
def table(companies: tuple[str, ...], base: str | None, form: str | None, output: Path | None) -> None:
    """Print the promises of companies side by side, or write them."""
    form = by_ending(output, form, FORMS)
    if form == "xlsx" and output is None:
        stop("xlsx 不能显示在终端里；用 -o 写明文件名。")
    project = load_project()
    names = [known_company(project, name) for name in dict.fromkeys(companies)] or _published(project)
    first = known_company(project, base) if base else None
    chosen = [project.company(name) for name in names if name != first]
    found = [*chosen, *([project.company(first)] if first else [])]
    _refuse_wrong(project, found)
    made = table_module.table(project, chosen, project.company(first) if first else None)
    if form == "xlsx" and output:
        write_file(output, table_xlsx.workbook(made))
    else:
        text = {"text": table_module.as_text, "markdown": table_module.as_markdown}[form](made)
        if output is None:
            click.echo(text)
            return
        write_file(output, text)
    click.echo(f"已写入 {output}（{len(made.lines)}项承诺，{len(made.names)}家公司）", err=True)


def _published(project: Project) -> list[str]:
    return [name for name in paths(project.root) if not project.company(name).draft]


def _refuse_wrong(project: Project, companies: list[Company]) -> None:
    """Stop where a value cannot be read, for it would stand as not promised."""
    found = [problem for company in companies for problem in check_company(project, company, today())]
    refuse([*check_project(project), *found], "没有列出对照；先改正它们。")
