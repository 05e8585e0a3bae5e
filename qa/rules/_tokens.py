"""A block's prose as the n-gram counts split it, with the place of every token."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate
from typing import NamedTuple, overload

from qa.language import Language
from qa.ngrams import START, ngrams
from qa.text import Block, Span


class Token(NamedTuple):
    """A word (an elided one with its apostrophe) or a sign."""

    text: str
    start: int
    end: int


class Line(Sequence[Token]):
    """The tokens of a block, made when they are looked at: a rule looks at a few."""

    def __init__(self, prose: str, own: Language) -> None:
        pieces = ngrams(own.code).pieces(prose)
        self._texts = pieces[1::2]
        self.starts = list(accumulate(map(len, pieces)))[:-1:2]

    def __len__(self) -> int:
        return len(self._texts)

    @overload
    def __getitem__(self, index: int) -> Token: ...
    @overload
    def __getitem__(self, index: slice) -> list[Token]: ...
    def __getitem__(self, index: int | slice) -> Token | list[Token]:
        if isinstance(index, slice):
            return [_token(*pair) for pair in zip(self._texts[index], self.starts[index], strict=True)]
        return _token(self._texts[index], self.starts[index])


def _token(text: str, start: int) -> Token:
    return Token(text, start, start + len(text))


def tokens(block: Block, own: Language) -> Line:
    """The tokens of a block."""
    return Line(block.prose, own)


class Place(NamedTuple):
    """The tokens `first` to `last` (excluded) of a line, and what stands around them."""

    line: Sequence[Token]
    first: int
    last: int

    @property
    def span(self) -> Span:
        """Where they stand in the block."""
        return Span(self.line[self.first].start, self.line[self.last - 1].end)

    @property
    def forms(self) -> list[str]:
        """The tokens themselves."""
        return [token.text for token in self.line[self.first : self.last]]

    @property
    def before(self) -> list[str]:
        """Up to three tokens before, with the mark of the line's beginning."""
        texts = [token.text for token in self.line[max(0, self.first - 3) : self.first]]
        return texts if self.first >= 3 else [START, *texts]

    @property
    def after(self) -> list[str]:
        """Up to four tokens after."""
        return [token.text for token in self.line[self.last : self.last + 4]]


def neighbours(block: Block, first: int, last: int) -> tuple[str, str]:
    """The tokens before word `first` and behind word `last`, without splitting the block; "" at its edges."""
    prose, words = block.prose, block.words
    left = prose[words[first - 1].start if first else 0 : words[first].start].rstrip()
    right = prose[words[last].end : words[last + 1].end if last + 1 < len(words) else len(prose)].lstrip()
    return _last_token(left), _first_token(right)


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
