"""A small averaged perceptron that tags every word by itself, from its letters and its neighbours.

It is trained on a treebank and run over the corpora at build time; what ships is how often it gave each
reading to each word. No tag depends on another tag, so whole batches are scored by NumPy at once.
Perceptron averaging after Collins (2002).
"""

from __future__ import annotations

import zlib
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from models.lexicon.sources import Token
from qa.ngrams import START, normal

_BITS = 18
_BATCH = 64

Tag = tuple[str, str, str, str, str]


def tag_of(token: Token) -> Tag:
    """What the tagger predicts of a word: part of speech, gender, number, person, verb form."""
    person = token.person if token.verb_form == "fin" else ""
    return token.pos, token.gender, token.number, person, token.verb_form


def _hash(text: str) -> int:
    return zlib.crc32(text.encode())


class Words:
    """Features of word types, as hashes: `features[type]` has one column per kind."""

    WORD, CLASS, SHAPE, LAST4, LAST3, LAST2, LAST1, FIRST3 = range(8)

    def __init__(self, types: Sequence[str], seen: Mapping[str, int], classes: Mapping[str, str]) -> None:
        self.features = np.zeros((len(types), 8), np.int64)
        for number, form in enumerate(types):
            word = form if form == START else normal(form)
            shape = (
                "0"
                if word[:1] == "0"
                else "."
                if not word[:1].isalpha()
                else ("A" if form.isupper() and len(form) > 1 else "Aa" if form[0].isupper() else "a")
                + ("-" if "-" in form[1:] else "")
            )
            self.features[number] = [
                _hash("w" + (word if seen.get(word, 0) > 1 else "?")),
                _hash("c" + classes.get(word, "")),
                _hash(shape),
                _hash("4" + word[-4:]),
                _hash("3" + word[-3:]),
                _hash("2" + word[-2:]),
                _hash("1" + word[-1:]),
                _hash("f" + word[:3]),
            ]


def context(features: np.ndarray, ids: np.ndarray) -> np.ndarray:
    """Rows of the weight matrix that fire at every position of `ids` (which has 0 between sentences)."""
    w = Words
    here = features[ids]
    before = np.roll(here, 1, 0)
    after = np.roll(here, -1, 0)
    first = ids == 0
    # Do not look across a sentence border more than one step.
    before2 = np.where(np.roll(first, 1)[:, None], before, np.roll(here, 2, 0))
    after2 = np.where(np.roll(first, -1)[:, None], after, np.roll(here, -2, 0))
    starts = np.roll(first, 1).astype(np.int64)
    columns = [
        here[:, w.WORD],
        here[:, w.CLASS],
        here[:, w.SHAPE] * 3 + starts,
        here[:, w.LAST4],
        here[:, w.LAST3],
        here[:, w.LAST2],
        here[:, w.LAST1],
        here[:, w.FIRST3],
        before[:, w.WORD],
        after[:, w.WORD],
        before2[:, w.WORD],
        after2[:, w.WORD],
        before[:, w.LAST3],
        after[:, w.LAST3],
        before[:, w.CLASS],
        after[:, w.CLASS],
        before[:, w.WORD] * 31 + here[:, w.LAST3],
        before[:, w.WORD] * 37 + here[:, w.CLASS],
        after[:, w.WORD] * 41 + here[:, w.CLASS],
        before[:, w.LAST2] * 43 + here[:, w.LAST2],
        before[:, w.WORD] * 47 + after[:, w.WORD],
        before2[:, w.WORD] * 53 + before[:, w.WORD],
        before[:, w.WORD] * 59 + here[:, w.WORD],
        after[:, w.LAST2] * 61 + here[:, w.LAST2],
    ]
    rows = np.stack(columns, 1)
    rows += np.arange(len(columns)) * 0x9E3779B1
    rows *= -0x61C8864680B583EB
    return ((rows >> (64 - _BITS)) & ((1 << _BITS) - 1)).astype(np.int32)


@dataclass(frozen=True)
class Tagger:
    """Weights and what is needed to compute features of new words."""

    tags: list[Tag]
    weights: np.ndarray
    seen: Mapping[str, int]
    classes: Mapping[str, str]

    def tag(self, types: Sequence[str], ids: np.ndarray, chunk: int = 4096) -> np.ndarray:
        """The number of the best tag at every position."""
        features = Words(types, self.seen, self.classes).features
        best = np.zeros(len(ids), np.int16)
        for start in range(0, len(ids), 1 << 18):
            # Two positions on either side are read too, so a piece does not see wrong neighbours.
            piece = ids[max(0, start - 2) : start + (1 << 18) + 2]
            rows = context(features, piece)[min(start, 2) :][: 1 << 18]
            for at in range(0, len(rows), chunk):
                part = rows[at : at + chunk]
                score = np.zeros((len(part), self.weights.shape[1]), np.float32)
                for column in range(part.shape[1]):
                    score += self.weights[part[:, column]]
                best[start + at : start + at + len(part)] = score.argmax(1)
        return best


def train(
    sentences: Sequence[Sequence[Token]], classes: Mapping[str, str], *, rounds: int = 3, seed: int = 7
) -> Tagger:
    """Train on tagged sentences. `classes` names what tables say of a word, as one string."""
    types: dict[str, int] = {START: 0}
    tags: dict[Tag, int] = {}
    ids, gold = [0], [-1]
    for sentence in sentences:
        for token in sentence:
            ids.append(types.setdefault(token.form, len(types)))
            gold.append(tags.setdefault(tag_of(token), len(tags)))
        ids.append(0)
        gold.append(-1)
    seen = Counter(normal(list(types)[n]) for n in ids)
    seen[START] = len(ids)
    rows = context(Words(list(types), seen, classes).features, np.array(ids))
    gold_ = np.array(gold)
    where = np.nonzero(gold_ >= 0)[0]
    weights = np.zeros((1 << _BITS, len(tags)), np.float32)
    total = np.zeros_like(weights)
    random = np.random.default_rng(seed)
    step = 0
    for _ in range(rounds):
        random.shuffle(where)
        for start in range(0, len(where), _BATCH):
            batch = where[start : start + _BATCH]
            part = rows[batch]
            score = weights[part].sum(1)
            guess = score.argmax(1)
            wrong = guess != gold_[batch]
            step += 1
            if wrong.any():
                fired = part[wrong]
                for target, change in ((gold_[batch][wrong], 1.0), (guess[wrong], -1.0)):
                    np.add.at(weights, (fired, target[:, None]), change)
                    np.add.at(total, (fired, target[:, None]), change * step)
    weights -= total / step
    return Tagger(list(tags), weights, seen, classes)
