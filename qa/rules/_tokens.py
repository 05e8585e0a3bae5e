"""A block's prose as the n-gram counts split it, with the place of every token."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from qa.language import Language
from qa.ngrams import START, ngrams
from qa.text import Block, Span, Words

_NEAR = 80  # characters beside a place in which the tokens around it are looked for first
_BEFORE, _AFTER = 3, 4  # tokens that a place is judged by


def tokens(block: Block, own: Language) -> Words:
    """The tokens of a block: words (an elided one with its apostrophe) and signs."""
    return Words.of(ngrams(own.code).pieces(block.prose))


def nearby(block: Block, start: int, end: int, own: Language) -> Words | None:
    """The tokens around a stretch, as many as a `Place` there has, if they do not lie far: `tokens` cut short."""
    prose, reach = block.prose, 3 * _NEAR
    begin = prose.rfind(" ", max(0, start - reach), start - _NEAR) + 1 if start > _NEAR else 0
    stop = prose.find(" ", end + _NEAR, end + reach)
    stop = stop if stop >= 0 else len(prose)
    if begin + reach < start or end + reach < stop:
        return None
    line = Words.of(ngrams(own.code).pieces(prose[begin:stop]), begin)
    before, after = bisect_left(line.starts, start), len(line) - bisect_left(line.starts, end)
    return line if (before >= _BEFORE or not begin) and (after >= _AFTER or stop == len(prose)) else None


@dataclass(frozen=True, eq=False)
class Place:
    """The tokens `first` to `last` (excluded) of a line, and what stands around them."""

    line: Words
    first: int
    last: int

    @cached_property
    def span(self) -> Span:
        """Where they stand in the block."""
        return Span(self.line[self.first].start, self.line[self.last - 1].end)

    @cached_property
    def forms(self) -> list[str]:
        """The tokens themselves."""
        return list(self.line.forms[self.first : self.last])

    @cached_property
    def before(self) -> list[str]:
        """Up to three tokens before, with the mark of the line's beginning."""
        texts = self.line.forms[max(0, self.first - _BEFORE) : self.first]
        return [*texts] if self.first >= _BEFORE else [START, *texts]

    @cached_property
    def after(self) -> list[str]:
        """Up to four tokens after."""
        return list(self.line.forms[self.last : self.last + _AFTER])


def neighbours(forms: Sequence[str], gaps: Sequence[str], first: int, last: int) -> tuple[str, str]:
    """The tokens before word `first` and behind word `last`; "" at the edges."""
    left, right = gaps[first], gaps[last + 1]
    if left == right == " " and first and last + 1 < len(forms):
        return forms[first - 1], forms[last + 1]  # as mostly
    left = (forms[first - 1] if first else "") + left
    right += forms[last + 1] if last + 1 < len(forms) else ""
    return _last_token(left.rstrip()), _first_token(right.lstrip())


def _last_token(text: str) -> str:
    if not text or not text[-1].isalnum():
        return text[-2:] if text[-1:] in ("'", "’") and text[-2:-1].isalpha() else text[-1:]
    start = len(text)
    while start and text[start - 1].isalnum():
        start -= 1
    return text[start:]


def _first_token(text: str) -> str:
    end = 0
    while end < len(text) and text[end].isalnum():
        end += 1
    return text[:end] or text[:1]
