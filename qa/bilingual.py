"""Word translations between the configured languages, for suggesting what a leftover should have been.

Lists from and into English lie in `qa/languages/<language>/bilingual.{trie,bin}`; other pairs go through
English and are ranked by how many English words they share, how well these fit and how alike the
frequencies are. Closed-class words come from `qa/languages/closed.tsv`, written by hand.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterator
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from qa import artefact
from qa.language import PIVOT
from qa.lexicon import LANGUAGES, UnknownLanguageError, lexicon

POS = (
    "",
    "NOUN",
    "VERB",
    "ADJ",
    "ADV",
    "PROPN",
    "ADP",
    "PRON",
    "DET",
    "CCONJ",
    "SCONJ",
    "NUM",
    "INTJ",
    "AUX",
    "PART",
    "X",
)

#: Weights are stored in this many steps; an item is target | pos << 20 | weight << 24.
READING = 255
WEIGHT_SHIFT = 24

#: Translations given at most.
MOST = 8


class _Lists:
    """The lists between one language and English."""

    def __init__(self, language: str) -> None:
        folder = LANGUAGES / language
        if language == PIVOT or not (folder / "bilingual.bin").is_file():
            raise UnknownLanguageError(f"no bilingual lists for language {language!r}")
        self.words = _trie(folder)
        self.english = _trie(LANGUAGES / PIVOT)
        header, arrays = artefact.read(folder / "bilingual.bin")
        if header["english_words"] != len(self.english):
            raise artefact.ArtefactError(f"{folder}: bilingual lists of another build than the English ones")
        self._from = artefact.Offsets(arrays, "from_starts"), arrays["from_items"]
        self._to = artefact.Offsets(arrays, "to_starts"), arrays["to_items"]

    def from_english(self, word: str) -> Iterator[tuple[str, float, str]]:
        """(translation, weight 0..1, part of speech or '') of an English word."""
        return self._items(self.english, self.words, self._from, word)

    def to_english(self, word: str) -> Iterator[tuple[str, float, str]]:
        """(translation, weight 0..1, part of speech or '') into English."""
        return self._items(self.words, self.english, self._to, word)

    @staticmethod
    def _items(
        source: Any, target: Any, table: tuple[artefact.Offsets, memoryview], word: str
    ) -> Iterator[tuple[str, float, str]]:
        number = artefact.number(source, word)
        if number >= 0:
            starts, items = table
            for at in range(*starts.bounds(number)):
                code = items[at]
                yield (
                    target.restore_key(code & 0xFFFFF),
                    (code >> WEIGHT_SHIFT) / READING,
                    POS[code >> 20 & 0xF],
                )


@cache
def _trie(folder: Path) -> Any:
    return artefact.trie(folder / "bilingual.trie")


@cache
def _lists(language: str) -> _Lists:
    return _Lists(language)


@cache
def _closed() -> tuple[dict[str, int], list[list[list[str]]]]:
    lines = (LANGUAGES / "closed.tsv").read_text(encoding="utf-8").splitlines()
    header, *body = [line.split("\t") for line in lines if line and not line.startswith("#")]
    rows = [
        [[] if cell == "-" else [word.replace("_", " ") for word in cell.split()] for cell in row[1:]] for row in body
    ]
    return {language: column for column, language in enumerate(header[1:])}, rows


@cache
def _closed_index(language: str) -> dict[str, list[tuple[int, int]]]:
    columns, rows = _closed()
    index: defaultdict[str, list[tuple[int, int]]] = defaultdict(list)
    if language in columns:
        for number, row in enumerate(rows):
            for rank, word in enumerate(row[columns[language]]):
                index[word].append((rank, number))
    return {word: sorted(places) for word, places in index.items()}


def closed_class(word: str, source: str, target: str) -> tuple[str, ...]:
    """Translations of a closed-class word (article, preposition, pronoun, auxiliary …); () for other words."""
    columns, rows = _closed()
    if source not in columns or target not in columns:
        return ()
    found: dict[str, int] = {}
    for rank, number in _closed_index(source).get(word.lower().replace("’", "'"), ()):
        for place, other in enumerate(rows[number][columns[target]]):
            found[other] = min(found.get(other, 99), rank + place)
    return tuple(sorted(found, key=lambda other: found[other]))


def _open_class(word: str, source: str, target: str, pos: str) -> dict[str, float]:
    """Translation → weight, directly or through English. `pos` may be ''."""
    scores: defaultdict[str, float] = defaultdict(float)

    def fits(*marks: str) -> float:
        stated = {"NOUN" if mark == "PROPN" else mark for mark in (*marks, pos) if mark}
        return 0.3 if len(stated) > 1 else 1.0

    if source == PIVOT:
        for other, weight, mark in _lists(target).from_english(word):
            scores[other] = max(scores[other], weight * fits(mark))
    elif target == PIVOT:
        for other, weight, mark in _lists(source).to_english(word):
            scores[other] = max(scores[other], weight * fits(mark))
    else:
        for english, first, mark in _lists(source).to_english(word):
            for other, second, other_mark in _lists(target).from_english(english):
                scores[other] += first * second * fits(mark, other_mark)
        here = math.log(lexicon(source).frequency(word) + 0.05)
        for other in scores:
            scores[other] *= math.exp(-0.2 * abs(here - math.log(lexicon(target).frequency(other) + 0.05)))
    if pos:
        for other in scores:
            scores[other] *= 0.1 + 0.9 * _share(other, target, pos)
    return scores


def _share(word: str, language: str, pos: str) -> float:
    """How much of a word's use is of this part of speech; 1/2 where nothing is known."""
    readings = lexicon(language).analyses(word)
    if not readings:
        return 0.5
    return sum(reading.share for reading in readings if _alike(reading.pos, pos))


