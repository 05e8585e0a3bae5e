"""From the file back to the blocks: which block a repair belongs to, and what it does to the visible text."""

from __future__ import annotations

from bisect import bisect_right
from functools import cached_property
from typing import NamedTuple

from qa.finding import Diagnostic, Edit
from qa.rewrite import to_block
from qa.text import Document


class Placed(NamedTuple):
    """A diagnostic with the number of its block and the edits of its first repair on that block's visible text.

    `block` is -1 where the repair touches nothing visible (a comment).
    """

    diagnostic: Diagnostic
    block: int
    edits: tuple[Edit, ...]


class Places:
    """The blocks of a document by file offset."""

    def __init__(self, document: Document) -> None:
        self._document = document
        pieces = [
            (piece.file_start, piece.file_start + piece.file_length, number)
            for number, block in enumerate(document.blocks)
            for piece in block.source.pieces
        ]
        pieces.sort()
        self._starts = [start for start, _, _ in pieces]
        self._pieces = pieces

    @cached_property
    def _boundaries(self) -> dict[int, int]:
        """The block of each place where an inline element's tag begins or ends."""
        return {
            offset: number
            for number, block in enumerate(self._document.blocks)
            for boundary in block.boundaries
            for offset in (boundary.start, boundary.end)
        }

    def place(self, diagnostic: Diagnostic) -> Placed:
        """Where a diagnostic's first repair takes effect."""
        edits = diagnostic.fixes[0].edits
        number = next((found for edit in edits if (found := self._block_of(edit)) >= 0), -1)
        if number < 0:
            return Placed(diagnostic, -1, ())
        block = self._document.blocks[number]
        here = (to_block(block, edit, self._document.syntax) for edit in edits)
        return Placed(diagnostic, number, tuple(edit for edit in here if len(edit.span) or edit.text))

    def _block_of(self, edit: Edit) -> int:
        start, end = edit.span.start, edit.span.end
        index = bisect_right(self._starts, start) - 1
        if index >= 0 and (start < self._pieces[index][1] or start == end == self._pieces[index][1]):
            return self._pieces[index][2]
        return self._boundaries.get(start, -1) if start == end else -1
