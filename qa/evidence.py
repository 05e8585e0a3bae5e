"""What a finding's confidence means: first what was measured of the rule, then what else stands on the page.

A rule states how sure it is; `qa.measured` says how often it was right when it stated that.  A broken number slot
or a split file name is near-certain proof that a page was never edited after translation: each such mark shifts
the log-odds of the page's other findings up.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import replace

from qa.finding import Finding
from qa.rule import Rule
from qa.text import Block

_PER_MARK = 0.5  # nats of log-odds for each certain mark …
_MOST = 1.5  # … and at most this much in all


def weigh(found: Iterable[tuple[Block, Finding]], rules: Mapping[str, Rule], code: str) -> list[tuple[Block, Finding]]:
    """The findings of a page in the language `code`, with the confidence that the user sees."""
    measured = [
        (block, replace(finding, confidence=rules[finding.rule].measured(code).calibrated(finding.confidence)))
        for block, finding in found
    ]
    marks = sum(rules[finding.rule].telltale for _, finding in measured)
    shift = min(_MOST, _PER_MARK * marks)
    return [
        (block, finding if rules[finding.rule].telltale else replace(finding, confidence=_shifted(finding, shift)))
        for block, finding in measured
    ]


def _shifted(finding: Finding, shift: float) -> float:
    if not shift:
        return finding.confidence
    confidence = min(max(finding.confidence, 0.01), 0.99)
    return 1 / (1 + math.exp(-(math.log(confidence / (1 - confidence)) + shift)))
