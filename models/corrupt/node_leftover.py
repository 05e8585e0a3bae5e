"""A word of the source language was left where its translation belongs."""

from __future__ import annotations

import csv
import lzma
import random
import re
from collections import defaultdict
from functools import cache

from models.corrupt import Damage
from models.corrupt._words import DATA, as_written

_WORD = re.compile(r"(?<= )[^\W\d_]{2,}(?=[ ,.;])")
_TRIES = 8
# Function words that a translator leaves when it takes them for names or initials.
_SMALL = {
    "fr": "del della il gli of the and der die y con",
    "it": "the of and le les des et y los der",
    "es": "the of and il della e le les und der",
    "pt": "the of and il della y el le les und",
    "de": "the of and le les il della y for with",
    "nl": "the of and le les der und il for",
    "en": "il della di y el los le les des und der",
}


@cache
def _sources(code: str) -> dict[str, tuple[str, ...]]:
    """Words of the language and what they are in others, where the spelling differs."""
    found: defaultdict[str, dict[str, None]] = defaultdict(dict)
    for path in sorted((DATA / "bilingual").glob(f"*{code}*.tsv.xz")):
        left, right = path.name.split(".")[0].split("-")
        if code not in (left, right):
            continue
        with lzma.open(path, "rt", encoding="utf-8", newline="\n") as file:
            for row in csv.reader(file, delimiter="\t", quoting=3):
                here, there = (row[0], row[1]) if left == code else (row[1], row[0])
                if row[-1] != "pivot1" and here.isalpha() and there.isalpha() and here != there and len(there) > 1:
                    found[here][there] = None
    return {word: tuple(others) for word, others in found.items()}


def damage(text: str, code: str, rng: random.Random) -> Damage | None:
    """Put the source word back (by bilingual list), or a small function word of another language."""
    words = list(_WORD.finditer(text))
    if not words:
        return None
    if rng.random() < 0.25 and code in _SMALL:
        word = rng.choice(words)
        if len(word.group()) <= 4 and word.group().islower():
            other = rng.choice(_SMALL[code].split())
            if other != word.group():
                return _exchange(text, word, other)
    sources = _sources(code)
    for _ in range(_TRIES):
        word = rng.choice(words)
        others = sources.get(word.group())
        if others:
            other = as_written(rng.choice(others), word.group())
            if other != word.group():
                return _exchange(text, word, other)
    return None


def _exchange(text: str, word: re.Match[str], other: str) -> Damage:
    start = word.start()
    return Damage(text[:start] + other + text[word.end() :], start, start + len(other), word.group(), "model")
