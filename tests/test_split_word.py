"""Split words: what the examples of the rule cannot say."""

from __future__ import annotations

import time

import pytest

import qa
from qa.language import language
from qa.products import products


def found(text: str, code: str, syntax: str = "text"):
    options = qa.Options(language=code, select=frozenset({"split-word"}), min_confidence=0.0)
    return [d for d in qa.check(text, syntax=syntax, options=options).diagnostics if d.rule == "split-word"]


@pytest.mark.parametrize("code", ["de", "nl"])
def test_compound_parts_are_sorted_and_counted(code):
    rows = [row.split("\t") for row in (language(code).folder / "compounds.tsv").read_text("utf-8").splitlines()]
    assert len(rows) > 1000
    assert [row[0] for row in rows] == sorted({row[0] for row in rows})
    assert all(max(int(row[1]), int(row[2])) >= 3 for row in rows)


def test_products_are_named_once_and_cut_once():
    names = [product.name for group in products().values() for product in group]
    assert len(names) == len(set(names))
    for first, group in products().items():
        for product in group:
            assert product.first == first
            assert product.first + product.second == product.name


@pytest.mark.parametrize("product", [p for group in products().values() for p in group], ids=lambda p: p.name)
def test_every_product_is_joined_again(product):
    (diagnostic,) = found(f"Wir nutzen {product.first} {product.second} seit Jahren.", "de")
    assert diagnostic.suggestions == (product.name,)


def test_a_chain_is_one_finding():
    (diagnostic,) = found("Die Sicherheits Einstellungs Seite fehlt.", "de")
    assert diagnostic.text == "Sicherheits Einstellungs Seite"
    assert diagnostic.suggestions == ("Sicherheitseinstellungsseite",)


def test_the_page_itself_is_evidence():
    text = "Dit moet u in stellen."
    assert found(text, "nl") == []
    (diagnostic,) = found(f"{text}\n\nHet instellen is eenvoudig.", "nl")
    assert diagnostic.suggestions == ("instellen",)


def test_words_that_came_apart_for_sure_make_others_likelier():
    doubtful = "Daarna wordt informatie weer gegeven over de processen."
    assert found(doubtful, "nl") == []
    torn = "Vul de gebruikers naam in. De nieuwe para meters staan hier."
    assert [d.suggestions[0] for d in found(f"{torn} {doubtful}", "nl")][2:] == ["weergegeven"]


def test_addresses_and_numbers_are_left_alone():
    assert found("Siehe /home/inhalts bereich und 3inhalts Bereich.", "de") == []


def test_the_hyphen_keeps_its_form():
    (diagnostic,) = found("Die Browser ‑Erweiterung ist neu.", "de")
    assert diagnostic.suggestions == ("Browser‑Erweiterung",)


@pytest.mark.parametrize("flood", ["Java ", "Java Script ", "a -b ", "her ", "Inhalts ", "gebruikers naam "])
@pytest.mark.parametrize("code", ["de", "nl", "fr"])
def test_floods_take_linear_time(flood, code):
    found(flood * 200, code)
    start = time.process_time()
    found(flood * 20_000, code)
    assert time.process_time() - start < 20
