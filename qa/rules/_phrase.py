"""Noun phrases as they stand in a text: determiners, adjectives before, noun, adjective behind."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from qa.grammar import EVERY, Determiner
from qa.rules._agreement import Grammar
from qa.rules._doubts import RARELY, SOME
from qa.rules._roles import Role
from qa.text import Block, Word

_LONGEST = 3  # nominal words read behind the determiners
_FAR = 5  # … and words in all behind the first determiner
_MOSTLY = 0.8  # the share of a word's use
_APOSTROPHES = "'’"
# What stands between words that belong together: a space; also one behind an apostrophe, or an apostrophe alone.
SPACES = frozenset(" \xa0")
FOLLOWS = frozenset(apostrophe + space for apostrophe in ("", "'", "’") for space in ("", " ", "\xa0")) - {""}


class Item(NamedTuple):
    """A word of a phrase: its place (an elided determiner's with the apostrophe) and the cells it serves there."""

    start: int
    end: int
    text: str
    mask: int
    role: Role | None = None  # None: a determiner
    determiner: Determiner | None = None


class Phrase(NamedTuple):
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


def opens_clash(forms: Sequence[str], gaps: Sequence[str], index: int, facts: Grammar) -> bool:
    """Whether `index` is a determiner that shares no cell with all of the words behind it that may be its phrase's."""
    spelled, masks = facts.spelled, facts.masks
    mask, behind, nominals = spelled.get(forms[index], 0), index + 1, 0
    if not mask:
        return False
    if gaps[behind][:1] in ("'", "’") and (elided := facts.determiners.get(_spelled(forms[index], "'"))):
        mask = elided.always
    for gap, form in zip(gaps[behind : behind + _FAR], forms[behind : behind + _FAR], strict=False):
        if nominals == _LONGEST or gap not in FOLLOWS or not (own := masks[form]):
            return False
        nominals += form not in spelled
        mask &= own
        if not mask:
            return True
    return False


def suspects(block: Block, determiners: Sequence[int], facts: Grammar) -> Iterator[Phrase]:
    """The phrases of a block that open with one of the determiners and in which two words share no cell."""
    done = 0
    for index in determiners:
        nominal, after = _extent(block, index, facts) if index >= done else (0, 0)
        if nominal < after:
            done = nominal
            found = _assembled(block, index, nominal, after, facts, doubtful=True)
            if found is not None:
                yield found


def phrase_at(block: Block, index: int, facts: Grammar) -> Phrase | None:
    """The phrase that opens with the word `index`, or None."""
    nominal, after = _extent(block, index, facts)
    return _assembled(block, index, nominal, after, facts) if nominal < after else None


def follows(text: str, end: int, word: Word) -> bool:
    """Whether the word stands right behind what ends at `end`: a space between them, or an apostrophe."""
    if word.start == end:
        return text[end - 1] in _APOSTROPHES
    return word.start == end + 1 and text[end] in " \xa0"


def _spelled(form: str, gap: str) -> str:
    """The form in small letters, with its apostrophe where the gap behind it begins with one."""
    return form.lower() + "'" if gap[:1] in ("'", "’") else form.lower()


def mark_before(text: str, position: int) -> str:
    """The character before a position, a few spaces passed over; "" at the beginning of the text."""
    start = max(0, position - 4)
    return text[start:position].rstrip()[-1:]


def whole(text: str, word: Word) -> bool:
    """Whether no hyphen, apostrophe, bracket, digit or masked code joins the word to what comes next."""
    return _open(text[word.end : word.end + 1])


def _open(after: str) -> bool:
    """Whether what comes next, by its first character, is no part of the word."""
    return not after or not (after[0] in "-'’_/@(\ufffc‑" or after[0].isdigit())


def _extent(block: Block, index: int, facts: Grammar) -> tuple[int, int]:
    """Where the nominal words behind the determiners that open at `index` begin and end; equal where there are none."""
    forms, gaps = block.forms, block.gaps
    before = gaps[index][-1:]
    if before and (before in "-_/.‑@" or before.isdigit()):
        return index, index
    at, last = index, None
    while at < len(forms) and (at == index or gaps[at] in FOLLOWS):
        determiner = facts.determiners.get(_spelled(forms[at], gaps[at + 1]))
        if determiner is None or (last is not None and not _stack(last, determiner)):
            break
        at, last = at + 1, determiner
    nominal, end = at, min(len(forms), at + _LONGEST)
    while nominal > index and at < end and gaps[at] in FOLLOWS and _open(gaps[at + 1]) and _nominal(forms[at], facts):
        at += 1
    return nominal, at


def _stack(one: Determiner, other: Determiner) -> bool:
    """Whether the second determiner may stand behind the first."""
    return (one.first or other.second) and not other.opens


def _nominal(form: str, facts: Grammar) -> bool:
    """Whether the form can be part of a noun phrase and is no name."""
    if len(form) < 2:
        return False
    if form[0].isupper():
        return facts.capital_nouns and form[1:].islower() and bool(facts.outline(form).noun)
    role = facts.outline(form)
    return role.noun_share + role.adjective_share >= RARELY and form not in facts.spelled


def _assembled(
    block: Block, index: int, nominal: int, after: int, facts: Grammar, *, doubtful: bool = False
) -> Phrase | None:
    """The phrase of these words; `doubtful`: None where all of them agree, before anything is built."""
    forms = block.forms
    roles = [facts.role(form) for form in forms[nominal:after]]
    head = _last_noun(roles, block, after, facts) if facts.head_last else _head(roles)
    behind = roles[head + 1] if 0 <= head < len(roles) - 1 else None
    beside = behind is not None and behind.adjective_share >= _MOSTLY and not facts.head_last
    kept = len(roles) if head < 0 else head + 1 + beside
    onset = facts.words.onset(forms[nominal])
    determiners = [facts.determiners[_spelled(forms[at], block.gaps[at + 1])] for at in range(index, nominal)]
    masks = [determiner.mask(onset) for determiner in determiners]
    for at, role in enumerate(roles[:kept]):
        if facts.head_last and at != head:
            masks.append(EVERY)
        else:
            masks.append(role.noun if at == head else role.adjective if at > 0 and head >= 0 else role.nominal)
    count = len(determiners)
    noun = count + head if head >= 0 else -1
    if doubtful and next(disagreements(masks, count, noun), None) is None:
        return None
    words = block.words[index : index + len(masks)]
    items = [
        Item(word.start, word.end + determiner.form.endswith("'"), word.text, mask, None, determiner)
        for word, mask, determiner in zip(words, masks, determiners, strict=False)
    ]
    items += [
        Item(word.start, word.end, word.text, mask, role)
        for word, mask, role in zip(words[count:], masks[count:], roles, strict=False)
    ]
    return Phrase(tuple(items), count, noun, index, index + len(items))


def disagreements(masks: Sequence[int], nominal: int, head: int) -> Iterator[tuple[int, int]]:
    """Words of a phrase, two by index, that should share a cell and do not: `masks` are the cells of each.

    Each determiner with the word `nominal` behind them all; whatever stands before the noun `head` (-1: none) with it;
    the noun with the adjective behind it.
    """
    yield from ((at, nominal) for at in range(nominal) if not masks[at] & masks[nominal])
    if head > nominal:
        yield from ((at, head) for at in range(head) if not masks[at] & masks[head])
    if nominal <= head < len(masks) - 1 and not masks[head] & masks[head + 1]:
        yield head, head + 1


def _ends(block: Block, after: int, facts: Grammar) -> bool:
    """Whether nothing behind `after` can belong to the phrase: what follows is known and neither noun nor link."""
    forms, gaps = block.forms, block.gaps
    if after == len(forms) or gaps[after] not in FOLLOWS:
        return True
    small = forms[after].lower()
    return not facts.masks[forms[after]] and small not in facts.coordinators and bool(facts.words.analyses(small))


def _last_noun(roles: Sequence[Role], block: Block, after: int, facts: Grammar) -> int:
    """The index of the noun that the words behind the determiners, up to `after`, end in; -1: they end in none.

    Where the phrase ends there, what no noun can be stands behind it as an attribute ("these options selected").
    """
    head = len(roles) - 1
    if roles[head].noun_share >= RARELY:
        return head if roles[head].noun_share >= SOME else -1
    if not _ends(block, after, facts):
        return -1
    while head > 0 and roles[head].noun_share < RARELY:
        head -= 1
    return head if roles[head].noun_share >= _MOSTLY else -1


def _head(roles: Sequence[Role]) -> int:
    """The index of the noun among the words behind the determiners; -1 where none is one."""
    for at, role in enumerate(roles):
        after = roles[at + 1] if at + 1 < len(roles) else None
        before_noun = role.adjective_share >= SOME and after is not None and after.noun_share >= _MOSTLY
        if role.noun_share >= SOME and not before_noun:
            return at
        if role.adjective_share < SOME:
            return -1
    return -1
