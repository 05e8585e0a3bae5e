"""The lexicons: their answers, their speed, their file format, and the parts of their build."""

from __future__ import annotations

import pickle
import time
from collections import Counter
from itertools import accumulate, islice, pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.heldout import is_heldout
from qa import artefact
from qa.lexicon import LANGUAGES, ONSETS, Lexicon, UnknownLanguageError, languages, lexicon, used_somewhere
from qa.memory import Memo

SEVEN = ("fr", "it", "es", "de", "pt", "nl", "en")

GENDERS = {
    "fr": (
        "maison f, problème m, mer f, arbre m, eau f, couteau m, image f, silence m, liberté f, été m, "
        "fenêtre f, livre m, voiture f, chemin m, question f, gouvernement m, table f, village m"
    ),
    "it": (
        "casa f, problema m, mano f, tempo m, notte f, fiore m, città f, giorno m, stazione f, ponte m, "
        "legge f, mare m, chiave f, libro m"
    ),
    "es": (
        "casa f, problema m, mano f, día m, agua f, viaje m, noche f, árbol m, ciudad f, coche m, "
        "canción f, puente m, ley f, hambre f"
    ),
    "pt": "casa f, problema m, mão f, dia m, viagem f, carro m, noite f, coração m, cidade f, mapa m, lei f",
    "de": (
        "Haus n, Frau f, Mann m, Kind n, Zeit f, Tag m, Jahr n, Stadt f, Weg m, Buch n, Sprache f, "
        "Schlüssel m, Fenster n, Zeitung f"
    ),
    "nl": "huis n, vrouw c, kind n, dag c, jaar n, stad c, boek n, taal c, venster n, sleutel c, krant c",
}
PLURALS = {
    "fr": "maisons journaux yeux arbres questions",
    "it": "case problemi mani giorni ponti",
    "es": "casas problemas manos días leyes",
    "pt": "casas problemas mãos viagens leis",
    "de": "Häuser Frauen Kinder Städte Bücher",
    "nl": "huizen vrouwen kinderen steden boeken",
    "en": "houses women children cities books",
}


@pytest.mark.parametrize(
    ("language", "word", "gender"),
    [(language, *pair.split()) for language, listed in GENDERS.items() for pair in listed.split(", ")],
)
def test_gender_of_common_nouns(language: str, word: str, gender: str) -> None:
    assert lexicon(language).gender(word) == gender


@pytest.mark.parametrize(
    ("language", "word"), [(language, word) for language, listed in PLURALS.items() for word in listed.split()]
)
def test_number_of_common_plurals(language: str, word: str) -> None:
    assert lexicon(language).number(word) == "pl"


@pytest.mark.parametrize("language", SEVEN)
def test_shares_of_readings_are_ranked_and_sum_to_one(language: str) -> None:
    known = lexicon(language)
    for number, word in enumerate(known):
        if number % 97:
            continue
        shares = [reading.share for reading in known.analyses(word)]
        assert all(0 < share <= 1 for share in shares)
        assert shares == sorted(shares, reverse=True)
        assert not shares or 0.8 <= sum(shares) <= 1.2  # stored in steps
        assert known.onset(word) in ONSETS
        assert known.frequency(word) >= 0


def test_written_forms() -> None:
    french = lexicon("fr")
    assert "maison" in french
    assert "Maison" in french  # a sentence start
    assert "MAISON" in french
    assert "maIson" not in french
    assert "the" not in french
    assert "" not in french
    assert 7 not in french
    assert "franco-allemand" in french
    assert "maison-xyzzyq" not in french
    german = lexicon("de")
    assert "Haus" in german
    assert "haus" not in german
    assert "gehen" in german


def test_a_foreign_word_keeps_its_frequency() -> None:
    assert 0 < lexicon("fr").frequency("the") < lexicon("en").frequency("the") / 100
    assert lexicon("fr").frequency("xyzzyq") == 0.0
    assert lexicon("fr").frequency("de") > lexicon("fr").frequency("maison") > lexicon("fr").frequency("hache")


def test_elsewhere() -> None:
    found = lexicon("fr").elsewhere("gli")
    assert found["it"] == lexicon("it").frequency("gli")
    assert "fr" not in found
    assert not lexicon("fr").elsewhere("xyzzyq")


