"""The questions of `pledge new` in their order: what is missing, then what may be added; saved each time."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from pledge.cli.answers import ask
from pledge.cli.terminal import BACK, STOP, BackError, numbers
from pledge.draft.question import about
from pledge.problem import legible

if TYPE_CHECKING:
    from collections.abc import Callable

    from pledge.draft.draft import Draft
    from pledge.entries import Blank

HELP = (
    "每答一项，当场检查，当场保存。"
    f"写“{STOP[0]}”先停在这里，以后再运行同一个命令接着填；写“{BACK[0]}”回到上一项。"
)
_REST = (
    "必填的都填好了。下面这些可以不填；要填的，写编号，多个用空格隔开；都不填，直接按回车。",
    "必填的都填好了。其余的沿用 {} 的值，或者不填；要另写的，写编号，多个用空格隔开；没有，直接按回车。",
)
_SKIP = "  不写，直接按回车。"
_KEPT = "  现在是：{}。不改，直接按回车。"


class Dialogue:
    """Asks for what a draft lacks, topic by topic, and saves after each answer."""

    def __init__(self, draft: Draft, save: Callable[[], None]) -> None:
        self.draft = draft
        self.save = save
        self._waiting: list[Blank] = []
        self._offered: set[str] = set()
        self._topic = ""
        self._asked = draft.answered()
        if self._asked and self._asked[-1].kind in {"list", "table"}:  # it may have been left in the middle
            self._waiting = [self._asked.pop()]

    def run(self) -> None:
        """Ask until nothing is missing and nothing more is wanted. Raises StoppedError."""
        while blank := self._next():
            try:
                self._ask(blank)
                self._asked = [each for each in self._asked if each is not blank] + [blank]
            except BackError:
                self._back(blank)
            finally:
                self.save()

    def _next(self) -> Blank | None:
        """Return the blank to ask for: one that waits, one that is missing, one that the person picks."""
        missing = self.draft.missing()
        self._waiting = self._waiting or missing[:1] or self._pick()
        return self._waiting.pop(0) if self._waiting else None

    def _back(self, blank: Blank) -> None:
        if not self._asked:
            click.echo("  这是第一项。")
        self._waiting = [*self._last(), blank, *self._waiting]

    def _last(self) -> list[Blank]:
        """Return the blank that was answered last, to be asked for again."""
        return [self._asked.pop()] if self._asked else []

    def _pick(self) -> list[Blank]:
        """Return what the person picks among the rest, which is offered once."""
        offered = [blank for blank in self.draft.choices() if blank.id not in self._offered]
        if not offered:
            return []
        self._offered |= {blank.id for blank in offered}
        base = self.draft.company.base
        click.secho(f"\n{_REST[bool(base)].format(base)}", bold=True)
        self._list(offered)
        try:
            return [offered[position - 1] for position in numbers(len(offered))]
        except BackError:
            self._offered -= {blank.id for blank in offered}
            return self._last() or self._pick()

    def _list(self, offered: list[Blank]) -> None:
        inherited, topic = self.draft.company.inherited, ""
        for position, blank in enumerate(offered, 1):
            if blank.topic != topic:
                topic = blank.topic
                click.echo(f"  {self.draft.project.catalogue.topics[topic]}")
            value = inherited.get(blank.id)
            shown = f"{len(value.data)}行" if value and blank.kind == "table" else value.text if value else ""
            click.echo(legible(f"  {position:>4} {blank.label}　{shown}".rstrip("　")))

    def _ask(self, blank: Blank) -> None:
        missing = [each.id for each in self.draft.missing()]
        needed = blank.id in missing
        self._head(blank, len(missing))
        for told in about(self.draft, blank):
            click.echo(legible(f"  {told}"))
        kept = self.draft.said(blank)
        if isinstance(kept, str):
            click.echo(legible(_KEPT.format(kept)))
        elif not needed and not kept:
            click.echo(_SKIP)
        ask(self.draft, blank, needed=needed)

    def _head(self, blank: Blank, missing: int) -> None:
        if blank.topic != self._topic:
            self._topic = blank.topic
            left = f"　还要填{missing}项" if missing else ""
            click.secho(f"\n【{self.draft.project.catalogue.topics[blank.topic]}】{left}", bold=True)
        click.secho(f"\n{blank.label}", bold=True)
