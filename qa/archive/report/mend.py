"""Repairs of an archive: copies of its pages with the repairs, and patches for whoever keeps the originals.

The inputs are never written.  A page is repaired as `qa fix` repairs a file: in rounds, verified, with what is refused
left as it was.  The patch of a page are edits of its original text, to be applied all at once.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from hashlib import sha256
from itertools import accumulate
from typing import Any

from qa.archive.originals import Past, Row, originals
from qa.archive.record import Record
from qa.finding import Edit, Safety
from qa.fixer import Fixed, fix
from qa.text import Span

_WORD = re.compile(r"\S+\s*|\s+")


@dataclass(frozen=True, slots=True)
class Mended:
    """A page that was repaired: its record, what came of it, and the edits that lead from one to the other."""

    record: Record
    fixed: Fixed
    edits: tuple[Edit, ...]

    def patch(self) -> dict[str, Any]:
        """The edits as an importer takes them, with the digest of the text they are for (UTF-8, SHA-256)."""
        text = self.record.text
        return {
            "record": self.record.id,
            "source": self.record.source,
            "url": self.record.url,
            "sha256": sha256(text.encode("utf-8", "surrogatepass")).hexdigest(),
            "rules": sorted({each.rule for each in self.fixed.applied}),
            "edits": [
                {
                    "start": each.span.start,
                    "end": each.span.end,
                    "text": text[each.span.start : each.span.end],
                    "replacement": each.text,
                }
                for each in self.edits
            ],
        }


def mended(run: Past, level: Safety) -> Iterator[Mended]:
    """The pages of a run that repairs up to `level` change.  Raises QaError, also where the inputs have changed."""
    levels = {str(Safety.SAFE)} if level is Safety.SAFE else {str(Safety.SAFE), str(Safety.REVIEW)}

    def repairable(row: Row) -> bool:
        return any(each["safety"] in levels for each in row["findings"])

    for row, record in originals(run, repairable):
        options = replace(run.options, language=row["language"])
        fixed = fix(record.text, syntax=record.syntax, options=options, level=level)
        if fixed.text != record.text:
            yield Mended(record, fixed, difference(record.text, fixed.text))


def difference(old: str, new: str) -> tuple[Edit, ...]:
    """The edits that make one text the other, in order and apart from each other: whole words, cut to what changes."""
    before, after = _WORD.findall(old), _WORD.findall(new)
    starts = list(accumulate(map(len, before), initial=0))
    edits = []
    for what, first, last, begin, end in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if what != "equal":
            edits.append(_cut(starts[first], "".join(before[first:last]), "".join(after[begin:end])))
    return tuple(edits)


def _cut(start: int, old: str, new: str) -> Edit:
    """The edit without what both texts begin and end with."""
    head = _alike(old, new)
    tail = _alike(old[head:][::-1], new[head:][::-1])
    return Edit(Span(start + head, start + len(old) - tail), new[head : len(new) - tail])


def _alike(a: str, b: str) -> int:
    """How many characters two texts have in common from the start."""
    return next((place for place, (x, y) in enumerate(zip(a, b, strict=False)) if x != y), min(len(a), len(b)))
