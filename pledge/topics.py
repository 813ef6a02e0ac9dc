"""The order in which people meet the blanks: who and when first, then as the guarantees speak of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pledge.entries import Blank
    from pledge.project import Project

# Who promises comes first, with the day in force, for it picks the law; whoever signs has read the rest.
_FIRST, _LAST = ("edition", "company", "contact"), ("signing",)


def ordered(project: Project) -> list[Blank]:
    """Return every blank of the catalogue: topics as people are asked for them, blanks as declared."""
    spoken = (use.blank.partition(".")[0] for page in project.pages.values() for use in page.uses)
    topics = dict.fromkeys([*_FIRST, *spoken, *project.catalogue.topics])
    rank = {topic: (topic in _LAST, number) for number, topic in enumerate(topics)}
    return sorted(project.catalogue.blanks.values(), key=lambda blank: rank[blank.topic])
