"""What was measured for each rule and language: whether it runs unasked, and what its confidence means.

`measured.json` is written by `python -m qa.devtools silence` and `python -m qa.devtools calibrate`, never by hand.
"""

from __future__ import annotations

import json
from bisect import bisect_right
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

FILE = Path(__file__).with_name("measured.json")
MOST_FALSE_ALARMS = 0.15  # per 1,000 words of clean text; above it a rule is off unless asked for
LEAST_PRECISION = 0.90
SHOWN = 0.5  # the confidence from which on a finding is shown unasked


class Measured(NamedTuple):
    """One rule in one language.  None: not measured.

    `clean_words` words of clean text gave `false_alarms` findings; `precision` is the share of findings that are
    right on the reference page of `qa.devtools.calibrate`.  `levels` are pairs of the confidence that the rule
    itself states and the measured probability of being right, both rising.
    """

    clean_words: int | None = None
    false_alarms: int | None = None
    precision: float | None = None
    levels: Sequence[Sequence[float]] = ()

    @property
    def per_thousand(self) -> float | None:
        """False alarms per 1,000 words of clean text."""
        if not self.clean_words or self.false_alarms is None:
            return None
        return 1000 * self.false_alarms / self.clean_words

    @property
    def trusted(self) -> bool:
        """Whether nothing measured speaks against running the rule unasked."""
        noisy = self.per_thousand is not None and self.per_thousand > MOST_FALSE_ALARMS
        imprecise = self.precision is not None and self.precision < LEAST_PRECISION
        return not noisy and not imprecise

    def calibrated(self, stated: float) -> float:
        """The measured probability behind a stated confidence; the stated one where nothing was measured.

        Between two measured levels the probability is interpolated; above the highest it is that of the highest.  Below
        the lowest it is what was stated, and at most that of the lowest: what a rule holds back stays back.
        """
        if not self.levels:
            return stated
        place = bisect_right([level[0] for level in self.levels], stated)
        if place == 0:
            return min(stated, self.levels[0][1])
        if place == len(self.levels):
            return self.levels[-1][1]
        (low, at_low), (high, at_high) = self.levels[place - 1], self.levels[place]
        return at_low + (at_high - at_low) * (stated - low) / (high - low)


def stored() -> dict[str, dict[str, dict[str, Any]]]:
    """All that was recorded: rule → language → the fields of `Measured`."""
    return json.loads(FILE.read_text(encoding="utf-8")) if FILE.is_file() else {}


_table = cache(stored)


@cache
def measured(rule: str, code: str) -> Measured:
    """The figures of one rule in one language."""
    return Measured(**_table().get(rule, {}).get(code, {}))
