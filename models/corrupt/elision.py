"""A word is put before a neighbour it was not made for: the grammar of meetings (`elision.toml`) read backwards."""

from __future__ import annotations

import random
import re
from functools import cache

from models.corrupt import Damage
from qa.language import codes, language
from qa.lexicon import lexicon
from qa.rules._meetings import Change, grammar

_KINDS = 0.6  # how much of a neighbour's use must be as the part of speech that the grammar speaks of


@cache
def _places(code: str) -> tuple[tuple[re.Pattern[str], tuple[tuple[str, Change | None], ...]], ...]:
    """Right forms as patterns, each with the forms that a careless translator writes there."""
    if code not in codes() or not language(code).has("elision"):
        return ()
    rows = grammar(language(code))
    wrong: dict[str, list[tuple[str, Change | None]]] = {}
    for form, changes in rows.changes.items():
        for change in changes:
            wrong.setdefault(change.forms[form], []).append((form, change))
    counts: dict[str, int] = {}
    for line in set(map(id, rows.contractions.values())):
        row = next(row for row in rows.contractions.values() if id(row) == line)
        for pair, whole in row.pairs.items():
            wrong.setdefault(whole, []).append((pair, None))
            counts[whole] = counts.get(whole, 0) + 1
    found = []
    for form, forms in sorted(wrong.items()):
        joined = form.endswith("’")
        pattern = re.escape(form).replace("’", "['’]").replace(r"\ ", " ")
        found.append((re.compile(rf"(?<![\w'’-]){pattern}{'' if joined else ' '}(?=(\w+))"), tuple(forms)))
    return tuple(found)


def damage(text: str, code: str, rng: random.Random) -> Damage | None:
    """Write one form as it stands before other neighbours: "d'eau" becomes "de eau", "au port" "à le port"."""
    options = []
    for pattern, forms in _places(code):
        for match in pattern.finditer(text):
            for form, change in forms:
                if change is None or _speaks_of(change, match[1], code):
                    options.append((match, form))
    if not options:
        return None
    match, form = rng.choice(options)
    new = form + " "
    return Damage(
        text[: match.start()] + new + text[match.end() :],
        match.start(),
        match.start() + len(new),
        match.group(),
        "elision",
    )


def _speaks_of(change: Change, neighbour: str, code: str) -> bool:
    """Whether the right form stands there for the neighbour's sound: another gender would be another defect."""
    if change.only:
        return neighbour in change.only
    words = lexicon(code)
    if neighbour[0].isdigit() or neighbour.lower()[0] not in (change.letters or neighbour.lower()):
        return False
    if change.begins and not re.match(change.begins, neighbour):
        return False
    if change.starts and not neighbour.startswith(change.starts):
        return False
    kinds = sum(r.share for r in words.analyses(neighbour) if not change.kinds or r.pos in change.kinds)
    if change.kinds and kinds < _KINDS:
        return False
    return not change.gender or words.gender(neighbour) == change.gender
