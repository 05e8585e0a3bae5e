"""The decoder goes round in a loop and emits the same words again."""

from __future__ import annotations

import random
import re

from models.corrupt import Damage

_PHRASE = re.compile(r"(?<= )[^\W\d_]{2,}(?: [^\W\d_]{2,}){1,4}(?= )")
_WORD = re.compile(r"(?<= )[^\W\d_]{2,}(?= )")


def damage(text: str, code: str, rng: random.Random) -> Damage | None:
    """Repeat a phrase of two to five words two to four times, or a word three to six times."""
    of_word = rng.random() < 0.3
    places = list((_WORD if of_word else _PHRASE).finditer(text))
    if not places:
        return None
    place = rng.choice(places)
    once = place.group()
    if not of_word:
        words = once.split(" ")
        once = " ".join(words[: rng.randint(2, len(words))])
    looped = " ".join([once] * (rng.randint(3, 6) if of_word else rng.choice((2, 2, 2, 3, 4))))
    start, end = place.start(), place.start() + len(once)
    return Damage(text[:start] + looped + text[end:], start, start + len(looped), once, "looped-phrase")
