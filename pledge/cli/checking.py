"""The verbs around the values: check, explain and schema."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from pledge import schema as schema_module
from pledge.change import VERDICTS, change_rules
from pledge.check import check_files
from pledge.cli.group import cli, load_project, stop
from pledge.company import today
from pledge.problem import FORMATS, LEVELS, arrange, errors, reason, rules
from pledge.shape import nearest


@cli.command(help="检查变量文件、页面和目录，一次列出全部问题。")
@click.argument("files", nargs=-1, type=click.Path(path_type=Path), metavar="[变量文件]...")
@click.option("--format", "form", type=click.Choice(list(FORMATS)), default="text", help="输出格式。")
def check(files: tuple[Path, ...], form: str) -> None:
    """Print all problems; exit 1 where one is an error."""
    project = load_project()
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
        stop(f"没有“{rule}”这条规则{nearest(rule, [*known, *changes])}；pledge explain 列出全部。")
    entry = known[rule]
    click.echo(
        f"{entry.id}（{LEVELS[entry.level]}）：{entry.title}\n\n为什么：{entry.why}\n怎样改：{entry.fix}"
    )


@cli.command(help="按目录重新生成编辑器用的模式 catalogue/company.schema.json。")
def schema() -> None:
    """Write the schema of variable files."""
    project = load_project()
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
