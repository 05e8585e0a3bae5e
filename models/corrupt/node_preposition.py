"""A preposition was carried over from the source or chosen without the verb or noun that governs it."""

from __future__ import annotations

import random

from models.corrupt import Damage
from models.corrupt._words import choose, group, pattern


def damage(text: str, code: str, rng: random.Random) -> Damage | None:
    """Put another preposition in the place of one; the common ones more often."""
    words = group(code, "prepositions")
    word = choose(pattern(code, "prepositions"), text, rng)
    if word is None:
        return None
    common = words[:5] if rng.random() < 0.7 else words
    other = rng.choice([one for one in common if one != word.group()])
    start = word.start()
    return Damage(text[:start] + other + text[word.end() :], start, start + len(other), word.group(), "model")
