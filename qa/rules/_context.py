"""What stands around a place in a block: the small questions that several rules ask.

All positions count characters of the block's prose.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

from qa.language import Language
from qa.lexicon import Lexicon, UnknownLanguageError, lexicon
from qa.ngrams import ngrams

# Letters of the Latin alphabets by case, for patterns: `re` has no class for them.
LOWER = "a-zß-öø-ÿāăąćčđēęěğīıłńňőœřśşšţťūůűźżžșț"
UPPER = "A-ZÀ-ÖØ-ÞĀĂĄĆČĐĒĘĚĞĪİŁŃŇŐŒŘŚŞŠŢŤŪŮŰŹŻŽȘȚ"

OPENING = "«“„‟‘‚‹\"'([{¿¡"
CLOSING = "»”’›\"')]}"
APOSTROPHES = "'’"

_STOPS = ".!?…:;"
# What sets off a remark or an item: the word behind it begins something.
_BREAKS = "—–•·|/\n\t*>#="
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
    at = position
    while at and (prose[at - 1].isspace() or prose[at - 1] in OPENING):
        if prose[at - 1] in OPENING and position - at > 2:
            break
        at -= 1
    if not at:
        return True
    if prose[at - 1] in CLOSING:
        while at and prose[at - 1] in CLOSING:
            at -= 1
        return bool(at) and prose[at - 1] in _STOPS
    return prose[at - 1] in _STOPS or prose[at - 1] in _BREAKS


def token_before(prose: str, position: int) -> str:
    """The word or the mark that stands before the space before `position`, or ""."""
    at = position
    while at and prose[at - 1].isspace():
        at -= 1
    return word_before(prose, at) or prose[at - 1 : at]


def fluency(language: Language, before: str, candidate: str, after: str) -> float:
    """How well `candidate` reads between two texts, a log-probability: compare candidates for one place with it."""
    counts = ngrams(language.code)
    left = counts.tokens(before[-80:])[-3:]
    right = counts.tokens(candidate + after[:80])
    # As many tokens of what follows for every candidate.
    right = right[: len(right) - max(0, len(counts.tokens(after[:80])) - 2)]
    return counts.logprob([*left, *right], len(left), len(left) + max(1, len(right) - 2))
