"""A placeholder, an entity or a piece of markup was treated as prose and shows broken in the text.

A translator that takes "%s" for a percent sign and a word sets them apart; so it does with "{0}", "</b>", "[9]", the
marks of Markdown links, images, bold text, code blocks and notes, and with the entities of HTML.  Other remains are
escapes of programs ("\\u00e9"), spaces without width, and the markers with which translation systems protect code.

Fix safety: safe where only a space goes or a visible entity becomes its character; review for angle brackets, for
translated keywords and for links that are not closed; none for leaked markers, whose content is lost.

Not caught: a placeholder whose name was translated or lost; an entity that a reader of the page does not see.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from qa.finding import Finding, Severity, replace
from qa.page import Page
from qa.rule import Bad, Good, Rule
from qa.rules._residue import Residue
from qa.rules._suspects import marked
from qa.text import Block

_marked = marked(
    [
        *("%", "{", "&", "\\", "**", "* *", "<", "`", "⟦", "⟪", "__", "@@", "[[", "▁", "⁇", "\u200b", "\ufeff"),
        *("](", "] (", "[!", "[ !", " ]"),
        re.compile(rb"\[ [0-9]"),
    ]
)


def find(block: Block, page: Page) -> Iterator[Finding]:
    """What shows of placeholders and markup, apart from each other."""
    last = 0
    for each in sorted(_shown(block, page), key=lambda each: (each.span.start, -each.span.end, -each.confidence)):
        if each.span.start >= last:
            last = each.span.end
            title = f"write “{each.text}”" if each.text and each.text.strip() else "remove it"
            fixes = () if each.text is None else (replace(each.span, each.text, title, each.safety),)
            yield Finding(RULE.id, each.span, each.message, fixes, each.confidence)


def _shown(block: Block, page: Page) -> Iterator[Residue]:
    from qa.rules._entities import entities, escapes, widthless  # many patterns, which most pages do not need
    from qa.rules._fields import fields
    from qa.rules._markdown import markdown

    yield from entities(block.prose)
    yield from escapes(block.prose, page)
    yield from fields(block.prose, page)
    yield from markdown(block.prose, page.language)
    yield from widthless(block.prose)


RULE = Rule(
    id="broken-placeholder",
    find=find,
    gate=_marked,
    doc=__doc__,
    category="markup-residue",
    severity=Severity.MAJOR,
    mqm="design/markup",
    its="markup",
    facts="broken-placeholder",
    telltale=True,
    examples=(
        Bad("Fichier ⟦% s⟧ introuvable.", fixed="Fichier %s introuvable.", lang="fr"),
        Bad("Voir la page ⟦{ 0 }⟧ du manuel.", fixed="Voir la page {0} du manuel.", lang="fr"),
        Bad("Le mot est⟦&nbsp;⟧long.", fixed="Le mot est\u00a0long.", lang="fr"),
        Bad("Un caf⟦\\u00e9⟧ noir.", fixed="Un café noir.", lang="fr"),
        Bad("Dans l⟦\\'⟧image suivante.", fixed="Dans l'image suivante.", lang="fr"),
        Bad("⟦[! REMARQUE]⟧ Lisez ceci.", fixed="[!NOTE] Lisez ceci.", lang="fr", syntax="markdown"),
        Bad("Copiati ⟦%1 $ d⟧ file.", fixed="Copiati %1$d file.", lang="it"),
        Bad("Vedi la nota ⟦[9 ]⟧.", fixed="Vedi la nota [9].", lang="it"),
        Bad(
            "Apri [la guida⟦] ⟧(guida.md).",
            fixed="Apri [la guida](guida.md).",
            lang="it",
        ),
        Bad("Hola, ⟦$ {nombre}⟧.", fixed="Hola, ${nombre}.", lang="es"),
        Bad("Texto ⟦** importante**⟧ aquí.", fixed="Texto **importante** aquí.", lang="es"),
        Bad("Ein ⟦</ b>⟧ bleibt.", fixed="Ein </b> bleibt.", lang="de"),
        Bad("Tom ⟦&amp;⟧ Anna kommen.", fixed="Tom & Anna kommen.", lang="de"),
        Bad(
            "Das ⟦{anzahl, Plural,⟧ one {Tag} other {Tage}}.",
            fixed="Das {anzahl, plural, one {Tag} other {Tage}}.",
            lang="de",
        ),
        Bad("O usuário ⟦% (nome) s⟧ saiu.", fixed="O usuário %(nome)s saiu.", lang="pt"),
        Bad("Ele disse ⟦& quot;⟧sim.", fixed='Ele disse "sim.', lang="pt"),
        Bad("Een ⟦* * vet * *⟧ woord.", fixed="Een **vet** woord.", lang="nl"),
        Bad("Het bestand is trans⟦@@ ⟧port.", fixed="Het bestand is transport.", lang="nl"),
        Bad("The value ⟦__NT0__⟧ is set.", fixed=None, lang="en"),
        Bad("⟦\u200b⟧A picture.", fixed="A picture.", lang="en"),
        Bad("The ⟦> <pages⟧ element sets it.", fixed="The <pages> element sets it.", lang="en"),
        Good("C'est sûr à 100 % selon 5 % d'entre eux, en % de la masse.", why="shares", lang="fr"),
        Good("L'ensemble A = { 0 } et x_{ 1 } sont notés ainsi.", why="mathematics", lang="fr"),
        Good("È sicuro al 100 % (sicuro) e costa il 5 % in più; R & D & altro.", why="shares", lang="it"),
        Good("Entre 5 < b > 3 y `% s`, nada más.", why="comparisons, code", lang="es", syntax="markdown"),
        Good(
            "Das ist 100 % sicher, in % d. h. in Prozent, siehe % s. Tabelle.",
            why="shares, abbreviations",
            lang="de",
        ),
        Good(
            "Custa 20 % a mais e {{ nome }} fica; a entidade “&nbsp;” é um espaço.",
            why="a template, a topic",
            lang="pt",
        ),
        Good("Het is 100 % zeker [1] en 2 ** 3 = 8, *zeer* **vet**.", why="shares, powers, emphasis", lang="nl"),
        Good(
            "It grew 5 % in 2020; see https://example.org/?a=1&amp;b=2 and C:\\users\\new.",
            why="address, path",
            lang="en",
        ),
    ),
)
