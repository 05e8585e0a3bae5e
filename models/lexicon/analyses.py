"""Joins what tables, treebanks and counts say about every written form into its readings."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from models.lexicon.sources import Facts, Row, Token
from qa.lexicon import Analysis

#: Readings of a form rarer than this share of its use are dropped (annotation errors live there).
LEAST_SHARE = 0.01

_NOMINAL = ("NOUN", "ADJ", "PROPN", "DET", "PRON", "NUM")


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
    if pos == "PROPN" or (facts.noun_capital and pos == "NOUN") or not form[1:].islower() and len(form) > 1:
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
                Reading(lemma, token.pos if pos == "VERB" else pos, folded_gender(token.gender, facts),
                        token.number, token.person if token.verb_form in ("", "fin") else "",
                        token.verb_form)
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
        if marks & {"ger", "prs", "pprs"} and marks & {"ptcp", "ger", "pprs", "part"} or "ger" in marks:
            form = "ger"
        elif marks & {"ptcp", "pp", "part"}:
            form = "pp"
        elif marks & {"inf", "nfin"}:
            form = "inf"
        else:
            form = "fin"
    if match := _PERSON.search(row.features):
        person = match[1]
    return Reading(row.lemma, row.pos, folded_gender(row.gender, facts), row.number,
                   person if form in ("", "fin") else "", form)


def _blend(readings: Counter[Reading]) -> Counter[Reading]:
    """Join readings that differ only in that one says less, or that share all but gender or number."""
    groups: defaultdict[tuple[str, str, str], Counter[Reading]] = defaultdict(Counter)
    for reading, count in readings.items():
        groups[reading.lemma, reading.pos, reading.form][reading] += count
    blended: Counter[Reading] = Counter()
    for group in groups.values():
        specific = {r: c for r, c in group.items() if r.gender or r.number or r.person}
        for reading, count in group.items():
            heirs = [
                other for other in specific
                if other != reading
                and all(mine in ("", his) for mine, his in zip(
                    (reading.gender, reading.number, reading.person),
                    (other.gender, other.number, other.person), strict=True))
            ]
            if heirs:
                total = sum(specific[h] for h in heirs)
                for heir in heirs:
                    blended[heir] += count * specific[heir] / total  # type: ignore[assignment]
            else:
                blended[reading] += count
    return _both(blended)


def _both(readings: Counter[Reading]) -> Counter[Reading]:
    """Write one adjective or determiner reading for m and f when the form serves for both."""
    joined: Counter[Reading] = Counter()
    groups: defaultdict[Reading, dict[str, float]] = defaultdict(dict)
    for reading, count in readings.items():
        groups[replace(reading, gender="")][reading.gender] = count
    for bare, genders in groups.items():
        total = sum(genders.values())
        if bare.pos in ("ADJ", "DET", "NUM", "VERB") and {"m", "f"} <= {
            g for g, c in genders.items() if c >= 0.1 * total
        }:
            joined[replace(bare, gender="mf")] += total  # type: ignore[assignment]
        else:
            for gender, count in genders.items():
                joined[replace(bare, gender=gender)] += count  # type: ignore[assignment]
    return joined


def analyses(readings: Mapping[Reading, float]) -> list[Analysis]:
    """Turn weighted readings into analyses with shares, most used first."""
    merged = _blend(Counter(readings))
    total = sum(merged.values())
    ranked = sorted(merged.items(), key=lambda item: (-item[1], repr(item[0])))
    return [
        Analysis(r.lemma, r.pos, r.gender, r.number, r.person, r.form, count / total)
        for r, count in ranked
        if count >= LEAST_SHARE * total
    ][:8]
