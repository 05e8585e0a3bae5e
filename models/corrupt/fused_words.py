"""Two pieces meet without the space between them; or a name brings an article into a sentence that has one."""

from __future__ import annotations

import random
import re
from collections.abc import Callable

from models.corrupt import Damage
from qa.function_words import function_words
from qa.language import codes, language

_ARTICLE = re.compile(r"(?<= )([^\W\d_]{1,4})(?= [^\W\d_])")
_ELIDED = re.compile(r"(?<= )[lL]['’](?=[^\W\d_])")
_NAME = re.compile(r"(?<= )([^\W\d_]{2,5}) ([A-ZÀ-Þ][^\W\d_]{2,})(?![\w-])")
_PAIR = re.compile(r"(?<= )([a-zß-ÿ]{4,}) ([a-zß-ÿ]{2,})(?=[ ,.])")
_STOP = re.compile(r"(?<=[a-zß-ÿ]{3})[.!?] (?=[A-ZÀ-Þ])")
_QUOTE = re.compile(r"(?<=[a-zß-ÿ]{3}) (?=[\"“«][^\W\d_])")


def damage(text: str, code: str, rng: random.Random) -> Damage | None:
    """Fuse two words in one of the ways in which translators do."""
    ways = list(_WAYS)
    rng.shuffle(ways)
    return next(filter(None, (way(text, code, rng) for way in ways)), None)


def _articles(code: str) -> frozenset[str]:
    if code not in codes():
        return frozenset()
    forms = function_words(language(code)).forms
    return frozenset(
        form.lower() for form in (*forms.get(("determiner", "the"), ()), *forms.get(("determiner", "a"), ()))
    )


def _two_articles(text: str, code: str, rng: random.Random) -> Damage | None:
    """ "le chat" becomes "leLe chat", "laThe chat" or "le cLe chat"; "l'eau" becomes "leL'eau"."""
    own = _articles(code)
    places = [m for m in _ARTICLE.finditer(text) if m.group() in own]
    elided = list(_ELIDED.finditer(text)) if any(form.endswith("'") for form in own) else []
    if not places and not elided:
        return None
    place = rng.choice(places + elided)
    form = place.group()
    if form[-1] in "'’":
        new = rng.choice(sorted(f for f in own if not f.endswith("'"))) + form.capitalize()
    elif rng.random() < 0.2:
        new = f"{form} {rng.choice('bcdgp')}{form.capitalize()}"
    elif rng.random() < 0.3:
        others = [other for other in codes() if other != code]
        foreign = sorted(f for f in _articles(rng.choice(others)) if len(f) > 1 and not f.endswith("'"))
        new = form + rng.choice(foreign or [form]).capitalize()
    else:
        new = form + form.capitalize()
    return _replaced(text, place.start(), place.end(), new)


def _small_word_and_name(text: str, code: str, rng: random.Random) -> Damage | None:
    places = list(_NAME.finditer(text))
    return _glued(text, rng.choice(places)) if places else None


def _two_words(text: str, code: str, rng: random.Random) -> Damage | None:
    """ "productos que" becomes "productosQue"."""
    places = list(_PAIR.finditer(text))
    if not places:
        return None
    place = rng.choice(places)
    return _replaced(text, place.start(), place.end(), place[1] + place[2].capitalize())


def _stop(text: str, code: str, rng: random.Random) -> Damage | None:
    places = list(_STOP.finditer(text))
    if not places:
        return None
    place = rng.choice(places)
    return _replaced(text, place.start(), place.end(), place.group().strip())


def _quote(text: str, code: str, rng: random.Random) -> Damage | None:
    places = list(_QUOTE.finditer(text))
    if not places:
        return None
    at = rng.choice(places).start()
    return _replaced(text, at, at + 1, "")


def _glued(text: str, place: re.Match[str]) -> Damage:
    return _replaced(text, place.start(), place.end(), place[1] + place[2])


def _replaced(text: str, start: int, end: int, new: str) -> Damage:
    """`text[start:end]` as `new`, labelled with a character on either side where nothing is left."""
    if not new:
        start, end = start - 1, end + 1
        new = text[start] + text[end - 1]
    return Damage(text[:start] + new + text[end:], start, start + len(new), text[start:end], "fused-words")


_WAYS: tuple[Callable[[str, str, random.Random], Damage | None], ...] = (
    _two_articles,
    _small_word_and_name,
    _two_words,
    _stop,
    _quote,
)
