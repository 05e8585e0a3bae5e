"""Where a noun phrase may disagree: found in a row of bytes, before any phrase is read.

Each form has a class, a byte: the cells that it serves *whatever* part it plays in a phrase, as far as the lexicon's
readings alone tell.  Endings and counts add to them and, but for nouns whose gender the lexicon leaves open, never take
any away.  So words whose classes share a cell agree, and no phrase of them need be read; nearly all are such.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import accumulate, islice
from typing import TYPE_CHECKING

from qa.grammar import EVERY
from qa.memory import LIMIT, Memo
from qa.rules._roles import UNKNOWN, Role

if TYPE_CHECKING:
    from qa.rules._agreement import Grammar

RARELY, SOME = 0.1, 0.3  # shares of a word's use

# Classes: none of a phrase's words; from here to the next what is an adjective at times, with its cells; from here on
# any other word behind a determiner; a determiner; what may be either, or has no cell for certain; from behind that
# on a determiner that a noun may be spelled like.
OTHER, _ADJECTIVE, _NOUN, DETERMINER, _EITHER = 0, 1, 64, 128, 192
# Without a cell: a noun whose cells are costly to find out; a determiner whose apostrophe makes another one of it.
_UNSURE, _ELIDED = _NOUN, DETERMINER
_AGREES, _DOUBTFUL = -1, -2


# In a row of classes: all determiners that stand together, with the words that are read with them.  (A search for one
# byte of a set is fast, one for several is not.)
_PHRASE = re.compile(rb"([\x80-\xff](?<![\x80-\xff]{2})[\x80-\xff]*+[\x01-\x7f\xc0-\xff]{0,3})")
_LONGEST = 12  # words of a phrase that is worth remembering


class Doubts:
    """The classes of a language's words, and which phrases of them may disagree.  Answers are remembered."""

    def __init__(self, facts: Grammar) -> None:
        self._facts = facts
        self._bundle = facts.words.bundle
        self._by_bundle: dict[int, tuple[int, int]] = {}
        self._verdicts: dict[bytes, int] = {}
        self._agreeing: set[bytes] = set()  # nearly all phrases of nearly all texts
        #: Written form → its class where its cells are costly to find out.
        self._exact = Memo(lambda form: self._of_role(facts.role(form)))

    def doubtful(self, row: bytes, forms: Sequence[str], gaps: Sequence[str]) -> Iterator[range]:
        """The phrases that may disagree, by index.  `row`: the classes of the forms."""
        agreeing, pieces = self._agreeing, _PHRASE.split(row)
        starts = accumulate(map(len, pieces))
        for phrase, start in zip(pieces[1::2], islice(starts, 0, None, 2), strict=False):
            if phrase in agreeing:
                continue
            known = self._written(phrase, forms, gaps, start) if _ELIDED in phrase else phrase
            if self._resolved(known, forms, start) == _DOUBTFUL:
                yield range(start, start + len(phrase))

    def _written(self, phrase: bytes, forms: Sequence[str], gaps: Sequence[str], start: int) -> bytes:
        """The phrase with the classes of determiners that are others before an apostrophe ("un' ")."""
        whole = bytearray(phrase)
        for at, each in enumerate(phrase, start):
            if each == _ELIDED:
                elided = gaps[at + 1][:1] in ("'", "’")
                whole[at - start] = DETERMINER + (self._elided(forms[at]) if elided else self._facts.spelled[forms[at]])
        return bytes(whole)

    def _resolved(self, phrase: bytes, forms: Sequence[str], start: int) -> int:
        """The verdict on a phrase that begins with the form at `start`, what its verdict depends on found out."""
        verdict = self._judged(phrase)
        while verdict >= 0:
            phrase = b"%b%c%b" % (phrase[:verdict], self._exact[forms[start + verdict]], phrase[verdict + 1 :])
            verdict = self._judged(phrase)
        return verdict

    def _judged(self, phrase: bytes) -> int:
        """The `_verdict` on a phrase, remembered."""
        if len(phrase) > _LONGEST:
            return _DOUBTFUL
        verdict = self._verdicts.get(phrase)
        if verdict is None:
            if len(self._verdicts) >= LIMIT:
                self._verdicts.clear()
                self._agreeing.clear()
            verdict = self._verdicts[phrase] = self._verdict(phrase)
            if verdict == _AGREES:
                self._agreeing.add(phrase)
        return verdict

    def _verdict(self, phrase: bytes) -> int:
        """Whether words of these classes can disagree, two of those that `disagreements` compares.

        `_AGREES`, `_DOUBTFUL`, or which word's cells must be found out.
        """
        if max(phrase[1:], default=0) > _EITHER or _EITHER in phrase:
            return _DOUBTFUL
        before = []
        for at, each in enumerate(phrase):
            mask = each % _NOUN
            if each == _UNSURE:
                return at
            if each >= DETERMINER:
                before.append(mask)
                continue
            if each == OTHER:
                return _AGREES
            if any(not mask & other for other in before):
                return _DOUBTFUL
            if self._facts.head_last:
                continue  # only the last noun counts, and only the determiners beside it
            before.append(mask)
            if each >= _NOUN:  # the head, or no phrase at all: only an adjective behind it still counts
                behind = phrase[at + 1] if at + 1 < len(phrase) else OTHER
                doubtful = behind >= _EITHER or (_ADJECTIVE <= behind < _NOUN and not behind & mask)
                return _DOUBTFUL if doubtful else _AGREES
        return _AGREES

    def _elided(self, form: str) -> int:
        """The cells of a determiner whose form an apostrophe follows."""
        elided = self._facts.determiners.get(form.lower() + "'")
        return elided.always if elided else self._facts.spelled[form]

    def _of_determiner(self, form: str) -> int:
        facts = self._facts
        mask = facts.spelled[form]
        if mask & ~self._elided(form):
            return _ELIDED
        noun = facts.capital_nouns and form[0].isupper() and facts.role(form).noun
        return (_EITHER if noun else DETERMINER) + mask

    def classes_of(self, forms: Sequence[str]) -> bytes:
        """The class of each written form by itself."""
        spelled, found = self._facts.spelled, self._by_bundle
        classes = bytearray()
        for form, bundle in zip(forms, self._facts.words.bundles(forms), strict=True):
            if bundle in found and form.islower() and len(form) > 1 and form not in spelled:
                classes.append(found[bundle][0])  # as most are
            else:
                classes.append(self.class_of(form))
        return bytes(classes)

    def class_of(self, form: str) -> int:
        """The class of a written form by itself."""
        facts, capital = self._facts, form[0].isupper()
        if form in facts.spelled:
            return self._of_determiner(form)
        if not form.islower():
            if form.lower() in facts.spelled:
                return _EITHER
            if capital and not (facts.capital_nouns and form[1:].islower()):
                return OTHER
        elif len(form) < 2:
            return OTHER
        bundle = self._bundle(form)
        found = self._by_bundle.get(bundle)
        if found is None:
            found = self._by_bundle[bundle] = self._of_readings(form)
        return found[capital]

    def _of_readings(self, form: str) -> tuple[int, int]:
        """The class of a form by its readings, where it is written small and where it has a capital."""
        facts, role = self._facts, self._facts.listed(form)
        if role is UNKNOWN:  # nothing, or a compound
            classes = (OTHER, _UNSURE) if facts.capital_nouns else (_UNSURE, OTHER)
            return classes if facts.compounds else (OTHER, OTHER)
        each = self._of_role(role)
        if facts.open_gender(role):
            each = _UNSURE if each >= _NOUN else _EITHER
        return (each if role.noun_share + role.adjective_share >= RARELY else OTHER, each if role.noun else OTHER)

    def _of_role(self, role: Role) -> int:
        noun, adjective = role.noun, role.adjective
        if not noun | adjective:
            return OTHER
        if adjective and not self._facts.adjectives:
            adjective = EVERY
        if self._facts.head_last:
            return _NOUN + (noun or EVERY)
        mask = noun | adjective
        if role.noun_share >= SOME:
            mask &= noun
        if role.adjective_share < SOME:
            return _NOUN + mask
        mask &= adjective
        return mask or _EITHER
