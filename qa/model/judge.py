"""The judge: one calibrated classifier over all evidence for an edit, a small forest of trees in a JSON file.

`python -m models.corrector.judge` trains it on held-out text and writes `qa/weights/judge.json`.
"""

from __future__ import annotations

import json
import math
from bisect import bisect_left
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from operator import attrgetter
from pathlib import Path
from typing import Any

from qa.lexicon import Lexicon
from qa.model.features import FORMS, GENDERS, LEXICAL, NUMBERS, POS, Token, tokenise
from qa.model.labels import DELETE, INFLECT
from qa.model.propose import Candidate
from qa.model.sentences import Sentence
from qa.model.tagger import Verdict
from qa.ngrams import Ngrams

CODES = ("de", "en", "es", "fr", "it", "nl", "pt")
PLACES = ("left", "right", "noun-before", "noun-first", "noun-after")
SEEN = ("NOUN", "PROPN", "ADJ", "VERB", "AUX", "DET", "PRON", "ADP", "pp", "pl", "f")
NAMES = (
    "wrong",
    "label",
    "odds",
    "gain",
    "gain-each",
    "old-known",
    "new-known",
    "old-frequency",
    "new-frequency",
    "old-elsewhere",
    "delete",
    "insert",
    "exchange",
    "inflect",
    "tokens",
    "suspicion",
    "capitals",
    "pair-old",
    "pair-new",
    "left-count",
    "right-count",
    "margin",
    "has-margin",
    "quoted",
    "same-lemma",
    "neighbour-name",
    *(f"is-{code}" for code in CODES),
    *(f"{place}-{what}" for place in ("left2", "left", "right", "right2", "old", "new") for what in (*SEEN, "capital")),
    *(
        f"{one}-{other}-{what}"
        for one in ("old", "new")
        for other in ("left", "right", "right2")
        for what in ("gender", "number")
    ),
    *(
        f"{head}-{what}"
        for head in ("noun-before", "noun-first", "noun-after", "verb-before", "verb-first")
        for what in ("distance", "old-gender", "old-number", "new-gender", "new-number")
    ),
    "left-old",
    "old-right",
    "left-new",
    "new-right",
    "left-right",
    *(f"agreement-{place}" for place in PLACES),
    *(f"sure-{place}" for place in PLACES),
    "doubt-left",
    "doubt-right",
    "doubt-before",
    "rival-odds",
    "rival-label",
    "rivals",
    "others-label",
)
UNKNOWN_MARGIN = 0.0
LABEL, ODDS = NAMES.index("label"), NAMES.index("odds")

STAGE = 50  # trees
HOPELESS = -6.0  # log-odds that a later tree does not make up for

_GENDER = slice(len(POS), len(POS) + len(GENDERS))
_NUMBER = slice(_GENDER.stop, _GENDER.stop + len(NUMBERS))
_FORM = slice(_NUMBER.stop, _NUMBER.stop + len(FORMS))
_SHOWN = (*(POS.index(pos) for pos in SEEN[:8]), _FORM.start + FORMS.index("pp"), _NUMBER.start + 1, _GENDER.start + 1)
_NOTHING = [0.0] * LEXICAL
_NOUN, _VERB, _AUX = POS.index("NOUN"), POS.index("VERB"), POS.index("AUX")
_start = attrgetter("start")
_LIKELY = 0.5  # share of its readings from which on a word counts as a noun or a verb


def log_odds(p: float) -> float:
    """The logit of a probability, kept finite."""
    p = min(max(p, 1e-4), 1 - 1e-4)
    return math.log(p / (1 - p))


@dataclass(frozen=True, slots=True)
class Look:
    """All that is known of a sentence.  `lexical` gives what `qa.model.features.lexical` says of a token."""

    text: str
    tokens: Sequence[Token]
    words: Lexicon
    ngrams: Ngrams
    code: str
    lexical: Callable[[str], Sequence[float]]
    nouns: Sequence[int]  # places of the tokens that are most likely nouns, or verbs
    verbs: Sequence[int]
    doubts: Sequence[float]  # how likely the tagger finds each token wrong
    lacks: Sequence[float]  # how likely it finds that something is missing before each
    suspicion: float  # the tagger's doubts, summed over the sentence
    capitals: float  # share of the tokens


