"""How sure a figure is: 95 % intervals for shares, for rates over pages, and for sums of shares.

A defect is no independent draw: a page has many or none.  So a rate of defects per word is a ratio of two sums over
pages, and its variance comes from how the pages differ (the linearised ratio estimator, to which a bootstrap by page
converges).  It needs six sums, which a query gives for ten million pages as for ten.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

Z = 1.959964  # standard normal, 95 % in the middle
_RULE_OF_THREE = 3.0  # nothing in n trials: at most 3/n, 95 % sure


@dataclass(frozen=True, slots=True)
class Estimate:
    """A figure and the ends of its 95 % interval."""

    value: float
    low: float
    high: float

    def times(self, factor: float) -> Estimate:
        """The same in another unit."""
        return Estimate(self.value * factor, self.low * factor, self.high * factor)


@dataclass(frozen=True, slots=True)
class Sums:
    """Sums over pages: how many, their words w, their defects d, and the sums of w², d² and wd."""

    pages: int
    words: int
    defects: int
    words_squared: float
    defects_squared: float
    product: float


def share(part: int, whole: int) -> Estimate:
    """A share of pages: Wilson's score interval.  Nothing is known of the share of nothing: 0 to 1."""
    if not whole:
        return Estimate(0.0, 0.0, 1.0)
    p, z2 = part / whole, Z * Z
    centre = (p + z2 / (2 * whole)) / (1 + z2 / whole)
    half = Z / (1 + z2 / whole) * math.sqrt(p * (1 - p) / whole + z2 / (4 * whole * whole))
    return Estimate(p, min(p, max(0.0, centre - half)), max(p, min(1.0, centre + half)))


def rate(sums: Sums) -> Estimate:
    """Defects per word, with pages as the units that vary.

    Where no defect was found, or there is one page only, the upper end is that of the rule of three.
    """
    n, words, defects = sums.pages, sums.words, sums.defects
    if not words:
        return Estimate(0.0, 0.0, 0.0)
    value = defects / words
    squared = sums.defects_squared - 2 * value * sums.product + value * value * sums.words_squared
    if not defects or n < 2:
        return Estimate(value, 0.0, max(1, defects) * _RULE_OF_THREE / words)
    half = Z * math.sqrt(max(0.0, squared) * n / (n - 1)) / words
    return Estimate(value, max(0.0, value - half), value + half)
