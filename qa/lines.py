"""Lines and columns: how people and other tools name a place in a text.

Offsets rule inside; lines exist only at the edge.  A line ends with "\\n", "\\r\\n" or "\\r", the line ends of the
files we read; columns count code points.  Both count from 1.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from typing import NamedTuple

_END = re.compile(r"\r\n|\n|\r")


class Position(NamedTuple):
    """A place in a text, counted from 1."""

    line: int
    column: int


class Lines:
    """The lines of one text."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._starts = [0, *(match.end() for match in _END.finditer(text))]

    def __len__(self) -> int:
        return len(self._starts)

    def position(self, offset: int) -> Position:
        """Line and column of a code point; `offset` may be the end of the text."""
        line = bisect_right(self._starts, offset)
        return Position(line, offset - self._starts[line - 1] + 1)

    def start(self, line: int) -> int:
        """The offset at which a line begins."""
        return self._starts[line - 1]

    def end(self, line: int) -> int:
        """The offset at which a line ends, before what ends it."""
        if line == len(self._starts):
            return len(self._text)
        end = self._starts[line] - 1
        return end - 1 if self._text[end - 1 : end + 1] == "\r\n" else end
