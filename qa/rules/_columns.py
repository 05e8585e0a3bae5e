"""Rows of bytes: a byte for each word of a text says what the word is to a rule, and whole rows are compared at once.

To look at the words of a text one by one costs more than nearly all there is to find.  A rule that asks about words
beside each other gives each form a class, a number below 256 that is worked out once and remembered, and writes the
text as a row of classes.  What C does with rows of bytes (a translation, a pattern, the bits of a long number) is a
hundred times cheaper than a loop, and leaves a few places for the exact, slow questions.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Sequence

_SOME = re.compile(rb"[^\0]")


class Pairs:
    """Classes of words that are wanted beside each other.

    First words that are wanted before the same second words share a bit, of eight.  The row of the first words' bits
    and the row of the second words', moved by one word, have one in common exactly where a wanted pair stands.
    """

    def __init__(self, wanted: Callable[[int, int], bool], relevant: int = 255) -> None:
        """`wanted(one, other)` says which; it looks at no other bits of the two classes than the `relevant` ones."""
        classes = [each for each in range(256) if not each & ~relevant]
        groups: defaultdict[bytes, list[int]] = defaultdict(list)
        for one in classes:
            groups[bytes(other for other in classes if wanted(one, other))].append(one)
        groups.pop(b"", None)
        if len(groups) > 8:
            raise ValueError("more than eight groups of first words")
        firsts, seconds = [0] * 256, [0] * 256
        for bit, (others, ones) in enumerate(groups.items()):
            for one in ones:
                firsts[one] |= 1 << bit
            for other in others:
                seconds[other] |= 1 << bit
        self._firsts = bytes(firsts[each & relevant] for each in range(256))
        self._seconds = bytes(seconds[each & relevant] for each in range(256))

    def places(self, row: bytes) -> Sequence[int]:
        """Where in the row a first word stands with its second behind it."""
        firsts = int.from_bytes(row.translate(self._firsts), "little")
        both = firsts & int.from_bytes(row[1:].translate(self._seconds), "little")
        return [match.start() for match in _SOME.finditer(both.to_bytes(len(row), "little"))] if both else ()
