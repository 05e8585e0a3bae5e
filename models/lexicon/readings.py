"""Readings of a form as tables and treebanks state them."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from models.lexicon.sources import Facts, Row, Token


@dataclass(frozen=True, slots=True)
class Reading:
    """A reading without its share."""

    lemma: str
    pos: str
    gender: str = ""
    number: str = ""
    person: str = ""
    form: str = ""


Usage = dict[str, Counter[Reading]]


def key_of(form: str, pos: str, facts: Facts) -> str:
    """How a form that stands somewhere in a sentence is stored: small unless its capital belongs to it."""
    if pos == "PROPN" or (facts.noun_capital and pos == "NOUN") or (not form[1:].islower() and len(form) > 1):
        return form
    return form.lower()


def folded_gender(gender: str, facts: Facts) -> str:
    """Dutch has two genders: what its tables call masculine or feminine is common."""
    return "c" if facts.language == "nl" and gender in ("m", "f", "mf") else gender


def from_treebank(sentences: Iterable[list[Token]], facts: Facts) -> Usage:
    """Count the readings of every form in a treebank."""
    usage: Usage = defaultdict(Counter)
    for sentence in sentences:
        for token in sentence:
            if token.pos in ("PUNCT", "SYM", "X", "_") or not any(map(str.isalpha, token.form)):
                continue
            lemma = token.lemma if token.lemma.strip("_ ") else token.form
            if token.pos != "PROPN" and not (facts.noun_capital and token.pos == "NOUN"):
                lemma = lemma.lower()
            pos = "VERB" if token.pos == "AUX" else token.pos
            usage[key_of(token.form, token.pos, facts)][
                Reading(
                    lemma,
                    token.pos if pos == "VERB" else pos,
                    folded_gender(token.gender, facts),
                    token.number,
                    token.person if token.verb_form in ("", "fin") else "",
                    token.verb_form,
                )
            ] += 1
    return usage


_PERSON = re.compile(r"(?:Person=|\bp|(?:^|\.))([123])(?=\.|$)")


def from_row(row: Row, facts: Facts) -> Reading | None:
    """The reading a table row states; None when it states only that the spelling exists."""
    if not row.pos or not row.lemma:
        return None
    form = person = ""
    if row.pos in ("VERB", "AUX"):
        marks = set(row.features.lower().replace("verbform=", "").split("."))
        if (marks & {"ger", "prs", "pprs"} and marks & {"ptcp", "ger", "pprs", "part"}) or "ger" in marks:
            form = "ger"
        elif marks & {"ptcp", "pp", "part"}:
            form = "pp"
        elif marks & {"inf", "nfin"}:
            form = "inf"
        else:
            form = "fin"
    if match := _PERSON.search(row.features):
        person = match[1]
    return Reading(
        row.lemma, row.pos, folded_gender(row.gender, facts), row.number, person if form in ("", "fin") else "", form
    )
