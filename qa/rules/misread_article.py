"""The Italian article "i" was read as the English pronoun "I".

Where the engine goes through English, "i territori occupati" becomes "je territoires occupés", "ich Gebiete": a
pronoun of the first person before a plural noun, and no verb for it.  The plural article was meant.

Fix safety: review. The article agrees with its noun, but a noun that could be a verb is not judged.

Not caught: the pronoun before a noun that is spelled like a verb of its person; in languages whose subordinate clauses
end with the verb ("weil ich Kinder habe"), anywhere but at the beginning of a sentence or behind a preposition, another
subject or a verb of another person.
"""

from __future__ import annotations

from collections.abc import Iterator

from qa.finding import Edit, Finding, Fix, Severity
from qa.page import Page
from qa.rule import Bad, Good, Rule
from qa.rules._misread import SOURCE, addressed, misread
from qa.rules._render import Rendering
from qa.rules._surface import surface
from qa.rules._tokens import Place
from qa.source import source
from qa.text import Block, Span

_CONFIDENCE = 0.93
_KNOWN = 0.97  # where the page shows that Italian was its source


def find(block: Block, page: Page) -> Iterator[Finding]:
    """Pronouns of the first person with a plural noun behind them that cannot be a verb."""
    for place, rendering in misread(block, page):
        yield _finding(block, page, place, rendering)


def _finding(block: Block, page: Page, place: Place, rendering: Rendering) -> Finding:
    span, text = surface(block, place, rendering)
    noun = place.line[place.first + rendering.head]
    likely = _KNOWN if source(page).best == SOURCE else _CONFIDENCE
    shown = block.text[place.span.start : noun.end]
    return Finding(
        RULE.id,
        Span(span.start, max(span.end, noun.end)),
        f"“{shown}” has no verb: the Italian article “i” was read as the English pronoun.",
        (Fix(f"write “{text.strip()}”", (Edit(span, text),)),),
        likely,
    )


RULE = Rule(
    id="misread-article",
    find=find,
    gate=addressed,
    doc=__doc__,
    category="agreement",
    severity=Severity.MAJOR,
    mqm="accuracy/mistranslation",
    its="mistranslation",
    facts="misread-article",
    native=True,
    examples=(
        Bad("Il dit que ⟦je voisins⟧ sont partis.", fixed="Il dit que les voisins sont partis.", lang="fr"),
        Bad("Volvieron ⟦yo vecinos⟧ de siempre.", fixed="Volvieron los vecinos de siempre.", lang="es"),
        Bad("Voltaram ⟦eu vizinhos⟧ de sempre.", fixed="Voltaram os vizinhos de sempre.", lang="pt"),
        Bad("⟦Ich Nachbarn⟧ sind zurück.", fixed="Die Nachbarn sind zurück.", lang="de"),
        Bad("Gestern kamen ⟦ich Nachbarn⟧ zurück.", fixed="Gestern kamen die Nachbarn zurück.", lang="de"),
        Bad("⟦Ik buren⟧ zijn terug.", fixed="De buren zijn terug.", lang="nl"),
        Bad("She says that ⟦I neighbours⟧ have left.", fixed="She says that the neighbours have left.", lang="en"),
        Good("Que puis-je ? Je pense aux voisins. Je bois du thé.", why="the pronoun has its verb", lang="fr"),
        Good("Tú y yo, vecinos de siempre.", why="an apposition", lang="es"),
        Good("Sou eu, vizinhos!", why="a form of address", lang="pt"),
        Good("Seit ich Nachbarn habe, ist es laut.", why="an object before its verb", lang="de"),
        Good("Gestern hielt ich Vorträge, und er sah ich weiß nicht wen.", why="its verb", lang="de"),
        Good("Sinds ik buren heb, is het druk.", why="an object before its verb", lang="nl"),
        Good("Type I errors and World War I battles.", why="a numeral", lang="en"),
    ),
)
