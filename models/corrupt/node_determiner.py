"""The determiner was chosen without its noun: wrong gender, number or case."""

from __future__ import annotations

import random
import re

from models.corrupt import Damage
from models.corrupt._words import as_written, choose, siblings

_PATTERNS: dict[str, re.Pattern[str]] = {}


def damage(text: str, code: str, rng: random.Random) -> Damage | None:
    """Put another form of its family in the place of a determiner."""
    forms = siblings(code)
    if not forms:
        return None
    if code not in _PATTERNS:
        words = "|".join(sorted(map(re.escape, forms), reverse=True))
        _PATTERNS[code] = re.compile(rf"(?:(?<= )|^)(?:{words})(?= )", re.IGNORECASE)
    word = choose(_PATTERNS[code], text, rng)
    if word is None:
        return None
    others = forms.get(word.group().lower())
    if not others:
        return None
    other = as_written(rng.choice(others), word.group())
    start = word.start()
    return Damage(text[:start] + other + text[word.end() :], start, start + len(other), word.group(), "model")
