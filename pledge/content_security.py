"""The Content Security Policy of a page: what it may load and run, written into the page itself.

CSP Level 3: a policy in the page (section 3.3), hashes of inline code (section 2.3.1).
"""

from __future__ import annotations

import base64
import hashlib
import re

# Nothing but what the site itself holds. Icons are `data:` images of the style sheets. Never 'unsafe-inline':
# an inline script or style passes by its hash alone, a style attribute or an event handler never.
# frame-ancestors is void in a page (section 6.4.2): the server says it, see deploy/nginx.conf.
DIRECTIVES = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self' data:",
    "font-src": "'self'",
    "connect-src": "'self'",
    "worker-src": "'self'",
    "base-uri": "'none'",
    "form-action": "'none'",
}
# HTML: a policy holds for what comes after it, so only the charset stands before it.
_PLACE = re.compile(r"<head\b[^>]*>\s*(?:<meta charset=[^>]*>\s*)?")
_INLINE = re.compile(r"<(script|style)\b([^>]*)>(.*?)</\1>", re.DOTALL)
# A file is no inline code, and JSON is data, which no policy concerns.
_DATA = re.compile(r"\bsrc=|\btype=\"?[a-z/+]*json")


def secured(page: str) -> str:
    """Return the finished HTML *page* with its policy, which allows the inline code it holds and no other."""
    place = _PLACE.search(page)
    if not place:
        raise ValueError("a page without <head> has no place for its policy")
    meta = f'<meta http-equiv="Content-Security-Policy" content="{policy(page)}">\n'
    return page[: place.end()] + meta + page[place.end() :]


def policy(page: str) -> str:
    """Return the policy of *page* as the value of a header."""
    hashes: dict[str, dict[str, None]] = {"script-src": {}, "style-src": {}}
    for tag, attributes, text in _INLINE.findall(page):
        if not _DATA.search(attributes):
            hashes[f"{tag}-src"][source(text)] = None
    return "; ".join(" ".join((name, allowed, *hashes.get(name, ()))) for name, allowed in DIRECTIVES.items())


def source(text: str) -> str:
    """Return the hash-source that allows the inline code *text*."""
    digest = hashlib.sha256(text.encode()).digest()
    return f"'sha256-{base64.b64encode(digest).decode()}'"
