"""A second auxiliary is written before a participle."""

from __future__ import annotations

import random
from functools import cache

from models.corrupt import Damage
from qa.grammar import specific
from qa.language import language
from qa.lexicon import lexicon
from qa.text import Block, SourceMap


@cache
def _facts(code: str) -> tuple[tuple[str, ...], frozenset[str]]:
    data = language(code).facts("doubled-auxiliary")
    return tuple(data["auxiliaries"]), frozenset(data.get("right", ()))


def damage(text: str, code: str, rng: random.Random) -> Damage | None:
    """Put another finite auxiliary before or behind one that a participle follows, in the sentence's first clause."""
    auxiliaries, right = _facts(code)
    words = Block("paragraph", text, SourceMap.identity(0, len(text))).words
    for at in range(1, len(words) - 1):
        word, after = words[at], words[at + 1]
        if text[words[at - 1].end : word.start] != " " or text[word.end : after.start] != " ":
            if "," in text[words[at - 1].end : word.start]:
                return None
            continue
        if word.text not in auxiliaries:
            continue
        if sum(r.share for r in specific(lexicon(code).analyses(after.text)) if r.form == "pp") < 0.5:
            continue
        other = rng.choice([form for form in auxiliaries if form != word.text])
        pair = f"{word.text} {other}" if rng.random() < 0.5 else f"{other} {word.text}"
        if pair in right:
            continue
        damaged = text[: word.start] + pair + text[word.end :]
        return Damage(damaged, word.start, word.start + len(pair), word.text, "doubled-auxiliary")
    return None
