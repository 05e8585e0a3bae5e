"""Character references: what `&eacute;`, `&#233;` and `&#xe9;` show."""

from __future__ import annotations

import html
from functools import lru_cache
from html.entities import html5

# A reference by number or name; seven digits hold every code point.
REFERENCE = r"&(?:#[xX][0-9a-fA-F]{1,7}(?![0-9a-fA-F]);?|#[0-9]{1,7}(?![0-9]);?|[A-Za-z][A-Za-z0-9]{1,31};?)"


@lru_cache(maxsize=4096)
def decode(reference: str) -> tuple[str, int]:
    """What a reference shows and how many of its characters belong to it; ("", 0) where it is plain text.

    As browsers do, a name that HTML allows without a semicolon ends at the longest such prefix.
    """
    if reference[1] == "#":
        shown = html.unescape(reference if reference[-1] == ";" else reference + ";")
        return (shown, len(reference)) if shown and not shown.startswith("&#") else ("", 0)
    if reference[1:] in html5:
        return html5[reference[1:]], len(reference)
    for end in range(len(reference.rstrip(";")), 2, -1):
        if reference[1:end] in html5:
            return html5[reference[1:end]], end
    return "", 0


def decode_in_attribute(reference: str) -> tuple[str, int]:
    """The same in an attribute value, where `&copy=1` and `&copying` hold no reference."""
    shown, length = decode(reference)
    if shown and reference[length - 1] != ";" and not reference.startswith("&#"):
        return "", 0
    return shown, length
