"""How silent the rules are on clean text: false alarms per 1,000 words, for each rule and language."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import qa
from qa.devtools.corpora import clean_sentences, pages
from qa.rules import registry


@dataclass(frozen=True, slots=True)
class Alarm:
    """One finding on clean text."""

    language: str
    part: str
    rule: str
    confidence: float
    context: str
    suggestion: str | None
    default: bool


def measure(data: Path, code: str, words: int) -> tuple[Counter[str], list[Alarm]]:
    """Words read in each part of a language's held-out text, and what every rule that could run unasked reports there.

    Findings of severity info are no alarms.
    """
    rules = frozenset(rule.id for rule in registry().values() if rule.default)
    read: Counter[str] = Counter()
    alarms: list[Alarm] = []
    for part, sentences in clean_sentences(data, code, words):
        for page in pages(sentences):
            read[part] += len(page.split())
            alarms += _alarms(page, code, part, rules)
    return read, alarms


def _alarms(page: str, code: str, part: str, rules: frozenset[str]) -> Iterator[Alarm]:
    for d in qa.check(page, options=qa.Options(language=code, select=rules)).diagnostics:
        if d.severity == qa.Severity.INFO:
            continue
        before, after = page[max(0, d.span.start - 40) : d.span.start], page[d.span.end : d.span.end + 40]
        context = f"{before}⟦{d.text}⟧{after}".replace("\n", " ")
        default = registry()[d.rule].on_by_default(code)
        first = d.suggestions[0] if d.suggestions else None
        yield Alarm(code, part, d.rule, d.confidence, context, first, default)
