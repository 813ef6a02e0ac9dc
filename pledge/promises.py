"""What a company promises, for machines: the values of its pages as `promises.json`.

The form is docs/schemas/promises-1.json. Dates and durations are in ISO 8601 (GB/T 7408.1-2023).
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import orjson

from pledge.article import writer
from pledge.edition import digest
from pledge.page import SPOKEN_BY_MACRO
from pledge.printed import worded
from pledge.quantity import Quantity, figure
from pledge.standing import OF_AN_EDITION
from pledge.transcript import SIGNATURE, clauses

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pledge.law import Comparison
    from pledge.page import Page
    from pledge.render import Filling
    from pledge.skeleton import Skeleton
    from pledge.typed import Value

FILE = "promises.json"
SCHEMA = "schemas/promises-1.json"
_BLANK = re.compile(r"\{\{ (\w+\.\w+) \}\}")


def as_json(filling: Filling, status: str, site: str) -> str:
    """Return `promises.json`: the same values give the same bytes.

    *status* is one of `standing.STATUSES`, *site* the address of the site, or nothing where it is not known.
    """
    document = Promises(filling, status, site).document()
    return orjson.dumps(document, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE).decode()


class Promises:
    """Every value that a published page of a company prints, and where."""

    def __init__(self, filling: Filling, status: str, site: str) -> None:
        self.filling = filling
        self.company = filling.company
        self.project = filling.project
        self.status = status
        self.site = site
        self.published = self.project.published(self.company)
        self.laws = self._laws()

    def _laws(self) -> dict[int, list[Comparison]]:
        """Return the confirmed floors that bind each value or cell, by its identity."""
        found: dict[int, list[Comparison]] = {}
        for each in self.filling.floors:
            found.setdefault(id(each.value), []).append(each)
        return found

    def document(self) -> dict[str, Any]:
        """Return the whole file as plain data."""
        return {
            "$schema": f"{self.site}{SCHEMA}",
            "company": self._identity(),
            "edition": self._edition(),
            "guarantees": [self._guarantee(page) for page in self.published],
            "promises": list(self._promises()),
        }

    def _identity(self) -> dict[str, str | None]:
        text = self.company.text
        fields = ("company.name", "company.credit_code", "company.website", "contact.hotline")
        found = {name.partition(".")[2]: text(name) or None for name in (*fields, "contact.email")}
        return {"id": self.company.id, **found, "hours": text("contact.hours") or None}

    @property
    def _is_released(self) -> bool:
        return self.status in OF_AN_EDITION

    def _edition(self) -> dict[str, str | None]:
        data = self.company.data
        dates = {"effective": data("edition.effective"), "signed": data("signing.date")}
        return {
            "number": self.company.text("edition.number") or None,
            **{name: date.isoformat() if date else None for name, date in dates.items()},
            "status": self.status,
            "sha256": self.filling.editions[-1].sha256 if self._is_released else None,
        }

    def _guarantee(self, page: Page) -> dict[str, str | None]:
        return {
            "variant": page.name,
            "title": page.title,
            "audience": page.audience,
            "url": self._url(page.name),
            "sha256": digest(writer(self.filling).texts[page.name]) if self._is_released else None,
        }

    def _url(self, variant: str, clause: str = "") -> str:
        return f"{self.site}guarantees/{variant}/" + (f"#{clause}" if clause else "")

    def _promises(self) -> Iterator[dict[str, Any]]:
        """Yield the values in the order of the catalogue."""
        spoken = self._spoken()
        for blank in self.project.catalogue.blanks.values():
            value = self.company.values.get(blank.id)
            if value and not blank.deal and blank.id in spoken:
                yield self._promise(value, spoken[blank.id])

    def _spoken(self) -> dict[str, list[dict[str, str]]]:
        """Return the clauses that print each blank; the pages beside the guarantees have none."""
        found: dict[str, list[dict[str, str]]] = {}
        for page in self.published:
            for name, clause, number in _printed(writer(self.filling).skeleton(page)):
                where = {"variant": page.name, "clause": clause, "number": number}
                found.setdefault(name, []).append({**where, "url": self._url(page.name, clause)})
        for page in self.project.site_pages:
            for name in self.filling.printed(page):
                found.setdefault(name, [])
        return found

    def _promise(self, value: Value, spoken: list[dict[str, str]]) -> dict[str, Any]:
        blank = value.blank
        since = self.filling.since(blank.id)
        table = blank.kind == "table"
        return {
            "blank": blank.id,
            **self._said(value),
            "items": list(value.data) if blank.kind == "list" else None,
            "rows": [self._row(row) for row in value.data] if table else None,
            "since": since.date.isoformat() if since else None,
            "before": since.before or None if since else None,
            "clauses": spoken,
        }

    def _row(self, row: dict[str, Value]) -> dict[str, Any]:
        return {name: self._said(row[name]) for name in row}

    def _said(self, value: Value) -> dict[str, Any]:
        """Return what a value and a cell have in common."""
        blank = value.blank
        return {
            "label": blank.label,
            "kind": blank.kind,
            "better": blank.better,
            "value": worded(value) if blank.kind != "table" else None,
            "option": value.text if blank.kind == "choice" else None,
            **_amount(value.data),
            "per": blank.per or None,
            "of": blank.basis or None,
            "starts": blank.starts or None,
            "ends": blank.ends or None,
            "calendar": value.calendar or None,
            "hours": self.company.text("contact.hours") if value.calendar == "服务时间" else None,
            "law": [self._law(found) for found in self.laws.get(id(value), ())],
        }

    def _law(self, found: Comparison) -> dict[str, Any]:
        law = self.project.catalogue.laws[found.floor.law]
        return {
            "rule": found.rule,
            "bound": str(found.bound),
            "margin": found.margin or None,
            "equal": not found.margin,
            "law": law.name,
            "article": found.floor.article,
            "url": law.url or None,
        }


@lru_cache(maxsize=512)
def _printed(skeleton: Skeleton) -> list[tuple[str, str, str]]:
    """Return each blank that *skeleton* prints with the clause it stands in and its number, once for each.

    The block that is signed stands in no clause, and the summary only repeats what clauses say.
    """
    numbers = skeleton.numbers | {"": ""}
    found: dict[tuple[str, str], None] = {}
    for clause, blocks in clauses(skeleton.blocks).items():
        for block in blocks:
            signed = block.wording == SIGNATURE
            names = SPOKEN_BY_MACRO["signature"] if signed else _BLANK.findall(block.wording)
            found |= dict.fromkeys((name, "" if signed else clause) for name in names)
    return [(name, clause, numbers[clause]) for name, clause in found]


def _amount(data: object) -> dict[str, Any]:
    """Return number, unit and ISO 8601 duration of an amount; a 工作日 has no duration in ISO 8601."""
    if not isinstance(data, Quantity):
        return {"number": None, "unit": None, "duration": None}
    return {"number": figure(data.number), "unit": data.unit, "duration": data.iso}
