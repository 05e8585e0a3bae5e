"""Counts over the corpora: words, capitals, neighbours, n-grams. NumPy is used here, at build time only."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from models.lexicon.sources import CAPS, corpus, sample
from qa.ngrams import START, normal, tokens

#: Weight of each part of the corpora, and of the subtitle list, in a word's frequency.
SHARES = {
    "modern": 0.35,
    "techdocs": 0.15,
    "everyday": 0.15,
    "debates": 0.05,
    "law": 0.05,
    "literature": 0.10,
    "subtitles": 0.15,
}


@dataclass(frozen=True)
class Stream:
    """One part of a corpus as numbers of word types; 0 stands between sentences."""

    part: str
    ids: np.ndarray
    #: Which tokens belong to the balanced sample.
    sampled: np.ndarray


@dataclass(frozen=True)
class Corpus:
    """The tokenised corpora of one language. `types[0]` is the sentence start."""

    types: list[str]
    streams: list[Stream]

    def counts(self, *, sampled: bool = False) -> np.ndarray:
        """Occurrences of every type."""
        return sum(
            (np.bincount(s.ids[s.sampled] if sampled else s.ids, minlength=len(self.types)) for s in self.streams),
            np.zeros(len(self.types), np.int64),
        )

    def mid_sentence(self) -> np.ndarray:
        """Occurrences of every type right after a word that is written small: no sentence start, no title."""
        small = np.array([t[:1].islower() for t in self.types])
        total = np.zeros(len(self.types), np.int64)
        for stream in self.streams:
            after = stream.ids[1:][small[stream.ids[:-1]]]
            total += np.bincount(after, minlength=len(self.types))
        return total


def read(data: Path, language: str, *, elision: bool) -> Corpus:
    """Tokenise the corpora of `language` but their development part."""
    vocabulary: defaultdict[str, int] = defaultdict()
    vocabulary.default_factory = vocabulary.__len__
    assert vocabulary[START] == 0
    streams = []
    number = vocabulary.__getitem__
    for part, lines in corpus(data, language):
        chosen = sample(lines, CAPS[part]) if part in CAPS else [True] * len(lines)
        ids: list[int] = [0]
        marks: list[np.ndarray] = [np.ones(1, bool)]
        for line, take in zip(lines, chosen, strict=True):
            words = tokens(line, elision=elision)
            ids.extend(map(number, words))
            ids.append(0)
            marks.append(np.full(len(words) + 1, take))
        streams.append(Stream(part, np.array(ids, np.int32), np.concatenate(marks)))
    return Corpus(list(vocabulary), streams)


def rates(corpus_: Corpus, subtitles: dict[str, int]) -> dict[str, float]:
    """Occurrences per million words of every written form: a mixture of the parts by `SHARES`.

    A form that is capitalised at a sentence start only counts for the small form. Subtitle counts, which
    know no capitals, are dealt to the spellings of a word as the corpora use them.
    """
    is_word = np.array([t[:1].isalpha() for t in corpus_.types])
    shares = {s.part: SHARES[s.part] for s in corpus_.streams}
    if subtitles:
        shares["subtitles"] = SHARES["subtitles"]
    whole = sum(shares.values())
    rate = np.zeros(len(corpus_.types))
    for stream in corpus_.streams:
        counts = np.bincount(stream.ids, minlength=len(corpus_.types)) * is_word
        rate += shares[stream.part] / whole * 1e6 * counts / max(counts.sum(), 1)
    mid = corpus_.mid_sentence()
    spellings: defaultdict[str, list[int]] = defaultdict(list)
    for number, form in enumerate(corpus_.types):
        if is_word[number]:
            spellings[form.lower()].append(number)
    total = max(sum(subtitles.values()), 1)
    factor = shares.get("subtitles", 0.0) / whole * 1e6 / total
    result: dict[str, float] = {}
    for word, numbers in spellings.items():
        rate_sum = float(rate[numbers].sum()) + factor * subtitles.get(word, 0)
        weights = {corpus_.types[n]: float(mid[n]) for n in numbers}
        if not any(weights.values()):
            lower = word if word in weights else corpus_.types[numbers[0]]
            weights = {lower: 1.0}
        everything = sum(weights.values())
        for form, weight in weights.items():
            if weight:
                result[form] = rate_sum * weight / everything
    for word, count in subtitles.items():
        if word not in spellings and word[:1].isalpha():
            result[word] = factor * count
    return result


def capital_shares(corpus_: Corpus) -> dict[str, float]:
    """For every lower-cased word: the share of its mid-sentence uses that begin with a capital."""
    mid = corpus_.mid_sentence()
    capital: defaultdict[str, int] = defaultdict(int)
    every: defaultdict[str, int] = defaultdict(int)
    for form, count in zip(corpus_.types, mid.tolist(), strict=True):
        if count and form[:1].isalpha():
            every[form.lower()] += count
            if form[0].isupper():
                capital[form.lower()] += count
    return {word: capital[word] / (every[word] + 0.5) for word in every if capital[word]}


@dataclass(frozen=True)
class NgramCounts:
    """Kept n-grams: `words` sorted by number; pairs and triples as columns of numbers with their counts."""

    words: list[str]
    ones: np.ndarray
    pairs: np.ndarray
    twos: np.ndarray
    triples: np.ndarray
    threes: np.ndarray


def count_ngrams(corpus_: Corpus, *, vocabulary: int, pairs: int, triples: int) -> NgramCounts:
    """Count one, two and three lower-cased tokens of the sample; keep what occurs often enough.

    `vocabulary` is the number of words kept, `pairs` and `triples` the least counts kept.
    """
    folded: dict[str, int] = {}
    fold = np.array([folded.setdefault(t if t == START else normal(t), len(folded)) for t in corpus_.types])
    streams = [fold[s.ids[s.sampled]] for s in corpus_.streams]
    sequence = np.concatenate([*streams, np.zeros(1, np.int64)])
    counts = np.bincount(sequence, minlength=len(folded))
    names = list(folded)
    order = sorted(range(1, len(names)), key=lambda n: (-counts[n], names[n]))[: vocabulary - 1]
    kept = [0, *(n for n in order if counts[n] >= 2)]
    rank = np.full(len(names), -1, np.int64)
    rank[kept] = np.arange(len(kept))
    ids = rank[sequence]
    size = len(kept)
    first, second, third = ids[:-2], ids[1:-1], ids[2:]
    good = (first >= 0) & (second > 0)
    pair_keys, twos = np.unique(first[good] * size + second[good], return_counts=True)
    enough = twos >= pairs
    pair_keys, twos = pair_keys[enough], twos[enough]
    good &= third > 0
    triple_keys, threes = np.unique((first[good] * size + second[good]) * size + third[good], return_counts=True)
    parents = triple_keys // size
    at = np.searchsorted(pair_keys, parents)
    at[at == len(pair_keys)] = 0
    enough = (threes >= triples) & (pair_keys[at] == parents)
    triple_keys, threes = triple_keys[enough], threes[enough]
    return NgramCounts(
        [names[n] for n in kept],
        counts[kept],
        np.stack([pair_keys // size, pair_keys % size], 1),
        twos,
        np.stack([triple_keys // size // size, triple_keys // size % size, triple_keys % size], 1),
        threes,
    )
