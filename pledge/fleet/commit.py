"""The folder of many sites: what in it is ours, and how finished sites are put in their places.

Everything new is staged below `.pledge/new` in the folder itself. Placing is nothing but renaming, so a
process may be killed at any moment: each site then stands whole, as it was or as it is to be, and what the
notes do not tell of is made again.
"""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING
from uuid import uuid4

from pledge import site
from pledge.assets import NAME as SHARED
from pledge.fleet import store
from pledge.fleet.record import FOLDER
from pledge.plugin import MARK
from pledge.problem import reason
from pledge.site import BuildError
from pledge.swap import exchange

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from pathlib import Path

    from pledge.fleet.record import Record

NEW = "new"
TOP = ".top"
"""Below the stage: the files that stand at the top of the folder, and what the sites share."""


def refuse_inside(root: Path, target: Path) -> None:
    """Raise BuildError where *target* is a folder that sites are made from, or stands in one."""
    for name in (*store.SHARED, "variables", "editions"):
        if (root / name).resolve() in (target, *target.parents):
            raise BuildError(f"{target} 在项目的 {name} 里面；换一个文件夹")


def refuse_foreign(target: Path, companies: Sequence[str]) -> None:
    """Raise BuildError where *target* holds what no build of many sites has put there."""
    site.refuse_foreign(target, "一批网站", ours=(target / FOLDER).is_dir())
    if SHARED in companies:
        raise BuildError(f"公司代号“{SHARED}”与共用文件的文件夹同名；给 variables/{SHARED}.yml 换一个名称")
    foreign = [name for name in companies if _is_foreign(target, name)]
    if foreign:
        raise BuildError(f"{target} 里的{'、'.join(foreign)}不是以前生成的网站；移走它，或者换一个文件夹")


def _is_foreign(target: Path, company: str) -> bool:
    place = target / company
    return place.is_symlink() or (place.exists() and not (place / MARK).is_file())


def prepare(target: Path) -> Path:
    """Return an empty stage below *target*; what a killed build left there is gone. Raises BuildError.

    It has a name of its own: a process that a killed build left over may still write into another one.
    """
    stage = target / FOLDER / f"{NEW}-{uuid4().hex}"
    try:
        discard(target)
        (stage / TOP).mkdir(parents=True)
    except OSError as error:
        raise BuildError(f"{target} 不能写入（{reason(error)}）；换一个文件夹，或者改权限") from None
    return stage


def discard(target: Path) -> None:
    """Remove every stage of *target*."""
    for left in (target / FOLDER).glob(f"{NEW}*"):
        shutil.rmtree(left) if left.is_dir() else left.unlink()


def place(target: Path, stage: Path, made: Sequence[Record], names: Collection[str] | None) -> list[str]:
    """Put the *made* sites in their places, then their list, and return which sites are gone.

    Where *names* are given, a site of ours whose company is none of them is removed. Raises OSError.
    """
    _put_shared(stage / TOP, target)
    for record in made:
        # A site without its note is made again, so one never stands beside the note of another.
        (target / FOLDER / f"{record.company}.json").unlink(missing_ok=True)
        exchange(stage / record.company, target / record.company)
        (stage / f"{record.company}.json").replace(target / FOLDER / f"{record.company}.json")
    for path in sorted((stage / TOP).iterdir()):
        if path.is_file():
            path.replace(target / path.name)
    return [] if names is None else _sweep(target, stage, names)


def _sweep(target: Path, stage: Path, names: Collection[str]) -> list[str]:
    """Remove the sites whose companies are not among *names*, and return those."""
    gone = sorted(path for path in (target / FOLDER).glob("*.json") if path.stem not in names)
    for note in gone:
        place = target / note.stem
        if (place / MARK).is_file() and not place.is_symlink():
            place.rename(stage / f".gone-{note.stem}")
        note.unlink()
    return [note.stem for note in gone]


def _put_shared(staged: Path, target: Path) -> None:
    """Put what the sites share in place, file by file: sites that stand may still ask for older ones."""
    for path in sorted(staged.rglob("*")):
        place = target / path.relative_to(staged)
        if path.is_file() and path.parent != staged:
            place.parent.mkdir(parents=True, exist_ok=True)
            path.replace(place)
