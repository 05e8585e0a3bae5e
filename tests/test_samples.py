"""The samples: silence on good text that has every right to look suspicious, and the article that started it all."""

from __future__ import annotations

import pytest

import qa
from qa.devtools.documents import ROOT
from qa.evaluation import read_gold, score, total

CLEAN = sorted((ROOT / "samples" / "clean").glob("*.md"))


@pytest.mark.parametrize("path", CLEAN, ids=lambda path: path.stem)
@pytest.mark.parametrize("named", [True, False], ids=["named", "identified"])
def test_clean_text_is_left_alone(path, named):
    options = qa.Options(language=path.stem if named else None)
    result = qa.check(path.read_text(encoding="utf-8"), syntax="markdown", options=options)
    assert [(d.rule, d.text, d.suggestions) for d in result.diagnostics] == []
    assert result.language == path.stem


def test_there_is_clean_text_in_every_language():
    assert {path.stem for path in CLEAN} == {"de", "en", "es", "fr", "it", "nl", "pt"}


def test_the_sample_is_found_and_repaired():
    (gold,) = read_gold(ROOT / "samples")
    text = gold.path.read_text(encoding="utf-8")
    result = qa.check(text, options=qa.Options(language="fr"))
    figures = total([score(gold, text, result.diagnostics)])["all"]
    assert figures.gold == 29
    assert figures.detected >= 25
    assert figures.repaired_first >= 22
    assert figures.false_alarms == 0
