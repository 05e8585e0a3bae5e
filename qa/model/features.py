"""What the tagger sees of each token: who it is, how it is written, what the lexicon and the n-gram counts say.

Everything about one token is computed once per distinct token and remembered; everything about neighbours is looked
up for a whole batch at a time with NumPy.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from qa.lexicon import Lexicon
from qa.ngrams import START, Ngrams, normal

_ELIDING = re.compile(r"\w+(?:-\w+)*(?:'(?=\w)|(?<!\w)')?|[^\w\s]")
_PLAIN = re.compile(r"\w+(?:[-']\w+)*|[^\w\s]")

POS = ("NOUN", "PROPN", "ADJ", "VERB", "AUX", "DET", "PRON", "ADP", "ADV", "CCONJ", "SCONJ", "NUM")
GENDERS = ("m", "f", "n", "c")
NUMBERS = ("sg", "pl")
FORMS = ("inf", "pp", "fin", "ger")
PERSONS = ("1", "2", "3")
LEXICAL = len(POS) + len(GENDERS) + len(NUMBERS) + len(FORMS) + len(PERSONS) + 5
SHAPE = 8
COUNTS = 14
#: Whom a token may have to agree with, and how far its nouns and verbs are: see `agreement`.
PARTNERS = ("left2", "left", "right", "right2", "noun-left", "noun-left2", "noun-first", "noun-right", "verb-left")
DISTANCES = 4
AGREEMENT = 2 * len(PARTNERS) + DISTANCES
SUFFIXES = 4096

_MEMO_LIMIT = 200_000
_NOUN, _VERB, _AUX = POS.index("NOUN"), POS.index("VERB"), POS.index("AUX")
_GENDER = slice(len(POS), len(POS) + len(GENDERS))
_NUMBER = slice(_GENDER.stop, _GENDER.stop + len(NUMBERS))
_LIKELY = 0.5  # share of its readings from which on a word counts as a noun or a verb
_KNOWN = 0.05  # shares of readings with a gender or number, below which a word has none
_FAR = 10  # tokens


@dataclass(frozen=True, slots=True)
class Token:
    """A token as the n-gram counts know it, and its place in the text."""

    start: int
    end: int
    text: str


def tokenise(text: str, *, elision: bool) -> list[Token]:
    """The tokens of `qa.ngrams.tokens` with their places; ’ counts as '."""
    pattern = _ELIDING if elision else _PLAIN
    return [Token(m.start(), m.end(), m.group()) for m in pattern.finditer(text.replace("’", "'"))]


def suffix_number(word: str) -> int:
    """A number for the last three letters, the same on every machine."""
    number = 7
    for character in word[-3:].lower():
        number = (number * 131 + ord(character)) % SUFFIXES
    return number


def lexical(words: Lexicon, token: str) -> list[float]:
    """The lexicon's opinion of a token: shares of readings, frequency here and in other languages."""
    values = [0.0] * LEXICAL
    if not token[:1].isalpha():
        return values
    base = 0
    readings = words.analyses(token)
    for reading in readings:
        for table, value in (
            (POS, reading.pos),
            (GENDERS, reading.gender),
            (NUMBERS, reading.number),
            (FORMS, reading.form),
            (PERSONS, reading.person),
        ):
            if value in table:
                values[base + table.index(value)] += reading.share
            elif value in ("mf", "sp"):
                values[base] += reading.share / 2
                values[base + 1] += reading.share / 2
            base += len(table)
        base = 0
    frequency = words.frequency(token)
    elsewhere = max(words.elsewhere(token).values(), default=0.0)
    values[-5] = float(token in words)
    values[-4] = math.log(frequency + 0.01) / 5
    values[-3] = math.log(elsewhere + 0.01) / 5
    values[-2] = words.capitalised_share(token)
    values[-1] = float(words.onset(token) in ("vowel", "mute-h", "stressed-a"))
    return values


def shape(token: str) -> list[float]:
    """How a token is written."""
    first = token[:1]
    return [
        float(first.isupper()),
        float(len(token) > 1 and token.isupper()),
        float(any(character.isupper() for character in token[1:])),
        float(first.isdigit()),
        float(not first.isalnum()),
        float(token.endswith("'")),
        min(len(token), 20) / 10,
        1.0,
    ]


