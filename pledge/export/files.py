"""The paper copies of a company as files, made first and then put in place together."""

from __future__ import annotations

import contextlib
import fcntl
import os
import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from pledge.export import docx, pdf
from pledge.export.paper import PUBLIC, papers

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from pledge.export.paper import Paper
    from pledge.render import Filling

_BESIDE = ".pledge-new-"
FORMS: dict[str, Callable[[Paper], bytes]] = {"pdf": pdf.document, "docx": docx.document}


def made(papers: Iterable[Paper]) -> dict[str, bytes]:
    """Return the files of *papers* by name, `<variant>.pdf` and `<variant>.docx`.

    Raises PdfError where a paper cannot be drawn.
    """
    return {
        f"{paper.variant}.{form}": document(paper) for paper in papers for form, document in FORMS.items()
    }


def downloads(filling: Filling) -> dict[str, bytes]:
    """Return the files that the site of a company offers: those of its newest edition, else none.

    Raises PdfError where a paper cannot be drawn.
    """
    found = papers(filling.project, filling.company, filling.today)
    return made(paper for paper in found if paper.purpose == PUBLIC)


def put(files: dict[str, bytes], folder: Path) -> None:
    """Write *files* into *folder*, each beside its place first; other files there stay.

    Raises BlockingIOError while another export writes there, and OSError before any file is replaced where
    they cannot all be written.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with _alone(folder), tempfile.TemporaryDirectory(prefix=_BESIDE, dir=folder) as beside:
        for name, data in files.items():
            (Path(beside) / name).write_bytes(data)
        for name in files:
            (Path(beside) / name).replace(folder / name)


@contextlib.contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Hold *folder* for one export, and sweep away what a killed one left there."""
    lock = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        for left in folder.glob(f"{_BESIDE}*"):
            shutil.rmtree(left)
        yield
    finally:
        os.close(lock)
