"""A subject, a copula and an attribute that does not agree with the subject."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from qa.finding import Edit
from qa.grammar import bits, cell_name, cells, other_number
from qa.rules._agreement import Grammar
from qa.rules._phrase import SPACES, follows
from qa.rules._roles import Role
from qa.rules._subject import distant_subject, noun_subject
from qa.text import Block, Span, Word

_NOISE = 0.05
_PARTICIPLE = 0.5  # of an adjective's uses


class Clause(NamedTuple):
    """A subject that ends at `copula`, and the attribute behind it: words of a block."""

    subject: Word
    copula: Word
    attribute: Word
    mask: int  # the cells that subject and copula leave open


def clauses(block: Block, facts: Grammar) -> Iterator[Clause]:
    """The clauses whose attribute cannot agree with the subject."""
    words, text, forms, gaps = block.words, block.prose, block.forms, block.gaps
    for index in block.where(facts.copulas):
        if not index:
            continue
        number = facts.copulas[block.forms[index]]
        at = index + 1
        while at < len(forms) and forms[at] in facts.adverbs and gaps[at] in SPACES:
            at += 1
        if at == len(forms) or gaps[at] not in SPACES:
            continue
        role = facts.role(forms[at])
        if role.adjective_share < 1 - _NOISE or not role.adjective or not forms[at].islower():
            continue
        attribute = words[at]
        if attribute.text in facts.invariable or not _ends(words, text, at, facts):
            continue
        found = _subject(block, index, facts) or _copula(words[index], number, role, facts)
        if found is None:
            continue
        subject, mask = found
        mask &= bits("", number)
        if mask and not mask & role.adjective:
            yield Clause(subject, words[index], attribute, mask)


def _ends(words: Sequence[Word], text: str, at: int, facts: Grammar) -> bool:
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
    before = block.words[index - 1]
    if not follows(block.prose, before.end, block.words[index]):
        return None
    cells_ = facts.subjects.get(before.text.lower())
    if cells_ is not None:
        return None if block.prose[before.start - 1 : before.start] == "-" else (before, cells_)
    found = noun_subject(block, index, facts) or distant_subject(block, index, facts)
    return (before, found[1]) if found and found[0] not in facts.circumstances else None


def _copula(copula: Word, number: str, attribute: Role, facts: Grammar) -> tuple[Word, int] | None:
    """The copula in the place of a subject that stands elsewhere: a participle has its number ("were published")."""
    plain = number == "pl" and copula.text not in facts.first_person
    return (copula, other_number(attribute.adjective)) if plain and attribute.participle_share > _PARTICIPLE else None


def repaired(clause: Clause, facts: Grammar) -> Iterator[tuple[int, tuple[Edit, ...]]]:
    """The attribute inflected: (cell, edits)."""
    for cell in cells(clause.mask):
        gender, number = cell_name(cell)
        word = clause.attribute
        for form in facts.words.inflect(word.text, gender=gender, number=number)[:1]:
            if form[:2] == word.text[:2]:
                yield cell, (Edit(Span(word.start, word.end), form),)
