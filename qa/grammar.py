"""Gender and number as bits, and the determiners of a language by what they can stand before.

A word form is a set of cells, gender × number, kept as the bits of an integer; two words agree when their sets
meet.  Languages say in `agreement.toml` which form a determiner has in which cell.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from qa.language import Language
from qa.lexicon import Analysis

GENDERS = ("m", "f", "n")
NUMBERS = ("sg", "pl")
CELLS: tuple[tuple[str, str], ...] = tuple((gender, number) for number in NUMBERS for gender in GENDERS)
EVERY = (1 << len(CELLS)) - 1

_VERBS = ("VERB", "AUX")

# What a dictionary's gender allows.  Common gender (Dutch, and nouns of either sex) is everything but neuter.
_GENDER_SETS = {"m": "m", "f": "f", "n": "n", "c": "mf", "mf": "mf", "": "mfn"}
_NUMBER_SETS = {"sg": ("sg",), "pl": ("pl",), "sp": NUMBERS, "": NUMBERS}
_ONSETS = {"vowel": "vowel", "mute-h": "vowel", "impure": "impure", "stressed-a": "stressed-a"}


def bits(gender: str, number: str) -> int:
    """The cells of a dictionary's gender and number; an empty one allows all."""
    return _BITS[gender, number]


_BITS = {
    (gender, number): sum(1 << CELLS.index((one, each)) for one in genders for each in numbers)
    for gender, genders in _GENDER_SETS.items()
    for number, numbers in _NUMBER_SETS.items()
}


PLURAL = bits("", "pl")
_SINGULAR = bits("", "sg")


def other_number(mask: int) -> int:
    """The same genders in the other number, too."""
    return mask | (mask & _SINGULAR) << len(GENDERS) | (mask & PLURAL) >> len(GENDERS)


def other_gender(mask: int) -> int:
    """The same numbers as masculine and feminine."""
    return mask | (bits("mf", "sg") if mask & _SINGULAR else 0) | (bits("mf", "pl") if mask & PLURAL else 0)


def named(key: str) -> int:
    """The cells that a key of a data file names: gender.number, either part alone."""
    return _cell(key, "").mask


def cells(mask: int) -> Iterator[int]:
    """The single cells of a set, each as a set of one."""
    while mask:
        yield mask & -mask
        mask &= mask - 1


def cell_name(cell: int) -> tuple[str, str]:
    """Gender and number of a single cell."""
    return CELLS[cell.bit_length() - 1]


def mask_of(readings: Iterable[Analysis]) -> int:
    """All cells that any of the readings allows."""
    mask = 0
    for reading in readings:
        mask |= _BITS[reading.gender, reading.number]
    return mask


def specific(readings: Iterable[Analysis]) -> list[Analysis]:
    """The readings without the verb readings that leave the verb form open, whose share goes to the others' verbs."""
    readings = list(readings)
    open_ = sum([r.share for r in readings if r.pos in _VERBS and not r.form])
    known = sum([r.share for r in readings if r.pos in _VERBS and r.form]) if open_ else 0
    if not known:
        return readings
    return [
        r._replace(share=r.share * (open_ + known) / known) if r.pos in _VERBS else r
        for r in readings
        if r.form or r.pos not in _VERBS
    ]


class Cell(NamedTuple):
    """One place of a determiner's paradigm: its form for some cells, before some onsets, in some case."""

    mask: int
    onset: str  # "": any
    case: str  # "": the language has none, or it does not matter
    form: str


class Determiner(NamedTuple):
    """A written form of one or more determiners.

    `always` are the cells it serves before any word, `before` those it serves before an onset only.  `pronoun`: it
    also stands before verbs.  `weak`: it also stands before nouns without determining them.  `relative`: behind a
    comma it can be a pronoun that opens a clause.  `preposition`: it is one, too, where
    no other stands before.  `opens`: no other determiner stands before it.
    `first`: another may stand behind it; `second`: it may stand behind another;
    `plain`: one of its paradigms has no preposition in it.
    """

    form: str
    always: int
    before: Mapping[str, int]
    places: tuple[tuple[tuple[Cell, ...], Cell], ...]  # each with its whole paradigm
    pronoun: bool
    weak: bool
    relative: bool
    preposition: bool
    opens: bool
    first: bool
    second: bool
    plain: bool

    @property
    def widest(self) -> int:
        """The cells it serves before some word or other."""
        return self.always | _union(self.before.values())

    def mask(self, onset: str) -> int:
        """The cells it serves before a word of that onset."""
        return self.always | self.before.get(_ONSETS.get(onset, ""), 0)

    def inflected(self, target: int, onset: str) -> tuple[str, ...]:
        """Its forms for one cell and onset, in the same case where the language has cases."""
        kind = _ONSETS.get(onset, "")
        found: dict[str, None] = {}
        for paradigm, place in self.places:
            same = [c for c in paradigm if c.mask & target and c.case == place.case and c.onset in ("", kind)]
            if same:
                found[max(same, key=lambda cell: cell.onset).form] = None
        return tuple(found)


class Determiners(NamedTuple):
    """All determiner forms of a language, in small letters; an elided form keeps its apostrophe (')."""

    forms: Mapping[str, Determiner]

    @classmethod
    def of(cls, language: Language) -> Determiners:
        """Compile the `[[determiner]]` tables of the language."""
        places: dict[str, list[tuple[tuple[Cell, ...], Cell]]] = defaultdict(list)
        marks: dict[str, set[str]] = defaultdict(set)
        for table in language.facts("agreement").get("determiner", ()):
            for stem in table.get("stems", ("",)):
                paradigm = tuple(_cell(key, stem + form) for key, form in table["cells"].items())
                for cell in paradigm:
                    places[cell.form].append((paradigm, cell))
            for mark in ("pronouns", "weak", "relatives", "prepositions"):
                for form in table.get(mark, ()):
                    marks[form].add(mark)
            for mark in ("opens", "first", "second", "plain"):
                if table.get(mark, mark == "plain" and not table.get("opens")):
                    for form in table["cells"].values():
                        marks[form].add(mark)
        return cls({form: _determiner(form, found, marks[form]) for form, found in places.items() if " " not in form})


def _cell(key: str, form: str) -> Cell:
    gender = number = onset = case = ""
    for part in key.split("."):
        if part in _GENDER_SETS:
            gender = part
        elif part in _NUMBER_SETS:
            number = part
        elif part in _ONSETS.values():
            onset = part
        else:
            case = part
    return Cell(_BITS[gender, number], onset, case, form)


def _determiner(form: str, places: list[tuple[tuple[Cell, ...], Cell]], marks: set[str]) -> Determiner:
    always = 0
    before: defaultdict[str, int] = defaultdict(int)
    for _, cell in places:
        if cell.onset:
            before[cell.onset] |= cell.mask
        else:
            always |= cell.mask
    if not always:  # a form of one onset only: before any other it is a spelling error, not another cell
        always, before = _union(cell.mask for _, cell in places), defaultdict(int)
    return Determiner(
        form,
        always,
        dict(before),
        tuple(places),
        *(
            mark in marks
            for mark in ("pronouns", "weak", "relatives", "prepositions", "opens", "first", "second", "plain")
        ),
    )


def _union(masks: Iterable[int]) -> int:
    union = 0
    for mask in masks:
        union |= mask
    return union
