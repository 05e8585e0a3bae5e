"""How the Language Server Protocol names a place: line and units of an encoding, both from 0.

Lines end as `qa.lines` has it, which is how the protocol has it.  (The documents of pygls also break at U+2028, U+0085
and form feeds, so their places are wrong behind one; hence the text is kept here.)
"""

from __future__ import annotations

from collections.abc import Iterable

from lsprotocol import types

from qa.finding import Edit
from qa.lines import Lines
from qa.rewrite import apply
from qa.text import Span

_BYTES = {
    types.PositionEncodingKind.Utf8: ("utf-8", 1),
    types.PositionEncodingKind.Utf16: ("utf-16-le", 2),
    types.PositionEncodingKind.Utf32: ("utf-32-le", 4),
}


class Positions:
    """The places of one text in one encoding."""

    def __init__(self, text: str, encoding: str = types.PositionEncodingKind.Utf16) -> None:
        self._text = text
        self._lines = Lines(text)
        self._codec, self._width = _BYTES[types.PositionEncodingKind(encoding)]

    def position(self, offset: int) -> types.Position:
        """The position of a code point; `offset` may be the end of the text."""
        line = self._lines.position(offset).line
        return types.Position(line - 1, self._units(self._text[self._lines.start(line) : offset]))

    def range(self, span: Span) -> types.Range:
        """The range of a span."""
        return types.Range(self.position(span.start), self.position(span.end))

    def offset(self, position: types.Position) -> int:
        """The code point at a position.

        Beyond the end of its line it is that end, beyond the last line the end of the text; inside a character its
        beginning.
        """
        if position.line >= len(self._lines):
            return len(self._text)
        start, end = self._lines.start(position.line + 1), self._lines.end(position.line + 1)
        line = self._text[start:end].encode(self._codec, "surrogatepass")
        return start + len(line[: position.character * self._width].decode(self._codec, "ignore"))

    def span(self, range: types.Range) -> Span:
        """The span of a range; an empty one where its end is before its start."""
        start = self.offset(range.start)
        return Span(start, max(start, self.offset(range.end)))

    def _units(self, text: str) -> int:
        return len(text) if text.isascii() else len(text.encode(self._codec, "surrogatepass")) // self._width


def changed(text: str, changes: Iterable[types.TextDocumentContentChangeEvent], encoding: str) -> str:
    """The text after the changes, each of which speaks of the text after those before it."""
    for change in changes:
        if isinstance(change, types.TextDocumentContentChangePartial):
            text = apply(text, [Edit(Positions(text, encoding).span(change.range), change.text)])
        else:
            text = change.text
    return text
