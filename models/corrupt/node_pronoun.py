"""A subject or object pronoun of the source, or one invented for it, stands where the language has none."""

from __future__ import annotations

import random
import re

from models.corrupt import Damage
from models.corrupt._words import choose, group

_GAP = re.compile(r"(?<=[^\W\d_]) (?=[^\W\d_])")


def damage(text: str, code: str, rng: random.Random) -> Damage | None:
    """Insert a pronoun between two words."""
    gap = choose(_GAP, text, rng)
    words = group(code, "pronouns" if rng.random() < 0.6 else "clitics")
    if gap is None or not words:
        return None
    extra = rng.choice(words) + " "
    return Damage(text[: gap.end()] + extra + text[gap.end() :], gap.end(), gap.end() + len(extra), "", "model")
