"""Page evidence: certain marks of machine translation make the weaker findings of a page likelier.

A broken number slot or a split file name is near-certain proof that a page was never edited after translation
(see docs/rules.md on telltale rules).  Each such mark shifts the log-odds of the page's other findings up; a page
of some length without any shifts them down a little.
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


def weigh(found: Iterable[tuple[Block, Finding]], rules: Mapping[str, Rule]) -> list[tuple[Block, Finding]]:
    """The findings with their confidence adjusted by what else stands on the page."""
    found = list(found)
    marks = sum(rules[finding.rule].telltale for _, finding in found)
    if not marks:
        return found
    shift = min(_MOST, _PER_MARK * marks)
    return [
        (
            block,
            finding if rules[finding.rule].telltale else replace(finding, confidence=_shifted(finding, shift)),
        )
        for block, finding in found
    ]


def _shifted(finding: Finding, shift: float) -> float:
    confidence = min(max(finding.confidence, 0.01), 0.99)
    return 1 / (1 + math.exp(-(math.log(confidence / (1 - confidence)) + shift)))
