"""Words that a page shows as the names of things: commands, files, menu items.

Such a word is no leftover, there or elsewhere on the page: it stands in code, or fills an inline element by itself.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from qa.page import Page
from qa.rules._foreign import Run
from qa.text import Block, words_in


def is_term(block: Block, page: Page, run: Run) -> bool:
    """Whether the one word of a run names something on this page: it stands in code, or in an element of its own."""
    suspect, form = run.suspects[0], block.forms[run.first]
    if suspect is None:
        return False
    if len(run.suspects) > 1:
        return len(form) == 1 and form in page.derive(_terms).alone  # a key, a letter
    named = page.derive(_terms)
    return form in named.code or (not suspect.function and (form in named.alone or form in named.in_code))


class _Terms(NamedTuple):
    """What a page shows as names: whole code spans, the words within them, and words that fill an element."""

    code: frozenset[str]
    in_code: frozenset[str]
    alone: frozenset[str]


def _terms(page: Page) -> _Terms:
    code = {block.text[span.start : span.end] for block in page.blocks for span in block.opaque}
    alone = {form for block in page.blocks if block.boundaries for form in _alone(block)}
    return _Terms(frozenset(code), frozenset(word for text in code for word in words_in(text)), frozenset(alone))


def _alone(block: Block) -> Iterator[str]:
    """The words in small letters that fill an inline element by themselves."""
    opened: list[int] = []
    for boundary in block.boundaries:
        if boundary.opens:
            opened.append(boundary.position)
        elif opened:
            inner = block.prose[opened.pop() : boundary.position].strip()
            if len(inner) < len(block.prose) and inner.isalpha() and inner.islower():
                yield inner
