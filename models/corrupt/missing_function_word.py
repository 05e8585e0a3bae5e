"""The function word before an infinitive is lost."""

from __future__ import annotations

import random
from functools import cache

from models.corrupt import Damage
from qa.grammar import specific
from qa.language import language
from qa.lexicon import lexicon
from qa.text import Block, SourceMap


@cache
def _words(code: str) -> frozenset[str]:
    if not language(code).has("missing-function-word"):
        return frozenset()
    facts = language(code).facts("missing-function-word")
    return frozenset(facts["words"]) | frozenset(form.rstrip("'") for form in facts["elided"].values())


def damage(text: str, code: str, rng: random.Random) -> Damage | None:
    """Drop a function word between a noun, adjective or verb and an infinitive."""
    known = lexicon(code)
    words = Block("paragraph", text, SourceMap.identity(0, len(text))).words
    places = []
    for before, function, verb in zip(words, words[1:], words[2:], strict=False):
        if function.text not in _words(code) or text[before.end : function.start] != " ":
            continue
        if len(before.text) < 4 or sum(r.share for r in specific(known.analyses(verb.text)) if r.form == "inf") < 0.9:
            continue
        if any(r.pos in ("NOUN", "ADJ", "VERB") and r.share > 0.5 for r in known.analyses(before.text)):
            places.append((before, function, verb))
    if not places:
        return None
    before, function, verb = rng.choice(places)
    damaged = text[: function.start] + text[verb.start :]
    end = verb.end - (verb.start - function.start)
    return Damage(damaged, before.start, end, text[before.start : verb.end], "missing-function-word")
