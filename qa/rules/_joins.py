"""Whether two words of a text are the halves of one."""

from __future__ import annotations

import math
import re
from pathlib import Path
from typing import NamedTuple

from qa.finding import Edit
from qa.language import Language
from qa.lexicon import Lexicon, UnknownLanguageError, languages, lexicon
from qa.memory import Memo
from qa.ngrams import Ngrams, ngrams
from qa.rules._judge import advantage
from qa.text import Span, Word

_CLOSED = frozenset({"DET", "ADP", "CCONJ", "SCONJ", "PRON", "AUX", "PART", "NUM", "INTJ"})

# What a word can be as half of another: never one; a closed-class or very common word; a prefix that is no word of its
# own; one that is; a word that stands before others by right; a word that is no
# noun; one that can be; no word of the language.
NEVER, COMMON, PREFIX, SEPARABLE, OPENER, PLAIN, WORD, UNKNOWN = range(8)
_CAPITAL = 8  # added to the kind of a word with a capital


# Occurrences per million: what no text shows; what only texts show and no table; a word of another language, there;
# what is so common that, being no noun, it is no half of a word; what is so common that it is none whatever it is.
_RARE, _DOUBTFUL, _FOREIGN, _FREQUENT, _VERY_FREQUENT = 0.02, 0.5, 5.0, 400.0, 1500.0

_SMALLER = 20.0  # times as frequent with a small letter

# How often the counts take a word for seen that they lack; how often it may have been.
_UNSEEN, _RARELY_SEEN = 0.5, 3.0


class Part(NamedTuple):
    """How many known compounds a word opens and closes."""

    opens: int
    closes: int


NO_PART = Part(0, 0)


