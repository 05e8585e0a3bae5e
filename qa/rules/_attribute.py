"""A subject, a copula and an attribute that does not agree with the subject."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from qa.finding import Edit
from qa.grammar import bits, cell_name, cells, other_number
from qa.rules._agreement import Grammar
from qa.rules._doubts import ADJECTIVAL, DETERMINER
from qa.rules._phrase import SPACES
from qa.rules._subject import FARTHEST, distant_subject, noun_subject
from qa.text import Block, Span, Word

_NOISE = 0.05
_PARTICIPLE = 0.5  # of an adjective's uses


class Clause(NamedTuple):
    """A subject that ends at `copula`, and the attribute behind it: words of a block."""

    subject: Word
    copula: Word
    attribute: Word
    mask: int  # the cells that subject and copula leave open


def clauses(block: Block, row: bytes, facts: Grammar) -> Iterator[Clause]:
    """The clauses whose attribute cannot agree with the subject; `row` holds the classes of the block's words."""
    forms, gaps = block.forms, block.gaps
    for index in block.where(facts.copulas):
        if not index:
            continue
        at = index + 1
        while at < len(forms) and forms[at] in facts.adverbs and gaps[at] in SPACES:
            at += 1
        if at == len(forms) or row[at] not in ADJECTIVAL or gaps[at] not in SPACES:
            continue
        role = facts.outline(forms[at])
        if role.adjective_share < 1 - _NOISE or not role.adjective or not forms[at].islower():
            continue
        if forms[at] in facts.invariable or not _ends(block, at, facts):
            continue
        subject, mask = index - 1, _subject(block, index, row, facts)
        if mask is None:
            subject, mask = index, _copula(forms[index], forms[at], facts)
        mask &= bits("", facts.copulas[forms[index]])
        if mask and not mask & role.adjective and not mask & facts.role(forms[at]).adjective:
            yield Clause(block.words[subject], block.words[index], block.words[at], mask)


def _ends(block: Block, at: int, facts: Grammar) -> bool:
    """Whether no further word of the phrase follows the attribute."""
    gap = block.gaps[at + 1]
    if gap[:1] in ("-", "'", "’", "‑"):
        return False
    if at + 1 == len(block.forms) or gap not in SPACES:
        return True
    after = block.forms[at + 1]
    return not facts.outline(after).nominal or after in facts.spelled


def _subject(block: Block, index: int, row: bytes, facts: Grammar) -> int | None:
    """The cells of the subject that ends right before the word `index`."""
    if block.gaps[index] not in SPACES:
        return None
    before = block.forms[index - 1]
    cells_ = facts.subjects.get(before.lower())
    if cells_ is not None:
        return None if block.gaps[index - 1][-1:] == "-" else cells_
    if max(row[max(0, index - FARTHEST) : index]) < DETERMINER:
        return None
    if not (facts.outline(before).nominal or before[0].isupper() or _links(before, facts)):
        return None  # no noun phrase ends in it
    found = noun_subject(block, index, facts) or distant_subject(block, index, facts)
    return found[1] if found and found[0] not in facts.circumstances else None


def _links(form: str, facts: Grammar) -> bool:
    """Whether the form is a determiner or a preposition."""
    return form.lower() in facts.links or form.lower() in facts.spelled


def _copula(copula: str, attribute: str, facts: Grammar) -> int:
    """The cells of a subject that stands elsewhere: a participle has the copula's number ("were published")."""
    plain = facts.copulas[copula] == "pl" and copula not in facts.first_person
    if not plain or facts.outline(attribute).participle_share <= _PARTICIPLE:
        return 0
    return other_number(facts.role(attribute).adjective)


def repaired(clause: Clause, facts: Grammar) -> Iterator[tuple[int, tuple[Edit, ...]]]:
    """The attribute inflected: (cell, edits)."""
    for cell in cells(clause.mask):
        gender, number = cell_name(cell)
        word = clause.attribute
        for form in facts.words.inflect(word.text, gender=gender, number=number)[:1]:
            if form[:2] == word.text[:2]:
                yield cell, (Edit(Span(word.start, word.end), form),)
