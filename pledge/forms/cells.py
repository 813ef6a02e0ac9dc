"""Words of a form in a report: on one line, and no sign of them Markdown."""

from __future__ import annotations

from pledge.forms.drafting import escaped
from pledge.forms.gaps import shown
from pledge.problem import legible

_GLIMPSE = 40


def cell(text: str) -> str:
    """Return words of the form for a cell of the report: one line, and no sign of it is Markdown."""
    return escaped(legible(text.replace("\t", " ").replace("\n", " "))).replace("&#95;", "_")


def glimpse(text: str) -> str:
    """Return the first words of *text*."""
    said = shown(text)
    return cell(said[:_GLIMPSE] + ("……" if len(said) > _GLIMPSE else ""))
