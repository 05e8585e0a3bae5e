"""A determiner chosen without its noun, or an ending forgotten: words of a noun phrase that disagree."""

from __future__ import annotations

import random
from functools import cache
from itertools import pairwise

from models.corrupt import Damage
from qa.grammar import CELLS, Determiner, Determiners, mask_of
from qa.language import language
from qa.lexicon import Lexicon, lexicon
from qa.text import Block, SourceMap, Word

_SURE = 0.9  # the share of a form's uses that must be as a noun, or as an adjective


@cache
def _determiners(code: str) -> dict[str, Determiner]:
    return dict(Determiners.of(language(code)).forms)


def damage(text: str, code: str, rng: random.Random) -> Damage | None:
    """Put a determiner, or an adjective beside a noun, into a gender or number that is not the noun's."""
    words = Block("paragraph", text, SourceMap.identity(0, len(text))).words
    places = list(pairwise(words))
    rng.shuffle(places)
    known = lexicon(code)
    for first, second in places:
        if text[first.end : second.start] != " " or text[second.end : second.end + 1] in ("-", "'", "’"):
            continue
        found = _determiner(first, second, code, known, rng) or _adjective(first, second, known, rng)
        if found:
            start, end, new = found
            damaged = text[:start] + new + text[end:]
            pair_end = second.end + len(damaged) - len(text)
            return Damage(damaged, first.start, pair_end, text[first.start : second.end], "agreement")
    return None


def _noun(form: str, known: Lexicon) -> int:
    nouns = [r for r in known.analyses(form) if r.pos == "NOUN"]
    return mask_of(nouns) if sum(r.share for r in nouns) >= _SURE else 0


def _determiner(
    first: Word, second: Word, code: str, known: Lexicon, rng: random.Random
) -> tuple[int, int, str] | None:
    determiner = _determiners(code).get(first.text.lower())
    noun = _noun(second.text, known)
    if determiner is None or determiner.weak or not noun or not determiner.always & noun:
        return None
    forms = {
        cell.form
        for paradigm, place in determiner.places
        for cell in paradigm
        if place.mask & noun
        and cell.case == place.case
        and cell.form in _determiners(code)
        and not _determiners(code)[cell.form].widest & noun
    }
    if not forms:
        return None
    new = rng.choice(sorted(forms))
    new = new[:1].upper() + new[1:] if first.text[:1].isupper() else new
    return first.start, first.end + new.endswith("'"), new


def _adjective(first: Word, second: Word, known: Lexicon, rng: random.Random) -> tuple[int, int, str] | None:
    noun = _noun(first.text, known)
    adjectives = [r for r in known.analyses(second.text) if r.pos == "ADJ"]
    own = mask_of(adjectives)
    if not noun or not own & noun or sum(r.share for r in adjectives) < _SURE or second.text[:1].isupper():
        return None
    forms = {
        form
        for gender, number in CELLS
        for form in known.inflect(second.text, gender=gender, number=number, pos="ADJ")
        if not mask_of(r for r in known.analyses(form) if r.pos == "ADJ") & noun
    }
    return (second.start, second.end, rng.choice(sorted(forms))) if forms else None
