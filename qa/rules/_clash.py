"""When the words of a noun phrase disagree for certain, and how they could be made to agree."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from qa.finding import Edit
from qa.grammar import EVERY, PLURAL, cell_name, cells
from qa.rules._agreement import UNKNOWN, Grammar
from qa.rules._phrase import Item, Phrase, follows
from qa.text import Block, Span

_FINITE = 0.6  # the share of a form's use as a finite verb that tells a verb from a noun
_NOISE = 0.05  # the most that a word may be used as something else than a noun or an adjective


@dataclass(frozen=True, slots=True)
class Clash:
    """Two items of a phrase, by index, that do not agree."""

    one: int
    other: int


def clash(phrase: Phrase, block: Block, facts: Grammar) -> Clash | None:
    """The first two words of the phrase that cannot agree, or None."""
    items, head, first = phrase.items, phrase.head, phrase.nominal
    if facts.head_last and _open_end(phrase, block, facts):
        return None
    for at in range(first):
        if not items[at].mask & items[first].mask:
            return Clash(at, first) if _determined(phrase, at, first, block, facts) else None
    if head > first:
        for at in range(head):
            if not items[at].mask & items[head].mask:
                sure = _determined(phrase, at, head, block, facts) if at < first else True
                return Clash(at, head) if sure and _before(items[head - 1], items[head], facts) else None
    if 0 <= head < len(items) - 1 and not items[head].mask & items[head + 1].mask:
        return Clash(head, head + 1) if _behind(phrase, block, facts) else None
    return None


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
    if determiner.weak or word.text.lower() in facts.invariable:
        return False
    pronoun = determiner.pronoun and not _governed(phrase, block, facts)
    if role.verb_share > (_NOISE / 2 if pronoun else 0.3) or role.other_share > _NOISE:
        return False
    if pronoun and not facts.plurals and word.mask & PLURAL:
        return False
    if determiner.relative and _after_comma(phrase, block, facts):
        return False
    if _counting(phrase, block, facts) or _noun_follows(phrase, to, block, facts):
        return False
    if facts.old_dative and word.text.endswith(facts.old_dative) and facts.role(word.text[:-1]).noun & item.mask:
        return False
    if facts.seen(determiner, word.text) or item.mask & facts.cells_of(word.text, word.mask):
        return False
    return not (item.mask & PLURAL and _coordinated(phrase, to, block, facts))


def _counting(phrase: Phrase, block: Block, facts: Grammar) -> bool:
    """Whether the determiner is the end of a number ("vingt et une pages")."""
    before = block.words[max(0, phrase.first - 2) : phrase.first]
    if len(before) < 2 or before[1].text.lower() not in facts.coordinators:
        return False
    return any(reading.pos == "NUM" for reading in facts.words.analyses(before[0].text.lower()))


def _noun_follows(phrase: Phrase, to: int, block: Block, facts: Grammar) -> bool:
    """Whether, where nouns do not follow nouns, one does: it may be the head ("die Moskauer Hündin")."""
    at = phrase.first + to + 1
    if facts.adjectives or at >= len(block.words) or not follows(block.prose, phrase.items[to].end, block.words[at]):
        return False
    role = facts.role(block.words[at].text)
    return bool(role.noun) and (not facts.capital_nouns or block.words[at].text[:1].isupper())


def _governed(phrase: Phrase, block: Block, facts: Grammar) -> bool:
    """Whether a preposition stands right before the phrase."""
    return bool(phrase.first) and block.words[phrase.first - 1].text.lower() in facts.links


def _after_comma(phrase: Phrase, block: Block, facts: Grammar) -> bool:
    """Whether the phrase opens a clause behind a comma, where a determiner may be a pronoun."""
    at = phrase.first
    while at and block.words[at - 1].text.lower() in facts.links:
        at -= 1
    before = block.prose[: block.words[at].start].rstrip()
    return bool(before) and before[-1] in ",;:—–("


def _coordinated(phrase: Phrase, to: int, block: Block, facts: Grammar) -> bool:
    """Whether another word stands beside the one at `to` ("les premier et second tomes")."""
    text, end = block.prose, phrase.items[to].end
    at = phrase.first + to + 1
    words = block.words[at : at + 2]
    if not words:
        return False
    if text[end : words[0].start].strip() == "":
        return words[0].text.lower() in facts.coordinators
    return (
        text[end : words[0].start].strip() == ","
        and words[0].text not in facts.spelled
        and bool(facts.masks[words[0].text])
    )


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
    if adjective.text.lower() in facts.invariable or facts.counts.count(noun.text, adjective.text):
        return False
    if facts.cells_of(noun.text, noun.mask) & adjective.mask or _before_next(phrase, block, facts):
        return False
    if _coordinated(phrase, phrase.head + 1, block, facts):
        return False
    words = block.words
    back = words[max(0, phrase.first - 8) : phrase.first]
    return not any(
        facts.role(word.text).noun & adjective.mask or word.text.lower() in facts.coordinators for word in back
    )


def _before_next(phrase: Phrase, block: Block, facts: Grammar) -> bool:
    """Whether the last adjective belongs to a noun behind it."""
    last = phrase.items[-1]
    if phrase.after >= len(block.words) or not follows(block.prose, last.end, block.words[phrase.after]):
        return False
    role = facts.role(block.words[phrase.after].text)
    return bool(role.noun & last.mask) or role is UNKNOWN


def verb_number(phrase: Phrase, block: Block, facts: Grammar) -> str:
    """The number of the finite verb whose subject the phrase is; "" where there is none right behind it."""
    words, at = block.words, phrase.after
    if phrase.first and words[phrase.first - 1].text.lower() in facts.links:
        return ""
    while at < len(words) and words[at].text in facts.particles and follows(block.prose, words[at - 1].end, words[at]):
        at += 1
    if at >= len(words) or not follows(block.prose, words[at - 1].end, words[at]):
        return ""
    finite = [r for r in facts.words.analyses(words[at].text) if r.form == "fin" and r.pos in ("VERB", "AUX")]
    numbers = {r.number for r in finite}
    return numbers.pop() if len(numbers) == 1 and sum(r.share for r in finite) >= _FINITE else ""


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
    for cell, edits in options:
        if len(edits) == least and edits not in seen:
            seen.add(edits)
            yield cell, edits


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
