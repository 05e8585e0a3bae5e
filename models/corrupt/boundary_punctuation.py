"""Two pieces that were translated apart bring a mark each, or leave the space on the wrong side of one."""

from __future__ import annotations

import random
import re

from models.corrupt import Damage

_COMMA = re.compile(r"(?<=[^\W\d_]{2}), (?=[^\W\d_])")
_STOP = re.compile(r"(?<=[^\W\d_]{2})\. (?=[A-ZÀ-Þ])")
_OPENS = re.compile(r"(?<= )\((?=[^\W\d_]{2})")
_CLOSES = re.compile(r"(?<=[^\W\d_]{2})\)(?=[ .,])")
_WAYS = (
    (_COMMA, (" ,", " , ", ",, ")),
    (_STOP, (" . ", ",. ", ".. ")),
    (_OPENS, ("( ",)),
    (_CLOSES, (" )", "))")),
)


def damage(text: str, code: str, rng: random.Random) -> Damage | None:
    """Move the space of a mark, double the mark, or close a bracket twice."""
    places = [(place, new) for pattern, marks in _WAYS for place in pattern.finditer(text) for new in marks]
    if not places:
        return None
    place, new = rng.choice(places)
    start = place.start()
    return Damage(
        text[:start] + new + text[place.end() :], start, start + len(new), place.group(), "boundary-punctuation"
    )
