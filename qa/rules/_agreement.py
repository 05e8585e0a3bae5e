"""What agreement needs to know of a language: the cells of its words, from the lexicon and from counts.

A dictionary's gender can be wrong or silent, and so can a corpus.  A word counts as masculine here when both say so,
or one does and the other has nothing to say.  Counts speak through the determiners before a word: a noun that stands
forty times behind feminine ones and never behind a masculine one is feminine.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from itertools import combinations
from typing import NamedTuple

from qa.grammar import EVERY, PLURAL, Determiner, Determiners, cells, mask_of, named
from qa.inflection import verb_forms
from qa.language import Language
from qa.lexicon import Lexicon, UnknownLanguageError, lexicon
from qa.memory import Memo
from qa.ngrams import Ngrams, ngrams
from qa.rules._doubts import Doubts
from qa.rules._roles import UNKNOWN, Endings, Role, role_of

_ENOUGH = 8  # determiners seen before a word: from here on counts are evidence
_PLENTY = 60  # … and from here on they overrule the lexicon
_TOO_RARE = 45  # a word that is seen less often, a few per cent more or less, has not so many determiners before it
_ANY_SINGULAR = EVERY & ~PLURAL
_WITNESSES = 24  # determiners that are asked, the commonest first
_NOUN, _KNOWN = 0.95, 1.0  # a head is a noun in nearly all of its uses, so many a million
_MOSTLY = 0.9  # … in most
_SHORTEST = 3  # letters of a compound's part
_FOREIGN = 20.0  # times as frequent elsewhere
_SLIP = 0.003  # the share of the uses of a word that are slips of the authors
_COVERED = 0.985  # the share of the uses that a word's cells must explain


class Trust(NamedTuple):
    """How well the gender and number of a word are known.

    `margin`: how much better (in nats) a repair around it must read; `confidence`: how often such a finding is right.
    """

    margin: float
    confidence: float


# The lexicon alone; the lexicon and an ending, or the last part of a compound; counts; many counts.
_LISTED, _CERTAIN = Trust(2.0, 0.75), Trust(-3.0, 0.88)
_COUNTED, _PROVEN = Trust(0.5, 0.9), Trust(-4.0, 0.95)
#: An adjective between a determiner and a noun that agree with each other.
BETWEEN = Trust(-4.0, 0.9)


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
        self.joints = tuple(language.facts("split-word").get("compounds", {}).get("links", ()))  # within compounds
        self.compounds = bool(self.joints)
        self.coordinators = frozenset(context.get("coordinators", ()))
        self.links = frozenset(context.get("links", ()))
        self.openers = frozenset(context.get("openers", ()))
        self.kinds = frozenset(context.get("kinds", ()))  # "sort of": nouns that leave agreement to the next one
        self.circumstances = frozenset(context.get("circumstances", ()))
        self.objects = tuple(facts.get("endings", {}).get("objects", ()))  # before the object of a verb that is a noun
        self.progressive = frozenset(facts.get("endings", {}).get("progressive", ()))
        self.clitics_after = frozenset(context.get("clitics_after", ()))
        self.clitics_never_first = frozenset(context.get("clitics_never_first", ()))  # in a sentence
        self.particles = frozenset(context.get("particles", ()))  # between a subject and its verb
        self.uninflected = frozenset(context.get("uninflected", ()))
        self.identifying = frozenset(context.get("identifying", ()))  # "sind das Leute": the subject is a pronoun
        self.adverbial = frozenset(context.get("adverbial", ()))  # "im allgemeinen": adjectives that serve as nouns
        #: Nouns and what makes a preposition of them ("grâce à").
        self.locutions = frozenset(tuple(pair.split()) for pair in context.get("locutions", ()))
        self.invariable = frozenset(context.get("invariable", ()))
        phrase = facts.get("phrase", {})
        self.attributive = str(phrase.get("attributive", ""))  # ending of adjectives behind a definite determiner
        copula = facts.get("copula", {})
        self.copulas = {form: number for number in ("sg", "pl") for form in copula.get(number, ())}
        #: Auxiliaries that make a copula with one of the participles `been`.
        self.auxiliaries = {form: number for number, forms in copula.get("auxiliaries", {}).items() for form in forms}
        self.been = frozenset(copula.get("been", ()))
        self.perfect = frozenset(copula.get("perfect", ()))  # … and of these, those that agree with the subject, too
        self.linking = self.copulas | self.auxiliaries
        participles = copula.get("participles", {})
        #: What a regular participle ends in: its stem, and cell → ending.
        self.stems = tuple(participles.get("stems", ()))
        self.participles = {named(cell): ending for cell, ending in participles.get("endings", {}).items()}
        self.adverbs = frozenset(copula.get("adverbs", ()))
        self.first_person = frozenset(copula.get("first_person", ()))  # copulas in the plural that are "I am", too
        self.subjects = {form: named(cell) for cell, forms in facts.get("subjects", {}).items() for form in forms}
        #: Sets of words that follow one another and then ask for a plural ("one", "of", "the", "most").
        self.partitive = tuple(frozenset(forms) for forms in facts.get("partitive", {}).get("words", ()))
        self.adjectives = bool(phrase.get("adjectives", True))  # whether they agree with their noun
        self.plurals = bool(phrase.get("plurals", True))  # whether plurals have determiners that tell them apart
        self.verb_second = bool(phrase.get("verb_second", False))  # whether the verb follows what opens a sentence
        self.head_last = phrase.get("head") == "last"
        self.old_dative = str(facts.get("endings", {}).get("old_dative", ""))
        self.endings = Endings.of(facts.get("endings", {}))
        self._bundles: dict[int, Role] = {}
        self._noun_cells: dict[int, int] = {}
        self._uses = Memo(self._explain)
        common = sorted(self.determiners.values(), key=lambda d: -counts.count(d.form))
        self._witnesses = tuple(common[:_WITNESSES])
        self._seen_behind = counts.behind([d.form for d in self._witnesses])
        #: Usual spelling of a determiner (without its apostrophe) → the cells it serves before any word.
        self.spelled: dict[str, int] = {}
        for form, determiner in self.determiners.items():
            bare = form.rstrip("'")
            if bare == form or bare not in self.determiners:
                for spelling in (bare, bare.capitalize()):
                    self.spelled[spelling] = determiner.always
        self.gendered = any(d.always & _ANY_SINGULAR not in (0, _ANY_SINGULAR) for d in self.determiners.values())
        #: Whether a form in small letters may be a regular verb's.
        self.may_be_verb = language.derive(verb_forms)
        #: What a form can be, by the lexicon.
        self.role: Callable[[str], Role] = Memo(self._role).__getitem__
        #: The same at a glance: the shares of `role`, and no cells where it has none; endings and counts not heard.
        self.outline: Callable[[str], Role] = Memo(self._outline).__getitem__
        #: Written form → the cells it may serve in a noun phrase, 0 where it cannot stand in one.
        self.masks = Memo(lambda form: self.role(form).nominal | self.spelled.get(form, 0))
        self.doubts = Doubts(self)

    def _role(self, form: str) -> Role:
        found = self.listed(form)
        if found is UNKNOWN and self.compounds:
            found = self._of_head(form)
        if self.open_gender(found):
            found = found._replace(noun=self._counted(form, found.noun))
        found = self.endings.widened(form, found, self.words, self._nouns)
        return found._replace(adjective=EVERY) if found.adjective and not self.adjectives else found

    def listed(self, form: str) -> Role:
        """The role by the lexicon's readings, worked out once for all forms that have the same ones."""
        bundle = self.words.bundle(form)
        found = self._bundles.get(bundle)
        if found is None:
            found = self._bundles[bundle] = role_of(form, self.words.analyses(form))
        return found

    def _outline(self, form: str) -> Role:
        found = self.listed(form)
        return self.role(form) if found is UNKNOWN and self.compounds else found

    def open_gender(self, role: Role) -> bool:
        """Whether the role leaves the noun's gender open, and the counts are asked for it."""
        return self.gendered and role.noun & _ANY_SINGULAR == _ANY_SINGULAR

    def _nouns(self, form: str) -> int:
        """The cells of the form as a noun, by the lexicon alone."""
        bundle = self.words.bundle(form)
        found = self._noun_cells.get(bundle)
        if found is None:
            readings = self.words.analyses(form)
            found = self._noun_cells[bundle] = mask_of(r for r in readings if r.pos == "NOUN")
        return found

    def _of_head(self, form: str) -> Role:
        """The role of an unknown compound: that of its longest last part that is nothing but a noun."""
        if form[:1].isupper() != self.capital_nouns or not form[1:].islower():
            return UNKNOWN
        for at in self._joins(form):
            head = form[at:].capitalize() if self.capital_nouns else form[at:]
            if self.words.rate(head) < _KNOWN:  # most ends are no words
                continue
            if self.listed(head).noun_share >= _NOUN:
                return self.role(head)
        return UNKNOWN

    def _joins(self, form: str) -> list[int]:
        """Where the last part of a compound may begin: behind a noun, with or without a linking element."""
        stems = (form[:length] for length in self.words.openings(form) if length >= _SHORTEST)
        nouns = [stem for stem in stems if self.listed(stem).noun_share >= _NOUN]
        ends = {len(stem) + len(joint) for stem in nouns for joint in self.joints if form.startswith(joint, len(stem))}
        return sorted(end for end in ends if end < len(form) - _SHORTEST)

    def _counted(self, form: str, listed: int) -> int:
        """The cells of a noun whose gender the lexicon leaves open, as far as the counts tell."""
        if self.counts.count(form) < _TOO_RARE:
            return listed  # and no need to count its determiners
        used, total = self._uses[form]
        return listed & used if total >= _PLENTY and listed & used else listed

    def seen(self, determiner: Determiner, form: str) -> int:
        """How often the determiner stood before the form."""
        return self.counts.count(determiner.form, form)

    def usual(self, determiner: Determiner, form: str) -> bool:
        """Whether the determiner stood before the form more often than by the slips that clean text has, too."""
        seen = self.seen(determiner, form)
        return seen > 0 and seen > _SLIP * self._uses[form][1]

    def foreign(self, form: str) -> bool:
        """Whether the form is above all a word of another language, whose gender here is anybody's guess."""
        frequency = self.words.frequency(form)
        return any(other > _FOREIGN * frequency for other in self.words.elsewhere(form).values())

    def trust(self, form: str, *, careful: bool) -> Trust:
        """How well the cells of the form are known."""
        used, total = self._uses[form]
        if used == EVERY:
            return _CERTAIN if self._certain(form) or self._like_its_head(form, self.role(form).noun) else _LISTED
        known = total >= _PLENTY or self._certain(form)
        return _COUNTED if careful or not known else _PROVEN

    def _certain(self, form: str) -> bool:
        """Whether the form is a noun whose ending goes with its gender."""
        role = self.role(form)
        return role.noun_share >= _MOSTLY and self.endings.certain(form, role.noun)

    def _like_its_head(self, form: str, listed: int) -> bool:
        """Whether the form is a compound whose last part is counted with the gender that is listed for the whole."""
        for at in range(_SHORTEST, len(form) - _SHORTEST if self.compounds else 0):
            head = form[at:].capitalize() if self.capital_nouns else form[at:]
            if self.role(head).noun == listed:
                return self._uses[head][0] == listed
        return False

    def cells_of(self, form: str, listed: int) -> int:
        """The cells of a word that the lexicon lists with `listed`, after the counts have been heard."""
        used, total = self._uses[form]
        if listed & used:
            return listed & used | (listed & PLURAL if self.endings.plural_too(form) else 0)
        return used if total >= _PLENTY else EVERY

    def _explain(self, form: str) -> tuple[int, int]:
        """The cells in which the counts show the form (EVERY: they show too little), and how often they do."""
        if not self.counts.count(form):
            return EVERY, 0
        onset = self.words.onset(form)
        seen = [(d.mask(onset), n) for d, n in zip(self._witnesses, self._seen_behind(form), strict=True) if n]
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


def _explained(mask: int, seen: list[tuple[int, int]]) -> int:
    return sum(n for served, n in seen if served & mask)


def _union(masks: Iterable[int]) -> int:
    union = 0
    for mask in masks:
        union |= mask
    return union


def grammar(language: Language) -> Grammar | None:
    """The agreement facts of the language; None where it has no lexicon or no counts."""
    try:
        return Grammar(language, lexicon(language.code), ngrams(language.code))
    except UnknownLanguageError:
        return None
