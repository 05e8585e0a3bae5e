"""The examples of every rule are its tests.

A `Bad` yields exactly one finding of its rule, on the text between ⟦ and ⟧ (cut down to what the finding marks);
its first repair gives `fixed`, and `fixed` is clean.  A `Good` yields none.
"""

from __future__ import annotations

import pytest

import qa
from qa.language import candidates, language
from qa.rewrite import apply
from qa.rule import CATEGORIES, Bad, Good
from qa.rules import registry

CASES = [
    pytest.param(rule, example, id=f"{rule.id}-{index}-{example.lang}")
    for rule in registry().values()
    for index, example in enumerate(rule.examples)
]


def found(rule, text, example):
    options = qa.Options(
        language=example.lang,
        source_language=example.source,
        select=frozenset({rule.id}),
        min_confidence=0.0,
    )
    # An id that names a category, too, selects that category's other rules.
    diagnostics = qa.check(text, syntax=example.syntax, options=options).diagnostics
    return tuple(diagnostic for diagnostic in diagnostics if diagnostic.rule == rule.id)


@pytest.mark.parametrize(("rule", "example"), CASES)
def test_example(rule, example):
    if isinstance(example, Good):
        assert found(rule, example.text, example) == ()
        return
    head, marked, tail = example.text.replace("⟧", "⟦").split("⟦")
    text = head + marked + tail
    (diagnostic,) = found(rule, text, example)
    assert (diagnostic.span.start, diagnostic.span.end) == (len(head), len(head) + len(marked))
    assert diagnostic.text == marked
    assert diagnostic.message.strip()
    if example.fixed is None:
        assert diagnostic.suggestions == ()
        return
    edits = diagnostic.fixes[0].edits
    assert apply(text, edits) == example.fixed
    assert all(diagnostic.span.start <= e.span.start and e.span.end <= diagnostic.span.end for e in edits)
    assert found(rule, example.fixed, example) == ()


@pytest.mark.parametrize("rule", registry().values(), ids=registry())
def test_rule_is_complete(rule):
    kinds = {type(example) for example in rule.examples}
    assert kinds == {Bad, Good}
    assert rule.category in CATEGORIES
    assert rule.find.__module__ == "qa.rules." + rule.id.replace("-", "_")
    claimed = {code for code in candidates() if rule.covers(language(code))}
    silent = {example.lang for example in rule.examples if isinstance(example, Good)}
    if rule.facts is not None:
        assert claimed <= silent, f"no Good for {sorted(claimed - silent)}"
