"""How the words of a noun phrase could be made to agree."""

from __future__ import annotations

from collections.abc import Iterator

from qa.finding import Edit
from qa.grammar import EVERY, cell_name, cells, specific
from qa.lexicon import Analysis
from qa.rules._agreement import Grammar
from qa.rules._phrase import Item, Phrase, follows
from qa.text import Block, Span

_FINITE = 0.6  # the share of a form's use as a finite verb that tells a verb from a noun


def verb_number(phrase: Phrase, block: Block, facts: Grammar) -> str:
    """The number of the finite verb whose subject the phrase is; "" where there is none right behind it."""
    if phrase.first and block.words[phrase.first - 1].text.lower() in facts.links:
        return ""
    numbers = {reading.number for reading in finite_behind(phrase, block, facts)}
    return numbers.pop() if len(numbers) == 1 else ""


def finite_behind(phrase: Phrase, block: Block, facts: Grammar) -> list[Analysis]:
    """What the word right behind a phrase, particles passed over, is as a finite verb; empty: it seldom is one."""
    words, at = block.words, phrase.after
    while at < len(words) and words[at].text in facts.particles and follows(block.prose, words[at - 1].end, words[at]):
        at += 1
    if at >= len(words) or not follows(block.prose, words[at - 1].end, words[at]):
        return []
    finite = [r for r in specific(facts.words.analyses(words[at].text)) if r.form == "fin" and r.pos in ("VERB", "AUX")]
    return finite if sum(r.share for r in finite) >= _FINITE else []


def repairs(phrase: Phrase, facts: Grammar) -> Iterator[tuple[int, tuple[Edit, ...]]]:
    """The smallest sets of edits that make the phrase agree, each with the cell it agrees in."""
    options: list[tuple[int, tuple[Edit, ...]]] = []
    for cell in cells(EVERY):
        changes: list[tuple[Edit, ...]] = [()]
        for at, item in enumerate(phrase.items):
            if not item.mask & cell:
                edits = [_inflection(item, form) for form in _inflected(phrase, at, cell, facts)]
                changes = [(*done, edit) for done in changes for edit in edits]
        options += [(cell, change) for change in changes if change]
    least = min((len(edits) for _, edits in options), default=0)
    seen: set[tuple[Edit, ...]] = set()
    for cell, change in options:
        if len(change) == least and change not in seen:
            seen.add(change)
            yield cell, change


def _inflected(phrase: Phrase, at: int, cell: int, facts: Grammar) -> list[str]:
    """The forms of an item for one cell."""
    item = phrase.items[at]
    if item.determiner is not None:
        return list(item.determiner.inflected(cell, facts.words.onset(phrase.items[at + 1].text)))
    gender, number = cell_name(cell)
    found = facts.words.inflect(item.text, gender=gender, number=number)
    return [form for form in found[:2] if form[:2].lower() == item.text[:2].lower()][:1]


def _inflection(item: Item, form: str) -> Edit:
    """The edit that writes a form in the item's place, with or without the space that an apostrophe takes."""
    form = form[:1].upper() + form[1:] if item.text[:1].isupper() else form
    elided = item.end - item.start > len(item.text)
    if form.endswith("'"):
        return Edit(Span(item.start, item.end + (not elided)), form)
    return Edit(Span(item.start, item.end), form + " " * elided)
