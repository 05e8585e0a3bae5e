"""What stands beside a closed-class word, by class of word: learnt from clean text, the judge of homographs.

A Spanish "les" (to them) is never followed by a noun, a French one (the) nearly always: `contexts.tsv` of a
language keeps, for its closed-class words and for those of other languages that occur in its texts, how often each
class of word stood on the left and on the right.  Written by `python -m models.contexts`.
"""

from __future__ import annotations

import math
import operator
from collections.abc import Mapping
from typing import NamedTuple

from qa.language import Language
from qa.lexicon import Lexicon, lexicon
from qa.memory import Memo

#: In a language's folder: a side, a form, and the counts of the classes on that side.
FILE = "contexts.tsv"

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


class Rows(dict[str, tuple[float, ...]]):
    """Form → log-probabilities of the classes beside it, worked out when it is first asked for."""

    def __init__(self, counts: Mapping[str, str]) -> None:
        super().__init__()
        self._counts = counts
        total = [1.0] * len(CLASSES)
        for row in counts.values():
            total = list(map(operator.add, total, map(int, row.split())))
        whole = sum(total)
        self._prior = [_PSEUDO * count / whole for count in total]

    def __missing__(self, form: str) -> tuple[float, ...]:
        row = list(map(int, self._counts[form].split()))
        whole = sum(row) + _PSEUDO
        self[form] = tuple(math.log((count + share) / whole) for count, share in zip(row, self._prior, strict=True))
        return self[form]


class Contexts(NamedTuple):
    """Log-probabilities of the neighbour classes of the words that were counted."""

    left: Mapping[str, tuple[float, ...]]
    right: Mapping[str, tuple[float, ...]]
    seen: frozenset[str]  # the words

    def logprob(self, form: str, before: str, after: str) -> float | None:
        """log P(class before, class after | form); None for a form that was not counted."""
        if form not in self.seen:
            return None
        return self.left[form][INDEX[before]] + self.right[form][INDEX[after]]


def contexts(language: Language) -> Contexts:
    """The table of a language; empty where it brings none."""
    return language.derive(_load)


def _load(language: Language) -> Contexts:
    path = language.folder / FILE
    sides: dict[str, dict[str, str]] = {"left": {}, "right": {}}
    for line in path.read_text(encoding="utf-8").splitlines() if path.is_file() else ():
        if not line.startswith("#"):
            side, form, counts = line.split("\t")
            sides[side][form] = counts
    return Contexts(Rows(sides["left"]), Rows(sides["right"]), frozenset(sides["left"]))


def knows_capital_nouns(language: Language) -> bool:
    """Whether nouns are written with a capital."""
    return bool(language.facts("lexicon").get("nouns", {}).get("capital", False))


def classes(language: Language) -> dict[str, str]:
    """A memo of `word_class` for the language, filled as words are asked for."""
    return language.derive(_memo)


def _memo(language: Language) -> Memo[str]:
    words, capital_nouns = lexicon(language.code), knows_capital_nouns(language)
    return Memo(lambda word: word_class(word, words, capital_nouns))
