"""The verbs of sheets: export the values to Excel, and import them again."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from pledge import report, usage
from pledge.cli.group import FILE, cli, known_company, load_project, stop, write_file
from pledge.company import paths, today
from pledge.problem import arrange, as_text, errors, legible, reason
from pledge.sheets import merging
from pledge.sheets.cells import MAX_BYTES, SheetError, named, read_sheets
from pledge.sheets.reading import read
from pledge.sheets.writing import workbook

if TYPE_CHECKING:
    from pledge.problem import Problem


@cli.group(
    cls=usage.Verbs,
    help="用 Excel 填写各项数值：export 写出表格，import 读回改动。",
    subcommand_metavar="命令 [参数]...",
    options_metavar="",
)
def sheet() -> None:
    """Hold the verbs of sheets."""


@sheet.command(name="export", help="把一家或者全部公司的数值写成 Excel 文件，供填写。")
@click.argument("company", required=False, default="", metavar="[公司]")
@click.option("--all", "everyone", is_flag=True, help="写出全部公司。")
@click.option("-o", "--output", type=FILE, required=True, metavar="文件", help="写进哪个 .xlsx 文件。")
def export_(company: str, output: Path, *, everyone: bool) -> None:
    """Write a workbook, or say what is wrong with the variable files."""
    project = load_project()
    if bool(company) == everyone:
        stop("写明一家公司，或者用 --all 写出全部公司；两者选一种。")
    if output.suffix.lower() != ".xlsx":
        stop(f"{output} 不是 .xlsx；文件名写成如 数值.xlsx。")
    if output.exists():
        stop(f"已经有 {output}，没有写出：里面可能有还没有读回的值。换一个文件名，或者先移走它。")
    names = list(paths(project.root)) if everyone else [known_company(project, company)]
    if not names:
        stop("variables/ 下还没有公司；先写一家公司的变量文件。")
    companies = [project.company(name) for name in names]
    wrong = errors(found for each in companies for found in each.problems)
    if wrong:
        stop(f"{as_text(arrange(wrong))}\n变量文件有读不出的值，没有写出；先改正它们。", 1)
    try:
        made = workbook(project, companies, today())
    except SheetError as error:
        stop(f"{error}。")
    write_file(output, made)
    click.echo(f"已写入 {output}（{len(companies)}家公司）")


@sheet.command(
    name="import", help="读回填好的 Excel 文件：先列出改动对客户变好还是变差，确认后写进变量文件。"
)
@click.argument("file", type=click.Path(path_type=Path), metavar="文件")
@click.option("--yes", "sure", is_flag=True, help="不再询问，直接写入。")
def import_(file: Path, *, sure: bool) -> None:
    """Show what the workbook changes, then write it: all of it or nothing."""
    project = load_project()
    try:
        reading = read(read_sheets(_data(file)), project.catalogue)
    except SheetError as error:
        stop(f"{legible(str(file))} {error}。")
    plan = merging.plan(project, reading, today())
    wrong = errors(plan.problems)
    if wrong:
        said = "\n".join(shown(problem) for problem in arrange(wrong))
        stop(f"{said}\n{len(wrong)}个问题，什么也没有写入。", 1)
    if not plan.amendments:
        click.echo("表格里没有改动。", err=True)
        return
    _show(plan)
    if not sure:
        _ask()
    _write(project.root, plan)


def _data(file: Path) -> bytes:
    """Return the contents of a file, or stop where it is none or too large."""
    try:
        if file.exists() and not file.is_file():
            stop(f"{file} 不是文件；写填好的 .xlsx 文件。")
        if file.stat().st_size > MAX_BYTES:
            stop(
                f"{file} 超过{MAX_BYTES // 1_000_000} MB，不是 pledge sheet export 写出的文件；重新导出再填。"
            )
        return file.read_bytes()
    except OSError as error:
        stop(f"读不了 {file}（{reason(error)}）；检查文件名和权限。")


def shown(problem: Problem) -> str:
    """Return a problem with its place: a cell of a sheet, or a line of a file."""
    if problem.path.endswith(".yml"):
        return problem.text()
    place = f"工作表“{problem.path}”{named(problem.line, problem.column)}：" if problem.line else ""
    return legible(f"{place}{problem.message} ({problem.rule})")


def _show(plan: merging.Plan) -> None:
    """Print what the changes mean to customers, then those that are no promises."""
    if plan.changes:
        click.echo(report.as_text(plan.changes, colours=sys.stdout.isatty()))
    findings = [found for change in plan.changes for found in change.findings]
    judged = {(found.company, found.blank) for found in findings}
    told = {company for company, _ in judged}
    for each in plan.amendments:
        rest = [change for change in each.changes if (each.company, change.blank) not in judged]
        if rest:
            click.echo(f"{each.company} {'另有不涉及承诺的改动' if each.company in told else '的改动'}：")
        for change in rest:
            before, after = change.before or report.NONE, change.after or report.NONE
            click.echo(legible(f"  {change.label}　{before} → {after}"))
    for problem in plan.aside:
        click.echo(f"改了以后，以它为基础的公司会有问题：{problem.text()}")
    count = sum(len(each.changes) for each in plan.amendments)
    several = f"（{len(told)}家公司合计）" if len(told) > 1 else ""
    meaning = f"；对客户：{report.counted(findings)}{several}" if findings else ""
    click.echo(f"共改{count}处{meaning}。")


def _ask() -> None:
    """Return where the person at the terminal agrees, else stop."""
    if not sys.stdin.isatty():
        stop("没有写入；看过改动以后加上 --yes 再运行，或者在终端里运行。")
    try:
        answer = click.prompt("写入这些改动吗？写“是”再按回车", default="否", show_default=False)
    except click.Abort:
        answer = ""
    if str(answer).strip().lower() not in {"是", "y", "yes"}:
        stop("没有写入。")


def _write(root: Path, plan: merging.Plan) -> None:
    try:
        merging.write(root, plan.amendments)
    except FileExistsError as error:
        stop(f"{error} 刚才被别人改过，什么也没有写入；再运行一次。")
    except OSError as error:
        stop(f"写不了 variables/（{reason(error)}），什么也没有写入；检查文件夹和权限。")
    for each in plan.amendments:
        click.echo(f"已写入 {each.path}（{len(each.changes)}处）")
