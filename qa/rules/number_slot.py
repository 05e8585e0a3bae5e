"""A number was laid into the wrong place, or a place for a number stayed empty and prints XNUMX.

A publishing plugin takes the numbers out of the source and lays them, in their order, into the runs of digits of
the translation.  Where the translation writes one source number in two runs ("50 000" for "50mila", "15h14" for
"15.14"), every later number of the block stands too far right and the last runs stay empty.  The printed numbers of
the block are therefore the source's numbers, and the rule looks for the ways to lay them back, one group of runs for
each (`qa.slots`): thousands set apart, written-out multipliers, times, dates, lists.  The page's own names and
figures rank the ways.

Fix safety: safe where exactly one way explains the block; otherwise review, the likelier ways first; no fix where
none does.  Digits are kept exactly; separators inside a number follow the language, its decimal mark the page.

Without XNUMX, two marks are reported: the second half of a number that stands alone ("with 000 trained experts"), and
on a page where XNUMX stands elsewhere, two numbers side by side that cannot both be right ("9,120 4300 MB").

Not caught: a number that the translation wrote as a word, or a changed word order; both shift numbers without leaving
a mark.  A token that stands alone in quotes or in code is talked about, not left over.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from qa.finding import Finding, Severity, replace
from qa.numbers import number_format
from qa.page import Page
from qa.rule import Bad, Good, Rule
from qa.rules._suspects import everywhere, joined, marked
from qa.text import Block, Span

if TYPE_CHECKING:
    from qa.slots.tokens import Slot

_EMPTY = "XNUMX"
_SURE = 0.99
_TORN = 0.8
_PAIR = 0.85

_marked = marked([_EMPTY, " 000 "])


def _gate(page: Page) -> frozenset[int]:
    """Where one block has an empty slot, others may have pairs."""
    return everywhere(page) if page.derive(_has_empty) else page.derive(_marked)


def find(block: Block, page: Page) -> Iterator[Finding]:
    """One finding for each stretch of shifted numbers."""
    from qa.slots.tokens import damaged  # most pages need none of this
    from qa.slots.torn import pairs, torn

    if _EMPTY in block.prose:
        for run in damaged(block.prose):
            yield _shifted(block, page, run)
        return
    for head, half in torn(block.prose):
        yield from _torn(block.prose, page, head, half)
    if page.derive(_has_empty):
        for span in pairs(block.prose):
            yield Finding(RULE.id, span, "Two numbers stand where one belongs.", confidence=_PAIR)


def _has_empty(page: Page) -> bool:
    return _EMPTY in page.derive(joined).text


def _torn(prose: str, page: Page, head: Span, half: Span) -> Iterator[Finding]:
    """The head gets its half back; the number that belongs in the half's place is lost."""
    number = prose[head.start : head.end] + number_format(page.language).group + prose[half.start : half.end]
    fix = replace(head, number, "put the two halves together")
    yield Finding(RULE.id, head, "The second half of this number strayed to another place.", (fix,), _TORN)
    yield Finding(RULE.id, half, "This is half of the number before; the one that belongs here was lost.", (), _TORN)


def _shifted(block: Block, page: Page, run: tuple[Slot, ...]) -> Finding:
    from qa.slots.repair import named, repairs

    found = repairs(block, page, run)
    if not found:
        holes = [slot for slot in run if slot.printed is None]
        span = Span(holes[0].start, holes[-1].end)
        return Finding(RULE.id, span, "The number that belongs here was lost.", named(block, page, holes), _SURE)
    span = Span(min(repair.span.start for repair in found), max(repair.span.end for repair in found))
    if found[0].numbers == 1:
        message = f"This number lost digits: {_EMPTY} stands for a place that stayed empty."
    else:
        message = f"These numbers slipped to the right of their places, and the last ones were lost ({_EMPTY})."
    return Finding(RULE.id, span, message, tuple(repair.fix for repair in found), _SURE)


