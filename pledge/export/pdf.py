"""A variant as a PDF: A4, tagged, archivable, with the same bytes for the same text.

Typst draws it from the template beside this module. What a company wrote reaches the template as strings in
JSON and is never read as markup.
"""

from __future__ import annotations

import datetime
import json
import re
from functools import lru_cache
from importlib.resources import as_file, files
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

import typst
from segno import DataOverflowError

from pledge.export.typeset import Shown, TooWideError, laid_out
from pledge.read import HIDDEN
from pledge.transcript import spoken

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pledge.export.paper import Paper

PACKAGE = "pylopdf_fonts_zh_cn"
FAMILIES = {"Noto Serif SC", "Noto Sans SC", "DejaVu Sans Mono"}

_TEMPLATE = files("pledge.export") / "guarantee.typ"
_STANDARDS: list[typst.PDFStandard] = ["a-2a", "ua-1"]
_UNDATED = datetime.date(2000, 1, 1)
_MISSING = re.compile(r'the text `"(.*?)"` could not be displayed')
_ESCAPE = re.compile(r"\\u\{([0-9a-f]+)\}")
_QUOTED = 24


class PdfError(Exception):
    """A paper that cannot be drawn; the message says why and what to do, in Chinese."""


def document(paper: Paper, fonts: Path | None = None) -> bytes:
    """Return *paper* as a PDF; the same paper gives the same bytes. Raises PdfError.

    The fonts are those of the package pylopdf-fonts-zh-cn, or those in the folder *fonts*.
    PDF/A-2a and PDF/UA-1 are asked for, so a character that no font has ends the export.
    """
    _refuse_hidden(paper)
    words = json.dumps(_shown(paper), ensure_ascii=False)
    when = datetime.datetime.combine(paper.effective or _UNDATED, datetime.time(), datetime.UTC)
    with as_file(_TEMPLATE) as template:
        try:
            return typst.compile(
                template,
                font_paths=_fonts(fonts or _package()),
                ignore_system_fonts=True,
                sys_inputs={"paper": words},
                pdf_standards=_STANDARDS,
                timestamp=when,
            )
        except typst.TypstError as error:
            raise PdfError(_explained(paper, error)) from error


def _shown(paper: Paper) -> Shown:
    try:
        return laid_out(paper)
    except TooWideError as error:
        raise PdfError(f"{error}；把它拆成几张表") from error
    except DataOverflowError as error:
        raise PdfError(f"网址“{_short(paper.address)}”太长，二维码放不下；改短公司网址") from error


def _package() -> Path:
    """Return the folder of the fonts, whether or not they are there."""
    found = find_spec(PACKAGE)
    folder = Path(found.origin).parent if found and found.origin else Path(PACKAGE)
    return next((path.parent for path in sorted(folder.rglob("*.otf"))), folder)


@lru_cache(maxsize=2)
def _fonts(folder: Path) -> typst.Fonts:
    fonts = typst.Fonts(
        include_system_fonts=False,
        include_embedded_fonts=True,
        font_paths=[folder] if folder.is_dir() else [],
    )
    lacking = "、".join(sorted(FAMILIES - set(fonts.families())))
    if lacking:
        message = f"{folder} 里没有字体 {lacking}；用 pip 重新安装 pylopdf-fonts-zh-cn"
        raise PdfError(message)
    return fonts


def _refuse_hidden(paper: Paper) -> None:
    for text, where in _texts(paper):
        hidden = HIDDEN.search(text)
        if hidden:
            raise PdfError(f"{where}有看不见的字符 {_code(hidden[0])}；删掉它")


def _explained(paper: Paper, error: typst.TypstError) -> str:
    missing = dict.fromkeys(_ESCAPE.sub(_character, text) for text in _MISSING.findall(error.diagnostic))
    if missing:
        told = "；".join(_missing(paper, text) for text in missing)
        return f"{told}；换成字体里有的字，或者用文字说明它"
    return f"“{paper.title}”排版失败，Typst 说：{error.message}；把这句话和变量文件发给维护人员"


def _character(match: re.Match[str]) -> str:
    return chr(int(match[1], 16))


def _missing(paper: Paper, text: str) -> str:
    where = next((where for whole, where in _texts(paper) if text in whole), "文件")
    return f"{where}的“{text}”（{_code(text)}）在字体里没有"


def _code(text: str) -> str:
    return " ".join(f"U+{ord(character):04X}" for character in text)


def _texts(paper: Paper) -> Iterator[tuple[str, str]]:
    """Yield each text on the paper and the words for where it stands."""
    for block in paper.blocks:
        said = spoken(block)
        if not block.rows:
            yield said, f"“{_short(said)}”里"
        for row in ((block.text,), *block.rows):
            line = "｜".join(row)
            yield line, f"表格{f'“{block.text}”' if block.text else ''}的“{_short(line)}”里"
    yield "　".join(paper.header), "页眉"
    yield paper.address, "网址"


def _short(text: str) -> str:
    return text if len(text) <= _QUOTED else f"{text[:_QUOTED]}……"