def look(
    piece: Sentence,
    verdict: Verdict,
    words: Lexicon,
    ngrams: Ngrams,
    code: str,
    lexical: Callable[[str], Sequence[float]],
) -> Look:
    """What is known of a sentence."""
    facts = [lexical(token.text) for token in piece.tokens]
    nouns = [place for place, each in enumerate(facts) if each[_NOUN] > _LIKELY]
    verbs = [place for place, each in enumerate(facts) if each[_VERB] + each[_AUX] > _LIKELY]
    doubts, lacks = (1 - verdict.own[:, 0]).tolist(), (1 - verdict.before[:, 0]).tolist()
    suspicion = sum(doubts) + sum(lacks)
    capitals = sum(token.text[:1].isupper() for token in piece.tokens) / max(len(piece.tokens), 1)
    return Look(
        piece.text,
        piece.tokens,
        words,
        ngrams,
        code,
        lexical,
        nouns,
        verbs,
        doubts,
        lacks,
        suspicion,
        capitals,
    )


def edited(candidate: Candidate, seen: Look) -> tuple[list[str], list[str], int, int, int]:
    """The tokens before and after an edit, the first that differs, and the ends of what differs in both.

    Tokens never hold a space, so only what stands between the spaces around the edit is cut anew.
    """
    text, tokens = seen.text, seen.tokens
    start, end = candidate.start, candidate.end
    while start and not text[start - 1].isspace():
        start -= 1
    while end < len(text) and not text[end].isspace():
        end += 1
    first = bisect_left(tokens, start, key=_start)
    last = bisect_left(tokens, end, first, key=_start)
    old = [token.text for token in tokens]
    near = old[first:last]
    changed = text[start : candidate.start] + candidate.new + text[candidate.end : end]
    made = [token.text for token in tokenise(changed, elision=seen.ngrams.elision)]
    most = min(len(near), len(made))
    head = next((i for i in range(most) if near[i] != made[i]), most)
    tail = next((i for i in range(most - head) if near[-1 - i] != made[-1 - i]), most - head)
    return old, [*old[:first], *made, *old[last:]], first + head, last - tail, first + len(made) - tail


def evidence(candidate: Candidate, seen: Look, margin: float | None = None) -> list[float]:
    """The numbers the judge decides by, in the order of `NAMES` but for the last, which `rivals` adds.

    `margin` is how much likelier (nats) the seq2seq model finds the edit than the text as it stands, if it was asked.
    """
    text, words, ngrams = seen.text, seen.words, seen.ngrams
    old, new, head, old_end, new_end = edited(candidate, seen)
    before, after = ngrams.logprob(old, head, old_end), ngrams.logprob(new, head, new_end)
    was, becomes = " ".join(old[head:old_end]), " ".join(new[head:new_end])
    left = old[head - 1] if head else "<s>"
    right = old[old_end] if old_end < len(old) else "."
    kind = candidate.kind
    frequency = words.frequency
    single, made = old_end - head == 1, new_end - head == 1
    left_old, old_right = (ngrams.count(left, was), ngrams.count(was, right)) if single else (0, 0)
    left_new, new_right = (ngrams.count(left, becomes), ngrams.count(becomes, right)) if made else (0, 0)
    left_right = ngrams.count(left, right)
    return [
        log_odds(candidate.wrong),
        log_odds(candidate.label),
        log_odds(min(candidate.label / max(candidate.wrong, 1e-6), 1.0)),
        after - before,
        after / max(new_end - head + 2, 1) - before / max(old_end - head + 2, 1),
        float(all(word in words for word in old[head:old_end])),
        float(all(word in words for word in new[head:new_end])),
        math.log(min((frequency(word) for word in old[head:old_end]), default=1.0) + 0.01),
        math.log(min((frequency(word) for word in new[head:new_end]), default=1.0) + 0.01),
        math.log(
            max((max(words.elsewhere(word).values(), default=0.0) for word in old[head:old_end]), default=0.0) + 0.01
        ),
        float(kind == DELETE),
        float(kind[:1] == "+"),
        float(kind[:1] == "="),
        float(kind == INFLECT),
        float(len(old)),
        seen.suspicion - candidate.wrong,
        seen.capitals,
        math.log1p(left_old) + math.log1p(old_right) if single else -1.0,
        math.log1p(left_new) + math.log1p(new_right) if made else math.log1p(left_right) if not becomes else -1.0,
        # Where a neighbour is rare the counts know little, and agreement decides.
        math.log1p(ngrams.count(left)),
        math.log1p(ngrams.count(right)),
        UNKNOWN_MARGIN if margin is None else margin,
        float(margin is not None),
        float(_quoted(text, candidate.start)),
        float(_share_lemma(words, was, becomes)),
        float(left[:1].isupper() or right[:1].isupper()),
        *(float(seen.code == each) for each in CODES),
        *_neighbours(old, new, head, old_end, new_end, seen.lexical),
        *_governors(old, new, head, old_end, new_end, seen),
        *map(math.log1p, (left_old, old_right, left_new, new_right, left_right)),
        *_agreement(old, new, head, old_end, new_end, seen),
        seen.doubts[head - 1] if head else 0.0,
        seen.doubts[old_end] if old_end < len(old) else 0.0,
        seen.lacks[head] if head < len(old) else 0.0,
    ]


