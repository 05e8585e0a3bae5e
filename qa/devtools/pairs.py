"""Planted defects: recall and repair@1 of the rules on clean sentences that one operator has damaged.

The sentences are held-out ones; the damage is made by `models.corrupt`, which models how each defect comes about.
"""

from __future__ import annotations

import random
import zlib
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice, zip_longest
from pathlib import Path

import qa
from models.corrupt import Damage, Operator, operators
from qa.devtools.corpora import heldout_sentences, parts_of
from qa.evaluation import levelled
from qa.finding import Diagnostic
from qa.rewrite import apply

PASSES = 3  # over the sentences of a language, at most


@dataclass(slots=True)
class Cell:
    """One operator in one language."""

    planted: int = 0
    detected: int = 0  # a finding overlaps the planted defect
    repaired: int = 0  # the first suggestions on it restore the clean sentence
    elsewhere: int = 0  # findings that touch no planted defect and that the clean sentence does not have

    @property
    def recall(self) -> float:
        """The share of the planted defects that were found."""
        return self.detected / self.planted

    @property
    def repair_first(self) -> float:
        """The share of the planted defects that the first suggestions undo."""
        return self.repaired / self.planted


def measure(operator: Operator, data: Path, code: str, wanted: int, seed: int = 0) -> tuple[Cell, list[str]]:
    """The figures of one cell over up to `wanted` planted defects, and the sentences that were missed."""
    cell, missed = Cell(), []
    for damage in planted(operator, data, code, wanted, seed):
        diagnostics = _found(damage.text, code)
        span = qa.Span(damage.start, damage.end)
        hits = [d for d in diagnostics if touches(d.span, span)]
        cell.planted += 1
        cell.detected += bool(hits)
        if len(hits) < len(diagnostics):
            brought = Counter((d.rule, d.text) for d in diagnostics if d not in hits)
            cell.elsewhere += (brought - Counter((d.rule, d.text) for d in _found(damage.clean, code))).total()
        edits = [edit for d in hits if d.fixes for edit in d.fixes[0].edits]
        if hits and levelled(apply(damage.text, edits)) == levelled(damage.clean):
            cell.repaired += 1
        else:
            mark = f"⟦{damage.text[damage.start : damage.end]}⟧ ← {damage.original!r}"
            missed.append(damage.text[: damage.start] + mark + damage.text[damage.end :])
    return cell, missed


def _found(text: str, code: str) -> Sequence[Diagnostic]:
    return qa.check(text, options=qa.Options(language=code)).diagnostics


def planted(operator: Operator, data: Path, code: str, wanted: int, seed: int) -> Iterator[Damage]:
    """Up to `wanted` damaged sentences of a language, its parts of the corpora in turn.

    Where one pass over the sentences gives too few, the next ones damage them in other places.
    """
    rng = random.Random(zlib.crc32(f"{code}{seed}".encode()))
    sentences = list(_in_turn([heldout_sentences(data, code, part) for part in parts_of(data, code)]))
    yield from islice(_different(operator, sentences, code, rng), wanted)


def _different(operator: Operator, sentences: Sequence[str], code: str, rng: random.Random) -> Iterator[Damage]:
    seen: set[str] = set()
    for _ in range(PASSES):
        places = []  # only sentences that offer a place are tried again
        for sentence in sentences:
            damage = operator(sentence, code, rng)
            if damage is None or damage.text == damage.clean:
                continue
            places.append(sentence)
            if damage.text not in seen:
                seen.add(damage.text)
                yield damage
        sentences = places


def _in_turn(streams: Sequence[Sequence[str]]) -> Iterator[str]:
    """One sentence of each stream after the other, until all have ended."""
    for row in zip_longest(*streams):
        yield from (sentence for sentence in row if sentence is not None)


def touches(a: qa.Span, b: qa.Span) -> bool:
    """Whether two spans overlap, or one is empty and lies in or at the other."""
    if a.start == a.end or b.start == b.end:
        return a.start <= b.end and b.start <= a.end
    return a.start < b.end and b.start < a.end


def rule_operators() -> dict[str, Operator]:
    """The operators whose defects a rule is to find; the others train the corrector."""
    return {name: run for name, run in operators().items() if not name.startswith("node-")}


def page(cells: Mapping[tuple[str, str], Cell], wanted: int) -> str:
    """docs/planted.md: (operator, language) → its figures, as two tables."""
    names, codes = (list(dict.fromkeys(key)) for key in zip(*sorted(cells), strict=True))
    lines = [
        "# Planted defects\n",
        f"Written by `python -m qa.devtools pairs --wanted {wanted} --record`. Each operator of `models/corrupt`",
        "plants the defect that the rule of its name is to find into sentences that nothing was learnt from",
        f"(`models/heldout.py`), one in each, up to {wanted} for each language. `displaced-code` and",
        "`code-before-noun` have no operator: which words of a clean sentence could have been code cannot be told.\n",
        "## Found / repaired by the first suggestion, in %\n",
        "A figure in brackets rests on that many sentences: there are no more places for the defect. – means that the",
        "language does not have it.\n",
        _head("operator", codes),
    ]
    lines += [_row(name, [_shares(cells.get((name, code)), wanted) for code in codes]) for name in names]
    lines += [
        "\n## Findings elsewhere\n",
        "Findings that the defect brought but that do not touch it, among all the sentences of a row.\n",
        _head("operator", codes),
    ]
    lines += [_row(name, [_elsewhere(cells.get((name, code))) for code in codes]) for name in names]
    return "\n".join(lines) + "\n"


def _head(first: str, codes: Sequence[str]) -> str:
    return _row(first, codes) + "\n|---|" + "---:|" * len(codes)


def _row(first: str, rest: Sequence[str]) -> str:
    return f"| {first} | " + " | ".join(rest) + " |"


def _shares(cell: Cell | None, wanted: int) -> str:
    if cell is None:
        return "–"
    few = f" ({cell.planted})" if cell.planted < wanted else ""
    return f"{100 * cell.recall:.0f} / {100 * cell.repair_first:.0f}{few}"


def _elsewhere(cell: Cell | None) -> str:
    return "–" if cell is None else str(cell.elsewhere)
