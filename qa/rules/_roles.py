"""What a word form can be in a noun phrase, by the lexicon and by how it ends."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, NamedTuple

from qa.grammar import EVERY, PLURAL, bits, named, other_gender, other_number, specific
from qa.lexicon import Analysis, Lexicon

_RARE = 0.02  # readings below this share are noise


class Role(NamedTuple):
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


UNKNOWN = Role(0, 0, 0.0, 0.0, 0.0, 0.0)


def role_of(form: str, readings: Iterable[Analysis]) -> Role:
    """The role that the readings of a form add up to.

    A plural that stands in the dictionary as it is serves for its singular, too ("Veranstalter", "caparbietà").
    """
    readings = specific(readings)
    if not readings:
        return UNKNOWN
    noun = adjective = 0
    noun_share = adjective_share = verb_share = participle_share = 0.0
    for lemma, pos, gender, number, _, verb, share in readings:
        if pos == "NOUN" and share >= _RARE:
            noun |= bits(gender, "sp" if number == "pl" and lemma == form else number)
            noun_share += share
        if (pos == "ADJ" or verb == "pp") and share >= _RARE:
            adjective |= bits(gender, number)
            adjective_share += share
            participle_share += share if pos != "ADJ" else 0.0
        if pos in ("VERB", "AUX") and verb != "pp":
            verb_share += share
    other_share = max(0.0, 1.0 - (noun_share + adjective_share + verb_share))
    return Role(noun, adjective, noun_share, adjective_share, verb_share, other_share, participle_share)


class Endings(NamedTuple):
    """What the end of a word says about its cells where tables are silent or list one reading only."""

    genitives: tuple[str, ...]  # what a singular noun takes
    weak: tuple[str, ...]  # what a weak masculine noun takes in the singular
    strong: str  # the plural ending that tells a noun from a weak one
    maybe_plural: tuple[str, ...]  # the singular serves as plural too
    either_gender: tuple[str, ...]
    any_gender: tuple[str, ...]
    adjectival: tuple[str, ...]  # nouns that are inflected like adjectives: anything
    common: tuple[str, ...]  # dictionary forms of adjectives that serve for both genders
    infinitive: str  # how infinitives end …
    infinitives: int  # … and the cells of one that is used as a noun
    sure: tuple[tuple[int, tuple[str, ...]], ...]  # cells of a gender, endings that go with it nearly always

    @classmethod
    def of(cls, facts: Mapping[str, Any]) -> Endings:
        """Read the `[endings]` of a language."""
        return cls(
            genitives=tuple(facts.get("genitives", ())),
            weak=tuple(facts.get("weak", ())),
            strong=facts.get("strong", ""),
            maybe_plural=tuple(facts.get("maybe_plural", ())),
            either_gender=tuple(facts.get("either_gender", ())),
            any_gender=tuple(facts.get("any_gender", ())),
            adjectival=tuple(facts.get("adjectival", ())),
            common=tuple(facts.get("common", ())),
            infinitive=facts.get("infinitive", ""),
            infinitives=named(facts["infinitives"]) if "infinitives" in facts else 0,
            sure=tuple((named(gender), tuple(endings)) for gender, endings in facts.get("sure", {}).items()),
        )

    def widened(self, form: str, role: Role, words: Lexicon, nouns: Callable[[str], int]) -> Role:
        """The role with the cells that the form's ending adds; `nouns` are those that a form has as a noun."""
        noun, adjective = role.noun, role.adjective
        if noun:
            noun = self._noun(form, noun, words, nouns)
        if adjective and self.common and adjective != other_gender(adjective) and self._common(form, words):
            noun, adjective = other_gender(noun) if noun else 0, other_gender(adjective)
        if (noun | adjective) & ~PLURAL and self.plural_too(form):
            noun, adjective = noun | other_number(noun) & PLURAL, adjective | other_number(adjective) & PLURAL
        if noun == role.noun and adjective == role.adjective:
            return role
        return role._replace(noun=noun, adjective=adjective)

    def _noun(self, form: str, noun: int, words: Lexicon, nouns: Callable[[str], int]) -> int:
        """The cells of a noun, and those that its ending adds."""
        if self.infinitives and form.endswith(self.infinitive) and _infinitive(form.lower(), words):
            noun |= self.infinitives
        if self.genitives or self.weak:
            noun |= self._inflected(form, nouns)
        if _ends(form, self.either_gender):
            noun |= other_gender(noun)
        if _ends(form, self.any_gender):
            noun = other_gender(noun) | bits("n", "sg")
        return EVERY if _ends(form, self.adjectival) else noun

    def _common(self, form: str, words: Lexicon) -> bool:
        """Whether the adjective's dictionary form serves for both genders; a plural that stands there is none."""
        return any(
            r.pos == "ADJ" and r.lemma.endswith(self.common) and not (r.number == "pl" and r.lemma == form)
            for r in words.analyses(form)
        )

    def _inflected(self, form: str, nouns: Callable[[str], int]) -> int:
        """The singular cells that the form serves as a case of another noun."""
        mask = 0
        for ending in self.genitives:
            if form.endswith(ending):
                mask |= nouns(form.removesuffix(ending)) & ~PLURAL
        for ending in self.weak:
            stem = form.removesuffix(ending)
            if stem != form and not nouns(stem + self.strong) & PLURAL:
                mask |= nouns(stem) & bits("m", "sg")
        return mask

    def plural_too(self, form: str) -> bool:
        """Whether the singular of such a word serves as its plural."""
        return _ends(form, self.maybe_plural)

    def certain(self, form: str, mask: int) -> bool:
        """Whether the ending alone goes with the gender of the cells."""
        return any(form.endswith(endings) and not mask & ~cells for cells, endings in self.sure)


def _infinitive(form: str, words: Lexicon) -> bool:
    return any(r.pos in ("VERB", "AUX") and r.form in ("inf", "") for r in words.analyses(form))


def _ends(form: str, endings: tuple[str, ...]) -> bool:
    return bool(endings) and (form.lower().endswith(endings) or "=" + form in endings)
