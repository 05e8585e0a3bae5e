"""Comments that switch rules off, and the user's own words."""

from __future__ import annotations

import time

import pytest

import qa
from qa.allowed import without_allowed
from qa.finding import Diagnostic, Edit, Fix, Severity
from qa.text import Span

TWICE = "Ici la la porte."


def found(text, syntax="markdown", **options):
    options = qa.Options(language="fr", select=frozenset({"repeated-word", "unused-suppression"}), **options)
    return [(d.rule, d.text) for d in qa.check(text, syntax=syntax, options=options).diagnostics]


DEFECT = [("repeated-word", "la la")]


def unused(comment):
    return [("unused-suppression", comment)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (TWICE, DEFECT),
        (f"<!-- qa: ignore repeated-word -->\n\n{TWICE}", []),
        (f"<!-- qa: ignore repeated-word -->\n{TWICE}", []),
        (f"<!--qa:ignore repeated-word-->\n\n{TWICE}", []),
        (f"<!-- qa: ignore elision, repeated-word -->\n\n{TWICE}", []),
        (f"<!-- qa: ignore -->\n\n{TWICE}", []),
        (f"{TWICE} <!-- qa: ignore repeated-word -->", []),
        (f"{TWICE} <!-- qa: ignore repeated-word -->\n\n{TWICE}", DEFECT),
        (f"<!-- qa: ignore repeated-word -->\n\n{TWICE}\n\n{TWICE}", DEFECT),
        (f"<!-- qa: off -->\n\n{TWICE}\n\n{TWICE}\n\n<!-- qa: on -->\n\n{TWICE}", DEFECT),
        (f"<!-- qa: off repeated-word -->\n\n{TWICE}\n\n{TWICE}", []),
        (f"<!-- qa: off elision -->\n\n{TWICE}", DEFECT),
        (f"```\n<!-- qa: off -->\n```\n\n{TWICE}", DEFECT),
        (f"Écrire `<!-- qa: off -->` ici.\n\n{TWICE}", DEFECT),
        (f"<!-- qa : ignore -->\n\n{TWICE}", DEFECT),  # not ours
    ],
)
def test_a_comment_hides_what_it_names(text, expected):
    assert found(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (f"<p>{TWICE}</p>", DEFECT),
        (f"<!-- qa: ignore repeated-word --><p>{TWICE}</p>", []),
        (f"<p>{TWICE}<!-- qa: ignore repeated-word --></p><p>{TWICE}</p>", DEFECT),
        (f"<p>{TWICE}</p> <!-- qa: ignore repeated-word --><p>{TWICE}</p>", DEFECT),
        (f"<p>{TWICE}</p>\n<!-- qa: ignore repeated-word -->\n<p>{TWICE}</p><p>{TWICE}</p>", 2 * DEFECT),
        (f"<p>Un. <!-- qa: ignore repeated-word --> {TWICE}</p>", []),
        (f"<!-- qa: off --><p>{TWICE}</p><!-- qa: on --><p>{TWICE}</p>", DEFECT),
        ("<p>Ici la <!-- qa: ignore -->la porte.</p>", []),
    ],
)
def test_a_comment_hides_what_it_names_in_html(text, expected):
    assert found(text, "html") == expected


def test_a_comment_in_a_paragraph_speaks_of_its_line():
    text = f"Un mot.\n{TWICE} <!-- qa: ignore repeated-word -->\n{TWICE}\n"
    assert found(text) == DEFECT


def test_plain_text_has_no_comments():
    assert found(f"<!-- qa: ignore repeated-word -->\n{TWICE}", "text") == DEFECT


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("<!-- qa: ignore repeated-word -->\n\nLa porte.", unused("<!-- qa: ignore repeated-word -->")),
        ("<!-- qa: ignore repeated-wrod -->\n\nLa porte.", unused("<!-- qa: ignore repeated-wrod -->")),
        ("<!-- qa: off repeated-word -->\n\nLa porte.", unused("<!-- qa: off repeated-word -->")),
        ("<!-- qa: ignore mojibake-or-other -->", unused("<!-- qa: ignore mojibake-or-other -->")),
        ("<!-- qa: ignore elision -->\n\nLa porte.", []),  # elision does not run here
        ("<!-- qa: ignore -->\n\nLa porte.", []),  # not every rule runs here
        ("<!-- qa: on -->\n\nLa porte.", []),
    ],
)
def test_a_comment_that_hides_nothing_is_reported(text, expected):
    assert found(text) == expected


