"""Where on a page `agreement` looks: found by columns for the whole page, before any phrase is read.

The page is read like one block.  No phrase goes over the end of a block, since a line feed stands there; what is asked
beyond a phrase only adds places.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from qa.language import Language
from qa.page import Page
from qa.rules._agreement import Grammar, grammar
from qa.rules._attribute import attribute_behind, may_disagree
from qa.rules._beside import PAIR, beside
from qa.rules._columns import Ask, column, listed, set_in
from qa.rules._declension import declension
from qa.rules._doubts import DETERMINER
from qa.rules._phrase import FOLLOWS, SPACES, opens_clash

_LINKING, _DECLINED, _PARTITIVE = 1, 2, 4
_BIT = {bit: bytes(byte & bit for byte in range(256)) for bit in (_LINKING, _DECLINED, _PARTITIVE)}


class Where(NamedTuple):
    """The places of one block, as indices of its words.

    `row`: the classes of its words (see `Doubts`).  `phrases`: determiners with which a phrase opens that may disagree,
    `copulas` before an attribute, `nouns` before an adjective, determiners before an adjective that is `declined`.
    `partitive`: whether a superlative may follow "one of the".
    """

    row: bytes
    phrases: Sequence[int]
    copulas: Sequence[int]
    nouns: Sequence[int]
    declined: Sequence[int]
    partitive: bool


def where(page: Page) -> dict[int, Where]:
    """The places of each block that has some, by its number."""
    facts = page.language.derive(grammar)
    if facts is None:
        return {}
    row, marks = column(page, _classes), column(page, _marks)
    phrases = _by_block(page, _phrases(page, row, facts))
    copulas = _by_block(page, _copulas(page, row, marks, facts))
    nouns = _by_block(page, _nouns(page, facts))
    declined = _by_block(page, _declined(page, marks))
    partitive = page.numbers(_partitive(page, marks, facts))
    return {
        number: Where(
            row[page.starts[number] : page.starts[number + 1]],
            phrases.get(number, ()),
            copulas.get(number, ()),
            nouns.get(number, ()),
            declined.get(number, ()),
            number in partitive,
        )
        for number in sorted({*phrases, *copulas, *nouns, *declined, *partitive})
    }


def by_block(page: Page) -> dict[int, Where]:
    """The same by the `id` of the block."""
    return {id(page.blocks[number]): found for number, found in page.derive(where).items()}


def _by_block(page: Page, places: Iterable[int]) -> dict[int, list[int]]:
    found: defaultdict[int, list[int]] = defaultdict(list)
    for place in places:
        number = bisect_right(page.starts, place) - 1
        found[number].append(place - page.starts[number])
    return found


def _set(marks: bytes, bit: int) -> Iterator[int]:
    return set_in(marks.translate(_BIT[bit]))


def _phrases(page: Page, row: bytes, facts: Grammar) -> Iterator[int]:
    forms, gaps, end = page.forms, page.gaps, 0
    for words in facts.doubts.doubtful(row, forms, gaps):
        at = max(words.start, end)
        while at < words.stop or (at < len(row) and row[at] >= DETERMINER):
            if row[at] >= DETERMINER and opens_clash(forms, gaps, at, facts):
                yield at
            at += 1
        end = at


def _copulas(page: Page, row: bytes, marks: bytes, facts: Grammar) -> Iterator[int]:
    forms, gaps = page.forms, page.gaps
    for index in _set(marks, _LINKING):
        at = attribute_behind(forms, gaps, index, facts)
        if at and may_disagree(forms, gaps, row, index, at, facts):
            yield index


def _nouns(page: Page, facts: Grammar) -> Iterator[int]:
    if not page.language.derive(beside):
        return
    forms, gaps, kinds = page.forms, page.gaps, column(page, _kinds)
    for match in PAIR.finditer(kinds):
        at = match.start()
        determined = gaps[at] in FOLLOWS and forms[at - 1] in facts.spelled
        if not kinds[at] & kinds[at + 1] and gaps[at + 1] in SPACES and not determined:
            noun, adjective = facts.role(forms[at]).noun, facts.role(forms[at + 1]).adjective
            if noun and adjective and not noun & adjective:
                yield at


def _declined(page: Page, marks: bytes) -> Iterator[int]:
    found = page.language.derive(declension)
    return (at for at in _set(marks, _DECLINED) if found is not None and found.fitting(page.forms, at))


def _partitive(page: Page, marks: bytes, facts: Grammar) -> Iterator[int]:
    forms, opening = page.forms, facts.partitive
    for index in _set(marks, _PARTITIVE):
        if all(form in each for form, each in zip(forms[index : index + len(opening)], opening, strict=False)):
            yield index


def _classes(own: Language, others: tuple[str, ...]) -> Ask:
    """A question: the word's class among the `Doubts`."""
    facts = own.derive(grammar)
    return facts.doubts.classes_of if facts is not None else listed({})


def _kinds(own: Language, others: tuple[str, ...]) -> Ask:
    """A question: whether it is a noun or an adjective and nothing else (see `Beside`)."""
    bare = own.derive(beside)
    return bare.kinds if bare is not None else listed({})


def _marks(own: Language, others: tuple[str, ...]) -> Ask:
    """A question: whether it is a copula, a determiner with declined adjectives behind it, the first of a partitive."""
    facts, declined = own.derive(grammar), own.derive(declension)
    marks: defaultdict[str, int] = defaultdict(int)
    for mark, forms in (
        (_LINKING, facts.linking if facts else ()),
        (_DECLINED, declined.determiners if declined else ()),
        (_PARTITIVE, facts.partitive[0] if facts and facts.partitive else ()),
    ):
        for form in forms:
            marks[form] |= mark
    return listed(marks)
