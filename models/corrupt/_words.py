"""What the operators know of a language: closed-class words, and the other forms of a word."""

from __future__ import annotations

import csv
import lzma
import random
import re
import tomllib
from collections import defaultdict
from functools import cache
from pathlib import Path
from typing import Any

DATA = Path("../shared/data")

_WORD = re.compile(r"[^\W\d_]+")
_FORMS_PER_WORD = 8


@cache
def _tables() -> dict[str, Any]:
    return tomllib.loads(Path(__file__).with_name("words.toml").read_text(encoding="utf-8"))


@cache
def group(code: str, name: str) -> tuple[Any, ...]:
    """One of the word groups of `words.toml`; empty for a language without."""
    return tuple(_tables().get(code, {}).get(name, ()))


@cache
def split_forms(code: str) -> dict[str, list[str]]:
    """Contracted or elided forms and what stands there where nobody joined the pieces."""
    return dict(_tables().get(code, {}).get("split", {}))


@cache
def pattern(code: str, *names: str) -> re.Pattern[str]:
    """The words of these groups as whole words with a space on both sides."""
    words = sorted({word for name in names for word in group(code, name) if " " not in word}, reverse=True)
    return re.compile(r"(?<= )(?:" + "|".join(map(re.escape, words)) + r")(?= )") if words else re.compile(r"(?!)")


@cache
def siblings(code: str) -> dict[str, tuple[str, ...]]:
    """Each determiner and the other forms of its families."""
    found: defaultdict[str, list[str]] = defaultdict(list)
    for family in group(code, "families"):
        for word in family:
            found[word] += [other for other in family if other != word]
    return {word: tuple(dict.fromkeys(others)) for word, others in found.items() if " " not in word}


def _agreeing(pos: str, features: str, form: str) -> str:
    """The class of forms among which agreement chooses, or '' where a form does not agree."""
    if pos in ("ADJ", "NOUN"):
        return pos
    if pos in ("VERB", "AUX"):
        if "Part" in features or features.startswith("pp") or ".pp" in features:
            return "PARTICIPLE"
        if re.search(r"p3|Person=3|\b3\b", features):
            # Tense and mood stay as they are: only the number goes wrong.
            return "FINITE " + re.sub(r"\.?(?:p3|Person=3|Number=\w+)", "", features)
    return ""


@cache
def other_forms(code: str) -> dict[str, tuple[str, ...]]:
    """Adjectives, nouns, participles and verbs in the third person with their other agreeing forms.

    Read from the full word tables where they are at hand (they serve to damage, nothing of them is shipped),
    otherwise empty: then `flips` asks the shipped lexicon.
    """
    path = DATA / "lexicon" / f"{code}.tsv.xz"
    if not path.is_file():
        return {}
    families: defaultdict[tuple[str, str], dict[str, None]] = defaultdict(dict)
    with lzma.open(path, "rt", encoding="utf-8", newline="\n") as file:
        for row in csv.reader(file, delimiter="\t", quoting=3):
            form, lemma, pos, _, _, features, _ = row
            if form.islower() or (code == "de" and pos == "NOUN"):
                kind = _agreeing(pos, features, form)
                if kind and _WORD.fullmatch(form):
                    families[lemma, kind][form.replace("’", "'")] = None
    found: defaultdict[str, dict[str, None]] = defaultdict(dict)
    for (_, kind), forms in families.items():
        if 2 <= len(forms) <= 12:
            for form in forms:
                for other in forms:
                    # Two genders of one noun are two words in most families: a stem in common is asked for.
                    if other != form and (kind != "NOUN" or other[:3] == form[:3]):
                        found[form][other] = None
    return {form: tuple(list(others)[:_FORMS_PER_WORD]) for form, others in found.items()}


def flips(code: str, word: str) -> tuple[str, ...]:
    """Forms of the same word in another gender, number or case."""
    forms = other_forms(code)
    if forms:
        return forms.get(word, ())
    from qa.lexicon import languages, lexicon

    if code not in languages():
        return ()
    words = lexicon(code)
    readings = words.analyses(word)
    if not readings or (readings[0].pos not in ("ADJ", "NOUN") and readings[0].form != "pp"):
        return ()
    options = [
        other
        for gender in ("m", "f")
        for number in ("sg", "pl")
        for other in words.inflect(word, gender=gender, number=number, pos=readings[0].pos)[:1]
    ]
    return tuple(dict.fromkeys(other for other in options if other != word))


def as_written(word: str, model: str) -> str:
    """`word` with the capital of `model`."""
    return word[:1].upper() + word[1:] if model[:1].isupper() else word


def choose(pattern_: re.Pattern[str], text: str, rng: random.Random) -> re.Match[str] | None:
    """One match of a pattern, each as likely as any other."""
    places = list(pattern_.finditer(text))
    return rng.choice(places) if places else None
