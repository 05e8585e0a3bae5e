"""A piece of a sentence was translated as a sentence of its own, or a sentence of the source ended elsewhere."""

from __future__ import annotations

import random
import re
from functools import cache

from models.corrupt import Damage
from qa.language import codes, language

_COMMA = re.compile(r"(?<=[a-zß-ÿ]{4}), ([a-zß-ÿ]{2,})(?= )")
_BRACKET = re.compile(r"(?<=\) )[a-zß-ÿ]{2,}(?= [a-zß-ÿ])")


@cache
def _links(code: str) -> re.Pattern[str]:
    if code not in codes() or not language(code).has("boundary-case"):
        return re.compile("(?!)")
    words = "|".join(sorted(language(code).facts("boundary-case")["links"], reverse=True))
    return re.compile(rf"(?<=[a-zß-ÿ] )(?:{words})(?= [a-zß-ÿ])")


def damage(text: str, code: str, rng: random.Random) -> Damage | None:
    """Give a word in mid-sentence a capital, or cut a sentence at a comma and go on in lower case."""
    places = [(m, m.group().capitalize()) for m in (*_links(code).finditer(text), *_BRACKET.finditer(text))]
    if rng.random() < 0.4 or not places:
        places = [(m, ". " + m[1]) for m in _COMMA.finditer(text)]
    if not places:
        return None
    place, new = rng.choice(places)
    start = place.start()
    return Damage(text[:start] + new + text[place.end() :], start, start + len(new), place.group(), "boundary-case")
