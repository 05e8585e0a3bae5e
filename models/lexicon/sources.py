"""Reads the source files of the data folder: tables, frequency lists, treebanks, corpora."""

from __future__ import annotations

import csv
import lzma
import tomllib
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from models.heldout import is_heldout

#: Origins under the GPL: a row that no other origin has is only used to check what was learnt.
GPL = frozenset({"apertium", "freedict"})

#: Words read from each part of a corpus at most (all of what is not named).
CAPS = {"debates": 1_200_000, "law": 1_200_000, "literature": 3_500_000}


@dataclass(frozen=True, slots=True)
class Row:
    """One reading of a table."""

    form: str
    lemma: str
    pos: str
    gender: str
    number: str
    features: str
    origins: frozenset[str]


@dataclass(frozen=True, slots=True)
class Token:
    """One word of a treebank."""

    form: str
    lemma: str
    pos: str
    gender: str
    number: str
    person: str
    verb_form: str
    space_after: bool


@dataclass(frozen=True)
class Facts:
    """What qa/languages/<language>/lexicon.toml says."""

    language: str
    elision: bool
    noun_capital: bool
    onset: dict[str, Any] = field(default_factory=dict)


def facts(languages: Path, language: str) -> Facts:
    """Read the spelling facts of `language`."""
    data = tomllib.loads((languages / language / "lexicon.toml").read_text(encoding="utf-8"))
    onset = {"rules": {}, "letters": "", **data["onset"]}
    onset["longest"] = max(map(len, onset["rules"]), default=0)
    return Facts(language, data["tokens"]["elision"], data.get("nouns", {}).get("capital", False), onset)


def lines(path: Path) -> Iterator[str]:
    """The lines of an xz-packed text file, without their line breaks."""
    with lzma.open(path, "rt", encoding="utf-8", newline="\n") as file:
        for line in file:
            yield line.rstrip("\n")


def _blank(value: str) -> str:
    return "" if value == "_" else value


def rows(data: Path, language: str, *, gpl: bool = False) -> Iterator[Row]:
    """The rows of the word table: those we may ship, or with `gpl` all of them."""
    for record in csv.reader(lines(data / "lexicon" / f"{language}.tsv.xz"), delimiter="\t", quoting=3):
        form, lemma, pos, gender, number, features, origin = record
        origins = frozenset(origin.split(","))
        if form == "word" and origin == "origin":
            continue
        if gpl or not origins <= GPL:
            yield Row(
                form.replace("’", "'"),
                lemma.replace("’", "'"),
                _blank(pos),
                _blank(gender),
                _blank(number),
                _blank(features),
                origins,
            )


_GENDER = {"Masc": "m", "Fem": "f", "Neut": "n", "Com": "c", "Fem,Masc": "mf", "Masc,Fem": "mf"}
_NUMBER = {"Sing": "sg", "Plur": "pl"}
_VERB = {"Inf": "inf", "Part": "pp", "Fin": "fin", "Ger": "ger"}


def _token(fields: list[str]) -> Token:
    _, form, lemma, pos, _, features, _, _, _, misc = fields
    marks = dict(mark.split("=", 1) for mark in features.split("|") if "=" in mark)
    verb = _VERB.get(marks.get("VerbForm", ""), "")
    if verb == "pp" and marks.get("Tense") == "Pres":
        verb = "ger"
    return Token(
        form.replace("’", "'"),
        lemma.replace("’", "'").replace("_", ""),
        pos,
        _GENDER.get(marks.get("Gender", ""), ""),
        _NUMBER.get(marks.get("Number", ""), ""),
        marks.get("Person", ""),
        verb,
        "SpaceAfter=No" not in misc,
    )


def _joined(form: str, parts: list[Token]) -> Token:
    """One token for a contraction: a preposition keeps the gender and number of its article or pronoun."""
    head = next((p for p in parts if p.pos in ("VERB", "AUX")), parts[0])
    last = parts[-1]
    if head.pos == "ADP" and last.pos in ("DET", "PRON"):
        head = replace(head, gender=last.gender, number=last.number)
        if last.pos == "PRON" and len(form) > 4:
            head = replace(head, pos="PRON", lemma=last.lemma)
    return replace(head, form=form.replace("’", "'"), space_after=last.space_after)


def _described(sentence: list[Token]) -> bool:
    """Whether a sentence comes with its features: those of some older releases have none at all."""
    nouns = [token for token in sentence if token.pos == "NOUN"]
    return not nouns or any(token.number for token in nouns)


def sentences(data: Path, name: str) -> Iterator[list[Token]]:
    """The sentences of treebanks/<name>.conllu.xz as written words.

    Those of the development part and those without features are left out.
    """
    sentence: list[Token] = []
    skip = False
    span: tuple[int, int, str] = (0, -1, "")
    parts: list[Token] = []
    for line in lines(data / "treebanks" / f"{name}.conllu.xz"):
        if line.startswith("# text = "):
            skip = is_heldout(line[9:])
        elif not line:
            if sentence and not skip and _described(sentence):
                yield sentence
            sentence, skip, span, parts = [], False, (0, -1, ""), []
        elif not line.startswith("#"):
            fields = line.split("\t")
            if "-" in fields[0]:
                first, _, last = fields[0].partition("-")
                span = int(first), int(last), fields[1]
            elif fields[0].isdigit():
                number = int(fields[0])
                if span[0] <= number <= span[1]:
                    parts.append(_token(fields))
                    if number == span[1]:
                        sentence.append(_joined(span[2], parts))
                        parts = []
                else:
                    sentence.append(_token(fields))


def corpus(data: Path, language: str) -> Iterator[tuple[str, list[str]]]:
    """The corpus files of `language` but the paragraphs: (part, its lines), the development part left out."""
    for path in sorted((data / "corpus").glob(f"{language}.*.txt.xz")):
        part = path.name.split(".")[1]
        if part != "paragraphs":
            yield part, [line for line in lines(path) if not is_heldout(line)]


def sample(lines_: list[str], words: int) -> list[bool]:
    """Which lines to take so that about `words` words are taken, spread evenly and always the same ones."""
    total = sum(line.count(" ") + 1 for line in lines_)
    limit = int(words / max(total, 1) * 2**32)
    return [zlib.crc32(line.encode(), 1) < limit for line in lines_]


def subtitle_counts(data: Path, language: str) -> dict[str, int]:
    """The word counts of the subtitle list."""
    counts = {}
    for record in csv.reader(lines(data / "freq" / f"{language}.tsv.xz"), delimiter="\t", quoting=3):
        if record[1].isdigit() and int(record[1]):
            counts[record[0].replace("’", "'")] = int(record[1])
    return counts
