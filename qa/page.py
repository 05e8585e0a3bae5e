"""A page: all the blocks that are judged together, in one language.

A page is one text: what it uses ten times is a name, one certain mark of machine translation makes the next
likelier, and its source language is guessed once.  Rules read such facts through `Page.derive`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, TypeVar

from qa.language import Language
from qa.text import Block

T = TypeVar("T")


@dataclass(frozen=True, eq=False)
class Page:
    """The blocks of one document, and the language in which they are judged.

    `source_language` is what the user says the page was translated from, if known.
    """

    blocks: tuple[Block, ...]
    language: Language
    source_language: str | None = None
    languages: tuple[str, ...] = ()  # the candidates for leftovers and for identification
    checkpoint: str = ""  # the folder of a seq2seq model of the user's own, for the rule `model`
    _known: dict[Any, Any] = field(default_factory=dict, repr=False)

    def derive(self, function: Callable[[Page], T]) -> T:
        """`function(self)`, computed once for the page."""
        if function not in self._known:
            self._known[function] = function(self)
        return self._known[function]

    @cached_property
    def vocabulary(self) -> Counter[str]:
        """How often each word stands on the page, as written."""
        return Counter(form for block in self.blocks for form in block.forms)
