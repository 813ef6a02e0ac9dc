"""Fill the seven pages of many companies as pledge does, from the very data files that Hugo gets.

`python bench/fill.py SITE OUT`: SITE is what bench/fleet.py wrote for Hugo. Nothing is checked and nothing is
formatted, so this is the filling alone, beside the same work of a template engine.
"""

from __future__ import annotations

import json
import sys
from concurrent.futures import ProcessPoolExecutor
from functools import cache, partial
from pathlib import Path

_BATCH = 50


@cache
def _shells(site: Path) -> dict[str, list[tuple[str, str]]]:
    """Return the pages of each shape by the name of their layout: pieces of text and the slots after them."""
    found: dict[str, list[tuple[str, str]]] = json.loads((site / "shells.json").read_text(encoding="utf-8"))
    return found


def _fill(site: Path, out: Path, companies: list[Path]) -> None:
    for path in companies:
        data = json.loads(path.read_text(encoding="utf-8"))
        for variant, layout in data["layouts"].items():
            folder = out / path.stem / variant
            folder.mkdir(parents=True)
            page = "".join(text + data[slot] if slot else text for text, slot in _shells(site)[layout])
            (folder / "index.html").write_text(page, encoding="utf-8")


def main() -> None:
    """Fill every company of SITE below OUT, on all cores."""
    site, out = map(Path, sys.argv[1:])
    found = sorted((site / "data").glob("*.json"))
    batches = [found[start : start + _BATCH] for start in range(0, len(found), _BATCH)]
    with ProcessPoolExecutor() as executor:
        list(executor.map(partial(_fill, site, out), batches))


if __name__ == "__main__":
    main()
