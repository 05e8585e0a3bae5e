"""Rows of classes: what they find at once is what a look at every word would find."""

from __future__ import annotations

import gc
import random
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import islice

import pytest

from qa.checker import Options, check
from qa.language import language
from qa.lexicon import lexicon
from qa.page import Page
from qa.rules._agreement import Grammar, grammar
from qa.rules._columns import Pairs
from qa.rules._joins import NEVER, OPENER, PLAIN, PREFIX, SEPARABLE, UNKNOWN, WORD, joining
from qa.rules._phrase import Phrase, suspects
from qa.rules._pieces import halves, joined, of_compound
from qa.rules._where import where
from qa.text import Block, SourceMap

LANGUAGES = ("de", "en", "es", "fr", "it", "nl", "pt")


def block(text: str) -> Block:
    return Block("paragraph", text, SourceMap.identity(0, len(text)))


def test_pairs_are_found_wherever_they_stand() -> None:
    rng = random.Random(1)
    wanted = {(rng.randrange(8), rng.randrange(8)) for _ in range(12)}
    pairs = Pairs(lambda one, other: (one, other) in wanted, 7)
    for length in (0, 1, 2, 500):
        row = bytes(rng.randrange(256) for _ in range(length))
        places = [at for at in range(length - 1) if (row[at] & 7, row[at + 1] & 7) in wanted]
        assert list(pairs.places(row)) == places


def test_more_groups_than_bits_are_refused() -> None:
    with pytest.raises(ValueError, match="eight"):
        Pairs(lambda one, other: one == other, 15)


def disorder(code: str, facts: Grammar) -> Block:
    """Determiners, and words of the language that stand behind them as they come."""
    rng = random.Random(code)
    words = list(islice(lexicon(code), 0, None, 61))
    determiners = list(facts.spelled)
    parts = []
    for _ in range(6000):
        form = rng.choice(determiners if rng.random() < 0.35 else words)
        written = rng.choice([form, form, form, form, form.capitalize(), form.upper()])
        parts += [written, rng.choice([" ", " ", " ", " ", "'", "’ ", ", ", " - "])]
    return block("".join(parts))


@pytest.mark.parametrize("code", LANGUAGES)
def test_no_phrase_is_lost_in_a_row(code: str, monkeypatch: pytest.MonkeyPatch) -> None:
    facts = language(code).derive(grammar)
    assert facts is not None
    text = disorder(code, facts)
    row = bytes(map(facts.doubts.class_of, text.forms))
    assert where(Page((text,), language(code)))[0].row == row

    def phrases() -> list[Phrase]:
        return list(suspects(text, where(Page((text,), language(code)))[0].phrases, facts))

    found = phrases()
    assert phrases() == found  # with what was found out, too
    monkeypatch.setattr(facts.doubts, "doubtful", lambda row, forms, gaps: [range(len(forms))])
    assert phrases() == found
    assert found


@pytest.mark.parametrize("code", ["de", "nl"])
def test_no_compound_is_lost_in_a_row(code: str) -> None:
    own = language(code)
    facts, nouns = own.derive(joining), own.derive(grammar)
    assert facts is not None
    assert nouns is not None
    rng = random.Random(code)
    rows = (own.folder / "compounds.tsv").read_text(encoding="utf-8").splitlines()
    known = [row.split("\t")[0] for row in rows]
    others = list(islice(lexicon(code), 0, None, 61))
    linking = [half + ending for half in known for ending in ("s", "ings", "heits", "ungs")]
    parts = []
    for _ in range(4000):
        first, second = rng.choice(rng.choice([known, linking, others])), rng.choice(rng.choice([known, others]))
        parts += [rng.choice(list(nouns.spelled)), first, rng.choice([second, second.lower()])]
    text = block(" ".join(parts))
    page = Page((text,), own)
    regular = set(halves(page)[0].regular)
    lost = [
        text.forms[at : at + 2]
        for at in range(len(text.forms) - 1)
        if at not in regular
        and text.gaps[at + 1] == " "
        and joinable(*map(facts.kind, text.forms[at : at + 2]))
        and joined(text, at, facts)
        and of_compound(text, at, page, facts)
    ]
    assert not lost
    assert regular


def joinable(one: int, other: int) -> bool:
    """Whether words of these kinds are asked for at all."""
    if NEVER in (one, other) or one == OPENER:
        return False
    return UNKNOWN in (one, other) or (one in (PREFIX, SEPARABLE, WORD) and other in (OPENER, PLAIN, WORD))


def _yield(_phase: str, _info: dict[str, int]) -> None:
    """Other threads may run wherever the collector calls this, even within what looks like one step of C."""


@pytest.fixture
def eager() -> Iterator[None]:
    """Threads take turns as often as they ever will."""
    interval, thresholds = sys.getswitchinterval(), gc.get_threshold()
    sys.setswitchinterval(1e-5)
    gc.set_threshold(50)
    gc.callbacks.append(_yield)
    yield
    gc.callbacks.remove(_yield)
    gc.set_threshold(*thresholds)
    sys.setswitchinterval(interval)


@pytest.mark.usefixtures("eager")
def test_pages_may_be_checked_in_threads() -> None:
    texts = [" ".join(islice(lexicon("fr"), start, None, 997)) for start in range(40)]
    options = Options(language="fr")
    alone = [check(text, options=options) for text in texts]
    language("fr")._known.clear()  # as in a process that has checked nothing
    with ThreadPoolExecutor(8) as threads:
        assert list(threads.map(lambda text: check(text, options=options), texts)) == alone
