"""Whether every released edition is as it was released: its bytes, its chain, and none missing or added."""

from __future__ import annotations

import hashlib
import re
from typing import TYPE_CHECKING

from pledge import edition
from pledge.edition import FILE, FOLDER, NUMBER, SEALED, SUMS
from pledge.read import Place

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from pledge.edition import Edition
    from pledge.problem import Problem

# The form that sha256sum of GNU coreutils writes and checks.
_LINE = re.compile(r"([0-9a-f]{64})  (\S.*)")
_VARIANT = re.compile(r"[a-z0-9][a-z0-9-]*")
_LISTS = (SUMS, f".{SUMS}")
_RESTORE = "从 git 恢复它，内容有误就发布新的版本改正"


def sums(root: Path) -> dict[str, str]:
    """Return the SHA-256 of each file of the editions, by path below `editions/`."""
    folder = root / FOLDER
    files = (path for path in sorted(folder.rglob("*")) if path.is_file() and path.name not in _LISTS)
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest() for path in files
    }


def listed(root: Path) -> dict[str, str]:
    """Return the sums that were written down when the editions were released, by path."""
    path = root / FOLDER / SUMS
    text = path.read_text(encoding="utf-8", errors="replace") if path.is_file() else ""
    lines = (_LINE.fullmatch(line) for line in text.splitlines())
    return {match[2]: match[1] for match in lines if match}


def problems(root: Path, families: Iterable[Iterable[str]]) -> Iterator[Problem]:
    """Yield a problem for each altered, missing or added file, and each broken link of a chain.

    *families* are the ids of each company, former ones first; a folder in none of them is its own.
    """
    now, known = sums(root), listed(root)
    yield from _bytes(now, known)
    claimed = [tuple(family) for family in families]
    folders = {path.split("/")[0] for path in now if "/" in path}
    alone = [(name,) for name in sorted(folders - {name for family in claimed for name in family})]
    for family in (*claimed, *alone):
        yield from chain(edition.load(root, family))


def _bytes(now: dict[str, str], known: dict[str, str]) -> Iterator[Problem]:
    for path in sorted(now.keys() | known.keys()):
        place = Place(f"{FOLDER}/{path}")
        if path not in now:
            yield place.problem(f"已发布的文件不见了；{_RESTORE}", "edition-missing")
        elif path not in known:
            message = (
                f"没有记入 {SUMS}；是发布时中断留下的，运行 pledge release --all 补记；不是发布写成的，删去它"
            )
            yield place.problem(message, "edition-added")
        elif now[path] != known[path]:
            yield place.problem(f"与发布时不同；{_RESTORE}", "edition-altered")


def chain(editions: Iterable[Edition]) -> Iterator[Problem]:
    """Yield a problem for each edition of one company, oldest first, that is not as it was released."""
    last: Edition | None = None
    seen: set[str] = set()
    for made in editions:
        yield from made.problems
        if made.problems:
            continue
        yield from _shape(made, seen)
        yield from _texts(made)
        wanted = {"number": last.number, "sha256": last.sha256} if last else {}
        if made.previous != wanted:
            broken = f"接不上上一版{last.number}" if last else "写着上一版，之前却没有版本"
            yield Place(made.path).problem(f"{broken}，链断了；{_RESTORE}", "edition-chain")
        seen.add(made.number)
        last = made


def _shape(made: Edition, seen: set[str]) -> Iterator[Problem]:
    """Yield a problem for a number or a variant that would give another address than its own."""
    place, rule = Place(made.path), "edition-shape"
    if made.number != made.folder.name or not NUMBER.fullmatch(made.number):
        message = f"版本号“{made.number}”与文件夹名“{made.folder.name}”不同；{_RESTORE}"
        yield place.problem(message, rule)
    elif made.number in seen:
        yield place.problem(f"有两个版本都叫“{made.number}”；每个版本号只用一次，{_RESTORE}", rule)
    for variant in made.texts:
        if not _VARIANT.fullmatch(variant):
            yield place.problem(f"“{variant}”不是保障书的名称；{_RESTORE}", rule)


def _texts(made: Edition) -> Iterator[Problem]:
    for variant, released in made.texts.items():
        if not _VARIANT.fullmatch(variant):
            continue
        path = made.folder / f"{variant}.md"
        place = Place(f"{made.path.rpartition('/')[0]}/{variant}.md")
        if not path.is_file():
            yield place.problem(f"已发布的文件不见了；{_RESTORE}", "edition-missing")
        elif hashlib.sha256(path.read_bytes()).hexdigest() != released.sha256:
            yield place.problem(f"与发布时不同；{_RESTORE}", "edition-altered")
    known = {FILE, SEALED, *(f"{variant}.md" for variant in made.texts)}
    for path in sorted(made.folder.iterdir()):
        if path.name not in known:
            place = Place(f"{made.path.rpartition('/')[0]}/{path.name}")
            yield place.problem("发布时没有这个文件；删去它", "edition-added")
