"""An Italian "i" goes through English as "I": the plural article becomes a pronoun of the first person."""

from __future__ import annotations

import random
import re

from models.corrupt import Damage
from qa.function_words import CASES, NUMBERS, function_words
from qa.language import language
from qa.rules._render import noun_features

_PAIR = re.compile(r"(?<![^\W\d_'’-])([^\W\d_]+'?) ([^\W\d_]+)(?![^\W\d_'’-])")


def damage(text: str, code: str, rng: random.Random) -> Damage | None:
    """Put the pronoun in the place of one plural definite article that stands before its noun."""
    facts = language(code).facts("misread-article")
    if not facts:
        return None
    places = [match for match in _PAIR.finditer(text) if _plural_article(match.group(1), match.group(2), code)]
    if not places:
        return None
    match = rng.choice(places)
    start, end = match.span(1)
    pronoun = _spelled(facts["pronouns"][0], code)
    if match.group(1)[0].isupper():
        pronoun = pronoun[0].upper() + pronoun[1:]
    return Damage(text[:start] + pronoun + text[end:], start, start + len(pronoun), text[start:end], "misread-article")


def _plural_article(article: str, noun: str, code: str) -> bool:
    readings = function_words(language(code)).readings.get(article.lower(), ())
    definite = [r for r in readings if r.kind == "determiner" and r.meaning == "the"]
    plural = any(
        ("pl" in place or not place & NUMBERS) and ("nom" in place or not place & CASES)
        for r in definite
        for place in r.places
    )
    features = noun_features(noun, code)
    return plural and bool(features) and all(number == "pl" for _, number in features)


def _spelled(pronoun: str, code: str) -> str:
    """The pronoun as the language writes it in mid-sentence: English "I" alone has a capital."""
    forms = function_words(language(code)).forms["pronoun", "I"]
    return next(form for form in forms if form.lower() == pronoun)
