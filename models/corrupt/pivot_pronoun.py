"""The subject pronoun becomes the polite one: English has one "you" and one "they" for both."""

from __future__ import annotations

import random
import re
from functools import cache

from models.corrupt import Damage
from qa.language import codes, language


@cache
def _places(code: str) -> re.Pattern[str]:
    if code not in codes() or not language(code).has("pivot-pronoun"):
        return re.compile("(?!)")
    facts = language(code).facts("pivot-pronoun")
    meant = facts["meant"][0]  # the second one, of the neuter, is mostly the "it" of "it rains" and never polite
    singular, openers, copulas = ("|".join(facts[name]) for name in ("singular", "subordinators", "copulas"))
    behind_verb = rf"(?<=[a-zß-ÿ] )(?:{copulas}) ({meant})(?= )"
    in_clause = rf"\b(?:{openers}) ({meant})(?= (?:[\w-]+ ){{1,8}}(?:{singular})[.,;?!])"
    return re.compile(f"{behind_verb}|{in_clause}")


def damage(text: str, code: str, rng: random.Random) -> Damage | None:
    """Write the polite pronoun for the subject of a verb in the third person singular."""
    places = [match.span(1 if match[1] else 2) for match in _places(code).finditer(text)]
    if not places:
        return None
    start, end = rng.choice(places)
    polite = language(code).facts("pivot-pronoun")["polite"]
    return Damage(text[:start] + polite + text[end:], start, start + len(polite), text[start:end], "pivot-pronoun")
