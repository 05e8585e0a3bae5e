"""Calibration: rates on the reference page, pooling, levels that rise, levels that are held back."""

from __future__ import annotations

from collections import Counter
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.devtools.calibrate import (
    PRIOR,
    TRANSLATED,
    UNSEEN,
    Bin,
    Cell,
    fit,
    joined,
    page,
    precision,
    reliability,
    rising,
)
from qa.measured import Measured

RULE = ("repeated-word", "fr")
DENSITY = {"repeated-word": 4.0}


def cell(found: int, wrong: int, level: float = 0.9) -> Cell:
    return Cell(planted=20, found=Counter({level: found}), clean=10_000, wrong=Counter({level: wrong}))


def test_rates_on_the_reference_page():
    right, wrong = cell(found=10, wrong=3).rates(0.9, 4.0)
    assert right == pytest.approx(TRANSLATED * 4.0 * 10 / 20)
    assert wrong == pytest.approx(0.3)


def test_development_texts_and_planted_defects_are_weighed_by_their_words():
    one = cell(found=10, wrong=0)
    one.translated, one.right = 5_000, Counter({0.9: 20})  # 4 per 1,000 words, where planting says 2
    assert one.rates(0.9, 4.0)[0] == pytest.approx(TRANSLATED * 3)


def test_a_level_is_worth_what_was_measured():
    (((level, worth),),) = fit({RULE: cell(found=20, wrong=200)}, DENSITY).values()
    assert level == 0.9
    assert worth == pytest.approx(2 / 22, abs=0.02)


def test_what_is_held_back_stays_back_on_little_evidence():
    little = fit({RULE: cell(found=0, wrong=1, level=0.46)}, DENSITY)[RULE]
    much = fit({RULE: cell(found=18, wrong=0, level=0.46)}, DENSITY)[RULE]
    assert little[0][1] < 0.5 < much[0][1]


def test_a_level_that_nothing_was_measured_of_is_lifted_by_no_other():
    figures = Measured(levels=[[0.8, 0.95]])
    assert figures.calibrated(0.45) == 0.45
    assert Measured(levels=[[0.8, 0.3]]).calibrated(0.45) == 0.3


def test_a_small_cell_is_drawn_towards_the_other_languages():
    half = {RULE: cell(found=1, wrong=0), ("repeated-word", "it"): cell(found=20, wrong=400)}
    assert fit(half, DENSITY)[RULE][0][1] < fit({RULE: half[RULE]}, DENSITY)[RULE][0][1]


def test_precision_counts_an_alarm_that_was_not_seen():
    one = cell(found=10, wrong=0)
    assert precision(one, [[0.9, 0.95]], 4.0) == pytest.approx(1 / (1 + UNSEEN / 10), abs=1e-4)
    assert precision(one, [[0.9, 0.4]], 4.0) is None  # nothing is shown
    assert precision(cell(found=int(PRIOR) - 1, wrong=0), [[0.9, 0.95]], 4.0) is None


def test_halves_add_up():
    both = joined({RULE: cell(3, 1)}, {RULE: cell(4, 2)})[RULE]
    assert (both.planted, both.clean, both.found[0.9], both.wrong[0.9]) == (40, 20_000, 7, 3)


@given(st.lists(st.tuples(st.floats(0, 1), st.floats(0, 1), st.integers(1, 50).map(float)), min_size=1))
def test_levels_never_fall(points: list[tuple[float, float, float]]):
    values = [value for _, value in rising(points)]
    assert len(values) == len(points)
    assert all(a <= b + 1e-9 for a, b in pairwise(values))


def test_the_page_names_what_is_off():
    bins: dict[int, Bin] = {}
    half = {RULE: cell(found=10, wrong=5)}
    reliability(half, fit(half, DENSITY), DENSITY, bins)
    text = page(bins, {RULE: 0.85, ("elision", "fr"): 0.97}, 10_000, 20)
    assert "repeated-word (fr)" in text
    assert "elision (fr)" not in text
    assert "| 15 |" in text
