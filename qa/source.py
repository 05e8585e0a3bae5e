"""Which language a page was translated from: one guess for the whole page.

Each word that looks foreign votes with its frequencies in the other languages, each spelling once; typography that
only one of them uses votes too (`traces` in its `leftover.toml`).  What the user says overrides the votes.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from qa.language import PIVOT, language
from qa.page import Page
from qa.rules._columns import foreign_languages
from qa.rules._foreign import Suspect, suspects_of

_FLOOR = 1.0  # per million: a word that a language does not have counts as this frequent there
_MOST = 4.0  # nats that one word can say against a language
_TRACE = 1.0  # nats for a trace …
_TRACES = 3  # … counted so often at most
_PRIOR = {PIVOT: 1.0}  # nats: most of what is translated was English
_TOLD = 4.0  # nats for the language that the user names


@dataclass(frozen=True, eq=False)
class Source:
    """The votes for each language, in nats; `words` are the spellings that voted."""

    votes: Mapping[str, float]
    words: frozenset[str]

    def logprob(self, code: str, without: tuple[Suspect, ...] = ()) -> float:
        """The log-probability of a language, leaving out what these words said themselves."""
        votes = dict(self.votes)
        for suspect in {s.form: s for s in without}.values():
            if suspect.form in self.words:
                for other, vote in _vote(suspect, tuple(votes)).items():
                    votes[other] -= vote
        if code not in votes:
            return -_MOST
        highest = max(votes.values())
        return votes[code] - highest - math.log(sum(math.exp(v - highest) for v in votes.values()))

    @property
    def best(self) -> str | None:
        """The likeliest language, where one is likelier than all others together."""
        return next((code for code in self.votes if self.logprob(code) > math.log(0.5)), None)


def source(page: Page) -> Source:
    """The guess for a page, made once."""
    return page.derive(_guess)


def _guess(page: Page) -> Source:
    others = page.derive(foreign_languages)
    votes = {code: _PRIOR.get(code, 0.0) for code in others}
    words = set()
    for suspect in suspects_of(page):
        if suspect.homograph or suspect.form in words:
            continue
        words.add(suspect.form)
        for code, vote in _vote(suspect, others).items():
            votes[code] += vote
    own = _traces(page.language.code)
    for code in others:
        for trace in _traces(code) - own:
            votes[code] += _TRACE * min(_TRACES, sum(block.prose.count(trace) for block in page.blocks))
    if page.source_language in votes:
        votes[page.source_language] += _TOLD
    return Source(votes, frozenset(words))


@lru_cache(maxsize=20_000)
def _vote(suspect: Suspect, others: tuple[str, ...]) -> dict[str, float]:
    """What one word says about each language, 0 for the one that it fits best."""
    rates = {code: math.log(suspect.rate(code) + _FLOOR) for code in others}
    best = max(rates.values(), default=0.0)
    return {code: max(-_MOST, rate - best) for code, rate in rates.items()}


def _traces(code: str) -> frozenset[str]:
    return frozenset(language(code).facts("leftover").get("traces", ()))
