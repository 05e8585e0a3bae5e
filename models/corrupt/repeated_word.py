"""The decoder emits a word twice."""

from __future__ import annotations

import random
import re

from models.corrupt import Damage

_WORD = re.compile(r"(?<= )[^\W\d_]{2,}(?= )")


def damage(text: str, code: str, rng: random.Random) -> Damage | None:
    """Double one word that has a space on both sides."""
    places = list(_WORD.finditer(text))
    if not places:
        return None
    word = rng.choice(places)
    doubled = f"{word.group()} {word.group()}"
    return Damage(
        text[: word.start()] + doubled + text[word.end() :],
        word.start(),
        word.start() + len(doubled),
        word.group(),
        "repeated-word",
    )