@pytest.mark.parametrize(
    ("language", "word", "onset"),
    [
        ("fr", "homme", "mute-h"),
        ("fr", "héros", "aspirated-h"),
        ("fr", "hache", "aspirated-h"),
        ("fr", "héroïne", "mute-h"),
        ("fr", "onze", "aspirated-h"),
        ("fr", "yeux", "vowel"),
        ("fr", "arbre", "vowel"),
        ("fr", "livre", "consonant"),
        ("fr", "Haïti", "mute-h"),
        ("fr", "yaourt", "consonant"),
        ("it", "zaino", "impure"),
        ("it", "sport", "impure"),
        ("it", "sole", "consonant"),
        ("it", "gnomo", "impure"),
        ("it", "psicologo", "impure"),
        ("it", "amico", "vowel"),
        ("es", "agua", "stressed-a"),
        ("es", "hacha", "stressed-a"),
        ("es", "amiga", "vowel"),
        ("es", "casa", "consonant"),
        ("es", "águila", "stressed-a"),
        ("es", "hora", "mute-h"),
        ("en", "hour", "mute-h"),
        ("en", "house", "consonant"),
        ("en", "university", "consonant"),
        ("en", "umbrella", "vowel"),
        ("en", "uninformed", "vowel"),
        ("en", "one", "consonant"),
        ("en", "FBI", "vowel"),
        ("en", "UN", "consonant"),
        ("en", "honest", "mute-h"),
    ],
)
def test_onset(language: str, word: str, onset: str) -> None:
    assert lexicon(language).onset(word) == onset


@pytest.mark.parametrize(
    ("language", "word", "wanted", "form"),
    [
        ("fr", "le", {"gender": "f"}, "la"),
        ("fr", "le", {"number": "pl"}, "les"),
        ("fr", "un", {"gender": "f"}, "une"),
        ("fr", "cet", {"gender": "f"}, "cette"),
        ("fr", "national", {"number": "pl"}, "nationaux"),
        ("fr", "heureux", {"gender": "f", "number": "pl"}, "heureuses"),
        ("fr", "cheval", {"number": "pl"}, "chevaux"),
        ("fr", "écrite", {"gender": "m"}, "écrit"),
        ("fr", "notre", {"number": "pl"}, "nos"),
        ("it", "nuovo", {"gender": "f", "number": "pl"}, "nuove"),
        ("it", "del", {"gender": "f"}, "della"),
        ("it", "ponte", {"number": "pl"}, "ponti"),
        ("it", "questa", {"gender": "m"}, "questo"),
        ("es", "viejo", {"gender": "f", "number": "pl"}, "viejas"),
        ("es", "el", {"gender": "f"}, "la"),
        ("es", "ciudad", {"number": "pl"}, "ciudades"),
        ("es", "nuestra", {"number": "pl"}, "nuestras"),
        ("pt", "novo", {"gender": "f", "number": "pl"}, "novas"),
        ("pt", "no", {"gender": "f"}, "na"),
        ("pt", "coração", {"number": "pl"}, "corações"),
        ("pt", "esta", {"gender": "m"}, "este"),
        ("de", "Haus", {"number": "pl"}, "Häuser"),
        ("nl", "boek", {"number": "pl"}, "boeken"),
        ("en", "this", {"number": "pl"}, "these"),
        ("en", "city", {"number": "pl"}, "cities"),
    ],
)
def test_inflect(language: str, word: str, wanted: dict[str, str], form: str) -> None:
    assert lexicon(language).inflect(word, **wanted)[:1] == (form,)


def test_inflect_keeps_what_is_not_asked_for() -> None:
    assert lexicon("fr").inflect("belles", gender="m") == ("beaux",)
    assert lexicon("fr").inflect("xyzzyq", number="pl") == ()


def test_capitals() -> None:
    assert lexicon("de").capitalised_share("Haus") > 0.9
    assert lexicon("fr").capitalised_share("Paris") > 0.9
    assert lexicon("fr").capitalised_share("maison") < 0.1


def test_every_language_of_the_folder_has_a_lexicon() -> None:
    assert set(SEVEN) <= set(languages())
    with pytest.raises(UnknownLanguageError, match="no lexicon for language 'xx'"):
        lexicon("xx")
    with pytest.raises(KeyError):
        lexicon("../fr")


