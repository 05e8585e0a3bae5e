"""The slots of a text: its numbers as printed, and the places that stayed empty."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

EMPTY = "XNUMX"

_QUOTED = r"""(?<=[“”„«‹‘’"'`])\s?XNUMX\s?(?=[“”»›’‘"'`])"""  # the token itself is the topic
_ADDRESS = r"(?:https?://|www\.)[^\s<>]+"
_TOKEN = re.compile(rf"{_ADDRESS}|{_QUOTED}|(?P<slot>XNUMX|[0-9]+(?:[.,][0-9]+)*)")


class Slot(NamedTuple):
    """A run of digits with its inner points and commas, or an empty slot (`printed` is None)."""

    start: int
    end: int
    printed: str | None


def slots(prose: str) -> Iterator[Slot]:
    """The slots of a text in order.  Web addresses have none, nor has a token that stands alone in quotes."""
    for match in _TOKEN.finditer(prose):
        if match.group("slot"):
            printed = match.group()
            yield Slot(match.start(), match.end(), None if printed == EMPTY else printed)


def damaged(prose: str) -> Iterator[tuple[Slot, ...]]:
    """The runs of slots that were filled together and ran out of numbers: filled ones, then empty ones.

    No number follows an empty slot of its own block.  Where one does, the text was two blocks (a table cell that
    lost its line break), and a new run begins.
    """
    run: list[Slot] = []
    for slot in slots(prose):
        if slot.printed is not None and run and run[-1].printed is None:
            yield tuple(run)
            run = []
        run.append(slot)
    if run and run[-1].printed is None:
        yield tuple(run)
