"""A form as a draft guarantee: the page, the new blanks, and all that a person must decide about them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from pledge.check.pages import RESERVED
from pledge.clauses import LEVELS, counted, number
from pledge.entries import NAME
from pledge.forms.drafting import Draft, drafted
from pledge.forms.entries import entries
from pledge.forms.floors import Below, below
from pledge.forms.form import FormError
from pledge.forms.matching import Matcher
from pledge.forms.naming import syllables
from pledge.forms.outline import Outline, outlined
from pledge.forms.proposals import Proposer
from pledge.forms.trial import tried

if TYPE_CHECKING:
    import datetime

    from pledge.forms.form import Form
    from pledge.forms.matching import Figure, Slot
    from pledge.page import Clause, Page
    from pledge.problem import Problem
    from pledge.project import Project

NOTICE = "exclusion-without-notice"


@dataclass(slots=True)
class Imported:
    """What became of a form: `problems` are those of the draft as `pledge check` would list them."""

    form: Form
    topic: str
    outline: Outline
    draft: Draft
    blanks: str
    slots: list[Slot]
    figures: list[Figure]
    lone: list[tuple[str, str]]
    problems: list[Problem]
    clauses: list[Clause]
    noticed: list[str]
    numbers: dict[str, str]
    below: list[Below] = field(default_factory=list)

    @property
    def page(self) -> str:
        """The text of the draft page."""
        return self.draft.text

    def place(self, line: int) -> str:
        """Return where in the form line *line* of the draft page comes from."""
        return self.draft.places[line - 1] if 0 < line <= len(self.draft.places) else ""


def imported(project: Project, form: Form, today: datetime.date) -> Imported:
    """Return the draft of *form* for *project*. Raises FormError where there are too many gaps.

    It is written twice: once to see which clauses limit the customer, then with those marked.
    """
    topic = _topic(project, form.name)
    proposer = Proposer(project)
    try:
        first = _once(project, proposer, topic, form, [])
    except FormError as error:
        raise error.of(form.file) from error
    limiting = {problem.line for problem in first.problems if problem.rule == NOTICE}
    noticed = [clause.id for clause in first.clauses if clause.place.line in limiting]
    made = _once(project, proposer, topic, form, noticed)
    made.below = list(below(project, made.figures, today))
    return made


def _once(project: Project, proposer: Proposer, topic: str, form: Form, noticed: list[str]) -> Imported:
    outline = outlined(form.blocks, form.name)
    matcher = Matcher(proposer, project.catalogue.blanks, topic)
    draft = drafted(outline, matcher, len(project.pages) + 1, noticed)
    blanks = entries(matcher.slots, topic, outline.title)
    page, problems = tried(project, draft.text, blanks, topic)
    return Imported(
        form=form,
        topic=topic,
        outline=outline,
        draft=draft,
        blanks=blanks,
        slots=matcher.slots,
        figures=matcher.figures,
        lone=matcher.lone,
        problems=problems,
        clauses=page.clauses,
        noticed=noticed,
        numbers=_numbers(page),
    )


def _topic(project: Project, name: str) -> str:
    """Return the topic of the new blanks: the form's name in pinyin, unlike any topic there is."""
    made = "_".join(syllables(name))
    taken = project.catalogue.topics.keys() | RESERVED | {name.replace("-", "_") for name in project.pages}
    if NAME.fullmatch(made) and made not in taken:
        return made
    return f"form_{made}" if made else "form"


def _numbers(page: Page) -> dict[str, str]:
    """Return the number that each clause of *page* gets, by its id."""
    counts: list[int] = []
    found = {}
    for clause in page.clauses:
        counts = counted(counts, min(clause.level, LEVELS))
        found[clause.id] = number(page.style, counts)[0]
    return found
