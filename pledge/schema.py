"""The JSON Schema of a variable file, made from the catalogue for editors that complete and warn."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from pledge.catalogue import example_text
from pledge.kinds import KINDS
from pledge.read import Place

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pledge.catalogue import Catalogue
    from pledge.entries import Blank
    from pledge.problem import Problem
    from pledge.project import Project

PATH = "catalogue/company.schema.json"


def company_schema(project: Project) -> str:
    """Return the schema as JSON text (JSON Schema draft 2020-12), ending with a line end."""
    catalogue = project.catalogue
    topics = {name: _topic(catalogue, name) for name in catalogue.topics}
    head: dict[str, Any] = {
        "publish": {
            "description": "公布哪几种保障书",
            "type": "array",
            "uniqueItems": True,
            "items": {"enum": list(project.pages)},
        },
        "draft": {"description": "草稿：可以有没填的空白，不能发布", "type": "boolean"},
        "base": {"description": "以哪家公司的值为基础", "type": "string"},
        "free": {
            "description": "以本公司为基础的公司可以自定的空白",
            "type": "array",
            "items": {"enum": sorted(catalogue.blanks)},
        },
        "formerly": {
            "description": "公司代号改过的，列出以前的代号，最早的在前",
            "type": "array",
            "items": {"type": "string"},
        },
    }
    schema = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "客户售后服务承诺保障书的变量文件",
        "type": "object",
        "additionalProperties": False,
        "properties": {**head, **topics},
    }
    return json.dumps(schema, ensure_ascii=False, indent=2) + "\n"


def _topic(catalogue: Catalogue, topic: str) -> dict[str, Any]:
    blanks = {
        blank.id.split(".")[1]: _blank(blank)
        for blank in catalogue.blanks.values()
        if blank.id.startswith(f"{topic}.") and not blank.deal
    }
    return {
        "description": catalogue.topics[topic],
        "type": "object",
        "additionalProperties": False,
        "properties": blanks,
    }


def _blank(blank: Blank) -> dict[str, Any]:
    described = {"title": blank.label, "description": _described(blank)}
    if blank.kind == "list":
        return {**described, "type": "array", "minItems": 1, "items": {"type": "string"}}
    if blank.kind == "table":
        return {**described, "type": "array", "minItems": 1, "items": _rows(blank)}
    if blank.kind == "choice":
        return {**described, "enum": list(blank.options)}
    if blank.kind == "color":
        return {**described, "type": "string", "pattern": "^#[0-9A-Fa-f]{6}$"}
    if blank.kind in {"duration", "money", "percent", "count"}:
        return {**described, "type": "string", "pattern": _pattern(blank.units)}
    return {**described, "type": "string"}


def _rows(blank: Blank) -> dict[str, Any]:
    columns = blank.columns.items()
    return {
        "type": "object",
        "additionalProperties": False,
        "required": [name for name, column in columns if not column.optional],
        "properties": {name: _blank(column) for name, column in columns},
    }


def _pattern(units: tuple[str, ...]) -> str:
    names = "|".join({"工作日": "个?工作日", "个月": "个?月"}.get(unit, unit) for unit in units)
    return rf"^[0-9]+(\.[0-9]+)? ?({names})$"


def _described(blank: Blank) -> str:
    parts = [KINDS[blank.kind].label]
    if blank.units:
        parts.append(f"单位：{'、'.join(blank.units)}")
    if blank.starts:
        parts.append(f"从{blank.starts}起，到{blank.ends}止")
    if blank.example is not None:
        parts.append(f"如：{example_text(blank.example)}")
    return "；".join(parts)


def stale(project: Project) -> Iterator[Problem]:
    """Yield a problem where the schema on disk is not the one the catalogue makes."""
    path: Path = project.root / PATH
    try:
        written = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        written = ""
    if written != company_schema(project):
        message = "编辑器用的模式与目录不一致；运行 make schema，再提交"
        yield Place(PATH).problem(message, "stale-schema", "error")
