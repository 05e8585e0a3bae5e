"""Causes: every rule has one, and each is what its own examples show."""

from __future__ import annotations

import pytest

from qa.archive.report.causes import causes, expression, stages
from qa.rule import Bad
from qa.rules import registry

duckdb = pytest.importorskip("duckdb")

SHOWN = [(cause, *shown) for cause in causes().values() for shown in cause.shows]


def cause_of(rule, text="", suggestion="", *, category="", boundary=False, before="", after=""):
    columns = {
        "rule": rule,
        "category": category,
        "text": text,
        "suggestion": suggestion,
        "boundary": boundary,
        "before": before,
        "after": after,
    }
    names = ", ".join(f"${name} AS {name}" for name in columns)
    return duckdb.execute(f"SELECT {expression()} FROM (SELECT {names})", columns).fetchone()[0]


@pytest.mark.parametrize(("cause", "rule", "text", "suggestion"), SHOWN, ids=[f"{c[0].id}-{c[2]}" for c in SHOWN])
def test_a_cause_is_what_it_shows(cause, rule, text, suggestion):
    boundary = "AND boundary" in cause.condition
    category = "number-format" if "category IN" in cause.condition else registry()[rule].category
    assert cause_of(rule, text, suggestion, category=category, boundary=boundary) == cause.id


def test_every_cause_shows_something_and_names_a_stage():
    assert [each.id for each in causes().values() if each.id != "other" and not each.shows] == []
    assert {each.stage for each in causes().values()} == set(stages())


@pytest.mark.parametrize("rule", registry())
def test_every_rule_has_a_cause(rule):
    assert cause_of(rule, "\U0010fffd") != "other"
    assert cause_of(rule, "\U0010fffd", boundary=True) != "other"


def test_causes_name_rules_that_exist():
    known = set(registry())
    assert [(each.id, rule) for each in causes().values() for rule in each.rules if rule not in known] == []


def test_a_rule_of_another_version_has_no_known_cause():
    assert cause_of("from-the-future", "x") == "other"


def test_the_examples_of_the_slot_rule_fall_into_the_causes_of_slots():
    texts = [e.text.split("⟦")[1].split("⟧")[0] for e in registry()["number-slot"].examples if isinstance(e, Bad)]
    found = {cause_of("number-slot", text) for text in texts}
    assert found == {"number-date", "number-grouping", "number-empty"} | (found & {"number-torn", "number-list"})
