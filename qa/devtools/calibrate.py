"""What a stated confidence is worth: for each rule and language, the measured probability of being right.

Planted defects tell how often a rule is right at each level it states, clean text how often it is wrong.  They are
weighed together as on a reference page: 1,000 words with as many defects of the rule's category as the development
texts have on average.  Levels are pooled until they rise (isotonic regression by pooling adjacent violators), and
a level seen seldom is drawn towards the rule's level over all languages.  One half of the sentences fits, the other
half checks.
"""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from qa.checker import Options, find
from qa.checker import pages as pages_of
from qa.devtools.corpora import clean_sentences, pages
from qa.devtools.pairs import planted, rule_operators, touches
from qa.finding import Finding, Severity
from qa.language import language
from qa.measured import Measured
from qa.readers import read
from qa.rules import registry
from qa.text import Block, Span

STEP = 0.02  # width of a level of stated confidence
PRIOR = 4.0  # findings that a rule's level over all languages counts for in each language


@dataclass(slots=True)
class Cell:
    """One rule in one language, over one half of the text: findings at each stated level."""

    planted: int = 0  # defects that this rule was to find
    words: int = 0  # of clean text
    right: Counter[float] = field(default_factory=Counter)
    wrong: Counter[float] = field(default_factory=Counter)


Half = dict[tuple[str, str], Cell]


def densities(gold: Path) -> dict[str, float]:
    """Defects (must and should) per 1,000 words for each category, over the development texts."""
    counts: Counter[str] = Counter()
    words = 0
    for path in sorted(gold.rglob("*.gold.json")):
        document = json.loads(path.read_text(encoding="utf-8"))
        words += len(path.with_name(document["file"]).read_text(encoding="utf-8").split())
        counts.update(span["category"] for span in document["spans"] if span["level"] != "may")
    return {category: 1000 * count / words for category, count in counts.items()}


def measure(data: Path, code: str, words: int, wanted: int) -> tuple[Half, Half]:
    """The two halves of a language's measurements: sentences and pages in turn."""
    halves: tuple[Half, Half] = (defaultdict(Cell), defaultdict(Cell))
    for operator in rule_operators().values():
        for turn, damage in enumerate(planted(operator, data, code, wanted, seed=1)):
            half, span = halves[turn % 2], Span(damage.start, damage.end)
            half[damage.rule, code].planted += 1
            hits = [
                finding.confidence
                for block, finding in _stated(damage.text, code)
                if finding.rule == damage.rule and touches(block.file_span(finding.span), span)
            ]
            if hits:
                half[damage.rule, code].right[_level(max(hits))] += 1
    for turn, page in enumerate(page for _, part in clean_sentences(data, code, words) for page in pages(part)):
        half = halves[turn % 2]
        for rule in registry():
            half[rule, code].words += len(page.split())
        for _, finding in _stated(page, code):
            half[finding.rule, code].wrong[_level(finding.confidence)] += 1
    return halves


def _stated(text: str, code: str) -> Iterator[tuple[Block, Finding]]:
    """What every rule says of a text, with the confidence that it states itself."""
    rules = [
        rule
        for rule in registry().values()
        if rule.default and rule.covers(language(code)) and rule.severity != Severity.INFO
    ]
    for page, _ in pages_of(read(text, "text"), code, Options()):
        yield from find(page, rules)


def _level(confidence: float) -> float:
    return round(round(confidence / STEP) * STEP, 4)


def rates(cell: Cell, density: float) -> dict[float, tuple[float, float]]:
    """Level → right and wrong findings per 1,000 words of the reference page."""
    return {
        level: (
            density * cell.right[level] / max(1, cell.planted),
            1000 * cell.wrong[level] / max(1, cell.words),
        )
        for level in {*cell.right, *cell.wrong}
    }


def precision(cell: Cell, density: float) -> float | None:
    """The share of right findings on the reference page; None where the rule found nothing."""
    right, wrong = map(sum, zip(*rates(cell, density).values(), strict=True)) if cell.right or cell.wrong else (0, 0)
    return round(right / (right + wrong), 4) if right + wrong else None


