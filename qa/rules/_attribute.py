"""A subject, a copula and an attribute that does not agree with the subject."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from qa.finding import Edit
from qa.grammar import bits, cell_name, cells
from qa.rules._agreement import Grammar
from qa.rules._phrase import follows, phrase_at
from qa.text import Block, Span, Word

_NOISE = 0.05
_LONGEST = 4  # words of a subject
_STARTS = '.;:!?—–«»“”"(,…'


@dataclass(frozen=True, slots=True)
class Clause:
    """A subject that ends at `copula`, and the attribute behind it: words of a block."""

    subject: Word
    copula: Word
    attribute: Word
    mask: int  # the cells that subject and copula leave open


def clauses(block: Block, facts: Grammar) -> Iterator[Clause]:
    """The clauses whose attribute cannot agree with the subject."""
    words, text = block.words, block.prose
    for index in range(1, len(words) - 1):
        number = facts.copulas.get(words[index].text)
        if number is None:
            continue
        at = index + 1
        while at < len(words) and words[at].text in facts.adverbs and follows(text, words[at - 1].end, words[at]):
            at += 1
        if at == len(words) or not follows(text, words[at - 1].end, words[at]):
            continue
        attribute = words[at]
        role = facts.role(attribute.text)
        if not role.adjective or not attribute.text.islower() or not role.adjective & ~bits("", number):
            continue
        if role.adjective_share < 1 - _NOISE or attribute.text in facts.invariable or not _ends(words, text, at, facts):
            continue
        found = _subject(block, index, facts)
        if found is None:
            continue
        subject, mask = found
        mask &= bits("", number)
        if mask and not mask & role.adjective and not facts.counts.count(words[at - 1].text, attribute.text) > 50:
            yield Clause(subject, words[index], attribute, mask)


def _ends(words: tuple[Word, ...], text: str, at: int, facts: Grammar) -> bool:
    """Whether no further word of the phrase follows the attribute."""
    end = words[at].end
    if text[end : end + 1] in ("-", "'", "’", "‑"):
        return False
    if at + 1 == len(words) or not follows(text, end, words[at + 1]):
        return True
    role = facts.role(words[at + 1].text)
    return not role.nominal or words[at + 1].text in facts.spelled


def _subject(block: Block, index: int, facts: Grammar) -> tuple[Word, int] | None:
    """The subject that ends right before the word `index`: its last word, and its cells."""
    words, text = block.words, block.prose
    before = words[index - 1]
    if not follows(text, before.end, words[index]):
        return None
    if before.text.lower() in facts.subjects:
        if index > 1 and text[before.start - 1 : before.start] == "-":
            return None
        return before, facts.subjects[before.text.lower()]
    for first in range(max(0, index - _LONGEST), index):
        if words[first].text not in facts.spelled:
            continue
        phrase = phrase_at(block, first, facts)
        if phrase is None or phrase.head < 0 or phrase.after != index or not _opens(block, first, facts):
            continue
        noun = phrase.items[phrase.head]
        mask = facts.cells_of(noun.text, noun.mask)
        for item in phrase.items:
            mask &= item.mask
        if mask and noun.role is not None and noun.role.noun_share > 1 - _NOISE:
            return before, mask
    return None


def _opens(block: Block, first: int, facts: Grammar) -> bool:
    """Whether a clause begins with the word `first`."""
    before = block.prose[: block.words[first].start].rstrip()
    return not before or before[-1] in _STARTS or block.words[first - 1].text.lower() in facts.openers


def repaired(clause: Clause, facts: Grammar) -> Iterator[tuple[int, tuple[Edit, ...]]]:
    """The attribute inflected: (cell, edits)."""
    for cell in cells(clause.mask):
        gender, number = cell_name(cell)
        word = clause.attribute
        for form in facts.words.inflect(word.text, gender=gender, number=number)[:1]:
            if form[:2] == word.text[:2]:
                yield cell, (Edit(Span(word.start, word.end), form),)
