"""The learned corrector: small parts by hand, the shipped weights where they are, other engines where installed."""

from __future__ import annotations

import json
import random

import pytest

from qa.model import WEIGHTS, absent, corrector
from qa.model.corrector import LEAST
from qa.model.features import tokenise
from qa.model.format import KEEP, MARKS, answer, read, source, target
from qa.model.judge import NAMES, group, load, rivals
from qa.model.labels import DELETE, LOWER
from qa.model.propose import Candidate, permitted
from qa.model.sentences import sentences
from qa.ngrams import ngrams, tokens
from qa.rules import registry

CODES = ("de", "en", "es", "fr", "it", "nl", "pt")
READY = [code for code in CODES if not absent(code)]
TEXTS = {
    "fr": "Le vent du nord a poussé l'eau du lac vers les petites maison de la rive. Il fait froid ce matin ici.",
    "it": "Il vento del nord ha spinto la acqua del lago verso le case della riva. Fa freddo questa mattina",
    "es": "El viento del norte ha llevado el agua hasta la casas de la orilla. Hace frío esta mañana en todo el valle.",
    "pt": "O vento do norte levou a água do lago até a casas da margem. Faz frio esta manhã em todo o vale.",
    "de": "Der Wind aus dem Norden hat der Wasser in die Häuser getrieben. Es ist kalt heute früh in dem ganzen Tal.",
    "nl": "De wind uit het noorden heeft de water naar de huizen gedreven. Het is koud vanochtend in het hele dal.",
    "en": "The wind from the north has driven an boat to the small houses. It is cold this morning",
}


def needs(*modules: str) -> None:
    for module in modules:
        pytest.importorskip(module)


@pytest.mark.parametrize("elision", [True, False])
def test_tokens_are_those_of_the_counts(elision):
    text = "L’eau de l'étang, c'est-à-dire 3 m³ — n'est pas « froide » (dit-on) aujourd'hui."
    found = tokenise(text, elision=elision)
    assert [token.text for token in found] == tokens(text, elision=elision)
    assert all(text.replace("’", "'")[token.start : token.end] == token.text for token in found)


def test_source_marks_places_in_their_context():
    words = ["Les", "petite", "maisons", "de", "rive", "."]
    assert source("fr", words, [(1, 2), (4, 4)]) == "<fr> Les<1> petite</m> maisons de<2></m> rive ."
    assert target([answer("petite", "petites"), answer("", "la")]) == "<1><-0>s<2> la"


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("la", "la", KEEP),
        ("", "", KEEP),
        ("le", "", ""),
        ("nouvelle", "nouveau", "<-3>au"),
        ("petite", "petit", "<-1>"),
        ("le", "les", " les"),
        ("que on", "qu'on", " qu'on"),
        ("", "de la", " de la"),
        ("nation", "nationalisme", " nationalisme"),
    ],
)
def test_answers_are_read_as_they_were_meant(old, new, said):
    assert answer(old, new) == said
    assert read(said, old) == new


@pytest.mark.parametrize(
    ("text", "start", "end", "kind"),
    [
        ("Il pèse 3 kilos de pommes.", 8, 9, DELETE),
        ("La ville de Paris est belle.", 12, 17, DELETE),
        ("Voir https://example.org/le/jour ici.", 5, 10, DELETE),
        ("Le champ {nom} est vide.", 9, 14, DELETE),
        ("Le bouton \ufffc ouvre la page.", 3, 9, DELETE),
        ("Écrivez le fichier .", 19, 20, DELETE),
    ],
)
def test_protected_text_is_not_permitted(text, start, end, kind):
    found = tokenise(text, elision=True)
    first = next(i for i, token in enumerate(found) if token.end > start)
    candidate = Candidate(start, end, "", kind, first, first + 1, 0.9, 0.9)
    assert not permitted(candidate, text, found)


def test_a_small_word_may_lose_its_capital():
    text = "Elle ouvre La porte."
    found = tokenise(text, elision=True)
    assert permitted(Candidate(11, 13, "la", LOWER, 2, 3, 0.9, 0.9), text, found)


