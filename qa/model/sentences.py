"""Cutting a block into sentences, and saying which of them the model may judge."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from qa.lexicon import Lexicon
from qa.model.features import Token, tokenise
from qa.text import MASK

_END = re.compile(r"[.!?…][\"'»”’)]?\s+(?=[\"'«“‘(¿¡]?[^\W\da-zß-öø-ÿ])|\n+")
_CLOSED = re.compile(r"[.!?…:;][\"'»”’)\s]*\Z")

SHORTEST, LONGEST = 5, 90  # tokens
KNOWN = 0.75  # share of words that the lexicon must know


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of a text: its place, its tokens (places count from the sentence's start), why it is skipped."""

    start: int
    text: str
    tokens: tuple[Token, ...]
    skipped: str = ""


def sentences(text: str, words: Lexicon, *, elision: bool) -> Iterator[Sentence]:
    """The sentences of a text.  Those the model may not judge say why in `skipped`."""
    start = 0
    ends = [match.end() for match in _END.finditer(text)]
    for end in [*ends, len(text)]:
        piece = text[start:end].rstrip()
        lead = len(piece) - len(piece.lstrip())
        if piece.strip():
            body = piece[lead:]
            tokens = tuple(tokenise(body, elision=elision))
            yield Sentence(start + lead, body, tokens, _reason(body, tokens, words))
        start = end


def _reason(text: str, tokens: Sequence[Token], words: Lexicon) -> str:
    if len(tokens) < SHORTEST:
        return "too short"
    if len(tokens) > LONGEST:
        return "too long"
    if not _CLOSED.search(text):
        return "no sentence"
    letters = [token.text for token in tokens if token.text[:1].isalpha()]
    if len(letters) * 2 < len(tokens):
        return "no prose"
    known = sum(word in words for word in letters if not word[:1].isupper())
    small = sum(not word[:1].isupper() for word in letters)
    if known < KNOWN * small or not small:
        return "words of another language"
    if text.count(MASK) > 3:
        return "mostly code"
    return ""
