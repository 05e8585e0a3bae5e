"""Agreement: what the examples of the rules cannot say."""

from __future__ import annotations

import time

import pytest

import qa
from qa.grammar import CELLS, EVERY, Determiners, bits, cell_name, cells, named, other_gender, other_number
from qa.language import Language, language
from qa.rewrite import apply
from qa.rules._agreement import grammar

LANGUAGES = ("fr", "it", "es", "pt", "de", "nl", "en")


def found(text: str, code: str, rule: str = "agreement", syntax: str = "text"):
    options = qa.Options(language=code, select=frozenset({rule}), min_confidence=0.0)
    return [d for d in qa.check(text, syntax=syntax, options=options).diagnostics if d.rule == rule]


def test_cells_are_bits():
    assert [cell_name(cell) for cell in cells(EVERY)] == list(CELLS)
    assert bits("", "") == EVERY
    assert bits("c", "sg") == bits("m", "sg") | bits("f", "sg")
    assert named("pl") == bits("", "pl")
    assert other_number(bits("m", "sg")) == bits("m", "sp")
    assert other_gender(bits("f", "pl")) == bits("mf", "pl")


@pytest.mark.parametrize("code", LANGUAGES)
def test_a_determiner_agrees_with_the_forms_it_is_inflected_to(code):
    forms = Determiners.of(language(code)).forms
    assert forms
    for determiner in forms.values():
        for cell in cells(EVERY):
            for form in determiner.inflected(cell, "consonant"):
                if form in forms:  # "de la" is two words
                    assert forms[form].widest & cell, (determiner.form, form)


@pytest.mark.parametrize(
    ("code", "form", "cell", "onset", "expected"),
    [
        ("fr", "le", "f.sg", "vowel", "l'"),
        ("fr", "ma", "m.sg", "consonant", "mon"),
        ("fr", "cette", "m.sg", "mute-h", "cet"),
        ("it", "la", "m.sg", "impure", "lo"),
        ("it", "i", "f.pl", "consonant", "le"),
        ("es", "la", "f.sg", "stressed-a", "el"),
        ("pt", "na", "m.pl", "consonant", "nos"),
        ("nl", "de", "n.sg", "consonant", "het"),
        ("en", "this", "pl", "consonant", "these"),
    ],
)
def test_inflection_knows_the_onset(code, form, cell, onset, expected):
    determiner = Determiners.of(language(code)).forms[form]
    assert determiner.inflected(next(cells(named(cell))), onset) == (expected,)


def test_german_keeps_the_case():
    forms = Determiners.of(language("de")).forms
    assert forms["dem"].inflected(bits("f", "sg"), "consonant") == ("der",)
    assert set(forms["ein"].inflected(bits("m", "sg"), "consonant")) == {"ein", "einen"}


@pytest.mark.parametrize(
    ("code", "text", "fixed"),
    [
        ("fr", "<p>Ouvrez le <a href='x'>configuration</a> du serveur.</p>", "la"),
        ("it", "<p>Apri la <b>documento</b> con il tuo editor.</p>", "il"),
        ("de", "<p>Öffnen Sie dem <a href='x'>Einstellungen</a> des Programms.</p>", "den"),
    ],
)
def test_across_an_inline_boundary(code, text, fixed):
    (diagnostic,) = found(text, code, syntax="html")
    repaired = apply(text, diagnostic.fixes[0].edits)
    assert f"{fixed} <" in repaired
    assert repaired.count("<") == text.count("<")


def test_capital_and_typographic_apostrophe_stay():
    (diagnostic,) = found("Le région du sud est belle.", "fr")
    assert diagnostic.suggestions[0] == "La région"
    (diagnostic,) = found("Selon l’autorités, rien ne change.", "fr")
    assert "les autorités" in diagnostic.suggestions


def test_a_language_without_lexicon_is_left_alone():
    assert grammar(Language("xx")) is None


@pytest.mark.parametrize("rule", ["agreement", "redundant-pronoun", "doubled-auxiliary", "missing-function-word"])
@pytest.mark.parametrize(
    "flood", ["le ", "le la les ", "il est ", "il a est a ", "l'intention de ", "un grand ", "des, "]
)
def test_floods_take_linear_time(rule, flood):
    found(flood * 200, "fr", rule)  # whatever is loaded is loaded now
    start = time.process_time()
    found(flood * 20_000, "fr", rule)
    assert time.process_time() - start < 20


@pytest.mark.parametrize("code", ["fr", "it", "es", "pt", "en"])
def test_frames_are_sorted_and_use_known_function_words(code):
    rows = [row.split("\t") for row in (language(code).folder / "frames.tsv").read_text("utf-8").splitlines()]
    wanted = set(language(code).facts("missing-function-word")["words"])
    assert rows == sorted(rows) and len({row[0] for row in rows}) == len(rows)
    assert {row[1] for row in rows} <= wanted
    assert all(int(row[2]) > int(row[3]) for row in rows)
