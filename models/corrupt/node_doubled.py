"""At the cut between two pieces both brought a function word: "de la une", "of to", "le les"."""

from __future__ import annotations

import random
import re

from models.corrupt import Damage
from models.corrupt._words import choose, group, pattern

_GAP = re.compile(r"(?<=[^\W\d_]) (?=[^\W\d_])")


def damage(text: str, code: str, rng: random.Random) -> Damage | None:
    """Insert an article, preposition or link, mostly beside one that is there already."""
    place = choose(pattern(code, "articles", "prepositions", "links"), text, rng) if rng.random() < 0.7 else None
    if place is not None:
        at = place.start() if rng.random() < 0.5 else place.end() + 1
    else:
        gap = choose(_GAP, text, rng)
        if gap is None:
            return None
        at = gap.end()
    words = group(code, rng.choice(("articles", "prepositions", "prepositions", "links")))
    if not words:
        return None
    word = rng.choice(words)
    extra = word if word.endswith("'") else word + " "
    return Damage(text[:at] + extra + text[at:], at, at + len(extra), "", "model")
