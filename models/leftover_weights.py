"""Fits the weights of the rule `leftover`: writes `qa/rules/leftover-weights.json`.

    python -m models.leftover_weights [--data ../shared/data] [--check]

Pages of held-out sentences, clean and with one to eight planted leftovers of one source language, give the
evidence.  A planted leftover counts so much that there is one in `RATE` words.  One half of the held-out lines is
fitted, the other tells how good the fit is; `--check` fits nothing.
"""

from __future__ import annotations

import argparse
import json
import lzma
import random
import zlib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from models.corrupt.leftover import damage_from, sources_of
from models.heldout import EVERY
from qa.language import codes, language
from qa.page import Page
from qa.rules._evidence import KINDS
from qa.rules._numbers import FEATURES, numbers
from qa.rules._verdict import FILE, company, evidence, form_of, score
from qa.text import Block, SourceMap

RATE = 2000  # words for each leftover, on the pages whose probabilities the score shall give
WORDS = 60_000  # of each language
PAGE = 25  # sentences
PLANTED = (1, 1, 1, 2, 3, 4, 6, 8)  # leftovers on a damaged page
ROUNDS = 8  # how often each page is damaged
PARTS = {"modern": 2, "techdocs": 2, "law": 1, "literature": 1, "debates": 1, "everyday": 1}
RIDGE = 0.3
CLEAN, DAMAGED = 0.7, 0.3  # weight of what is no leftover, by the kind of its page, in the second look


class Row(NamedTuple):
    """The evidence on one run: `weight` in the fit, and what else was found on its `page`."""

    page: int
    kind: str
    code: str
    form: str
    numbers: tuple[float, ...]
    planted: bool
    clean_page: bool


class Sample(NamedTuple):
    """One language: rows, words of clean text, planted leftovers (those without a row included)."""

    rows: list[Row]
    words: int
    planted: int


def sample(data: Path, code: str, half: int) -> Sample:
    """Clean and damaged pages of one half of a language's held-out sentences."""
    rng = random.Random(f"{code}{half}")
    rows: list[Row] = []
    words = planted = 0
    sources = [other for other in sources_of() if other != code]
    sources += ["en"] * (2 if "en" in sources else 0)
    pages = list(_pages(data, code, half))
    for sentences in pages:
        words += sum(len(sentence.split()) for sentence in sentences)
        rows += _rows(len(rows), sentences, code, {})
    for _ in range(ROUNDS):
        for sentences in pages:
            source = rng.choice(sources)
            chosen = rng.sample(range(len(sentences)), min(rng.choice(PLANTED), len(sentences)))
            made = {at: damage_from(sentences[at], code, source, rng) for at in chosen}
            spans = {at: (damage.start, damage.end) for at, damage in made.items() if damage}
            text = [made[at].text if at in spans else sentence for at, sentence in enumerate(sentences)]  # type: ignore[union-attr]
            if spans:
                planted += len(spans)
                rows += _rows(len(rows), text, code, spans)
    return Sample(rows, words, planted)


