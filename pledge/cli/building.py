"""The verbs around the site: check, explain, build and schema."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from pledge import schema as schema_module
from pledge import site
from pledge.change import VERDICTS, change_rules
from pledge.check import check_files
from pledge.cli.group import cli, known_company, load_project, stop
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
    project = load_project()
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
