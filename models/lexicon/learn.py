"""What the tagged corpora teach about words: their uses, and the gender and number of nouns."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from models.lexicon.counts import Corpus
from models.lexicon.readings import Reading, key_of
from models.lexicon.sources import Facts, Token
from models.lexicon.tagger import Tag, Tagger

#: Words of each part that are tagged.
TAGGED = {"everyday": 900_000, "debates": 300_000, "law": 400_000, "literature": 800_000}

#: Parts of speech that may stand between a determiner and its noun.
_BETWEEN = frozenset({"ADJ", "NUM"})

#: Added to every likelihood: taggers err and texts hold errors.
_NOISE = 0.02

Class = tuple[str, str]


@dataclass
class Learnt:
    """Counts over the tagged corpora, by the form as the lexicon stores it."""

    #: How often each tag was given.
    uses: dict[str, Counter[Tag]] = field(default_factory=lambda: defaultdict(Counter))
    #: For nouns: the determiners and contractions before them.
    witnesses: dict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))


def tag_corpora(corpus: Corpus, tagger: Tagger, facts: Facts, closed: Mapping[str, list[Reading]]) -> Learnt:
    """Tag the sample of the corpora and count uses and witnesses."""
    learnt = Learnt()
    tags = tagger.tags
    is_noun = np.array([t[0] == "NOUN" for t in tags])
    between = np.array([t[0] in _BETWEEN for t in tags])
    article = np.array([t[0] in ("DET", "ADP") for t in tags])
    lowered = [t.lower() for t in corpus.types]
    determiner = np.array([_is_witness(word, closed) for word in lowered])
    names: dict[tuple[int, int], str] = {}

    def name(type_: int, tag: int) -> str:
        key = type_, tag
        if key not in names:
            names[key] = key_of(corpus.types[type_], tags[tag][0], facts)
        return names[key]

    for stream in corpus.streams:
        ids = stream.ids[stream.sampled][: TAGGED.get(stream.part, len(stream.ids))]
        best = tagger.tag(corpus.types, ids).astype(np.int64)
        real = ids > 0
        for key, count in _count(ids[real].astype(np.int64) * 4096 + best[real]):
            type_, tag = divmod(key, 4096)
            learnt.uses[name(type_, tag)][tags[tag]] += count
        noun = np.nonzero(is_noun[best] & real)[0]
        noun = noun[(noun > 2) & (noun < len(ids) - 1)]
        for distance in (1, 2):
            here = noun[determiner[ids[noun - distance]] & article[best[noun - distance]]]
            if distance == 2:
                here = here[between[best[here - 1]] & ~determiner[ids[here - 1]]]
            packed = (ids[here].astype(np.int64) << 33) | (best[here] << 21 & 0x1FF << 21)
            packed |= ids[here - distance].astype(np.int64) & 0x1FFFFF
            for key, count in _count(packed):
                word = name(key >> 33, key >> 21 & 0x1FF)
                learnt.witnesses[word][lowered[key & 0x1FFFFF]] += count
    return learnt


def _is_witness(word: str, closed: Mapping[str, list[Reading]]) -> bool:
    return any(r.pos in ("DET", "ADP") and (r.gender or r.number) for r in closed.get(word, ()))


def _count(keys: np.ndarray) -> Iterable[tuple[int, int]]:
    values, counts = np.unique(keys, return_counts=True)
    return zip(values.tolist(), counts.tolist(), strict=True)


class GenderModel:
    """Which gender and number a noun has, from the determiners before it.

    Each gender and number is a distribution over determiners, taken from the treebank; a noun is one of
    them, or (where both numbers look alike) a mixture of a singular and the plural.
    """

    def __init__(self, sentences: Iterable[Sequence[Token]], facts: Facts, closed: Mapping[str, list[Reading]]) -> None:
        counts: defaultdict[Class, Counter[str]] = defaultdict(Counter)
        for sentence in sentences:
            for at, token in enumerate(sentence):
                if token.pos != "NOUN" or not token.number:
                    continue
                gender = "c" if facts.language == "nl" and token.gender in ("m", "f") else token.gender
                if not gender and token.number == "sg":
                    continue
                before = sentence[at - 1] if at else None
                if before and before.pos in _BETWEEN and before.form.lower() not in closed and at > 1:
                    before = sentence[at - 2]
                if before and _is_witness(before.form.lower(), closed):
                    word = before.form.lower()
                    allowed = {(r.gender, r.number) for r in closed[word]}
                    if any(_fits(gender, token.number, *a) for a in allowed):
                        counts[gender, token.number][word] += 1
        self.closed = closed
        words = sorted({w for c in counts.values() for w in c} | {w for w in closed if _is_witness(w, closed)})
        self.words = {word: n for n, word in enumerate(words)}
        # German plurals know no gender: the classes that no determiner tells apart are one.
        plural_gender = any(
            r.number == "pl" and r.gender in ("m", "f") for rs in closed.values() for r in rs if r.pos in ("DET", "ADP")
        )
        self.classes: list[Class] = sorted({(g, n) for g, n in counts if n == "sg" and g in ("m", "f", "n", "c")})
        genders = [g for g, _ in self.classes]
        self.classes += [(g, "pl") for g in genders] if plural_gender else [("", "pl")]
        # A determiner that several genders allow must not tell them apart: its rate is taken per number.
        rates: defaultdict[str, Counter[str]] = defaultdict(Counter)
        for (_, number), found in counts.items():
            rates[number].update(found)
        self.likelihood = np.zeros((len(self.classes), len(words)))
        for row, (gender, number) in enumerate(self.classes):
            total = sum(rates[number].values()) + 0.5 * len(words)
            for word, n in self.words.items():
                if any(_fits(gender, number, r.gender, r.number) for r in closed.get(word, ())):
                    self.likelihood[row, n] = (0.5 + rates[number][word]) / total
        noise = self.likelihood.mean(0)
        self.likelihood = (1 - _NOISE) * self.likelihood + _NOISE * noise / noise.sum()

    def score(self, witnesses: Mapping[str, int]) -> dict[tuple[Class, ...], float]:
        """The log-likelihood of every hypothesis: one class, or a singular with the plural."""
        ids = [self.words[w] for w in witnesses if w in self.words]
        counts = np.array([float(witnesses[w]) for w in witnesses if w in self.words])
        if not ids or len(self.classes) < 2:
            return {}
        # Occurrences repeat each other (one text, one phrase): they count less than fully.
        weight = counts * min(1.0, 12 / counts.sum())
        table = self.likelihood[:, ids]
        single = np.log(table) @ weight
        scores: dict[tuple[Class, ...], float] = {(c,): float(s) for c, s in zip(self.classes, single, strict=True)}
        plural = [row for row, c in enumerate(self.classes) if c[1] == "pl"]
        for row, one in enumerate(self.classes):
            for other in plural:
                if one[1] == "sg" and self.classes[other][0] in ("", one[0]):
                    mixed = max(
                        float(np.log(a * table[row] + (1 - a) * table[other]) @ weight) for a in (0.2, 0.5, 0.8)
                    )
                    scores[one, self.classes[other]] = mixed - 2.5
        return scores

    def number(self, witnesses: Mapping[str, int]) -> str:
        """sg, pl or sp where the determiners prove it, else ''."""
        best: dict[str, float] = {}
        for hypothesis, value in self.score(witnesses).items():
            name = hypothesis[0][1] if len(hypothesis) == 1 else "sp"
            best[name] = max(best.get(name, -math.inf), value)
        if len(best) < 2:
            return ""
        first, second = sorted(best, key=lambda name: (-best[name], name))[:2]
        proven = best[first] - best[second]
        if first != "sp" and second == "sp":
            # A mixture with little of the other number is always close: what counts is the other number.
            other = "pl" if first == "sg" else "sg"
            return first if best[first] - best[other] >= 7 and proven >= 1 else ""
        return first if proven >= 7 else ""

    def genders(self, forms: Iterable[tuple[Mapping[str, int], str]]) -> dict[str, float]:
        """The log-likelihood of each gender of a noun, given the witnesses and the number of its forms.

        A number that is not sg or pl leaves open what the form is.
        """
        total: dict[str, float] = {g: 0.0 for g, n in self.classes if n == "sg"}
        for witnesses, number in forms:
            scores = self.score(witnesses)
            if number in ("sg", "pl"):
                scores = {h: v for h, v in scores.items() if len(h) == 1 and h[0][1] == number}
            for gender in total if scores else ():
                total[gender] += max(value for hypothesis, value in scores.items() if hypothesis[0][0] in ("", gender))
        return total


def _fits(gender: str, number: str, allowed_gender: str, allowed_number: str) -> bool:
    return (allowed_number in (number, "sp", "")) and (
        not gender or allowed_gender in (gender, "mf", "") or (allowed_gender == "c" and gender in ("m", "f"))
    )
