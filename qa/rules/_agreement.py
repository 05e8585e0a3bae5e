"""What agreement needs to know of a language: the cells of its words, from the lexicon and from counts.

A dictionary's gender can be wrong or silent, and so can a corpus.  A word counts as masculine here when both say so,
or one does and the other has nothing to say.  Counts speak through the determiners before a word: a noun that stands
forty times behind feminine ones and never behind a masculine one is feminine.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from itertools import combinations
from typing import Any

from qa.grammar import EVERY, PLURAL, Determiner, Determiners, bits, cells, mask_of, other_gender, other_number
from qa.language import Language
from qa.lexicon import Analysis, Lexicon, UnknownLanguageError, lexicon
from qa.ngrams import Ngrams, ngrams

_RARE = 0.02  # readings and uses below this share are noise
_ENOUGH = 8  # determiners seen before a word: from here on counts are evidence
_PLENTY = 60  # … and from here on they overrule the lexicon
_LISTED, _COUNTED, _PROVEN = 3.0, 0.5, -4.0
_WITNESSES = 24  # determiners that are asked, the commonest first
_MEMO_LIMIT = 200_000
_COVERED = 0.985  # the share of the uses that a word's cells must explain


@dataclass(frozen=True, slots=True)
class Role:
    """What a word form can be in a noun phrase.

    `noun` and `adjective` are the cells it serves as one or the other (0: never).  The shares say how much of its use
    is as noun, adjective (or participle), other verb form, and anything else.
    """

    noun: int
    adjective: int
    noun_share: float
    adjective_share: float
    verb_share: float
    other_share: float
    participle_share: float = 0.0  # of the adjective's

    @property
    def nominal(self) -> int:
        """The cells it serves as anything that follows a determiner."""
        return self.noun | self.adjective


@dataclass(frozen=True, slots=True)
class Endings:
    """What the end of a word says about its cells where tables are silent or list one reading only."""

    genitives: tuple[str, ...]  # what a singular noun takes
    maybe_plural: tuple[str, ...]  # the singular serves as plural too
    either_gender: tuple[str, ...]
    infinitive: str  # how infinitives end …
    infinitives: int  # … and the cells of one that is used as a noun

    @classmethod
    def of(cls, facts: Mapping[str, Any]) -> Endings:
        """Read the `[endings]` of a language."""
        gender, _, number = facts.get("infinitives", "").partition(".")
        return cls(
            *(tuple(facts.get(name, ())) for name in ("genitives", "maybe_plural", "either_gender")),
            facts.get("infinitive", ""),
            bits(gender, number) if gender else 0,
        )

    def widened(self, form: str, role: Role, words: Lexicon) -> Role:
        """The role with the cells that the form's ending adds."""
        noun, adjective = role.noun, role.adjective
        if (
            noun
            and self.infinitives
            and form.endswith(self.infinitive)
            and any(r.form == "inf" for r in words.analyses(form.lower()))
        ):
            noun |= self.infinitives
        if noun and form.endswith(self.genitives):
            for ending in self.genitives:
                if form.endswith(ending):
                    noun |= mask_of(r for r in words.analyses(form.removesuffix(ending)) if r.pos == "NOUN") & ~PLURAL
        if noun and _ends(form, self.either_gender):
            noun |= other_gender(noun)
        if _ends(form, self.maybe_plural):
            noun, adjective = noun | other_number(noun) & PLURAL, adjective | other_number(adjective) & PLURAL
        return replace(role, noun=noun, adjective=adjective)


def _ends(form: str, endings: tuple[str, ...]) -> bool:
    return form.endswith(endings) or "=" + form in endings


UNKNOWN = Role(0, 0, 0.0, 0.0, 0.0, 0.0)


