"""A word is written twice in a row.

A decoder that loses its place emits the last word again, and a word that was emphasised in the source is written
once inside the emphasis and once outside of it.

What is right depends on the language and on the neighbours: French "nous nous", German "die, die die Tür öffnen",
English "had had".  Each language names the doublings that are right anywhere, those that are right in some places,
and the parts of speech it doubles for emphasis (`repeated-word.toml`); pairs that clean text has often are right too.

Fix safety: review. A doubling can be meant.

Not caught: three and more in a row (`looped-phrase`); a repetition across two blocks; numbers and single letters.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from qa.finding import Finding, Severity, replace
from qa.language import Language
from qa.lexicon import Lexicon
from qa.ngrams import ngrams
from qa.page import Page
from qa.rule import Bad, Good, Rule
from qa.rules._again import again
from qa.rules._context import begins_sentence, nouns_have_capitals, row, share, token_before, word_after, words_of
from qa.text import Block, Span

# Two equal words; the first letters may differ in case.  Begins with the space, which is quick to search for.
_TWICE = re.compile(r" (?P<first>(\w)(\w++)) (?P<second>(?i:\2)\3)(?!\w)")
# A hyphen or an apostrophe makes one of them a part of another word.
_JOINED = "-–'’.@/"
_STOP = re.compile(r"[,.;:!?()]")
_WORD = re.compile(r"[^\W\d_]+")
# A pair that makes up more than this part of a word's uses is an idiom.
_IDIOM, _IDIOMS = 0.001, 4


class Sometimes(NamedTuple):
    """Words whose doubling is right in some places.

    `right_after` and `right_before` name the neighbours that make it right (`right_after_kinds`: their parts of
    speech), `wrong_after` the only ones that make it wrong.  `past`: parts of speech that the look back passes over.
    `attribute`: endings of words which, before the clause ends, show that the second word opens a longer phrase.
    """

    words: tuple[str, ...]
    right_after: tuple[str, ...] = ()
    right_after_kinds: tuple[str, ...] = ()
    wrong_after: tuple[str, ...] = ()
    right_before: str = ""
    past: tuple[str, ...] = ()
    attribute: str = ""
    confidence: float = 0.8

    def right(self, prose: str, start: int, end: int, words: Lexicon) -> bool:
        """Whether the doubling at `start` to `end` is right where it stands."""
        at = start
        before = token_before(prose, at)
        if self.past and share(words, before, *self.past) >= 0.5:
            at = prose.rindex(before, 0, at)
            before = token_before(prose, at)
        if self.wrong_after:
            return before.lower() not in self.wrong_after
        behind = word_after(prose, end + 1)
        return (
            before.lower() in self.right_after
            or share(words, before, *self.right_after_kinds) > 0.3
            or bool(self.right_before and re.fullmatch(self.right_before, behind))
            or bool(self.attribute and self._opens_phrase(prose, end))
        )

    def _opens_phrase(self, prose: str, end: int) -> bool:
        stop = _STOP.search(prose, end, end + 100)
        clause = _WORD.findall(prose, end, stop.start() if stop else end + 100)
        return any(re.fullmatch(self.attribute, word) for word in clause[:8])


class _Facts(NamedTuple):
    right: frozenset[str]
    emphatic: tuple[str, ...]
    sometimes: dict[str, Sometimes]


def find(block: Block, page: Page) -> Iterator[Finding]:
    """Adjacent equal words, with nothing but space between them."""
    prose = " " + block.prose  # every word has a character before it
    words = words_of(page.language)
    for match in _TWICE.finditer(prose):
        word = match["second"].lower()
        start, end = match.start("first"), match.end("second")
        if not word.isalpha() or _is_more(prose, match) or _capital_differs(prose, match, page.language, words):
            continue
        confidence = _confidence(match["second"], prose, start, end, page.language, words)
        if confidence:
            first = match["first"]
            yield Finding(
                RULE.id,
                Span(start - 1, end - 1),
                f"“{word}” is written twice.",
                (replace(Span(match.end("first") - 1, end - 1), "", f"write “{first}” once"),),
                confidence,
            )


def _is_more(prose: str, match: re.Match[str]) -> bool:
    """Whether one of the words goes on, or the word is there once more: a loop is another rule's."""
    before, behind = prose[match.start() - 1 : match.start()], prose[match.end() : match.end() + 1]
    return (
        (before in _JOINED[:4] and before != "")
        or (behind in _JOINED and behind != "" and prose[match.end() + 1 : match.end() + 2].isalnum())
        or word_after(prose, match.end() + 1).lower() == match["second"].lower()
        or token_before(prose, match.start("first")).lower() == match["second"].lower()
    )


