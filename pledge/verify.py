"""Whether every released edition is as it was released: its bytes, its chain, and none missing or added."""

from __future__ import annotations

import hashlib
import re
from typing import TYPE_CHECKING

from pledge import edition
from pledge.edition import BESIDE, FILE, FOLDER, NUMBER, SEALED, SUMS
from pledge.read import Place

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from pledge.edition import Edition
    from pledge.problem import Problem

# The form that sha256sum of GNU coreutils writes and checks.
_LINE = re.compile(r"([0-9a-f]{64})  (\S.*)")
_VARIANT = re.compile(r"[a-z0-9][a-z0-9-]*")
_LISTS = (SUMS, f".{SUMS}")
_RESTORE = "从 git 恢复它，内容有误就发布新的版本改正"


def sums(root: Path) -> dict[str, str]:
    """Return the SHA-256 of each file of the editions, by path below `editions/`.

    A file that cannot be read has none; what a release is writing at the moment is left out.
    """
    folder = root / FOLDER
    found = {path: path.relative_to(folder).as_posix() for path in sorted(folder.rglob("*"))}
    kept = {path: name for path, name in found.items() if not path.is_dir() or path.is_symlink()}
    return {name: _sum(path) for path, name in kept.items() if name not in _LISTS and BESIDE not in name}


def _sum(path: Path) -> str:
    try:
        # A pipe may never end, and a link leads elsewhere: neither is opened.
        plain = path.is_file() and not path.is_symlink()
        return hashlib.sha256(path.read_bytes()).hexdigest() if plain else ""
    except OSError:
        return ""


def listed(root: Path) -> dict[str, str]:
    """Return the sums that were written down when the editions were released, by path."""
    path = root / FOLDER / SUMS
    try:
        text = path.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return {}
    lines = (_LINE.fullmatch(line) for line in text.splitlines())
    return {match[2]: match[1] for match in lines if match}


def renewed(root: Path) -> dict[str, str]:
    """Return the sums to be written down: those that are, and of new files those of whole editions."""
    now, known = sums(root), listed(root)
    return {**{path: now[path] for path in _whole(root, now.keys() - known.keys())}, **known}


def _whole(root: Path, paths: Iterable[str]) -> set[str]:
    """Return those of *paths*, below `editions/`, that belong to an edition whose texts are as it says."""
    folders = {path.rpartition("/")[0] for path in paths}
    whole = {folder: _files(root / FOLDER / folder, root) for folder in folders if folder.count("/") == 1}
    split = ((path, *path.rpartition("/")[::2]) for path in paths)
    return {path for path, folder, name in split if name in whole.get(folder, ())}


def _files(folder: Path, root: Path) -> set[str]:
    """Return the names of the files of the edition in *folder*, or none where it is not whole."""
    made = edition.read_edition(folder, root)
    fine = made.texts and not made.problems and not list(_texts(made))
    return {FILE, SEALED, *(f"{variant}.md" for variant in made.texts)} if fine else set()


def problems(root: Path, families: Mapping[str, Sequence[str]]) -> Iterator[Problem]:
    """Yield a problem for each altered, missing or added file, and each broken link of a chain.

    *families* are the ids of each company by its id: the former ones, oldest first, and its own.
    """
    now, known = sums(root), listed(root)
    if now and not known:
        message = "不见了，或者读不出；从 git 恢复它，git 里也没有的，运行 pledge release --all 补记"
        yield Place(f"{FOLDER}/{SUMS}").problem(message, "edition-unlisted")
        known = now
    yield from _bytes(root, now, known)
    yield from _orphans(now, families)
    for family in families.values():
        yield from chain(edition.load(root, family))


def _bytes(root: Path, now: dict[str, str], known: dict[str, str]) -> Iterator[Problem]:
    whole = _whole(root, now.keys() - known.keys())
    for path in sorted(now.keys() | known.keys()):
        place = Place(f"{FOLDER}/{path}")
        if path not in now:
            yield place.problem(f"已发布的文件不见了；{_RESTORE}", "edition-missing")
        elif not now[path]:
            yield place.problem("读不出，或者是一个链接；检查权限，换成文件本身", "edition-altered")
        elif path in known and now[path] != known[path]:
            yield place.problem(f"与发布时不同；{_RESTORE}", "edition-altered")
        elif path in whole:
            message = f"没有记入 {SUMS}，是发布时中断留下的；运行 pledge release --all 补记"
            yield place.problem(message, "edition-unlisted")
        elif path not in known:
            message = f"不是发布写成的，没有记入 {SUMS}；删去它"
            yield place.problem(message, "edition-added")


def _orphans(now: dict[str, str], families: Mapping[str, Sequence[str]]) -> Iterator[Problem]:
    """Yield a problem for each folder of editions that no company, or more than one, takes as its own."""
    owners: dict[str, list[str]] = {}
    for company, names in families.items():
        for name in names:
            owners.setdefault(name, []).append(company)
    for name in sorted({path.split("/")[0] for path in now if "/" in path}):
        place = Place(f"{FOLDER}/{name}")
        if name not in owners:
            message = (
                f"没有一家公司接着这些版本；公司改了代号的，在它的变量文件里写“formerly: [{name}]”，"
                "不再公布的，保留变量文件并写“draft: true”"
            )
            yield place.problem(message, "edition-orphaned")
        elif len(owners[name]) > 1:
            listed_owners = "、".join(owners[name])
            message = f"{listed_owners}都接着这些版本；只留给一家，从其他公司的 formerly 中删去“{name}”"
            yield place.problem(message, "edition-orphaned")


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
        if not path.exists():
            yield place.problem(f"已发布的文件不见了；{_RESTORE}", "edition-missing")
        elif _sum(path) != released.sha256:
            yield place.problem(f"与发布时不同；{_RESTORE}", "edition-altered")
