"""How an adjective ends behind its determiner, where that depends on gender, number and case: "ein neues Haus"."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from qa.finding import Edit
from qa.grammar import Cell, Determiner, cell_name, cells, other_number
from qa.language import Language
from qa.memory import Memo
from qa.rules._agreement import Grammar, grammar
from qa.rules._phrase import SPACES, mark_before
from qa.text import Block, Span, Word

_SURE = 0.9  # of a word's uses
_MOSTLY = 0.7
_NO_NAME = 0.3


class Wrong(NamedTuple):
    """An adjective that cannot end so between this determiner and this noun, and what mends it."""

    determiner: Word
    noun: Word
    options: tuple[tuple[Edit, ...], ...]


class Declension:
    """The endings of a language's adjectives: strong ones by gender, number and case, weak ones behind a determiner."""

    def __init__(self, facts: Grammar, table: Mapping[str, Any]) -> None:
        self.facts = facts
        self.strong = {_place(key): ending for key, ending in table["strong"].items()}
        self.weak = {_place(key): ending for key, ending in table["weak"].items()}
        self.plural = tuple(table["plural"])  # how a plural may end, whatever the lexicon says
        self.bare = frozenset(table["bare"])  # determiners without an ending: the adjective has the strong one
        self.determiners = frozenset(
            spelling for form in (*self.bare, *table["determiners"]) for spelling in (form, form.capitalize())
        )
        self.stem = Memo(self._stem)
        self.endings = sorted({*self.strong.values()}, key=len, reverse=True)

    def _stem(self, form: str) -> str:
        """What is left of an inflected adjective without its ending; "" of any other word."""
        if not form.islower() or self.facts.role(form).adjective_share < _MOSTLY:
            return ""
        for ending in self.endings:
            stem = form.removesuffix(ending)
            if stem != form and (self._lemma(form, stem) or self._lemma(stem + ending[:1], stem)):
                return stem
        return ""

    def _lemma(self, form: str, stem: str) -> bool:
        """Whether the dictionary form of the adjective is the stem."""
        return any(reading.pos == "ADJ" and reading.lemma == stem for reading in self.facts.words.analyses(form))

    def wrong(self, block: Block) -> Iterator[Wrong]:
        """The adjectives of a block whose ending fits neither their determiner nor another reading."""
        forms, gaps, facts = block.forms, block.gaps, self.facts
        stems, last = self.stem, len(forms) - 2
        for at in block.where(self.determiners):
            if at >= last or not (stem := stems[forms[at + 1]]) or not forms[at + 2][0].isupper():
                continue
            if gaps[at + 1] not in SPACES or gaps[at + 2] not in SPACES or gaps[at + 3][:1] in ("-", "'", "’", "/"):
                continue
            noun = facts.role(forms[at + 2])
            if noun.noun_share < _SURE or facts.words.capitalised_share(forms[at + 2]) < _NO_NAME:
                continue
            mask = noun.noun | (other_number(noun.noun) if forms[at + 2].endswith(self.plural) else 0)
            determiner, ending = facts.determiners[forms[at].lower()], forms[at + 1].removeprefix(stem)
            fitting = [(cell, each) for paradigm, each in determiner.places for cell in cells(each.mask & mask)]
            if not fitting or any(ending == self._ending(determiner.form, cell, each) for cell, each in fitting):
                continue
            if self._pronoun(block, at, determiner) and self._alone(ending, mask, forms[at + 2]):
                continue
            yield Wrong(
                block.words[at], block.words[at + 2], tuple(self._repairs(block, at, stem, determiner, mask, fitting))
            )

    def _ending(self, form: str, cell: int, place: Cell) -> str:
        key = (cell_name(cell), place.case)
        return (self.strong if form in self.bare else self.weak).get(key, self.weak[_ANY])

    def _pronoun(self, block: Block, at: int, determiner: Determiner) -> bool:
        """Whether the determiner may be a pronoun, with a phrase of its own behind it."""
        if not (determiner.pronoun or determiner.relative):
            return False
        before = block.forms[at - 1].lower() if at else ""
        return before not in self.facts.links or "," in mark_before(block.prose, block.words[at - 1].start)

    def _alone(self, ending: str, mask: int, noun: str) -> bool:
        """Whether adjective and noun may stand without a determiner."""
        for cell in cells(mask):
            for (place, case), strong in self.strong.items():
                genitive = case == "gen" and place[1] == "sg" and place[0] != "f"
                if place == cell_name(cell) and strong == ending and (not genitive or noun.endswith("s")):
                    return True
        return False

    def _repairs(
        self, block: Block, at: int, stem: str, determiner: Determiner, mask: int, fitting: list[tuple[int, Cell]]
    ) -> Iterator[tuple[Edit, ...]]:
        """Another ending for the adjective, or another form of the determiner that asks for the one it has."""
        first, adjective = block.words[at], block.words[at + 1]
        for ending in dict.fromkeys(self._ending(determiner.form, cell, place) for cell, place in fitting):
            yield (Edit(Span(adjective.start, adjective.end), stem + ending),)
        for form in dict.fromkeys(
            each.form
            for paradigm, _ in determiner.places
            for each in paradigm
            for cell in cells(each.mask & mask)
            if " " not in each.form and self._ending(each.form, cell, each) == adjective.text.removeprefix(stem)
        ):
            shown = form.capitalize() if first.text[0].isupper() else form
            yield (Edit(Span(first.start, first.end), shown),)


_ANY = (("", ""), "")


def _place(key: str) -> tuple[tuple[str, str], str]:
    """Gender and number, and the case, of a key as "m.sg.nom"; "" stands for all."""
    if not key:
        return _ANY
    gender, number, case = key.split(".")
    return (gender, number), case


def declension(language: Language) -> Declension | None:
    """The endings of the adjectives of a language, where they are known."""
    facts, table = language.derive(grammar), language.facts("agreement").get("declension")
    return Declension(facts, table) if facts is not None and table else None
