"""Findings against hand-made gold spans: recall, repair, precision.

A gold file `NAME.gold.json` lies beside its text and names it:

    {"file": "NAME.txt", "lang": "fr", "spans": [{"start", "end", "fixes": […], "category", "level"}, …]}

Offsets are code points; `level` is `must` (a defect whose repair is clear), `should` (needs the source, or taste), or
`may` (to flag it is no mistake).  A gold span is *detected* if a finding overlaps it, and *repaired* if the text around
it, with the finding's repair carried out, reads as it does with an accepted one, spaces and apostrophes aside.  A
finding that touches no gold span of any level is a *false alarm*; typography and style are a matter of taste, and are
not counted.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from qa.errors import UnreadableFile
from qa.finding import Diagnostic
from qa.report import counts
from qa.text import Span

QUIET = ("typography", "style")
LEVELS = ("must", "should", "may")
_AROUND = 5  # code points beside the spans that are compared too
_SPACE = re.compile(r"\s+")
_ALIKE = str.maketrans({"’": "'"})


@dataclass(frozen=True, slots=True)
class GoldSpan:
    """A marked defect and its accepted repairs, best first."""

    span: Span
    fixes: tuple[str, ...]
    category: str
    level: str


@dataclass(frozen=True, slots=True)
class Gold:
    """The marked defects of one text."""

    path: Path  # of the text
    language: str
    spans: tuple[GoldSpan, ...]


@dataclass(frozen=True, slots=True)
class Tally:
    """Counts over some texts, and the figures that follow from them.  Ratios of nothing are 0."""

    gold: int = 0
    detected: int = 0
    repaired: int = 0  # by any repair of a finding
    repaired_first: int = 0  # by the first one
    findings: int = 0
    false_alarms: int = 0
    words: int = 0

    def __add__(self, other: Tally) -> Tally:
        mine, theirs = asdict(self), asdict(other)
        return Tally(**{name: mine[name] + theirs[name] for name in mine})

    @property
    def recall(self) -> float:
        """The share of gold spans that were detected."""
        return self.detected / self.gold if self.gold else 0.0

    @property
    def repair_any(self) -> float:
        """The share of gold spans that one of the repairs mends."""
        return self.repaired / self.gold if self.gold else 0.0

    @property
    def repair_first(self) -> float:
        """The share of gold spans that the first repair mends."""
        return self.repaired_first / self.gold if self.gold else 0.0

    @property
    def precision(self) -> float:
        """The share of findings that touch a gold span."""
        return 1 - self.false_alarms / self.findings if self.findings else 0.0

    @property
    def f_half(self) -> float:
        """F0.5 of precision and recall: precision counts double."""
        weighted = 0.25 * self.precision + self.recall
        return 1.25 * self.precision * self.recall / weighted if weighted else 0.0

    @property
    def per_thousand(self) -> float:
        """False alarms per 1,000 words."""
        return 1000 * self.false_alarms / max(1, self.words)

    def record(self) -> dict[str, Any]:
        """The counts and figures as a plain dictionary."""
        return asdict(self) | {
            "recall": self.recall,
            "repair@any": self.repair_any,
            "repair@1": self.repair_first,
            "precision": self.precision,
            "f0.5": self.f_half,
            "false_alarms_per_1000_words": self.per_thousand,
        }


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of one gold span."""

    gold: GoldSpan
    detected: bool = False
    repaired: bool = False
    repaired_first: bool = False


@dataclass(frozen=True, slots=True)
class Scored:
    """One text: a verdict on each gold span, and the findings that were counted."""

    gold: Gold
    words: int
    verdicts: tuple[Verdict, ...]
    findings: tuple[Diagnostic, ...]
    false_alarms: tuple[Diagnostic, ...]

    def tallies(self, levels: Iterable[str] = ("must",)) -> dict[str, Tally]:
        """Counts for `all`, for the text's language (`lang fr`) and for each category (`category elision`).

        The findings of a category are those that assign themselves to it.
        """
        table: dict[str, Tally] = {}
        whole = Tally(findings=len(self.findings), false_alarms=len(self.false_alarms), words=self.words)
        _add(table, ("all", f"lang {self.gold.language}"), whole)
        for each in self.findings:
            _add(table, (f"category {each.category}",), Tally(findings=1, false_alarms=each in self.false_alarms))
        for verdict in self.verdicts:
            if verdict.gold.level in levels:
                keys = ("all", f"lang {self.gold.language}", f"category {verdict.gold.category}")
                _add(table, keys, Tally(1, verdict.detected, verdict.repaired, verdict.repaired_first))
        return table


def _add(table: dict[str, Tally], keys: Iterable[str], tally: Tally) -> None:
    for key in keys:
        table[key] = table.get(key, Tally()) + tally


