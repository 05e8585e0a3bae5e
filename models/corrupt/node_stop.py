"""A piece was closed like a sentence, or a comma of the source was kept: stray punctuation inside a sentence."""

from __future__ import annotations

import random
import re

from models.corrupt import Damage
from models.corrupt._words import choose

_GAP = re.compile(r"(?<=[^\W\d_]) (?=[^\W\d_])")
_COMMA = re.compile(r"(?<=[^\W\d_]), (?=[^\W\d_])")


def damage(text: str, code: str, rng: random.Random) -> Damage | None:
    """Insert a stop or comma after a word, or move the space of a comma to its other side."""
    kind = rng.random()
    place = choose(_COMMA if kind < 0.4 else _GAP, text, rng)
    if place is None:
        return None
    new = rng.choice((" ,", " , ")) if kind < 0.4 else ". " if kind < 0.7 else ", "
    start = place.start()
    return Damage(text[:start] + new + text[place.end() :], start, start + len(new), place.group(), "model")
