"""Several defects in one text, as a mixture of operators, each defect labelled with what stood there."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from models.corrupt import Operator, operators

#: How often each operator is drawn while training.  Operators that are not named are held out for testing.
RATES: Mapping[str, float] = {
    "node-agreement": 5,
    "node-auxiliary": 1,
    "node-capital": 1,
    "node-determiner": 4,
    "node-doubled": 2,
    "node-elision": 2,
    "node-fused": 1.2,
    "node-leftover": 2.5,
    "node-lost": 4.5,
    "node-preposition": 2,
    "node-pronoun": 1,
    "node-stop": 0.8,
    "repeated-word": 0.7,
}

#: The report's category of what each operator leaves.
CATEGORY: Mapping[str, str] = {
    "node-agreement": "agreement",
    "node-auxiliary": "redundant-word",
    "node-capital": "case",
    "node-determiner": "agreement",
    "node-doubled": "redundant-word",
    "node-elision": "elision",
    "node-fused": "fused-words",
    "node-leftover": "leftover",
    "node-lost": "missing-word",
    "node-preposition": "other",
    "node-pronoun": "redundant-word",
    "node-stop": "punctuation",
    "repeated-word": "repeated-word",
}


@dataclass(frozen=True, slots=True)
class Defect:
    """One defect of a damaged text: `text[start:end]` is wrong, `original` stood there."""

    start: int
    end: int
    original: str
    operator: str


@dataclass(frozen=True, slots=True)
class Damaged:
    """A damaged text and its defects, in order, apart from each other."""

    text: str
    defects: tuple[Defect, ...] = ()


class Mixture:
    """Draws operators at their rates."""

    def __init__(self, rates: Mapping[str, float] = RATES) -> None:
        known = operators()
        self._names = [name for name in rates if name in known]
        self._weights = [rates[name] for name in self._names]
        self._operators: Sequence[Operator] = [known[name] for name in self._names]

    def damage(self, text: str, code: str, rng: random.Random, count: int) -> Damaged:
        """`text` with up to `count` defects that do not touch each other."""
        defects: list[Defect] = []
        for index in rng.choices(range(len(self._names)), self._weights, k=count):
            new = self._operators[index](text, code, rng)
            if new is None or text[new.start : new.start + len(new.original)] != new.original:
                continue
            stop = new.start + len(new.original)
            # One character of distance, so that two defects never explain each other.
            if any(new.start - 2 <= d.end and stop + 2 >= d.start for d in defects):
                continue
            shift = len(new.text) - len(text)
            defects = [
                d if d.start < new.start else Defect(d.start + shift, d.end + shift, d.original, d.operator)
                for d in defects
            ]
            defects.append(Defect(new.start, new.end, new.original, self._names[index]))
            text = new.text
        return Damaged(text, tuple(sorted(defects, key=lambda d: d.start)))
