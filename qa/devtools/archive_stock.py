"""The sentences of a made archive: clean ones, and ones with a defect planted by a known cause.

Damage is slow and pages are many, so damaged sentences are made once, as a pool, and set among clean ones in blocks
that are new each time.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from itertools import islice
from pathlib import Path

from models.corrupt import Damage, operators
from qa.devtools.corpora import heldout_sentences
from qa.devtools.pairs import planted as damaged_sentences

_PARTS = ("modern", "techdocs", "everyday")
_CLEAN = 4000  # sentences of each language
_POOL = 400  # damaged sentences of each cause and language
_TOKENS = re.compile(r" [.,)]|[(¿¡] |['’] ")  # treebanks set spaces where no printer does


@dataclass(frozen=True, slots=True)
class Piece:
    """A sentence: visible text, the words in bold, and the damage as a span of the text (`start` < 0: none)."""

    text: str
    bold: tuple[tuple[int, int], ...] = ()
    start: int = -1
    end: int = -1
    original: str = ""


@dataclass(frozen=True, slots=True)
class Weakness:
    """A kind of damage that is planted: `causes` are those of the report that may come of it."""

    id: str
    rule: str
    causes: tuple[str, ...]
    make: Callable[[Path, str, int], Iterator[Piece]]


def _by_operator(name: str, data: Path, code: str, wanted: int) -> Iterator[Piece]:
    for damage in damaged_sentences(operators()[name], data, code, wanted, seed=17):
        yield _piece(damage)


def _piece(damage: Damage, bold: tuple[tuple[int, int], ...] = ()) -> Piece:
    return Piece(damage.text, bold, damage.start, damage.end, damage.original)


def _glued(data: Path, code: str, wanted: int) -> Iterator[Piece]:
    """The space before a bold word is lost."""
    rng = random.Random(f"glued {code}")
    for sentence in islice(_sentences(data, code), 20 * wanted):
        words = sentence.split(" ")
        places = [
            n for n in range(1, len(words) - 1) if words[n - 1].isalpha() and len(words[n]) > 3 and words[n].isalpha()
        ]
        if places:
            place = rng.choice(places)
            start = len(" ".join(words[: place - 1])) + (place > 1)
            middle = start + len(words[place - 1])
            end = middle + len(words[place])
            text = sentence[:middle] + sentence[middle + 1 :]
            yield Piece(text, ((middle, end),), start, end, sentence[start : end + 1])


def _agreement_at_bold(data: Path, code: str, wanted: int) -> Iterator[Piece]:
    """An article does not agree with the bold word after it."""
    for damage in damaged_sentences(operators()["agreement"], data, code, wanted, seed=18):
        gap = damage.text.rfind(" ", damage.start, damage.end)
        if gap > 0:
            yield _piece(damage, ((gap + 1, damage.end),))


def _capital_after_bold(data: Path, code: str, wanted: int) -> Iterator[Piece]:
    """A sentence begins anew after a bold word."""
    for damage in damaged_sentences(operators()["boundary-case"], data, code, 3 * wanted, seed=19):
        before = damage.text[: damage.start]
        word = before.rstrip(" ").rpartition(" ")[2]
        if damage.original.isalpha() and before.endswith(" ") and word.isalpha():
            yield _piece(damage, ((damage.start - 1 - len(word), damage.start - 1),))


WEAKNESSES = {
    each.id: each
    for each in (
        Weakness(
            "number-slot",
            "number-slot",
            ("number-grouping", "number-date", "number-list", "number-empty"),
            partial(_by_operator, "number-slot"),
        ),
        Weakness("glued-element", "fused-words", ("glued-element",), _glued),
        Weakness("element-agreement", "agreement", ("element-agreement",), _agreement_at_bold),
        Weakness("element-capital", "boundary-case", ("element-capital",), _capital_after_bold),
        Weakness(
            "identifier",
            "split-identifier",
            ("name-split", "address-split", "version-comma"),
            partial(_by_operator, "split-identifier"),
        ),
        Weakness(
            "placeholder",
            "broken-placeholder",
            ("placeholder-prose", "entity-shown"),
            partial(_by_operator, "broken-placeholder"),
        ),
        Weakness("elision", "elision", ("elision-missing", "apostrophe-space"), partial(_by_operator, "elision")),
        Weakness("loop", "repeated-word", ("decoder-loop",), partial(_by_operator, "repeated-word")),
        Weakness(
            "word-cut", "split-word", ("word-cut", "hyphen-space", "name-cut"), partial(_by_operator, "split-word")
        ),
        Weakness("encoding", "mojibake", ("encoded-twice",), partial(_by_operator, "mojibake")),
    )
}


class Stock:
    """The sentences that pages are made of, by language; damaged ones by weakness too.  Made when first asked for."""

    def __init__(self, data: Path, pool: int = _POOL, clean: int = _CLEAN) -> None:
        self._data, self._pool, self._most = data, pool, clean
        self._clean: dict[str, list[Piece]] = {}
        self._damaged: dict[tuple[str, str], list[Piece]] = {}

    def clean(self, code: str) -> list[Piece]:
        """Clean sentences, some with a word in bold."""
        if code not in self._clean:
            rng = random.Random(f"clean {code}")
            self._clean[code] = [_bold(sentence, rng) for sentence in islice(_sentences(self._data, code), self._most)]
        return self._clean[code]

    def damaged(self, weakness: str, code: str) -> list[Piece]:
        """Damaged sentences; none where the damage finds no place in the language."""
        key = weakness, code
        if key not in self._damaged:
            made = WEAKNESSES[weakness].make(self._data, code, 5 * self._pool)  # some cannot be printed
            self._damaged[key] = list(islice((p for p in made if _printable(p.text)), self._pool))
        return self._damaged[key]


def _sentences(data: Path, code: str) -> Iterator[str]:
    for part in _PARTS:
        yield from (s for s in heldout_sentences(data, code, part) if _printable(s))


def _printable(sentence: str) -> bool:
    """Whether HTML and Markdown show a sentence as it is written, and it was not put together from tokens."""
    plain = sentence.isprintable() and sentence[0].isalpha() and not set(sentence) & set("*_#`[]<>\\~|^")
    return plain and not _TOKENS.search(sentence)


def _bold(sentence: str, rng: random.Random) -> Piece:
    words = sentence.split(" ")
    places = [n for n in range(1, len(words) - 1) if len(words[n]) > 3 and words[n].isalpha()]
    if not places or rng.random() > 0.25:
        return Piece(sentence)
    place = rng.choice(places)
    start = len(" ".join(words[:place])) + 1
    return Piece(sentence, ((start, start + len(words[place])),))
