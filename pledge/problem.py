"""One complaint with a place, and the rules a complaint can name."""

from __future__ import annotations

import errno
import json
import re
from dataclasses import asdict, dataclass
from functools import cache
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING

import yaml

if TYPE_CHECKING:
    from collections.abc import Iterable

# What would break a line in two, reorder it, or not be printable as UTF-8.
_UNPRINTABLE = re.compile("[\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")

LEVELS = {"error": "错误", "warning": "警告"}


@dataclass(frozen=True, slots=True)
class Rule:
    """What a rule wants, why, and how to satisfy it; the texts are Chinese."""

    id: str
    title: str
    why: str
    fix: str
    level: str = "error"


@dataclass(frozen=True, order=True, slots=True)
class Problem:
    """What is wrong at a place: lines and columns count from 1, the path is relative to the project."""

    path: str
    line: int
    column: int
    message: str
    rule: str
    level: str = "error"

    def text(self) -> str:
        """Return the line a person reads: `variables/acme.yml:12:5: 消息 (rule-id)`."""
        mark = "" if self.level == "error" else f"{LEVELS[self.level]}："
        return f"{self.path}:{self.line}:{self.column}: {mark}{self.message} ({self.rule})"

    def annotation(self) -> str:
        """Return a workflow command that GitHub shows beside the line.

        The format is that of GitHub's workflow commands; `%`, line ends, and in properties `:` and `,`
        are percent-encoded as documented there.
        """
        properties = {
            "file": self.path,
            "line": str(self.line),
            "col": str(self.column),
            "title": self.rule,
        }
        listed = ",".join(f"{key}={_property(value)}" for key, value in properties.items())
        return f"::{self.level} {listed}::{_data(self.message)}"


def legible(text: str) -> str:
    """Return *text* with what cannot be printed on one line of UTF-8 written as escapes."""
    shown = _UNPRINTABLE.sub(lambda match: match[0].encode("unicode_escape").decode(), text)
    return shown.replace("##[", "## [")  # the older form of a workflow command, live anywhere in a line


def _data(value: str) -> str:
    return value.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(value: str) -> str:
    return _data(value).replace(":", "%3A").replace(",", "%2C")


@cache
def rules() -> dict[str, Rule]:
    """Return every rule by its id, in the order in which they are explained."""
    text = resources.files("pledge").joinpath("rules.yml").read_text(encoding="utf-8")
    return {key: Rule(id=key, **entry) for key, entry in yaml.safe_load(text).items()}


def errors(problems: Iterable[Problem]) -> list[Problem]:
    """Return the problems that stop a build."""
    return [problem for problem in problems if problem.level == "error"]


def arrange(problems: Iterable[Problem]) -> list[Problem]:
    """Return the problems sorted by place, each once."""
    return sorted(set(problems))


def as_text(problems: Iterable[Problem]) -> str:
    """Return one line a problem, as a person reads them."""
    return "\n".join(problem.text() for problem in problems)


def as_github(problems: Iterable[Problem]) -> str:
    """Return one workflow annotation a problem."""
    return "\n".join(problem.annotation() for problem in problems)


def as_json(problems: Iterable[Problem]) -> str:
    """Return a JSON array of objects with path, line, column, message, rule and level."""
    return json.dumps([asdict(problem) for problem in problems], ensure_ascii=False, indent=2)


FORMATS = {"text": as_text, "github": as_github, "json": as_json}


_REASONS = {
    errno.ENOENT: "没有这个文件",
    errno.EACCES: "没有权限",
    errno.EPERM: "没有权限",
    errno.ENOSPC: "空间满了",
    errno.EDQUOT: "空间满了",
    errno.EFBIG: "文件太大",
    errno.EROFS: "只能读，不能写",
    errno.EISDIR: "是一个文件夹",
    errno.ENOTDIR: "不是文件夹",
    errno.EEXIST: "已经存在",
    errno.ENOTEMPTY: "已经存在，而且不是空的",
    errno.ELOOP: "链接指向自己",
    errno.ENAMETOOLONG: "名称太长",
}


def reason(error: OSError) -> str:
    """Return in Chinese why the system refused to read or write."""
    if error.errno == errno.ENOENT and error.filename and not Path(error.filename).parent.exists():
        return "没有这个文件夹"
    return _REASONS.get(error.errno or 0, error.strerror or "系统没有说原因")