RULE = Rule(
    id="number-slot",
    find=find,
    gate=_gate,
    doc=__doc__,
    category="number-placeholder",
    severity=Severity.CRITICAL,
    mqm="accuracy/mistranslation/number",
    its="numbers",
    facts="number-slot",
    telltale=True,
    examples=(
        Bad(
            "Il y avait ⟦50 XNUMX⟧ livres dans la bibliothèque.",
            fixed="Il y avait 50\u202f000 livres dans la bibliothèque.",
            lang="fr",
        ),
        Bad(
            "La bibliothèque garde ⟦12.500\u00a0XNUMX⟧ cartes.",
            fixed="La bibliothèque garde 12\u00a0500 cartes.",
            lang="fr",
        ),
        Bad(
            "Le musée ouvre à ⟦9.30h4 le jeudi XNUMX⟧ mai.",
            fixed="Le musée ouvre à 9h30 le jeudi 4 mai.",
            lang="fr",
        ),
        Bad(
            "Le test lit ⟦2,150 48 fichiers en 12 secondes, puis en écrit 640.5 XNUMX en XNUMX⟧ secondes.",
            fixed="Le test lit 2\u202f150 fichiers en 48 secondes, puis en écrit 12\u202f000 en 640.5 secondes.",
            lang="fr",
        ),
        Bad(
            "Le moteur tourne à ⟦3500.5 4200.25, 80 XNUMX et XNUMX⟧ tours.",
            fixed="Le moteur tourne à 3\u202f500,5, 4\u202f200,25 et 80 tours.",
            lang="fr",
        ),
        Bad(
            "Les salles ⟦1,2,3,7, 30, 2025 et XNUMX ferment le XNUMX juin XNUMX⟧.",
            fixed="Les salles 1, 2, 3 et 7 ferment le 30 juin 2025.",
            lang="fr",
        ),
        Bad("Le film dure ⟦XNUMX⟧ heures.", fixed=None, lang="fr"),
        Bad(
            "La fiera apre alle ⟦8.45:3 di martedì XNUMX⟧ aprile.",
            fixed="La fiera apre alle 8:45 di martedì 3 aprile.",
            lang="it",
        ),
        Bad("Sono arrivate ⟦20 XNUMX⟧ persone.", fixed="Sono arrivate 20.000 persone.", lang="it"),
        Bad("Vendieron ⟦7.XNUMX⟧ entradas.", fixed="Vendieron 7.000 entradas.", lang="es"),
        Bad(
            "La fábrica se fundó el ⟦03.10.1951 de octubre de XNUMX⟧.",
            fixed="La fábrica se fundó el 3 de octubre de 1951.",
            lang="es",
        ),
        Bad(
            "Die Stadt hat ⟦35.000 5 Einwohner und XNUMX XNUMX⟧ Betriebe.",
            fixed="Die Stadt hat 35.000 Einwohner und 5.000 Betriebe.",
            lang="de",
        ),
        Bad(
            "Der Zug fährt am ⟦14.02.2023. Februar 6.20 um XNUMX:XNUMX⟧ Uhr.",
            fixed="Der Zug fährt am 14. Februar 2023 um 6:20 Uhr.",
            lang="de",
        ),
        Bad("A feira abre às ⟦10.15h7 do dia XNUMX⟧.", fixed="A feira abre às 10h15 do dia 7.", lang="pt"),
        Bad(
            "De winkel opende op ⟦05.11.1998 november 9.30 om XNUMX:XNUMX⟧ uur.",
            fixed="De winkel opende op 5 november 1998 om 9:30 uur.",
            lang="nl",
        ),
        Bad(
            "The shop sold ⟦60 45 tickets in April and 2019 XNUMX in May XNUMX⟧.",
            fixed="The shop sold 60,000 tickets in April and 45,000 in May 2019.",
            lang="en",
        ),
        Bad(
            "She was born on April ⟦23.04.1961, 17 and moved at XNUMX⟧.",
            fixed="She was born on April 23, 1961 and moved at 17.",
            lang="en",
        ),
        Bad("The program DC⟦XNUMX⟧ME is free.", fixed=None, lang="en"),
        Good("Le jeton « XNUMX » remplace un nombre perdu.", why="the token is the topic", lang="fr"),
        Good("Elle a payé 50\u202f000 euros en 2018, 300 personnes l'ont vue.", why="thousands set apart", lang="fr"),
        Good("Scrivete `XNUMX` al posto del numero.", why="code", lang="it", syntax="markdown"),
        Good("Nel 2018 300 persone erano presenti, 12.500 2 anni dopo.", why="no empty place on the page", lang="it"),
        Good("El 3 de octubre de 1951 a las 17:15 llegaron 60 000 personas.", why="date, time, thousands", lang="es"),
        Good("Am 14. Februar 2023 kamen 35 000 Besucher.", why="thousands set apart", lang="de"),
        Good("O projeto 000 termina às 16h40 de 24 de setembro.", why="a code number, a time", lang="pt"),
        Good("Op 28 september 2018 om 17.15 uur waren er 40 000 mensen.", why="date, time, thousands", lang="nl"),
        Good("The token “XNUMX” stands for a lost number.", why="the token is the topic", lang="en"),
    ),
)
