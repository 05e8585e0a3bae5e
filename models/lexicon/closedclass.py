"""The hand-made tables of determiners, contractions and pronouns under models/lexicon/closed."""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path

from models.lexicon.readings import Reading

FOLDER = Path(__file__).with_name("closed")


def read(language: str) -> dict[str, list[Reading]]:
    """Form → its closed-class readings, as the table of `language` lists them."""
    table: defaultdict[str, list[Reading]] = defaultdict(list)
    path = FOLDER / f"{language}.tsv"
    for line in path.read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            pos, lemma, forms = line.split("\t")
            for item in forms.split():
                form, _, marks = item.partition(":")
                gender, number, person = (*marks.split("."), "", "", "")[:3]
                table[form].append(Reading(lemma, pos, gender, number, person))
    return dict(table)
