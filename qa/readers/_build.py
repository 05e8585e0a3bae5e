"""Gathering the visible text of a block while a reader walks along the file."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from qa.readers._noprose import no_prose
from qa.text import Block, Boundary, Piece, SourceMap, Span

_new = tuple.__new__  # a named tuple without the detour through its own constructor


class Builder:
    """Collects blocks.  Between two cuts it gathers one block: what is shown, from where, with which marks.

    White space is collapsed as a browser does: spaces at the edges of a block or beside another one are dropped.
    `masked` and `language` describe the text to come; a reader sets them as elements open and close.
    """

    def __init__(self) -> None:
        self.blocks: list[Block] = []
        self.masked = False  # whether the coming text is no prose
        self.language: str | None = None  # what the markup declares for the coming text
        self.rows = 0  # of tables, so far
        self.spaced = True  # whether a space here would be dropped
        self._parts: list[str] = []
        self._pieces: list[Piece] = []
        self._length = 0
        self._boundaries: list[Boundary] = []
        self._masks: list[tuple[int, int]] = []
        self._languages: list[tuple[int, str | None]] = []
        self._dropped: list[Piece] = []

    def show(self, text: str, start: int) -> None:
        """Visible text that stands in the file at `start` as it is shown: no two spaces in a row, nor tabs."""
        size = len(text)
        self._pieces.append(_new(Piece, (self._length, size, start, size)))
        self._add(text, size)
        self.spaced = text[-1] == " "

    def unit(self, shown: str, start: int, end: int) -> None:
        """Visible text that the file writes otherwise (an entity, an escape) between `start` and `end`."""
        size = len(shown)
        self._pieces.append(_new(Piece, (self._length, size, start, end - start)))
        self._add(shown, size)
        self.spaced = False

    def space(self, start: int, end: int) -> None:
        """A run of white space."""
        if not self.spaced:
            self._pieces.append(_new(Piece, (self._length, 1, start, end - start)))
            self._add(" ", 1)
            self.spaced = True
        elif self._length:
            self._dropped.append(_new(Piece, (self._length, 0, start, end - start)))

    def _add(self, shown: str, size: int) -> None:
        self._parts.append(shown)
        position = self._length
        self._length = end = position + size
        if self.masked:
            self._masks.append((position, end))
        if self.language is not None or self._languages:
            self._languages.append((position, self.language))

    def mark(self, element: str, opens: bool, start: int, end: int) -> None:
        """An inline element begins or ends here."""
        self._boundaries.append(_new(Boundary, (self._length, opens, element, start, end)))

    def cut(self, kind: str, group: int = -1) -> None:
        """The block ends here; one without anything to read is dropped."""
        if self._length:
            self._finish(kind, group)
            self._parts, self._pieces, self._length, self.spaced = [], [], 0, True
            if self._masks or self._languages or self._dropped:
                self._masks, self._languages, self._dropped = [], [], []
        if self._boundaries:
            self._boundaries = []

    def _finish(self, kind: str, group: int) -> None:
        text, pieces, boundaries = "".join(self._parts), self._pieces, self._boundaries
        if self.spaced:
            text = text[:-1]
            position, size, start, _ = pieces.pop()
            if size > 1:
                pieces.append(Piece(position, size - 1, start, size - 1))
        if not text or text.isspace():
            return
        length = len(text)
        if boundaries and boundaries[-1].position > length:
            boundaries = [b._replace(position=min(b.position, length)) for b in boundaries]
        language, foreign = _languages(self._languages, length) if self._languages else (None, [])
        masks = [*self._masks, *foreign, *no_prose(text)]
        self.blocks.append(
            Block(
                kind,
                text,
                SourceMap(tuple(pieces)),
                tuple(boundaries),
                merge(masks, length) if masks else (),
                language,
                group,
                tuple(piece for piece in self._dropped if piece.text_start <= length) if self._dropped else (),
            )
        )


def merge(ranges: Iterable[tuple[int, int]], length: int) -> tuple[Span, ...]:
    """Ranges as spans in order, apart from each other, none beyond `length`; those that meet are one."""
    spans: list[list[int]] = []
    for start, end in sorted(ranges):
        end = min(end, length)
        if start >= end:
            continue
        if spans and start <= spans[-1][1]:
            spans[-1][1] = max(spans[-1][1], end)
        else:
            spans.append([start, end])
    return tuple(Span(start, end) for start, end in spans)


def _languages(changes: list[tuple[int, str | None]], length: int) -> tuple[str | None, list[tuple[int, int]]]:
    """The language of most of the block, and the ranges in another one.

    `changes` says from where which language holds; before the first it is that of the page.
    """
    if changes[0][0]:
        changes.insert(0, (0, None))
    ends = [*(start for start, _ in changes[1:]), length]
    sizes: Counter[str | None] = Counter()
    for (start, language), end in zip(changes, ends, strict=True):
        sizes[language] += end - start
    main = sizes.most_common(1)[0][0]
    return main, [(s, e) for (s, language), e in zip(changes, ends, strict=True) if language != main]
