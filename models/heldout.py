"""The one rule that keeps a development part of every corpus file away from everything that is learnt."""

from __future__ import annotations

import zlib
from functools import cache
from pathlib import Path

#: One line in this many belongs to the development part.
EVERY = 20


def is_heldout(line: str) -> bool:
    """Tell whether a corpus line belongs to the development part (5 % of every file).

    `line` is the line as the corpus file has it, without its line break. What is counted or trained
    skips these lines, so silence and recall measured on them are honest. The rule looks at the text
    alone: a sentence is held out wherever it occurs.
    """
    return zlib.crc32(line.encode()) % EVERY == 0


@cache
def faulty() -> frozenset[str]:
    """Checksums of held-out lines that were read and hold an error of their own (faulty-lines.tsv)."""
    rows = Path(__file__).with_name("faulty-lines.tsv").read_text(encoding="utf-8").splitlines()[1:]
    return frozenset(row.split("\t")[0] for row in rows)


def is_faulty(line: str) -> bool:
    """Whether a line was found to be wrong itself, so that a finding on it is no false alarm."""
    return f"{zlib.crc32(line.encode()):08x}" in faulty()
