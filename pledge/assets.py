"""The files of the theme, which one site keeps for itself and the sites of many companies share.

Where they are shared (`extra.pledge.assets: shared` in mkdocs.yml) they stand in `assets/` one folder above
each site; what dresses a site as its company's stays in the site's own.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from jinja2.utils import htmlsafe_json_dumps
from markupsafe import escape

if TYPE_CHECKING:
    from collections.abc import Mapping

NAME = "assets"
"""What the shared folder is called, so that no company may be."""
FOLDER = f"{NAME}/"
STYLE, LOGO = "assets/company.css", "assets/logo.svg"

# An address as HTML gives it, or as Material's JSON gives that of its search; company text is neither.
_WAYS = r'((?:href|src)="|"search": ")'
_OWN = r"(?!company\.css|logo\.svg)"


def are_shared(extra: Mapping[str, Any]) -> bool:
    """Whether the configuration *extra* of MkDocs says that many sites share the files."""
    ours = extra.get("pledge")
    return isinstance(ours, dict) and ours.get("assets") == "shared"


def borrowing(page: str, base: str = "") -> str:
    """Return the HTML *page* with the files taken from one folder above its site.

    *base* is the path of the site where the page begins its addresses with that, as 404.html does.
    """
    return _address(base).sub(r"\1\2../assets/", page)


@lru_cache(maxsize=64)
def _address(base: str) -> re.Pattern[str]:
    forms = "|".join(map(re.escape, (base, str(escape(base)), str(htmlsafe_json_dumps(base))[1:-1])))
    return re.compile(rf"{_WAYS}((?:{forms})(?:\.\./)*)assets/{_OWN}")
