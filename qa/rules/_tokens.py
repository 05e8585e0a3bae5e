"""A block's prose as the n-gram counts split it, with the place of every token."""

from __future__ import annotations

from typing import NamedTuple

from qa.language import Language
from qa.ngrams import START, ngrams
from qa.text import Block, Span, Words

_LONG = 300  # words of a block in which it costs more to search for a few than to find all their places


def tokens(block: Block, own: Language) -> Words:
    """The tokens of a block: words (an elided one with its apostrophe) and signs."""
    return Words.of(ngrams(own.code).pieces(block.prose))


class Place(NamedTuple):
    """The tokens `first` to `last` (excluded) of a line, and what stands around them."""

    line: Words
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
    forms = block.forms
    if 0 < first == last < len(forms) - 1 < _LONG and forms.count(forms[first]) == 1:
        one, _, other = three = forms[first - 1 : first + 2]
        if " ".join(three) in block.prose:
            return one, other  # as mostly: what stands between all words need not be known
    gaps = block.gaps
    left = (forms[first - 1] if first else "") + gaps[first]
    right = gaps[last + 1] + (forms[last + 1] if last + 1 < len(forms) else "")
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
