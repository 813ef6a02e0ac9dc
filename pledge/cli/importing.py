"""The verb import: an old form becomes a draft page, draft blanks and a report."""

from __future__ import annotations

import re
from pathlib import Path

import click

from pledge.cli.group import cli, load_project, stop
from pledge.company import today
from pledge.forms.draft import imported
from pledge.forms.folder import put, refuse_closed
from pledge.forms.form import FormError
from pledge.forms.reading import read_form
from pledge.forms.reporting import report, summary
from pledge.problem import legible, reason


@cli.command(
    name="import",
    help="把旧的 Word 表单（也可以是 .md、.txt）变成初稿：认出每处空，写出页面、新空白和要由人决定的事项。",
)
@click.argument("file", type=click.Path(path_type=Path), metavar="表单")
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path),
    metavar="文件夹",
    help="放到哪个文件夹，默认 import/表单的名称。",
)
def import_(file: Path, output: Path | None) -> None:
    """Write the draft of a form beside the project's own files."""
    project = load_project()
    folder = output or project.root / "import" / _name(file.stem)
    try:
        refuse_closed(folder, project.root)
        made = imported(project, read_form(file), today())
        files = {
            "page.md": made.page,
            "blanks.yml": made.blanks,
            "report.md": report(made, project.catalogue, file.name),
        }
        put(files, folder)
    except FormError as error:
        stop(str(error))
    except OSError as error:
        stop(f"写不了 {legible(str(folder))}（{reason(error)}）；检查文件夹和权限。")
    shown = folder if output else Path("import") / folder.name
    click.echo(
        f"{summary(made)}\n已写入 {legible(str(shown))}/：先看 report.md，再改 page.md 和 blanks.yml。"
    )


def _name(stem: str) -> str:
    """Return a folder's name for a file's: its letters, figures and Chinese characters."""
    return "-".join(re.findall(r"\w+", stem))[:60] or "form"
