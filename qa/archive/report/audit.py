"""Labels of people → how many findings are right, and how many defects the archive has.

A rule's precision has Wilson's interval.  The totals add up rules that were sampled at different rates, and pages that
were read in full: their intervals are those of 4,000 draws, for each rule from the posterior of its precision
(Jeffreys' prior), for what was overlooked from a bootstrap over the pages.  The draws follow from a fixed seed.
"""

from __future__ import annotations

import csv
import io
import json
import random
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

from qa.archive import store
from qa.archive.report.intervals import Estimate, share
from qa.archive.report.sample import ABOUT, FINDINGS, LABEL, OVERLOOKED, PAGES, About
from qa.errors import QaError

_RIGHT = frozenset(("right", "r", "yes", "y", "true", "1", "ok"))
_WRONG = frozenset(("wrong", "w", "no", "n", "false", "0"))
_UNSURE = frozenset(("unsure", "?", "-"))
_DRAWS = 4000
Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class RuleAudit:
    """One rule: `found` in the archive, `labelled` of them, `right` of these; its precision."""

    rule: str
    found: int
    labelled: int
    right: int
    precision: Estimate


@dataclass(frozen=True, slots=True)
class Audit:
    """What the labels tell of the archive.

    `precision` is the share of all findings that are right, `true_defects` their number.  Where pages were read in
    full, `overlooked` is the number of defects without a finding, `all_defects` that of all, and `recall` the share of
    them that was found; None otherwise.  `unsure` findings count for nothing.
    """

    labelled: int
    unsure: int
    rules: tuple[RuleAudit, ...]
    precision: Estimate
    true_defects: Estimate
    pages: int
    overlooked: Estimate | None
    all_defects: Estimate | None
    recall: Estimate | None


def read_sample(folder: str) -> tuple[About, list[Row], list[Row]]:
    """A sample with its labels: what it was drawn from, findings, pages.  Raises QaError."""
    about = store.read(store.join(folder, ABOUT))
    if about is None:
        raise QaError(f"{folder} holds no sample: run `qa archive sample` first")
    return About(**json.loads(about)), _rows(folder, FINDINGS), _rows(folder, PAGES)


def audit(about: About, findings: Iterable[Row], pages: Iterable[Row]) -> Audit:
    """What the labels tell.  Raises QaError for a label that says nothing we know, or where there is none."""
    labels: dict[str, list[bool]] = {rule: [] for rule in about.strata}
    unsure = 0
    for row in findings:
        label = _label(row)
        if label is None:
            continue
        if label == "unsure":
            unsure += 1
        elif row["rule"] in labels:
            labels[row["rule"]].append(label == "right")
        else:
            raise QaError(f"finding {row['id']}: rule {row['rule']} is not one of the sample's")
    read = [(int(row["words"]), count) for row in pages if (count := _count(row)) is not None]
    labelled = sum(map(len, labels.values()))
    if not labelled and not read:
        raise QaError(f"nothing is labelled yet: write right, wrong or unsure into the column {LABEL!r}")
    rng = random.Random(0)
    strata = [(size, len(labels[rule]), sum(labels[rule])) for rule, size in about.strata.items()]
    found = sum(about.strata.values())
    best = sum(right + (size - n) * (right + 0.5) / (n + 1) for size, n, right in strata)
    draws = [sum(_drawn(*each, rng) for each in strata) for _ in range(_DRAWS)]
    true = _estimate(best, draws)
    if labelled == sum(right for _, _, right in strata):  # nothing speaks against all being right
        true = replace(true, high=float(found))
    overlooked = everything = recall = None
    if read:
        missed = _overlooked(read, about.words)
        missing = [_overlooked(rng.choices(read, k=len(read)), about.words) for _ in draws]
        overlooked = _estimate(missed, missing)
        everything = _estimate(best + missed, [a + b for a, b in zip(draws, missing, strict=True)])
        recall = _estimate(
            best / (best + missed) if best + missed else 1.0,
            [a / (a + b) if a + b else 1.0 for a, b in zip(draws, missing, strict=True)],
        )
    return Audit(
        labelled=labelled,
        unsure=unsure,
        rules=tuple(
            RuleAudit(rule, size, len(labels[rule]), sum(labels[rule]), share(sum(labels[rule]), len(labels[rule])))
            for rule, size in about.strata.items()
        ),
        precision=true.times(1 / found) if found else Estimate(0.0, 0.0, 0.0),
        true_defects=true,
        pages=len(read),
        overlooked=overlooked,
        all_defects=everything,
        recall=recall,
    )


def as_json(result: Audit) -> str:
    """The audit as JSON, which the report of the run shows."""
    return json.dumps(asdict(result), indent=1) + "\n"


def _drawn(size: int, labelled: int, right: int, rng: random.Random) -> float:
    """A possible number of right findings in a stratum: those that were labelled are known."""
    rest = size - labelled
    return right + rest * rng.betavariate(right + 0.5, labelled - right + 0.5) if rest else right


def _overlooked(pages: Sequence[tuple[int, int]], words: int) -> float:
    """Defects without a finding in so many words, as in these pages."""
    return words * sum(count for _, count in pages) / max(1, sum(size for size, _ in pages))


def _estimate(value: float, draws: Sequence[float]) -> Estimate:
    ordered = sorted(draws)
    low, high = ordered[int(0.025 * len(ordered))], ordered[int(0.975 * len(ordered))]
    return Estimate(value, min(low, value), max(high, value))


def _label(row: Row) -> str | None:
    label = str(row[LABEL] or "").strip().lower()
    if not label:
        return None
    for meaning, words in (("right", _RIGHT), ("wrong", _WRONG), ("unsure", _UNSURE)):
        if label in words:
            return meaning
    raise QaError(f"finding {row['id']}: label {label!r} is none of right, wrong, unsure")


def _count(row: Row) -> int | None:
    text = str("" if row[OVERLOOKED] is None else row[OVERLOOKED]).strip()
    if not text:
        return None
    if not text.isascii() or not text.isdigit():
        raise QaError(f"page {row['record']}: {OVERLOOKED} is a number of defects, not {text!r}")
    return int(text)


def _rows(folder: str, name: str) -> list[Row]:
    data = store.read(store.join(folder, f"{name}.csv"))
    if data is not None:
        csv.field_size_limit(1 << 27)  # a page in one field
        return list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline="")))
    data = store.read(store.join(folder, f"{name}.jsonl"))
    return [] if data is None else [json.loads(line) for line in data.decode("utf-8").splitlines()]
