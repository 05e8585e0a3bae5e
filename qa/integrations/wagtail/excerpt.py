"""A few words around a finding, as a reader sees them."""

from __future__ import annotations

import html
import re

_REACH = 60  # code points on each side that are looked at
_TAG = re.compile(r"<[^<>]*>|^[^<>]*>|<[^<>]*$")  # also one that the window cut
_BREAK = re.compile(r"</?(?:p|h\d|li|ul|ol|div|br|hr|blockquote|td|tr)\b[^<>]*>")


def plain(text: str, syntax: str) -> str:
    """A piece of a text without markup."""
    if syntax == "html":
        text = html.unescape(_TAG.sub("", _BREAK.sub(" ", text)))
    return text


def excerpt(text: str, start: int, end: int, syntax: str) -> tuple[str, str, str]:
    """What stands before, at and behind a place; … where it was cut within the text."""
    before = plain(text[max(0, start - _REACH) : start], syntax)
    after = plain(text[end : end + _REACH], syntax)
    if start > _REACH:
        before = "…" + before.partition(" ")[2]
    if end + _REACH < len(text):
        after = after.rpartition(" ")[0] + "…"
    return before, plain(text[start:end], syntax), after
