"""Translations between the seven languages."""

from __future__ import annotations

from itertools import permutations

import pytest

from qa.bilingual import MOST, closed_class, translations
from qa.lexicon import UnknownLanguageError, lexicon

SEVEN = ("fr", "it", "es", "de", "pt", "nl", "en")

PAIRS = list(permutations(SEVEN, 2))

SAME = {
    "fr": "maison guerre livre ville eau mère nouveau",
    "it": "casa guerra libro città acqua madre nuovo",
    "es": "casa guerra libro ciudad agua madre nuevo",
    "de": "Haus Krieg Buch Stadt Wasser Mutter neu",
    "pt": "casa guerra livro cidade água mãe novo",
    "nl": "huis oorlog boek stad water moeder nieuw",
    "en": "house war book city water mother new",
}


@pytest.mark.parametrize(("source", "target"), PAIRS)
def test_common_words_of_every_pair(source: str, target: str) -> None:
    pairs = zip(SAME[source].split(), SAME[target].split(), strict=True)
    assert sum(other in translations(word, source, target)[:3] for word, other in pairs) >= 6


@pytest.mark.parametrize(("source", "target"), PAIRS)
def test_function_words_of_every_pair(source: str, target: str) -> None:
    words = {"fr": "et", "it": "e", "es": "y", "de": "und", "pt": "e", "nl": "en", "en": "and"}
    assert translations(words[source], source, target)[0] == words[target]
    assert closed_class(words[source].upper(), source, target)[0] == words[target]


@pytest.mark.parametrize(
    ("word", "source", "target", "first"),
    [
        ("i", "it", "fr", "les"),
        ("gli", "it", "fr", "les"),
        ("the", "en", "fr", "le"),
        ("und", "de", "it", "e"),
        ("della", "it", "en", "of the"),
        ("pelo", "pt", "es", "por el"),
        ("het", "nl", "de", "das"),
        ("books", "en", "fr", "livres"),
        ("Häuser", "de", "it", "case"),
        ("città", "it", "de", "Stadt"),
    ],
)
def test_best_translation(word: str, source: str, target: str, first: str) -> None:
    assert translations(word, source, target)[0] == first


def test_part_of_speech_prefers() -> None:
    assert "volar" in translations("fly", "en", "es", "VERB")[:3]
    assert "mosca" in translations("fly", "en", "es", "NOUN")[:3]


@pytest.mark.parametrize(("source", "target"), PAIRS)
def test_closed_classes_name_words_of_the_language(source: str, target: str) -> None:
    known = lexicon(target)
    for word in ("de", "la", "con", "mit", "van", "the", "with", "do", "e"):
        for other in closed_class(word, source, target):
            assert all(part in known for part in other.replace("'", "' ").split()), other


def test_unknown_words_and_languages() -> None:
    assert translations("xyzzyq", "en", "fr") == ()
    assert translations("\ud800", "en", "fr") == ()
    assert len(translations("run", "en", "fr")) <= MOST
    with pytest.raises(UnknownLanguageError):
        translations("house", "en", "xx")
    with pytest.raises(ValueError, match="same language"):
        translations("house", "en", "en")
