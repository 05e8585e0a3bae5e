"""How the learned corrector takes part in a check: when it runs, what is said where it cannot, what it may change."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace

import pytest

import qa.model
from qa import Options, check
from qa.errors import ModelUnavailable
from qa.finding import Finding
from qa.language import language
from qa.lexicon import lexicon
from qa.model.rewriter import Rewriter
from qa.model.writer import Written
from qa.page import Page
from qa.readers import read
from qa.rules.model import with_repairs
from qa.signature import model_part, signature
from qa.text import Span

SENTENCE = "La société a présenté son nouveau projets de loi."
FLUENT = "Le vent a poussé les petites maison de la rive en 1999."


def without(monkeypatch: pytest.MonkeyPatch, *missing: str) -> None:
    monkeypatch.setattr(qa.model, "find_spec", lambda name: None if name in missing else object())


def rules_of(options: Options, text: str = SENTENCE) -> set[str]:
    return {each.rule for each in check(text, options=options).diagnostics}


def test_the_model_speaks_as_the_model():
    pytest.importorskip("numpy")
    result = check(SENTENCE, options=Options(language="fr", select=frozenset({"model"})))
    assert [(each.rule, each.source, each.safety) for each in result.diagnostics] == [("model", "model", "review")]


def test_asked_for_by_name_and_not_installed_is_an_error(monkeypatch):
    without(monkeypatch, "numpy")
    for options in (Options(language="fr", model="on"), Options(language="fr", select=frozenset({"model"}))):
        with pytest.raises(ModelUnavailable, match="install the extra `model`"):
            check(SENTENCE, options=options)


def test_meant_by_its_category_and_not_installed_is_told_as_skipped(monkeypatch):
    without(monkeypatch, "numpy")
    options = Options(language="fr", select=frozenset({"category:agreement"}))
    assert [reason for _, reason in check(SENTENCE, options=options).skipped] == [qa.model.lacking()]
    assert model_part(options) == "off"


def test_without_the_model_everything_else_works(monkeypatch):
    without(monkeypatch, "numpy", "ctranslate2", "sentencepiece", "torch", "transformers")
    options = Options(language="fr", model="off", select=frozenset({"model", "agreement"}))
    assert rules_of(options, "Elle a posé le lettre sur la table.") == {"agreement"}
    assert check(SENTENCE, options=options).skipped == ()


def test_a_language_without_weights_is_told_as_skipped():
    pytest.importorskip("numpy")
    result = check("La casa és gran i bonica.", options=Options(language="ca", model="on"))
    assert [reason for _, reason in result.skipped] == ["no model for language 'ca'"]


def test_a_checkpoint_needs_its_folder_and_its_extra(monkeypatch, tmp_path):
    with pytest.raises(ModelUnavailable, match=r"no config\.json"):
        check(SENTENCE, options=Options(language="fr", model=str(tmp_path / "nowhere")))
    (tmp_path / "config.json").write_text("{}", encoding="utf-8")
    without(monkeypatch, "torch")
    with pytest.raises(ModelUnavailable, match="install the extra `torch`"):
        check(SENTENCE, options=Options(language="fr", model=str(tmp_path)))


def test_the_command_line_says_it_in_one_sentence(tmp_path):
    text = tmp_path / "a.txt"
    text.write_text(SENTENCE, encoding="utf-8")
    code = (
        "import importlib.util as u; real = u.find_spec\n"
        "u.find_spec = lambda name, *more: None if name == 'numpy' else real(name, *more)\n"
        "from qa.cli import main; main()"
    )
    for more in (["--model", "on"], ["--select", "model"]):
        done = subprocess.run(
            [sys.executable, "-c", code, "check", "--lang", "fr", str(text), *more], capture_output=True, text=True
        )
        assert (done.returncode, done.stdout) == (2, "")
        assert done.stderr.startswith("qa: the model needs the package numpy: ")
        assert done.stderr.count("\n") == 1


def test_the_signature_names_the_weights_that_take_part(tmp_path):
    pytest.importorskip("numpy")
    off, on = model_part(Options(model="off")), model_part(Options(model="on"))
    assert off == "off"
    assert on == qa.model.digest()
    assert model_part(Options(select=frozenset({"model"}))) == on
    assert f"|model:{on}|" in str(signature(on))
    (tmp_path / "config.json").write_text("{}", encoding="utf-8")
    assert qa.model.digest(str(tmp_path)) != on


class Scribe:
    """A seq2seq model that would write the same words in every place."""

    def __init__(self, *words: str) -> None:
        self._words = words

    def covers(self, code: str) -> bool:
        return code == "fr"

    def margins(self, code, text, edits):
        return [0.0 for _ in edits]

    def write(self, code, text, places, beam=3):
        whole = [(text.rfind(" ", 0, start) + 1, (text + " ").find(" ", end)) for start, end in places]
        return [[Written(start, end, word, 1.0) for word in self._words] for start, end in whole]


def test_what_a_rule_cannot_repair_the_seq2seq_model_may(monkeypatch):
    pytest.importorskip("numpy")
    scribe = replace_writer(monkeypatch, Scribe("suivante", "3e", "xyzzyx", "prochaine"))
    text = "Il dort. Elle a posé la next lettre sur la table."
    assert scribe.repairs(text, 24, 28) == ["suivante", "prochaine"]
    assert scribe.repairs(text, 24, 26) == scribe.repairs(text, 0, 7) == []
    finding = Finding("leftover", Span(24, 28), "A word of another language.")
    page = page_of(text)
    ((_, repaired),) = with_repairs([(page.blocks[0], finding)], page)
    assert [(fix.edits[0].text, fix.safety) for fix in repaired.fixes] == [
        ("suivante", "review"),
        ("prochaine", "review"),
    ]
    sure = replace(finding, fixes=repaired.fixes[:1])
    assert [each for _, each in with_repairs([(page.blocks[0], sure)], page)] == [sure]


def test_without_a_seq2seq_model_findings_stay_as_they_are(monkeypatch):
    pytest.importorskip("numpy")
    replace_writer(monkeypatch, None)
    text = "Elle a posé la next lettre sur la table."
    page = page_of(text)
    finding = Finding("leftover", Span(15, 19), "A word of another language.")
    assert [each for _, each in with_repairs([(page.blocks[0], finding)], page)] == [finding]


def page_of(text: str) -> Page:
    return Page(tuple(read(text, "text").blocks), language("fr"))


def replace_writer(monkeypatch: pytest.MonkeyPatch, writer: Scribe | None) -> qa.model.Corrector:
    shipped = qa.model.corrector("fr")
    assert shipped is not None
    made = qa.model.Corrector("fr", shipped._words, shipped._ngrams, shipped._tagger, shipped._judge, writer)
    monkeypatch.setattr(qa.model, "corrector", lambda code, checkpoint="": made)
    return made


class Phrases:
    """A checkpoint that knows some sentences, and finds every change of a sentence `margin` nats likelier."""

    def __init__(self, known: dict[str, str], margin: float = 2.0) -> None:
        self._known = known
        self._margin = margin

    def rewrite(self, text: str) -> str:
        return self._known.get(text, text)

    def score(self, text: str, output: str) -> float:
        return self._margin * (text != output)


def rewritten(known: dict[str, str], text: str = FLUENT, margin: float = 2.0) -> list[tuple[str, str, str]]:
    found = Rewriter(Phrases(known, margin), lexicon("fr"), elision=True).correct(text)
    return [(text[one.start : one.end], one.new, one.kind) for one in found]


def test_a_checkpoint_rewrites_whole_sentences():
    repaired = FLUENT.replace("maison", "maisons")
    assert rewritten({FLUENT: repaired}) == [("maison", "maisons", "inflect")]
    assert rewritten({FLUENT: FLUENT.replace("en 1999", "vers 1999")}) == [("en", "vers", "=vers")]
    assert rewritten({FLUENT: FLUENT.replace("a poussé", "poussé")}) == [("a ", "", "delete")]
    assert rewritten({FLUENT: FLUENT.replace("petites", "très petites")}) == [("", "très ", "+très")]
    twice = f"Il dort encore ce matin.\n{FLUENT}"
    assert rewritten({FLUENT: repaired}, twice) == [("maison", "maisons", "inflect")]


def test_what_is_protected_or_unlikely_or_undone_stays():
    repaired = FLUENT.replace("maison", "maisons")
    assert rewritten({FLUENT: FLUENT.replace("1999", "1998")}) == []
    assert rewritten({FLUENT: FLUENT.replace("les petites", "les 3 petites")}) == []
    assert rewritten({FLUENT: FLUENT.replace("la rive", "la rive {name}")}) == []
    assert rewritten({FLUENT: repaired}, margin=-0.1) == []
    assert rewritten({FLUENT: repaired, repaired: FLUENT}) == []
    assert rewritten({FLUENT: "Un autre texte que personne n'a jamais écrit ici."}) == []


def test_any_local_checkpoint_can_take_part(tmp_path):
    for module in ("torch", "transformers", "sentencepiece"):
        pytest.importorskip(module)
    import torch
    from transformers import AutoTokenizer, ByT5Tokenizer, T5Config, T5ForConditionalGeneration

    torch.manual_seed(1)
    T5ForConditionalGeneration(
        T5Config(vocab_size=384, d_model=16, d_kv=8, d_ff=32, num_layers=1, num_heads=2, decoder_start_token_id=0)
    ).save_pretrained(tmp_path)
    ByT5Tokenizer().save_pretrained(tmp_path)
    assert AutoTokenizer.from_pretrained(tmp_path, local_files_only=True)("a")["input_ids"]
    options = Options(language="fr", model=str(tmp_path))
    first = check(FLUENT, options=options)
    assert first == check(FLUENT, options=options)
    assert model_part(options) not in ("off", qa.model.digest())


def test_a_folder_that_is_no_checkpoint_is_an_error(tmp_path):
    for module in ("torch", "transformers"):
        pytest.importorskip(module)
    (tmp_path / "config.json").write_text("{}", encoding="utf-8")
    with pytest.raises(ModelUnavailable, match="no seq2seq checkpoint"):
        check(FLUENT, options=Options(language="fr", model=str(tmp_path)))
