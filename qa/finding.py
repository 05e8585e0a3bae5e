"""What a rule reports, and how it would repair it: plain frozen data.

A `Finding` speaks of one block.  The checker carries it over to the file as a `Diagnostic`; lines, UTF-16 and
other units appear only in reporters and servers.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from qa.text import Span


class Safety(StrEnum):
    """How far a repair may be trusted (after ruff's `Applicability`)."""

    SAFE = "safe"  # cannot change what the text says: applied by `qa fix`
    REVIEW = "review"  # plausible: applied on request
    SHOW = "show"  # only displayed


class Severity(StrEnum):
    """MQM severities; `info` never counts as a defect."""

    CRITICAL = "critical"
    MAJOR = "major"
    MINOR = "minor"
    INFO = "info"


@dataclass(frozen=True, slots=True)
class Edit:
    """Replace `span` by `text`."""

    span: Span
    text: str


@dataclass(frozen=True, slots=True)
class Fix:
    """One way to repair a finding.  Edits are in order, apart from each other, inside the finding's span."""

    title: str
    edits: tuple[Edit, ...]
    safety: Safety = Safety.REVIEW


@dataclass(frozen=True, slots=True)
class Finding:
    """A defect in a block.  `fixes` are alternatives, best first.

    `confidence` is the probability that a careful native reader calls this a defect.  `category` overrides the
    rule's own where one mechanism leaves marks of several categories.
    """

    rule: str
    span: Span
    message: str
    fixes: tuple[Fix, ...] = ()
    confidence: float = 0.9
    category: str | None = None


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """A finding in file coordinates.

    `text` is the file's text under `span`, and `suggestions` are replacements for exactly that text, best first,
    one for each of `fixes`, whose edits are in file coordinates too.
    """

    rule: str
    category: str
    severity: Severity
    confidence: float
    span: Span
    text: str
    message: str
    fixes: tuple[Fix, ...] = ()
    suggestions: tuple[str, ...] = ()
    source: str = "rule"

    @property
    def safety(self) -> Safety:
        """The safety of the first fix; `show` where there is none."""
        return self.fixes[0].safety if self.fixes else Safety.SHOW


def percent(share: float) -> str:
    """A probability or a measured share in whole per cent, rounded; never 100%, since no finding is certain."""
    return f"{min(round(100 * share), 99)}%"


def replace(span: Span, text: str, title: str, safety: Safety = Safety.REVIEW) -> Fix:
    """A fix of one edit."""
    return Fix(title, (Edit(span, text),), safety)
