"""Which blocks of a page are worth a closer look, found in one pass over the page.

A call for each block costs more than a search for a rare mark: on the joined text of the page that search runs at
gigabytes per second.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator
from itertools import accumulate
from typing import NamedTuple

from qa.page import Page
from qa.text import Block


class Joined(NamedTuple):
    """The prose of all blocks, a line feed between them, and where each begins."""

    text: str
    starts: tuple[int, ...]
    blocks: tuple[Block, ...]


def joined(page: Page) -> Joined:
    """The page as one text.  Offsets of hits are mapped back by `starts`."""
    starts = accumulate((len(block.text) + 1 for block in page.blocks), initial=0)
    return Joined("\n".join(block.prose for block in page.blocks), tuple(starts), page.blocks)


def clean(marks: Iterable[str | re.Pattern[str]]) -> Callable[[Page], frozenset[int]]:
    """A function for `Page.derive`: the `id` of every block of the page that holds none of the marks.

    A mark is a text, or a pattern, which should begin with plain characters to be fast.  A single character is found
    ten times faster than two: a longer text is searched only where all of its characters occur.
    """
    marks = tuple(marks)

    def find(page: Page) -> frozenset[int]:
        whole = page.derive(joined)
        hits = {bisect_right(whole.starts, at) - 1 for mark in marks for at in _places(mark, whole.text)}
        return frozenset(id(block) for index, block in enumerate(whole.blocks) if index not in hits)

    return find


def _places(mark: str | re.Pattern[str], text: str) -> Iterator[int]:
    if isinstance(mark, re.Pattern):
        yield from (match.start() for match in mark.finditer(text))
        return
    if not all(char in text for char in mark):
        return
    at = text.find(mark)
    while at >= 0:
        yield at
        at = text.find(mark, at + 1)
