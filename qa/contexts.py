"""What stands beside a closed-class word, by class of word: learnt from clean text, the judge of homographs.

A Spanish "les" (to them) is never followed by a noun, a French one (the) nearly always: `contexts.toml` of a
language keeps, for its closed-class words and for those of other languages that occur in its texts, how often each
class of word stood on the left and on the right.  Written by `python -m models.contexts`.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

from qa.language import Language
from qa.lexicon import Lexicon, lexicon

SUBJECT = "contexts"

#: The classes of neighbours.  `edge` is the beginning or end of a sentence; `mixed` has several readings.
CLASSES = (
    "edge", "punctuation", "number", "name", "noun", "adjective", "nominal", "verb", "noun-verb", "adverb",
    "preposition", "determiner", "determiner-pronoun", "pronoun", "conjunction", "mixed", "unknown",
)  # fmt: skip
INDEX = {name: index for index, name in enumerate(CLASSES)}

_GROUPS = {
    "NOUN": "noun", "ADJ": "adjective", "VERB": "verb", "AUX": "verb", "ADV": "adverb", "ADP": "preposition",
    "DET": "determiner", "PRON": "pronoun", "CCONJ": "conjunction", "SCONJ": "conjunction", "NUM": "number",
    "PROPN": "name", "PART": "adverb",
}  # fmt: skip
_PAIRS = {
    frozenset({"noun", "adjective"}): "nominal",
    frozenset({"noun", "verb"}): "noun-verb",
    frozenset({"determiner", "pronoun"}): "determiner-pronoun",
}
_CLEAR = 0.9  # share of one reading above which the others do not count
_PSEUDO = 2.0  # observations that the smoothing adds to each distribution


def word_class(word: str, lexicon: Lexicon, capital_nouns: bool = False) -> str:
    """The class of a word as it stands in the middle of a sentence."""
    shares: dict[str, float] = {}
    for reading in lexicon.analyses(word):
        group = _GROUPS.get(reading.pos, "mixed")
        shares[group] = shares.get(group, 0.0) + reading.share
    if word[0].isupper() and not (capital_nouns and shares.get("noun", 0) > 0.5):
        return "name"
    shares.pop("name", None)
    if not shares:
        return "unknown"
    total = sum(shares.values())
    ranked = sorted(shares, key=lambda group: -shares[group])
    if shares[ranked[0]] >= _CLEAR * total:
        return ranked[0]
    if shares[ranked[0]] + shares[ranked[1]] >= _CLEAR * total:
        return _PAIRS.get(frozenset(ranked[:2]), "mixed")
    return "mixed"


@dataclass(frozen=True, eq=False)
class Contexts:
    """Log-probabilities of the neighbour classes of the words that were counted."""

    left: Mapping[str, tuple[float, ...]]
    right: Mapping[str, tuple[float, ...]]
    seen: Mapping[str, int]  # how often each word was seen

    def logprob(self, form: str, before: str, after: str) -> float | None:
        """log P(class before, class after | form); None for a form that was not counted."""
        if form not in self.seen:
            return None
        return self.left[form][INDEX[before]] + self.right[form][INDEX[after]]


def contexts(language: Language) -> Contexts:
    """The table of a language; empty where it brings none."""
    return language.derive(_load)


def _load(language: Language) -> Contexts:
    facts = language.facts(SUBJECT)
    rows = {side: _counts(facts.get(side, {})) for side in ("left", "right")}
    every = {side: _sum(rows[side].values()) for side in rows}
    left = {form: _smoothed(row, every["left"]) for form, row in rows["left"].items()}
    right = {form: _smoothed(row, every["right"]) for form, row in rows["right"].items()}
    return Contexts(left, right, {form: int(sum(row)) for form, row in rows["left"].items()})


def _counts(rows: Mapping[str, str]) -> dict[str, list[int]]:
    return {form: [int(count) for count in row.split()] for form, row in rows.items()}


def _sum(rows) -> list[float]:  # type: ignore[no-untyped-def]
    total = [1.0] * len(CLASSES)
    for row in rows:
        for index, count in enumerate(row):
            total[index] += count
    whole = sum(total)
    return [count / whole for count in total]


def _smoothed(row: list[int], prior: list[float]) -> tuple[float, ...]:
    whole = sum(row) + _PSEUDO
    return tuple(math.log((count + _PSEUDO * share) / whole) for count, share in zip(row, prior, strict=True))


def knows_capital_nouns(language: Language) -> bool:
    """Whether nouns are written with a capital."""
    return bool(language.facts("lexicon").get("nouns", {}).get("capital", False))


def classes(language: Language) -> dict[str, str]:
    """A memo of `word_class` for the language, filled as words are asked for."""
    return language.derive(_memo)


class _Memo(dict[str, str]):
    def __init__(self, language: Language) -> None:
        super().__init__()
        self.lexicon = lexicon(language.code)
        self.capital_nouns = knows_capital_nouns(language)

    def __missing__(self, word: str) -> str:
        if len(self) > 200_000:
            self.clear()
        value = self[word] = word_class(word, self.lexicon, self.capital_nouns)
        return value


def _memo(language: Language) -> _Memo:
    return _Memo(language)
