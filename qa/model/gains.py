"""What the n-gram counts alone would change: the second finder beside the tagger.

For every token of a batch the counts compare the text as it stands with what it would be without the token, with one
of the language's frequent small words in its place or before it, or with another form of the same word.  All look-ups
are done for the whole batch at once.  Log-probabilities by stupid backoff (Brants et al., 2007), as in `qa.ngrams`.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from qa.model.features import Counts, Token
from qa.model.labels import DELETE, INFLECT
from qa.ngrams import START, Ngrams

_BACKOFF = math.log(0.4)
TRIED = 3  # small words tried at each place, those first that the neighbours like best
# The least gains (nats) from which on the judge is asked.
DELETION, EXCHANGE, INFLECTION, INSERTION = 8.0, 3.0, 2.0, 0.5
MOST = 4  # proposals of a sentence


class Gain(NamedTuple):
    """`label` at this token gains so many nats; `form` is the new word of an inflection."""

    token: int
    label: str
    gain: float
    form: str = ""


class Gains:
    """Finds what the counts would change, in one language.

    `forms` gives the other forms of a word that agree otherwise.
    """

    def __init__(
        self, ngrams: Ngrams, counts: Counts, watched: Sequence[str], forms: Callable[[str], Sequence[str]]
    ) -> None:
        import numpy as np

        self._ngrams = ngrams
        self._counts = counts
        self._watched = tuple(watched)
        self._numbers = np.array([ngrams._id(word) for word in watched], np.int64)
        self._small = set(watched)
        self._forms = forms
        self._memo: dict[str, tuple[tuple[str, int], ...]] = {}
        self._start = ngrams._id(START)
        self._total = math.log(ngrams.total)
        self._unseen = math.log(0.5 / ngrams.total) + 2 * _BACKOFF

    def _step(self, a: Any, b: Any, c: Any) -> Any:
        """Log-probabilities of words c after a b."""
        import numpy as np

        table = self._counts
        one_b, one_c = table.one(b) * 10, table.one(c) * 10
        two, pair = table.two(b, c)
        before, before_pair = table.two(a, b)
        three = table.three(before_pair, c) * 10
        two, before = two * 10, before * 10
        value = np.where(c < 0, self._unseen, 2 * _BACKOFF + one_c - self._total)
        value = np.where(pair >= 0, _BACKOFF + np.minimum(two - one_b, 0), value)
        return np.where(three >= 0, np.minimum(three - before, 0), value)

    def _others(self, token: str) -> tuple[tuple[str, int], ...]:
        found = self._memo.get(token)
        if found is None:
            if len(self._memo) > 100_000:
                self._memo.clear()
            forms = self._forms(token) if token.isalpha() and len(token) > 2 and token not in self._small else ()
            found = tuple((form, number) for form in forms if (number := self._ngrams._id(form)) >= 0 and form != token)
            self._memo[token] = found
        return found

    def find(self, sentences: Sequence[Sequence[Token]]) -> list[list[Gain]]:
        """For each sentence what would gain most, best first."""
        import numpy as np

        results: list[list[Gain]] = [[] for _ in sentences]
        padded: list[int] = []
        places: list[int] = []
        owner: list[tuple[int, int]] = []
        number = self._ngrams._id
        forms: list[tuple[int, str, int]] = []
        for which, sentence in enumerate(sentences):
            padded += [-1, self._start]
            for index, token in enumerate(sentence):
                for form, other in self._others(token.text):
                    forms.append((len(places), form, other))
                places.append(len(padded))
                owner.append((which, index))
                padded.append(number(token.text))
            padded += [-1, -1]
        if not places:
            return results
        ids, at = np.array(padded, np.int64), np.array(places, np.int64)
        a, b, c, d, e = (ids[at + shift] for shift in (-2, -1, 0, 1, 2))
        abc, bcd, cde = self._step(a, b, c), self._step(b, c, d), self._step(c, d, e)
        base = abc + bcd + cde

        def add(rows: Any, gains: Any, label: Callable[[int], str]) -> None:
            for row in rows.tolist():
                which, index = owner[row]
                results[which].append(Gain(index, label(row), round(float(gains[row]), 2)))

        small = np.isin(c, self._numbers)
        gains = np.where(small & (d >= 0), self._step(a, b, d) + self._step(b, d, e) - base, -99.0)
        add(np.flatnonzero(gains >= DELETION), gains, lambda row: DELETE)
        table = self._counts
        for scores, exchange in (
            (table.before[b] + table.after[d] - table.watched, True),
            (table.before[b] + table.after[c] - table.watched, False),
        ):
            likely = np.argpartition(-scores, TRIED, axis=1)[:, :TRIED]
            best, chosen = np.full(len(at), -99.0), np.zeros(len(at), np.int64)
            for column in range(TRIED):
                x = self._numbers[likely[:, column]]
                if exchange:
                    gain = self._step(a, b, x) + self._step(b, x, d) + self._step(x, d, e) - base
                    gain = np.where(small & (x != c) & (x >= 0), gain, -99.0)
                else:
                    gain = self._step(a, b, x) + self._step(b, x, c) + self._step(x, c, d) - abc - bcd
                    gain = np.where((x != c) & (x != b) & (x >= 0) & (c >= 0) & (b >= 0), gain, -99.0)
                better = gain > best
                best = np.where(better, gain, best)
                chosen = np.where(better, likely[:, column], chosen)
            mark = "=" if exchange else "+"
            labels = [mark + self._watched[number] for number in chosen.tolist()]
            add(np.flatnonzero(best >= (EXCHANGE if exchange else INSERTION)), best, labels.__getitem__)
        if forms:
            rows = np.array([row for row, _, _ in forms], np.int64)
            x = np.array([other for _, _, other in forms], np.int64)
            gain = (
                self._step(a[rows], b[rows], x)
                + self._step(b[rows], x, d[rows])
                + self._step(x, d[rows], e[rows])
                - base[rows]
            )
            for entry in np.flatnonzero(gain >= INFLECTION).tolist():
                row, form, _ = forms[entry]
                which, index = owner[row]
                results[which].append(Gain(index, INFLECT, round(float(gain[entry]), 2), form))
        return [sorted(found, key=_rank)[:MOST] for found in results]


_LEAST = {DELETE: DELETION, INFLECT: INFLECTION, "=": EXCHANGE, "+": INSERTION}


def _rank(gain: Gain) -> tuple[float, int, str, str]:
    least = _LEAST.get(gain.label) or _LEAST[gain.label[:1]]
    return (least - gain.gain, gain.token, gain.label, gain.form)
