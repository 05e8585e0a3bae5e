"""Clean text to learn from: which lines, in which mixture."""

from __future__ import annotations

import lzma
import random
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from models.heldout import EVERY, is_faulty, is_heldout

CODES = ("fr", "it", "es", "de", "pt", "nl", "en")

#: How likely a line of each part is taken, before the caps: contemporary prose counts most.
RATES = {
    "modern": 1.0,
    "techdocs": 1.0,
    "everyday": 0.35,
    "debates": 0.2,
    "law": 0.25,
    "literature": 0.25,
    "own": 1.0,
}

#: The residues of the lines that the tagger learns from; its n-gram counts are made without them.
TAGGER_RESIDUES = frozenset({1, 2, 3})

LONGEST = 320  # code points


@dataclass(frozen=True)
class Corpus:
    """The training lines of one language, by part."""

    code: str
    parts: dict[str, list[str]] = field(default_factory=dict)

    def sample(self, rng: random.Random) -> Iterator[str]:
        """Lines for ever, the parts mixed by their size and `RATES`."""
        names = [name for name, lines in self.parts.items() if lines]
        weights = [len(self.parts[name]) ** 0.7 * RATES.get(name, 1.0) for name in names]
        while True:
            yield rng.choice(self.parts[rng.choices(names, weights)[0]])


def clean(line: str) -> str:
    """The line with one kind of apostrophe and of space, as the models see text."""
    return line.replace("’", "'").replace("\u00a0", " ").replace("\u202f", " ").strip()


def is_tagger_line(line: str) -> bool:
    """Whether the line belongs to the slice that the tagger learns from."""
    return zlib.crc32(line.encode()) % EVERY in TAGGER_RESIDUES


def read(data: Path, code: str, *, heldout: bool = False, tagger: bool = False, limit: int = 400_000) -> Corpus:
    """The lines of a language from a data folder: `corpus/<code>.<part>.txt.xz`, or `<code>*.txt` of one's own.

    Held-out lines are left out, or with `heldout` are all there is, but for those known to be wrong themselves;
    `tagger` keeps its slice only.
    """
    parts: dict[str, list[str]] = {}
    packed = sorted((data / "corpus").glob(f"{code}.*.txt.xz"))
    for path in packed or sorted(data.glob(f"{code}*.txt")):
        part = path.name.split(".")[1] if packed else "own"
        if part == "paragraphs":
            continue
        kept = parts.setdefault(part, [])
        open_ = lzma.open if packed else open
        with open_(path, "rt", encoding="utf-8", newline="\n") as file:
            for raw in file:
                line = raw.rstrip("\n")
                if heldout and is_faulty(line):
                    continue
                if is_heldout(line) == heldout and len(line) <= LONGEST and (not tagger or is_tagger_line(line)):
                    kept.append(clean(line))
                    if len(kept) >= limit:
                        break
    return Corpus(code, parts)