def agreement(known: Any, lengths: Sequence[int]) -> Any:
    """Whether each token agrees with its partners in gender and number, from what `lexical` says of all tokens.

    One row per token: for each of `PARTNERS` from -1 (no reading in common) to 1, 0 where one of them has none; then
    how far the nearest noun and verb on both sides are.  A network of sums does not multiply, so it is told.
    """
    import numpy as np

    size = len(known)
    here = np.arange(size)
    ends = np.cumsum(np.asarray(lengths, np.int64))
    start = np.repeat(ends - lengths, lengths)
    end = np.repeat(ends, lengths)
    nouns = known[:, _NOUN] > _LIKELY
    verbs = known[:, _VERB] + known[:, _AUX] > _LIKELY

    def before(marks: Any) -> Any:
        """The nearest marked token to the left, or -1."""
        last = np.maximum.accumulate(np.where(marks, here, -1))
        found = np.append(-1, last[:-1])[:size]
        return np.where(found >= start, found, -1)

    def behind(marks: Any) -> Any:
        """The nearest marked token to the right, or -1."""
        following = np.minimum.accumulate(np.where(marks, here, size)[::-1])[::-1]
        found = np.append(following[1:], size)[:size]
        return np.where(found < end, found, -1)

    def beside(by: int) -> Any:
        there = here + by
        return np.where((there >= start) & (there < end), there, -1)

    noun, next_noun, verb, next_verb = before(nouns), behind(nouns), before(verbs), behind(verbs)
    nearest = np.minimum.accumulate(np.where(nouns, here, size)[::-1])[::-1]
    first = nearest[start] if size else here
    partners = (
        beside(-2),
        beside(-1),
        beside(1),
        beside(2),
        noun,
        np.where(noun >= 0, noun[noun], -1),
        np.where(first < here, first, -1),
        next_noun,
        verb,
    )
    traits = known[:, _GENDER], known[:, _NUMBER]
    sums = [trait.sum(1) for trait in traits]
    columns = []
    for partner in partners:
        for trait, whole in zip(traits, sums, strict=True):
            less = np.where(partner >= 0, np.minimum(whole, whole[partner]), 0)
            common = np.minimum(trait, trait[partner]).sum(1)
            columns.append(np.where(less > _KNOWN, 2 * common / np.maximum(less, _KNOWN) - 1, 0))
    columns += [
        np.where(place >= 0, np.minimum(abs(place - here), _FAR) / _FAR, 1.2)
        for place in (noun, next_noun, verb, next_verb)
    ]
    return np.stack(columns, 1).astype(np.float32)


class Counts:
    """The n-gram counts as arrays, for look-ups by the batch: log counts / 10, -0.1 for what is not there."""

    def __init__(self, ngrams: Ngrams, watched: Sequence[str]) -> None:
        import numpy as np

        self._unit = ngrams._unit / 10
        starts = np.asarray(ngrams._pair_starts.whole(), dtype=np.int64)
        size = len(starts) - 1
        seconds = np.asarray(ngrams._pairs, dtype=np.int64)
        self._pair_keys = np.repeat(np.arange(size, dtype=np.int64), np.diff(starts)) * 65536 + seconds
        self._twos = np.asarray(ngrams._twos, dtype=np.float32) * self._unit
        triple_starts = np.asarray(ngrams._triple_starts.whole(), dtype=np.int64)
        self._triple_keys = np.repeat(
            np.arange(len(triple_starts) - 1, dtype=np.int64), np.diff(triple_starts)
        ) * 65536 + np.asarray(ngrams._triples, dtype=np.int64)
        self._threes = np.asarray(ngrams._threes, dtype=np.float32) * self._unit
        # One more entry for the unknown word, which is number -1.
        self._ones = np.append(np.asarray(ngrams._ones, dtype=np.float32) * self._unit, -0.1)
        numbers = np.array([ngrams._id(word) for word in watched], dtype=np.int64)
        everything = np.arange(size + 1, dtype=np.int64)
        everything[size] = -1
        shape_ = (size + 1, len(watched))
        self.before = np.full(shape_, -0.1, np.float32)  # count of (word, watched)
        self.after = np.full(shape_, -0.1, np.float32)  # count of (watched, word)
        for column, number in enumerate(numbers):
            if number >= 0:
                same = np.full(size + 1, number)
                self.before[:, column] = self.two(everything, same)[0]
                self.after[:, column] = self.two(same, everything)[0]
        self.watched = np.maximum(self._ones[numbers], 0.0)

    def one(self, a: Any) -> Any:
        """Counts of words."""
        return self._ones[a]

    def two(self, a: Any, b: Any) -> tuple[Any, Any]:
        """Counts of pairs, and the pairs' numbers (-1)."""
        import numpy as np

        keys = a * 65536 + b
        at = np.minimum(np.searchsorted(self._pair_keys, keys), len(self._pair_keys) - 1)
        found = (self._pair_keys[at] == keys) & (a >= 0) & (b >= 0)
        return np.where(found, self._twos[at], -0.1).astype(np.float32), np.where(found, at, -1)

    def three(self, pair: Any, c: Any) -> Any:
        """Counts of triples, from the number of their first pair."""
        import numpy as np

        keys = pair * 65536 + c
        at = np.minimum(np.searchsorted(self._triple_keys, keys), len(self._triple_keys) - 1)
        found = (self._triple_keys[at] == keys) & (pair >= 0) & (c >= 0)
        return np.where(found, self._threes[at], -0.1).astype(np.float32)


