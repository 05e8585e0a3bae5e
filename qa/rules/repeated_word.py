"""A word is written twice in a row.

A decoder that loses its place emits the last word again, and a word that was emphasised in the source is written
once inside the emphasis and once outside of it.

Fix safety: review. A doubling can be meant, even where the language's list of right doublings does not know it.

Not caught: a repeated phrase (`looped-phrase`); a repetition across two blocks; numbers; doublings that are right
in some sentence (French "nous nous", German "die die", English "had had": `repeated-word.toml` of each language).
"""

from __future__ import annotations

from collections.abc import Iterator

from qa.finding import Finding, Severity, replace
from qa.language import Language
from qa.page import Page
from qa.rule import Bad, Good, Rule
from qa.text import Block, Span


def find(block: Block, page: Page) -> Iterator[Finding]:
    """Adjacent equal words, with nothing but space between them."""
    words = block.words
    for index in range(1, len(words)):
        before, word = words[index - 1], words[index]
        if len(word.text) != len(before.text) or before.text.lower() != word.text.lower() or len(word.text) < 2:
            continue
        if not block.prose[before.end : word.start].isspace() or before.text[0].isupper() and word.text[0].isupper():
            continue  # "Duran Duran" is a name
        if word.text.lower() in page.language.derive(_right):
            continue
        yield Finding(
            RULE.id,
            Span(before.start, word.end),
            f"“{word.text.lower()}” is written twice.",
            (replace(Span(before.end, word.end), "", f"write “{before.text}” once"),),
        )


def _right(language: Language) -> frozenset[str]:
    return frozenset(language.facts("repeated-word")["right"])


RULE = Rule(
    id="repeated-word",
    find=find,
    doc=__doc__,
    category="repeated-word",
    severity=Severity.MAJOR,
    mqm="accuracy/addition",
    its="addition",
    facts="repeated-word",
    examples=(
        Bad("Elle ouvre ⟦la la⟧ porte.", fixed="Elle ouvre la porte.", lang="fr"),
        Bad("Apre ⟦la la⟧ porta.", fixed="Apre la porta.", lang="it"),
        Bad("Abre ⟦la la⟧ puerta.", fixed="Abre la puerta.", lang="es"),
        Bad("Öffnen Sie ⟦das das⟧ Fenster.", fixed="Öffnen Sie das Fenster.", lang="de"),
        Bad("Abra a ⟦porta porta⟧ agora.", fixed="Abra a porta agora.", lang="pt"),
        Bad("Open ⟦het het⟧ raam.", fixed="Open het raam.", lang="nl"),
        Bad("Open ⟦the the⟧ door.", fixed="Open the door.", lang="en"),
        Good("Nous nous sommes trompés.", why="subject and reflexive", lang="fr"),
        Good("È andato via via più lontano.", why="adverb", lang="it"),
        Good("Creo que que venga es bueno.", why="two conjunctions", lang="es"),
        Good("Ich kenne die, die dort stehen, und die die kommen.", why="demonstrative and relative", lang="de"),
        Good("Duran Duran toca hoje.", why="a name", lang="pt"),
        Good("Hij zei dat dat niet kon.", why="conjunction and demonstrative", lang="nl"),
        Good("She had had enough.", why="past perfect", lang="en"),
    ),
)