def test_judge_walks_its_trees(tmp_path):
    needs("numpy")
    tree = {"feature": [1, -1, -1], "limit": [0.5, 0, 0], "left": [1, 0, 0], "right": [2, 0, 0], "leaf": [0, -2.0, 3.0]}
    path = tmp_path / "judge.json"
    data = {"features": list(NAMES), "base": 0.0, "trees": [tree], "thresholds": {"fr": 0.9, "fr insert": 0.8}}
    path.write_text(json.dumps(data), encoding="utf-8")
    judge = load(path)
    assert judge.probabilities([[0.0, 0.4], [0.0, 0.6]]) == pytest.approx([0.1192, 0.9526], abs=1e-4)
    assert judge.probabilities([]) == []
    assert (judge.threshold("fr", "+de"), judge.threshold("fr", "=de"), judge.threshold("xx", "=de")) == (0.8, 0.9, 2.0)
    assert judge.confidence(0.9526, "fr", "=de") == pytest.approx(0.691, abs=1e-3)
    assert group("delete") == "delete"
    path.write_text(json.dumps({**data, "features": ["other"]}), encoding="utf-8")
    with pytest.raises(ValueError, match=r"models\.corrector\.judge"):
        load(path)


def test_what_is_no_sentence_is_skipped_with_a_reason():
    from qa.lexicon import lexicon

    def reason(text: str) -> str:
        return next(sentences(text, lexicon("fr"), elision=True)).skipped

    assert reason("Bonjour à tous.") == "too short"
    assert reason("mot " * 200 + ".") == "too long"
    assert reason("Le titre de la page sans point") == "no sentence"
    assert reason("The weather was quite lovely yesterday evening, wasn't it?") == "words of another language"
    assert reason("Вчера вечером мы долго гуляли по берегу широкой реки.") == "words of another language"
    assert reason("3 + 4 = 7 ; 8 * 9 = 72 .") == "no prose"
    assert reason("La porte de la maison est fermée.") == ""


def test_sentences_have_their_places():
    from qa.lexicon import lexicon

    text = "  La porte est fermée ce soir. Elle ouvre la fenêtre ! « Il dort encore. » Fin"
    for piece in sentences(text, lexicon("fr"), elision=True):
        assert text[piece.start : piece.start + len(piece.text)] == piece.text


def test_an_unknown_language_has_no_corrector():
    assert absent("xx") == "no model for language 'xx'"
    assert corrector("xx") is None


def test_the_rule_is_only_run_when_asked_for():
    assert registry()["model"].default is False


