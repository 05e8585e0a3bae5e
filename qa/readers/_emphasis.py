"""Which runs of `*`, `_` and `~` in Markdown mark emphasis: the delimiter algorithm of CommonMark 0.31, section 6.2."""

from __future__ import annotations

import string
import unicodedata
from collections.abc import Iterable

_ASCII = frozenset(string.punctuation)
_NAMES = {("*", 1): "em", ("*", 2): "strong", ("_", 1): "em", ("_", 2): "strong", ("~", 2): "s"}


class Run:
    """A run of one delimiter character at `start`..`end` of the file.

    `closes` and `opens` are the parts that turned out to be markup, as (element, start, end): those that close lie
    at the left of the run, those that open at the right; what is left between them is visible text.
    """

    __slots__ = ("can_close", "can_open", "char", "closes", "end", "length", "opens", "ordinal", "start")

    def __init__(self, char: str, start: int, end: int, before: str, after: str) -> None:
        self.char, self.start, self.end = char, start, end
        self.length = end - start
        self.ordinal = 0
        self.closes: list[tuple[str, int, int]] = []
        self.opens: list[tuple[str, int, int]] = []
        left = not after.isspace() and (not _punctuation(after) or before.isspace() or _punctuation(before))
        right = not before.isspace() and (not _punctuation(before) or after.isspace() or _punctuation(after))
        if char == "_":
            self.can_open = left and (not right or _punctuation(before))
            self.can_close = right and (not left or _punctuation(after))
        else:
            usable = char != "~" or self.length == 2
            self.can_open, self.can_close = left and usable, right and usable


def _punctuation(char: str) -> bool:
    return char in _ASCII or (char > "\x7f" and unicodedata.category(char)[0] in "PS")


def pair(runs: Iterable[Run]) -> None:
    """Match openers with closers, in place.  Linear: how far down a closer need look is remembered by its kind."""
    openers: list[Run] = []
    bottoms: dict[tuple[str, bool, int], int] = {}
    for ordinal, run in enumerate(runs):
        run.ordinal = ordinal
        if run.can_close:
            key = (run.char, run.can_open, run.length % 3)
            while run.start < run.end:
                index = _opener(openers, run, bottoms.get(key, -1))
                if index < 0:
                    bottoms[key] = ordinal - 1
                    break
                opener = openers[index]
                size = 2 if min(opener.end - opener.start, run.end - run.start) >= 2 else 1
                element = _NAMES[run.char, size]
                opener.opens.append((element, opener.end - size, opener.end))
                opener.end -= size
                run.closes.append((element, run.start, run.start + size))
                run.start += size
                del openers[index + (opener.start < opener.end) :]
        if run.can_open and run.start < run.end:
            openers.append(run)


def _opener(openers: list[Run], closer: Run, bottom: int) -> int:
    """The nearest opener for a closer, or -1; those up to the ordinal `bottom` are known not to match."""
    for index in range(len(openers) - 1, -1, -1):
        opener = openers[index]
        if opener.ordinal <= bottom:
            break
        if opener.char != closer.char:
            continue
        # The "rule of three": a run that can both open and close does not pair with a length that adds up to it.
        odd = (opener.can_close or closer.can_open) and (opener.length + closer.length) % 3 == 0
        if not odd or opener.length % 3 == closer.length % 3 == 0:
            return index
    return -1