def rivals(found: Sequence[Candidate], rows: Sequence[Sequence[float]]) -> list[list[float]]:
    """The evidence for all candidates of a sentence, each with what speaks for the others."""
    result = []
    for one, row in zip(found, rows, strict=True):
        here = [
            (other_row[ODDS], other_row[LABEL])
            for other, other_row in zip(found, rows, strict=True)
            if other is not one and other.start <= one.end and other.end >= one.start
        ]
        elsewhere = [
            other_row[LABEL]
            for other, other_row in zip(found, rows, strict=True)
            if other.start > one.end or other.end < one.start
        ]
        result.append(
            [
                *row,
                max((each for each, _ in here), default=-20.0) - row[ODDS],
                max((each for _, each in here), default=-10.0) - row[LABEL],
                float(len(here)),
                max(elsewhere, default=-10.0),
            ]
        )
    return result


def _neighbours(
    old: Sequence[str],
    new: Sequence[str],
    head: int,
    old_end: int,
    new_end: int,
    lexical: Callable[[str], Sequence[float]],
) -> list[float]:
    """Parts of speech around the edit, and whether old and new word agree with them in gender and number."""
    words = [
        old[head - 2] if head > 1 else "",
        old[head - 1] if head else "",
        old[old_end] if old_end < len(old) else "",
        old[old_end + 1] if old_end + 1 < len(old) else "",
        old[head] if old_end > head else "",
        new[head] if new_end > head else "",
    ]
    known = [lexical(word) if word else _NOTHING for word in words]
    values = []
    for word, facts in zip(words, known, strict=True):
        values += [facts[number] for number in _SHOWN]
        values.append(float(word[:1].isupper()))
    for facts in known[4:]:
        for other in known[1:4]:
            values += [_overlap(facts[part], other[part]) for part in (_GENDER, _NUMBER)]
    return values


def _governors(
    old: Sequence[str], new: Sequence[str], head: int, old_end: int, new_end: int, seen: Look
) -> list[float]:
    """How far the nouns and verbs are that may govern the word, and whether old and new word agree with them."""
    nouns = [place for place in seen.nouns if place < head]
    verbs = [place for place in seen.verbs if place < head]
    places = [
        nouns[-1] if nouns else None,
        nouns[0] if nouns else None,
        next((place for place in seen.nouns if place >= old_end), None),
        verbs[-1] if verbs else None,
        verbs[0] if verbs else None,
    ]
    was = seen.lexical(old[head]) if old_end - head == 1 else _NOTHING
    becomes = seen.lexical(new[head]) if new_end - head == 1 else _NOTHING
    values = []
    for place in places:
        other = _NOTHING if place is None else seen.lexical(old[place])
        values.append(-1.0 if place is None else float(abs(place - head)))
        values += [_overlap(one[part], other[part]) for one in (was, becomes) for part in (_GENDER, _NUMBER)]
    return values


def _agreement(
    old: Sequence[str], new: Sequence[str], head: int, old_end: int, new_end: int, seen: Look
) -> list[float]:
    """For each of `PLACES` how much better the new word agrees with it in gender and number; how sure its own are."""
    if old_end - head != 1 or new_end - head != 1:
        return [0.0] * (2 * len(PLACES))
    was, becomes = seen.lexical(old[head]), seen.lexical(new[head])
    before = bisect_left(seen.nouns, head)
    behind = bisect_left(seen.nouns, old_end)
    places = (
        head - 1 if head else None,
        old_end if old_end < len(old) else None,
        seen.nouns[before - 1] if before else None,
        seen.nouns[0] if before else None,
        seen.nouns[behind] if behind < len(seen.nouns) else None,
    )
    gains, sure = [], []
    for place in places:
        other = _NOTHING if place is None else seen.lexical(old[place])
        gender, number = other[_GENDER], other[_NUMBER]
        gains.append(
            _overlap(becomes[_GENDER], gender) * _overlap(becomes[_NUMBER], number)
            - _overlap(was[_GENDER], gender) * _overlap(was[_NUMBER], number)
        )
        sure.append(max(gender) * max(number))
    return gains + sure


