"""The edits that lay the numbers of a damaged run back into their places."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

from qa.finding import Edit, Fix, Safety
from qa.numbers import NO_BREAK, number_format
from qa.page import Page
from qa.slots.assign import Group, Reading, readings
from qa.slots.evidence import seen
from qa.slots.joins import joins
from qa.slots.printed import printed
from qa.slots.tokens import Slot
from qa.text import Block, Span

_OFFERED = 3  # readings shown
_RIVAL = 8.0  # nats: a reading this much dearer than the best is not offered
_ODD = 6.0  # nats: a single reading dearer than this is not safe


class Repair(NamedTuple):
    """The numbers that stand wrong, whole, from the first to the last, and the fix; `numbers` counts them."""

    span: Span
    fix: Fix
    numbers: int


def repairs(block: Block, page: Page, run: Sequence[Slot]) -> list[Repair]:
    """The readings of a run as fixes, best first; safe where there is exactly one, none where nothing explains it."""
    form = number_format(page.language)
    known = [page.derive(seen).known(block.prose, slot) for slot in run]
    found = readings(block.prose, run, page.language.derive(joins), form.groups_by_space, known)
    if not found:
        return []
    best = found[0]
    safety = Safety.SAFE if len(found) == 1 and best.cost < _ODD and best.certain else Safety.REVIEW
    return [
        _repair(block, page, run, reading, safety) for reading in found[:_OFFERED] if reading.cost < best.cost + _RIVAL
    ]


def _repair(block: Block, page: Page, run: Sequence[Slot], reading: Reading, safety: Safety) -> Repair:
    mark = _decimal_mark(page, reading)
    wrong, edits = [], []
    for group in reading.groups:
        places = run[group.first : group.last]
        if changes := list(_edits(block.prose, page, places, group, mark)):
            wrong.append(Span(places[0].start, places[-1].end))
            edits += changes
    fix = Fix("put the numbers back in their places", tuple(edits), safety)
    return Repair(Span(wrong[0].start, wrong[-1].end), fix, len(wrong))


def named(block: Block, page: Page, holes: Sequence[Slot]) -> tuple[Fix, ...]:
    """A fix for empty slots that all belong to names which the page has whole: "7" for "XNUMX-Zip"."""
    known = page.derive(seen)
    texts = [known.only(block.prose, hole) for hole in holes]
    edits = tuple(Edit(Span(hole.start, hole.end), text) for hole, text in zip(holes, texts, strict=True) if text)
    whole = len(edits) == len(holes)
    return (Fix("write the name as elsewhere on the page", edits, Safety.REVIEW),) if whole else ()


def _edits(prose: str, page: Page, places: Sequence[Slot], group: Group, mark: str | None) -> Iterator[Edit]:
    """The slots of a group filled, and inside of one number its separators: each by an edit of its own.

    Slots and gaps may stand in different text nodes ("50 <b>XNUMX</b>").  A no-break space of the text stays.
    """
    texts = list(group.shape.texts)
    if group.shape.decimal and mark:
        texts[-1] = texts[-1].replace(group.shape.decimal, mark)
    pieces = [(Span(place.start, place.end), text) for place, text in zip(places, texts, strict=True)]
    if group.shape.whole:
        gaps = [Span(before.end, after.start) for before, after in pairwise(places)]
        own = number_format(page.language).group
        separator = next((prose[g.start : g.end] for g in gaps if prose[g.start : g.end] in NO_BREAK), own)
        pieces += [(gap, separator) for gap in gaps]
    for span, text in sorted(pieces):
        if prose[span.start : span.end] != text:
            yield Edit(span, text)


def _decimal_mark(page: Page, reading: Reading) -> str | None:
    """The decimal mark for numbers written anew: the language's.

    None, the source's as printed, where the page has only that in other numbers and it cannot be read as grouping.
    """
    form = number_format(page.language)
    single = (group.shape.texts[0] for group in reading.groups if not group.shape.whole)
    marks = page.derive(seen).decimals | {printed(text).decimal for text in single}
    return None if form.groups_by_space and marks - {""} and form.decimal not in marks else form.decimal
