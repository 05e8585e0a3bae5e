"""Repairs are applied as far as they may be trusted, come to rest, and change nothing they did not announce."""

from __future__ import annotations

import re
from dataclasses import replace as changed

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import qa
from qa import checker
from qa.finding import Finding, Safety, Severity, replace
from qa.fixer import apply_chosen, fix
from qa.rule import Rule
from qa.text import Span

FRENCH = qa.Options(language="fr")


def rule(name, pattern, new, safety=Safety.SAFE, category="spacing"):
    """A rule that replaces what a pattern matches in the visible text."""

    def find(block, page):
        for match in re.finditer(pattern, block.text):
            span = Span(*match.span())
            yield Finding(name, span, "?", (replace(span, match.expand(new), "!", safety),))

    return Rule(name, find, "?", category, Severity.MAJOR, "", "", ())


@pytest.fixture
def rules(monkeypatch):
    """Puts rules in place of the registry's."""

    def install(*given):
        table = {each.id: each for each in given}
        monkeypatch.setattr("qa.rules.registry", lambda: table)
        monkeypatch.setattr("qa.checker.registry", lambda: table)
        checker._active.cache_clear()

    yield install
    checker._active.cache_clear()


def fixed(text, syntax="text", level=Safety.SAFE):
    """The outcome, checked for what holds of any: it is at rest, and nothing applied is left."""
    outcome = fix(text, syntax=syntax, options=FRENCH, level=level)
    again = fix(outcome.text, syntax=syntax, options=FRENCH, level=level)
    assert again.text == outcome.text
    assert again.applied == ()
    assert again.rounds == 0
    return outcome


def test_only_what_may_be_trusted_is_applied(rules):
    rules(
        rule("a", "un un", "un"),
        rule("b", "deux deux", "deux", Safety.REVIEW),
        rule("c", "trois trois", "trois", Safety.SHOW),
    )
    text = "un un deux deux trois trois"
    assert fixed(text).text == "un deux deux trois trois"
    assert fixed(text, level=Safety.REVIEW).text == "un deux trois trois"
    assert fixed(text, level=Safety.SHOW).text == "un deux trois trois"
    assert [each.rule for each in fixed(text).rest.diagnostics] == ["b", "c"]


def test_the_first_repair_is_applied(rules):
    first = rule("a", "x", "y")

    def both(block, page):
        for finding in first.find(block, page):
            yield Finding("a", finding.span, "?", (*finding.fixes, replace(finding.span, "z", "!", Safety.SAFE)))

    rules(Rule("a", both, "?", "spacing", Severity.MAJOR, "", "", ()))
    assert fixed("x").text == "y"


def test_what_touches_waits_for_the_next_round(rules):
    rules(rule("a", "ab", "c"), rule("b", "dc", "e"))
    outcome = fixed("abab dab")
    assert outcome.text == "cc e"
    assert outcome.rounds == 2
    assert [each.rule for each in outcome.applied] == ["a", "a", "a", "b"]


def test_a_circle_of_repairs_is_left_alone(rules):
    rules(rule("a", "x", "y"), rule("b", "y", "x"), rule("c", "z", "w"))
    outcome = fixed("x z")
    assert outcome.text == "x w"
    assert [each.rule for each in outcome.applied] == ["c"]
    assert [each.reason for each in outcome.refused] == ["its repairs do not come to rest"]


def test_repairs_without_end_are_left_alone(rules):
    rules(rule("a", "x", "xx"), rule("c", "z", "w"))
    outcome = fixed("x z")
    assert outcome.text == "x w"
    assert [each.diagnostic.rule for each in outcome.refused] == ["a"]


@pytest.mark.parametrize(
    ("pattern", "new", "text", "kind"),
    [
        (r"\b3\b", "4", "il y a 3 jours", "a number"),
        (r" et 12", "", "11 et 12", "a number"),
        (r"(\d),(\d)", r"\1.\2", "de 4,5 %", "a number"),
        ("avec", "a vec", "voir https://exemple.fr/avec/x", "code or an address"),
        (r"%s", "% s", "bonjour %s", "a placeholder"),
        (r"\{nom\}", "{name}", "bonjour {nom}", "a placeholder"),
        ("<b>", "", "un <b>mot", "a placeholder"),
    ],
)
def test_protected_text_stays_unless_the_rule_is_about_it(rules, pattern, new, text, kind):
    rules(rule("a", pattern, new))
    outcome = fixed(text)
    assert outcome.text == text
    assert [each.reason for each in outcome.refused] == [f"it would change {kind}"]
    rules(rule("a", pattern, new, category="markup-residue"))
    assert fixed(text).text != text


