"""The verb new: a variable file from answers, question by question, or with examples to fill in."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

import click

from pledge import assets
from pledge.cli.group import cli, known_company, load_project, stop
from pledge.cli.questions import HELP, Dialogue
from pledge.cli.terminal import BackError, StoppedError, numbers
from pledge.company import ID, today
from pledge.draft.draft import Draft
from pledge.draft.writing import ChangedError, publishing, save, skeleton, template
from pledge.problem import arrange, as_text, errors, legible, reason
from pledge.read import parse, read

if TYPE_CHECKING:
    from pathlib import Path

    from pledge.project import Project


@cli.command(
    help="新建一家公司的变量文件：逐项提问，当场检查，只问所选保障书用到的。"
    "随时可以停下，再运行一次就接着问；没有填完的是草稿。"
)
@click.argument("name", metavar="公司代号")
@click.option("--base", metavar="公司", help="以另一家公司的值为基础，只写例外。")
@click.option("--defaults", is_flag=True, help="不提问，写出一份草稿，例子都在注释里。")
def new(name: str, base: str | None, *, defaults: bool) -> None:
    """Write the file of a new company, or go on with its draft; exit 1 where it still has problems."""
    project = load_project()
    _free_id(project, name)
    _sound(project)
    if base is not None:
        _usable_base(project, name, base)
    path = project.root / "variables" / f"{name}.yml"
    if not path.exists() and not path.is_symlink():
        _new(project, path, base or "", defaults=defaults)
    elif defaults:
        stop(f"已经有 variables/{name}.yml，没有改动；去掉 --defaults，接着填它。")
    else:
        _go_on(project, path, base)


def _free_id(project: Project, name: str) -> None:
    """Stop where *name* is no id, or one under which another company has published."""
    if not ID.fullmatch(name):
        stop(legible(f"公司代号“{name}”只能用小写字母、数字和连字符，不带路径和 .yml；写成如 acme。"))
    if (project.root / "editions" / name).exists():
        stop(f"“{name}”这个代号发布过版本（editions/{name}/）；换一个代号。")
    if name == assets.NAME:
        stop(f"“{name}”是网站共用文件的文件夹名；换一个代号。")


def _sound(project: Project) -> None:
    pages = [*project.pages.values(), *project.site_pages]
    wrong = errors([*project.catalogue.problems, *(found for page in pages for found in page.problems)])
    if wrong:
        stop(f"{as_text(arrange(wrong))}\n目录或者页面有错误，没有写入；先改正它。", 1)


def _usable_base(project: Project, name: str, base: str) -> None:
    if base == name:
        stop("--base 写另一家公司，不能是自己。")
    found = project.company(known_company(project, base))
    if found.base:
        stop(f"“{base}”自己也有 base；只能以没有 base 的公司为基础，如 {found.base}。")
    wrong = errors(found.problems)
    if wrong:
        stop(f"{as_text(arrange(wrong))}\n“{base}”有错误，不能作基础；先改正它。", 1)
    if found.draft:
        click.echo(f"“{base}”还是草稿：可以先填，等它发布以后才能发布。", err=True)


def _new(project: Project, path: Path, base: str, *, defaults: bool) -> None:
    file = _File(path, None)
    if defaults:
        file.put(template(project, path.stem, base, today()))
        click.echo(f"已写入 variables/{path.name}（草稿）；用编辑器填，或者运行 pledge new {path.stem}。")
        return
    click.echo(HELP)
    try:
        publish = _publish(project, base)
    except StoppedError:
        stop("没有写入任何文件；不便逐项回答的，加上 --defaults 写出草稿，再用编辑器填。")
    file.put(skeleton(publish, base))
    _fill(project, file)


def _publish(project: Project, base: str) -> list[str]:
    """Return the variants that the person chooses; none where they are those of the base."""
    like = f"；与 {base} 相同的，直接按回车" if base else ""
    click.echo(f"\n公布哪几种保障书？写编号，多个用空格隔开，如“1 {len(project.pages)}”{like}。")
    for number, page in enumerate(project.pages.values(), 1):
        click.echo(f"  {number} {page.title}：{page.meta.get('summary', '')}")
    while True:
        with contextlib.suppress(BackError):
            found = [list(project.pages.values())[number - 1] for number in numbers(len(project.pages))]
            if found:
                click.echo(f"  公布：{'、'.join(page.title for page in found)}。")
            if found or base:
                return [page.name for page in found]
        click.echo("  至少写一种。")


def _go_on(project: Project, path: Path, base: str | None) -> None:
    where = f"variables/{path.name}"
    company = project.company(path.stem)
    wrong = errors(company.problems)
    if company.readable and not company.draft:
        stop(f"已经有 {where}，不是草稿，没有改动；要改它的值，用编辑器，或者 pledge sheet。")
    if wrong:
        stop(f"{as_text(arrange(wrong))}\n{where} 有错误，没有改动；先改正它。", 1)
    if base is not None and base != company.base:
        has = f"写的是 base: {company.base}" if company.base else "没有写 base"
        stop(f"已经有草稿 {where}，{has}，没有改动；去掉 --base，接着填它。")
    text = read(path, project.root).text
    file = _File(path, text)
    click.echo(f"接着填草稿 {where}。{HELP}")
    if not company.publish:
        try:
            file.put(publishing(text, _publish(project, "")))
        except StoppedError:
            stop(f"没有改动 {where}。")
    _fill(project, file)


class _File:
    """The file as this command read or left it: what somebody else wrote since is never overwritten."""

    def __init__(self, path: Path, text: str | None) -> None:
        self.path = path
        self.text = text

    def put(self, text: str) -> None:
        """Write *text*, or stop with the reason."""
        if text == self.text:
            return
        where = f"variables/{self.path.name}"
        try:
            save(self.path, self.text, text)
        except ChangedError:
            stop(f"{where} 刚才被别人改过，没有写入；再运行一次，接着填。")
        except OSError as error:
            stop(f"写不了 {where}（{reason(error)}）；检查文件夹、权限和空间，再运行一次，接着填。")
        self.text = text


def _paused(draft: Draft) -> str:
    left = len(draft.missing())
    still = f"还要填{left}项" if left else "必填的都填好了"
    return f"停在这里。{draft.document.path} 是草稿，{still}；再运行 pledge new {draft.name} 接着填。"


def _fill(project: Project, file: _File) -> None:
    document = parse(file.text or "", f"variables/{file.path.name}")
    draft = Draft(project, file.path.stem, document, today())
    try:
        Dialogue(draft, lambda: file.put(draft.text)).run()
    except (StoppedError, KeyboardInterrupt):
        click.echo(_paused(draft))
        return
    _finish(draft, file)


def _finish(draft: Draft, file: _File) -> None:
    where = draft.document.path
    text, problems = draft.finished()
    if problems:
        left = f"还有{len(problems)}个问题，{where} 先作草稿；改好以后删去 draft: true。"
        stop(f"{as_text(problems)}\n{left}", 1)
    file.put(text)
    click.echo(f"都填好了，检查没有问题。已写入 {where}。")
    if draft.still_marked(text):
        click.echo("文件里的 draft: true 请用编辑器删去。")
    click.echo(f"下一步：make serve COMPANY={draft.name} 预览，pledge release {draft.name} 发布。")
