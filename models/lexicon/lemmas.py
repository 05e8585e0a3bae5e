"""Guesses the lemma of a form from how the endings of known forms change."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Container, Hashable, Iterable
from os.path import commonprefix

from models.lexicon.pack import ending

_LONGEST = 5


class Lemmatiser:
    """Learns, per kind of reading, which ending of a form becomes which ending of its lemma."""

    def __init__(self, pairs: Iterable[tuple[Hashable, str, str]]) -> None:
        self._rules: defaultdict[tuple[Hashable, str], Counter[tuple[int, int, str]]] = defaultdict(Counter)
        for kind, form, lemma in sorted(set(pairs), key=repr):
            rule = ending(form, lemma)
            if rule[1] >= 0:
                for length in range(min(_LONGEST, len(form)) + 1):
                    self._rules[kind, form[len(form) - length :]][rule] += 1

    def candidates(self, kind: Hashable, form: str) -> list[tuple[str, float]]:
        """(lemma, probability) by the longest known ending first; a lemma is given once."""
        found: dict[str, float] = {}
        for length in range(min(_LONGEST, len(form)), -1, -1):
            rules = self._rules.get((kind, form[len(form) - length :]))
            if not rules:
                continue
            total = sum(rules.values())
            for (front, back, add), count in sorted(rules.items(), key=lambda item: (-item[1], item[0])):
                if len(form) - front - back >= 2 and count >= (1 if length > 2 else 2):
                    found.setdefault(form[front : len(form) - back] + add, count / (total + 1))
        return list(found.items())

    def lemma(self, kind: Hashable, form: str, known: Container[str], *, nearest: bool = False) -> str:
        """The likeliest lemma that is a known word, else a very regular one, else ''.

        With `nearest`, of comparable ones the nearest to the form: mariées is of mariée, not of marié.
        """
        candidates = self.candidates(kind, form)
        attested = [(p, lemma) for lemma, p in candidates if lemma in known and p >= 0.02]
        if attested:
            top, likeliest = max(attested)
            if likeliest == form or not nearest:
                return likeliest
            near = [
                (len(commonprefix((lemma, form))), p, lemma)  # noqa: RUF071 (letter by letter is what is wanted)
                for p, lemma in attested
                if p >= 0.1 * top and lemma != form
            ]
            return max(near)[2]
        if candidates and candidates[0][1] >= 0.85:
            return candidates[0][0]
        return ""
