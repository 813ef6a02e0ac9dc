"""The verb for those who answer customers: cards."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from pledge import cards as cards_module
from pledge.check import check_company, check_project
from pledge.cli.group import FILE, cli, known_company, load_project, refuse, stop, write_file
from pledge.company import today
from pledge.export import cards_docx
from pledge.notes import read_notes
from pledge.problem import legible
from pledge.render import Filling
from pledge.standing import standing

if TYPE_CHECKING:
    from pathlib import Path

FORMS = (".docx", ".md")


@cli.command(help="写出答复客户用的承诺卡，每项承诺一张，附内部备注；或者列出到期应复核的承诺。")
@click.argument("company", metavar="公司")
@click.option("-o", "--output", type=FILE, metavar="文件", help="写进哪个 .docx 或者 .md 文件。")
@click.option("--due", is_flag=True, help="只列出到期应复核的承诺。")
def cards(company: str, output: Path | None, *, due: bool) -> None:
    """Write the cards of a company, or print what is due for review."""
    project = load_project()
    if due == bool(output):
        stop("用 -o 写明文件名，或者用 --due 列出到期应复核的承诺；两者选一种。")
    if output and output.suffix.lower() not in FORMS:
        stop(f"{output} 不是 .docx 或者 .md；文件名写成如 承诺卡.docx。")
    chosen = project.company(known_company(project, company))
    notes = read_notes(project.root, chosen.id, project.catalogue)
    found = [*check_project(project), *check_company(project, chosen, today()), *notes.problems]
    refuse(found, "没有写出任何文件。")
    if output is None:
        click.echo(
            "\n".join(map(legible, cards_module.reminders(notes.due(today())))) or cards_module.NOTHING_DUE
        )
        return
    filling = Filling(project, chosen, today(), dated=False)
    made = cards_module.deck(filling, notes, standing(filling).status)
    word = output.suffix.lower() == ".docx"
    write_file(output, cards_docx.document(made) if word else cards_module.as_markdown(made))
    click.echo(f"已写入 {output}（{len(made.cards)}张卡，{len(made.due)}项到期应复核）")
