"""Two pieces of a verb group each brought an auxiliary ("ont a frappé"), or the wrong one was chosen."""

from __future__ import annotations

import random

from models.corrupt import Damage
from models.corrupt._words import choose, group, pattern


def damage(text: str, code: str, rng: random.Random) -> Damage | None:
    """Double an auxiliary with another form, or exchange it."""
    place = choose(pattern(code, "auxiliaries"), text, rng)
    if place is None:
        return None
    other = rng.choice([word for word in group(code, "auxiliaries") if word != place.group()])
    if rng.random() < 0.5:
        start = place.start()
        return Damage(text[:start] + other + text[place.end() :], start, start + len(other), place.group(), "model")
    at = place.start() if rng.random() < 0.5 else place.end() + 1
    return Damage(text[:at] + other + " " + text[at:], at, at + len(other) + 1, "", "model")
