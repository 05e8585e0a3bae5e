"""Counts of word sequences of a language: the cheapest judge between two ways to write something.

The data are `qa/languages/<language>/ngrams.trie` (words → numbers) and `ngrams.bin` (nested sorted
arrays of the pairs and triples that were frequent enough to keep, with logarithmic counts), both
memory-mapped; `python -m models.lexicon.build` writes them.
"""

from __future__ import annotations

import math
import re
from bisect import bisect_left
from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path

from qa import artefact
from qa.lexicon import LANGUAGES, UnknownLanguageError
from qa.memory import Memo

#: The token before the first word of a sentence. It never occurs in running text.
START = "<s>"

#: What stands for every token that begins with a digit.
NUMBER = "0"

_ELIDING = re.compile(r"(\w+(?:-\w+)*(?:'(?=\w)|(?<!\w)')?|[^\w\s])")
_PLAIN = re.compile(r"(\w+(?:[-']\w+)*|[^\w\s])")

#: Stupid backoff (Brants et al., 2007): what a shorter context costs.
_BACKOFF = math.log(0.4)
_MEMO_LIMIT = 500_000


def tokens(text: str, *, elision: bool) -> list[str]:
    """Split `text` the way the counts were made, keeping case.

    Words keep inner hyphens and apostrophes; with `elision` an apostrophe before a letter ends its token
    (l'eau → l', eau). Every other character that is not space is a token. ’ counts as '.
    """
    text = text.replace("’", "'")
    return (_ELIDING if elision else _PLAIN).findall(text)


def normal(token: str) -> str:
    """The token as the counts know it: lower-case, digits as `NUMBER`, ’ as '."""
    if token[:1].isdigit():
        return NUMBER
    return token.lower().replace("’", "'")


class Ngrams:
    """Pruned, quantised counts of one, two and three tokens in clean text of one language.

    Words may be given as written: case and digits are folded as `normal` does. A count is off by up to
    4 %; what was pruned counts 0.
    """

    def __init__(self, language: str, folder: Path) -> None:
        self.language = language
        self._trie = artefact.trie(folder / "ngrams.trie")
        header, arrays = artefact.read(folder / "ngrams.bin")
        #: Whether an apostrophe ends a token in this language (see `tokens`).
        self.elision: bool = header["elision"]
        #: Tokens counted.
        self.total: int = header["total"]
        self._unit: float = header["unit"]
        self._ones = arrays["ones"]
        self._pair_starts = artefact.Offsets(arrays, "pair_starts")
        self._pairs, self._twos = arrays["pairs"], arrays["twos"]
        self._triple_starts = artefact.Offsets(arrays, "triple_starts")
        self._triples, self._threes = arrays["triples"], arrays["threes"]
        self._id: Callable[[str], int] = Memo(self._find_id, _MEMO_LIMIT).__getitem__
        self._steps: dict[tuple[int, int, int], float] = {}
        self._start = self._id(START)
        self._unseen = math.log(0.5 / self.total) + 2 * _BACKOFF

    def tokens(self, text: str) -> list[str]:
        """Split `text` the way this language's counts were made (see `tokens`)."""
        return tokens(text, elision=self.elision)

    def pieces(self, text: str) -> list[str]:
        """The tokens of `text` with what stands between them, in turn: a gap first and last.  Every ’ becomes '."""
        return (_ELIDING if self.elision else _PLAIN).split(text.replace("’", "'"))

    def count(self, *words: str) -> int:
        """How often the one, two or three tokens followed each other; 0 when that was rare or never.

        Raises `ValueError` for no token or more than three.
        """
        if not 1 <= len(words) <= 3:
            raise ValueError("count() takes one to three tokens")
        return round(math.exp(code)) if (code := self._code([self._id(word) for word in words])) >= 0 else 0

    def behind(self, firsts: Sequence[str]) -> Callable[[str], list[int]]:
        """A function that says how often a word followed each of `firsts`: `count` for many at half the price."""
        rows = [self._pair_starts.bounds(number) if (number := self._id(first)) >= 0 else (0, 0) for first in firsts]
        pairs, twos, unit = self._pairs, self._twos, self._unit

        def counts(word: str) -> list[int]:
            number = self._id(word)
            found = [0] * len(rows)
            for which, (low, high) in enumerate(rows) if number >= 0 else ():
                at = bisect_left(pairs, number, low, high)
                if at < high and pairs[at] == number:
                    found[which] = round(math.exp(twos[at] * unit))
            return found

        return counts

    def logprob(self, words: Sequence[str], i: int, j: int) -> float:
        """The natural log-probability of tokens i..j-1 in their context, and of what their choice affects.

        The sum runs over the tokens i..j-1 and the two after them, each given the two tokens before it, by
        stupid backoff. Compare alternatives for the same place of one sentence with it: the one that
        reads better is greater. Alternatives of different length compare as whole readings do: each more
        token costs.
        """
        ids = [*(-1, self._start)[i:], *map(self._id, words[max(0, i - 2) : j + 2])]
        steps, total = self._steps, 0.0
        for key in zip(ids, ids[1:], ids[2:], strict=False):
            step = steps.get(key)
            total += self._step(key) if step is None else step
        return total

    def _find_id(self, word: str) -> int:
        return artefact.number(self._trie, normal(word))

    def _code(self, ids: list[int]) -> float:
        """The natural logarithm of the count, or -1."""
        if min(ids) < 0:
            return -1.0
        if len(ids) == 1:
            return self._ones[ids[0]] * self._unit
        pair = _find(self._pairs, self._pair_starts, ids[0], ids[1])
        if pair < 0 or len(ids) == 2:
            return self._twos[pair] * self._unit if pair >= 0 else -1.0
        triple = _find(self._triples, self._triple_starts, pair, ids[2])
        return self._threes[triple] * self._unit if triple >= 0 else -1.0

    def _step(self, key: tuple[int, int, int]) -> float:
        if len(self._steps) >= _MEMO_LIMIT:
            self._steps.clear()
        value = self._steps[key] = self._backoff(*key)
        return value

    def _backoff(self, a: int, b: int, c: int) -> float:
        if c < 0:
            return self._unseen
        if b >= 0:
            pair = self._code([b, c])
            if pair >= 0:
                if a >= 0 and (triple := self._code([a, b, c])) >= 0:
                    return min(0.0, triple - self._code([a, b]))
                return _BACKOFF + min(0.0, pair - self._code([b]))
        return 2 * _BACKOFF + self._code([c]) - math.log(self.total)


def _find(items: memoryview, starts: artefact.Offsets, parent: int, item: int) -> int:
    low, high = starts.bounds(parent)
    at = bisect_left(items, item, low, high)
    return at if at < high and items[at] == item else -1


@cache
def ngrams(language: str) -> Ngrams:
    """The counts of `language`, loaded once.

    Raises `UnknownLanguageError` (a `KeyError`) when there are none.
    """
    folder = LANGUAGES / language
    if not language.isalpha() or not (folder / "ngrams.bin").is_file():
        raise UnknownLanguageError(f"no n-gram counts for language {language!r}")
    return Ngrams(language, folder)