def _alike(one: str, other: str) -> bool:
    return one == other or {one, other} <= {"NOUN", "PROPN"} or {one, other} <= {"VERB", "AUX"}


def _main_pos(word: str, language: str) -> str:
    """The part of speech that nearly all uses of a word have, or ''."""
    shares: defaultdict[str, float] = defaultdict(float)
    for reading in lexicon(language).analyses(word):
        shares[reading.pos] += reading.share
    return next((pos for pos, share in shares.items() if share >= 0.8), "")


@lru_cache(maxsize=50_000)
def translations(word: str, source: str, target: str, pos: str = "") -> tuple[str, ...]:
    """Translations of `word` (or a short phrase) from `source` into `target`, best first; () when unknown.

    A closed-class word gives what the hand-made table lists and nothing else, unless `pos` names an open
    class. `pos` (UPOS) prefers translations of that part of speech; without it that of nearly all uses of
    the word is taken. An inflected form whose lemma is listed gives the translations of the lemma, in
    the same number where that can be formed. Raises `UnknownLanguageError` for a language without lists,
    `ValueError` when both languages are one.
    """
    if source == target:
        raise ValueError("source and target are the same language")
    if pos not in ("NOUN", "VERB", "ADJ", "PROPN"):
        found = closed_class(word, source, target)
        if found:
            return found[:MOST]
    wanted = pos or _main_pos(word, source)
    scores: dict[str, float] = {}
    for spelling in dict.fromkeys((word, word.lower())):
        for other, score in _open_class(spelling, source, target, wanted).items():
            scores[other] = max(scores.get(other, 0.0), score)
    for reading in lexicon(source).analyses(word)[:3]:
        if reading.lemma in (word, word.lower()) or (pos and not _alike(reading.pos, pos)):
            continue
        for other, score in _open_class(reading.lemma, source, target, reading.pos).items():
            best = _in_number(other, target, reading.number, reading.pos)
            weight = score * reading.share * (1.0 if best else 0.4)
            scores[best or other] = max(scores.get(best or other, 0.0), weight)
    return tuple(sorted(scores, key=lambda other: (-scores[other], other)))[:MOST]


def _in_number(word: str, language: str, number: str, pos: str) -> str:
    """The form of a word in the number of the source word; '' when that is not known."""
    if number not in ("sg", "pl") or pos not in ("NOUN", "ADJ") or " " in word:
        return ""
    forms = lexicon(language).inflect(word, number=number, pos=pos)
    return word if word in forms else forms[0] if forms else ""
