"""How sure it is that two neighbouring words of a text are one: a word that is known, or a regular compound."""

from __future__ import annotations

import math
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Sequence
from typing import NamedTuple

from qa.grammar import PLURAL, Determiner, bits
from qa.language import Language
from qa.lexicon import Lexicon
from qa.page import Page
from qa.products import products
from qa.rules._agreement import Grammar, grammar
from qa.rules._columns import Ask, column, listed
from qa.rules._context import begins_sentence
from qa.rules._joins import (
    COMMON,
    NAMED,
    OFTEN,
    OPENER,
    PLAIN,
    PREFIX,
    SEPARABLE,
    UNKNOWN,
    WORD,
    Joining,
    capitalised,
    joining,
)
from qa.text import Block, Word

_SINGULAR = bits("m", "sg") | bits("n", "sg")
_TIES_BEFORE = frozenset("-‑'’_/.@+&#")  # what ties the first piece to something before it
_TIES_AFTER = frozenset("'’_/@+&")  # … and the second to something behind it
_HYPHENS = frozenset("-‑")
_FAR = 120  # characters before a preposition in which its object may stand

_ON_PAGE = 3.0  # nats that it is worth that the joined word stands elsewhere on the page
_TORN = 4.0  # … that other words of the page have come apart for sure, …
_DIFFERENT, _DENSE = 2, 1e-3  # … so many different ones, and in that share of its words
_STRANDED = 6.0  # … that it costs that a preposition may have lost its object
_SURE = 4.0  # … by which a good join exceeds what is asked
_VERY_OFTEN = 10  # compounds that make a word a very usual part of them
_ELSEWHERE = 8.0  # times as frequent
_NOUN = 0.7  # of a word's uses


class Halves(NamedTuple):
    """Words of a block, by index, that may be one with the next: one that is `known`, or a `regular` compound.

    `named`: the name of a product.
    """

    known: list[int]
    regular: list[int]
    named: list[int]


def halves(page: Page) -> dict[int, Halves]:
    """The halves of each block that has some, by its number; looked for on the page as a whole."""
    facts, nouns = page.language.derive(joining), page.language.derive(grammar)
    if facts is None:
        return {}
    row, forms, gaps, starts = column(page, _shape), page.forms, page.gaps, page.starts
    knows, names = facts.words.knows_small, products()
    known = [at for at in facts.likely.places(row) if gaps[at + 1] == " " and knows(forms[at] + forms[at + 1].lower())]
    regular = [
        at
        for at in (facts.regular.places(row) if facts.regular and nouns else ())
        if gaps[at + 1] == " " and nouns and _no_word(forms, gaps, at, nouns, facts)
    ]
    named = [
        at
        for at in (match.start() for match in NAMED.finditer(row, 0, max(0, len(row) - 1)))
        if gaps[at + 1] == " " and any(p.second.lower() == forms[at + 1].lower() for p in names[forms[at]])
    ]
    found: defaultdict[int, Halves] = defaultdict(lambda: Halves([], [], []))
    for which, places in enumerate((known, regular, named)):
        for at in places:
            number = bisect_right(starts, at) - 1
            found[number][which].append(at - starts[number])
    return found


def halves_of(block: Block, page: Page) -> Halves:
    """Those of one of the page's blocks."""
    return page.derive(_by_block).get(id(block), _NO_HALVES)


_NO_HALVES = Halves([], [], [])


def _by_block(page: Page) -> dict[int, Halves]:
    return {id(page.blocks[number]): found for number, found in page.derive(halves).items()}


def _shape(own: Language, others: tuple[str, ...]) -> Ask:
    """A question: what a word can be as half of another (see `Joining.shapes`)."""
    facts = own.derive(joining)
    return facts.shapes_of if facts is not None else listed({})


def tied(block: Block, first: Word, second: Word) -> bool:
    """Whether the pair belongs to something beside it: an address, a number, an elided word."""
    text = block.prose
    before, after = text[first.start - 1 : first.start], text[second.end : second.end + 1]
    return (bool(before) and (before in _TIES_BEFORE or before.isdigit())) or (bool(after) and after in _TIES_AFTER)


def joined(block: Block, index: int, facts: Joining) -> str:
    """The words `index` and `index` + 1 as one; "" where capitals or what stands beside them speak against it."""
    form = _joined(block, index, (facts.kind(block.forms[index]), facts.kind(block.forms[index + 1])), facts)
    return "" if form and tied(block, *block.words[index : index + 2]) else form


