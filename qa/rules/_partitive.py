"""One of several: "one of the most prominent newspaper" has its noun in the singular."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from qa.finding import Edit
from qa.grammar import EVERY, PLURAL
from qa.rules._agreement import Grammar
from qa.rules._phrase import follows, whole
from qa.text import Block, Span, Word

_LONGEST = 6  # words from the superlative to the noun
_NOUN = 0.8  # the share of its use as a noun


class Partitive(NamedTuple):
    """The words from "of" to the noun, and the noun in the plural."""

    first: Word
    noun: Word
    edits: tuple[Edit, ...]


def partitives(block: Block, facts: Grammar) -> Iterator[Partitive]:
    """Superlatives behind "one of the" with a noun that can only be singular."""
    opening = facts.partitive
    if not opening:
        return
    texts = block.forms
    for index in block.where(opening[0]):
        if index >= len(texts) - len(opening) - 1:
            break
        if not all(texts[index + at] in forms for at, forms in enumerate(opening)):
            continue
        noun = _noun(block, index + len(opening) - 1, facts)
        if noun is None:
            continue
        for form in facts.words.inflect(noun.text, number="pl", pos="NOUN")[:1]:
            yield Partitive(block.words[index + 1], noun, (Edit(Span(noun.start, noun.end), form),))


def _noun(block: Block, superlative: int, facts: Grammar) -> Word | None:
    """The singular noun that ends the phrase, or None."""
    words, text, at = block.words, block.prose, superlative
    while at + 1 < len(words) and at - superlative < _LONGEST and follows(text, words[at].end, words[at + 1]):
        role = facts.role(words[at + 1].text)
        if role.noun_share + role.adjective_share < _NOUN or not words[at + 1].text.islower():
            break
        at += 1
    noun = words[at]
    if at == superlative or not whole(text, noun):
        return None
    role = facts.role(noun.text)
    open_end = at + 1 < len(words) and follows(text, noun.end, words[at + 1])
    if open_end and (facts.role(words[at + 1].text).nominal or words[at + 1].text[0].isupper()):
        return None
    cells = facts.cells_of(noun.text, role.noun)
    return noun if role.noun_share >= _NOUN and cells != EVERY and not cells & PLURAL else None
