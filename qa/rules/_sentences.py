"""Sentences of a page that are in another language, judged by the frequencies of their words.

A language detector is weak on so little text; that a word occurs two thousand times in a million of one language and
never in another is not.  Names, initialisms and single letters tell nothing and do not count.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

from qa.function_words import function_words
from qa.identify import Fit, fits, running_words
from qa.language import Language, language
from qa.lexicon import lexicon
from qa.memory import Memo
from qa.page import Page
from qa.rules._columns import Ask, column, foreign_languages
from qa.rules._foreign import Cover, mentions
from qa.rules._suspects import CASES, joined, plain
from qa.text import Block, Span

_SENTENCE = re.compile(r"[^.!?…\n]+(?:[.!?…]+(?=\w)[^.!?…\n]+)*[.!?…]*[\"'»”’)\]]*")
_WORD = re.compile(r"(?<![\w@/\\])[^\W\d_]+(?![\w@/\\])")  # no piece of a path, address or identifier
# A digit or sign beside a letter, or a digit that `re` takes for one, and a stop that ends no sentence: elsewhere the
# words of a sentence are those of the block between two stops.
_GLUED = re.compile(
    rb"[0-9_@/\\\xb2\xb3\xb9\xbc-\xbe](?:(?=[%(letter)b])|(?<=[%(letter)b].)|(?<=[\xb2-\xbe]))|[.!?](?=[%(letter)b0-9_])"
    % CASES
)
_PIECES = bytes(10 if byte in b".!?\n" else byte if chr(byte).isalpha() else 32 for byte in range(256))
_RARE = 1.0  # per million: a word rarer than this is no evidence for the page's language …
_RATIO = 30.0  # … nor is one that is so many times commoner in another: titles bring "the" into every language
_WORDS = 4  # a sentence with fewer words that tell is not judged …
_STRANGE_WORDS = 8  # … nor one with fewer, where no configured language knows it
_SHARE = 0.34  # share of odd words from which on a sentence is looked at
_OTHER = 0.7  # share of the words that the other language must know …
_MORE = 0.25  # … and by how much this must exceed the share that the page's language knows
_STRANGE = 0.25  # share that any language may know of a sentence in none of them
_MARGIN = 6.0  # nats by which the other language must be likelier, and …
_SLOPE = 0.25  # … what each nat beyond them adds to the log-odds
_COMMON, _ODD, _NEITHER = 0, 1, b"\x02"  # kinds of words
# So near stand two odd words at least once wherever that share is reached.
_CLOSE = re.compile(rb"\x01\x00{0,3}\x01")


class Foreign(NamedTuple):
    """A stretch of a block in another language: `language` is None where it is none of the configured ones."""

    span: Span
    language: str | None
    probability: float


def foreign_sentences(block: Block, page: Page) -> tuple[Foreign, ...]:
    """The foreign sentences of a block; neighbours in one language are one stretch."""
    return page.derive(foreign_blocks).get(id(block), ())


def foreign_blocks(page: Page) -> dict[int, tuple[Foreign, ...]]:
    """The foreign sentences of the page, by the `id` of their block."""
    known = _judgement(page.language, page.derive(foreign_languages))
    found = {}
    for block in _dense(page):
        sentences = tuple(_merged(_sentences(block, page, known)))
        if sentences:
            found[id(block)] = sentences
    return found


def _dense(page: Page) -> Iterator[Block]:
    """The blocks that may have a sentence with that share of odd words."""
    kinds, text, starts = column(page, _kinds), page.derive(plain), page.derive(joined).starts
    for number, block in enumerate(page.blocks):
        row = kinds[page.starts[number] : page.starts[number + 1]]
        if row.count(_ODD) < _SHARE * _WORDS or not _CLOSE.search(row.translate(None, _NEITHER)):
            continue
        line = text[starts[number] : starts[number + 1] - 1]
        if line.count(b"?") != block.prose.count("?") or _GLUED.search(line) or _reached(row, line):
            yield block


def _reached(row: bytes, line: bytes) -> bool:
    """Whether the words between two stops of the line reach the share of odd ones; `row` has the kinds of its words."""
    at = 0
    for piece in line.translate(_PIECES).split(b"\n"):
        size = len(piece.split())
        odd = row.count(_ODD, at, at + size)
        if odd >= _SHARE * _WORDS and odd >= _SHARE * (odd + row.count(_COMMON, at, at + size)):
            return True
        at += size
    return at != len(row)  # letters that `plain` does not show


def _sentences(block: Block, page: Page, known: _Judge) -> Iterator[Foreign]:
    spoken_of: Cover | None = None
    for sentence in _SENTENCE.finditer(block.prose):
        forms = _WORD.findall(sentence.group())
        odd = sum(map(known.odd, forms))
        if odd < _SHARE * _WORDS or odd < _SHARE * sum(map(str.islower, forms)):
            continue
        found = _judge(forms, page, known) if " " in sentence.group().strip() else None  # else an identifier
        if found is None:
            continue
        span = _trimmed(block.prose, *sentence.span())
        spoken_of = mentions(block, page) if spoken_of is None else spoken_of
        if 2 * spoken_of.of(span) < len(span):
            yield Foreign(span, *found)


def _judge(forms: list[str], page: Page, known: _Judge) -> tuple[str | None, float] | None:
    """The language of a sentence and the probability that it was left untranslated; None for an own one."""
    words = running_words(forms)
    if len(words) < _WORDS or len(words) <= sum(form[0].isupper() for form in forms[1:]):
        return None  # a title, a list of names
    own = page.language.code
    found = fits(words, (own, *page.derive(foreign_languages)))
    mine = found.pop(own, Fit(0.0, 1.0))
    if not found:
        return None
    own_share = 1 - sum(map(known.odd, words)) / len(words)
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
        words = lexicon(own.code)
        self._index, self._rate_at, self._look_up = words.index, words.rate_at, words.look_up
        self._kinds = Memo(self.kind)  # of words in dense blocks: few
        self._functions: dict[str, list[str]] = {}
        for code in others:
            for form in function_words(language(code)).readings:
                self._functions.setdefault(form, []).append(code)

    def odd(self, form: str) -> bool:
        """Whether the spelling is a running word of that kind; remembered."""
        return self._kinds[form] == _ODD

    def kinds(self, forms: Sequence[str]) -> bytes:
        """The `kind` of each spelling."""
        index, rate_at, functions = self._index, self._rate_at, self._functions
        self._look_up([form for form in forms if form.islower()])
        kinds = bytearray()
        for form in forms:
            if len(form) < 2 or not form.islower():
                kinds += _NEITHER
            else:
                kinds.append(self._odd(form) if form in functions else rate_at(index(form)) < _RARE)
        return bytes(kinds)

    def kind(self, form: str) -> int:
        """Whether the spelling is a running word, and one of that kind."""
        return self._odd(form) if len(form) > 1 and form.islower() else _NEITHER[0]

    def _odd(self, form: str) -> bool:
        """The same of a running word, found anew."""
        rate = self._rate_at(self._index(form))
        if rate < _RARE:
            return True
        # Only a closed-class word can be so common elsewhere that titles bring it here.
        codes = self._functions.get(form)
        return codes is not None and any(rate * _RATIO < lexicon(code).rate(form) for code in codes)


@lru_cache(maxsize=32)
def _judgement(own: Language, others: tuple[str, ...]) -> _Judge:
    return _Judge(own, others)


def _kinds(own: Language, others: tuple[str, ...]) -> Ask:
    """A question: `_ODD`, `_COMMON`, or `_NEITHER` for what is no running word."""
    return _judgement(own, others).kinds
