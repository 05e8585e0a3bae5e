"""Since when: the month at which a cause begins, or changes most."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import accumulate

_CLEAR = 15.0  # log-likelihood gained; defects come in clusters, so twice what independent ones would need
_NEAR = 3.0  # log-likelihood by which another month may be worse and still be the one
_LARGE = 2.0  # times more, or fewer


@dataclass(frozen=True, slots=True)
class Month:
    """What was published in one month, and the defects in it."""

    month: date
    defects: int
    words: int


@dataclass(frozen=True, slots=True)
class Change:
    """From `month` on, a word is defective with rate `after`, until then with rate `before`.

    `earliest` and `latest` are the ends of the months for which the figures speak nearly as well.
    """

    month: date
    earliest: date
    latest: date
    before: float
    after: float


def change(months: Sequence[Month]) -> Change | None:
    """The one month that parts the rates best, if they differ clearly (Poisson likelihood ratio, one change point)."""
    defects = list(accumulate(each.defects for each in months))
    words = list(accumulate(each.words for each in months))
    if len(months) < 2 or not defects[-1] or not words[-1]:
        return None
    whole = _fit(defects[-1], words[-1])
    gains = {
        place: _fit(d, w) + _fit(defects[-1] - d, words[-1] - w) - whole
        for place, (d, w) in enumerate(zip(defects[:-1], words[:-1], strict=True), 1)
        if 0 < w < words[-1]
    }
    if not gains:
        return None
    best = max(gains, key=gains.__getitem__)
    near = [months[place].month for place, gain in gains.items() if gain > gains[best] - _NEAR]
    d, w = defects[best - 1], words[best - 1]
    before, after = d / w, (defects[-1] - d) / (words[-1] - w)
    if gains[best] < _CLEAR or max(before, after) < _LARGE * min(before, after):
        return None
    return Change(months[best].month, near[0], near[-1], before, after)


def _fit(defects: int, words: int) -> float:
    """The log-likelihood of so many defects in so many words at their own rate, but for a constant."""
    return defects * math.log(defects / words) if defects else 0.0