class Joining:
    """What a language says about its words' halves."""

    def __init__(self, language: Language, words: Lexicon, counts: Ngrams) -> None:
        facts = language.facts("split-word")
        compounds = facts.get("compounds", {})
        self.words, self.counts = words, counts
        self.prefixes = frozenset(facts.get("prefixes", ()))
        self.separable = frozenset(facts.get("separable", ()))
        self.stranding = frozenset(facts.get("stranding", ()))
        self.clitics = frozenset(facts.get("clitics", ()))
        self.suspended = frozenset(facts.get("suspended", ()))
        self.compounding = bool(compounds)
        self.capital = bool(compounds.get("capital", False))  # whether nouns have a capital
        self.genitive = str(compounds.get("genitive", ""))  # the linking element that is a genitive's ending, too
        self.linked = tuple(compounds.get("linked", ()))  # endings of nouns that take it in compounds only
        self.never = frozenset(facts.get("never", ()))
        self.openers = frozenset(compounds.get("openers", ()))
        self.parts = _parts(language.folder / "compounds.tsv")
        #: Written form → its kind; and with `_CAPITAL` added where it has a capital: a byte.
        self.kinds = Memo(self.kind_of)
        self.shapes = Memo(lambda form: self.kinds[form] + _CAPITAL * (not form[0].islower()))
        self._classes: dict[int, tuple[bool, bool] | None] = {}
        #: A pattern for the `shapes` of words in turn: where the halves of one word may stand.
        self.likely = _likely(self.compounding, self.capital)

    def kind_of(self, form: str) -> int:
        """What the form can be as half of a word: one of `KINDS`."""
        if len(form) < 2 or form in self.never or form.isupper():
            return NEVER
        if form in self.openers:
            return OPENER
        small = form.lower()
        if small in self.prefixes:
            return PREFIX
        if small in self.separable:
            return SEPARABLE
        frequency = self.words.frequency(form)
        if frequency >= _VERY_FREQUENT:
            return COMMON
        if frequency >= _DOUBTFUL and not self.compounding:
            return WORD  # common or not is asked of a candidate only
        if form != small and self.words.frequency(small) > _SMALLER * frequency:
            return self.kinds[small]  # at the beginning of a sentence
        listed = self._class(form)
        if form not in self.words or frequency < _RARE or (listed is None and frequency < _DOUBTFUL):
            return UNKNOWN
        if self.closed(form):
            return COMMON
        return WORD if listed is None or listed[1] else PLAIN

    def lists(self, form: str) -> bool:
        """Whether the form is a word, with its capital or without."""
        return self.words.knows(form) or self.words.knows(form.lower())

    def closed(self, form: str) -> bool:
        """Whether the form belongs to a closed class or is so common that it is seldom half of a word."""
        listed = self._class(form) or (False, False)
        return listed[0] or (not listed[1] and self.words.frequency(form) >= _FREQUENT)

    def _class(self, form: str) -> tuple[bool, bool] | None:
        """Whether the form is mostly of a closed class, and whether it can be a noun; None: it has no readings."""
        bundle = self.words.bundle(form)
        if bundle not in self._classes:
            readings = self.words.analyses(form)
            closed = sum(r.share for r in readings if r.pos in _CLOSED) >= 0.5
            self._classes[bundle] = (closed, any(r.pos == "NOUN" for r in readings)) if readings else None
        return self._classes[bundle]

    def foreign(self, first: str, second: str) -> bool:
        """Whether the two words are a phrase of another language."""
        if any(ngrams(code).count(first, second) for code in languages() if code != self.words.language):
            return True
        one, other = self.words.elsewhere(first.lower()), self.words.elsewhere(second.lower())
        unknown = self.kinds[first] == self.kinds[second] == UNKNOWN
        return unknown and any(min(one[code], other.get(code, 0.0)) >= _FOREIGN for code in one)

    def common(self, form: str) -> bool:
        """Whether the form is a word that is written small and no name."""
        readings = self.words.analyses(form)
        return form in self.words and any(r.pos in ("NOUN", "VERB", "ADJ", "ADV") for r in readings)

    def verb(self, form: str) -> bool:
        """Whether the form is often a verb."""
        return sum(r.share for r in self.words.analyses(form) if r.pos == "VERB") >= 0.3

    def part(self, form: str) -> Part:
        """How the form takes part in compounds."""
        return self.parts.get(form, NO_PART)

    def gain(self, text: str, first: Word, second: Word, joined: str) -> float:
        """How much likelier (in nats) the text reads with the two words joined, in whatever is known of `joined`.

        A word that the lexicon knows and the counts do not is taken for as frequent as the lexicon says.
        """
        better = advantage(self.counts, text, (Edit(Span(first.start, second.end), joined),))
        if self.counts.count(joined):
            return better
        chance = min(self.words.frequency(joined) / 1e6, _RARELY_SEEN / self.counts.total)
        return better + max(0.0, math.log(chance * self.counts.total / _UNSEEN)) if chance else better


def _likely(compounding: bool, capital: bool) -> re.Pattern[bytes]:
    shapes = range(2 * _CAPITAL)
    pairs = [bytes((a, b)) for a in shapes for b in shapes if _can_join(a, b, compounding, capital)]
    return re.compile(b"(?=" + b"|".join(map(re.escape, pairs)) + b")")


def _can_join(one: int, other: int, compounding: bool, capital: bool) -> bool:
    kinds = one % _CAPITAL, other % _CAPITAL
    unknown = UNKNOWN in kinds
    if NEVER in kinds or kinds[0] == OPENER:
        return False
    if other >= _CAPITAL and (one < _CAPITAL or not (capital or unknown)):
        return False  # a capital within a word, or two names
    if max(one, other) < _CAPITAL and capital and not unknown and PREFIX not in kinds:
        return False  # neither is a noun without its capital: "lang laufende", where spelling leaves the choice
    if unknown or kinds == (PREFIX, COMMON):
        return True
    return compounding and kinds[0] in (PREFIX, SEPARABLE, WORD) and kinds[1] in (OPENER, PLAIN, WORD)


def _parts(path: Path) -> dict[str, Part]:
    if not path.is_file():
        return {}
    rows = (line.split("\t") for line in path.read_text(encoding="utf-8").splitlines())
    return {word: Part(int(opens), int(closes)) for word, opens, closes in rows}


def joining(language: Language) -> Joining | None:
    """The facts of the language, or None where it has no lexicon or no counts."""
    try:
        return Joining(language, lexicon(language.code), ngrams(language.code))
    except UnknownLanguageError:
        return None
