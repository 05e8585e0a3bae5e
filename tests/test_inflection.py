"""Regular verb forms that the lexicon does not list."""

from __future__ import annotations

import pytest

from qa.inflection import verb_forms
from qa.language import codes, language


@pytest.mark.parametrize(
    ("code", "verbs", "others"),
    [
        ("it", "carica stampa varia specifichi leggerne", "casa problema globale"),
        ("es", "fallen precise purgue", "página similar usuario"),
        ("pt", "rode marca liste", "fonte interfaces"),
        ("fr", "recompile survive montant", "machine fichier actuel"),
        ("en", "guards poses tries", "options cars"),
        ("de", "", "lesen Haus"),
    ],
)
def test_forms(code: str, verbs: str, others: str) -> None:
    may_be_verb = language(code).derive(verb_forms)
    assert all(map(may_be_verb, verbs.split()))
    assert not any(map(may_be_verb, others.split()))


def test_every_language_may_be_asked() -> None:
    assert all(isinstance(language(code).derive(verb_forms)("a"), bool) for code in codes())
