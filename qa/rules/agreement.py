"""A determiner, an adjective and their noun disagree in gender or number.

A translator that works text node by text node chooses the determiner before a link without seeing the noun inside of
it; one that works subword by subword forgets an ending.  Both leave "le région", "un solution", "dem Einstellungen".

Fix safety: review. The determiner is inflected unless more words speak for its number than for the noun's.

Not caught: words that the lexicon and the counts know too little of; agreement over a distance; a verb with its
subject; case alone.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain

from qa.finding import Edit, Finding, Fix, Severity
from qa.grammar import cell_name, other_number
from qa.page import Page
from qa.rule import Bad, Good, Rule
from qa.rules._agreement import BETWEEN, Grammar, Trust, grammar
from qa.rules._attribute import Clause, clauses, repaired
from qa.rules._beside import beside
from qa.rules._clash import Clash, clash, usual
from qa.rules._declension import declension
from qa.rules._judge import advantage
from qa.rules._partitive import partitives
from qa.rules._phrase import Item, Phrase, suspects
from qa.rules._repair import repairs, verb_number
from qa.rules._where import by_block, where
from qa.text import Block, Span, Word

# What a repair is worth beside the counts: the determiner is inflected rather than the noun, the
# gender kept rather than the number, and the verb behind the phrase knows its number.
_DETERMINER, _GENDER, _VERB = 1.5, 2.0, 4.0

# How much better an attribute must read, and a noun behind a superlative; how sure both are.
_ATTRIBUTE, _PARTITIVE, _ENDING, _LOWER = -9.0, 0.0, -4.0, 0.85
# An adjective behind its noun that was never seen there; it is hardly ever a participle, which may look farther back.
_BESIDE, _NOISE = Trust(-3.0, 0.88), 0.05


def find(block: Block, page: Page) -> Iterator[Finding]:
    """Noun phrases and attributes that cannot agree and that read better when a word is inflected."""
    facts, places = page.language.derive(grammar), page.derive(by_block).get(id(block))
    if facts is None or places is None:
        return
    bare = page.language.derive(beside)
    for phrase in chain(suspects(block, places.phrases, facts), bare.phrases(block, places.nouns) if bare else ()):
        found = clash(phrase, block, facts)
        if found is not None:
            yield from _of_phrase(phrase, found, block, facts)
    for clause in clauses(block, places.row, places.copulas, facts):
        yield from _of_clause(clause, block, facts)
    declined = page.language.derive(declension)
    for wrong in declined.wrong(block, places.declined) if declined else ():
        options = sorted(wrong.options, key=lambda edits: -advantage(facts.counts, block.prose, edits))
        if options and advantage(facts.counts, block.prose, options[0]) >= _ENDING:
            yield _finding(block, wrong.determiner, wrong.noun, options, _LOWER)
    for part in partitives(block, facts) if places.partitive else ():
        if advantage(facts.counts, block.prose, part.edits) >= _PARTITIVE:
            yield _finding(block, part.first, part.noun, [part.edits], _LOWER)


def _gate(page: Page) -> frozenset[int]:
    return frozenset(page.derive(where))


def _of_phrase(phrase: Phrase, found: Clash, block: Block, facts: Grammar) -> Iterator[Finding]:
    items = phrase.items
    number = verb_number(phrase, block, facts)
    determined = items[phrase.nominal].start
    options = []
    for cell, edits in repairs(phrase, facts):
        better = advantage(facts.counts, block.prose, edits)
        worth = better + _DETERMINER * all(edit.span.end <= determined for edit in edits)
        worth += _GENDER * bool(other_number(items[found.other].mask) & cell)
        if number:
            worth += _VERB if cell_name(cell)[1] == number else -_VERB
        options.append((worth, better, edits))
    options.sort(key=lambda option: -option[0])
    determiner, role = items[found.one].determiner, items[found.other].role
    careful = determiner is None or (determiner.pronoun and role is not None and role.verb_share > 0)
    if found.between or (found.one == phrase.head and usual(items[found.one], items[found.other], facts)):
        trust = BETWEEN
    elif found.one == phrase.head and role is not None and role.participle_share < _NOISE:
        trust = _BESIDE
    else:
        trust = facts.trust(items[found.other].text, careful=careful)
    if options and max(better for _, better, _ in options) >= trust.margin:
        yield _finding(
            block, items[found.one], items[found.other], [edits for _, _, edits in options], trust.confidence
        )


def _of_clause(clause: Clause, block: Block, facts: Grammar) -> Iterator[Finding]:
    options = [(advantage(facts.counts, block.prose, edits), edits) for _, edits in repaired(clause, facts)]
    options.sort(key=lambda option: -option[0])
    if options and options[0][0] >= _ATTRIBUTE:
        yield _finding(block, clause.subject, clause.attribute, [edits for _, edits in options], _LOWER)


def _finding(
    block: Block, one: Item | Word, other: Item | Word, options: list[tuple[Edit, ...]], confidence: float
) -> Finding:
    start = min(one.start, other.start, options[0][0].span.start)
    end = max(one.end, other.end, options[0][-1].span.end)
    fixes = tuple(
        Fix(f"write “{' … '.join(edit.text.strip() for edit in edits)}”", edits)
        for edits in options
        if all(start <= edit.span.start and edit.span.end <= end for edit in edits)
    )
    pair = " and ".join(f"“{block.prose[item.start : item.end]}”" for item in (one, other))
    return Finding(RULE.id, Span(start, end), f"{pair} do not agree.", fixes[:3], confidence)


RULE = Rule(
    id="agreement",
    find=find,
    gate=_gate,
    doc=__doc__,
    category="agreement",
    severity=Severity.MAJOR,
    mqm="fluency/grammar/agreement",
    its="grammar",
    facts="agreement",
    native=True,
    examples=(
        Bad("Le bateau longe ⟦le région⟧ du sud.", fixed="Le bateau longe la région du sud.", lang="fr"),
        Bad("C'est ⟦un solution⟧ rapide.", fixed="C'est une solution rapide.", lang="fr"),
        Bad(
            "La police cherche ⟦les suspect⟧ depuis hier.", fixed="La police cherche le suspect depuis hier.", lang="fr"
        ),
        Bad("Selon ⟦l’autorités⟧, rien ne change.", fixed="Selon les autorités, rien ne change.", lang="fr"),
        Bad("Apri ⟦la documento⟧ con il tuo editor.", fixed="Apri il documento con il tuo editor.", lang="it"),
        Bad("Abre ⟦el página⟧ de inicio.", fixed="Abre la página de inicio.", lang="es"),
        Bad("Guarde ⟦o página⟧ antes de sair.", fixed="Guarde a página antes de sair.", lang="pt"),
        Bad("Wir haben ⟦ein Frage⟧ dazu.", fixed="Wir haben eine Frage dazu.", lang="de"),
        Bad("Wir sprachen über ⟦das neues Haus⟧.", fixed="Wir sprachen über das neue Haus.", lang="de"),
        Bad("Er kam mit ⟦einem gutem Plan⟧.", fixed="Er kam mit einem guten Plan.", lang="de"),
        Bad("Dit is ⟦de probleem⟧ van gisteren.", fixed="Dit is het probleem van gisteren.", lang="nl"),
        Bad("She wrote ⟦these thesis⟧ in Rome.", fixed="She wrote this thesis in Rome.", lang="en"),
        Bad(
            "It is one ⟦of the most popular song⟧ of the year.",
            fixed="It is one of the most popular songs of the year.",
            lang="en",
        ),
        Bad(
            "Even with ⟦these option⟧ selected, it opens.", fixed="Even with this option selected, it opens.", lang="en"
        ),
        Bad("⟦This measures⟧ are old.", fixed="These measures are old.", lang="en"),
        Bad("⟦Het effecten⟧ zijn klein.", fixed="De effecten zijn klein.", lang="nl"),
        Bad("La ⟦région est menacé⟧ par le feu.", fixed="La région est menacée par le feu.", lang="fr"),
        Bad("Las ⟦puertas están cerrado⟧ hoy.", fixed="Las puertas están cerradas hoy.", lang="es"),
        Bad(
            "Las puertas de las ⟦casas están cerrado⟧ hoy.",
            fixed="Las puertas de las casas están cerradas hoy.",
            lang="es",
        ),
        Bad("Ces mesures, prises hier, ⟦sont annulée⟧.", fixed="Ces mesures, prises hier, sont annulées.", lang="fr"),
        Bad("Les ⟦mesures ont été annulé⟧.", fixed="Les mesures ont été annulées.", lang="fr"),
        Bad("I ⟦prodotti verranno testato⟧ qui.", fixed="I prodotti verranno testati qui.", lang="it"),
        Bad("La ⟦decisione è stato⟧ annullata.", fixed="La decisione è stata annullata.", lang="it"),
        Bad("La ⟦decisión ha sido anulado⟧.", fixed="La decisión ha sido anulada.", lang="es"),
        Bad("A ⟦decisão tinha sido anulado⟧.", fixed="A decisão tinha sido anulada.", lang="pt"),
        Bad("Voici le ⟦nouveaux modèle⟧.", fixed="Voici le nouveau modèle.", lang="fr"),
        Bad("Plus d'⟦heures supplémentaire⟧ que prévu.", fixed="Plus d'heures supplémentaires que prévu.", lang="fr"),
        Bad("Configurer un ⟦écran externes⟧.", fixed="Configurer un écran externe.", lang="fr"),
        Bad("A ⟦primeiro metade⟧ do ano.", fixed="A primeira metade do ano.", lang="pt"),
        Bad("Prepara ⟦la contenidos⟧ del curso.", fixed="Prepara los contenidos del curso.", lang="es"),
        Good("Le président et la ministre élus sont arrivés.", why="two nouns share an adjective", lang="fr"),
        Good("Les langues française et anglaise.", why="one noun, two adjectives", lang="fr"),
        Good("Les types de contenu obsolètes.", why="the adjective of the noun before", lang="fr"),
        Good("Vingt et une pages suffisent.", why="the end of a number", lang="fr"),
        Good("Une sorte de problème important, et des groupes d'hommes armés.", why="other heads", lang="fr"),
        Good("Il la porte, elle le livre, nous les nomme.", why="pronouns before verbs", lang="fr"),
        Good("Il le lit, en les montant à l'aide d'un outil, et en crée un grâce à lui.", why="a gerund", lang="fr"),
        Good("L'outil prend le fichier, le place ici, et tout le monde tels que vous.", why="a verb", lang="fr"),
        Good("La tour penche et le tour est joué.", why="a noun of two genders", lang="fr"),
        Good("Une sorte de problème est apparue, un peu légère.", why="kinds and measures", lang="fr"),
        Good("Le città e la crisi, questi re.", why="the same in both numbers", lang="it"),
        Good("Prepara il pacchetto e lo carica. Questo stampa la lista dei software.", why="verbs, a loan", lang="it"),
        Good("Lo spessore del pennello varia in modo casuale.", why="a verb", lang="it"),
        Good("La calidad higiénico sanitaria es alta.", why="half of a double adjective", lang="es"),
        Good("El agua fría y un alma buena.", why="feminine with el", lang="es"),
        Good("Escreva na prompt da shell: é uma array, e os ecrãs são novos.", why="loan words", lang="pt"),
        Good("Vamos a pé, direito a voto.", why="a preposition", lang="pt"),
        Good("Das Mädchen, dem Frauen helfen, und die Computer.", why="relative pronoun; plural", lang="de"),
        Good("Eine Aktion, mit der neue Kunden kommen.", why="a relative pronoun", lang="de"),
        Good(
            "Beim Booten von der einen Karte sind das Leute, die im allgemeinen Texte lesen.", why="a verb", lang="de"
        ),
        Good("Es ist ein Werkzeug welches Dateien prüft.", why="a relative pronoun without its comma", lang="de"),
        Good("Das oder die Programm(e) laufen.", why="both numbers", lang="de"),
        Good("Sie wollte ein paar Bilder.", why="a measure", lang="de"),
        Good("Het is mooi dat het kinderen helpt en dat dit steun verdient.", why="pronouns", lang="nl"),
        Good("Er is beleid voor het bijdragen van tekst, omdat het mogelijk steun krijgt.", why="a verb", lang="nl"),
        Good("Hij vraagt de pakket onderhouder.", why="the noun behind is the head", lang="nl"),
        Good(
            "This measures five feet, and these government funded and run schools.",
            why="a verb; a noun to come",
            lang="en",
        ),
        Good("This guards against it. This poses serious problems.", why="verbs", lang="en"),
        Good("This works, and a series of these means a sports car.", why="verbs, invariables, compounds", lang="en"),
    ),
)
