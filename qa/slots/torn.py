"""Numbers out of place where no slot stayed empty: the marks that a correct text does not have."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from qa.text import Span

_BLANK = "[ \u00a0\u202f]"

# "9,120 4300 MB": a number whose thousands are set apart, and another that can be no part of it.  No such pair stands
# before a word in 17 million words of French or 9 million of German.
_PAIR = re.compile(
    rf"(?<![\w.,/-])(?<![0-9]{_BLANK})[0-9]{{1,3}}(?:[.,][0-9]{{3}})+(?:[.,][0-9]+)?{_BLANK}"
    rf"(?![0-9]{{3}}(?![0-9]))[0-9]+(?:[.,][0-9]+)*(?={_BLANK}[^\W\d_])"
)
# "with 000 trained experts": the second half of a number that the source wrote as "76 000".
_HALF = rf"(?<=[^\W\d_A-Z]{_BLANK})000(?={_BLANK}[^\W\d_A-Z])"
_HEAD = r"(?<![\w.,/-])[1-9][0-9]{0,2}(?![\w.,/%-])"
_DIGITS = re.compile(rf"(?P<half>{_HALF})|(?P<head>{_HEAD})|[0-9]+")


class Torn(NamedTuple):
    """A number of the source that was torn in two: its head, which stands in its place, and the half that strayed."""

    head: Span
    half: Span


def pairs(prose: str) -> Iterator[Span]:
    """Two numbers side by side that cannot both be right."""
    for match in _PAIR.finditer(prose):
        yield Span(*match.span())


def torn(prose: str) -> Iterator[Torn]:
    """Halves that stand alone, with the number before them."""
    if " 000 " not in prose:
        return
    before = None
    for match in _DIGITS.finditer(prose):
        if match.lastgroup == "half" and before and before.lastgroup == "head":
            yield Torn(Span(*before.span()), Span(*match.span()))
        before = match
