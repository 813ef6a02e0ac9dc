"""The files of the theme, which one site keeps for itself and the sites of many companies share.

Where they are shared (`extra.pledge.assets: shared` in mkdocs.yml) they stand in `assets/` one folder above
each site; what dresses a site as its company's stays in the site's own.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

FOLDER = "assets/"
STYLE, LOGO = "assets/company.css", "assets/logo.svg"

# A relative address, or one from the top of the host, that leads into the folder; never another host's.
_ADDRESS = re.compile(r"""(["'](?:[^"'\s<>:]*/)?)(assets/(?!company\.css|logo\.svg))""")


def are_shared(extra: Mapping[str, Any]) -> bool:
    """Whether the configuration *extra* of MkDocs says that many sites share the files."""
    ours = extra.get("pledge")
    return isinstance(ours, dict) and ours.get("assets") == "shared"


def borrowing(page: str) -> str:
    """Return the HTML *page* with the files taken from one folder above its site."""
    return _ADDRESS.sub(r"\1../\2", page)
