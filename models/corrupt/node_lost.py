"""A piece was translated alone and the function word at its edge was lost: "également front technologique"."""

from __future__ import annotations

import random

from models.corrupt import Damage
from models.corrupt._words import choose, pattern


def damage(text: str, code: str, rng: random.Random) -> Damage | None:
    """Drop an article, preposition, clitic, link or auxiliary."""
    names = rng.choice(_GROUPS)
    word = choose(pattern(code, *names), text, rng)
    if word is None:
        return None
    return Damage(
        text[: word.start()] + text[word.end() + 1 :], word.start(), word.start(), word.group() + " ", "model"
    )


_GROUPS = (("articles",), ("articles",), ("prepositions",), ("prepositions",), ("clitics", "links"), ("auxiliaries",))