def _pages(data: Path, code: str, half: int) -> Iterator[list[str]]:
    parts = {part: share for part, share in PARTS.items() if (data / "corpus" / f"{code}.{part}.txt.xz").is_file()}
    for part, share in parts.items():
        lines = list(_lines(data / "corpus" / f"{code}.{part}.txt.xz", half, WORDS * share // sum(parts.values())))
        yield from (lines[start : start + PAGE] for start in range(0, len(lines), PAGE))


def _lines(path: Path, half: int, most: int) -> Iterator[str]:
    taken = 0
    with lzma.open(path, "rt", encoding="utf-8") as file:
        for line in map(str.rstrip, file):
            if zlib.crc32(line.encode()) % (2 * EVERY) == half * EVERY:
                yield line
                taken += len(line.split())
                if taken >= most:
                    return


def _rows(number: int, sentences: Sequence[str], code: str, spans: Mapping[int, tuple[int, int]]) -> Iterator[Row]:
    blocks = tuple(Block("paragraph", text, SourceMap.identity(0, len(text))) for text in sentences)
    page = Page(blocks, language(code), None, codes())
    for at, found in evidence(page):
        start, end = spans.get(at, (0, 0))
        span = found.place.span
        planted = span.start < end and start < span.end
        values = numbers(page.blocks[at], page, found)
        yield Row(number, found.kind, found.language, form_of(found), values, planted, not spans)


def fit(samples: Sequence[Sample]) -> dict[str, Any]:
    """The weights of both looks."""
    first = {kind: _logistic(list(_weighted(samples, kind, None))) for kind in KINDS}
    looks = {"first": {kind: _named(first[kind], tuple(FEATURES)) for kind in KINDS}}
    second = {kind: _logistic(list(_weighted(samples, kind, first))) for kind in KINDS}
    looks["second"] = {kind: _named(second[kind], (*FEATURES, "company")) for kind in KINDS}
    return looks


Weights = tuple[float, list[float]]


def _weighted(
    samples: Sequence[Sample], kind: str, first: Mapping[str, Weights] | None
) -> Iterator[tuple[tuple[float, ...], bool, float]]:
    """(numbers, planted, weight) of the rows of a kind: of clean pages in the first look, of all in the second."""
    for each in samples:
        others = _company(each.rows, first) if first else [0.0] * len(each.rows)
        for row, extra in zip(each.rows, others, strict=True):
            if row.kind != kind:
                continue
            values = (*row.numbers, extra) if first else row.numbers
            if row.planted:
                yield values, True, each.words / RATE / each.planted
            elif row.clean_page:
                yield values, False, CLEAN if first else 1.0
            elif first:
                yield values, False, DAMAGED / ROUNDS


def _company(rows: Sequence[Row], first: Mapping[str, Weights]) -> list[float]:
    import math

    by_page: defaultdict[int, list[int]] = defaultdict(list)
    for index, row in enumerate(rows):
        by_page[row.page].append(index)
    result = [0.0] * len(rows)
    for indices in by_page.values():
        items = []
        for index in indices:
            bias, weights = first[rows[index].kind]
            total = bias + sum(w * x for w, x in zip(weights, rows[index].numbers, strict=True))
            items.append(
                (
                    rows[index].kind,
                    rows[index].form,
                    rows[index].code,
                    1 / (1 + math.exp(-max(-50.0, min(50.0, total)))),
                )
            )
        for index, value in zip(indices, company(items), strict=True):
            result[index] = value
    return result


def _logistic(rows: Sequence[tuple[tuple[float, ...], bool, float]]) -> Weights:
    """Weighted logistic regression with a ridge, by Newton's method on standardised numbers."""
    import numpy as np

    x = np.array([values for values, _, _ in rows], float)
    y = np.array([planted for _, planted, _ in rows], float)
    weight = np.array([weight for _, _, weight in rows])
    mean, spread = x.mean(0), x.std(0) + 1e-6
    x = np.c_[np.ones(len(x)), (x - mean) / spread]
    ridge = np.eye(x.shape[1]) * RIDGE
    ridge[0, 0] = 1e-3
    beta = np.zeros(x.shape[1])
    for _ in range(60):
        p = 1 / (1 + np.exp(-x @ beta))
        step = np.linalg.solve((x.T * (weight * p * (1 - p))) @ x + ridge, x.T @ (weight * (y - p)) - ridge @ beta)
        beta += step
        if abs(step).max() < 1e-6:
            break
    weights = beta[1:] / spread
    return float(beta[0] - weights @ mean), [float(value) for value in weights]


def _named(weights: Weights, names: Iterable[str]) -> dict[str, Any]:
    bias, values = weights
    named = {name: round(value, 3) for name, value in zip(names, values, strict=True)}
    return {"bias": round(bias, 3), "weights": named}


def report(code: str, each: Sample) -> None:
    """Print recall on planted leftovers, false alarms on clean pages, and how true the probabilities are."""
    likely = [0.0] * len(each.rows)
    by_page: defaultdict[int, list[int]] = defaultdict(list)
    for index, row in enumerate(each.rows):
        by_page[row.page].append(index)
    for indices in by_page.values():
        rows = [each.rows[index] for index in indices]
        first = [(row.kind, row.form, row.code, score("first", row.kind, row.numbers)) for row in rows]
        for index, row, others in zip(indices, rows, company(first), strict=True):
            likely[index] = score("second", row.kind, (*row.numbers, others))
    weight = each.words / RATE / each.planted  # of a planted one, at the natural rate
    for low, high in ((0.5, 1.1), (0.5, 0.7), (0.7, 0.9), (0.9, 1.1)):
        said = [(row, value) for row, value in zip(each.rows, likely, strict=True) if low <= value < high]
        planted = [value for row, value in said if row.planted]
        alarms = [value for row, value in said if row.clean_page and not row.planted]
        beside = sum(not row.planted and not row.clean_page for row, _ in said)
        expected = weight * sum(planted) + sum(alarms)
        right, whole = weight * len(planted), weight * len(planted) + len(alarms)
        print(
            f"{code} {low}–{min(high, 1.0)}: recall {len(planted) / each.planted:.3f}, "
            f"{1000 * len(alarms) / each.words:.3f} false alarms per 1,000 clean words; at one in {RATE:,} words "
            f"the mean probability is {expected / max(whole, 1e-9):.2f} and {right / max(whole, 1e-9):.2f} are right; "
            f"on damaged pages {beside} beside {len(planted)}"
        )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument("--check", action="store_true")
    options = parser.parse_args()
    wanted = [code for code in codes() if language(code).has("leftover")]
    if not options.check:
        weights = fit([sample(options.data, code, 0) for code in wanted])
        FILE.write_text(json.dumps(weights, indent=1) + "\n", encoding="utf-8")
    for code in wanted:
        report(code, sample(options.data, code, 1))


if __name__ == "__main__":
    main()
