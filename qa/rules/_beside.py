"""A noun and the adjective behind it where no determiner opens the phrase: "heures supplémentaire"."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from qa.language import Language
from qa.rules._agreement import Grammar, grammar
from qa.rules._clash import of_another, usual
from qa.rules._phrase import FOLLOWS, SPACES, Item, Phrase, whole
from qa.text import Block

_SURE = 0.95  # of a word's uses
_NOUN, _ADJECTIVE = 0x40, 0x80  # a byte for each word: these, and the cells that it may serve
PAIR = re.compile(b"[\x40-\x4f][\x80-\x8f]")


def _cells(mask: int) -> int:
    """The cells of two genders and two numbers, in four bits."""
    return mask & 0b11 | mask >> 1 & 0b1100


class Beside:
    """Which words are nouns or adjectives and nothing else."""

    def __init__(self, facts: Grammar) -> None:
        self.facts = facts
        self._by_bundle: dict[int, int] = {}

    def kinds(self, forms: Sequence[str]) -> bytes:
        """The `kind` of each form."""
        spelled, found = self.facts.spelled, self._by_bundle
        kinds = bytearray()
        for form, bundle in zip(forms, self.facts.words.bundles(forms), strict=True):
            kind = 0
            if len(form) > 2 and form.islower() and form not in spelled:
                kind = found.get(bundle, -1)
                if kind < 0:
                    kind = self.kind(form)
                    if not self.facts.compounds:  # whose unknown words are what their heads are
                        found[bundle] = kind
            kinds.append(kind)
        return bytes(kinds)

    def kind(self, form: str) -> int:
        """A byte for a noun or an adjective that is nothing else, with the cells it serves for sure; 0: neither."""
        role = self.facts.outline(form) if form.islower() and len(form) > 2 else None
        if role is None or form in self.facts.spelled:
            return 0
        if role.noun_share >= _SURE:
            return _NOUN + _cells(role.noun)
        return _ADJECTIVE + _cells(role.adjective) if role.adjective_share >= _SURE else 0

    def phrases(self, block: Block, nouns: Sequence[int]) -> Iterator[Phrase]:
        """One of these nouns and the adjective behind it, if they share no cell and another form of it is usual there.

        No determiner stands before them, and no noun that may own the adjective ("les types de contenu obsolètes").
        """
        forms, gaps, facts = block.forms, block.gaps, self.facts
        for at in nouns:
            if gaps[at + 1] not in SPACES:
                continue
            noun, adjective = facts.role(forms[at]), facts.role(forms[at + 1])
            if at and (gaps[at][-1:] in ("-", "‑") or (gaps[at] in FOLLOWS and forms[at - 1] in facts.spelled)):
                continue  # half a word; the phrase of a determiner
            one, other = block.words[at], block.words[at + 1]
            if whole(block.prose, other):
                items = (
                    Item(one.start, one.end, one.text, noun.noun, noun),
                    Item(other.start, other.end, other.text, adjective.adjective, adjective),
                )
                phrase = Phrase(items, 0, 0, at, at + 2)
                if not of_another(phrase, block, facts) and usual(*items, facts):
                    yield phrase


def beside(language: Language) -> Beside | None:
    """The nouns and adjectives of a language whose adjectives stand behind their noun; None for others."""
    facts = language.derive(grammar)
    return Beside(facts) if facts is not None and facts.adjectives and not facts.head_last else None
