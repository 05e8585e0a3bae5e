"""What stands around a place in a block: the small questions that several rules ask.

All positions count characters of the block's prose.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping
from functools import cache
from typing import Any

from qa.language import Language
from qa.lexicon import Lexicon, UnknownLanguageError, lexicon
from qa.ngrams import ngrams
from qa.text import Block

# Letters of the Latin alphabets by case, for patterns: `re` has no class for them.
LOWER = "a-zß-öø-ÿāăąćčđēęěğīıłńňőœřśşšţťūůűźżžșț"
UPPER = "A-ZÀ-ÖØ-ÞĀĂĄĆČĐĒĘĚĞĪİŁŃŇŐŒŘŚŞŠŢŤŪŮŰŹŻŽȘȚ"

OPENING = "«“„‟‘‚‹\"'([{¿¡"
CLOSING = "»”’›\"')]}"
APOSTROPHES = "'’"

_ONLY_OPENING = "«“„‟‚‹([{¿¡"
_STOPS = ".!?…:;"
# What sets off a remark or an item: the word behind it begins something.
_BREAKS = "—–•·|/\n\t*>#="
_MARKS = 20  # inline elements that are read back over
_FAR = 60  # no word that a rule reads as one is longer; keeps every look linear on hostile input


def row(table: Mapping[str, Any]) -> dict[str, Any]:
    """A table of a language's facts as the arguments of a frozen dataclass: lists become tuples."""
    return {key: tuple(value) if isinstance(value, list) else value for key, value in table.items()}


@cache
def known_words(code: str) -> Lexicon | None:
    """The lexicon of a language, or None where there is none."""
    try:
        return lexicon(code)
    except UnknownLanguageError:
        return None


def words_of(language: Language) -> Lexicon | None:
    """The lexicon of `language`, or None where there is none."""
    return known_words(language.code)


def nouns_have_capitals(language: Language) -> bool:
    """Whether the language writes all nouns with a capital."""
    return bool(language.facts("lexicon").get("nouns", {}).get("capital"))


def share(words: Lexicon, form: str, *kinds: str) -> float:
    """How much (0..1) of the use of `form` is as one of the parts of speech `kinds`; 0.0 when it is unknown."""
    return sum(reading.share for reading in words.analyses(form) if reading.pos in kinds)


def word_before(prose: str, position: int) -> str:
    """The letters that end at `position`, or ""; no more of them than a word has."""
    start, limit = position, max(0, position - _FAR)
    while start > limit and prose[start - 1].isalpha():
        start -= 1
    return prose[start:position]


def word_after(prose: str, position: int) -> str:
    """The letters that begin at `position`, or ""; no more of them than a word has."""
    end, limit = position, min(len(prose), position + _FAR)
    while end < limit and prose[end].isalpha():
        end += 1
    return prose[position:end]


def begins_sentence(prose: str, position: int) -> bool:
    """Whether a sentence, a quotation or an item may begin at `position`."""
    before = prose[max(0, position - _FAR) : position]
    spaceless = before.rstrip()
    if before[-1:] in OPENING or spaceless[-1:] in _ONLY_OPENING:
        return True
    closed = spaceless.rstrip(CLOSING)
    if closed != spaceless:
        return closed[-1:] in _STOPS
    return spaceless[-1:] in _STOPS or spaceless[-1] in _BREAKS


def token_before(prose: str, position: int) -> str:
    """The word or the mark that stands before the space before `position`, or ""."""
    at = max(0, position - _FAR) + len(prose[max(0, position - _FAR) : position].rstrip())
    return word_before(prose, at) or prose[at - 1 : at]


def element_start(block: Block, end: int) -> int:
    """Where the inline element that ends at `end` began, or 0; marks that meet there count as one."""
    # Boundaries are in the order of the text, so that only a few stand between an end and its beginning.
    boundaries = block.boundaries
    at = bisect_left(boundaries, end, key=lambda boundary: boundary.position)
    for boundary in reversed(boundaries[max(0, at - _MARKS) : at]):
        if boundary.opens:
            return boundary.position
    return 0


def around(prose: str, start: int, end: int) -> tuple[str, str]:
    """A few words before `start` and behind `end`."""
    return prose[max(0, start - _FAR) : start], prose[end : end + _FAR]


def fluency(language: Language, before: str, candidate: str, after: str) -> float:
    """How well `candidate` reads between two texts, a log-probability: compare candidates for one place with it.

    A few words of the two texts are enough.
    """
    counts = ngrams(language.code)
    left = counts.tokens(before)[-3:]
    right = counts.tokens(candidate + after)
    # As many tokens of what follows for every candidate.
    right = right[: len(right) - max(0, len(counts.tokens(after)) - 2)]
    return counts.logprob([*left, *right], len(left), len(left) + max(1, len(right) - 2))