def total(texts: Iterable[Scored], levels: Sequence[str] = ("must",)) -> dict[str, Tally]:
    """The counts of several texts together: `all` first, then languages, then categories."""
    table: dict[str, Tally] = {"all": Tally()}
    for text in texts:
        for key, tally in text.tallies(levels).items():
            _add(table, (key,), tally)
    words = table["all"].words  # a category's false alarms are counted against all words
    ordered = sorted(table, key=lambda key: (key != "all", not key.startswith("lang "), key))
    return {key: replace(table[key], words=table[key].words or words) for key in ordered}


def score(gold: Gold, text: str, diagnostics: Sequence[Diagnostic]) -> Scored:
    """Judge what was found in a text."""
    findings = tuple(each for each in diagnostics if each.category not in QUIET and counts(each))
    alarms = tuple(each for each in findings if not any(_touches(each.span, span.span) for span in gold.spans))
    verdicts = tuple(_verdict(text, span, [d for d in diagnostics if _hits(d.span, span.span)]) for span in gold.spans)
    return Scored(gold, len(text.split()), verdicts, findings, alarms)


def _touches(finding: Span, gold: Span) -> bool:
    """Whether they share a character or meet."""
    return finding.start <= gold.end and finding.end >= gold.start


def _hits(finding: Span, gold: Span) -> bool:
    """Whether they share a character; an empty finding may lie at the edge."""
    if not len(finding):
        return gold.start <= finding.start <= gold.end
    return finding.start < gold.end and finding.end > gold.start


def _verdict(text: str, gold: GoldSpan, hits: Sequence[Diagnostic]) -> Verdict:
    anyhow = first = False
    for hit in hits:
        window = _window(text, [hit.span, gold.span])
        wanted = {_with(text, window, [(gold.span, fix)]) for fix in gold.fixes}
        got = [_with(text, window, [(hit.span, suggestion)]) in wanted for suggestion in hit.suggestions]
        anyhow |= any(got)
        first |= got[:1] == [True]
    if not anyhow and len(hits) > 1:  # several findings may mend one span together
        window = _window(text, [gold.span, *(hit.span for hit in hits)])
        wanted = {_with(text, window, [(gold.span, fix)]) for fix in gold.fixes}
        together = _with(text, window, [(hit.span, hit.suggestions[0]) for hit in hits if hit.suggestions])
        anyhow = first = together in wanted
    return Verdict(gold, bool(hits), anyhow, first)


def _window(text: str, spans: Sequence[Span]) -> Span:
    start = min(span.start for span in spans) - _AROUND
    return Span(max(0, start), min(len(text), max(span.end for span in spans) + _AROUND))


def _with(text: str, window: Span, changes: Iterable[tuple[Span, str]]) -> str:
    """The text of the window after the changes that do not overlap, spaces and apostrophes levelled."""
    parts, last = [], window.start
    for span, new in sorted(changes, key=lambda change: change[0].start):
        if span.start >= last:
            parts += [text[last : span.start], new]
            last = span.end
    parts.append(text[last : window.end])
    return levelled("".join(parts))


def levelled(text: str) -> str:
    """Text with apostrophes and spaces made alike, as repairs are compared."""
    return _SPACE.sub(" ", text.translate(_ALIKE)).strip()


def read_gold(folder: Path) -> Iterator[Gold]:
    """All gold files below a folder, by name.  Raises UnreadableFile."""
    for file in sorted(folder.rglob("*.gold.json")):
        try:
            yield _gold(file, json.loads(file.read_text(encoding="utf-8")))
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise UnreadableFile(f"{file}: not a gold file ({error})") from error


def _gold(file: Path, data: Mapping[str, Any]) -> Gold:
    spans = (
        GoldSpan(Span(each["start"], each["end"]), tuple(each["fixes"]), each["category"], each["level"])
        for each in data["spans"]
    )
    return Gold(file.with_name(data["file"]), data["lang"], tuple(spans))


def table(tallies: Mapping[str, Tally]) -> Iterator[str]:
    """The lines of a table for people."""
    width = max(map(len, tallies))
    yield f"{'':{width}}  gold  recall  repair@1  precision   F0.5  false alarms /1,000 words"
    for key, each in tallies.items():
        found = f"{each.recall:7.1%} {each.repair_first:9.1%}" if each.gold else f"{'–':>7} {'–':>9}"
        right = f"{each.precision:10.1%}" if each.findings else f"{'–':>10}"
        both = f"{each.f_half:6.3f}" if each.gold and each.findings else f"{'–':>6}"
        alarms = f"{each.false_alarms:5} {each.per_thousand:7.2f}"
        yield f"{key:{width}} {each.gold:5} {found} {right} {both} {alarms}"