def test_loading_takes_at_most_thirty_milliseconds() -> None:
    folder = Path(artefact.__file__).parent / "languages" / "fr"

    def load() -> float:
        start = time.process_time()
        Lexicon("fr", folder).analyses("maison")
        return time.process_time() - start

    assert min(load() for _ in range(5)) < 0.030


def test_running_text_is_looked_up_three_million_times_a_second() -> None:
    words = [
        "le",
        "chat",
        "de",
        "la",
        "voisine",
        "dort",
        "sur",
        "le",
        "mur",
        "du",
        "jardin",
        "et",
        "la",
        "pluie",
        "ne",
        "le",
        "dérange",
        "pas",
    ] * 20_000
    frequency = Lexicon("fr", Path(artefact.__file__).parent / "languages" / "fr").frequency

    def run() -> float:
        start = time.process_time()
        for word in words:
            frequency(word)
        return len(words) / (time.process_time() - start)

    assert max(run() for _ in range(5)) > 3e6


def test_hostile_words_do_not_fill_the_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("qa.memory.LIMIT", 100)
    known = Lexicon("fr", Path(artefact.__file__).parent / "languages" / "fr")
    for number in range(1000):
        assert known.frequency(f"xy{number}") == 0.0
        assert f"zz-{number}-" not in known
    assert known.frequency("maison") > 0
    assert ("xq-" * 5000 + "xq") not in known  # neither recursion nor time runs away


def test_a_memo_asks_once_and_starts_afresh_when_it_is_full() -> None:
    asked: list[str] = []
    memo: Memo[int] = Memo(lambda word: asked.append(word) or len(word), limit=100)  # type: ignore[func-returns-value]
    assert [memo["ab"], memo["ab"], asked] == [2, 2, ["ab"]]
    assert all(memo[f"x{number}"] and len(memo) <= 100 for number in range(1000))
    assert memo["ab"] == 2 and asked.count("ab") == 2


def test_odd_strings_are_harmless() -> None:
    known = lexicon("fr")
    for odd in ("\0", "\ud800", "a" * 100_000, "-", "--", "ß" * 50, "İ", "ǅ"):
        assert isinstance(odd in known, bool)
        assert known.onset(odd) in ONSETS
        assert known.inflect(odd, number="pl") == () or odd in known


# -- the file format ---------------------------------------------------------------------------------------


def test_container_round_trip(tmp_path: Path) -> None:
    path = tmp_path / "x.bin"
    artefact.write(path, {"word": "é"}, {"b": ("H", b"\1\0\2\0"), "a": ("B", b"\7")})
    header, arrays = artefact.read(path)
    assert header == {"word": "é"}
    assert list(arrays["b"]) == [1, 2]
    assert list(arrays["a"]) == [7]


@pytest.mark.parametrize("damage", [b"", b"short", b"NOTOURS0" + b"\0" * 40, b"MTQA0001\xff\xff\xff\x00{}"])
def test_damaged_container(tmp_path: Path, damage: bytes) -> None:
    path = tmp_path / "x.bin"
    path.write_bytes(damage)
    with pytest.raises(artefact.ArtefactError):
        artefact.read(path)


_WORD = st.text(st.sampled_from("abcdeéßxyzABZ'-"), min_size=1, max_size=12)


@settings(max_examples=60, deadline=None)
@given(
    st.dictionaries(
        _WORD,
        st.tuples(
            st.floats(0, 50_000),
            st.booleans(),
            st.sampled_from(ONSETS),
            st.lists(
                st.tuples(
                    _WORD,
                    st.sampled_from(["NOUN", "ADJ", "DET"]),
                    st.sampled_from(["m", "f", ""]),
                    st.sampled_from(["sg", "pl"]),
                ),
                max_size=3,
                unique=True,
            ),
        ),
        min_size=1,
        max_size=20,
    )
)
def test_what_is_packed_is_read_back(tmp_path_factory: pytest.TempPathFactory, words: dict) -> None:
    pytest.importorskip("numpy")
    from models.lexicon.pack import Entry, write_lexicon
    from models.lexicon.sources import Facts
    from qa.lexicon import Analysis

    folder = tmp_path_factory.mktemp("lexicon")
    facts = Facts("xx", False, False, {"vowels": "ae", "h": "consonant", "rules": {}, "longest": 0, "letters": ""})
    entries = {
        word: Entry(
            rate,
            0.5,
            onset,
            foreign,
            True,
            [Analysis(lemma, pos, gender, number, "", "", 1 / len(listed)) for lemma, pos, gender, number in listed],
        )
        for word, (rate, foreign, onset, listed) in words.items()
    }
    write_lexicon(folder, facts, entries)
    read = Lexicon("xx", folder)
    for word, entry in entries.items():
        assert (word in read) is not entry.foreign
        assert read.frequency(word) == pytest.approx(entry.frequency, rel=0.05, abs=0.003)
        assert read.onset(word) == entry.onset
        strip = [(a.lemma, a.pos, a.gender, a.number) for a in entry.analyses]
        assert [(a.lemma, a.pos, a.gender, a.number) for a in read.analyses(word)] == strip
        assert read.analyses(word) == () or read.inflect(word, number=strip[0][3], gender=strip[0][2]) != ()