def test_a_comment_without_names_is_reported_if_every_rule_ran():
    options = qa.Options(language="fr")
    result = qa.check("<!-- qa: ignore -->\n\nLa porte.", syntax="markdown", options=options)
    assert [(d.rule, d.severity) for d in result.diagnostics] == [("unused-suppression", Severity.INFO)]


def test_the_names_that_hide_nothing_are_dropped_from_the_comment():
    text = f"<!-- qa: ignore repeated-wrod, repeated-word -->\n\n{TWICE}"
    options = qa.Options(language="fr", select=frozenset({"repeated-word", "unused-suppression"}))
    (note,) = qa.check(text, syntax="markdown", options=options).diagnostics
    assert note.message == "No rule or category is called 'repeated-wrod'."
    assert note.suggestions == ("<!-- qa: ignore repeated-word -->",)


def test_off_twice_is_once_too_often():
    text = f"<!-- qa: off -->\n\n{TWICE}\n\n<!-- qa: off -->\n\n{TWICE}\n\n<!-- qa: on -->"
    result = qa.check(text, syntax="markdown", options=qa.Options(language="fr"))
    assert [(d.rule, d.span.start) for d in result.diagnostics] == [("unused-suppression", text.rindex("<!-- qa: off"))]


def test_many_comments_take_no_more_than_linear_time():
    block = f"<p>{TWICE}<!-- qa: ignore repeated-word, elision --></p>\n"
    began = time.perf_counter()
    assert found(block * 2000, "html") == []
    assert time.perf_counter() - began < 10


# --- the user's own words ---


def diagnostic(text, marked, *edits, suggestion=None):
    start = text.index(marked)
    changes = tuple(Edit(Span(start + a, start + b), new) for a, b, new in edits)
    fixes = (Fix("mend", changes),) if edits else ()
    return Diagnostic("elision", "elision", Severity.MAJOR, 0.9, Span(start, start + len(marked)), marked, "why", fixes)


TEXT = "Chez leMonde, la La La Land de Ubu est à l'affiche."


@pytest.mark.parametrize(
    ("words", "marked", "edits", "kept"),
    [
        (set(), "leMonde", [(0, 7, "Monde")], True),
        ({"leMonde"}, "leMonde", [(0, 7, "Monde")], False),
        ({"leMonde"}, "leMonde", [], False),
        ({"lemonde"}, "leMonde", [], False),  # lower case stands for all
        ({"LeMonde"}, "leMonde", [], True),
        ({"Monde"}, "leMonde", [(0, 7, "Monde")], True),  # no word of its own here
        ({"La La Land"}, "La La", [(2, 5, "")], False),  # inside the phrase
        ({"La La"}, "la La La", [(3, 6, "")], False),
        ({"La La Land"}, "la La", [(2, 5, "")], True),  # the change reaches out of it
        ({"Ubu"}, "de Ubu", [(0, 3, "d'")], True),  # the change is outside of the word
        ({"Ubu"}, "de Ubu", [], True),
        ({"ubu", "de"}, "de Ubu", [], True),
        ({"de Ubu"}, "de Ubu", [(0, 3, "d'")], False),
        ({"l'affiche"}, "l'affiche", [(0, 2, "la ")], False),
    ],
)
def test_a_finding_that_concerns_only_listed_words_is_dropped(words, marked, edits, kept):
    each = diagnostic(TEXT, marked, *edits)
    assert list(without_allowed(TEXT, [each], frozenset(words))) == ([each] if kept else [])