@pytest.mark.parametrize("code", READY)
def test_answer_does_not_depend_on_the_batch(code):
    needs("numpy")
    model = corrector(code)
    assert model is not None
    text = TEXTS[code]
    alone = [piece for piece in sentences(text, model._words, elision=ngrams(code).elision) if not piece.skipped]
    one_by_one = [model.see([piece])[0] for piece in alone]
    together = model.see([*alone, *alone[::-1]])[: len(alone)]
    for (verdict, gains), (other, other_gains) in zip(one_by_one, together, strict=True):
        assert abs(verdict.own - other.own).max() < 2e-3
        assert gains == other_gains
    assert model.correct(text) == model.correct(text)
    shifted = model.correct(text + "\n\n" + text)
    assert [(h.start, h.new) for h in shifted[: len(shifted) // 2]] == [(h.start, h.new) for h in model.correct(text)]


@pytest.mark.parametrize("code", READY)
def test_edits_stay_within_their_text_and_budget(code):
    needs("numpy")
    model = corrector(code)
    assert model is not None
    for piece, hypotheses in model.look(TEXTS[code]):
        assert len(hypotheses) <= 1 + len(piece.tokens) // 7
        for one in hypotheses:
            assert piece.start <= one.start <= one.end <= piece.start + len(piece.text)
            assert TEXTS[code][one.start : one.end] != one.new
            assert LEAST <= one.probability <= 1


@pytest.mark.parametrize("code", READY)
@pytest.mark.parametrize(
    "hostile", ["", " ", "a" * 50_000, "'" * 5_000 + ".", "\ufffc" * 300 + ".", "« ( " * 2_000 + "."]
)
def test_hostile_text_is_skipped(code, hostile):
    needs("numpy")
    model = corrector(code)
    assert model is not None
    assert model.correct(hostile) == []


def test_weights_are_within_their_budget():
    assert sum(path.stat().st_size for path in WEIGHTS.rglob("*") if path.is_file()) <= 40_000_000


def test_tagger_in_numpy_is_the_network_of_torch(tmp_path):
    needs("numpy", "torch")
    import torch

    from models.corrector import tagger as training
    from qa.lexicon import lexicon
    from qa.model.features import AGREEMENT, COUNTS, LEXICAL, SHAPE, Featuriser
    from qa.model.labels import KEEP, NOTHING
    from qa.model.tagger import GAP, Tagger, places

    torch.manual_seed(1)
    config = training.Config(vocabulary=50, width=16, word_width=4, suffix_width=4)
    vocabulary, watched = [f"mot{n}" for n in range(49)] + ["la"], ["de", "la", "le", "un", "les"]
    own, before = [KEEP, "delete", "=de"], [NOTHING, "+de"]
    network = training.build(LEXICAL + SHAPE + AGREEMENT + COUNTS + 2 * len(watched), len(own), len(before), config)
    training.export(network, tmp_path / "fr.npz", own, before, vocabulary, watched)
    tagger = Tagger(tmp_path / "fr.npz", lexicon("fr"), ngrams("fr"))
    batch = [tokenise(text, elision=True) for text in ("Elle ouvre la porte du jardin.", "Il dort.")]
    verdicts = tagger.judge(batch)
    arrays = Featuriser(lexicon("fr"), ngrams("fr"), vocabulary, watched).arrays(batch)
    at = torch.from_numpy(places(arrays["lengths"]))
    with torch.inference_mode():
        one, _ = network(
            torch.from_numpy(arrays["rows"]),
            torch.from_numpy(arrays["suffixes"]),
            torch.from_numpy(arrays["dense"]),
            at,
            sum(arrays["lengths"]) + GAP * 3,
        )
    wanted = torch.softmax(one, 1).numpy()[: len(batch[0])]
    assert abs(verdicts[0].own - wanted).max() < 0.01


def test_the_tagger_is_told_who_agrees_with_whom():
    needs("numpy")
    import numpy as np

    from qa.lexicon import lexicon
    from qa.model.features import AGREEMENT, LEXICAL, PARTNERS, agreement, lexical

    def told(*sentences: str) -> np.ndarray:
        batch = [tokenise(text, elision=True) for text in sentences]
        known = np.array([lexical(lexicon("fr"), token.text) for tokens in batch for token in tokens], np.float32)
        return agreement(known.reshape(-1, LEXICAL), [len(tokens) for tokens in batch])

    def column(partner: str, trait: str) -> int:
        return 2 * PARTNERS.index(partner) + ("gender", "number").index(trait)

    broken, right = told("Les maison sont vides."), told("Les maisons sont vides.")
    assert broken.shape == (5, AGREEMENT)
    assert broken[0, column("right", "number")] < -0.5 < 0.5 < right[0, column("right", "number")]
    assert broken[3, column("noun-left", "number")] < -0.5 < 0.5 < right[3, column("noun-left", "number")]
    assert (told("Les maisons sont vides.", "Il dort.")[:5] == right).all()
    assert told().shape == (0, AGREEMENT)


def test_rivals_of_an_edit_are_told_apart():
    row = [0.0] * (len(NAMES) - 4)
    good, bad = list(row), list(row)
    good[NAMES.index("odds")], bad[NAMES.index("odds")] = 3.0, -1.0
    edits = [
        Candidate(at, at + 2, new, "=" + new, at, at + 1, 0.5, 0.5) for at, new in ((0, "la"), (0, "le"), (9, "un"))
    ]
    one, other, far = rivals(edits, [good, bad, row])
    assert [one[-4], other[-4], far[-4]] == [-4.0, 4.0, -20.0]
    assert [one[-2], far[-2]] == [1.0, 0.0]
    assert len(one) == len(NAMES)


def test_examples_are_what_was_damaged():
    from models.corrector.examples import example, words_of
    from models.corrupt._mixture import Mixture

    clean = "Le vent du nord a poussé l'eau du lac vers les petites maisons de la rive."
    for seed in range(40):
        rng = random.Random(seed)
        damaged = Mixture().damage(clean, "fr", rng, 2)
        words, spans = words_of(damaged)
        repaired = list(words)
        for first, last, right in reversed(spans):
            repaired[first:last] = right.split()
        assert " ".join(repaired) == clean
        made = example(damaged, "fr", rng)
        assert made is not None
        given, wanted = made
        assert given.startswith("<fr>")
        assert [mark for mark in MARKS if mark in given] == [mark for mark in MARKS if mark in wanted]


@pytest.fixture(scope="module")
def smoke(tmp_path_factory):
    """A tiny model: trained on fifty sentences for 200 steps, saved for `transformers`, converted for CTranslate2."""
    needs("sentencepiece", "torch", "transformers", "ctranslate2")
    from models.corrector import train
    from models.corrector.convert import convert

    work = tmp_path_factory.mktemp("smoke")
    folder = train.train(train.SMOKE, train.SMOKE_DATA, work, smoke=True)
    convert(folder, work / "int8")
    convert(folder, work / "float32", quantization="float32")
    return work


PLACES = [(24, 30), (3, 7), (0, 2), (50, 56), (7, 7), (38, 45)]
BROKEN = "Le vent du nord a poussé la eau vers les petites maison de la rive."


def test_training_learns(smoke):
    rows = [line.split("\t") for line in (smoke / "curve.tsv").read_text(encoding="utf-8").splitlines()]
    losses = [float(row[5]) for row in rows]
    assert losses[-1] < 0.5 * losses[0]


def test_eight_bit_agrees_with_transformers(smoke):
    from qa.model.engines import CTranslate2, Transformers
    from qa.model.writer import Writer

    edits = [(start, end, "de") for start, end in PLACES]
    exact, single, small = (
        Writer(engine, smoke / "model" / "source.spm").margins("fr", BROKEN, edits)
        for engine in (
            Transformers(smoke / "model"),
            CTranslate2(smoke / "float32", compute_type="float32"),
            CTranslate2(smoke / "int8"),
        )
    )
    assert single == pytest.approx(exact, abs=0.02)
    assert small == pytest.approx(exact, abs=0.6)


def test_the_writer_does_not_depend_on_batch_or_threads(smoke):
    from qa.model.engines import CTranslate2
    from qa.model.writer import Writer

    vocabulary = smoke / "model" / "source.spm"
    one, two = (Writer(CTranslate2(smoke / "int8", threads=threads), vocabulary) for threads in (1, 2))
    together = one.write("fr", BROKEN, PLACES)
    assert together == two.write("fr", BROKEN, PLACES)
    assert together == [one.write("fr", BROKEN, [place])[0] for place in PLACES]
    edits = [(start, end, "la") for start, end in PLACES]
    assert one.margins("fr", BROKEN, edits) == [one.margins("fr", BROKEN, [edit])[0] for edit in edits]
    assert one.margins("fr", BROKEN, edits) == two.margins("fr", BROKEN, edits)
    assert one.covers("fr") and not one.covers("nl")


def test_a_trained_checkpoint_writes_for_the_corrector(smoke):
    from qa.model.writer import reads_marks

    assert reads_marks(smoke / "model")
    model = corrector("fr", str(smoke / "model"))
    assert model is not None and model._writer is not None
    assert model.correct(BROKEN) == model.correct(BROKEN)


def test_thresholds_keep_each_kind_of_edit_within_its_share():
    from models.corrector.judge import ALLOWED, LEAST, Alarm, thresholds

    alarms = [Alarm(p / 1000, kind, "", "") for p in range(600, 1000) for kind in ("delete", "=le")]
    found = thresholds(alarms, 10_000)
    for name in ("delete", "exchange"):
        assert sum(a.probability >= found[name] for a in alarms if group(a.kind) == name) <= ALLOWED[name] * 10_000
        assert found[name] < 0.996
    assert found["insert"] == found["inflect"] == LEAST + 0.001
