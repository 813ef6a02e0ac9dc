"""A new variable file as text, and how it comes to stand in its place."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

from pledge.amend import amended, said, scalar
from pledge.draft.draft import Draft, notes
from pledge.read import parse
from pledge.sheets.telling import limits
from pledge.topics import ordered
from pledge.typed import Value, typed

if TYPE_CHECKING:
    import datetime
    from collections.abc import Iterable
    from pathlib import Path

    from pledge.amend import Said
    from pledge.entries import Blank
    from pledge.project import Project

_SCHEMA = "# yaml-language-server: $schema=../catalogue/company.schema.json"
_ADVICE = "# 改一个数字：只改冒号后面的值，单位照写；改完运行 pledge check。"
_MARK = "draft: true  # 草稿：可以有空白，不公布；全部填好以后删去这一行"


class ChangedError(Exception):
    """Something else stands in the place of a file than what was read or written there."""


def skeleton(publish: Iterable[str], base: str = "", advice: str = _ADVICE) -> str:
    """Return the text of a draft that says only what it publishes and whose values it takes."""
    listed = ", ".join(scalar(name, flow=True) for name in publish)
    lines = [_SCHEMA, advice, _MARK]
    lines += [f"base: {scalar(base, flow=False)}"] if base else []
    lines += [f"publish: [{listed}]"] if listed else []
    return "\n".join([*lines, ""])


def publishing(text: str, publish: Iterable[str]) -> str:
    """Return the draft *text* with a first entry that says what it publishes; all else stays."""
    listed = ", ".join(scalar(name, flow=True) for name in publish)
    document = parse(text, "")
    start = min(key.start for key in document.mapping.keys.values())
    return f"{text[:start]}publish: [{listed}]\n{text[start:]}"


def template(project: Project, name: str, base: str, today: datetime.date) -> str:
    """Return a draft of all variants, or over *base*, with a value of every blank as a comment.

    The values are the examples of the catalogue, and what *base* says where it has a value.
    """
    advice = (
        f"# 用哪一项，就删去它和它的主题行首的“# ”，再换成自己的值；或者运行 pledge new {name} 逐项回答。"
    )
    head = skeleton([] if base else project.pages, base, advice)
    draft = Draft(project, name, parse(head, f"variables/{name}.yml"), today)
    blanks = _offered(draft)
    required = {blank.id for blank in draft.missing()}
    told = notes(project) | {blank.id: _told(draft, blank, required) for blank in blanks}
    filled: dict[str, Said | None] = {blank.id: _sample(draft, blank) for blank in blanks}
    body = amended(draft.document, project.catalogue, filled, told).removeprefix(head)
    return head + "".join(f"# {line}\n" for line in body.splitlines())


def _offered(draft: Draft) -> list[Blank]:
    wanted = {blank.id for blank in (*draft.missing(), *draft.choices())}
    wanted |= {use.blank for page in draft.project.published(draft.company) for use in page.uses}
    return [blank for blank in ordered(draft.project) if blank.id in wanted and not blank.deal]


def _sample(draft: Draft, blank: Blank) -> Said:
    """Return what the base says for *blank*, else its example."""
    inherited = draft.company.inherited.get(blank.id)
    example = typed(blank, blank.example, []) if blank.example else None
    return said(inherited or Value(blank, example, blank.place))


def _told(draft: Draft, blank: Blank, required: set[str]) -> str:
    base = draft.company.inherited
    whence = "不写就沿用这个值" if blank.id in base else "" if blank.id in required else "选填"
    law = limits(draft.project, blank.id, draft.today).replace("\n", "；") if blank.kind != "table" else ""
    parts = (" ".join(blank.label.split()), whence, f"法定标准：{law}" if law else "")
    return "，".join(part for part in parts if part)


def save(path: Path, before: str | None, after: str) -> None:
    """Put *after* into the file, beside its place first; *before* is what stood there, None for no file.

    Raises ChangedError where something else stands there by now, and OSError where it cannot be written;
    either way nothing is lost.
    """
    if _standing(path) != (before.encode() if before is not None else None):
        raise ChangedError(path)
    path.parent.mkdir(exist_ok=True)
    beside = path.with_name(f".{path.name}.new")
    try:
        beside.write_bytes(after.encode())
        if before is not None:
            shutil.copymode(path, beside)
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)


def _standing(path: Path) -> bytes | None:
    return path.read_bytes() if path.exists() or path.is_symlink() else None
