"""The damage operators: what they label is what they did, and a seed decides everything."""

from __future__ import annotations

import random

import pytest

from models.corrupt import operators
from models.corrupt._mixture import CATEGORY, RATES, Damaged, Mixture

SENTENCES = {
    "fr": "Le vent du nord a poussé l'eau du lac vers les petites maisons de la rive, et Marie reste à l'abri.",
    "it": "Il vento del nord ha spinto l'acqua del lago verso le piccole case della riva, e Maria è rimasta in casa.",
    "es": "El viento del norte ha llevado el agua al borde de las casas pequeñas, y María está en el campo.",
    "pt": "O vento do norte levou a água do lago para as casas pequenas, e a Maria está no campo com um cão.",
    "de": "Der Wind im Norden hat das Wasser in die kleinen Häuser getrieben, und Maria ist mit dem Hund im Haus.",
    "nl": "De wind uit het noorden heeft het water naar de kleine huizen gedreven, en Maria is met de hond in huis.",
    "en": "The wind from the north has driven an old boat to the small houses, and Mary was in the house with a dog.",
}
NODE = [name for name in operators() if name.startswith("node-")]


@pytest.mark.parametrize("name", NODE)
@pytest.mark.parametrize("code", SENTENCES)
def test_label_is_what_was_done(name, code):
    text = SENTENCES[code]
    for seed in range(20):
        damage = operators()[name](text, code, random.Random(seed))
        if damage is not None:
            assert damage.text != text
            assert damage.clean == text


@pytest.mark.parametrize("name", [name for name in NODE if name not in ("node-leftover", "node-agreement")])
def test_operator_finds_a_place_in_french(name):
    found = [operators()[name](SENTENCES["fr"], "fr", random.Random(seed)) for seed in range(40)]
    assert any(found)


def test_every_trained_operator_exists_and_has_a_category():
    assert set(RATES) <= set(operators())
    assert set(CATEGORY) == set(RATES)


@pytest.mark.parametrize("code", SENTENCES)
def test_mixture_labels_all_its_defects(code):
    mixture = Mixture()
    counts = []
    for seed in range(60):
        damaged = mixture.damage(SENTENCES[code], code, random.Random(seed), 3)
        counts.append(len(damaged.defects))
        repaired = damaged.text
        for defect in reversed(damaged.defects):
            repaired = repaired[: defect.start] + defect.original + repaired[defect.end :]
        assert repaired == SENTENCES[code]
        assert all(a.end < b.start for a, b in zip(damaged.defects, damaged.defects[1:], strict=False))
    assert max(counts) == 3


def test_seed_decides():
    mixture = Mixture()
    first, second = (mixture.damage(SENTENCES["fr"], "fr", random.Random(4), 2) for _ in range(2))
    assert isinstance(first, Damaged)
    assert first == second


def test_node_elision_writes_the_form_out():
    damage = operators()["node-elision"]("Il boit de l'eau.", "fr", random.Random(1))
    assert damage is not None
    assert damage.text in ("Il boit de la eau.", "Il boit de le eau.")


def test_node_determiner_takes_another_form_of_the_family():
    damage = operators()["node-determiner"]("Elle ouvre la porte.", "fr", random.Random(1))
    assert damage is not None
    assert damage.text in ("Elle ouvre le porte.", "Elle ouvre les porte.")


def test_an_unknown_language_gives_nothing():
    closed = [name for name in NODE if name not in ("node-capital", "node-fused", "node-stop", "node-leftover")]
    assert all(operators()[name]("Tuuli vie vettä rantaan.", "fi", random.Random(1)) is None for name in closed)
