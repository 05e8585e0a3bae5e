"""What a stated confidence is worth: for each rule and language, the measured probability of being right.

Three sources are weighed together as on a *reference page*, half of it clean and half machine-translated
(`TRANSLATED`): planted defects and development texts tell how many of a rule's findings at each level it states are
right, clean text and the development texts how many are wrong.  A translated page has as many defects of a category
as the development texts have on average.

Partial pooling holds the small cells: a level is drawn towards the rule's level over all languages, and that towards
what the rule states itself, each with the weight of `PRIOR` findings.  Levels are then pooled until they rise
(isotonic regression by pooling adjacent violators).  What a rule deliberately states below one half stays below it
until findings outweigh its word.

Sentences, pages and texts are dealt to two halves.  Each half is fitted and the other one checks it; what is recorded
is fitted on both.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from qa.checker import Options, find
from qa.checker import pages as pages_of
from qa.devtools.corpora import clean_sentences, pages
from qa.devtools.pairs import planted, rule_operators, touches
from qa.evaluation import Gold, read_gold
from qa.finding import Finding, Severity
from qa.language import language
from qa.measured import LEAST_PRECISION, SHOWN, Measured
from qa.readers import read
from qa.rules import registry
from qa.text import Block, Span

STEP = 0.02  # width of a level of stated confidence
PRIOR = 4.0  # findings that what is known beforehand counts for
TRANSLATED = 0.5  # the share of the reference page that is machine-translated
PLANTED = 5.0  # thousand words of translated text that the planted defects of a cell count for
UNSEEN = 0.5  # false alarms of a cell that are taken for not seen yet

_HEAD = """# What a confidence is worth

Written by `python -m qa.devtools calibrate --words {words} --wanted {wanted} --record`.

Each rule states how sure it is. What the user sees, and what `--min-confidence` asks for, is the measured probability
behind that, for each rule and language (`qa/measured.json`): how many of the findings at that level would be right on a
*reference page*, half of which is clean text and half machine-translated, with as many defects of each category as the
development texts have. A page that was translated and never edited is worse than that, one by a careful writer better:
there every finding is a false alarm.

Measured on {words} words of clean text and up to {wanted} planted defects for each operator and language
(docs/planted.md), none of which anything was learnt from, and on the development texts. The planted defects of a cell
count for {planted:g},000 words of translated text. A cell is charged with {unseen:g} false alarms more than were
counted, and a category is granted one defect more. A level is drawn towards the rule's level over all languages, and
that towards what the rule states, each with the weight of {prior:g} findings. A level that nothing was measured of
keeps what the rule states. What a rule states below 0.5 is held back: it is shown on request alone, until findings
outweigh its word.

## Reliability