def _joined(block: Block, index: int, kinds: tuple[int, int], facts: Joining) -> str:
    first, second = block.forms[index : index + 2]
    if (
        second[0].islower()
        and first[0].isupper()
        and _free(kinds, facts)
        and not facts.part(capitalised(second)).closes
    ):
        return ""  # neither `of_known` nor `of_compound` takes it
    small = second.lower()
    if not first[1:].islower() or small[1:] != second[1:]:
        return ""
    form = first + small
    if second[0].isupper():
        if facts.capital or first[0].islower():
            return form if facts.capital and first[0].isupper() else ""
        # Two capitals in a language that writes words small: a word taken for a name.
        return _small(form, block, index) if UNKNOWN in kinds and facts.common(form.lower()) else ""
    if UNKNOWN in kinds or first[0].islower() or begins_sentence(block.prose, block.words.starts[index]):
        return form
    return ""


def _small(form: str, block: Block, index: int) -> str:
    return form if begins_sentence(block.prose, block.words.starts[index]) else form.lower()


def _free(kinds: tuple[int, int], facts: Joining) -> bool:
    """Whether spelling leaves the choice between one word and two where the second is small ("lang laufende")."""
    return facts.capital and UNKNOWN not in kinds and PREFIX not in kinds


def of_name(block: Block, index: int, facts: Joining) -> bool:
    """Whether the words are part of a name in another language: the one before or behind is hardly an own word."""
    forms, gaps, own = block.forms, block.gaps, facts.words
    beside = [at for at in (index - 1, index + 2) if 0 <= at < len(forms) and gaps[max(at, index)] == " "]
    return any(forms[at][0].isupper() and _is_foreign(forms[at], own) for at in beside)


def _is_foreign(form: str, own: Lexicon) -> bool:
    """Whether another language has the word so much oftener that it is hardly an own one."""
    rate = max(own.rate(form), own.rate(form.lower()))
    return max(own.elsewhere(form).values(), default=0.0) > _ELSEWHERE * rate


def of_known(block: Block, index: int, form: str, page: Page, facts: Joining) -> float:
    """How sure it is that the words `index` and `index` + 1 are the known word `form`; 0.0: not enough."""
    gain = _gain(block, index, form, facts)
    if -_ON_PAGE <= gain < _SURE and form in page.vocabulary:
        gain += _ON_PAGE
    if -_TORN <= gain < 0 and page.derive(_torn):
        gain += _TORN
    first, second = block.words[index], block.words[index + 1]
    if gain < 0 or facts.foreign(first.text, second.text):
        return 0.0
    return 0.95 if gain >= _SURE else 0.85


def _gain(block: Block, index: int, form: str, facts: Joining) -> float:
    """By how much (in nats) the known word reads better than is asked of such a pair."""
    first, second = block.words[index], block.words[index + 1]
    kinds = facts.kind(first.text), facts.kind(second.text)
    if second.text[0].islower() and _free(kinds, facts):
        return -math.inf
    least = _least(second, kinds, facts) + _STRANDED * (kinds[0] == SEPARABLE and _stranded(block, first, facts))
    if block.prose[second.end : second.end + 1] in _HYPHENS:
        least += _SURE
    return facts.gain(block.prose, first, second, form) - least


def _torn(page: Page) -> bool:
    """Whether words of the page have come apart that need no evidence but their own."""
    facts = page.language.derive(joining)
    assert facts is not None
    found = set()
    for number, halves_ in page.derive(halves).items():
        block = page.blocks[number]
        for index in halves_.known:
            form = joined(block, index, facts)
            if form and _gain(block, index, form, facts) >= 0:
                found.add(form.lower())
    return len(found) >= max(_DIFFERENT, _DENSE * page.vocabulary.total())


def _stranded(block: Block, first: Word, facts: Joining) -> bool:
    """Whether a preposition may have lost its object to the front ("daar hebben we een besluit over genomen")."""
    before = block.prose[max(0, first.start - _FAR) : first.start].lower()
    return any(word in facts.stranding for word in before.split())


def _least(second: Word, kinds: tuple[int, int], facts: Joining) -> float:
    """How much likelier (in nats) a known word must read than its halves.

    Set where held-out clean text has next to no pair above and words that were cut there have most.
    """
    if UNKNOWN in kinds:
        return 7.0 if COMMON in kinds or (not facts.compounding and facts.closed(second.text)) else 4.0
    if PREFIX in kinds:
        return 1.0
    if SEPARABLE in kinds:
        return 3.5 if any(r.form == "pp" for r in facts.words.analyses(second.text)) else 5.5
    return 8.0 if facts.verb(second.text) else 5.0