def test_files_of_different_builds_are_refused(tmp_path: Path) -> None:
    import marisa_trie

    source = Path(artefact.__file__).parent / "languages" / "nl"
    (tmp_path / "lexicon.bin").write_bytes((source / "lexicon.bin").read_bytes())
    marisa_trie.Trie(["een"]).save(str(tmp_path / "lexicon.trie"))
    with pytest.raises(artefact.ArtefactError, match="different builds"):
        Lexicon("nl", tmp_path)


# -- the build ---------------------------------------------------------------------------------------------


def test_five_percent_are_held_out_always_the_same() -> None:
    lines = [f"Sentence number {number} ." for number in range(20_000)]
    held = [line for line in lines if is_heldout(line)]
    assert 0.04 < len(held) / len(lines) < 0.06
    assert held == [line for line in lines if is_heldout(line)]
    assert is_heldout("Sentence number 3 .") is False  # the rule is part of what others rely on


def test_rows_that_only_the_gpl_has_are_left_out(tmp_path: Path) -> None:
    pytest.importorskip("numpy")
    import lzma

    from models.lexicon import sources
    from models.lexicon.build import read_tables

    (tmp_path / "lexicon").mkdir()
    with lzma.open(tmp_path / "lexicon" / "fr.tsv.xz", "wt", encoding="utf-8") as file:
        file.write(
            "word\tlemma\tpos\tgender\tnumber\tfeatures\torigin\n"
            "secret\tsecret\tNOUN\tm\tsg\t_\tapertium\n"
            "both\tboth\tNOUN\tm\tsg\t_\tapertium,freedict\n"
            "open\topen\tNOUN\tf\tsg\t_\tapertium,wiktionary\n"
            "bare\tbare\t_\t_\t_\t_\tdicollecte\n"
        )
    tables = read_tables(tmp_path, sources.Facts("fr", True, False))
    assert set(tables.readings) == {"open"}
    assert set(tables.spellings) == {"bare"}


def _token(form: str, pos: str, gender: str = "", number: str = ""):  # type: ignore[no-untyped-def]
    from models.lexicon.sources import Token

    return Token(form, form.lower(), pos, gender, number, "", "", True)


def test_contractions_are_one_token_with_the_gender_of_the_article() -> None:
    from models.lexicon.sources import _joined

    token = _joined("della", [_token("di", "ADP"), _token("la", "DET", "f", "sg")])
    assert (token.form, token.pos, token.gender, token.number) == ("della", "ADP", "f", "sg")


def test_lemmatiser_learns_endings() -> None:
    pytest.importorskip("numpy")
    from models.lexicon.lemmas import Lemmatiser

    known = {"cheval", "journal", "canal", "table", "chaise", "bocal"}
    lemmatiser = Lemmatiser(
        [
            ("pl", "chevaux", "cheval"),
            ("pl", "journaux", "journal"),
            ("pl", "tables", "table"),
            ("pl", "chaises", "chaise"),
            ("sg", "table", "table"),
        ]
    )
    assert lemmatiser.lemma("pl", "bocaux", known) == "bocal"
    assert lemmatiser.lemma("pl", "chaises", known) == "chaise"
    assert lemmatiser.lemma("xx", "chaises", known) == ""