Sentences, pages and texts in two halves, each judged by what the other one fitted; all rules and languages, weighed as
on the reference page. The share that is right should be the mean confidence.
"""

Density = Mapping[str, float]
Levels = list[list[float]]


@dataclass(slots=True)
class Cell:
    """One rule in one language: what it was measured on, and findings at each stated level."""

    planted: int = 0  # defects that this rule was to find …
    found: Counter[float] = field(default_factory=Counter)  # … and did
    clean: int = 0  # words of clean text
    translated: int = 0  # words of development texts
    right: Counter[float] = field(default_factory=Counter)  # findings on gold spans
    wrong: Counter[float] = field(default_factory=Counter)  # on clean text, and beside gold spans

    def __add__(self, other: Cell) -> Cell:
        return Cell(
            self.planted + other.planted,
            self.found + other.found,
            self.clean + other.clean,
            self.translated + other.translated,
            self.right + other.right,
            self.wrong + other.wrong,
        )

    @property
    def levels(self) -> set[float]:
        """The levels at which anything was found."""
        return {*self.found, *self.right, *self.wrong}

    @property
    def findings(self) -> int:
        """All findings, right or wrong."""
        return sum(map(self.seen, self.levels))

    def seen(self, level: float) -> int:
        """Findings at a level, right or wrong."""
        return self.found[level] + self.right[level] + self.wrong[level]

    def rates(self, level: float, density: float, unseen: float = 0.0) -> tuple[float, float]:
        """Right and wrong findings at a level per 1,000 words of the reference page.

        `density`: defects of the rule's category per 1,000 words of a translated page; `unseen`: false alarms that are
        added to those that were counted.
        """
        weight = PLANTED if self.planted else 0.0
        by_planting = density * self.found[level] / max(1, self.planted)
        of_translated = (self.right[level] + weight * by_planting) / max(1e-9, self.translated / 1000 + weight)
        words = max(1, self.clean + self.translated)
        return TRANSLATED * of_translated, 1000 * (self.wrong[level] + unseen) / words


Half = dict[tuple[str, str], Cell]


def joined(first: Mapping[tuple[str, str], Cell], second: Mapping[tuple[str, str], Cell]) -> Half:
    """Two halves as one."""
    return {key: first.get(key, Cell()) + second.get(key, Cell()) for key in {*first, *second}}


def densities(golds: Iterable[Gold]) -> dict[str, float]:
    """Rule → defects (must and should) of its category per 1,000 words of the development texts.

    One more than they have: a category of which they have none exists all the same.
    """
    counts: Counter[str] = Counter()
    words = 0
    for gold in golds:
        words += len(gold.path.read_text(encoding="utf-8").split())
        counts.update(span.category for span in gold.spans if span.level != "may")
    return {rule.id: 1000 * (counts[rule.category] + 1) / max(1, words) for rule in registry().values()}


def measure(data: Path, golds: Sequence[Gold], code: str, words: int, wanted: int) -> tuple[Half, Half]:
    """The two halves of a language's measurements."""
    halves: tuple[Half, Half] = (defaultdict(Cell), defaultdict(Cell))
    for operator in rule_operators().values():
        for turn, damage in enumerate(planted(operator, data, code, wanted, seed=1)):
            cell, span = halves[turn % 2][damage.rule, code], Span(damage.start, damage.end)
            cell.planted += 1
            hits = [
                finding.confidence
                for block, finding in _stated(damage.text, "text", code)
                if finding.rule == damage.rule and touches(block.file_span(finding.span), span)
            ]
            if hits:
                cell.found[_level(max(hits))] += 1
    for turn, page in enumerate(page for _, part in clean_sentences(data, code, words) for page in pages(part)):
        half = halves[turn % 2]
        for rule in registry():
            half[rule, code].clean += len(page.split())
        for _, finding in _stated(page, "text", code):
            half[finding.rule, code].wrong[_level(finding.confidence)] += 1
    for turn, gold in enumerate(gold for gold in golds if gold.language == code):
        half, text = halves[turn % 2], gold.path.read_bytes().decode()
        for rule in registry():
            half[rule, code].translated += len(text.split())
        for block, finding in _stated(text, "auto", code):
            span = block.file_span(finding.span)
            right = any(touches(span, marked.span) for marked in gold.spans)
            cell = half[finding.rule, code]
            (cell.right if right else cell.wrong)[_level(finding.confidence)] += 1
    return halves


def _stated(text: str, syntax: str, code: str) -> Iterator[tuple[Block, Finding]]:
    """What every rule says of a text, with the confidence that it states itself."""
    rules = [
        rule
        for rule in registry().values()
        if rule.default and rule.covers(language(code)) and rule.severity != Severity.INFO
    ]
    for page, _ in pages_of(read(text, syntax), code, Options()):
        yield from find(page, rules)


def _level(confidence: float) -> float:
    return round(round(confidence / STEP) * STEP, 4)


def fit(half: Half, density: Density) -> dict[tuple[str, str], Levels]:
    """[stated, measured] pairs of each cell, both rising."""
    over_all: defaultdict[str, Cell] = defaultdict(Cell)
    for (rule, _), cell in half.items():
        over_all[rule] += cell
    return {
        (rule, code): _levels(cell, over_all[rule], density[rule])
        for (rule, code), cell in half.items()
        if rule in density and cell.levels
    }


def _levels(cell: Cell, everywhere: Cell, density: float) -> Levels:
    points = []
    for level in sorted(cell.levels):
        prior = _worth(everywhere, level, density, level)
        points.append((level, _worth(cell, level, density, prior), float(cell.seen(level))))
    return [[level, round(min(value, 0.99), 3)] for level, value in rising(points)]


