"""From code points to UTF-16 code units, in which JavaScript, Java and their protocols count, and back."""

from __future__ import annotations

import re
from bisect import bisect_left

_ASTRAL = re.compile("[\U00010000-\U0010ffff]")


class Utf16:
    """The offsets of one text."""

    def __init__(self, text: str) -> None:
        self._astral = [] if text.isascii() else [match.start() for match in _ASTRAL.finditer(text)]

    def offset(self, position: int) -> int:
        """The number of UTF-16 code units before a code point."""
        return position + bisect_left(self._astral, position)
