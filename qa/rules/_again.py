"""Where on a page words may follow themselves, alone or in a phrase: found in one pass, for the rules that judge it."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator

from qa.page import Page
from qa.rules._suspects import joined, plain, strange

LONGEST = 6  # words in a phrase

# Small letters for all, and a space for what is in no word.  The question mark may stand for a letter.
_KEPT = b"0123456789'-?\xd7\xf7"
_FOLDED = bytes(ord(chr(byte).lower()) if chr(byte).isalpha() else byte if byte in _KEPT else 32 for byte in range(256))
_END = rb"(?=[ ?'-]|\Z)"
_TO_LATIN_1 = frozenset("İŸẞ\u212a\u212b")  # capitals whose small letters `plain` has and they are not in it


def _pattern(size: int = 1) -> bytes:
    """What follows `size` words: the same words again, or one more word and then that."""
    again = b"".join(rb" \%d" % word for word in range(1, size + 1)) + _END
    return b"(?:%b%b)" % (again, b"| ([^ ]++)" + _pattern(size + 1) if size < LONGEST else b"")


# No class of letters: what is no space is found four times faster.
_AGAIN = re.compile(b" ([^ ]++)" + _pattern())


def again(page: Page) -> frozenset[int]:
    """A gate: the number of every block in which words may follow themselves."""
    starts = page.derive(joined).starts
    return frozenset(index for start, end in _places(page) for index in _between(starts, start, end))


def _between(starts: tuple[int, ...], start: int, end: int) -> range:
    """The blocks that a stretch of the joined text touches."""
    return range(bisect_right(starts, start) - 1, bisect_right(starts, end))


def _places(page: Page) -> Iterator[tuple[int, int]]:
    # With a space before it, each place is one more here; a match begins with one.
    for match in _AGAIN.finditer(b" " + page.derive(plain).translate(_FOLDED)):
        yield match.start(), match.end() - 1
    for at, run in page.derive(strange):
        if not _TO_LATIN_1.isdisjoint(run):
            yield at, at
