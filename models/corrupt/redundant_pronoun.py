"""A subject pronoun is invented behind the subject."""

from __future__ import annotations

import random
from functools import cache

from models.corrupt import Damage
from qa.grammar import named, specific
from qa.language import language
from qa.lexicon import lexicon
from qa.text import Block, SourceMap

_FAR = 4  # words of a subject


@cache
def _facts(code: str) -> tuple[dict[str, int], frozenset[str], frozenset[str], bool]:
    data = language(code).facts("redundant-pronoun")
    starts = {form for table in language(code).facts("agreement")["determiner"] for form in table["cells"].values()}
    pronouns = {form: named(cell) for form, cell in data["pronouns"].items()}
    return pronouns, frozenset(starts), frozenset(data["adverbial"]), bool(data.get("nouns", True))


def damage(text: str, code: str, rng: random.Random) -> Damage | None:
    """Put a pronoun between a sentence's first noun phrase or name and the finite verb behind it."""
    pronouns, starts, adverbial, with_nouns = _facts(code)
    known = lexicon(code)
    words = Block("paragraph", text, SourceMap.identity(0, len(text))).words
    for at in range(1, min(_FAR, len(words))):
        before, verb = words[at - 1], words[at]
        if text[before.end : verb.start] != " ":
            return None
        finite = [r for r in specific(known.analyses(verb.text)) if r.form == "fin" and r.person in ("3", "")]
        if not verb.text.islower() or sum(r.share for r in finite) < 0.8:
            continue
        nouns = [r for r in known.analyses(before.text) if r.pos in ("NOUN", "PROPN")]
        phrase = with_nouns and words[0].text.lower() in starts and at > 1
        name = at <= 2 and all(w.text[0].isupper() for w in words[:at]) and known.capitalised_share(before.text) > 0.9
        if before.text.lower() in adverbial or not (phrase or name) or (phrase and not nouns):
            return None
        numbers = {r.number for r in finite if r.number}
        fitting = [form for form, mask in pronouns.items() if any(mask & named(n) for n in numbers)]
        if phrase and nouns[0].gender in ("m", "f", "n", "c"):
            fitting = [form for form in fitting if pronouns[form] & named(nouns[0].gender)]
        if not fitting:
            return None
        pronoun = rng.choice(fitting)
        damaged = f"{text[: before.end]} {pronoun}{text[before.end :]}"
        return Damage(damaged, before.start, before.end + 1 + len(pronoun), before.text, "redundant-pronoun")
    return None
