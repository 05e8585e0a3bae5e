"""A subject, a copula and an attribute that does not agree with the subject."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from qa.finding import Edit
from qa.grammar import bits, cell_name, cells, other_number
from qa.rules._agreement import Grammar
from qa.rules._doubts import DETERMINER
from qa.rules._phrase import SPACES
from qa.rules._roles import Role
from qa.rules._subject import FARTHEST, distant_subject, noun_subject, opens
from qa.text import Block, Span, Word

_NOISE = 0.05
_PARTICIPLE = 0.5  # of an adjective's uses
_NOUN, _MOSTLY, _SOME = 0.15, 0.8, 0.15  # of a word's uses


class Clause(NamedTuple):
    """A subject that ends at `copula`, and the attribute behind it: words of a block."""

    subject: Word
    copula: Word
    attribute: Word
    mask: int  # the cells that subject and copula leave open


def attribute_behind(forms: Sequence[str], gaps: Sequence[str], index: int, facts: Grammar) -> int:
    """Which word may be the attribute of the copula at `index`; 0: none."""
    at = index + 1
    if forms[index] in facts.auxiliaries:
        if at == len(forms) or forms[at] not in facts.been:
            return 0
        at += 1
    while at < len(forms) and forms[at] in facts.adverbs:
        at += 1
    if not index or at == len(forms) or not forms[at].islower() or forms[at] in facts.invariable:
        return 0
    role = facts.outline(forms[at])
    if not role.adjective or not _attributive(role):
        return 0
    between = range(index + 1 + (forms[index] in facts.auxiliaries), at + 1)
    spaced = all(gaps[each] in SPACES for each in between)
    return at if spaced and _ends(forms, gaps, at, facts) else 0


def may_disagree(forms: Sequence[str], gaps: Sequence[str], row: bytes, index: int, at: int, facts: Grammar) -> bool:
    """Whether a subject before the copula at `index` may not agree with the attribute; `row`: the words' classes.

    A subject that is a phrase may be anything.
    """
    subject = facts.subjects.get(forms[index - 1].lower())
    if subject is None and _may_have_subject(forms, gaps, row, index, facts):
        return True
    number = bits("", facts.linking[forms[index]])
    masks = (mask & number for mask in (subject or 0, _copula(forms[index], forms[at], facts)))
    return any(_wrong(forms, index, at, mask, facts) for mask in masks)


def _wrong(forms: Sequence[str], index: int, at: int, mask: int, facts: Grammar) -> list[int]:
    """Which words from the copula to the attribute have none of these cells: "è stata"."""
    inflected = [each for each in range(index + 1, at) if forms[each] in facts.perfect]
    return [each for each in (*inflected, at) if mask and not mask & facts.role(forms[each]).adjective]


def clauses(block: Block, row: bytes, copulas: Sequence[int], facts: Grammar) -> Iterator[Clause]:
    """The clauses with one of these copulas whose attribute cannot agree; `row`: the classes of the block's words."""
    forms, gaps = block.forms, block.gaps
    for index in copulas:
        at = attribute_behind(forms, gaps, index, facts)
        if not at:
            continue
        subject, mask = index - 1, _subject(block, index, row, facts)
        if mask is None:
            subject, mask = index, _copula(forms[index], forms[at], facts)
        mask &= bits("", facts.linking[forms[index]])
        if wrong := _wrong(forms, index, at, mask, facts):
            yield Clause(block.words[subject], block.words[index], block.words[wrong[-1]], mask)


def _attributive(role: Role) -> bool:
    """Whether a word behind a copula is an adjective or a participle: no finite verb stands there."""
    if role.noun_share > (_NOUN if role.participle_share > _MOSTLY else _NOISE):
        return False
    return role.adjective_share >= _SOME and role.other_share <= _NOISE


def _ends(forms: Sequence[str], gaps: Sequence[str], at: int, facts: Grammar) -> bool:
    """Whether no further word of the phrase follows the attribute."""
    gap = gaps[at + 1]
    if gap[:1] in ("-", "'", "’", "‑"):
        return False
    if at + 1 == len(forms) or gap not in SPACES:
        return True
    after = forms[at + 1]
    return not facts.outline(after).nominal or after in facts.spelled


def _subject(block: Block, index: int, row: bytes, facts: Grammar) -> int | None:
    """The cells of the subject that ends right before the word `index`."""
    if block.gaps[index] not in SPACES:
        return None
    before = block.forms[index - 1]
    cells_ = facts.subjects.get(before.lower())
    if cells_ is not None:
        return None if block.gaps[index - 1][-1:] == "-" else cells_
    if not _may_have_subject(block.forms, block.gaps, row, index, facts):
        return None
    found = noun_subject(block, index, facts) or distant_subject(block, index, facts)
    return found[1] if found and found[0] not in facts.circumstances else None


def _may_have_subject(forms: Sequence[str], gaps: Sequence[str], row: bytes, index: int, facts: Grammar) -> bool:
    """Whether a noun phrase may end right before the word `index` whose determiner, or bare noun, opens a clause."""
    before = forms[index - 1]
    if gaps[index] not in SPACES or not (facts.outline(before).nominal or before[0].isupper() or _links(before, facts)):
        return False
    near = range(max(0, index - FARTHEST), index)
    return any(
        (row[at] >= DETERMINER or (forms[at][0].isupper() and forms[at + 1].lower() in facts.links))
        and ("\n" in gaps[at] or opens(forms, gaps, at, facts))
        for at in near
    )


def _links(form: str, facts: Grammar) -> bool:
    """Whether the form is a determiner or a preposition."""
    return form.lower() in facts.links or form.lower() in facts.spelled


def _copula(copula: str, attribute: str, facts: Grammar) -> int:
    """The cells of a subject that stands elsewhere: a participle has the copula's number ("were published")."""
    plain = facts.linking[copula] == "pl" and copula not in facts.first_person
    if not plain or facts.outline(attribute).participle_share <= _PARTICIPLE:
        return 0
    return other_number(facts.role(attribute).adjective)


def repaired(clause: Clause, facts: Grammar) -> Iterator[tuple[int, tuple[Edit, ...]]]:
    """The attribute inflected: (cell, edits)."""
    for cell in cells(clause.mask):
        gender, number = cell_name(cell)
        word = clause.attribute
        found = facts.words.inflect(word.text, gender=gender, number=number)[:1] or _regular(word.text, cell, facts)
        for form in found:
            if form[:2] == word.text[:2]:
                yield cell, (Edit(Span(word.start, word.end), form),)


def _regular(form: str, cell: int, facts: Grammar) -> Iterator[str]:
    """The participle in another cell, where the lexicon does not have it."""
    ending = facts.participles.get(facts.role(form).adjective)
    if ending is None or cell not in facts.participles or not form.endswith(ending):
        return
    stem = form.removesuffix(ending)
    if stem.endswith(facts.stems):
        yield stem + facts.participles[cell]
