"""The pipeline as a library user sees it, and its pure stages one by one."""

from __future__ import annotations

import doctest
import random
from itertools import zip_longest

import pytest

import qa
from qa.arbitration import arbitrate
from qa.devtools.documents import ROOT
from qa.errors import UnknownLanguage, UnknownRule
from qa.evidence import weigh
from qa.finding import Diagnostic, Finding, Severity
from qa.measured import Measured
from qa.rules import registry, rule, rule_ids
from qa.text import _BEYOND_LATIN, _LATIN_WORD, _WORD, Block, SourceMap, Span, words_in


def diagnostic(start, end, confidence=0.9, rule="repeated-word", severity=Severity.MAJOR):
    return Diagnostic(rule, "repeated-word", severity, confidence, Span(start, end), "x" * (end - start), "why")


def test_the_example_of_the_package_is_true():
    assert doctest.testmod(qa).failed == 0


def test_same_text_same_answer():
    text = "Le train train arrive.\n\nLa la porte est ouverte ouverte."
    options = qa.Options(language="fr")
    assert qa.check(text, options=options) == qa.check(text, options=options)


def test_unknown_language_is_named():
    with pytest.raises(UnknownLanguage, match=r"'xx'.*choose one of"):
        qa.check("text", options=qa.Options(language="xx"))


def test_unknown_rule_is_named():
    with pytest.raises(UnknownRule, match="no-such-rule"):
        rule("no-such-rule")
    with pytest.raises(UnknownRule, match="no-such-rule"):
        qa.check("Le train arrive.", options=qa.Options(language="fr", select=frozenset({"no-such-rule"})))


def test_a_text_too_short_to_tell_is_skipped_with_its_reason():
    result = qa.check("OK")
    assert result.language is None
    assert result.diagnostics == ()
    assert "language unknown" in result.skipped[0][1]


def test_the_language_tag_may_carry_a_region():
    assert qa.check("Le train train arrive.", options=qa.Options(language="fr-CA")).language == "fr"


def test_ignore_wins_over_select():
    options = qa.Options(language="fr", select=frozenset({"repeated-word"}), ignore=frozenset({"repeated-word"}))
    assert qa.check("Le train train arrive.", options=options).diagnostics == ()


def test_a_category_selects_its_rules():
    options = qa.Options(language="fr", select=frozenset({"repeated-word"}))
    assert [d.rule for d in qa.check("Le train train arrive.", options=options).diagnostics] == ["repeated-word"]


def test_a_name_that_is_both_means_the_rule():
    assert rule_ids(["agreement"]) == {"agreement"}
    assert rule_ids(["category:agreement"]) > {"agreement"}
    assert rule_ids(["split-word", "spacing"]) >= {"split-word", "split-identifier"}
    with pytest.raises(UnknownRule, match="category:agrement"):
        rule_ids(["category:agrement"])


def test_min_confidence_drops_what_is_less_likely():
    options = qa.Options(language="fr", min_confidence=0.999)
    assert qa.check("Le train train arrive.", options=options).diagnostics == ()


def test_arbitration_keeps_the_likelier_then_the_longer():
    likely, weak = diagnostic(0, 5, 0.9), diagnostic(3, 9, 0.6)
    short, long = diagnostic(20, 23), diagnostic(19, 25, rule="looped-phrase")
    assert arbitrate([weak, short, long, likely]) == [likely, long]


def test_a_note_on_style_never_hides_a_defect():
    note, defect = diagnostic(0, 9, 0.99, severity=Severity.INFO), diagnostic(3, 5, 0.6)
    assert arbitrate([note, defect]) == [defect]


def test_arbitration_does_not_depend_on_order():
    rng = random.Random(1)
    some = [diagnostic(s, s + rng.randrange(12), rng.choice([0.5, 0.7, 0.9])) for s in range(0, 2000, 3)]
    expected = arbitrate(some)
    for _ in range(5):
        rng.shuffle(some)
        assert arbitrate(some) == expected
    assert not any(a.span.overlaps(b.span) for a in expected for b in expected if a is not b)


def test_certain_marks_raise_the_weaker_findings_of_the_page():
    block = Block("paragraph", "some text", SourceMap.identity(0, 9))
    telltale = next(each.id for each in registry().values() if each.telltale)
    weak = Finding("repeated-word", Span(0, 4), "m", confidence=0.6)
    certain = Finding(telltale, Span(5, 9), "m", confidence=0.95)
    assert weigh([(block, weak)], registry(), "xx") == [(block, weak)]
    (_, raised), (_, unchanged) = weigh([(block, weak), (block, certain)], registry(), "xx")
    assert 0.6 < raised.confidence < 1
    assert unchanged == certain


def test_a_stated_confidence_becomes_the_measured_one():
    figures = Measured(levels=[[0.6, 0.5], [0.8, 0.9]])
    assert figures.calibrated(0.5) == 0.5
    assert figures.calibrated(0.7) == pytest.approx(0.7)
    assert figures.calibrated(0.75) == pytest.approx(0.8)
    assert figures.calibrated(0.95) == 0.9
    assert Measured().calibrated(0.42) == 0.42


def test_a_rule_is_trusted_only_where_it_is_silent_and_right():
    assert Measured(clean_words=10_000, false_alarms=1).trusted
    assert not Measured(clean_words=10_000, false_alarms=2).trusted
    assert not Measured(precision=0.89).trusted


def test_words_are_the_same_by_either_pattern():
    every = "".join(map(chr, [*range(0x250), *range(0x2000, 0x2070), 0xFFFC]))
    assert _LATIN_WORD.findall(every) == _WORD.findall(every)
    assert not _BEYOND_LATIN.search(every)
    for text in (every, "".join(map(chr, range(0x100))), "d’œufs? L’été – ça, là…\ufffc!"):
        assert words_in(text) == _WORD.findall(text)
        block = Block("paragraph", text, SourceMap.identity(0, len(text)))
        assert all(text[word.start : word.end] == word.text for word in block.words)
        assert "".join(map("".join, zip_longest(block.gaps, block.forms, fillvalue=""))) == text
    mixed = Block("paragraph", "Le mot слово et λόγος", SourceMap.identity(0, 21))
    assert mixed.forms == ("Le", "mot", "слово", "et", "λόγος")
    assert mixed.forms == tuple(word.text for word in mixed.words)


def page_of(language, text):
    paragraphs = "".join(f"<p>{line}</p>" for line in text.split("\n\n"))
    return f'<html lang="{language}"><body>{paragraphs}</body></html>'


def test_a_declared_language_holds_unless_the_text_is_plainly_another():
    french = (ROOT / "samples" / "clean" / "fr.md").read_text(encoding="utf-8")
    assert qa.check(page_of("fr-FR", french), syntax="html").language == "fr"
    assert qa.check(page_of("it", french), syntax="html").language == "fr"
    assert qa.check(page_of("it", "Apre la porta."), syntax="html").language == "it"


def test_a_declared_language_without_data_is_skipped_with_its_reason():
    result = qa.check(page_of("pl", "Brama zamyka się wieczorem."), syntax="html")
    assert result.language is None
    assert result.skipped[-1][1] == "no data for language 'pl'"
