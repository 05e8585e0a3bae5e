"""The gates of the rules: which blocks of a page are worth a closer look, found in one pass over the page.

A call for each block costs more than a search for a rare mark: on the joined text of the page that search runs at
gigabytes per second.  It runs on one byte for each character, since a single ’ or – makes a text twice as long in
memory, and patterns twice as slow.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from itertools import accumulate
from typing import NamedTuple

from qa.page import Page, holding
from qa.text import MASK

# Letters of Latin-1, for patterns that search `plain`: small ones, capitals, and all that a text may have in a word.
CASES = {b"small": b"a-z\xdf-\xf6\xf8-\xff", b"capital": b"A-Z\xc0-\xd6\xd8-\xde"}
CASES[b"letter"] = CASES[b"small"] + CASES[b"capital"] + b"\xaa\xb2\xb3\xb5\xb9\xba\xbc-\xbe"

# What any text may have beyond Latin-1 is not strange; something like it stands for some of that.
_STRANGE = re.compile("{0}{0}*+".format(f"[^\x00-\xffŒœ\u2009‘’“”„–—…\u202f€{MASK}]"))
_LIKE = dict(zip("‘’“”„–—Œœ\u202f", '\'\'"""--Öö\xa0', strict=True))


def in_plain(pattern: re.Pattern[str]) -> re.Pattern[bytes]:
    """A pattern that finds in `plain` what this one of letters and marks finds in the text, strange letters aside."""
    return re.compile(_likened(pattern.pattern).encode("latin-1", "ignore"))


def _likened(text: str) -> str:
    for mark, like in _LIKE.items():
        text = text.replace(mark, like)
    return text


def to_plain(text: str) -> bytes:
    """A text as `plain` shows it."""
    return _likened(text).encode("latin-1", "replace")


class Joined(NamedTuple):
    """The prose of all blocks, a line feed between them, and where each begins."""

    text: str
    starts: tuple[int, ...]

    def numbers(self, offsets: Iterable[int]) -> frozenset[int]:
        """The numbers of the blocks that hold these offsets of the text."""
        return holding(self.starts, offsets)


def joined(page: Page) -> Joined:
    """The page as one text.  Offsets of hits are mapped back by `starts`."""
    starts = accumulate((len(block.text) + 1 for block in page.blocks), initial=0)
    return Joined("\n".join(block.prose for block in page.blocks), tuple(starts))


def plain(page: Page) -> bytes:
    """The joined text in Latin-1, a byte for each character.

    Quotes and dashes are straight and short there, œ and Œ are ö and Ö; all else beyond Latin-1 is a question mark.
    """
    return to_plain(page.derive(joined).text)


def strange(page: Page) -> tuple[tuple[int, str], ...]:
    """The runs of characters that few texts have and `plain` does not show, with their places in the joined text."""
    return tuple((match.start(), match.group()) for match in _STRANGE.finditer(page.derive(joined).text))


def marked(marks: Iterable[str | re.Pattern[bytes]], *, of_latin: bool = False) -> Callable[[Page], frozenset[int]]:
    """A gate: the number of every block of the page that holds one of the marks.

    A mark is a text of Latin-1, a single character beyond, or a pattern that is searched for in `plain`.  It should
    begin with plain characters to be fast.  `of_latin`: the patterns speak of letters, and every block is marked that
    has strange ones.
    """
    marks = tuple(marks)
    beyond = frozenset(mark for mark in marks if isinstance(mark, str) and mark > "\xff")
    within = [mark if isinstance(mark, re.Pattern) else mark.encode("latin-1") for mark in marks if mark not in beyond]

    def places(page: Page) -> Iterator[int]:
        text = page.derive(plain)
        for mark in within:
            yield from _places(mark, text)
        for at, run in page.derive(strange):
            if of_latin or not beyond.isdisjoint(run):
                yield at

    def find(page: Page) -> frozenset[int]:
        return page.derive(joined).numbers(places(page))

    return find


def everywhere(page: Page) -> frozenset[int]:
    """A gate that lets all blocks through."""
    return frozenset(range(len(page.blocks)))


def bounded(page: Page) -> frozenset[int]:
    """A gate: the blocks in which an inline element begins or ends."""
    return frozenset(number for number, block in enumerate(page.blocks) if block.boundaries)


def coded(page: Page) -> frozenset[int]:
    """A gate: the blocks with code."""
    return frozenset(number for number, block in enumerate(page.blocks) if block.opaque)


def either(*gates: Callable[[Page], frozenset[int]]) -> Callable[[Page], frozenset[int]]:
    """A gate that lets through what one of these does."""

    def find(page: Page) -> frozenset[int]:
        return frozenset().union(*map(page.derive, gates))

    return find


def _places(mark: bytes | re.Pattern[bytes], text: bytes) -> Iterator[int]:
    """Where a mark stands.  A single byte is found ten times faster than two: a longer mark needs all of its bytes."""
    if isinstance(mark, re.Pattern):
        yield from (match.start() for match in mark.finditer(text))
        return
    if not all(byte in text for byte in mark):
        return
    at = text.find(mark)
    while at >= 0:
        yield at
        at = text.find(mark, at + 1)
