"""The paper copies of a company as files, made first and then put in place together."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from pledge.export import docx, pdf

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from pledge.export.paper import Paper

FORMS: dict[str, Callable[[Paper], bytes]] = {"pdf": pdf.document, "docx": docx.document}


def made(papers: Iterable[Paper]) -> dict[str, bytes]:
    """Return the files of *papers* by name, `<variant>.pdf` and `<variant>.docx`.

    Raises PdfError where a paper cannot be drawn.
    """
    return {
        f"{paper.variant}.{form}": document(paper) for paper in papers for form, document in FORMS.items()
    }


def put(files: dict[str, bytes], folder: Path) -> None:
    """Write *files* into *folder*, each beside its place first; other files there stay.

    Raises OSError before any file is replaced where they cannot all be written.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".new-", dir=folder) as beside:
        for name, data in files.items():
            (Path(beside) / name).write_bytes(data)
        for name in files:
            (Path(beside) / name).replace(folder / name)
