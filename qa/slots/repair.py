"""The edits that lay the numbers of a damaged run back into their places."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

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


def fixes(block: Block, page: Page, run: Sequence[Slot]) -> tuple[Fix, ...]:
    """The readings of a run as fixes, best first; safe where there is exactly one, none where nothing explains it."""
    form = number_format(page.language.locale)
    known = [page.derive(seen).known(block.prose, slot) for slot in run]
    found = readings(block.prose, run, page.language.derive(joins), form.groups_by_space, known)
    if not found:
        return ()
    best = found[0]
    safety = Safety.SAFE if len(found) == 1 and best.cost < _ODD and best.certain else Safety.REVIEW
    return tuple(
        Fix("put the numbers back in their places", tuple(_edits(block, page, run, reading)), safety)
        for reading in found[:_OFFERED]
        if reading.cost < best.cost + _RIVAL
    )


def named(block: Block, page: Page, holes: Sequence[Slot]) -> tuple[Fix, ...]:
    """A fix for empty slots that all belong to names which the page has whole: "7" for "XNUMX-Zip"."""
    known = page.derive(seen)
    texts = [known.only(block.prose, hole) for hole in holes]
    edits = tuple(Edit(Span(hole.start, hole.end), text) for hole, text in zip(holes, texts, strict=True) if text)
    whole = len(edits) == len(holes)
    return (Fix("write the name as elsewhere on the page", edits, Safety.REVIEW),) if whole else ()


def _edits(block: Block, page: Page, run: Sequence[Slot], reading: Reading) -> Iterator[Edit]:
    """An edit for each source number that stands wrong."""
    mark = _decimal_mark(page, reading)
    for group in reading.groups:
        span = Span(run[group.first].start, run[group.last - 1].end)
        text = _written(block.prose, page, run[group.first : group.last], group, mark)
        if text != block.prose[span.start : span.end]:
            yield Edit(span, text)


def _written(prose: str, page: Page, places: Sequence[Slot], group: Group, mark: str | None) -> str:
    """The text of a group: its slots filled, its gaps kept, except the separators inside of one number."""
    texts = list(group.shape.texts)
    if group.shape.decimal and mark:
        texts[-1] = texts[-1].replace(group.shape.decimal, mark)
    gaps = [prose[before.end : after.start] for before, after in pairwise(places)]
    if group.shape.whole:  # the language's own separator, but a no-break space of the text stays
        own = number_format(page.language.locale).group
        gaps = [next((gap for gap in gaps if gap in NO_BREAK), own)] * len(gaps)
    return "".join([texts[0], *(gap + text for gap, text in zip(gaps, texts[1:], strict=True))])


def _decimal_mark(page: Page, reading: Reading) -> str | None:
    """The decimal mark for numbers written anew: the language's.

    None, the source's as printed, where the page has only that in other numbers and it cannot be read as grouping.
    """
    form = number_format(page.language.locale)
    single = (group.shape.texts[0] for group in reading.groups if not group.shape.whole)
    marks = page.derive(seen).decimals | {printed(text).decimal for text in single}
    return None if form.groups_by_space and marks - {""} and form.decimal not in marks else form.decimal
