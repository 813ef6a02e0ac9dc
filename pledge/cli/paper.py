"""The verbs of paper: export, and verify-copy which reads copies back."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from pledge import redline
from pledge.check import check_company, check_project
from pledge.cli.group import FILE, cli, known_company, load_project, refuse, stop
from pledge.company import today
from pledge.copies.copied import CopyError
from pledge.copies.reading import read_copy
from pledge.copies.verification import SAME, answer, verified
from pledge.deal import missing, read_deal
from pledge.export import files as paper_files
from pledge.export.form import blank_papers
from pledge.export.paper import WORKING, papers
from pledge.export.pdf import PdfError
from pledge.problem import legible, reason

if TYPE_CHECKING:
    from pledge.company import Company
    from pledge.deal import Deal
    from pledge.export.paper import Paper
    from pledge.problem import Problem
    from pledge.project import Project

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
    project = load_project()
    if forms == bool(company) or (forms and contract):
        stop("写明一家公司，或者用 --blank 写出空白范本；两者选一种。")
    chosen = blank_papers(project, today()) if forms else _chosen(project, company, contract)
    try:
        made = paper_files.made(chosen)
        paper_files.put(made, output)
    except PdfError as error:
        stop(f"{error}。没有写出任何文件。", 1)
    except BlockingIOError:
        stop(f"另一个导出正在写 {output}；等它结束再来。")
    except OSError as error:
        stop(f"写不了 {output}（{reason(error)}）；检查文件夹和权限。")
    if any(paper.purpose == WORKING for paper in chosen):
        click.echo(UNRELEASED.format(company), err=True)
    click.echo(f"已写入 {output}/（{len(made)}个文件）")


def _chosen(project: Project, company: str, contract: Path | None) -> list[Paper]:
    """Return the papers of a company, or stop with what is wrong with its values or its contract."""
    chosen = project.company(known_company(project, company))
    deal = read_deal(contract, project.root, project.catalogue) if contract else None
    found = [
        *check_project(project),
        *check_company(project, chosen, today()),
        *_wrong(deal, project, chosen),
    ]
    refuse(found, "没有写出任何文件。")
    return papers(project, chosen, today(), deal)


def _wrong(deal: Deal | None, project: Project, company: Company) -> list[Problem]:
    return [*deal.problems, *missing(deal, project, company)] if deal else []


@cli.command(
    name="verify-copy",
    help="核对一份 DOCX、PDF 或者文本文件：是不是已发布版本的文字，是哪一版，哪里不同。",
)
@click.argument("file", type=click.Path(path_type=Path), metavar="文件")
def verify_copy(file: Path) -> None:
    """Print which released text a copy is and where it differs; exit 1 where it is none exactly."""
    project = load_project()
    try:
        verdict = verified(read_copy(file), project)
    except CopyError as error:
        stop(str(error))
    shown = redline.ansi if sys.stdout.isatty() else redline.inline
    for line in answer(verdict, legible(str(file)), today(), shown):
        click.echo(line)
    sys.exit(0 if verdict.kind == SAME else 1)
