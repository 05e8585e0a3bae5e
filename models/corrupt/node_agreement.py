"""An adjective, participle, noun or verb took its form without the word it agrees with, near or far."""

from __future__ import annotations

import random
import re

from models.corrupt import Damage
from models.corrupt._words import flips

_WORD = re.compile(r"(?<![\w'’-])[^\W\d_]{3,}(?![\w'’-])")
_TRIES = 6


def damage(text: str, code: str, rng: random.Random) -> Damage | None:
    """Give one word another gender, number or case."""
    words = list(_WORD.finditer(text))
    if not words:
        return None
    for _ in range(_TRIES):
        word = rng.choice(words)
        forms = flips(code, word.group())
        if forms:
            # Forms that differ in the ending only are what a translator that sees no neighbour picks.
            near = [form for form in forms if abs(len(form) - len(word.group())) <= 2] or forms
            form = rng.choice(near)
            start = word.start()
            return Damage(text[:start] + form + text[word.end() :], start, start + len(form), word.group(), "model")
    return None
