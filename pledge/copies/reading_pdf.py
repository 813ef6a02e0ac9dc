"""The words of a PDF, page by page, and what lies over them."""

from __future__ import annotations

import io
import logging
import re
from typing import TYPE_CHECKING, Any

import pypdf
from pypdf.errors import DependencyError, FileNotDecryptedError

from pledge.copies.copied import MAX_CHARACTERS, PDF, Aside, Copy, CopyError, bare

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pypdf import PageObject

MAX_PAGES = 200

BROKEN = "不完整或者已损坏，打不开；重新取一份"
SCAN = "里没有文字，是扫描件或者照片，不能逐字比对；用手机扫描文末的二维码，与网页核对"
_LOCKED = "加了密码，读不出；去掉密码后另存一份"
_LONG = "有{}页，保障书没有这么长；只留保障书的各页，另存一份"
_LARGE = "里的文字太多，不是保障书；只留保障书的各页，另存一份"
_DRAWN = re.compile(rb"(/[^\s/]+)\s+Do\b")
# An address of the web does not cover the text, and a pop-up belongs to another note.
_HARMLESS = {"/Link", "/Popup"}

# What pypdf warns of is not for the reader of an answer.
logging.getLogger("pypdf").addHandler(logging.NullHandler())
logging.getLogger("pypdf").propagate = False


def read_pdf(data: bytes) -> Copy:
    """Return what the PDF *data* says. Raises CopyError."""
    try:
        return _copy(pypdf.PdfReader(io.BytesIO(data)))
    except CopyError:
        raise
    except (FileNotDecryptedError, DependencyError) as error:
        raise CopyError(_LOCKED) from error
    # A hostile file can make its reader raise anything.
    except Exception as error:
        raise CopyError(BROKEN) from error


def _copy(reader: pypdf.PdfReader) -> Copy:
    if reader.is_encrypted and not reader.decrypt(""):
        raise CopyError(_LOCKED)
    if len(reader.pages) > MAX_PAGES:
        raise CopyError(_LONG.format(len(reader.pages)))
    pages: list[str] = []
    for page in reader.pages:
        pages.append(page.extract_text().strip())
        if sum(map(len, pages)) > MAX_CHARACTERS:
            raise CopyError(_LARGE)
    asides = [aside for at, page in enumerate(reader.pages, 1) for aside in _over(page, at)]
    return Copy(PDF, pages, asides=asides, notes=list(_notes(reader, pages)))


def _over(page: PageObject, at: int) -> Iterator[Aside]:
    """Yield the notes, fields and stamps that lie over a page."""
    for entry in _all(page.get("/Annots")):
        kind, words = entry.get("/Subtype"), entry.get("/Contents") or entry.get("/V") or ""
        if kind not in _HARMLESS:
            yield Aside(f"第{at}页的批注", bare(str(words)) or "（图形）")


def _all(entries: Any) -> list[Any]:  # noqa: ANN401  whatever stands in the file
    return [entry.get_object() for entry in _entries(entries)]


def _notes(reader: pypdf.PdfReader, pages: list[str]) -> Iterator[str]:
    pictured = [str(at) for at, page in enumerate(reader.pages, 1) if _has_picture(page)]
    if pictured:
        yield f"第{'、'.join(pictured)}页有图片；图片里的字没有比对。"
    empty = [str(at) for at, text in enumerate(pages, 1) if not text]
    if empty:
        yield f"第{'、'.join(empty)}页没有文字；这几页没有比对。"


def _has_picture(page: PageObject) -> bool:
    """Whether a page draws a picture; the pictures of all pages may stand among what it could draw."""
    contents = page.get_contents()
    drawn = set(_DRAWN.findall(contents.get_data())) if contents else set()
    known = _entries(_entries(page.get("/Resources")).get("/XObject"))
    return any(_is_picture(entry.get_object()) for name, entry in known.items() if name.encode() in drawn)


def _is_picture(drawn: Any) -> bool:  # noqa: ANN401  whatever stands in the file
    inside = _entries(_entries(drawn.get("/Resources")).get("/XObject")).values()
    return any(entry.get("/Subtype") == "/Image" for entry in (drawn, *(at.get_object() for at in inside)))


def _entries(found: Any) -> Any:  # noqa: ANN401  whatever stands in the file
    return found.get_object() if found is not None else {}