def of_compound(block: Block, index: int, page: Page, facts: Joining) -> float:
    """How sure it is that the words `index` and `index` + 1 are a compound that no list knows; 0.0: not enough.

    Something must speak against the first as a word of its own: it is none, it is a genitive without a genitive
    before it, or the determiner before it fits the second word only.
    """
    nouns = page.language.derive(grammar)
    if nouns is None or not facts.compounding:
        return 0.0
    if not _no_word(block.forms, block.gaps, index, nouns, facts):
        return 0.0
    first, second = block.words[index], block.words[index + 1]
    last = capitalised(second.text) if facts.capital else second.text
    opens, closes = facts.part(first.text).opens, facts.part(last).closes
    known = last == second.text and facts.kind(first.text) != UNKNOWN
    before = _determiner(block.forms, block.gaps, index, nouns) if known else None
    linking = _linking(last, nouns, facts) and len(block.forms) > index + 2  # "Sicherheits Einstellungs Seite"
    if (not linking and nouns.role(last).noun_share < _NOUN) or facts.counts.count(first.text, second.text):
        return 0.0
    if last != second.text:
        free = block.prose[second.end : second.end + 1] not in _HYPHENS
        return 0.96 if free and facts.lost_capital(second.text) else 0.0
    if before is None:
        return 0.9
    stem = first.text.removesuffix(facts.genitive) if facts.genitive else first.text
    inflected = stem != first.text and nouns.role(stem).noun_share >= _NOUN
    if inflected and facts.capital and (opens or closes) and not _genitive(before):
        return 0.96
    if not (opens >= _VERY_OFTEN or (opens >= OFTEN and closes >= OFTEN)) or before.pronoun:
        return 0.0
    one, other = (nouns.cells_of(form, nouns.role(form).noun) for form in (first.text, last))
    return 0.8 if one and not before.widest & one and before.widest & other else 0.0


def _linking(form: str, nouns: Grammar, facts: Joining) -> bool:
    """Whether the form has an ending that such nouns take in compounds only."""
    stem = form.removesuffix(facts.genitive) if facts.genitive else form
    return stem != form and stem.endswith(facts.linked) and nouns.role(stem).noun_share >= _NOUN


def _no_word(forms: Sequence[str], gaps: Sequence[str], index: int, nouns: Grammar, facts: Joining) -> bool:
    """Whether something may speak against the word `index` as one of its own, before the next."""
    first, second = forms[index], forms[index + 1]
    last = capitalised(second) if facts.capital else second
    opens, closes = facts.part(first).opens, facts.part(last).closes
    if last != second:  # a noun that lost its capital with its join
        if last.endswith("n") and nouns.role(last[:-1]).noun & PLURAL:
            return False  # a dative plural, or a verb: "über das Netzwerk booten"
        return bool(opens) and closes >= OFTEN and first[0].isupper()
    if facts.kind(first) != UNKNOWN:
        return bool(opens or closes) and _determiner(forms, gaps, index, nouns) is not None
    return (opens >= OFTEN and closes >= OFTEN) or _linking(first, nouns, facts)


def _determiner(forms: Sequence[str], gaps: Sequence[str], index: int, nouns: Grammar) -> Determiner | None:
    """The determiner right before the word `index`."""
    return nouns.determiners.get(forms[index - 1].lower()) if index and gaps[index] == " " else None


def _genitive(determiner: Determiner) -> bool:
    """Whether the determiner can stand before a masculine or neuter noun in the genitive."""
    return any(place.case == "gen" and place.mask & _SINGULAR for _, place in determiner.places)


def extends(block: Block, last: Word, third: Word, form: str, facts: Joining) -> bool:
    """Whether the next word belongs to the joined word `form`, too ("Daten Bank Verbindung")."""
    if not facts.compounding or block.prose[last.end : third.start] != " " or tied(block, last, third):
        return False
    if facts.capital != third.text[0].isupper() or facts.kind(third.text) not in (OPENER, PLAIN, WORD):
        return False
    if form + third.text.lower() in facts.words:
        return True
    return facts.part(last.text).opens >= OFTEN and facts.part(third.text).closes >= OFTEN
