"""What was measured for each rule and language: the figures that decide whether a rule runs unasked.

`measured.json` is written by `python -m qa.devtools silence` and `python -m qa.devtools calibrate`, never by hand.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path

FILE = Path(__file__).with_name("measured.json")
MOST_FALSE_ALARMS = 0.15  # per 1,000 words of clean text; above it a rule is off unless asked for
LEAST_PRECISION = 0.90


@dataclass(frozen=True, slots=True)
class Measured:
    """One rule in one language.  None: not measured.

    `clean_words` words of clean text gave `false_alarms` findings; `precision` is the share of findings that were
    right on development texts and planted defects, over `findings` findings.
    """

    clean_words: int | None = None
    false_alarms: int | None = None
    precision: float | None = None
    findings: int | None = None

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


@cache
def _table() -> dict[str, dict[str, dict[str, float]]]:
    return json.loads(FILE.read_text(encoding="utf-8")) if FILE.is_file() else {}


def measured(rule: str, code: str) -> Measured:
    """The figures of one rule in one language."""
    return Measured(**_table().get(rule, {}).get(code, {}))  # type: ignore[arg-type]
