"""Where a clause begins, and what its subject is when it stands right before a word."""

from __future__ import annotations

from collections.abc import Sequence

from qa.grammar import PLURAL
from qa.rules._agreement import Grammar
from qa.rules._phrase import FOLLOWS, SPACES, Phrase, follows, phrase_at
from qa.text import Block, Word

_SURE, _MOSTLY = 0.95, 0.8  # of a noun's uses; before a preposition it is hardly anything else
_NAME = 0.9  # how often a name has its capital
_LONGEST = 4  # words of a subject …
FARTHEST = 12  # … and of one with prepositional phrases
_NEAR = 4  # characters before a word in which a mark opens its clause
_STARTS = '.;:!?—–«»“”"(,…'


def opens(forms: Sequence[str], gaps: Sequence[str], first: int, facts: Grammar) -> bool:
    """Whether a clause begins with the word `first`."""
    if not first or forms[first - 1].lower() in facts.openers:
        return True
    gap = gaps[first]
    return gap != " " and (forms[first - 1] + gap)[-_NEAR:].rstrip()[-1:] in _STARTS


def noun_subject(block: Block, index: int, facts: Grammar) -> tuple[str, int] | None:
    """The noun phrase that opens a clause and ends right before the word `index`: its noun, and its cells."""
    forms, gaps = block.forms, block.gaps
    if gaps[index] not in SPACES:
        return None
    for first in range(_stretch(block, index, facts), index):
        determiner = facts.determiners.get(forms[first].lower())
        if determiner is None or not opens(forms, gaps, first, facts):
            continue
        phrase = phrase_at(block, first, facts)
        if phrase is None or phrase.head < 0 or not _runs_to(phrase, block, index, facts):
            if not facts.capital_nouns and not determiner.opens and _named(block, first, index):
                return forms[index - 1], determiner.always
            continue
        noun = phrase.items[phrase.head]
        mask = facts.cells_of(noun.text, noun.mask)
        for item in phrase.items:
            mask &= item.mask
        if not mask or noun.role is None or noun.role.noun_share < _SURE or _prepositional(phrase):
            continue
        return noun.text, mask
    return None


def _stretch(block: Block, index: int, facts: Grammar) -> int:
    """The first word from which on all words, up to the one at `index`, may belong to one noun phrase."""
    forms, gaps, first = block.forms, block.gaps, index
    while first > max(0, index - _LONGEST) and (first == index or gaps[first] in FOLLOWS):
        form = forms[first - 1]
        if not (facts.outline(form).nominal or form[0].isupper() or form.lower() in facts.spelled):
            break
        first -= 1
    return first


def distant_subject(block: Block, index: int, facts: Grammar) -> tuple[str, int] | None:
    """The noun phrase that opens a clause and has prepositional phrases between it and the word `index`.

    Its noun, and its cells; None where one of these phrases might be the subject as well as it.
    """
    forms, start = block.forms, _clause_start(block, index, facts)
    if start is None:
        return None
    if facts.determiners.get(forms[start].lower()) is None:
        return _bare_subject(forms, start, facts)
    phrase = phrase_at(block, start, facts)
    if phrase is None or phrase.head < 0 or phrase.after >= index or _prepositional(phrase):
        return None
    noun = phrase.items[phrase.head]
    if forms[phrase.after].lower() not in facts.links or noun.role is None or noun.role.noun_share < _MOSTLY:
        return None
    mask = facts.cells_of(noun.text, noun.mask)
    for item in phrase.items:
        mask &= item.mask
    return (noun.text, mask) if mask and noun.text.lower() not in facts.kinds else None


def _bare_subject(forms: Sequence[str], start: int, facts: Grammar) -> tuple[str, int] | None:
    """The same where the sentence begins with a plural noun that has lost its determiner ("Members of the …")."""
    noun = forms[start].lower()
    role = facts.role(noun)
    if forms[start].islower() or forms[start + 1].lower() not in facts.links or role.noun_share < _SURE:
        return None
    mask = facts.cells_of(noun, role.noun) & PLURAL
    return (noun, mask) if mask and noun not in facts.kinds else None


def _clause_start(block: Block, index: int, facts: Grammar) -> int | None:
    """The first word of the clause whose words, up to the one at `index`, could all belong to one noun phrase."""
    forms, gaps = block.forms, block.gaps
    for first in range(index - 1, max(-1, index - FARTHEST), -1):
        begins = forms[first].lower() not in facts.links and opens(forms, gaps, first, facts)
        if gaps[first + 1] not in SPACES or not _of_phrase(forms[first].lower() if begins else forms[first], facts):
            return None
        if begins:
            return first
    return None


def _of_phrase(form: str, facts: Grammar) -> bool:
    """Whether the word is a preposition, a determiner, a noun or an adjective, and hardly anything else."""
    small = form.lower()
    if small in facts.links:
        return small not in facts.openers
    if small in facts.spelled:
        return True
    role = facts.outline(form)
    return form.islower() and role.noun_share + role.adjective_share >= _SURE


def _runs_to(phrase: Phrase, block: Block, index: int, facts: Grammar) -> bool:
    """Whether the phrase, with the adjectives behind it, ends right before the word `index`."""
    words, noun = block.words, phrase.items[phrase.head]
    return phrase.after <= index and all(
        follows(block.prose, words[at - 1].end, words[at]) and facts.role(words[at].text).adjective & noun.mask
        for at in range(phrase.after, index)
    )


def _prepositional(phrase: Phrase) -> bool:
    """Whether the determiner holds a preposition and nothing else ("au", not "des")."""
    determiner = phrase.items[0].determiner
    return determiner is not None and determiner.opens and not determiner.plain


def _named(block: Block, first: int, index: int) -> bool:
    """Whether all words behind the determiner `first` have a capital ("La France")."""
    words, text = block.words, block.prose
    return index - first > 1 and all(
        words[at].text[0].isupper() and text[words[at - 1].end : words[at].start] in (" ", "'", "’")
        for at in range(first + 1, index)
    )


def name_subject(block: Block, index: int, facts: Grammar) -> tuple[Word, ...]:
    """The name that opens a sentence and ends right before the word `index`; () where there is none."""
    words, text = block.words, block.prose
    first = index
    while first and index - first < _LONGEST and words[first - 1].text[:1].isupper():
        if not follows(text, words[first - 1].end, words[first]):
            break
        first -= 1
    name = words[first:index]
    if not name or not opens(block.forms, block.gaps, first, facts) or name[0].text in facts.spelled:
        return ()
    return name if all(is_name(word.text, facts) for word in name) else ()


def is_name(form: str, facts: Grammar) -> bool:
    """Whether a capitalised word is a name and nothing else."""
    known = facts.words
    if len(form) < 3 or form.isupper() or known.capitalised_share(form) < _NAME:
        return False
    kinds = ("PROPN", "NOUN") if facts.capital_nouns else ("PROPN",)
    return all(reading.pos in kinds for reading in known.analyses(form) if reading.share >= 0.1)