def _worth(cell: Cell, level: float, density: float, prior: float) -> float:
    """The share of right findings at a level, drawn towards `prior`."""
    seen = cell.seen(level)
    right, wrong = cell.rates(level, density, UNSEEN * seen / cell.findings)
    return (right / (right + wrong) * seen + prior * PRIOR) / (seen + PRIOR)


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


def precision(cell: Cell, levels: Levels, density: float) -> float | None:
    """The share of right findings among those shown on the reference page; None where too little was found to tell."""
    figures = Measured(levels=levels)
    shown = [level for level in cell.levels if figures.calibrated(level) >= SHOWN]
    if sum(map(cell.seen, shown)) < PRIOR:
        return None
    rates = [cell.rates(level, density, UNSEEN / len(shown)) for level in shown]
    right, wrong = map(sum, zip(*rates, strict=True))
    return round(right / (right + wrong), 4)


@dataclass(slots=True)
class Bin:
    """The findings of one row of the reliability table."""

    findings: int = 0
    stated: float = 0.0
    right: float = 0.0
    both: float = 0.0

    def add(self, findings: int, confidence: float, right: float, wrong: float) -> None:
        """Count findings of one confidence, so many right and so many wrong per 1,000 words."""
        self.findings += findings
        self.stated += confidence * (right + wrong)
        self.right += right
        self.both += right + wrong


def reliability(half: Half, table: Mapping[tuple[str, str], Levels], density: Density, bins: dict[int, Bin]) -> None:
    """Sort the findings of a half that did not fit into rows by their confidence, weighed as on the reference page."""
    for (rule, code), cell in half.items():
        figures = Measured(levels=table.get((rule, code), ()))
        for level in cell.levels if rule in density else ():
            confidence = figures.calibrated(level)
            row = bins.setdefault(min(9, int(confidence * 10)), Bin())
            row.add(cell.seen(level), confidence, *cell.rates(level, density[rule]))


def page(bins: Mapping[int, Bin], shown: Mapping[tuple[str, str], float | None], words: int, wanted: int) -> str:
    """docs/calibration.md: how the figures come about, the reliability table, the precision of each rule."""
    codes = sorted({code for _, code in shown})
    off = sorted((rule, code) for (rule, code), value in shown.items() if value is not None and value < LEAST_PRECISION)
    lines = [
        _HEAD.format(words=words, wanted=wanted, planted=PLANTED, unseen=UNSEEN, prior=PRIOR),
        "| confidence | findings | mean confidence | share right |",
        "|---|---:|---:|---:|",
    ]
    lines += [
        f"| {row / 10:.1f}–{row / 10 + 0.1:.1f} | {one.findings} | {one.stated / one.both:.3f} "
        f"| {one.right / one.both:.3f} |"
        for row, one in sorted(bins.items())
    ]
    lines += [
        "\n## Precision on the reference page\n",
        f"In %, of the findings with a confidence of at least {SHOWN:g}. – : fewer than {PRIOR:g} findings. A rule is",
        f"off unless asked for in a language where its precision is below {LEAST_PRECISION:.0%}"
        + (": " + ", ".join(f"{rule} ({code})" for rule, code in off) + ".\n" if off else "; there is none.\n"),
        "| rule | " + " | ".join(codes) + " |",
        "|---|" + "---:|" * len(codes),
    ]
    for rule in sorted({rule for rule, _ in shown}):
        cells = (shown.get((rule, code)) for code in codes)
        lines.append(f"| {rule} | " + " | ".join("–" if cell is None else f"{100 * cell:.1f}" for cell in cells) + " |")
    return "\n".join(lines) + "\n"


def measure_all(
    data: Path, golds: Sequence[Gold], languages: Iterable[str], words: int, wanted: int
) -> tuple[Half, Half]:
    """The two halves over several languages."""
    halves: tuple[Half, Half] = ({}, {})
    for code in languages:
        for half, part in zip(halves, measure(data, golds, code, words, wanted), strict=True):
            half.update(part)
    return halves


def gold_texts(folder: Path) -> list[Gold]:
    """The development texts, in the order of their names."""
    return sorted(read_gold(folder), key=lambda gold: gold.path.name)
