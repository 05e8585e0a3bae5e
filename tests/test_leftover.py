"""What the examples of `leftover`, `untranslated-block` and `misread-article` cannot say."""

from __future__ import annotations

import json
import random
import time

import pytest

import qa
from qa.function_words import fits, function_words
from qa.language import codes, language
from qa.page import Page
from qa.rewrite import apply
from qa.rules._foreign import in_phrase, mentions, runs
from qa.rules._render import render
from qa.rules._tokens import Place, nearby, neighbours, tokens
from qa.rules._verdict import FILE, company, verdicts
from qa.source import source
from qa.text import Block, Boundary, SourceMap

LANGUAGES = tuple(code for code in codes() if language(code).has("leftover"))
OURS = frozenset({"leftover", "untranslated-block", "misread-article"})


def page(code, *texts, source_language=None):
    blocks = tuple(Block("paragraph", text, SourceMap.identity(0, len(text))) for text in texts)
    return Page(blocks, language(code), source_language, LANGUAGES)


def found(code, text, **options):
    options = qa.Options(language=code, select=OURS, **options)
    return qa.check(text, options=options).diagnostics


def fixed(code, text):
    return apply(text, [edit for d in found(code, text) if d.fixes for edit in d.fixes[0].edits])


def test_one_leftover_makes_the_next_likelier():
    weak = "De producten, prijzen und diensten werden vergeleken."
    strong = "Hij werkt samen mit andere bedrijven, aber hij wil nicht betalen."
    alone = verdicts(page("nl", weak))
    together = page("nl", weak, strong)
    (lonely,) = [v.probability for rows in alone.values() for v in rows if v.evidence.place.forms == ["und"]]
    (joined,) = [v.probability for v in verdicts(together)[id(together.blocks[0])] if v.evidence.place.forms == ["und"]]
    assert joined > lonely


def test_the_users_source_language_makes_it_likelier():
    text = "Según dicen les expertos, la lluvia llegará pronto."

    def likely(told):
        this = page("es", text, source_language=told)
        return max(v.probability for v in verdicts(this)[id(this.blocks[0])])

    assert likely("fr") > likely(None)


def test_a_misread_article_betrays_the_source():
    assert source(page("fr", "Cela est clair.", source_language="it")).best == "it"
    plain, with_article = "I documents sont en ligne.", "Il dit que je voisins sont partis."
    one = verdicts(page("fr", plain))
    two = page("fr", plain, with_article)
    assert verdicts(two)[id(two.blocks[0])][0].probability > max(v.probability for rows in one.values() for v in rows)


def test_traces_of_typography_vote():
    with_traces = page("de", "Achtung : das ist neu ; warum ? Wer weiß !")
    without = page("de", "Achtung: das ist neu; warum? Wer weiß!")
    assert source(with_traces).logprob("fr") > source(without).logprob("fr")


def test_company_counts_other_forms_of_the_same_language():
    alone, second, other = company(
        [("closed", "und", "de", 0.9), ("closed", "mit", "de", 0.9), ("closed", "les", "fr", 0.9)]
    )
    assert alone == second > 0 == other
    assert company([("closed", "und", "de", 0.9), ("closed", "und", "de", 0.8)]) == [0.0, 0.0]


def test_borrowed_terms_keep_no_company():
    article, term = company([("closed", "the", "en", 0.9), ("open", "kernel", "en", 0.9)])
    assert article == 0.0 < term


@pytest.mark.parametrize(
    ("code", "text"),
    [
        ("fr", "Il a dit « mit der Zeit » et il est parti."),
        ("fr", "Le mot “whatever” revient (whatever) souvent."),
        ("it", "Disse “yesterday” e sorrise."),
        ("de", "Sie sagte «très bien» und ging."),
        ("es", 'La palabra "development" es inglesa.'),
    ],
)
def test_words_that_are_spoken_of_are_no_leftovers(code, text):
    assert found(code, text) == ()


def test_italics_are_a_mention():
    text = "Il aime le whatever anglais."
    start = text.index("whatever")
    edges = (Boundary(start, True, "em", 0, 0), Boundary(start + 8, False, "em", 0, 0))
    block = Block("paragraph", text, SourceMap.identity(0, len(text)), boundaries=edges)
    this = Page((block,), language("fr"), None, LANGUAGES)
    assert [text[m.start : m.end] for m in mentions(block, this).spans] == ["whatever"]


def test_a_long_quotation_in_the_pages_language_is_judged():
    text = "Il répondit : « Le prix de la maison a connu une hausse of 14 % depuis le printemps de cette année. »"
    assert [d.text for d in found("fr", text)] == ["of"]


@pytest.mark.parametrize(
    "text", ["L'affaire fut jugée in absentia.", "Une espèce sui generis.", "Il était fort, et al. aussi."]
)
def test_expressions_of_all_languages_are_no_leftovers(text):
    this = page("fr", text)
    block = this.blocks[0]
    assert all(in_phrase(block, run) for _, run in runs(this) if not run.suspects[0].homograph)
    assert found("fr", text) == ()


@pytest.mark.parametrize(
    ("code", "text", "expected"),
    [
        ("fr", "Il parle de the maison.", "Il parle de la maison."),
        ("fr", "Nous parlons of enfants.", "Nous parlons d'enfants."),
        ("fr", "Il vient of the université.", "Il vient de l'université."),
        ("it", "È tornato with the zio.", "È tornato con lo zio."),
        ("it", "Le porte of the stazione sono chiuse.", "Le porte della stazione sono chiuse."),
        ("es", "El precio of the coche subió.", "El precio del coche subió."),
        ("pt", "Mora with the irmãos.", "Mora com os irmãos."),
    ],
)
def test_articles_agree_contract_and_elide(code, text, expected):
    assert fixed(code, text) == expected


