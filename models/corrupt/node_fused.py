"""The article of one piece and the start of the next ran together: "leL'Ukraine", "deParis", "cLe"."""

from __future__ import annotations

import random
import re

from models.corrupt import Damage
from models.corrupt._words import choose, group

_GAP = re.compile(r"(?<=[^\W\d_]) (?=[^\W\d_])")
_NAME = re.compile(r"(?<= )(?:[^\W\d_]{1,4}['’])?[A-ZÀ-Þ][^\W\d_]+")


def damage(text: str, code: str, rng: random.Random) -> Damage | None:
    """Glue two words, or an article to the name after it."""
    name = choose(_NAME, text, rng) if rng.random() < 0.5 else None
    if name is not None:
        words = group(code, "articles") + group(code, "prepositions")
        if not words:
            return None
        extra = rng.choice(words)
        start = name.start()
        new = extra + name.group()
        return Damage(text[:start] + new + text[name.end() :], start, start + len(new), name.group(), "model")
    gap = choose(_GAP, text, rng)
    if gap is None:
        return None
    start = text.rfind(" ", 0, gap.start()) + 1
    stop = text.find(" ", gap.end())
    stop = len(text) if stop < 0 else stop
    old = text[start:stop]
    new = text[start : gap.start()] + text[gap.end() : stop]
    return Damage(text[:start] + new + text[stop:], start, start + len(new), old, "model")
