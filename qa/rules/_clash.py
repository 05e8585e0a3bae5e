"""When the words of a noun phrase disagree for certain, and how they could be made to agree."""

from __future__ import annotations

from typing import NamedTuple

from qa.grammar import PLURAL, cell_name, cells, other_number
from qa.rules._agreement import Grammar
from qa.rules._excuses import excused
from qa.rules._phrase import Item, Phrase, disagreements, follows
from qa.rules._roles import UNKNOWN
from qa.text import Block

_FAR = 8  # words before a phrase in which another noun may own its adjective …
_SEEN = 2  # … unless the pair was seen as often
_NOUN, _ADJECTIVE = 0.9, 0.7  # … as a noun, and as an adjective, where the words around it agree
_NOISE = 0.05  # the most that a word may be used as something else than a noun or an adjective


class Clash(NamedTuple):
    """Two items of a phrase, by index, that do not agree.

    `between`: the second is an adjective between a determiner and a noun that agree with each other.
    """

    one: int
    other: int
    between: bool = False


def clash(phrase: Phrase, block: Block, facts: Grammar) -> Clash | None:
    """The first two words of the phrase that cannot agree, or None."""
    items, head, first = phrase.items, phrase.head, phrase.nominal
    if facts.head_last and _open_end(phrase, block, facts):
        return None
    if _between(phrase, facts):
        return Clash(head, first, between=True)
    one, other = next(disagreements([item.mask for item in items], first, head), (-1, -1))
    if one < 0:
        return None
    if one == head:
        sure = _behind(phrase, block, facts)
    else:
        sure = one >= first or _determined(phrase, one, other, block, facts)
        sure = sure and (not first < head == other or _before(items[head - 1], items[head], facts))
    return Clash(one, other) if sure else None


def _between(phrase: Phrase, facts: Grammar) -> bool:
    """Whether a determiner and the noun agree, and the one adjective between them fits neither."""
    items, head, first = phrase.items, phrase.head, phrase.nominal
    if head != first + 1 or first != 1 or not facts.adjectives:
        return False
    determiner, adjective, noun = items[:3]
    role, of_noun = adjective.role, noun.role
    assert role is not None and of_noun is not None and determiner.determiner is not None
    if not determiner.mask & noun.mask or adjective.mask & (determiner.mask | noun.mask):
        return False
    if determiner.determiner.weak:
        return False
    if adjective.text.lower() in facts.invariable and not _usual_before(adjective, noun, facts):
        return False
    return (
        of_noun.noun_share >= _NOUN
        and role.adjective_share >= _ADJECTIVE
        and max(role.verb_share, role.participle_share) < _NOISE
        and not facts.counts.count(adjective.text, noun.text)
        and not facts.foreign(adjective.text)
    )


def _usual_before(adjective: Item, noun: Item, facts: Grammar) -> bool:
    """Whether the adjective, inflected for the noun, is known to stand before it ("primeira metade")."""
    return any(facts.counts.count(form, noun.text) >= _SEEN for form in _inflected(adjective, noun, facts))


def _inflected(adjective: Item, noun: Item, facts: Grammar) -> set[str]:
    """The forms of an adjective in the cells of a noun."""
    return {
        form
        for cell in cells(noun.mask)
        for form in facts.words.inflect(adjective.text, gender=cell_name(cell)[0], number=cell_name(cell)[1])
    }


def _open_end(phrase: Phrase, block: Block, facts: Grammar) -> bool:
    """Whether, where the last noun is the head, the phrase may have another head than the one found."""
    items = phrase.items
    if any(item.role.noun & items[0].mask for item in items[phrase.nominal : -1] if item.role is not None):
        return True
    if phrase.head < 0:
        return True
    if phrase.after >= len(block.words) or not follows(block.prose, items[-1].end, block.words[phrase.after]):
        return False
    return not facts.words.analyses(block.words[phrase.after].text)


