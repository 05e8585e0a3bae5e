"""Writes the compact files that `qa.lexicon` and `qa.ngrams` read."""

from __future__ import annotations

import math
import sys
from array import array
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import marisa_trie
import numpy as np

from models.lexicon.counts import NgramCounts
from models.lexicon.sources import Facts
from qa import artefact
from qa.lexicon import _FOREIGN, _TABLE, ONSETS, Analysis

assert sys.byteorder == "little"

#: Shares are stored as the nearest of these thousandths, so that words share their readings.
SHARE_LEVELS = (5, 10, 20, 50, 100, 200, 300, 400, 500, 600, 700, 800, 900, 950, 980, 990, 1000)

#: Frequencies per million are stored on a logarithmic scale of 255 steps.
LOWEST, HIGHEST = 0.002, 100_000.0


@dataclass(slots=True)
class Entry:
    """What is to be stored about one written form."""

    frequency: float = 0.0
    capital: float = 0.0
    onset: str = "consonant"
    foreign: bool = False
    table: bool = False
    analyses: list[Analysis] = field(default_factory=list)


def _typed(code: str, values: Iterable[int]) -> tuple[str, bytes]:
    return code, array(code, values).tobytes()


def ending(form: str, lemma: str) -> tuple[int, int, str]:
    """How to make the lemma of a form: letters to drop in front, letters to drop behind, what to add.

    Letters to drop behind are -1 when the lemma is given whole.
    """
    best: tuple[int, int, str] = (0, -1, lemma)
    for front in (0, 2):
        rest = form[front:]
        same = next(
            (i for i, (a, b) in enumerate(zip(rest, lemma, strict=False)) if a != b), min(len(rest), len(lemma))
        )
        if same >= 2 and len(lemma) - same < len(best[2]):
            best = (front, len(rest) - same, lemma[same:])
    return best


def _interned(values: Iterable[object]) -> dict:  # type: ignore[type-arg]
    return {value: number for number, value in enumerate(sorted(set(values)))}  # type: ignore[type-var]


def write_lexicon(folder: Path, facts: Facts, entries: Mapping[str, Entry]) -> None:
    """Write `lexicon.trie` and `lexicon.bin` of one language."""
    spellings = set(entries) | {a.lemma for e in entries.values() for a in e.analyses if a.lemma}
    trie = marisa_trie.Trie(sorted(spellings), order=marisa_trie.LABEL_ORDER)
    with artefact.replacing(folder / "lexicon.trie") as part:
        trie.save(str(part))
    number = {form: trie[form] for form in spellings}
    size = len(spellings)

    kinds = _interned((a.pos, a.gender, a.number, a.person, a.form) for e in entries.values() for a in e.analyses)
    endings = _interned(ending(form, a.lemma) for form, e in entries.items() for a in e.analyses)

    def reading(form: str, a: Analysis) -> tuple[int, int, int]:
        share = min(SHARE_LEVELS, key=lambda level: abs(level - 1000 * a.share))
        kind = kinds[(a.pos, a.gender, a.number, a.person, a.form)]
        return kind, endings[ending(form, a.lemma)], share

    bundles = {form: tuple(reading(form, a) for a in e.analyses) for form, e in entries.items()}
    bundle_number = _interned([(), *bundles.values()])
    starts, readings = [0], []
    for bundle in bundle_number:
        readings += [value for triple in bundle for value in triple]
        starts.append(len(readings))

    frequency, capital, flags = bytearray(size), bytearray(size), bytearray(size)
    bundle_of = [bundle_number[()]] * size
    low = math.log(LOWEST)
    step = (math.log(HIGHEST) - low) / 254
    low -= step
    for form, entry in entries.items():
        at = number[form]
        if entry.frequency > 0:
            frequency[at] = min(255, max(1, round((math.log(entry.frequency) - low) / step)))
        capital[at] = round(255 * entry.capital)
        flags[at] = ONSETS.index(entry.onset) | _FOREIGN * entry.foreign | _TABLE * entry.table
        bundle_of[at] = bundle_number[bundles[form]]

    families: defaultdict[int, set[int]] = defaultdict(set)
    for form, entry in entries.items():
        for a in entry.analyses:
            if a.pos in ("NOUN", "ADJ", "DET", "PRON", "PROPN", "ADP", "NUM") or a.form == "pp":
                families[number[a.lemma]].add(number[form])
    kept = sorted(lemma for lemma, forms in families.items() if len(forms) > 1 or lemma not in forms)
    family_starts, family_forms = [0], []
    for lemma in kept:
        family_forms += sorted(families[lemma])
        family_starts.append(len(family_forms))

    artefact.write(
        folder / "lexicon.bin",
        {
            "language": facts.language,
            "size": size,
            "onset": facts.onset,
            "kinds": list(kinds),
            "endings": list(endings),
            "frequency_scale": [low, step],
        },
        {
            "frequency": ("B", bytes(frequency)),
            "capital": ("B", bytes(capital)),
            "flags": ("B", bytes(flags)),
            "bundle": _typed("H" if len(bundle_number) < 65536 else "I", bundle_of),
            "bundle_starts": _typed("I", starts),
            "readings": _typed("H", readings),
            "lemmas": _typed("I", kept),
            "family_starts": _typed("I", family_starts),
            "families": _typed("I", family_forms),
        },
    )


def write_ngrams(folder: Path, facts: Facts, counts: NgramCounts) -> None:
    """Write `ngrams.trie` and `ngrams.bin` of one language."""
    trie = marisa_trie.Trie(counts.words, order=marisa_trie.LABEL_ORDER)
    with artefact.replacing(folder / "ngrams.trie") as part:
        trie.save(str(part))
    number = np.array([trie[word] for word in counts.words], np.int64)
    size = len(number)
    unit = math.log(float(counts.ones.max())) / 255

    def coded(values: np.ndarray) -> tuple[str, bytes]:
        return "B", np.clip(np.rint(np.log(np.maximum(values, 1)) / unit), 0, 255).astype(np.uint8).tobytes()

    ones = np.zeros(size, np.int64)
    ones[number] = counts.ones
    first, second = number[counts.pairs[:, 0]], number[counts.pairs[:, 1]]
    pair_keys = first * size + second
    order = np.argsort(pair_keys, kind="stable")
    pair_keys, twos = pair_keys[order], counts.twos[order]
    triples = number[counts.triples]
    parents = np.searchsorted(pair_keys, triples[:, 0] * size + triples[:, 1])
    triple_order = np.lexsort((triples[:, 2], parents))
    artefact.write(
        folder / "ngrams.bin",
        {"language": facts.language, "elision": facts.elision, "unit": unit, "total": int(counts.ones.sum())},
        {
            "ones": coded(ones),
            **artefact.offsets("pair_starts", _starts(pair_keys // size, size)),
            "pairs": ("H", (pair_keys % size).astype(np.uint16).tobytes()),
            "twos": coded(twos),
            **artefact.offsets("triple_starts", _starts(parents[triple_order], len(pair_keys))),
            "triples": ("H", triples[triple_order, 2].astype(np.uint16).tobytes()),
            "threes": coded(counts.threes[triple_order]),
        },
    )


def _starts(parents: np.ndarray | Sequence[int], size: int) -> list[int]:
    return np.searchsorted(parents, np.arange(size + 1)).tolist()
