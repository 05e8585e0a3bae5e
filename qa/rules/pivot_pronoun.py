"""The polite pronoun stands where "they", "she" or "it" was meant.

English has one "you" and one "they"; a translator that goes through it writes the formal pronoun with a verb in the
third person singular: "wenn Sie über eine Lücke angegriffen wird".

Fix safety: review. Which of the other pronouns was meant depends on what it stands for.

Not caught: the polite pronoun as an object; clauses in which another word may be the subject.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from qa.finding import Finding, Severity, replace
from qa.language import Language
from qa.page import Page
from qa.rule import Bad, Good, Rule
from qa.rules._agreement import Grammar, grammar
from qa.rules._columns import Ask, column, listed, set_in
from qa.rules._phrase import follows, mark_before
from qa.text import Block, Span, Word

_LONGEST = 12  # words of a clause
_CLOSED = frozenset({"DET", "PRON", "ADP", "CCONJ", "SCONJ", "NUM"})


class Facts(NamedTuple):
    """See pivot-pronoun.toml."""

    polite: str
    meant: tuple[str, ...]
    singular: frozenset[str]
    copulas: frozenset[str]
    subordinators: frozenset[str]
    contractions: frozenset[str]

    @classmethod
    def of(cls, language: Language) -> Facts:
        """Read the facts of the language."""
        data = language.facts("pivot-pronoun")
        names = ("singular", "copulas", "subordinators", "contractions")
        return cls(data["polite"], tuple(data["meant"]), *(frozenset(data[name]) for name in names))


def find(block: Block, page: Page) -> Iterator[Finding]:
    """Polite pronouns that can only be the subject of a verb in the singular."""
    facts = page.language.derive(Facts.of)
    nouns = page.language.derive(grammar)
    words = block.words
    for index, form in enumerate(block.forms):
        if form != facts.polite or not index or nouns is None:
            continue
        if not follows(block.prose, words[index - 1].end, words[index]):
            continue
        before = words[index - 1].text
        if (before in facts.copulas and _inverted(block, index)) or (
            before in facts.subordinators and _subject(block, index, facts, nouns)
        ):
            yield _finding(words[index], facts)


def _gate(page: Page) -> frozenset[int]:
    return page.numbers(set_in(column(page, _polite)))


def _polite(own: Language, others: tuple[str, ...]) -> Ask:
    """A question: whether it is the polite pronoun."""
    return listed({own.derive(Facts.of).polite: 1})


def _inverted(block: Block, index: int) -> bool:
    """Whether the copula before the word `index` stands before its subject, not at the end of a clause."""
    first = index - 1
    return bool(first) and mark_before(block.prose, block.words[first].start) not in ",;:–—"


def _subject(block: Block, index: int, facts: Facts, nouns: Grammar) -> bool:
    """Whether a clause of adverbs and prepositional phrases runs from here to a verb in the singular."""
    words, text = block.words, block.prose
    clause: list[Word] = []
    for at in range(index + 1, min(len(words), index + 1 + _LONGEST)):
        if not follows(text, words[at - 1].end, words[at]):
            break
        clause.append(words[at])
    if not clause or clause[-1].text not in facts.singular:
        return False
    if text[clause[-1].end : clause[-1].end + 1] not in (".", ",", ";", "?", "!", ""):
        return False
    governed = False
    for word in clause[:-1]:
        kinds = {reading.pos for reading in nouns.words.analyses(word.text) if reading.share >= 0.1}
        if word.text in facts.contractions or kinds == {"ADP"}:
            governed = True
        elif word.text[0].isupper():
            if not governed:
                return False
            governed = False
        elif kinds & _CLOSED and not governed:
            return False
    return not governed


def _finding(word: Word, facts: Facts) -> Finding:
    span = Span(word.start, word.end)
    fixes = tuple(replace(span, form, f"write “{form}”") for form in facts.meant)
    return Finding(RULE.id, span, f"“{word.text}” cannot be the subject of this verb.", fixes, 0.85)


RULE = Rule(
    id="pivot-pronoun",
    find=find,
    gate=_gate,
    doc=__doc__,
    category="agreement",
    severity=Severity.MAJOR,
    mqm="accuracy/mistranslation",
    its="mistranslation",
    facts="pivot-pronoun",
    native=True,
    examples=(
        Bad(
            "Die Seite lädt neu, wenn ⟦Sie⟧ über einen Link geöffnet wird.",
            fixed="Die Seite lädt neu, wenn sie über einen Link geöffnet wird.",
            lang="de",
        ),
        Bad("Dann ist ⟦Sie⟧ nicht mehr sichtbar.", fixed="Dann ist sie nicht mehr sichtbar.", lang="de"),
        Good("Wenn Sie eine Frage haben, kann Sie der Lehrer hören.", why="object and subject", lang="de"),
        Good("Wenn Sie der Hund gebissen hat, rufen Sie an.", why="another subject", lang="de"),
        Good("Was Sie betrifft, ist es gut, wie es ist, Sie wissen es.", why="a new clause", lang="de"),
    ),
)