def test_the_apostrophe_of_the_text_is_kept():
    assert fixed("fr", "L’ami vient of the université.") == "L’ami vient de l’université."


def test_a_capital_is_kept_at_the_beginning_of_a_sentence():
    assert fixed("es", "The hombres llegaron tarde.") == "Los hombres llegaron tarde."


@pytest.mark.parametrize("code", LANGUAGES)
def test_forms_lead_back_to_their_meanings(code):
    words = function_words(language(code))
    for (kind, meaning), forms in words.forms.items():
        for form in forms:
            assert (kind, meaning) in {(r.kind, r.meaning) for r in words.readings[form.lower()]}
    for (preposition, determiner), joined in words.joined.items():
        assert words.parts[joined] == (preposition, determiner)
        assert any(r.kind == "contraction" for r in words.readings[joined])


def test_a_place_leaves_open_what_it_does_not_name():
    places = (frozenset({"m", "sg", "nom"}), frozenset({"pl"}))
    assert fits(places, "m", "sg")
    assert fits(places, "f", "pl")
    assert not fits(places, "f", "sg")
    assert fits(places, "", "")


@pytest.mark.parametrize("text", ["a, b", "l'eau, oui", "§ 5", "x", "«Oui», dit-il.", "deux  mots", "1 sur 2"])
def test_neighbours_are_the_tokens_around_a_word(text):
    block = Block("paragraph", text, SourceMap.identity(0, len(text)))
    line = tokens(block, language("fr"))
    for index, word in enumerate(block.words):
        at = next((i for i, t in enumerate(line) if t.start == word.start and t.end == word.end), None)
        if at is None:
            continue  # part of a longer token
        left, right = neighbours(block.forms, block.gaps, index, index)
        assert left.strip("-") in ("", line[at - 1].text) if at else not left
        assert right == (line[at + 1].text[: len(right)] if at + 1 < len(line) else "")


@pytest.mark.parametrize("code", ["fr", "de"])
def test_tokens_nearby_are_those_of_the_whole_block(code):
    rng = random.Random(1)
    cut = 0
    for _ in range(300):
        words = rng.choices(["l’eau", "a", "dix-huit", "oui,", "«non»", "12,5", "'tis", "x" * 90, "…"], k=60)
        text = "".join(word + rng.choice([" ", " ", " ", "\xa0", "'", ""]) for word in words)
        block = Block("paragraph", text, SourceMap.identity(0, len(text)))
        whole = tokens(block, language(code))
        first = rng.randrange(len(whole))
        span = Place(whole, first, first + 1).span
        line = nearby(block, span.start, span.end, language(code))
        if line is not None:
            at = line.starts.index(span.start)
            one, other = Place(line, at, at + 1), Place(whole, first, first + 1)
            assert (one.span, one.forms, one.before, one.after) == (other.span, other.forms, other.before, other.after)
            cut += len(line) < len(whole)
    assert cut > 100


def test_tokens_know_their_places():
    text = "L’eau de l'étang, 12 %\ufffc… peut-être."
    block = Block("paragraph", text, SourceMap.identity(0, len(text)))
    for token in tokens(block, language("fr")):
        assert text[token.start : token.end].replace("’", "'") == token.text


def test_a_word_without_translation_has_no_rendering():
    text = "Le xqzwv est là."
    block = Block("paragraph", text, SourceMap.identity(0, len(text)))
    assert render(Place(tokens(block, language("fr")), 1, 2), "en", language("fr")) == []


def test_a_sentence_of_another_language_is_one_finding():
    text = "Le jardin est ouvert. The gate closes at night. Visitors must leave before that. Merci."
    (only,) = found("fr", text)
    assert (only.rule, only.text) == (
        "untranslated-block",
        "The gate closes at night. Visitors must leave before that.",
    )


@pytest.mark.parametrize(
    "text",
    [
        "the of und der " * 5_000,
        "the" * 20_000,
        "«" * 50_000 + "the",
        "(the " * 5_000,
        "(the) " * 20_000,
        "« of » " * 10_000,
        "I détails " * 4_000,
        "the." * 8_000,
        "a" * 200_000,
        "l'" * 20_000,
        "\ufffc" * 50_000 + " the maison",
        "je territoires " * 4_000,
    ],
    ids=lambda text: repr(text[:12]),
)
def test_hostile_text_does_not_hang(text):
    begin = time.process_time()
    this = page("fr", text)
    for block in this.blocks:
        for rule in OURS:
            list(qa.rules.rule(rule).find(block, this))
    assert time.process_time() - begin < 12


def test_source_and_company_never_speak_against_a_leftover():
    """What `_verdict` rests on where it leaves a page alone without asking for them."""
    for row in json.loads(FILE.read_text(encoding="utf-8"))["second"].values():
        assert row["weights"]["page source"] >= 0
        assert row["weights"]["company"] >= 0


def test_neighbours_in_a_long_block_are_not_searched_for():
    block = page("fr", "Elle voit la porte, le mur et la mer. " * 12_000).blocks[0]
    start = time.process_time()
    assert {neighbours(block.forms, block.gaps, at, at) for at in range(2, 90_000, 30)} >= {("la", "."), ("le", "et")}
    assert time.process_time() - start < 3
