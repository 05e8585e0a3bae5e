"""The slots of a text: its numbers as printed, and the places that stayed empty."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

EMPTY = "XNUMX"

_QUOTED = r"""(?<=[“”„«‹‘’"'`])\s?XNUMX\s?(?=[“”»›’‘"'`])"""  # the token itself is the topic
_ADDRESS = r"(?:https?://|www\.)[^\s<>]+"
_TOKEN = re.compile(rf"{_ADDRESS}|(?P<quoted>{_QUOTED})|(?P<slot>XNUMX|[0-9]+(?:[.,][0-9]+)*)")


class Slot(NamedTuple):
    """A run of digits with its inner points and commas, or an empty slot (`printed` is None)."""

    start: int
    end: int
    printed: str | None


def slots(prose: str) -> Iterator[Slot]:
    """The slots of a text in order.

    Web addresses have none, nor has a token that stands alone in quotes where no other one stands in the text.
    """
    tokens = [match for match in _TOKEN.finditer(prose) if match.lastgroup]
    topic = not any(match.group() == EMPTY and match.lastgroup == "slot" for match in tokens)
    for match in tokens:
        if match.lastgroup == "slot" or not topic:
            text = match.group().strip()
            start = match.start() + match.group().index(text)
            yield Slot(start, start + len(text), None if text == EMPTY else text)


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
