"""How a workbook is laid out: what its writer and its reader have to agree on.

A hidden row of keys says what each column holds and a hidden sheet what was exported. So sheets may be
renamed and rows or columns moved, and neither a lost row nor a change made elsewhere since goes unseen.
"""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pledge.amend import Said
    from pledge.company import Company
    from pledge.entries import Blank
    from pledge.project import Project

FORM = "pledge-sheet-1"
INDEX = "pledge"
COVER, COMPANY, LABEL, VALUE, UNIT, LAW, HELP, ID = (
    f"pledge:{name}" for name in ("cover", "company", "label", "value", "unit", "law", "help", "id")
)
HEADS = {
    COMPANY: "公司",
    LABEL: "项目",
    VALUE: "值",
    UNIT: "单位",
    LAW: "法定标准",
    HELP: "说明",
    ID: "编号",
}
"""The heads of a topic's columns by key, in their order."""
KEY = "pledge:"
KEY_ROW, HEAD_ROW = 3, 4
COMPANY_ROW, VALUE_ROW = "company", "value"
"""What a row of the hidden sheet is about."""


def column_key(column: Blank, part: str = "") -> str:
    """Return the key of a table's column; *part* is `unit` for the column of its units."""
    return f"{KEY}{column.id}" + (f":{part}" if part else "")


def table_heads(blank: Blank, *, companies: bool) -> dict[str, str]:
    """Return the heads of a table's columns by key; a unit that leaves no choice stands in the head."""
    heads = {COMPANY: HEADS[COMPANY]} if companies else {}
    for column in blank.columns.values():
        alone = f"（{column.units[0]}）" if len(column.units) == 1 else ""
        heads[column_key(column)] = column.label + alone
        if len(column.units) > 1:
            heads[column_key(column, "unit")] = HEADS[UNIT]
    return heads


def called(company: Company) -> str:
    """Return how a company is called in a workbook of several."""
    name = company.text("company.short_name") or company.text("company.name")
    return f"{name}（{company.id}）" if name else company.id


def offered(project: Project, company: Company) -> list[Blank]:
    """Return the blanks that *company* may fill: those its pages use or the site shows, and those it has.

    A company that says not yet what it publishes is offered all.
    """
    pages = [*project.published(company), *project.site_pages]
    used = {use.blank for page in pages for use in page.uses}
    return [
        blank
        for blank in project.catalogue.blanks.values()
        if not blank.deal
        and (not company.publish or blank.id in used or blank.spoken_by or blank.id in company.own)
    ]


def fingerprint(value: Said | None) -> str:
    """Return a short digest of a value as it is written, by which two are known to be the same."""
    text = json.dumps(value, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()[:16] if value is not None else "-"