def _capital_differs(prose: str, match: re.Match[str], language: Language, words: Lexicon | None) -> bool:
    """Whether a capital tells the two apart: "Duran Duran" is a name, "orders Orders" a heading and its text."""
    first, second = match["first"], match["second"]
    if second[0].islower():
        return first[0].isupper() and not begins_sentence(prose, match.start("first"))
    noun = nouns_have_capitals(language) and words is not None and share(words, second, "NOUN") > 0.7
    return not (noun and first == second)


def _confidence(form: str, prose: str, start: int, end: int, language: Language, words: Lexicon | None) -> float:
    """How likely a doubling of `form` is a defect here; 0.0 where it may be right."""
    facts, word = language.derive(_facts), form.lower()
    if word in facts.right:
        return 0.0
    if words is None:
        return 0.8
    sometimes = facts.sometimes.get(word)
    if sometimes:
        return 0.0 if sometimes.right(prose, start, end, words) else sometimes.confidence
    if share(words, form, *facts.emphatic) > 0.2:
        return 0.0
    counts = ngrams(language.code)
    if counts.count(word, word) > max(_IDIOMS, _IDIOM * counts.count(word)):
        return 0.0
    if form not in words:
        return 0.6 if form < "\u0250" else 0.0  # a word in another script
    return 0.95 if share(words, form, "DET", "ADP", "CCONJ", "SCONJ", "PRON", "AUX") > 0.5 else 0.9


def _facts(language: Language) -> _Facts:
    facts = language.facts("repeated-word")
    rows = [Sometimes(**row(table)) for table in facts.get("sometimes", ())]
    return _Facts(
        frozenset(facts["right"]),
        tuple(facts.get("emphatic", ())),
        {word: sometimes for sometimes in rows for word in sometimes.words},
    )


RULE = Rule(
    id="repeated-word",
    find=find,
    gate=again,
    doc=__doc__,
    category="repeated-word",
    severity=Severity.MAJOR,
    mqm="accuracy/addition",
    its="addition",
    facts="repeated-word",
    examples=(
        Bad("Elle ouvre ⟦la la⟧ porte.", fixed="Elle ouvre la porte.", lang="fr"),
        Bad("Il vit ⟦en en⟧ Suisse.", fixed="Il vit en Suisse.", lang="fr"),
        Bad("Apre ⟦la la⟧ porta.", fixed="Apre la porta.", lang="it"),
        Bad("Abre la ⟦puerta puerta⟧.", fixed="Abre la puerta.", lang="es"),
        Bad("Todo lo ⟦que que⟧ pesa aquí.", fixed="Todo lo que pesa aquí.", lang="es"),
        Bad("Der Schlüssel für ⟦das das⟧ Fenster fehlt.", fixed="Der Schlüssel für das Fenster fehlt.", lang="de"),
        Bad("Abra a ⟦porta porta⟧ agora.", fixed="Abra a porta agora.", lang="pt"),
        Bad("Open ⟦het het⟧ raam.", fixed="Open het raam.", lang="nl"),
        Bad("⟦The the⟧ door is open.", fixed="The door is open.", lang="en"),
        Good("Nous nous sommes trompés en en parlant. Oh la la !", why="pronouns, and an interjection", lang="fr"),
        Good("Prends-le le plus tôt possible.", why="the first is a part of the verb", lang="fr"),
        Good("È andato via via più lontano, piano piano.", why="adverbs", lang="it"),
        Good("Creo que que venga es bueno.", why="two conjunctions", lang="es"),
        Good(
            "Ich kenne die, die die Arbeit kennen, die die Welt braucht.",
            why="demonstrative, relative, article",
            lang="de",
        ),
        Good(
            "Alle der der Kommission übermittelten Berichte.", why="the article of a phrase within a phrase", lang="de"
        ),
        Good("Duran Duran toca hoje.", why="a name", lang="pt"),
        Good("Hij zei dat dat niet kon.", why="conjunction and demonstrative", lang="nl"),
        Good("She had had enough of that that day.", why="past perfect, demonstratives", lang="en"),
    ),
)
