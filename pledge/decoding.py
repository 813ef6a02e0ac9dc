"""The text of a file whose encoding nobody has written down."""

from __future__ import annotations

import codecs
import re

_NOT_TEXT = re.compile("[\x00-\x08\x0e-\x1f\x7f]")
_BOMS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))


def decoded(data: bytes) -> str | None:
    """Return *data* as text, marked with its encoding, or in UTF-8 or GB18030; None where none fits.

    Lines end with a line feed, whatever they ended with.
    """
    marked = [encoding for mark, encoding in _BOMS if data.startswith(mark)]
    for encoding in marked or ["utf-8", "gb18030"]:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if not _NOT_TEXT.search(text):
            return text.replace("\r\n", "\n").replace("\r", "\n")
    return None
