"""Projects with many companies, hostile in every field, generated from the samples and a seed."""

from __future__ import annotations

import functools
import random
import re
import shutil
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import yaml
from copies import ROOT, copied

from pledge import project as project_module
from pledge.check import check_company
from pledge.problem import errors

if TYPE_CHECKING:
    import datetime
    from pathlib import Path

    from pledge.company import Company
    from pledge.entries import Blank
    from pledge.problem import Problem
    from pledge.project import Project

inline = functools.partial(ThreadPoolExecutor, 1)
"""Do the work in this process, where its coverage is seen."""
SAMPLES = ("appliances", "it-services", "online-shop")
HOSTILE = (
    "<script>alert(1)</script>甲",
    "</script><!--<script>乙",
    "{{ company.name }}{% if x %}{# y #}",
    "*a* _b_ `c` [d](e) ![f](g)",
    "a | b & c < d > e \" f ' g",
    "</data></li></title><h1>x</h1>",
    "&lt;b&gt; &#60; &amp; &nbsp;",
    "{: #id .notice } [](#scope)",
    "1. 一家 公司",
    "# 标题",
    "\\* \\_ <!-- x --> \\u0041 \\1 \\g<0>",
    "https://example.com/assets/?a=1&b=2",
    '"assets/x.css" ../assets/y.js',
    "小时内年日月",
    "内",
    "🙂𠮷㐀ａＡé",
    "%s %(x)s $x ${x} {0} {x}",
)
WEBSITES = (
    "https://www.example.com/",
    "https://example.com/dealers/a/../b",
    "http://shop.example.com:8080/x/y/?a=b&c#d",
    "https://example.com/a&b/assets/",
    "https://example.com",
)
_ICON = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {0} {0}"><path d="M0 0h{0}v{0}z"/></svg>'


def crowd(target: Path, count: int, seed: int, today: datetime.date) -> Path:
    """Return the project at *target*: the samples with their editions, and *count* companies beside them.

    The same *seed* gives the same companies; none has a problem that keeps its site from being built.
    """
    copied(target)
    shutil.copytree(ROOT / "editions", target / "editions")
    project = project_module.load(target)
    for number in range(count):
        chance = random.Random(seed * 1000 + number)  # noqa: S311  the same companies every time
        _write(project, f"g{number:03}", chance, today)
    return target


def _write(project: Project, name: str, chance: random.Random, today: datetime.date) -> None:
    path = project.root / "variables" / f"{name}.yml"
    source = project.root / "variables" / f"{chance.choice(SAMPLES)}.yml"
    values = _read(source)
    for blank in project.catalogue.blanks.values():
        _vary(values, blank, chance)
    values["publish"] = chance.sample(values["publish"], chance.randint(1, len(values["publish"])))
    values["company"]["name"] = f"{_odd(chance)}{name}"
    values["company"]["website"] = chance.choice(WEBSITES)
    if chance.random() < 0.3:
        (project.root / "variables" / "assets" / f"{name}.svg").write_text(
            _ICON.format(chance.randint(8, 64))
        )
    _settle(project, path, values, source, today)


def _read(path: Path) -> dict[str, Any]:
    found: dict[str, Any] = yaml.load(path.read_text(encoding="utf-8"), yaml.BaseLoader)  # noqa: S506  text
    return found


def _vary(values: dict[str, Any], blank: Blank, chance: random.Random) -> None:
    """Make a text hostile, or leave a value out, where *blank* has one."""
    topic, _, name = blank.id.partition(".")
    known = values.get(topic, {})
    if name not in known or topic == "edition":
        return
    if blank.kind == "text":
        known[name] = _odd(chance)
    elif blank.kind == "list":
        known[name] = [f"{_odd(chance)}{number}" for number in range(chance.randint(1, 3))]
    elif blank.kind == "table":
        for number, row in enumerate(known[name]):
            texts = [
                column for column, kind in blank.columns.items() if kind.kind == "text" and column in row
            ]
            row.update({column: f"{_odd(chance)}{number}" for column in texts})
    if chance.random() < 0.15:
        del known[name]


def _odd(chance: random.Random) -> str:
    return chance.choice(HOSTILE)


def _settle(project: Project, path: Path, values: dict[str, Any], source: Path, today: datetime.date) -> None:
    """Write *values*, those that the checks refuse as they stand in *source*."""
    plain = _read(source)
    plain["company"]["name"] = f"{path.stem}有限公司"
    wrong: list[Problem] = []
    for _ in range(20):
        path.write_text(yaml.safe_dump(values, allow_unicode=True, sort_keys=False), encoding="utf-8")
        company = project.company(path.stem)
        wrong = errors(check_company(project, company, today))
        if not wrong:
            return
        for topic, name in {blank for problem in wrong for blank in _blamed(problem, company, plain)}:
            values.setdefault(topic, {})[name] = plain[topic][name]
    raise AssertionError([problem.text() for problem in wrong])


def _blamed(problem: Problem, company: Company, plain: dict[str, Any]) -> list[tuple[str, str]]:
    """Return the blanks that *problem* names, or the one in which it stands, by topic and name."""
    named = re.findall(r"([a-z]+)\.([a-z_]+)", problem.message)
    known = [(topic, name) for topic, name in named if name in plain.get(topic, {})]
    before = {place.line: name for name, place in company.places.items() if place.line <= problem.line}
    topic, _, name = before[max(before)].partition(".")
    return known or [(topic, name)]


def files(folder: Path) -> dict[str, bytes]:
    """Return every file below *folder* with its content."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def shared(root: Path) -> Path:
    """Let the sites of the project at *root* share the files of the theme, as those of a fleet do."""
    path = root / "mkdocs.yml"
    text = path.read_text(encoding="utf-8")
    path.write_text(
        re.sub(r"^( +)company: .*", r"\g<0>\n\1assets: shared", text, flags=re.MULTILINE), "utf-8"
    )
    return root