def test_a_repetition_may_go_with_its_numbers(rules):
    rules(rule("a", r"(en 1990) \1", r"\1", category="repeated-word"))
    assert fixed("c'est en 1990 en 1990").text == "c'est en 1990"
    rules(rule("a", r"en 1990 (en 1991)", r"\1", category="repeated-word"))
    assert fixed("en 1990 en 1991").text == "en 1990 en 1991"


def test_one_refusal_does_not_stop_the_others(rules):
    rules(rule("a", "(?<![*])mot(?![*])", "*mot*"), rule("b", "un un", "un"))
    outcome = fixed("un un mot\n\nun un autre et un un mot\n", "markdown")
    assert outcome.text == "un mot\n\nun autre et un mot\n"
    # "*mot*" would be emphasis and the stars gone: the text would not read as announced.
    assert [each.reason for each in outcome.refused] == ["the text would not read as it announces"] * 2


def test_markup_is_written_and_not_made(rules):
    rules(rule("a", "moins que", "< & que"))
    outcome = fixed("<p>Un <b>moins</b> que deux</p>", "html")
    assert outcome.text == "<p>Un <b>&lt; &amp;</b> que deux</p>"


def test_front_matter_stays_readable(rules):
    rules(rule("a", r" :", ": "))
    outcome = fixed("---\ntitle: Un guide :le début\n---\nUn texte :long\n", "markdown")
    assert outcome.text == "---\ntitle: Un guide :le début\n---\nUn texte: long\n"
    assert len(outcome.refused) == 1


def test_a_comment_may_go(rules):
    def find(block, page):
        yield from ()

    unused = Rule("unused-suppression", find, "?", "markup-residue", Severity.MINOR, "", "", ())
    rules(unused, rule("a", "un un", "un"))
    outcome = fixed("<!-- qa: ignore a -->\n\nUn mot.\n\nUn un un mot.\n", "markdown", Safety.REVIEW)
    assert "Un un mot" in outcome.text


def test_a_text_in_no_known_language_stays(rules):
    rules(rule("a", "x", "y"))
    outcome = fix("x", options=qa.Options())
    assert (outcome.text, outcome.applied, outcome.rest.language) == ("x", (), None)


WORDS = st.lists(
    st.sampled_from(["le", "la", "mot", "12", "%s", "x", "**gras**", "`code`", "a,b", "\n\n"]), max_size=12
)


@settings(deadline=None, max_examples=60)
@given(WORDS, st.sampled_from(["text", "markdown", "html"]))
def test_any_text_comes_to_rest(words, syntax):
    assert fixed(" ".join(words), syntax, Safety.REVIEW).text is not None  # `fixed` asserts that it is at rest


def test_chosen_repairs_are_applied_once_and_the_others_say_why(rules):
    rules(
        rule("a", "un un", "un un un un", Safety.REVIEW),
        rule("b", "deux deux", "deux", Safety.SHOW),
        rule("c", r"1\d", "17"),
        rule("d", "trois", "3"),
    )
    text = "un un deux deux 12 trois"
    found = qa.check(text, options=FRENCH).diagnostics
    assert [each.rule for each in found] == ["a", "b", "c", "d"]
    outcome = apply_chosen(text, found[:3])
    assert outcome.text == "un un un un deux deux 12 trois"
    reasons = {each.diagnostic.rule: each.reason for each in outcome.refused}
    assert reasons == {"b": "its repair is only shown", "c": "it would change a number"}
    assert apply_chosen(text, []).text == text


def test_a_chosen_repair_that_touches_another_waits():
    text = "Elle ouvre la la porte."
    [found] = qa.check(text, options=FRENCH).diagnostics
    outcome = apply_chosen(text, [found, changed(found, rule="other")])
    assert outcome.text == "Elle ouvre la porte."
    assert [(each.diagnostic.rule, each.reason) for each in outcome.refused] == [("other", "it touches another repair")]
