"""How fast rules read clean text, by pytest-benchmark: `make bench` runs it, the suite does not.

Each round reads the same paragraphs anew, so that from the second one on their words are known.
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

import pytest

from qa.checker import Options, check_document
from qa.devtools.bench import SURFACE
from qa.devtools.corpora import paragraph_pages
from qa.readers import read
from qa.text import Document

DATA = Path(__file__).parents[2] / "shared" / "data"
SIZE, ROUNDS = 500_000, 5


@lru_cache(maxsize=1)
def texts(code: str) -> tuple[str, ...]:
    if not (DATA / "corpus").is_dir():
        pytest.skip("no corpora")
    return tuple(paragraph_pages(DATA, code, SIZE))


@pytest.mark.parametrize("rules", ["surface", "all"])
@pytest.mark.parametrize("code", ["de", "en", "es", "fr", "it", "nl", "pt"])
def test_rules_over_clean_text(benchmark, code, rules):
    options = Options(language=code, select=SURFACE if rules == "surface" else frozenset())

    def anew() -> tuple[tuple[list[Document]], dict[str, object]]:
        return ([read(text, "text") for text in texts(code)],), {}

    def run(documents: list[Document]) -> int:
        return sum(len(check_document(document, options).diagnostics) for document in documents)

    found = benchmark.pedantic(run, setup=anew, rounds=ROUNDS, warmup_rounds=1)
    size = sum(len(text.encode()) for text in texts(code))
    assert found < size / 5_000  # clean text
    benchmark.extra_info["MB/s"] = round(size / 1e6 / benchmark.stats.stats.min, 2)
