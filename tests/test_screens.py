"""A gate, which looks at the whole page at once, never shuts out a block in which its rule finds something."""

from __future__ import annotations

import random

import pytest

from qa.language import language
from qa.page import Page
from qa.rules import _sentences, boundary_punctuation, fused_words, mojibake, registry
from qa.rules._columns import foreign_languages
from qa.rules._meetings import grammar
from qa.text import Block, SourceMap, gaps_in, words_in

LANGUAGES = ("de", "en", "es", "fr", "it", "nl", "pt")
SIGNS = "abdeLAÉéœŒÿŸ\u212aß²½ª_09'’‘“”\"«».,;:!?()-–…\u202f\u00a0\u200bāЖ\ufffc\ufffd@/\\%ÃÂâ\x85√‚"
WORDS = ("de", "la", "La", "que", "l'", "d’", "œuf", "Œuf", "Kilo", "\u212ailo", "Ã©", "â€™", "a-b", "c'est")


def blocks_of(rng):
    for _ in range(3):
        parts = []
        for _ in range(rng.randrange(1, 14)):
            odd = "".join(rng.choices(SIGNS, k=rng.randrange(1, 5)))
            parts.append(rng.choice([*WORDS, odd, odd]))
            if rng.random() < 0.25:
                parts += parts[-rng.randrange(1, 4) :]
        text = rng.choice([" ", " ", ""]).join(parts)
        yield Block("paragraph", text, SourceMap.identity(0, len(text)))


@pytest.mark.parametrize("seed", range(300))
def test_no_gate_hides_what_the_patterns_of_its_rule_find(seed):
    page = Page(tuple(blocks_of(random.Random(seed))), language("fr"))
    meetings, marks = page.language.derive(grammar), page.language.derive(boundary_punctuation._marks)
    for number, block in enumerate(page.blocks):
        for gate, *patterns in (
            (fused_words._marked, fused_words._INNER, fused_words._MARK, fused_words._QUOTE),
            (marks.gate, marks.spaced, boundary_punctuation._DOUBLED, boundary_punctuation._NAME),
            (mojibake._marked, mojibake._STRANGE),
            (meetings.marked, meetings.elided),
        ):
            assert number in page.derive(gate) or not any(pattern.search(block.prose) for pattern in patterns)


@pytest.mark.parametrize("code", LANGUAGES)
def test_no_gate_hides_what_its_rule_finds(code):
    rules = [rule for rule in registry().values() if rule.gate and rule.covers(language(code))]
    examples = [e.text for rule in registry().values() for e in rule.examples if e.lang == code]
    texts = [text.replace("⟦", "").replace("⟧", "") for text in examples]
    rng = random.Random(code)
    found = 0
    for _ in range(60):
        page = Page(tuple(mixed(texts, rng) for _ in range(4)), language(code), languages=LANGUAGES)
        for rule in rules:
            for number, block in enumerate(page.blocks):
                findings = list(rule.find(block, page))
                found += len(findings)
                assert not findings or number in page.derive(rule.gate), (rule.id, block.text, findings)
    assert found > 60


def mixed(texts, rng):
    """The words of two examples, one behind the other, some of them changed."""
    words = " ".join(rng.sample(texts, 2)).split()
    for _ in range(rng.randrange(4)):
        at = rng.randrange(len(words) - 1)
        words[at] = rng.choice(
            [words[at].upper(), words[at].capitalize(), words[at] * 2, words[at] + words[at + 1], ","]
        )
        words[at + 1] = rng.choice([words[at], words[at + 1], rng.choice(WORDS), str(rng.randrange(100))])
    text = " ".join(words)
    return Block("paragraph", text, SourceMap.identity(0, len(text)))


@pytest.mark.parametrize("seed", range(100))
def test_dense_blocks_are_all_that_may_have_a_foreign_sentence(seed):
    """Where `_dense` sees none, no sentence has the share of odd words, however the text is cut."""
    page = Page(tuple(blocks_of(random.Random(seed))), language("fr"), languages=LANGUAGES)
    odd = _sentences._judgement(page.language, page.derive(foreign_languages)).odd
    dense = {id(block) for block in _sentences._dense(page)}
    for block in page.blocks:
        for sentence in _sentences._SENTENCE.finditer(block.prose) if id(block) not in dense else ():
            words = _sentences._WORD.findall(sentence.group())
            share = _sentences._SHARE * max(_sentences._WORDS, sum(map(str.islower, words)))
            assert sum(map(odd, words)) < share


def test_words_cut_together_are_those_cut_alone():
    for seed in range(50):
        blocks = tuple(blocks_of(random.Random(seed)))
        page = Page(blocks, language("fr"))
        assert list(page.forms) == list(form for block in blocks for form in words_in(block.prose))
        assert page.starts[-1] == len(page.forms)


def test_gaps_cut_together_are_those_cut_alone():
    for seed in range(50):
        page = Page(tuple(blocks_of(random.Random(seed))), language("fr"))
        assert len(page.gaps) == len(page.forms) + 1
        pieces = [piece for pair in zip(page.gaps, [*page.forms, ""], strict=True) for piece in pair]
        assert "".join(pieces) == "\n".join(block.prose for block in page.blocks)
        for block, alone in zip(page.blocks, blocks_of(random.Random(seed)), strict=True):
            assert (block.forms, block.gaps, block.words[:]) == (alone.forms, alone.gaps, alone.words[:])


def test_gaps_are_what_stands_between_words():
    rng = random.Random(1)
    for _ in range(5000):
        text = "".join(rng.choices(SIGNS + " \x01\t\n abc", k=rng.randrange(9)))
        forms, gaps = words_in(text), gaps_in(text)
        assert "".join(piece for pair in zip(gaps, [*forms, ""], strict=True) for piece in pair) == text