def _overlap(one: Sequence[float], other: Sequence[float]) -> float:
    """From 0, no reading in common, to 1; 0.5 where one of them has none."""
    whole = min(sum(one), sum(other))
    return sum(map(min, one, other)) / whole if whole > 0.05 else 0.5


def _quoted(text: str, at: int) -> bool:
    return sum(text.count(mark, 0, at) for mark in "«“„") > sum(text.count(mark, 0, at) for mark in "»”") or (
        text.count('"', 0, at) % 2 == 1
    )


def _share_lemma(words: Lexicon, old: str, new: str) -> bool:
    return bool({r.lemma for r in words.analyses(old)} & {r.lemma for r in words.analyses(new)})


@dataclass(frozen=True)
class Forest:
    """Boosted trees as arrays, one entry for each node of all trees; a leaf leads to itself.

    `roots` are the trees' first nodes, `depth` how many steps lead from there to the farthest leaf.
    """

    roots: Any
    feature: Any
    limit: Any
    left: Any
    right: Any
    leaf: Any
    depth: int

    @classmethod
    def plant(cls, trees: Sequence[Mapping[str, Sequence[float]]]) -> Forest:
        """The trees of a judge's file."""
        import numpy as np

        sizes = [len(tree["feature"]) for tree in trees]
        roots = np.cumsum([0, *sizes])[:-1].astype(np.int32)
        feature, limit, left, right, leaf = (
            np.concatenate([np.asarray(tree[name], np.float64) for tree in trees])
            for name in ("feature", "limit", "left", "right", "leaf")
        )
        own = np.arange(sum(sizes))
        start = np.repeat(roots, sizes)
        ends = feature < 0
        left, right = (np.where(ends, own, side.astype(np.int32) + start).astype(np.int32) for side in (left, right))
        depth, reached = 0, roots
        while not ends[reached].all():
            depth, reached = depth + 1, np.unique(np.concatenate([left[reached], right[reached]]))
        return cls(roots, np.maximum(feature, 0).astype(np.int32), limit, left, right, leaf, depth)

    def sums(self, rows: Sequence[Sequence[float]], least: float = -math.inf) -> Any:
        """For each row of numbers the sum of the leaves that it comes to.

        The trees are asked `STAGE` at a time; a row whose sum is below `least` by then is not asked about again.
        """
        import numpy as np

        values = np.array(rows, np.float64)
        total = np.zeros(len(values))
        open_ = np.arange(len(values))
        for start in range(0, len(self.roots), STAGE):
            node = np.repeat(self.roots[None, start : start + STAGE], len(open_), 0)
            lines = open_[:, None]
            for _ in range(self.depth):
                node = np.where(
                    values[lines, self.feature[node]] <= self.limit[node], self.left[node], self.right[node]
                )
            total[open_] += self.leaf[node].sum(1)
            open_ = open_[total[open_] >= least]
        return total


@dataclass(frozen=True)
class Judge:
    """A boosted forest and its thresholds.  Probability = logistic(base + sum of the trees' leaves)."""

    base: float
    forest: Forest | None  # None: nothing is likelier than the base
    thresholds: Mapping[str, float]

    def probabilities(self, rows: Sequence[Sequence[float]]) -> list[float]:
        """How likely each edit is right."""
        sums = [0.0] * len(rows)
        if self.forest is not None and rows:
            sums = self.forest.sums(rows, HOPELESS - self.base).tolist()
        return [1 / (1 + math.exp(-self.base - each)) for each in sums]

    def confidence(self, probability: float, code: str, kind: str) -> float:
        """The probability with its log-odds moved so that one half is the threshold of this kind of edit."""
        shift = log_odds(min(self.threshold(code, kind), 1 - 1e-4))
        return round(1 / (1 + math.exp(shift - log_odds(probability))), 3)

    def threshold(self, code: str, kind: str) -> float:
        """The probability from which on an edit is reported."""
        return self.thresholds.get(f"{code} {group(kind)}", self.thresholds.get(code, 2.0))


def group(kind: str) -> str:
    """The group of labels that share a threshold."""
    return {"+": "insert", "=": "exchange"}.get(kind[:1], kind)


def load(path: Path) -> Judge:
    """The judge of a file.  Raises FileNotFoundError."""
    data: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    if tuple(data["features"]) != NAMES:
        raise ValueError(f"{path}: made for other evidence: run `python -m models.corrector.judge`")
    return Judge(data["base"], Forest.plant(data["trees"]), data["thresholds"])
