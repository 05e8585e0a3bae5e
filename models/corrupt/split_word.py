"""The join between two pieces of a word gets lost."""

from __future__ import annotations

import random
import re
from functools import cache

from models.corrupt import Damage
from qa.language import language
from qa.lexicon import lexicon

_WORD = re.compile(r"(?<![\w'’-])[^\W\d_]{6,}(?![\w'’-])")
_HYPHEN = re.compile(r"(?<=[^\W\d_]{2})-(?=[^\W\d_]{2})")
_SHORTEST = 3  # letters of a piece


@cache
def _facts(code: str) -> tuple[tuple[str, ...], tuple[str, ...], bool]:
    facts = language(code).facts("split-word")
    compounds = facts.get("compounds", {})
    prefixes = (*facts.get("prefixes", ()), *facts.get("separable", ()))
    return prefixes, tuple(compounds.get("links", ())), bool(compounds.get("capital", False))


def damage(text: str, code: str, rng: random.Random) -> Damage | None:
    """Cut one word in two: a compound between its parts, another anywhere, or a hyphened one before the hyphen."""
    hyphens = list(_HYPHEN.finditer(text))
    if hyphens and rng.random() < 0.2:
        at = rng.choice(hyphens).start()
        return Damage(f"{text[:at]} {text[at:]}", at - 1, at + 2, text[at - 1 : at + 1], "split-word")
    words = list(_WORD.finditer(text))
    rng.shuffle(words)
    for word in words:
        cut = _cut(word.group(), code, rng)
        if cut:
            damaged = text[: word.start()] + cut + text[word.end() :]
            return Damage(damaged, word.start(), word.start() + len(cut), word.group(), "split-word")
    return None


def _cut(word: str, code: str, rng: random.Random) -> str | None:
    known = lexicon(code)
    prefixes, links, capital = _facts(code)
    if word not in known or not word[1:].islower():
        return None
    if not links:
        at = rng.randrange(_SHORTEST, len(word) - 2)
        return None if word[:at] in known and word[at:] in known else f"{word[:at]} {word[at:]}"
    if rng.random() < 0.2:
        at = rng.randrange(_SHORTEST, len(word) - 2)
        return f"{word[:at]} {word[at:]}"
    for prefix in prefixes:
        if word.startswith(prefix) and word[len(prefix) :] in known and len(word) - len(prefix) >= _SHORTEST:
            return f"{prefix} {word[len(prefix) :]}"
    noun = capital and word[0].isupper()
    for at in rng.sample(range(_SHORTEST, len(word) - 2), len(word) - 2 - _SHORTEST):
        last = word[at:].capitalize() if noun else word[at:]
        if not _noun(last, code):
            continue
        if any(word[:at].endswith(link) and _noun(word[: at - len(link)], code) for link in links):
            return f"{word[:at]} {last}"
    return None


def _noun(form: str, code: str) -> bool:
    return len(form) >= _SHORTEST and any(r.pos == "NOUN" and r.share > 0.3 for r in lexicon(code).analyses(form))
