"""How changes are reviewed: the notice period, and who must approve what (`catalogue/review.yml`)."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from pledge.change import VERDICTS
from pledge.kinds import KINDS, MisreadError
from pledge.read import Mapping, read
from pledge.shape import FORMS, MisshapenError, take

if TYPE_CHECKING:
    from pathlib import Path

    from pledge.problem import Problem
    from pledge.read import Node
    from pledge.shape import Take

PATH = "catalogue/review.yml"
NOTICE_DAYS = 7
_POLICY: Take = {"notice": ("node", False), "approvals": ("mapping", False)}
_RULE = "catalogue-shape"


@dataclass(slots=True)
class Policy:
    """The days from a review to the effect of something weaker, and the approving offices by verdict."""

    notice_days: int = NOTICE_DAYS
    approvals: dict[str, tuple[str, ...]] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)


def load(root: Path) -> Policy:
    """Return the policy of the project at *root*; without the file, the defaults."""
    policy = Policy()
    if not (root / PATH).exists():
        return policy
    document = read(root / PATH, root)
    policy.problems += document.problems
    taken = take(document.root, _POLICY, rule=_RULE, what="评审设置", problems=policy.problems)
    if "notice" in taken:
        _notice(taken["notice"], policy)
    if isinstance(taken.get("approvals"), Mapping):
        _approvals(taken["approvals"], policy)
    return policy


def stricter(old: Policy, new: Policy) -> Policy:
    """Return what both policies ask for, so that no commit can loosen the rules it is judged by."""
    approvals = {
        verdict: tuple(dict.fromkeys((*old.approvals.get(verdict, ()), *new.approvals.get(verdict, ()))))
        for verdict in VERDICTS
    }
    return Policy(max(old.notice_days, new.notice_days), approvals, new.problems)


def _notice(node: Node, policy: Policy) -> None:
    try:
        time = KINDS["duration"].parse(FORMS["text"](node), ("日",))
    except (MisreadError, MisshapenError):
        message = "评审设置的 notice 写成如“7日”"
        policy.problems.append(node.place.problem(message, _RULE))
        return
    policy.notice_days = int(time.number)


def _approvals(node: Mapping, policy: Policy) -> None:
    for verdict, entry in node.entries.items():
        if verdict not in VERDICTS:
            message = f"评审设置的 approvals 没有“{verdict}”；可用的有：{'、'.join(VERDICTS)}"
            policy.problems.append(node.keys[verdict].place.problem(message, _RULE))
            continue
        try:
            policy.approvals[verdict] = FORMS["texts"](entry)
        except MisshapenError as error:
            message = f"评审设置的“{verdict}”应当是{error}"
            policy.problems.append(entry.place.problem(message, _RULE))
