"""An old form as read: its paragraphs and tables in order, and what was left out of it.

However a form shows a gap (an underlined space, a form field, a content control), its text here has a line of
underscores, and an empty tick box is ☐.
"""

from __future__ import annotations

from dataclasses import dataclass, field

LINE = "____"
DATE = "____年__月__日"
BOX, TICKED = "☐", "☑"

MAX_PARAGRAPHS = 5_000
MAX_GAPS = 1_000
MANY = "第{}段以后还有文字，超过{}段，不是一份保障书；只留保障书的文字，另存一份"


class FormError(Exception):
    """A form that cannot be read; the message says where and why and what to do, in Chinese."""

    def of(self, file: str) -> FormError:
        """Return the error with the name of the file and the assurance that nothing was written."""
        return FormError(f"{file} {self}。没有写出任何文件。")


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph: `number` is what Word wrote before it by itself, `heading` the level of a heading or 0."""

    text: str
    place: str
    number: str = ""
    heading: int = 0


@dataclass(frozen=True, slots=True)
class Table:
    """A table; all rows have as many cells."""

    rows: tuple[tuple[str, ...], ...]
    place: str


@dataclass(slots=True)
class Form:
    """What a form says; `left_out` names what was not taken over, each in one sentence.

    `name` is what the draft is called after, `file` how a message names the form.
    """

    name: str
    file: str = ""
    blocks: list[Paragraph | Table] = field(default_factory=list)
    left_out: list[str] = field(default_factory=list)