class Featuriser:
    """Turns tokens of one language into the arrays that the tagger reads."""

    def __init__(self, words: Lexicon, ngrams: Ngrams, vocabulary: Sequence[str], watched: Sequence[str]) -> None:
        self.counts = Counts(ngrams, watched)
        self.watched = tuple(watched)
        self._words = words
        self._ngrams = ngrams
        self._start = ngrams._id(START)
        # Row 0 is for unknown words, 1 for the time before and after the sentence.
        self._rows = {word: row for row, word in enumerate(vocabulary, 2)}
        self._memo: dict[str, tuple[int, int, int, list[float]]] = {}

    def _about(self, token: str) -> tuple[int, int, int, list[float]]:
        found = self._memo.get(token)
        if found is None:
            if len(self._memo) >= _MEMO_LIMIT:
                self._memo.clear()
            found = (
                self._ngrams._id(token),
                self._rows.get(normal(token), 0),
                suffix_number(token),
                [*lexical(self._words, token), *shape(token)],
            )
            self._memo[token] = found
        return found

    def lexical(self, token: str) -> list[float]:
        """What the lexicon says of a token (see `lexical`), and behind that how it is written."""
        return self._about(token)[3]

    def arrays(self, sentences: Sequence[Sequence[Token]]) -> dict[str, Any]:
        """Arrays for a batch, one row per token, sentences one after the other.

        `rows` word rows, `suffixes` suffix numbers, `dense` the other features, `lengths` tokens per sentence.
        Feature values depend on a token's own sentence only.
        """
        import numpy as np

        about = [[self._about(token.text) for token in sentence] for sentence in sentences]
        lengths = [len(sentence) for sentence in about]
        flat = [entry for sentence in about for entry in sentence]
        # Two words before each sentence and two after it, so that no neighbour belongs to another sentence.
        padded: list[int] = []
        places: list[int] = []
        for sentence in about:
            padded += [-1, self._start]
            places += range(len(padded), len(padded) + len(sentence))
            padded += [entry[0] for entry in sentence]
            padded += [-1, -1]
        ids = np.array(padded, dtype=np.int64)
        at = np.array(places, dtype=np.int64)
        a, b, c, d, e = (ids[at + shift] for shift in (-2, -1, 0, 1, 2))
        table = self.counts
        bc, bc_pair = table.two(b, c)
        cd, cd_pair = table.two(c, d)
        bd, bd_pair = table.two(b, d)
        ab, ab_pair = table.two(a, b)
        abc, bcd, cde = table.three(ab_pair, c), table.three(bc_pair, d), table.three(cd_pair, e)
        abd, bde = table.three(ab_pair, d), table.three(bd_pair, e)
        one_b, one_c, one_d = table.one(b), table.one(c), table.one(d)
        counts = np.stack(
            [one_c, one_b, one_d, bc, cd, bd, abc, bcd, cde, abd, bde, bc - one_b, cd - one_c, abc - ab], 1
        )
        # What each watched word would make of this place: instead of the token, and before it.
        other = table.before[b] + table.after[d] - table.watched
        insert = table.before[b] + table.after[c] - table.watched
        own = np.array([entry[3] for entry in flat], dtype=np.float32).reshape(len(flat), LEXICAL + SHAPE)
        spaced = np.array(
            [
                float(index == 0 or sentence[index - 1].end < token.start)
                for sentence in sentences
                for index, token in enumerate(sentence)
            ],
            dtype=np.float32,
        )
        own[:, -1] = spaced
        return {
            "rows": np.array([entry[1] for entry in flat], dtype=np.int64),
            "suffixes": np.array([entry[2] for entry in flat], dtype=np.int64),
            "dense": np.concatenate([own, agreement(own, lengths), counts, other, insert], 1).astype(np.float32),
            "lengths": lengths,
        }
