"""Editions in a copy of the project, written from what its working text says at the moment."""

from __future__ import annotations

import datetime
import json
from typing import TYPE_CHECKING, Any

import yaml

from pledge import project as project_module
from pledge.article import Writer
from pledge.edition import digest
from pledge.render import Filling

if TYPE_CHECKING:
    from pathlib import Path

TODAY = datetime.date(2026, 11, 22)


def release(root: Path, company: str = "appliances", **told: Any) -> Path:  # noqa: ANN401  see below
    """Write the working text of *company* as an edition and return its folder.

    *told* are the entries of `edition.yml` that differ from what the variable file says: number,
    effective, note, changes, withdrawn.
    """
    project = project_module.load(root)
    filling = Filling(project, project.company(company), TODAY)
    texts = Writer(filling).texts()
    edition = _values(root, company)["edition"]
    entry = {
        "number": edition["number"],
        "effective": edition["effective"],
        "note": edition["note"],
        "name": filling.company.text("company.name"),
        "texts": {
            name: {"title": project.pages[name].title, "sha256": digest(text)} for name, text in texts.items()
        },
        "values": _recorded(project, _values(root, company)),
        "changes": [],
        **told,
    }
    folder = root / "editions" / company / str(entry["number"])
    folder.mkdir(parents=True)
    for name, text in texts.items():
        (folder / f"{name}.md").write_text(text, encoding="utf-8")
    # JSON is YAML, and quotes every text.
    (folder / "edition.yml").write_text(json.dumps(entry, ensure_ascii=False, indent=1), encoding="utf-8")
    return folder


def _values(root: Path, company: str) -> dict[str, Any]:
    text = (root / "variables" / f"{company}.yml").read_text(encoding="utf-8")
    values: dict[str, Any] = yaml.load(text, Loader=yaml.BaseLoader)  # noqa: S506  every scalar as text
    return values


def _recorded(project: project_module.Project, values: dict[str, Any]) -> dict[str, Any]:
    blanks = project.catalogue.blanks
    return {
        f"{topic}.{name}": {"label": blanks[f"{topic}.{name}"].label, "value": value}
        for topic, entries in values.items()
        if isinstance(entries, dict) and topic != "edition"
        for name, value in entries.items()
    }


def change(subject: str, label: str, before: str = "", after: str = "", item: str = "") -> dict[str, str]:
    """Return an entry of an edition's changes."""
    told = {"subject": subject, "label": label, "item": item, "before": before, "after": after}
    return {key: text for key, text in told.items() if text}
