"""What changed between two states of a project, and what each change means to the customer."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING

import yaml

from pledge.verdict import BETTER, CHANGED, SAME, UNCLEAR, WEAKER

if TYPE_CHECKING:
    from pledge.read import Place
    from pledge.transcript import Block

ABOUT_THE_EDITION = "edition."
"""How the blanks begin that say something of an edition; they are no promises."""
VERDICTS = {WEAKER: "变差", UNCLEAR: "需人判断", CHANGED: "有改动", BETTER: "变好"}
"""The verdicts of a finding in Chinese, the gravest first."""


@dataclass(frozen=True, slots=True)
class ChangeRule:
    """A kind of change: what it is, what it means, and the rule for the opposite change.

    `family` groups the rules among which the verdict chooses; `unmirrored` says why a rule has no opposite.
    """

    id: str
    title: str
    why: str
    family: str
    verdict: str
    mirror: str = ""
    unmirrored: str = ""


@dataclass(frozen=True, slots=True)
class Spoken:
    """Where a page says something: the variant (or page), its title, and the clause's id and number."""

    variant: str
    title: str
    clause: str = ""
    number: str = ""


@dataclass(frozen=True, slots=True)
class Finding:
    """One changed promise of one company.

    `subject` is what changed and what `edition.weakens` names: a blank, `guarantees/<variant>` or
    `<variant>#<clause>`. `item` is the row and column of a table. `before` and `after` are as the customer
    reads them, empty where there was or is nothing. `old` and `new` are where it is written.
    """

    company: str
    subject: str
    label: str
    before: str
    after: str
    verdict: str
    rule: str
    blank: str = ""
    item: str = ""
    old: Place | None = None
    new: Place | None = None
    spoken: tuple[Spoken, ...] = ()

    @property
    def fingerprint(self) -> str:
        """The first 12 hexadecimal digits of a SHA-256 over what changed, not over where it stands."""
        parts = (self.rule, self.company, self.subject, self.item, self.before, self.after)
        return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:12]


@dataclass(frozen=True, slots=True)
class TextChange:
    """A variant before and after, as the customer reads it; empty where it was not or is not published."""

    variant: str
    title: str
    old: list[Block]
    new: list[Block]


@dataclass(slots=True)
class CompanyChange:
    """All that changed for one company: its id, its name, the findings and the changed variants."""

    company: str
    name: str
    findings: list[Finding] = field(default_factory=list)
    texts: list[TextChange] = field(default_factory=list)

    def of(self, *verdicts: str) -> list[Finding]:
        """Return the findings with one of *verdicts*."""
        return [finding for finding in self.findings if finding.verdict in verdicts]


@cache
def change_rules() -> dict[str, ChangeRule]:
    """Return the kinds of change by id, in the order in which they are explained."""
    text = resources.files("pledge").joinpath("changes.yml").read_text(encoding="utf-8")
    return {key: ChangeRule(id=key, **entry) for key, entry in yaml.safe_load(text).items()}


@cache
def rule_for(family: str, verdict: str) -> str:
    """Return the id of the rule of *family* that has *verdict*."""
    return next(
        rule.id for rule in change_rules().values() if (rule.family, rule.verdict) == (family, verdict)
    )


__all__ = ["SAME", "VERDICTS", "ChangeRule", "CompanyChange", "Finding", "Spoken", "TextChange"]
