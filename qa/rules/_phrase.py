"""Noun phrases as they stand in a text: determiners, adjectives before, noun, adjective behind."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from qa.grammar import EVERY, Determiner
from qa.rules._agreement import Grammar
from qa.rules._roles import Role
from qa.text import Block, Word

_LONGEST = 3  # nominal words read behind the determiners
_FAR = 5  # … and words in all behind the first determiner
_RARELY, _SOME, _MOSTLY = 0.1, 0.3, 0.8  # shares of a word's use
_APOSTROPHES = "'’"


@dataclass(frozen=True, slots=True)
class Item:
    """A word of a phrase: its place (an elided determiner's with the apostrophe) and the cells it serves there."""

    start: int
    end: int
    text: str
    mask: int
    role: Role | None = None  # None: a determiner
    determiner: Determiner | None = None


@dataclass(frozen=True, slots=True)
class Phrase:
    """A noun phrase.

    `head` is the index of its noun in `items`, -1 where it has only adjectives; `nominal` that of the first word
    behind the determiners; `first` and `after` are the indices of the phrase's first word in the block and of the
    first behind it.
    """

    items: tuple[Item, ...]
    nominal: int
    head: int
    first: int
    after: int


def suspects(block: Block, facts: Grammar) -> Iterator[Phrase]:
    """The phrases of a block that open with a determiner and whose words share no cell."""
    forms, masks = block.forms, facts.masks
    done = 0
    for index, mask in enumerate(map(facts.spelled.get, forms)):
        if mask is None or index < done:
            continue
        for other in forms[index + 1 : index + 1 + _FAR]:
            own = masks[other]
            if not own:
                break
            mask &= own
            if not mask:
                found = _phrase(block.words, block.prose, index, facts)
                if found is not None:
                    done = index + found.nominal
                    yield found
                break


def phrase_at(block: Block, index: int, facts: Grammar) -> Phrase | None:
    """The phrase that opens with the word `index`, or None."""
    return _phrase(block.words, block.prose, index, facts)


def follows(text: str, end: int, word: Word) -> bool:
    """Whether the word stands right behind what ends at `end`: a space between them, or an apostrophe."""
    if word.start == end:
        return text[end - 1] in _APOSTROPHES
    return word.start == end + 1 and text[end] in " \xa0"


def mark_before(text: str, position: int) -> str:
    """The character before a position, a few spaces passed over; "" at the beginning of the text."""
    start = max(0, position - 4)
    return text[start:position].rstrip()[-1:]


def whole(text: str, word: Word) -> bool:
    """Whether no hyphen, apostrophe, digit or masked code joins the word to what comes next."""
    after = text[word.end : word.end + 1]
    return not after or not (after in "-'’_/@\ufffc‑" or after.isdigit())


def _phrase(words: Sequence[Word], text: str, index: int, facts: Grammar) -> Phrase | None:
    start = words[index].start
    if start and (text[start - 1] in "-_/.‑@" or text[start - 1].isdigit()):
        return None
    items: list[Item] = []
    at, end = index, start
    while at < len(words) and (at == index or follows(text, end, words[at])):
        item = _determiner(words[at], text, facts)
        if item is None or (items and not _stack(items[-1], item)):
            break
        items.append(item)
        end = item.end
        at += 1
    nominals: list[Word] = []
    while items and at < len(words) and len(nominals) < _LONGEST and follows(text, end, words[at]):
        word = words[at]
        if not whole(text, word) or not _nominal(word.text, facts):
            break
        nominals.append(word)
        end = word.end
        at += 1
    return _assembled(items, nominals, index, facts) if items and nominals else None


def _stack(one: Item, other: Item) -> bool:
    """Whether the second determiner may stand behind the first."""
    assert one.determiner is not None and other.determiner is not None
    return (one.determiner.first or other.determiner.second) and not other.determiner.opens


def _determiner(word: Word, text: str, facts: Grammar) -> Item | None:
    end, form = word.end, word.text.lower()
    if text[end : end + 1] and text[end] in _APOSTROPHES:
        end, form = end + 1, form + "'"
    found = facts.determiners.get(form)
    return Item(word.start, end, word.text, found.always, None, found) if found else None


def _nominal(form: str, facts: Grammar) -> bool:
    """Whether the form can be part of a noun phrase and is no name."""
    if len(form) < 2:
        return False
    role = facts.role(form)
    if form[0].isupper():
        return facts.capital_nouns and form[1:].islower() and bool(role.noun)
    return role.noun_share + role.adjective_share >= _RARELY and form not in facts.spelled


def _assembled(determiners: list[Item], nominals: list[Word], index: int, facts: Grammar) -> Phrase:
    roles = [facts.role(word.text) for word in nominals]
    head = _last_noun(roles) if facts.head_last else _head(roles)
    behind = roles[head + 1] if 0 <= head < len(roles) - 1 else None
    beside = behind is not None and behind.adjective_share >= _MOSTLY and not facts.head_last
    kept = len(nominals) if head < 0 else head + 1 + beside
    onset = facts.words.onset(nominals[0].text)
    items = [
        Item(d.start, d.end, d.text, d.determiner.mask(onset), None, d.determiner)  # type: ignore[union-attr]
        for d in determiners
    ]
    for at, (word, role) in enumerate(zip(nominals[:kept], roles, strict=False)):
        mask = role.noun if at == head else role.adjective if at > 0 and head >= 0 else role.nominal
        if facts.head_last and at != head:
            mask = EVERY
        items.append(Item(word.start, word.end, word.text, mask, role))
    count = len(determiners)
    return Phrase(tuple(items), count, count + head if head >= 0 else -1, index, index + len(items))


def _last_noun(roles: Sequence[Role]) -> int:
    """The index of the last noun among the words behind the determiners; -1 where the last word is none."""
    return len(roles) - 1 if roles[-1].noun_share >= _SOME else -1


def _head(roles: Sequence[Role]) -> int:
    """The index of the noun among the words behind the determiners; -1 where none is one."""
    for at, role in enumerate(roles):
        after = roles[at + 1] if at + 1 < len(roles) else None
        before_noun = role.adjective_share >= _SOME and after is not None and after.noun_share >= _MOSTLY
        if role.noun_share >= _SOME and not before_noun:
            return at
        if role.adjective_share < _SOME:
            return -1
    return -1
