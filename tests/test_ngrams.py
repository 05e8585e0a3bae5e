"""The n-gram counts: tokens, counts, comparisons, file format."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qa.lexicon import UnknownLanguageError
from qa.ngrams import NUMBER, START, Ngrams, ngrams, normal, tokens

SEVEN = ("fr", "it", "es", "de", "pt", "nl", "en")


@pytest.mark.parametrize(
    ("text", "elision", "expected"),
    [
        ("L’eau, c'est bon.", True, ["L'", "eau", ",", "c'", "est", "bon", "."]),
        ("Don't stop!", False, ["Don't", "stop", "!"]),
        ("dell'acqua", True, ["dell'", "acqua"]),
        ("peut-être 3,5 %", True, ["peut-être", "3", ",", "5", "%"]),
        ("'tis", False, ["'", "tis"]),
        ("", True, []),
    ],
)
def test_tokens(text: str, elision: bool, expected: list[str]) -> None:
    assert tokens(text, elision=elision) == expected


def test_normal() -> None:
    assert normal("L’") == "l'"
    assert normal("1984") == NUMBER
    assert normal("3D") == NUMBER
    assert normal("") == ""


@pytest.mark.parametrize("language", SEVEN)
def test_counts_nest(language: str) -> None:
    counts = ngrams(language)
    checked = 0
    for a, b, c in zip(*(iter(counts.tokens(SENTENCES[language] * 3)[n:]) for n in range(3)), strict=False):
        one, two, three = counts.count(a), counts.count(a, b), counts.count(a, b, c)
        assert one * 1.1 + 1 >= two and two * 1.1 + 1 >= three
        checked += two > 0
    assert checked >= 3


SENTENCES = {
    "fr": "Il y a dans la maison une grande table. ",
    "it": "Nella casa di mio padre c'è una grande finestra. ",
    "es": "En la casa de mi padre hay una gran mesa. ",
    "de": "In dem Haus meines Vaters ist ein Fenster. ",
    "pt": "Na casa do meu pai há uma grande mesa. ",
    "nl": "In het huis van mijn vader is een raam. ",
    "en": "There is a large window in the house of my father. ",
}

BETTER = [
    ("fr", "elle vient de la mer", "elle vient de le mer"),
    ("fr", "un peu d' eau", "un peu de eau"),
    ("fr", "il est dans la maison", "il est dans le maison"),
    ("fr", "les enfants jouent", "la enfants jouent"),
    ("fr", "il a une grande maison", "il a un grande maison"),
    ("it", "nella mia casa", "nel mia casa"),
    ("it", "le città più belle", "i città più belle"),
    ("it", "gli uomini sono stanchi", "i uomini sono stanchi"),
    ("es", "la casa de mi padre", "el casa de mi padre"),
    ("es", "los hombres de la ciudad", "las hombres de la ciudad"),
    ("pt", "a casa do meu pai", "o casa do meu pai"),
    ("pt", "na cidade de Lisboa", "no cidade de Lisboa"),
    ("de", "in der Stadt", "in das Stadt"),
    ("de", "mit dem Kind", "mit der Kind"),
    ("de", "ein Teil des Landes", "ein Teil der Landes"),
    ("nl", "het huis is groot", "de huis is groot"),
    ("nl", "in de stad", "in het stad"),
    ("en", "an hour later", "a hour later"),
    ("en", "these children are", "this children are"),
    ("en", "one of the most", "one of most the"),
]


@pytest.mark.parametrize(("language", "right", "wrong"), BETTER)
def test_the_right_reading_is_likelier(language: str, right: str, wrong: str) -> None:
    counts = ngrams(language)
    good, bad = right.split(), wrong.split()
    assert counts.logprob(good, 0, len(good)) > counts.logprob(bad, 0, len(bad)) + 1


def test_window_counts_what_it_affects() -> None:
    counts, right = ngrams("fr"), ngrams("fr").tokens("il est dans la maison de son père")
    wrong = [*right[:3], "le", *right[4:]]
    near = counts.logprob(right, 3, 4) - counts.logprob(wrong, 3, 4)
    far = counts.logprob(right, 0, 8) - counts.logprob(wrong, 0, 8)
    assert near == pytest.approx(far)  # tokens further away do not change
    assert near > 0
    assert counts.logprob(right, 7, 8) < 0
    assert counts.logprob(right, 8, 8) == 0


def test_capitals_numbers_and_the_unknown() -> None:
    counts = ngrams("fr")
    assert counts.count("Maison") == counts.count("maison") > 0
    assert counts.count("1914") == counts.count("2020") > counts.count("xyzzyq") == 0
    assert counts.count("xyzzyq", "de") == 0
    assert counts.count(START, "il") > 100
    assert counts.count("\ud800", "de") == 0
    assert counts.logprob(["xyzzyq"], 0, 1) < counts.logprob(["maison"], 0, 1) < 0
    for bad in ((), ("a", "b", "c", "d")):
        with pytest.raises(ValueError, match="one to three"):
            counts.count(*bad)


def test_counts_behind_many_words_are_the_counts_of_pairs() -> None:
    counts = ngrams("fr")
    firsts = ["le", "La", "l'", "zzzz", "des"]
    behind = counts.behind(firsts)
    for word in ("région", "Paris", "eau", "xyzzy", "12"):
        assert behind(word) == [counts.count(first, word) for first in firsts]


def test_unknown_language() -> None:
    with pytest.raises(UnknownLanguageError):
        ngrams("xx")


@settings(max_examples=30, deadline=None)
@given(st.lists(st.lists(st.sampled_from("abcde"), min_size=1, max_size=8), min_size=1, max_size=30))
def test_packed_counts_are_the_true_ones(tmp_path_factory: pytest.TempPathFactory, sentences: list[list[str]]) -> None:
    np = pytest.importorskip("numpy")
    from models.lexicon.counts import Corpus, Stream, count_ngrams
    from models.lexicon.pack import write_ngrams
    from models.lexicon.sources import Facts

    types = [START, *"abcde"]
    ids = np.array([0] + [n for s in sentences for n in [*map(types.index, s), 0]], np.int32)
    corpus = Corpus(types, [Stream("modern", ids, np.ones(len(ids), bool))])
    folder = tmp_path_factory.mktemp("ngrams")
    write_ngrams(folder, Facts("xx", False, False), count_ngrams(corpus, vocabulary=100, pairs=1, triples=1))
    read = Ngrams("xx", folder)
    padded = [w for s in sentences for w in [START, *s]]

    def true(*words: str) -> int:
        hits = (tuple(padded[at : at + len(words)]) == words for at in range(len(padded)))
        return sum(hits) if START not in words[1:] else 0

    for sentence in sentences:
        for at in range(len(sentence)):
            for size in (1, 2, 3):
                words = sentence[at : at + size]
                if all(true(w) >= 2 for w in words):  # rarer words are not kept
                    assert read.count(*words) == pytest.approx(true(*words), rel=0.04, abs=0.6)


def test_damaged_or_missing_files(tmp_path: Path) -> None:
    with pytest.raises(OSError):
        Ngrams("xx", tmp_path)
