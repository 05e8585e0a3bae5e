"""The user's own words: findings that concern nothing but listed words are dropped.

A listed word in lower case stands for every capitalisation of it, any other for itself alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from qa.finding import Diagnostic
from qa.text import Span

_WORD = re.compile(r"\w+")


def without_allowed(text: str, diagnostics: Iterable[Diagnostic], words: frozenset[str]) -> Iterator[Diagnostic]:
    """The diagnostics of `text` that speak of more than `words`.

    One is dropped if what its first repair changes, or, where it has none, what it marks, lies inside a listed word
    or phrase.
    """
    longest = max(map(len, words), default=0)
    for diagnostic in diagnostics:
        if not words or not all(_inside(text, span, words, longest) for span in _concerned(diagnostic)):
            yield diagnostic


def _concerned(diagnostic: Diagnostic) -> list[Span]:
    edits = diagnostic.fixes[0].edits if diagnostic.fixes else ()
    return [edit.span for edit in edits] or [diagnostic.span]


def _inside(text: str, span: Span, words: frozenset[str], longest: int) -> bool:
    """Whether a listed word stands in the text, as a whole, around `span`."""
    low, high = max(0, span.end - longest), min(len(text), span.start + longest)
    starts = [match.start() for match in _WORD.finditer(text, low, high) if _edge(text, match.start())]
    ends = [match.end() for match in _WORD.finditer(text, low, high) if _edge(text, match.end())]
    pieces = (text[a:b] for a in starts if a <= span.start for b in ends if a < b and span.end <= b)
    return any(piece in words or piece.lower() in words for piece in pieces)


def _edge(text: str, position: int) -> bool:
    """Whether a word begins or ends here (the search window may have cut one)."""
    return not (0 < position < len(text) and _letter(text[position - 1]) and _letter(text[position]))


def _letter(character: str) -> bool:
    return character.isalnum() or character == "_"