def levels(half: Half, rule: str, code: str, density: float) -> list[list[float]]:
    """[stated, measured] pairs of a cell, both rising."""
    pooled: dict[float, list[tuple[float, float]]] = defaultdict(list)
    for (name, _), cell in half.items():
        if name == rule:
            for level, pair in rates(cell, density).items():
                pooled[level].append(pair)
    cell, points = half[rule, code], []
    for level, (right, wrong) in sorted(rates(cell, density).items()):
        all_right, all_wrong = map(sum, zip(*pooled[level], strict=True))
        seen = cell.right[level] + cell.wrong[level]
        prior = all_right / (all_right + all_wrong)
        points.append((level, (right / (right + wrong) * seen + prior * PRIOR) / (seen + PRIOR), float(seen)))
    return [[level, round(min(value, 0.99), 3)] for level, value in rising(points)]


def reliability(
    half: Half, table: Mapping[tuple[str, str], Sequence[Sequence[float]]], density: Mapping[str, float]
) -> Iterator[tuple[float, int, float, float]]:
    """Rows (lower bound, findings, mean confidence, share right) over the cells of the half that did not fit."""
    bins: dict[int, list[float]] = defaultdict(lambda: [0.0, 0.0, 0.0, 0.0])
    for (rule, code), cell in half.items():
        figures = Measured(levels=table.get((rule, code), ()))
        for level, (right, wrong) in rates(cell, density[rule]).items():
            stated = figures.calibrated(level)
            row = bins[min(9, int(stated * 10))]
            row[0] += cell.right[level] + cell.wrong[level]
            row[1] += stated * (right + wrong)
            row[2] += right
            row[3] += right + wrong
    for lower, (seen, stated, right, both) in sorted(bins.items()):
        yield lower / 10, int(seen), stated / both, right / both


def rising(points: Sequence[tuple[float, float, float]]) -> Iterable[tuple[float, float]]:
    """Isotonic regression: (level, value, weight) → (level, value) whose values never fall."""
    pools: list[list[tuple[float, float, float]]] = []
    for point in points:
        pools.append([point])
        while len(pools) > 1 and _mean(pools[-2]) > _mean(pools[-1]):
            last = pools.pop()
            pools[-1] += last
    for pool in pools:
        yield from ((level, _mean(pool)) for level, _, _ in pool)


def _mean(pool: Sequence[tuple[float, float, float]]) -> float:
    return sum(value * weight for _, value, weight in pool) / sum(weight for _, _, weight in pool)


def measure_all(data: Path, languages: Iterable[str], words: int, wanted: int) -> tuple[Half, Half]:
    """The two halves over several languages."""
    fitted: Half = {}
    checked: Half = {}
    for code in languages:
        first, second = measure(data, code, words, wanted)
        fitted |= first
        checked |= second
    return fitted, checked


def joined(a: Cell, b: Cell) -> Cell:
    """Two halves of one cell as one."""
    return Cell(a.planted + b.planted, a.words + b.words, a.right + b.right, a.wrong + b.wrong)


def page(rows: Sequence[tuple[float, int, float, float]], words: int, wanted: int) -> str:
    """docs/calibration.md: the reliability table."""
    lines = [
        "# What a confidence is worth\n",
        "Written by `python -m qa.devtools calibrate --record`. Each rule states how sure it is; what the user sees is",
        "the measured probability behind that, for each rule and language (`qa/measured.json`). Planted defects and",
        "clean text are weighed as on a page with as many defects of each category as the development texts have;",
        f"{words} words of clean text and up to {wanted} planted defects for each operator and language, one half to",
        "fit, the other to check. The table is the half that did not fit, all rules and languages.\n",
        "| confidence | findings | mean confidence | share right |",
        "|---|---:|---:|---:|",
    ]
    lines += [
        f"| {low:.1f}–{low + 0.1:.1f} | {seen} | {mean:.3f} | {right:.3f} |" for low, seen, mean, right in rows if seen
    ]
    return "\n".join(lines) + "\n"
