"""Planted defects: recall and repair@1 of the rules on clean sentences that one operator has damaged.

The sentences are held-out ones; the damage is made by `models.corrupt`, which models how each defect comes about.
"""

from __future__ import annotations

import random
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice, zip_longest
from pathlib import Path

import qa
from models.corrupt import Damage, Operator
from qa.devtools.corpora import heldout_sentences, parts_of
from qa.evaluation import levelled
from qa.rewrite import apply


@dataclass(slots=True)
class Cell:
    """One operator in one language."""

    planted: int = 0
    detected: int = 0  # a finding overlaps the planted defect
    repaired: int = 0  # the first suggestions on it restore the clean sentence
    elsewhere: int = 0  # findings that touch no planted defect


def measure(operator: Operator, data: Path, code: str, wanted: int, seed: int = 0) -> tuple[Cell, list[str]]:
    """The figures of one cell over up to `wanted` planted defects, and the sentences that were missed."""
    cell, missed = Cell(), []
    for damage in planted(operator, data, code, wanted, seed):
        diagnostics = qa.check(damage.text, options=qa.Options(language=code)).diagnostics
        span = qa.Span(damage.start, damage.end)
        hits = [d for d in diagnostics if touches(d.span, span)]
        cell.planted += 1
        cell.detected += bool(hits)
        cell.elsewhere += len(diagnostics) - len(hits)
        edits = [edit for d in hits if d.fixes for edit in d.fixes[0].edits]
        if hits and levelled(apply(damage.text, edits)) == levelled(damage.clean):
            cell.repaired += 1
        else:
            mark = f"⟦{damage.text[damage.start : damage.end]}⟧ ← {damage.original!r}"
            missed.append(damage.text[: damage.start] + mark + damage.text[damage.end :])
    return cell, missed


def planted(operator: Operator, data: Path, code: str, wanted: int, seed: int) -> Iterator[Damage]:
    """Up to `wanted` damaged sentences of a language, its parts of the corpora in turn."""
    rng = random.Random(zlib.crc32(f"{code}{seed}".encode()))
    streams = [heldout_sentences(data, code, part) for part in parts_of(data, code)]
    damaged = (operator(sentence, code, rng) for sentence in _in_turn(streams))
    yield from islice((damage for damage in damaged if damage and damage.text != damage.clean), wanted)


def _in_turn(streams: list[Iterator[str]]) -> Iterator[str]:
    """One sentence of each stream after the other, until all have ended."""
    for row in zip_longest(*streams):
        yield from (sentence for sentence in row if sentence is not None)


def touches(a: qa.Span, b: qa.Span) -> bool:
    """Whether two spans overlap, or one is empty and lies in or at the other."""
    if a.start == a.end or b.start == b.end:
        return a.start <= b.end and b.start <= a.end
    return a.start < b.end and b.start < a.end
