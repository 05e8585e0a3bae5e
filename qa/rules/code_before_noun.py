"""A word of code stands before the noun that names its kind, as in English.

"the `WHERE` clause" is "la clause `WHERE`" in the Romance languages.  A translator that carries code over as it is
often leaves the English order: "dans `WHERE` clause", "la `Text` propiedad".

Evidence is a determiner that agrees with the noun, or a preposition, right before the code, and a noun that is hardly
anything else right behind it.  Where the determiner was lost, the definite one is put in.  In handbooks that people
translated it hardly ever comes up (docs/silence.md).

Fix safety: review.

Not caught: names that are not set as code; nouns with adjectives; nouns that English lends ("el `id` string").
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from qa.finding import Edit, Finding, Fix, Severity
from qa.grammar import bits, cells
from qa.lexicon import lexicon
from qa.page import Page
from qa.rule import Bad, Good, Rule
from qa.rules._agreement import Grammar, grammar
from qa.rules._context import LOWER, word_before
from qa.rules._suspects import coded
from qa.text import MASK, Block, Span

_CODE = re.compile(rf"(?<=[{LOWER}'’ ]){MASK}+ (?=([{LOWER}]{{3,}})(?! ?[\d-]|[^\W_]))")
_NOUN = 0.8  # of a noun's uses
_NOISE = 0.1  # … and of an adjective's
_MASCULINE = bits("m", "")
_LENT = 2.0  # times as frequent in English: a loan word, or English
_ENGLISH = "en"


def find(block: Block, page: Page) -> Iterator[Finding]:
    """Nouns behind a code span that belong before it."""
    if MASK not in block.prose:
        return
    facts, data = page.language.derive(grammar), page.language.facts("code-before-noun")
    if facts is None:
        return
    for match in _CODE.finditer(block.prose):
        start, behind, noun = match.start(), match.end(), match[1]
        determiner = _determiner(_word_before(block.prose, start), noun, data, facts)
        if determiner is not None and _names_kind(noun, facts):
            end = behind + len(noun)
            edits = (Edit(Span(start, start), f"{determiner}{noun} "), Edit(Span(behind - 1, end), ""))
            fix = Fix(f"put “{noun}” before the code", edits)
            message = f"“{noun}” stands behind the code that it names, as in English."
            yield Finding(RULE.id, Span(start, end), message, (fix,), 0.9)


def _word_before(prose: str, position: int) -> str:
    """The word before the code in small letters, an elided one with its apostrophe."""
    if prose[position - 1] in "'’":
        return word_before(prose, position - 1).lower() + "'"
    return word_before(prose, position - 1).lower() if prose[position - 1] == " " else ""


def _names_kind(noun: str, facts: Grammar) -> bool:
    """Whether the word is an own noun and hardly anything else."""
    role = facts.role(noun)
    if role.noun_share < _NOUN or noun in facts.uninflected | facts.invariable:
        return False
    if role.noun & _MASCULINE and (role.adjective_share > _NOISE or facts.may_be_verb(noun)):
        return False  # it may describe the code, or be what it does: code goes for masculine ("o `dpkg` guarda um log")
    return lexicon(_ENGLISH).rate(noun) <= _LENT * facts.words.rate(noun)


def _determiner(word: str, noun: str, data: Mapping[str, Any], facts: Grammar) -> str | None:
    """What the noun needs before it if its phrase begins with the word: "", the definite article; None: it does not."""
    cells_, onset = facts.role(noun).noun, facts.words.onset(noun)
    if word in data["prepositions"]:
        article = facts.determiners[data["article"]]
        forms = [form for cell in cells(cells_) for form in article.inflected(cell, onset)]
        return f"{forms[0]} ".replace("' ", "'") if forms else None
    determiner = facts.determiners.get(word) if word in data["determiners"] else None
    return "" if determiner is not None and determiner.mask(onset) & cells_ else None


RULE = Rule(
    id="code-before-noun",
    find=find,
    gate=coded,
    doc=__doc__,
    category="word-order",
    severity=Severity.MAJOR,
    mqm="fluency/word-order",
    its="grammar",
    facts="code-before-noun",
    native=True,
    examples=(
        Bad(
            "Elle figure dans ⟦`WHERE` clause⟧ de la requête.",
            fixed="Elle figure dans la clause `WHERE` de la requête.",
            lang="fr",
            syntax="markdown",
        ),
        Bad(
            "<p>Réglez la ⟦<code>Text</code> propriété⟧ du bouton.</p>",
            fixed="<p>Réglez la propriété <code>Text</code> du bouton.</p>",
            lang="fr",
            syntax="html",
        ),
        Bad(
            "Imposta la ⟦`Text` proprietà⟧ del pulsante.",
            fixed="Imposta la proprietà `Text` del pulsante.",
            lang="it",
            syntax="markdown",
        ),
        Bad(
            "Establezca la ⟦`Text` propiedad⟧ del botón.",
            fixed="Establezca la propiedad `Text` del botón.",
            lang="es",
            syntax="markdown",
        ),
        Bad(
            "Defina a ⟦`Text` propriedade⟧ do botão.",
            fixed="Defina a propriedade `Text` do botão.",
            lang="pt",
            syntax="markdown",
        ),
        Good(
            "Le fichier `a` contient la clé `b` de la table.",
            why="the noun stands before",
            lang="fr",
            syntax="markdown",
        ),
        Good("Avec `git` version 2, demandez à `apt` d'agir.", why="a version; elision", lang="fr", syntax="markdown"),
        Good("Il bit `setuid`, il `setgid` e lo `sticky` bit.", why="a loan word", lang="it", syntax="markdown"),
        Good("Use el `Text` vacío y dé al `Id` valores.", why="an adjective; a dative", lang="es", syntax="markdown"),
        Good("Dando ao `mdadm` parâmetros como este.", why="a dative", lang="pt", syntax="markdown"),
    ),
)
