"""A word of another language was left untranslated.

The engine copies what it does not know: an article ("I détails"), a preposition ("of 14 %"), a noun, a phrase.  What is
commoner in another language than in the page's own is weighed with its surroundings: whether the translation fits
where the foreign word stands, the page's source language, its neighbours, case, brackets, how often the page uses it.

Fix safety: review; show where a phrase would have to be put in another order.

Not caught: words that both languages have, where the sentence allows both; names, titles, quotations and code; words
in another language that the page uses throughout.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from qa.finding import Edit, Finding, Fix, Safety, Severity
from qa.language import Language, language
from qa.lexicon import lexicon
from qa.page import Page
from qa.rule import Bad, Good, Rule
from qa.rules._evidence import Evidence
from qa.rules._foreign import mentions
from qa.rules._surface import surface
from qa.rules._verdict import leftovers
from qa.text import Block, Span

_FIXES = 3  # translations that are offered …
_CLOSE = 6.0  # … if they are not so many nats less likely than the best


def find(block: Block, page: Page) -> Iterator[Finding]:
    """Runs of foreign words that are likelier left than meant."""
    found = leftovers(page).get(id(block))
    if not found:
        return
    spoken_of = mentions(block, page)
    for verdict in found:
        if not spoken_of.of(verdict.evidence.place.span):
            yield _finding(block, page, verdict.evidence, verdict.probability)


def _gate(page: Page) -> frozenset[int]:
    found = leftovers(page)
    return frozenset(number for number, block in enumerate(page.blocks) if id(block) in found) if found else frozenset()


def _finding(block: Block, page: Page, evidence: Evidence, likely: float) -> Finding:
    place = evidence.place
    span = place.span
    message = f"“{block.text[span.start : span.end]}” is {language(evidence.language).name} and was left untranslated."
    safety = Safety.SHOW if _reordered(evidence, page) else Safety.REVIEW
    fixes: dict[str, Fix] = {}
    start, end = span.start, span.end
    for rendering in evidence.renderings[:_FIXES]:
        if (rendering.sure or evidence.kind != "several") and rendering.score > evidence.renderings[0].score - _CLOSE:
            where, text = surface(block, place, rendering)
            start, end = min(start, where.start), max(end, where.end)
            fixes.setdefault(text, Fix(f"write “{text.strip()}”", (Edit(where, text),), safety))
    if fixes and evidence.renderings[0].head and place.last + evidence.renderings[0].head <= len(place.line):
        end = max(end, place.line[place.last + evidence.renderings[0].head - 1].end)
    return Finding(RULE.id, Span(start, end), message, tuple(fixes.values()), likely)


def _reordered(evidence: Evidence, page: Page) -> bool:
    """Whether the own language would put the words of a run in another order: an adjective before or after its noun."""
    if evidence.kind != "several" or _order(language(evidence.language)) == _order(page.language):
        return False
    known = lexicon(evidence.language)
    kinds = [{reading.pos for reading in known.analyses(form)[:1]} for form in evidence.place.forms]
    return any({"ADJ", "NOUN"} == one | two for one, two in pairwise(kinds))


def _order(of: Language) -> str:
    return str(of.facts("leftover").get("adjective", ""))


RULE = Rule(
    id="leftover",
    find=find,
    gate=_gate,
    doc=__doc__,
    category="leftover",
    severity=Severity.MAJOR,
    mqm="accuracy/untranslated",
    its="untranslated",
    facts="leftover",
    native=True,
    examples=(
        Bad(
            "⟦I détails⟧ du projet seront connus demain.",
            fixed="Les détails du projet seront connus demain.",
            lang="fr",
            source="it",
        ),
        Bad(
            "Les ventes ont connu une hausse ⟦of⟧ 14 % cette année.",
            fixed="Les ventes ont connu une hausse de 14 % cette année.",
            lang="fr",
        ),
        Bad(
            "Il a parlé avec le président ⟦of the gouvernement⟧ hier.",
            fixed="Il a parlé avec le président du gouvernement hier.",
            lang="fr",
        ),
        Bad(
            "Según dicen ⟦les expertos⟧, la lluvia llegará pronto.",
            fixed="Según dicen los expertos, la lluvia llegará pronto.",
            lang="es",
            source="fr",
        ),
        Bad("La casa tiene un jardín ⟦und⟧ una terraza.", fixed="La casa tiene un jardín y una terraza.", lang="es"),
        Bad(
            "Parliamo ⟦de los problemi⟧ della scuola.",
            fixed="Parliamo dei problemi della scuola.",
            lang="it",
            source="es",
        ),
        Bad(
            "Il paese ha bisogno di un grande ⟦development⟧ economico.",
            fixed="Il paese ha bisogno di un grande sviluppo economico.",
            lang="it",
        ),
        Bad(
            "⟦Die mais recente versão⟧ já está disponível.",
            fixed="A mais recente versão já está disponível.",
            lang="pt",
            source="de",
        ),
        Bad(
            "O curso inclui ⟦der formação⟧ dos novos alunos.",
            fixed="O curso inclui a formação dos novos alunos.",
            lang="pt",
            source="de",
        ),
        Bad(
            "De nieuwe auto is sneller ⟦und⟧ zuiniger dan de oude.",
            fixed="De nieuwe auto is sneller en zuiniger dan de oude.",
            lang="nl",
        ),
        Bad(
            "Die Stadt ist sehr schön ⟦et⟧ liegt am Meer.",
            fixed="Die Stadt ist sehr schön und liegt am Meer.",
            lang="de",
        ),
        Bad(
            "The company opened a ⟦nouvelle⟧ office last year.",
            fixed="The company opened a new office last year.",
            lang="en",
        ),
        Good(
            "Il survive, on recompile les modems et libc.so dans /lib, ftp.upload.org et *.tar.", why="forms", lang="fr"
        ),
        Good(
            "Lancez <code>screen</code>. Le programme screen et <b>make</b> aident, voir make.",
            why="names",
            lang="fr",
            syntax="html",
        ),
        Good("On lit The New York Times et El País.", why="names of newspapers", lang="fr"),
        Good("Ludwig van Beethoven et Otto von Bismarck.", why="particles of names", lang="fr"),
        Good("Le mot « development » est anglais.", why="a word that is spoken of", lang="fr"),
        Good("Il biglietto è stato comprato online, in loco.", why="loan word and Latin", lang="it"),
        Good("Come dice La Repubblica, il web è nuovo.", why="a name and a loan word", lang="it"),
        Good("Dijo que les daría los libros sobre software.", why="a pronoun and a loan word", lang="es"),
        Good("O show foi no shopping, com jazz e rock.", why="loan words", lang="pt"),
        Good("Das Team war im Internet online, nach dem Motto: carpe diem.", why="loan words, Latin", lang="de"),
        Good("De manager sprak over marketing en die computer.", why="loan words and a demonstrative", lang="nl"),
        Good("The café served a croissant; c'est la vie, she said.", why="loan words and a saying", lang="en"),
    ),
)
