"""A page: all the blocks that are judged together, in one language.

A page is one text: what it uses ten times is a name, one certain mark of machine translation makes the next
likelier, and its source language is guessed once.  Rules read such facts through `Page.derive`.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import accumulate
from typing import Any, TypeVar

from qa.language import Language
from qa.text import Block, cut_together, gaps_in

T = TypeVar("T")
_FAR = 100  # words of a block over which it costs more to find the place of one than those of all


def holding(starts: Sequence[int], places: Iterable[int]) -> frozenset[int]:
    """The numbers of the blocks that hold these places, where each block begins at one of `starts`."""
    return frozenset(bisect_right(starts, place) - 1 for place in places)


@dataclass(frozen=True, eq=False)
class Page:
    """The blocks of one document, and the language in which they are judged.

    `source_language` is what the user says the page was translated from, if known.
    """

    blocks: tuple[Block, ...]
    language: Language
    source_language: str | None = None
    languages: tuple[str, ...] = ()  # the candidates for leftovers and for identification
    checkpoint: str = ""  # the folder of a seq2seq model of the user's own, for the rule `model`
    _known: dict[Any, Any] = field(default_factory=dict, repr=False)

    def derive(self, function: Callable[[Page], T]) -> T:
        """`function(self)`, computed once for the page."""
        if function not in self._known:
            self._known[function] = function(self)
        return self._known[function]

    @property
    def forms(self) -> Sequence[str]:
        """The words of all blocks as written, one block after another."""
        return self._cut[0]

    @property
    def starts(self) -> Sequence[int]:
        """Where in `forms` the words of each block begin; and at last how many words there are."""
        return self._cut[1]

    @cached_property
    def _cut(self) -> tuple[Sequence[str], Sequence[int]]:
        forms, counts = cut_together([block.prose for block in self.blocks])
        return forms, [0, *accumulate(counts)]

    @cached_property
    def gaps(self) -> Sequence[str]:
        """What stands before each of the `forms`, and at last behind all, with a line feed between blocks."""
        gaps = gaps_in("\n".join(block.prose for block in self.blocks))
        for block, start, stop in zip(self.blocks, self.starts, self.starts[1:], strict=False):
            prose, forms = block.prose, tuple(self.forms[start:stop])
            if forms:
                before, behind = prose.find(forms[0]), prose.rfind(forms[-1]) + len(forms[-1])
                block.take(forms=forms, gaps=(prose[:before], *gaps[start + 1 : stop], prose[behind:]))
        return gaps

    def offset(self, number: int, index: int) -> int:
        """Where in the prose of block `number` its word `index` begins."""
        block, start = self.blocks[number], self.starts[number]
        if index > _FAR:
            return block.words[index].start
        at, first = start + index, block.prose.find(self.forms[start])
        return first + sum(map(len, self.forms[start:at])) + sum(map(len, self.gaps[start + 1 : at + 1]))

    def numbers(self, places: Iterable[int]) -> frozenset[int]:
        """The numbers of the blocks that hold these of the page's `forms`."""
        return holding(self.starts, places)

    @cached_property
    def vocabulary(self) -> Counter[str]:
        """How often each word stands on the page, as written."""
        return Counter(self.forms)
