"""What a rule looks for first, on the whole page, never rules out what its exact patterns find."""

from __future__ import annotations

import random

import pytest

from qa.language import language
from qa.page import Page
from qa.rules import boundary_punctuation, fused_words, looped_phrase, mojibake, repeated_word
from qa.rules._again import again
from qa.rules._meetings import grammar
from qa.rules._sentences import _WORD, _unglued
from qa.text import Block, SourceMap, words_in

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
def test_no_screen_hides_what_its_rule_finds(seed):
    page = Page(tuple(blocks_of(random.Random(seed))), language("fr"))
    meetings, marks = page.language.derive(grammar), page.language.derive(boundary_punctuation._marks)
    for block in page.blocks:
        text, padded = block.prose, " " + block.prose
        if id(block) not in page.derive(again):
            assert not any(match["second"].isalpha() for match in repeated_word._TWICE.finditer(padded))
            assert not looped_phrase._LOOP.search(padded)
        for clear, *patterns in (
            (fused_words._unmarked, fused_words._INNER, fused_words._MARK, fused_words._QUOTE),
            (marks.unmarked, marks.spaced, boundary_punctuation._DOUBLED, boundary_punctuation._NAME),
            (mojibake._unmarked, mojibake._STRANGE),
            (meetings.unelided, meetings.elided),
        ):
            assert id(block) not in page.derive(clear) or not any(pattern.search(text) for pattern in patterns)
        assert id(block) not in page.derive(_unglued) or words_in(text) == _WORD.findall(text)
