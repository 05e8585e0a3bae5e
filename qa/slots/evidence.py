"""What the undamaged rest of a page says about a number: names and figures that stand there whole."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping
from typing import NamedTuple

from qa.page import Page
from qa.slots.printed import printed
from qa.slots.tokens import EMPTY, Slot, slots

_BEFORE = re.compile(r"[^\W\d_]+[-+]?$")  # letters attached on the left: "DDR", "Qwen-"
_AFTER = re.compile(r"[-+]?[^\W\d_]+")  # letters attached on the right: "B", "-Zip"
_WORD_BEFORE = re.compile(r"([^\W\d_]{2,})[ \u00a0\u202f]$")
_NEAR = 24

Context = tuple[str, str]

_SAME_NAME = -2.0  # the very name stands elsewhere: "DDR5"
_OTHER_NAME = 0.5  # the name stands elsewhere, with other numbers only
_SAME_WORD = -0.7  # the word before stands elsewhere before this number: "Xeon 6"


class Known(NamedTuple):
    """The numbers that stand elsewhere in the same name, and behind the same word."""

    named: frozenset[str]
    worded: frozenset[str]

    def cost(self, text: str) -> float:
        """How much likelier (negative) the page makes `text` in the slot, in nats."""
        cost = 0.0
        if self.named:
            cost += _SAME_NAME if text in self.named else _OTHER_NAME
        if text in self.worded:
            cost += _SAME_WORD
        return cost


class Seen(NamedTuple):
    """The numbers of undamaged blocks, by the letters attached to them and by the word before them.

    `decimals` are the decimal marks in use.
    """

    names: Mapping[Context, frozenset[str]]
    words: Mapping[str, frozenset[str]]
    decimals: frozenset[str]

    def known(self, prose: str, slot: Slot) -> Known:
        """What the page says about one slot."""
        name, word = _context(prose, slot)
        return Known(self.names.get(name, frozenset()), self.words.get(word, frozenset()))

    def only(self, prose: str, slot: Slot) -> str | None:
        """The number that a name always has on this page: "7" for "XNUMX-Zip" where "7-Zip" stands too."""
        name, _ = _context(prose, slot)
        numbers = self.names.get(name, frozenset())
        return next(iter(numbers)) if len(numbers) == 1 and len("".join(name).strip("-+")) > 1 else None


def seen(page: Page) -> Seen:
    """The page's own numbers."""
    names: dict[Context, set[str]] = defaultdict(set)
    words: dict[str, set[str]] = defaultdict(set)
    decimals: set[str] = set()
    for block in page.blocks:
        if EMPTY in block.prose:
            continue
        for slot in slots(block.prose):
            name, word = _context(block.prose, slot)
            number = slot.printed or ""
            decimals.add(printed(number).decimal)
            if any(name):
                names[name].add(number)
            if word:
                words[word].add(number)
    return Seen(
        {name: frozenset(numbers) for name, numbers in names.items()},
        {word: frozenset(numbers) for word, numbers in words.items()},
        frozenset(decimals),
    )


def _context(prose: str, slot: Slot) -> tuple[Context, str]:
    left, right = prose[max(0, slot.start - _NEAR) : slot.start], prose[slot.end : slot.end + _NEAR]
    before, after, word = _BEFORE.search(left), _AFTER.match(right), _WORD_BEFORE.search(left)
    return (before.group() if before else "", after.group() if after else ""), word.group(1) if word else ""
