"""A whole sentence stays in the source language, among translated ones.

What was skipped cannot be put back from the text alone: `original` is empty, and a rule can only find the place.
"""

from __future__ import annotations

import lzma
import random
from functools import lru_cache
from itertools import islice
from pathlib import Path

from models.corrupt import Damage
from models.corrupt.leftover import sources_of
from models.heldout import is_heldout

DATA = Path("../shared/data")
_PARTS = ("modern", "techdocs", "everyday")
_MOST = 400  # sentences of each part
_LONGEST = 160  # characters


def damage(text: str, code: str, rng: random.Random) -> Damage | None:
    """Put a sentence of another language behind the text."""
    sources = [other for other in sources_of() if other != code and _sentences(other)]
    if not sources or not text.endswith((".", "!", "?")):
        return None
    sentence = rng.choice(_sentences(rng.choice(sources)))
    start = len(text) + 1
    return Damage(f"{text} {sentence}", start, start + len(sentence), "", "untranslated-block")


@lru_cache
def _sentences(code: str) -> tuple[str, ...]:
    found: list[str] = []
    for part in _PARTS:
        path = DATA / "corpus" / f"{code}.{part}.txt.xz"
        if path.is_file():
            with lzma.open(path, "rt", encoding="utf-8") as lines:
                heldout = (line for line in map(str.strip, lines) if is_heldout(line) and len(line) <= _LONGEST)
                found += islice(heldout, _MOST)
    return tuple(found)
