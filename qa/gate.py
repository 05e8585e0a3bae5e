"""May this be published?  A policy turns the findings of a text into pass, warn or block, with the reasons.

Pure: the command line (`qa gate`) and the server ask the same `judge`.  The score follows the MQM scoring model: the
penalties of the findings by severity, for each 1,000 words.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from qa.finding import Diagnostic, Severity

PENALTY = {Severity.CRITICAL: 25, Severity.MAJOR: 5, Severity.MINOR: 1, Severity.INFO: 0}  # the weights of MQM
NEVER = "never"
SEVERITIES = (*map(str, Severity), NEVER)


class Gate(StrEnum):
    """The decision, from good to bad."""

    PASS = "pass"
    WARN = "warn"
    BLOCK = "block"


def _setting(default: Any, doc: str, choices: Sequence[str] = ()) -> Any:
    return field(default=default, metadata={"doc": doc, "choices": tuple(choices)})


@dataclass(frozen=True, slots=True)
class Policy:
    """When to warn and when to block: the table `gate` of a configuration."""

    confidence: float = _setting(
        0.8, "Findings less likely to be right than this neither block nor count for the score; they may warn."
    )
    block_severity: str = _setting("critical", "A finding of this severity or a worse one blocks.", SEVERITIES)
    warn_severity: str = _setting("minor", "A finding of this severity or a worse one warns.", SEVERITIES)
    block_categories: tuple[str, ...] = _setting((), "A finding of these rules or categories blocks.")
    warn_categories: tuple[str, ...] = _setting((), "A finding of these rules or categories warns.")
    block_score: float = _setting(
        25.0,
        "A text with as many penalty points for each 1,000 words (critical 25, major 5, minor 1) is blocked; 0: never.",
    )
    warn_score: float = _setting(0.0, "A text with as many penalty points is warned about; 0: never.")
    least_words: int = _setting(250, "A shorter text is scored as if it had so many words: one slip must not block it.")
    unjudged: str = _setting(
        "warn", "What becomes of a text that was not judged, or not to its end.", tuple(map(str, Gate))
    )


@dataclass(frozen=True, slots=True)
class Reason:
    """One reason for a warning or a block.

    `code` is `severity`, `category`, `score`, `unjudged` or `incomplete`; `findings` are the positions, in the sequence
    that was judged, of the findings it speaks of; none for a score and for what was not judged.
    """

    gate: Gate
    code: str
    message: str
    findings: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Verdict:
    """The decision, the reasons from the gravest on, and the score: penalty points per 1,000 words."""

    gate: Gate
    reasons: tuple[Reason, ...]
    score: float
    words: int


def judge(
    findings: Sequence[Diagnostic],
    words: int,
    policy: Policy | None = None,
    *,
    unjudged: Sequence[str] = (),
    incomplete: bool = False,
) -> Verdict:
    """Decide on a text, or on several that are published together.

    `words` is how many words were judged; `unjudged` says why some of the texts were not; `incomplete` that the time
    did not suffice.
    """
    policy = policy or Policy()
    sure = [number for number, each in enumerate(findings) if each.confidence >= policy.confidence]
    points = sum(PENALTY[findings[number].severity] for number in sure)
    score = 1000 * points / max(words, policy.least_words, 1)
    reasons = [
        *_by_severity(Gate.BLOCK, policy.block_severity, findings, sure),
        *_by_category(Gate.BLOCK, policy.block_categories, findings, sure),
        *_by_score(Gate.BLOCK, policy.block_score, score),
        *_by_severity(Gate.WARN, policy.warn_severity, findings, range(len(findings))),
        *_by_category(Gate.WARN, policy.warn_categories, findings, range(len(findings))),
        *_by_score(Gate.WARN, policy.warn_score, score),
    ]
    reasons += [Reason(Gate(policy.unjudged), "unjudged", f"Not judged: {why}.") for why in dict.fromkeys(unjudged)]
    if incomplete:
        reasons.append(Reason(Gate(policy.unjudged), "incomplete", "The time did not suffice to check everything."))
    reasons = [each for each in reasons if each.gate is not Gate.PASS]
    reasons.sort(key=lambda each: each.gate is not Gate.BLOCK)
    return Verdict(reasons[0].gate if reasons else Gate.PASS, tuple(reasons), round(score, 1), words)


def _by_severity(gate: Gate, least: str, findings: Sequence[Diagnostic], numbers: Iterable[int]) -> Iterable[Reason]:
    if least == NEVER:
        return
    limit = PENALTY[Severity(least)]
    found = tuple(number for number in numbers if PENALTY[findings[number].severity] >= limit)
    if found:
        worse = "" if least == Severity.CRITICAL else " or worse"
        yield Reason(gate, "severity", f"{_count(len(found))} of severity {least}{worse}.", found)


def _by_category(
    gate: Gate, names: Iterable[str], findings: Sequence[Diagnostic], numbers: Iterable[int]
) -> Iterable[Reason]:
    wanted = frozenset(names)
    found = tuple(number for number in numbers if _is_one_of(findings[number], wanted))
    if found:
        kinds = ", ".join(sorted({findings[number].category for number in found}))
        yield Reason(gate, "category", f"{_count(len(found))} of {kinds}.", found)


def _is_one_of(finding: Diagnostic, names: frozenset[str]) -> bool:
    """Whether names of rules and categories, as in `select`, mean the finding."""
    return bool(names & {finding.rule, finding.category, f"category:{finding.category}"})


def _by_score(gate: Gate, limit: float, score: float) -> Iterable[Reason]:
    if limit and score >= limit:
        yield Reason(gate, "score", f"{score:.1f} penalty points per 1,000 words; the limit is {limit:g}.")


def _count(number: int) -> str:
    return "1 finding" if number == 1 else f"{number} findings"
