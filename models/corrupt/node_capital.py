"""A piece inside a sentence was translated as a sentence of its own and begins with a capital."""

from __future__ import annotations

import random
import re

from models.corrupt import Damage
from models.corrupt._words import choose

_WORD = re.compile(r"(?<=[^\W\d_] )[^\W\d_]{2,}(?= )")


def damage(text: str, code: str, rng: random.Random) -> Damage | None:
    """Begin a small word with a capital."""
    word = choose(_WORD, text, rng)
    if word is None or not word.group().islower():
        return None
    start, end = word.span()
    return Damage(text[:start] + word.group().capitalize() + text[end:], start, end, word.group(), "model")
