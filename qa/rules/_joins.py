"""Whether two words of a text are the halves of one."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from qa.finding import Edit
from qa.language import Language
from qa.lexicon import Lexicon, UnknownLanguageError, languages, lexicon
from qa.memory import Memo
from qa.ngrams import Ngrams, ngrams
from qa.products import products
from qa.rules._columns import Pairs
from qa.rules._judge import advantage
from qa.text import Span, Word

_CLOSED = frozenset({"DET", "ADP", "CCONJ", "SCONJ", "PRON", "AUX", "PART", "NUM", "INTJ"})

# What a word can be as half of another: never one; a closed-class or very common word; a prefix that is no word of its
# own; one that is; a word that stands before others by right; a word that is no
# noun; one that can be; no word of the language.
NEVER, COMMON, PREFIX, SEPARABLE, OPENER, PLAIN, WORD, UNKNOWN = range(8)
# Added to the kind of a word with a capital, of the first word of a product's name, of a word that may open a compound
# that no list knows, and of one that may close it.
_CAPITAL, _PRODUCT, _OPENS, _CLOSES = 8, 16, 32, 64

#: A pattern for the `shapes` of words in turn: where a product's name may begin.
NAMED = re.compile(b"[" + re.escape(bytes(shape for shape in range(256) if shape & _PRODUCT)) + b"]")


# Occurrences per million: what no text shows; what only texts show and no table; a word of another language, there;
# what is so common that, being no noun, it is no half of a word; what is so common that it is none whatever it is.
_RARE, _DOUBTFUL, _FOREIGN, _FREQUENT, _VERY_FREQUENT = 0.02, 0.5, 5.0, 400.0, 1500.0

_SMALLER = 20.0  # times as frequent with a small letter
_HARDLY = 0.02  # as frequent
OFTEN = 3  # compounds that make a word a usual part of them

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
        self._prefixed = dict.fromkeys(facts.get("separable", ()), SEPARABLE)
        self._prefixed |= dict.fromkeys(facts.get("prefixes", ()), PREFIX)
        self.stranding = frozenset(facts.get("stranding", ()))
        self.clitics = frozenset(facts.get("clitics", ()))
        self.suspended = frozenset(facts.get("suspended", ()))
        self.compounding = bool(compounds)
        self.capital = bool(compounds.get("capital", False))  # whether nouns have a capital
        self.genitive = str(compounds.get("genitive", ""))  # the linking element that is a genitive's ending, too
        self.linked = tuple(compounds.get("linked", ()))  # endings of nouns that take it in compounds only
        self.never = frozenset(facts.get("never", ()))
        self.openers = frozenset(compounds.get("openers", ()))
        self._parts = _parts(language.folder / "compounds.tsv")
        self._names = products()
        self._listed = frozenset().union(self.never, self.openers, self._prefixed, self._names)
        self._linking = tuple(ending + self.genitive for ending in self.linked)
        #: Written form → its kind, with what is added to it: a byte.
        self.shapes = Memo(self.shape_of)
        self._classes: dict[int, tuple[bool, bool] | None] = {}
        self._profiles: dict[int, tuple[float, int]] = {}
        # From here on a form is what it is; where no compounds are formed, common or not is asked of a candidate.
        self._doubted = _VERY_FREQUENT if self.compounding else _DOUBTFUL
        #: In a row of `shapes`: the pairs that may be the halves of a word, if that is known …
        self.likely = Pairs(
            lambda one, other: _can_join(one, other, self.compounding, self.capital), _CAPITAL | UNKNOWN
        )
        #: … and those that may be the halves of a compound that no list knows.
        self.regular = (
            Pairs(lambda one, other: _can_compound(one, other, self.capital), _OPENS | _CLOSES | _CAPITAL | UNKNOWN)
            if self.compounding
            else None
        )

    def kind(self, form: str) -> int:
        """What the form can be as half of a word: one of the kinds above."""
        return self.shapes[form] % _CAPITAL

    def shapes_of(self, forms: Sequence[str]) -> bytes:
        """The shape of each of the forms; found anew each time."""
        if self.compounding:
            return bytes(map(self.shape_of, forms))
        listed, index, rate_at = self._listed, self.words.index, self.words.rate_at
        shapes = bytearray()
        for form in forms:
            small = form.islower() and len(form) > 1 and form not in listed
            if small and (frequency := rate_at(index(form))) >= self._doubted:
                shapes.append(COMMON if frequency >= _VERY_FREQUENT else WORD)  # as most are
            else:
                shapes.append(self.shape_of(form))
        return bytes(shapes)

    def shape_of(self, form: str) -> int:
        """The kind of a written form, with what is added to it; found anew each time."""
        small = form.lower()
        shape = self._kind_of(form, small) | (_PRODUCT if form in self._names else 0)
        written_small = form[0].islower()
        if not written_small:
            shape |= _CAPITAL
        if self.compounding:  # where in a compound that no list knows the form may stand
            part = self.part(form)
            if part.opens or form.endswith(self._linking):
                shape |= _OPENS
            if self.lost_capital(form) if self.capital and written_small else part.closes:
                shape |= _CLOSES
        return shape

    def lost_capital(self, form: str) -> bool:
        """Whether a word written small is hardly one beside the noun that it is with a capital, a usual last part."""
        noun = capitalised(form)
        if noun not in self._parts or self.part(noun).closes < OFTEN or self.words.analyses(form):
            return False
        return self.words.frequency(form) < _HARDLY * self.words.frequency(noun)

    def _kind_of(self, form: str, small: str) -> int:
        if len(form) < 2 or form in self.never or form.isupper():
            return NEVER
        if form in self.openers:
            return OPENER
        if small in self._prefixed:
            return self._prefixed[small]
        profile = self.words.profile(form)
        found = self._profiles.get(profile)
        if found is None:
            found = self._profiles[profile] = self._of_profile(form)
        frequency, kind = found
        if form == small or frequency >= self._doubted or (profile < 0 and form[1:].islower()):
            return kind  # (what is unknown with a capital is so without)
        if self.words.rate(small) > _SMALLER * frequency:
            return self.kind(small)  # at the beginning of a sentence
        return kind

    def _of_profile(self, form: str) -> tuple[float, int]:
        """The frequency and the kind of the form and of all others with its readings that are as frequent."""
        frequency = self.words.frequency(form)
        if frequency >= self._doubted:
            return frequency, COMMON if frequency >= _VERY_FREQUENT else WORD
        if frequency < _RARE or not self.words.knows(form):
            return frequency, UNKNOWN
        listed = self._class(form)
        if listed is None and frequency < _DOUBTFUL:
            return frequency, UNKNOWN
        if self.closed(form):
            return frequency, COMMON
        return frequency, WORD if listed is None or listed[1] else PLAIN

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
        unknown = self.kind(first) == self.kind(second) == UNKNOWN
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
        row = self._parts.get(form)
        return Part(*map(int, row.split("\t"))) if row else NO_PART

    def gain(self, text: str, first: Word, second: Word, joined: str) -> float:
        """How much likelier (in nats) the text reads with the two words joined, in whatever is known of `joined`.

        A word that the lexicon knows and the counts do not is taken for as frequent as the lexicon says.
        """
        better = advantage(self.counts, text, (Edit(Span(first.start, second.end), joined),))
        if self.counts.count(joined):
            return better
        chance = min(self.words.frequency(joined) / 1e6, _RARELY_SEEN / self.counts.total)
        return better + max(0.0, math.log(chance * self.counts.total / _UNSEEN)) if chance else better


def capitalised(form: str) -> str:
    """The form with a capital first and the rest as it is."""
    return form[0].upper() + form[1:]


def _can_join(one: int, other: int, compounding: bool, capital: bool) -> bool:
    """Whether two words by their shapes may be the halves of a word that is known."""
    kinds = one % _CAPITAL, other % _CAPITAL
    unknown = UNKNOWN in kinds
    if NEVER in kinds or kinds[0] == OPENER:
        return False
    if other & _CAPITAL and (not one & _CAPITAL or not (capital or unknown)):
        return False  # a capital within a word, or two names
    if capital and not other & _CAPITAL and not unknown and PREFIX not in kinds:
        # The second is no noun without its capital: "lang laufende", where spelling leaves the choice.  What only a
        # compound can be is asked of `_can_compound`.
        return False
    if unknown or kinds == (PREFIX, COMMON):
        return True
    return compounding and _open_class(kinds)


def _open_class(kinds: tuple[int, int]) -> bool:
    return kinds[0] in (PREFIX, SEPARABLE, WORD) and kinds[1] in (OPENER, PLAIN, WORD)


def _can_compound(one: int, other: int, capital: bool) -> bool:
    """Whether two words by their shapes may be a compound that no list knows: what `of_compound` asks, word by word."""
    kinds = one % _CAPITAL, other % _CAPITAL
    if NEVER in kinds or kinds[0] == OPENER:
        return False
    if (UNKNOWN not in kinds and not _open_class(kinds)) or (one ^ other) & _CAPITAL & other:
        return False
    if capital and not other & _CAPITAL:
        return bool(one & _CAPITAL and one & _OPENS and other & _CLOSES)
    if other & _CAPITAL and not capital:
        return False
    if kinds[1] == PLAIN and not other & (_CAPITAL | _OPENS):
        return False  # no noun
    return bool(one & _OPENS or (kinds[0] != UNKNOWN and other & _CLOSES))


def _parts(path: Path) -> dict[str, str]:
    """Word → its numbers as `Part` has them, not read yet: few are asked for."""
    if not path.is_file():
        return {}
    return dict(line.split("\t", 1) for line in path.read_text(encoding="utf-8").splitlines())


def joining(language: Language) -> Joining | None:
    """The facts of the language, or None where it has no lexicon or no counts."""
    try:
        return Joining(language, lexicon(language.code), ngrams(language.code))
    except UnknownLanguageError:
        return None
