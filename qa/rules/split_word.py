"""A word has come apart: the join between two of its pieces was lost.

A translator writes words in pieces and joins them afterwards.  Where the join gets lost, compounds fall apart
("Inhalts Bereich"), prefixes stand alone ("her starten"), and so do names ("Java Script") and hyphens
("Browser -Erweiterung").

Fix safety: review. Two words beside each other can be meant.

Not caught: pieces that are both common words and rarely written together; a join that changes an ending.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator

from qa.finding import Finding, Severity, replace
from qa.page import Page
from qa.products import products
from qa.rule import Bad, Good, Rule
from qa.rules._context import word_after, word_before
from qa.rules._joins import Joining, joining
from qa.rules._pieces import extends, halves, halves_of, joined, of_compound, of_known, of_name, tied
from qa.rules._suspects import marked
from qa.text import Block, Span, Word

_HYPHEN = re.compile(r"(?<=[^\W\d_]) ([-‑])(?=[^\W\d_])")


def find(block: Block, page: Page) -> Iterator[Finding]:
    """Pairs of words, and of a word and a hyphen, that are one word."""
    facts = page.language.derive(joining)
    if facts is None:
        return
    found = halves_of(block, page)
    likely, done = {*found.known, *found.regular}, 0
    for index in sorted({*likely, *found.named}):
        if index < done:
            continue
        finding = _product(block, index) if index in found.named else None
        if finding is None and index in likely:
            finding = _pair(block, index, page, facts)
        if finding is not None:
            yield finding
            done = bisect_left(block.words, finding.span.end, key=lambda word: word.start)
    text = block.prose
    if " -" in text or " ‑" in text:
        yield from _hyphens(block, facts)


def _gate(page: Page) -> frozenset[int]:
    """Blocks with two words side by side that may be one, and with a hyphen behind a space."""
    facts = page.language.derive(joining)
    if facts is None:
        return frozenset()
    return page.derive(_hyphened).union(page.derive(halves))


_hyphened = marked([" -", "‑"])


def _product(block: Block, index: int) -> Finding | None:
    first, second = block.words[index], block.words[index + 1]
    for product in products()[first.text]:
        exact = (first.text, second.text) == (product.first, product.second)
        if second.text.lower() != product.second.lower() or tied(block, first, second):
            continue
        if product.ordinary and (not exact or index == 0):
            continue
        return _finding(first, second, product.name, 0.95)
    return None


def _pair(block: Block, index: int, page: Page, facts: Joining) -> Finding | None:
    form = joined(block, index, facts)
    if not form or (facts.capital and of_name(block, index, facts)):
        return None
    known = facts.words.knows_small(form)
    confidence = of_known(block, index, form, page, facts) if known else of_compound(block, index, page, facts)
    if not confidence:
        return None
    first, last = block.words[index : index + 2]
    for third in block.words[index + 2 : index + 4]:
        if not extends(block, last, third, form, facts):
            break
        form, last = form + third.text.lower(), third
    return _finding(first, last, form, confidence)


def _finding(first: Word, last: Word, joined: str, confidence: float) -> Finding:
    span = Span(first.start, last.end)
    return Finding(
        RULE.id, span, f"“{joined}” has come apart.", (replace(span, joined, f"write “{joined}”"),), confidence
    )


def _hyphens(block: Block, facts: Joining) -> Iterator[Finding]:
    text = block.prose
    for match in _HYPHEN.finditer(text):
        before, after = word_before(text, match.start()), word_after(text, match.end())
        if not before or not after or text[match.end() + len(after) : match.end() + len(after) + 1] in ("-", "."):
            continue
        if before.lower() in facts.suspended:
            continue
        readings = facts.words.analyses(before)
        clitic = after in facts.clitics and any(r.pos in ("VERB", "AUX") for r in readings)
        nouns = facts.compounding and _noun(before, facts) and _noun(after, facts)
        if not (clitic or nouns or facts.counts.count(f"{before}-{after}")):
            continue
        span = Span(match.start() - len(before), match.end() + len(after))
        joined = before + match.group(1) + after
        edit = replace(Span(match.start(), match.start() + 1), "", "remove the space before the hyphen")
        yield Finding(RULE.id, span, f"“{joined}” has come apart.", (edit,), 0.9)


def _noun(form: str, facts: Joining) -> bool:
    known = sum(r.share for r in facts.words.analyses(form) if r.pos in ("NOUN", "PROPN")) >= 0.5
    return known and form[0].isupper() if facts.capital else known


RULE = Rule(
    id="split-word",
    find=find,
    gate=_gate,
    doc=__doc__,
    category="split-word",
    severity=Severity.MAJOR,
    mqm="fluency/spelling",
    its="misspelling",
    facts="split-word",
    native=True,
    examples=(
        Bad("Öffnen Sie den ⟦Inhalts Bereich⟧ der Seite.", fixed="Öffnen Sie den Inhaltsbereich der Seite.", lang="de"),
        Bad("Die ⟦Sicherheits Einstellungen⟧ fehlen.", fixed="Die Sicherheitseinstellungen fehlen.", lang="de"),
        Bad("Die ⟦Browser -Erweiterung⟧ ist neu.", fixed="Die Browser-Erweiterung ist neu.", lang="de"),
        Bad("Geef uw ⟦gebruikers naam⟧ op.", fixed="Geef uw gebruikersnaam op.", lang="nl"),
        Bad("Je moet de computer ⟦her starten⟧.", fixed="Je moet de computer herstarten.", lang="nl"),
        Bad("Het script wordt elke dag ⟦uit gevoerd⟧.", fixed="Het script wordt elke dag uitgevoerd.", lang="nl"),
        Bad("⟦Trata -se⟧ de um caso raro.", fixed="Trata-se de um caso raro.", lang="pt"),
        Bad("Les ⟦paramè tres⟧ sont enregistrés.", fixed="Les paramètres sont enregistrés.", lang="fr"),
        Bad("Puedes ⟦combi nar⟧ los colores.", fixed="Puedes combinar los colores.", lang="es"),
        Bad("La pagina usa ⟦Java Script⟧.", fixed="La pagina usa JavaScript.", lang="it"),
        Bad("The code is on ⟦Git Hub⟧.", fixed="The code is on GitHub.", lang="en"),
        Good("Über das Netzwerk booten, den Master Boot Record lesen.", why="a verb; a name", lang="de"),
        Good("Ende Mai trank Herr Müller zwei Liter Wasser in der Stadt Berlin.", why="measures, titles", lang="de"),
        Good("Die Vor- und Nachteile sowie -kosten der Ein- und Ausgabe.", why="suspended hyphens", lang="de"),
        Good("Er is een aantal mensen dat een kop koffie in de hand heeft.", why="measures", lang="nl"),
        Good("Dat is in staat om goed te werken.", why="phrases", lang="nl"),
        Good("Si non, il est bien tôt parti, par fois en fin de mois.", why="words that also stand apart", lang="fr"),
        Good("Si no puedes, dime por qué y con quién.", why="words that also stand apart", lang="es"),
        Good("Per ciò che vedo, in fatti, tutto va bene.", why="words that also stand apart", lang="it"),
        Good("Se não for assim, por que se trata disso?", why="words that also stand apart", lang="pt"),
        Good("I may be able to come any time; power users face book shops.", why="words that stand apart", lang="en"),
    ),
)