def _determined(phrase: Phrase, at: int, to: int, block: Block, facts: Grammar) -> bool:
    """Whether a determiner cannot belong to the word at `to`."""
    item, word = phrase.items[at], phrase.items[to]
    determiner, role = item.determiner, word.role
    assert determiner is not None and role is not None
    if determiner.weak or word.text.lower() in facts.uninflected:
        return False
    if role.other_share > _NOISE or excused(phrase, at, to, block, facts):
        return False
    if facts.usual(determiner, word.text) or item.mask & facts.cells_of(word.text, word.mask):
        return False
    if item.mask & PLURAL & other_number(word.mask) and _coordinated(phrase, to, block, facts):
        return False
    return not facts.foreign(word.text)


def _coordinated(phrase: Phrase, to: int, block: Block, facts: Grammar) -> bool:
    """Whether another word stands beside the one at `to` ("les premier et second tomes")."""
    text, end = block.prose, phrase.items[to].end
    at = phrase.first + to + 1
    words = block.words[at : at + 2]
    if not words:
        return False
    gap = text[end : words[0].start].strip()
    at = int(gap == "" and words[0].text.lower() in facts.coordinators)
    if not (at or gap == ",") or at >= len(words) or words[at].text in facts.spelled:
        return False
    return bool(facts.masks[words[at].text] if facts.adjectives else facts.role(words[at].text).noun)


def _before(adjective: Item, noun: Item, facts: Grammar) -> bool:
    """Whether the word before the noun is an adjective to it and no noun of its own."""
    role, of_noun = adjective.role, noun.role
    assert role is not None and of_noun is not None
    if of_noun.verb_share > _NOISE or of_noun.other_share > _NOISE or of_noun.adjective_share > 0.2:
        return False
    if adjective.text.lower() in facts.invariable:
        return False
    if not adjective.mask & noun.mask:
        return False  # two words agree with each other and not with the noun: they are a phrase of their own
    return max(role.noun_share, role.other_share, role.participle_share) < _NOISE


def _behind(phrase: Phrase, block: Block, facts: Grammar) -> bool:
    """Whether the adjective behind the noun can belong to no other word."""
    noun, adjective = phrase.items[phrase.head], phrase.items[phrase.head + 1]
    role, of_noun = adjective.role, noun.role
    assert role is not None and of_noun is not None
    if max(role.noun_share, role.verb_share, role.other_share) > _NOISE or of_noun.verb_share > 0.3:
        return False
    if not role.participle_share and facts.may_be_verb(adjective.text):
        return False  # "il pennello varia"
    if adjective.text.lower() in facts.invariable or noun.text.lower() in facts.circumstances:
        return False
    if facts.counts.count(noun.text, adjective.text) or facts.foreign(noun.text) or facts.foreign(adjective.text):
        return False
    if facts.cells_of(noun.text, noun.mask) & adjective.mask or _before_next(phrase, block, facts):
        return False
    if _coordinated(phrase, phrase.head + 1, block, facts):
        return False
    return not of_another(phrase, block, facts) or (role.participle_share < _NOISE and usual(noun, adjective, facts))


def of_another(phrase: Phrase, block: Block, facts: Grammar) -> bool:
    """Whether a noun before the phrase may own the adjective behind its noun."""
    mask = phrase.items[phrase.head + 1].mask
    back = block.forms[max(0, phrase.first - _FAR) : phrase.first]
    return any((len(form) > 1 and facts.role(form).noun & mask) or form.lower() in facts.coordinators for form in back)


def _before_next(phrase: Phrase, block: Block, facts: Grammar) -> bool:
    """Whether the last adjective may belong to a noun behind it, or be half of one ("histórico sanitaria")."""
    last = phrase.items[-1]
    if phrase.after >= len(block.words) or not follows(block.prose, last.end, block.words[phrase.after]):
        return False
    role = facts.role(block.words[phrase.after].text)
    half = last.text.endswith("o") and role.adjective & phrase.items[phrase.head].mask
    return bool(role.noun & last.mask or half) or role is UNKNOWN


def usual(noun: Item, adjective: Item, facts: Grammar) -> bool:
    """Whether the adjective, inflected for the noun, is known to stand behind it."""
    return any(facts.counts.count(noun.text, form) >= _SEEN for form in _inflected(adjective, noun, facts))