def test_gender_model_hears_only_telling_determiners() -> None:
    pytest.importorskip("numpy")
    from models.lexicon import closedclass
    from models.lexicon.learn import GenderModel
    from models.lexicon.sources import Facts

    sentences = [
        [_token("le", "DET", "m", "sg"), _token("mur", "NOUN", "m", "sg")],
        [_token("la", "DET", "f", "sg"), _token("mer", "NOUN", "f", "sg")],
        [_token("l'", "DET", "", "sg"), _token("eau", "NOUN", "f", "sg")],
        [_token("les", "DET", "", "pl"), _token("murs", "NOUN", "m", "pl")],
    ] * 30
    model = GenderModel(sentences, Facts("fr", True, False), closedclass.read("fr"))
    telling = model.genders([({"la": 3}, "sg")])
    assert telling["f"] > telling["m"] + 4
    silent = model.genders([({"l'": 30}, "sg"), ({"les": 30}, "pl")])
    assert silent["f"] == pytest.approx(silent["m"])
    assert model.number({"les": 9}) == "pl"
    assert model.number({"la": 9}) == "sg"


def test_tagger_learns_a_toy_language() -> None:
    np = pytest.importorskip("numpy")
    from models.lexicon.tagger import train
    from qa.ngrams import START

    sentences = [[_token("la", "DET", "f", "sg"), _token(f"{stem}a", "NOUN", "f", "sg")] for stem in "bcdfg"]
    sentences += [[_token("lo", "DET", "m", "sg"), _token(f"{stem}o", "NOUN", "m", "sg")] for stem in "bcdfg"]
    tagger = train(sentences * 4, {})
    best = tagger.tag([START, "la", "pizza", "lo", "zoppo"], np.array([0, 1, 2, 0, 3, 4, 0]))
    assert [tagger.tags[best[at]][:2] for at in (2, 5)] == [("NOUN", "f"), ("NOUN", "m")]
    assert pickle.loads(pickle.dumps(tagger)).tags == tagger.tags


@pytest.mark.parametrize(
    ("word", "stressed"),
    [
        ("agua", True),
        ("alma", True),
        ("hacha", True),
        ("águila", True),
        ("área", True),
        ("hambre", True),
        ("amiga", False),
        ("alumna", False),
        ("harina", False),
        ("abeja", False),
        ("acción", False),
        ("casa", False),
    ],
)
def test_stressed_a(word: str, stressed: bool) -> None:
    pytest.importorskip("numpy")
    from models.lexicon.onsets import stressed_a

    assert stressed_a(word) is stressed


def test_closed_class_tables_name_every_form_once_per_reading() -> None:
    pytest.importorskip("numpy")
    from models.lexicon import closedclass

    for language in (*SEVEN, "ca"):
        for form, listed in closedclass.read(language).items():
            assert max(Counter(listed).values()) == 1, (language, form)
            assert all(
                r.gender in ("", "m", "f", "n", "c", "mf") and r.number in ("", "sg", "pl", "sp") for r in listed
            )


def test_seven_languages_take_at_most_40_megabytes() -> None:
    files = [path for code in SEVEN for suffix in ("bin", "trie") for path in (LANGUAGES / code).glob(f"*.{suffix}")]
    assert sum(path.stat().st_size for path in [*files, LANGUAGES / "used.trie"]) <= 40_000_000


def test_what_some_language_uses_is_listed() -> None:
    for code in languages():
        known = lexicon(code)
        assert all(form in used_somewhere() for form in islice(known.used(), 0, None, 17))
    assert "zzyzx" not in used_somewhere() and "\ud800" not in used_somewhere()


@given(st.lists(st.integers(0, 70_000), min_size=1, max_size=40))
def test_offsets_in_two_bytes(sizes: list[int]) -> None:
    starts = [0, *accumulate(sizes)]
    arrays = {name: memoryview(data).cast(code) for name, (code, data) in artefact.offsets("x", starts).items()}
    read = artefact.Offsets(arrays, "x")
    assert read.whole() == starts
    assert [read.bounds(parent) for parent in range(len(sizes))] == list(pairwise(starts))


def test_openings_are_the_words_a_form_begins_with() -> None:
    words = lexicon("de")
    assert {4, 14} <= words.openings("Hausverwaltung")
    assert words.openings("\ud800") == set()


def test_a_word_may_be_known_in_small_letters_only() -> None:
    words = lexicon("de")
    assert words.knows_small("Haus") and words.knows_small("Laufen") and not words.knows_small("Xyzzy")
    assert not words.knows_small("\ud800")
