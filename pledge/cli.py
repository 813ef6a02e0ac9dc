"""The commands: verbs, printing and exit codes (0 fine, 1 problems found, 2 could not run)."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from pledge import project as project_module
from pledge import schema as schema_module
from pledge import site, usage
from pledge.check import check_files
from pledge.company import paths, today
from pledge.problem import FORMATS, LEVELS, arrange, errors, rules
from pledge.shape import nearest


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


def _project() -> project_module.Project:
    try:
        return project_module.load(project_module.find_root(Path.cwd()))
    except FileNotFoundError:
        click.echo("这里和上级文件夹都没有 mkdocs.yml；先进入项目文件夹。", err=True)
        sys.exit(2)


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
    known = rules()
    if rule is None:
        for entry in known.values():
            click.echo(f"{entry.id}\t{entry.title}")
        return
    if rule not in known:
        click.echo(f"没有“{rule}”这条规则{nearest(rule, known)}；pledge explain 列出全部。", err=True)
        sys.exit(2)
    entry = known[rule]
    click.echo(
        f"{entry.id}（{LEVELS[entry.level]}）：{entry.title}\n\n为什么：{entry.why}\n怎样改：{entry.fix}"
    )


@cli.command(help="检查并生成一家公司的网站；不写公司则用 COMPANY 或者 mkdocs.yml 中的默认公司。")
@click.argument("company", required=False, default="", metavar="[公司]")
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path),
    default=Path("site"),
    help="放到哪个文件夹，默认 site。",
)
def build(company: str, output: Path) -> None:
    """Build a site whole, or leave the old one and exit 1."""
    project = _project()
    known = paths(project.root)
    if company and company not in known:
        listed = "、".join(known)
        click.echo(f"没有“{company}”这家公司{nearest(company, known)}；variables/ 下有：{listed}", err=True)
        sys.exit(2)
    try:
        site.build(project.root, company, output)
    except site.BuildError as error:
        click.echo(str(error), err=True)
        click.echo("没有生成；原来的网站没有改动。", err=True)
        sys.exit(1)
    click.echo(f"已生成 {output}/")


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
            f"写不了 {schema_module.PATH}（{error.strerror}）；检查 catalogue/ 文件夹和权限。", err=True
        )
        sys.exit(2)
    click.echo(f"已写入 {schema_module.PATH}")
