"""What is noted of each site in a folder of many: from what it was made, and how a list shows its company."""

from __future__ import annotations

import json
import os
from dataclasses import asdict, dataclass, fields
from typing import TYPE_CHECKING

from pledge.fleet.store import contents, files, hashed

if TYPE_CHECKING:
    import datetime
    from collections.abc import Container, Iterable
    from pathlib import Path

    from pledge.company import Company

FOLDER = ".pledge"
"""The folder of the notes, below that of the sites; it also marks that as ours."""


@dataclass(frozen=True, slots=True)
class Record:
    """One site: `key` is a hash over all it was made from, `sources` are the files of its company in that.

    `count` and `size` are of its files, so that a site that lost some is made again. `pinyin` is the name of
    the company by syllable.
    """

    company: str
    key: str
    state: str
    sources: list[str]
    count: int
    size: int
    name: str
    credit_code: str
    number: str
    effective: str
    status: str
    address: str
    pinyin: list[str]


_KINDS = {each.name: {"str": str, "int": int}.get(str(each.type), list) for each in fields(Record)}


def sources(company: Company) -> list[str]:
    """Return what the site of *company* is made from beside what all share; some need not exist."""
    variables = [company.id, company.base, *company.formerly]
    files = [f"variables/{name}.yml" for name in dict.fromkeys(variables) if name]
    return [*files, f"variables/assets/{company.id}.svg", *(f"editions/{name}" for name in company.names)]


def key(root: Path, made_from: list[str], state: str, day: datetime.date, options: str) -> str:
    """Return the hash over all a site is made from: its sources, the shared *state*, the day, the options."""
    return hashed(f"{contents(root, made_from)} {state} {day} {options}".encode())


def changed_since(root: Path, made_from: Iterable[str], moment: int) -> bool:
    """Whether a file a site is made from was written since *moment*, in nanoseconds of the clock of files."""
    found = (path for name in made_from for path in files(root / name) if path.exists())
    return any(path.stat().st_mtime_ns >= moment for path in found)


def read(folder: Path, company: str) -> Record | None:
    """Return what is noted of the site of *company* in *folder*, or None where nothing readable is."""
    try:
        made = Record(**json.loads((folder / FOLDER / f"{company}.json").read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return None
    return made if all(isinstance(getattr(made, name), kind) for name, kind in _KINDS.items()) else None


def records(folder: Path, known: Container[str]) -> list[Record]:
    """Return the notes of every site that stands in *folder*, by company, but for those *known* already."""
    names = sorted(path.stem for path in (folder / FOLDER).glob("*.json"))
    found = (read(folder, name) for name in names if name not in known)
    return [record for record in found if record and (folder / record.company).is_dir()]


def as_json(record: Record) -> str:
    """Return *record* as its file holds it."""
    return json.dumps(asdict(record), ensure_ascii=False, indent=1) + "\n"


def measured(folder: Path) -> tuple[int, int]:
    """Return how many files stand below *folder*, and their size in bytes."""
    count = size = 0
    folders = [str(folder)]
    while folders:  # of a thousand sites every file is looked at, and this is the fastest way
        try:
            entries = os.scandir(folders.pop())
        except OSError:
            continue
        with entries:
            for entry in entries:
                if entry.is_dir(follow_symlinks=False):
                    folders.append(entry.path)
                else:
                    count += 1
                    size += entry.stat(follow_symlinks=False).st_size
    return count, size