class Grammar:
    """The agreement facts of one language.  Answers are remembered."""

    def __init__(self, language: Language, words: Lexicon, counts: Ngrams) -> None:
        facts = language.facts("agreement")
        context = facts.get("context", {})
        self.code = language.code
        self.facts = facts
        self.words, self.counts = words, counts
        self.determiners = Determiners.of(language).forms
        self.capital_nouns = bool(language.facts("lexicon").get("nouns", {}).get("capital", False))
        self.coordinators = frozenset(context.get("coordinators", ()))
        self.links = frozenset(context.get("links", ()))
        self.openers = frozenset(context.get("openers", ()))
        self.particles = frozenset(context.get("particles", ()))  # between a subject and its verb
        self.invariable = frozenset(context.get("invariable", ()))
        phrase = facts.get("phrase", {})
        copula = facts.get("copula", {})
        self.copulas = {form: number for number in ("sg", "pl") for form in copula.get(number, ())}
        self.adverbs = frozenset(copula.get("adverbs", ()))
        self.subjects = {
            form: bits(*cell.split(".")) for cell, forms in facts.get("subjects", {}).items() for form in forms
        }
        self.adjectives = bool(phrase.get("adjectives", True))  # whether they agree with their noun
        self.plurals = bool(phrase.get("plurals", True))  # whether plurals have determiners that tell them apart
        self.head_last = phrase.get("head") == "last"
        self.old_dative = str(facts.get("endings", {}).get("old_dative", ""))
        self._endings = Endings.of(facts.get("endings", {}))
        self._roles: dict[str, Role] = {}
        self._uses: dict[str, tuple[int, int]] = {}
        common = sorted(self.determiners.values(), key=lambda d: -counts.count(d.form))
        self._witnesses = tuple(common[:_WITNESSES])
        #: Usual spelling of a determiner (without its apostrophe) → the cells it serves before any word.
        self.spelled: dict[str, int] = {}
        for form, determiner in self.determiners.items():
            bare = form.rstrip("'")
            for spelling in (bare, bare.capitalize(), bare.upper()):
                self.spelled[spelling] = self.spelled.get(spelling, 0) | determiner.always
        self.masks = _Masks(self)

    def role(self, form: str) -> Role:
        """What the form can be, by the lexicon."""
        found = self._roles.get(form)
        if found is None:
            if len(self._roles) >= _MEMO_LIMIT:
                self._roles.clear()
            found = self._endings.widened(form, _role(self.words.analyses(form)), self.words)
            if found.adjective and not self.adjectives:
                found = replace(found, adjective=EVERY)
            self._roles[form] = found
        return found

    def seen(self, determiner: Determiner, form: str) -> int:
        """How often the determiner stood before the form."""
        return self.counts.count(determiner.form, form)

    def margin(self, form: str, *, careful: bool) -> float:
        """How much better (in nats) a repair around the form must read: the less, the better its cells are known."""
        self.cells_of(form, EVERY)
        used, total = self._uses[form]
        if used == EVERY:
            return _LISTED
        return _COUNTED if careful or total < _PLENTY else _PROVEN

    def cells_of(self, form: str, listed: int) -> int:
        """The cells of a word that the lexicon lists with `listed`, after the counts have been heard."""
        found = self._uses.get(form)
        if found is None:
            found = self._uses[form] = self._explain(form)
        used, total = found
        if listed & used:
            return listed & used
        return used if total >= _PLENTY else EVERY

    def _explain(self, form: str) -> tuple[int, int]:
        """The cells in which the counts show the form (EVERY: they show too little), and how often they do."""
        onset = self.words.onset(form)
        seen = [(d.mask(onset), n) for d in self._witnesses if (n := self.seen(d, form))]
        total = sum(n for _, n in seen)
        if total < _ENOUGH:
            return EVERY, total
        for size in (1, 2):
            fitting = [
                mask
                for mask in map(_union, combinations(cells(EVERY), size))
                if _explained(mask, seen) >= _COVERED * total
            ]
            if fitting:
                return _union(fitting), total
        return EVERY, total


class _Masks(dict[str, int]):
    """Written form → the cells it may serve in a noun phrase, 0 where it cannot stand in one."""

    def __init__(self, facts: Grammar) -> None:
        super().__init__()
        self._facts = facts

    def __missing__(self, form: str) -> int:
        if len(self) >= _MEMO_LIMIT:
            self.clear()
        value = self[form] = self._facts.role(form).nominal | self._facts.spelled.get(form, 0)
        return value


def _explained(mask: int, seen: list[tuple[int, int]]) -> int:
    return sum(n for served, n in seen if served & mask)


def _union(masks: Iterable[int]) -> int:
    union = 0
    for mask in masks:
        union |= mask
    return union


def _role(readings: tuple[Analysis, ...]) -> Role:
    nouns = [r for r in readings if r.pos == "NOUN" and r.share >= _RARE]
    adjectives = [r for r in readings if (r.pos == "ADJ" or r.form == "pp") and r.share >= _RARE]
    shares = [
        sum(r.share for r in nouns),
        sum(r.share for r in adjectives),
        sum(r.share for r in readings if r.pos in ("VERB", "AUX") and r.form != "pp"),
    ]
    if not readings:
        return UNKNOWN
    participle = sum(r.share for r in adjectives if r.pos != "ADJ")
    return Role(mask_of(nouns), mask_of(adjectives), *shares, max(0.0, 1.0 - sum(shares)), participle)


def grammar(language: Language) -> Grammar | None:
    """The agreement facts of the language; None where it has no lexicon or no counts."""
    try:
        return Grammar(language, lexicon(language.code), ngrams(language.code))
    except UnknownLanguageError:
        return None
