"""What the examples of `broken-placeholder`, `mojibake` and `split-identifier` cannot say."""

from __future__ import annotations

import time

import pytest

from qa.language import language
from qa.page import Page
from qa.rules import rule
from qa.text import Block, SourceMap

RULES = ("broken-placeholder", "mojibake", "number-slot", "split-identifier")

PIECES = [
    *(
        "% ",
        "% s ",
        "%1 $ s",
        "{ 0 }",
        "$ {",
        "{ { a",
        "[ 1 ]",
        "⟦a",
        "a@@ b",
        "& ",
        "&amp;",
        "\\u00e9",
        "a\\'a",
        "\u200b ",
    ),
    *("< br", "</ b>", "> <pages ", "[a] (", "](a / b", "! [a] (", "* * a", "** a**", "` ` `", "[! NOTE]"),
    *("Ã©", "Ã ", "â€™", "a\ufffd", "√©", "System. ", "System. Data", ". Data", "www. ", ". a", "#! /a", "/ a ", "1,1"),
    *(
        "1,",
        "min. ",
        "https: //a. b",
        "C: \\ a ",
        "192,168,1,1,",
        "v1,2 ",
        ". NET ",
        "XNUMX ",
        "1 XNUMX ",
        "1 und 000 a ",
    ),
]


def block(text):
    return Block("paragraph", text, SourceMap.identity(0, len(text)))


def texts(name, text, code="en"):
    """What a rule marks in a text."""
    one = block(text)
    return [text[f.span.start : f.span.end] for f in rule(name).find(one, Page((one,), language(code)))]


@pytest.mark.parametrize("marker", ["⟦1⟧", "⟪a⟫", "__PH_12__", "@@3@@", "[[NT4]]", "<unk>"])
def test_leaked_markers_are_shown_without_a_repair(marker):
    one = block(f"The {marker} is here.")
    (finding,) = rule("broken-placeholder").find(one, Page((one,), language("en")))
    assert one.text[finding.span.start : finding.span.end] == marker
    assert finding.fixes == ()


def test_a_placeholder_of_the_page_confirms_a_broken_one():
    whole, broken = block("Use {name} here."), block("Then { name } there, and { other } too.")
    findings = list(rule("broken-placeholder").find(broken, Page((whole, broken), language("en"))))
    assert [broken.text[f.span.start : f.span.end] for f in findings] == ["{ name }"]


def test_a_lost_character_comes_back_from_the_lexicon_or_the_page():
    known, broken = block("La brindeloupée du soir."), block("Une autre brindeloup\ufffde et un zzqx\ufffd.")
    first, second = rule("mojibake").find(broken, Page((known, broken), language("fr")))
    assert first.fixes[0].edits[0].text == "brindeloupée"
    assert second.fixes == ()


def test_a_dotted_name_in_prose_is_evidence_only_if_it_cannot_be_two_sentences():
    assert texts("split-identifier", "He came to the end.The next day, at the end. The house slept.") == []
    assert texts("split-identifier", "Call page.render first, then page. render again.") == ["page. render"]


@pytest.mark.parametrize("name", RULES)
@pytest.mark.parametrize("piece", PIECES)
def test_time_is_linear(name, piece):
    """Ten times the text takes no more than some thirty times the time, with a floor for what is too short to time."""
    spent = []
    for count in (400, 4000):
        one = block(piece * count)
        spent.append(min(_time(name, one), _time(name, one)))  # of two: the machine may have other work
    assert spent[1] <= max(0.3, 30 * spent[0])


def _time(name, one):
    """Processor seconds that a rule takes for a page of one block."""
    page = Page((one,), language("de"))
    start = time.process_time()
    for _ in rule(name).find(one, page):
        pass
    return time.process_time() - start
