"""Elision and contraction were not applied across the cut: "de eau", "de le village", "di il"."""

from __future__ import annotations

import random
import re

from models.corrupt import Damage
from models.corrupt._words import as_written, choose, split_forms

_PATTERNS: dict[str, re.Pattern[str]] = {}
_AN = re.compile(r"(?<= )an?(?= [^\W\d_])")


def damage(text: str, code: str, rng: random.Random) -> Damage | None:
    """Write a contracted or elided form out in full; English: exchange a and an."""
    if code == "en":
        word = choose(_AN, text, rng)
        if word is None:
            return None
        other = "an" if word.group() == "a" else "a"
        start = word.start()
        return Damage(text[:start] + other + text[word.end() :], start, start + len(other), word.group(), "model")
    forms = split_forms(code)
    if not forms:
        return None
    if code not in _PATTERNS:
        words = "|".join(re.escape(form).replace("'", "['’]") for form in sorted(forms, reverse=True))
        _PATTERNS[code] = re.compile(rf"(?:(?<= )|^)(?:{words})(?=[^\W\d_])", re.IGNORECASE)
    place = choose(_PATTERNS[code], text, rng)
    if place is None:
        return None
    full = as_written(rng.choice(forms[place.group().lower().replace("’", "'")]), place.group())
    start = place.start()
    return Damage(text[:start] + full + text[place.end() :], start, start + len(full), place.group(), "model")
