"""Sentences of a page that are in another language, judged by the frequencies of their words.

A language detector is weak on so little text; that a word occurs two thousand times in a million of one language and
never in another is not.  Names, initialisms and single letters tell nothing and do not count.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Sequence
from itertools import compress, count, pairwise
from typing import NamedTuple

from qa.function_words import function_words
from qa.identify import Fit, fits, running_words
from qa.language import Language, language
from qa.lexicon import lexicon
from qa.memory import Memo
from qa.page import Page
from qa.rules._foreign import Cover, foreign_languages, mentions
from qa.rules._suspects import CASES, clean
from qa.text import Block, Span, words_in

_SENTENCE = re.compile(r"[^.!?…\n]+(?:[.!?…]+(?=\w)[^.!?…\n]+)*[.!?…]*[\"'»”’)\]]*")
_WORD = re.compile(r"(?<![\w@/\\])[^\W\d_]+(?![\w@/\\])")  # no piece of a path, address or identifier
# A digit or sign beside a letter, or a digit that `re` takes for one: elsewhere a sentence's words are the block's.
_GLUED = rb"[0-9_@/\\\xb2\xb3\xb9\xbc-\xbe](?:(?=[%(letter)b])|(?<=[%(letter)b].)|(?<=[\xb2-\xbe]))"
_unglued = clean([re.compile(_GLUED % CASES)], of_latin=True)
_RARE = 1.0  # per million: a word rarer than this is no evidence for the page's language …
_RATIO = 30.0  # … nor is one that is so many times commoner in another: titles bring "the" into every language
_WORDS = 4  # a sentence with fewer words that tell is not judged …
_STRANGE_WORDS = 8  # … nor one with fewer, where no configured language knows it
_SHARE = 0.34  # share of odd words from which on a sentence is looked at
_BETWEEN = 3  # so few others stand between two odd ones at least once wherever that share is reached
_OTHER = 0.7  # share of the words that the other language must know …
_MORE = 0.25  # … and by how much this must exceed the share that the page's language knows
_STRANGE = 0.25  # share that any language may know of a sentence in none of them
_MARGIN = 6.0  # nats by which the other language must be likelier, and …
_SLOPE = 0.25  # … what each nat beyond them adds to the log-odds


class Foreign(NamedTuple):
    """A stretch of a block in another language: `language` is None where it is none of the configured ones."""

    span: Span
    language: str | None
    probability: float


def foreign_sentences(block: Block, page: Page) -> tuple[Foreign, ...]:
    """The foreign sentences of a block; neighbours in one language are one stretch."""
    return page.derive(_found).get(id(block), ())


def _found(page: Page) -> dict[int, tuple[Foreign, ...]]:
    odd = _odd(page)
    found = {}
    for block in page.blocks:
        places = list(compress(count(), map(odd.__getitem__, block.forms)))
        if len(places) >= _SHARE * _WORDS:
            sentences = tuple(_merged(_sentences(block, page, odd, places)))
            if sentences:
                found[id(block)] = sentences
    return found


def _sentences(block: Block, page: Page, known: Memo[bool], places: Sequence[int]) -> Iterator[Foreign]:
    spoken_of: Cover | None = None
    for sentence, forms in _suspected(block, page, places):
        odd = sum(map(known.__getitem__, forms))
        if odd < _SHARE * _WORDS or odd < _SHARE * sum(map(str.islower, forms)):
            continue
        found = _judge(forms, page, known)
        if found is None:
            continue
        span = _trimmed(block.prose, sentence.start, sentence.end)
        spoken_of = mentions(block, page) if spoken_of is None else spoken_of
        if 2 * spoken_of.of(span) < len(span):
            yield Foreign(span, *found)


def _suspected(block: Block, page: Page, places: Sequence[int]) -> Iterator[tuple[Span, list[str]]]:
    """The sentences that may have that share of odd words, which stand at these places, and the words of each."""
    if id(block) not in page.derive(_unglued):
        for match in _SENTENCE.finditer(block.prose):
            yield Span(*match.span()), _WORD.findall(match.group())
        return
    pairs = list(_pairs(places, block.forms))
    for match in _SENTENCE.finditer(block.prose) if pairs else ():
        text = match.group()
        if any(first in text and second in text for first, second in pairs):
            yield Span(*match.span()), words_in(text)


def _pairs(places: Sequence[int], forms: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Those of the words at these places that stand close; words with a capital between them do not count."""
    for first, second in pairwise(places):
        if second - first <= _BETWEEN + 1 or sum(map(str.islower, forms[first + 1 : second])) <= _BETWEEN:
            yield forms[first], forms[second]


def _judge(forms: list[str], page: Page, odd: Memo[bool]) -> tuple[str | None, float] | None:
    """The language of a sentence and the probability that it was left untranslated; None for an own one."""
    words = running_words(forms)
    if len(words) < _WORDS or len(words) <= sum(form[0].isupper() for form in forms[1:]):
        return None  # a title, a list of names
    own = page.language.code
    found = fits(words, (own, *page.derive(foreign_languages)))
    mine = found.pop(own, Fit(0.0, 1.0))
    if not found:
        return None
    own_share = 1 - sum(map(odd.__getitem__, words)) / len(words)
    best = max(found, key=lambda code: found[code].loglik)
    margin = found[best].loglik - mine.loglik
    if found[best].known >= max(_OTHER, own_share + _MORE) and margin >= _MARGIN:
        return best, min(0.98, 1 / (1 + math.exp(-_SLOPE * (margin - _MARGIN))))
    if len(words) >= _STRANGE_WORDS and max(mine.known, *(fit.known for fit in found.values())) <= _STRANGE:
        return None, 0.6
    return None


def _merged(sentences: Iterator[Foreign]) -> Iterator[Foreign]:
    before: Foreign | None = None
    for sentence in sentences:
        if before and before.language == sentence.language and sentence.span.start - before.span.end <= 2:
            likely = 1 - (1 - before.probability) * (1 - sentence.probability)
            before = Foreign(Span(before.span.start, sentence.span.end), before.language, min(0.98, likely))
            continue
        if before:
            yield before
        before = sentence
    if before:
        yield before


def _trimmed(text: str, start: int, end: int) -> Span:
    """The sentence without the signs and spaces before its first letter or digit."""
    while start < end and not text[start].isalnum():
        start += 1
    return Span(start, end)


class _Judge:
    """Which running words speak for another language."""

    def __init__(self, own: Language, others: tuple[str, ...]) -> None:
        self._rate = lexicon(own.code).rate
        self._functions: dict[str, list[str]] = {}
        for code in others:
            for form in function_words(language(code)).readings:
                self._functions.setdefault(form, []).append(code)

    def odd(self, form: str) -> bool:
        """Whether the spelling is a running word of that kind."""
        if len(form) < 2 or not form.islower():
            return False
        rate = self._rate(form)
        if rate < _RARE:
            return True
        # Only a closed-class word can be so common elsewhere that titles bring it here.
        return any(rate * _RATIO < lexicon(code).rate(form) for code in self._functions.get(form, ()))


def _odd(page: Page) -> Memo[bool]:
    others = page.derive(foreign_languages)
    return page.language.derive(lambda own: Memo(_Judge(own, others).odd), key=("odd", others))
