"""The closed classes of a language: which form means what, and which form says it in another place.

Read from `function-words.toml` of a language's folder.  Meanings are named by English words, so that a form of one
language leads to the forms of any other: German "der" → the → French "le", "la", "l'", "les".
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from qa.language import Language

SUBJECT = "function-words"


class Reading(NamedTuple):
    """What a form may mean.

    `kind` is one of determiner, preposition, conjunction, pronoun, verb, adverb, contraction.  The meaning of a
    contraction is that of its preposition; `then` is the determiner's.  `places` says where a determiner can
    stand: alternative sets of gender, number, case and onset of the next word (a dimension that is not named is free).
    """

    kind: str
    meaning: str
    then: str = ""
    places: tuple[frozenset[str], ...] = ()


class FunctionWords(NamedTuple):
    """The closed classes of one language.  Forms are in lower case, meanings as the file names them."""

    readings: Mapping[str, tuple[Reading, ...]]
    forms: Mapping[tuple[str, str], tuple[str, ...]]  # (kind, meaning) → forms, best first
    joined: Mapping[tuple[str, str], str]  # (preposition, determiner) → their contraction
    parts: Mapping[str, tuple[str, str]]  # and back
    elided: Mapping[str, str]  # form → its form before a vowel

    def determiners(self, meaning: str) -> Iterator[tuple[str, tuple[frozenset[str], ...]]]:
        """The forms of a determiner and where each can stand."""
        for form in self.forms.get(("determiner", meaning), ()):
            for reading in self.readings[form.lower()]:
                if reading.kind == "determiner" and reading.meaning == meaning:
                    yield form, reading.places


def function_words(language: Language) -> FunctionWords:
    """The closed classes of `language`; empty where it brings none."""
    return language.derive(_load)


GENDERS = frozenset({"m", "f", "n", "c"})
NUMBERS = frozenset({"sg", "pl"})
CASES = frozenset({"nom", "acc", "dat", "gen"})
ONSETS = frozenset({"consonant", "vowel", "mute-h", "aspirated-h", "impure", "stressed-a"})


def fits(places: tuple[frozenset[str], ...], *features: str) -> bool:
    """Whether a determiner of these places can stand where the noun and the next word have these features.

    A feature that is empty, or of a dimension that a place leaves open, excludes nothing.
    """
    return any(all(_allows(place, feature) for feature in features if feature) for place in places)


def _allows(place: frozenset[str], feature: str) -> bool:
    if feature in place:
        return True
    dimension = next((d for d in (GENDERS, NUMBERS, CASES, ONSETS) if feature in d), frozenset())
    return not place & dimension


def _load(language: Language) -> FunctionWords:
    facts = language.facts(SUBJECT)
    readings: dict[str, list[Reading]] = {}
    forms: dict[tuple[str, str], tuple[str, ...]] = {}
    for meaning, table in facts.get("determiners", {}).items():
        forms["determiner", meaning] = tuple(table)
        for form, places in table.items():
            split = tuple(frozenset(place.split()) for place in places.split("|"))
            readings.setdefault(form.lower(), []).append(Reading("determiner", meaning, places=split))
    for kind, meanings in facts.get("words", {}).items():
        for meaning, spellings in meanings.items():
            forms[kind, meaning] = tuple(spellings)
            for form in spellings:
                readings.setdefault(form.lower(), []).append(Reading(kind, meaning))
    parts = {form: tuple(pair.split()) for form, pair in facts.get("contractions", {}).items()}
    for form, (preposition, determiner) in parts.items():
        for first in readings.get(preposition, ()):
            for second in readings.get(determiner, ()):
                if first.kind == "preposition" and second.kind == "determiner":
                    reading = Reading("contraction", first.meaning, second.meaning, second.places)
                    readings.setdefault(form, []).append(reading)
    return FunctionWords(
        {form: tuple(found) for form, found in readings.items()},
        forms,
        {pair: form for form, pair in parts.items()},
        parts,
        dict(facts.get("elisions", {})),
    )
