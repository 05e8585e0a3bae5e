"""A decoder went round in a loop: words are written again and again.

A translator that loses its place emits the same words once more, or many times: "de base de base de base", "in the
house in the house".  Loops of a word count from three rounds, loops of a phrase from two.

Not a loop: what people repeat for emphasis ("no, no, no", "again and again and again"), "little by little by …",
numbers that are read out, and nested phrases where the language has them (`looped-phrase.toml`).

Fix safety: review.

Not caught: rounds with punctuation between them; rounds that differ; a phrase of more than six words.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from qa.finding import Finding, Severity, replace
from qa.language import Language
from qa.lexicon import Lexicon
from qa.ngrams import ngrams
from qa.page import Page
from qa.rule import Bad, Good, Rule
from qa.rules._again import LONGEST, again
from qa.rules._context import nouns_have_capitals, share, words_of
from qa.text import Block, Span

# Letters of the Latin alphabets, digits and what joins them: a plain range is quicker than a class of Unicode.
_TOKEN = "[a-zA-Z0-9À-ɏ'’-]++"


def _rounds(size: int) -> str:
    """A pattern for what follows `size` words: the same words again, or one more word and then that."""
    round_ = "".join(f" \\{word}" for word in range(1, size + 1)) + r"(?![\w'’-])"
    return f"(?:{round_}" + (f"| ({_TOKEN}){_rounds(size + 1)})" if size < LONGEST else ")")


# Three rounds of one word, or two of a phrase.  One group for each word: quicker than a repeated group.
_LOOP = re.compile(rf" ({_TOKEN})(?: \1 \1(?![\w'’-])| ({_TOKEN}){_rounds(2)})")
_CONTENT = ("NOUN", "VERB", "ADJ")
# Pairs of words that nobody says twice in a row, and how likely they are a loop.
_PAIRS = {("ADP", "NOUN"): 0.85, ("NOUN", "ADJ"): 0.8, ("ADJ", "NOUN"): 0.8, ("DET", "NOUN"): 0.65}
_LONG = 3  # words that nobody says twice in a row by right, if the first is no pronoun
_MANY = 5  # nobody says a word so often in a row
# How much rarer than chance two words must be for their meeting to be a seam, and how often chance would bring them.
_SEAM, _EXPECTED = 20, 4


class _Facts(NamedTuple):
    link: frozenset[str]
    said: frozenset[str]
    nested: bool
    capital_nouns: bool


def find(block: Block, page: Page) -> Iterator[Finding]:
    """Words that follow themselves, with nothing but space between the rounds."""
    words = words_of(page.language)
    if words is None:
        return
    prose = " " + block.prose  # every round has a space before it
    end = 0
    for match in _LOOP.finditer(prose):
        if match.start() < end:
            continue
        once = [word for word in match.groups() if word]
        round_ = " " + " ".join(once)
        end, rounds = match.end(), (match.end() - match.start()) // len(round_)
        while prose.startswith(round_, end) and not prose[end + len(round_) : end + len(round_) + 1].isalnum():
            end, rounds = end + len(round_), rounds + 1
        confidence = (_of_phrase if len(once) > 1 else _of_word)(once, rounds, page.language, words)
        if confidence:
            # In the block every place is one less than in `prose`.
            span, first = Span(match.start(), end - 1), match.start() + len(round_) - 1
            yield Finding(
                RULE.id,
                span,
                f"“{' '.join(once)}” is written {rounds} times.",
                (replace(Span(first, span.end), "", "write it once"),),
                confidence,
            )


def _of_word(once: Sequence[str], rounds: int, language: Language, words: Lexicon) -> float:
    word = once[0].lower()
    if len(word) < 2 or not word.isalpha() or word in language.derive(_facts).said:
        return 0.0
    if rounds < _MANY and (
        once[0] not in words
        or word in language.facts("repeated-word").get("right", ())
        or share(words, once[0], "ADV", "ADJ", "INTJ", "NUM", "X") > 0.2
        or ngrams(language.code).count(word, word, word)
    ):
        return 0.0
    return 0.85 if rounds < _MANY else 0.93


def _of_phrase(once: Sequence[str], rounds: int, language: Language, words: Lexicon) -> float:
    facts = language.derive(_facts)
    low = [word.lower() for word in once]
    if len(set(low)) == 1 or any(not word[0].isalpha() or word in facts.said for word in low):
        return 0.0
    if any(share(words, word, "NUM", "INTJ") > 0.3 for word in low) or share(words, low[0], "CCONJ") > 0.5:
        return 0.0
    if share(words, low[0], "PRON") <= 0.5 and _seam(low[-1], low[0], language):  # "we have done we have done"
        return 0.9
    if rounds > 2:
        return 0.93 if len(low) > 2 or not _is_idiom(low, facts, language) else 0.0
    if _goes_on(low, words) or (len(low) == 2 and _is_idiom(low, facts, language)):
        return 0.0
    common = (word for word in once if word.islower() or facts.capital_nouns)
    if not any(share(words, word, *_CONTENT) > 0.5 for word in common):
        if not facts.capital_nouns and any(word[0].isupper() for word in once):
            return 0.0  # a name
        functions = not facts.nested and all(share(words, word, "ADP", "DET") > 0.5 for word in low)
        return 0.85 if functions else 0.0
    if len(low) > 2:
        return 0.88
    kinds = [_kind(words, word) for word in once]
    return _PAIRS.get((kinds[0], kinds[1]), 0.0)


def _kind(words: Lexicon, form: str) -> str:
    return next((kind for kind in ("ADP", "DET", "NOUN", "ADJ") if share(words, form, kind) > 0.5), "")


def _seam(last: str, first: str, language: Language) -> bool:
    """Whether two words that are both common hardly ever meet: where rounds of a loop do ("doivent citoyens")."""
    counts = ngrams(language.code)
    expected = counts.count(last) * counts.count(first) / counts.total
    return expected >= _EXPECTED and counts.count(last, first) * _SEAM < expected


def _goes_on(low: Sequence[str], words: Lexicon) -> bool:
    """Whether two rounds make sense: "a friend of a friend of mine", "what we have done we have done"."""
    small = share(words, low[-1], "ADP", "DET", "CCONJ", "SCONJ") > 0.5
    if len(low) >= _LONG + small and share(words, low[0], "PRON") <= 0.5:
        return False
    return (len(low) > 2 and small) or any(
        sum(r.share for r in words.analyses(word) if r.pos == "AUX" or r.form == "fin") > 0.5 for word in low
    )


def _is_idiom(low: Sequence[str], facts: _Facts, language: Language) -> bool:
    """Whether a pair of words is one that people say twice: "little by little by …", "one by one"."""
    first, second = low
    return bool({first, second} & facts.link) or ngrams(language.code).count(second, first, second) > 0


def _facts(language: Language) -> _Facts:
    facts = language.facts("looped-phrase")
    return _Facts(
        frozenset(facts["link"]),
        frozenset(word.lower() for word in facts["said"]),
        facts["nested"],
        nouns_have_capitals(language),
    )


RULE = Rule(
    id="looped-phrase",
    find=find,
    gate=again,
    doc=__doc__,
    category="repeated-word",
    severity=Severity.MAJOR,
    mqm="accuracy/addition",
    its="addition",
    facts="looped-phrase",
    examples=(
        Bad("Une table ⟦de base de base de base⟧ suffit.", fixed="Une table de base suffit.", lang="fr"),
        Bad("Les ⟦enfants sont enfants sont⟧ ici.", fixed="Les enfants sont ici.", lang="fr"),
        Bad("Si muove ⟦nella notte oscura nella notte oscura⟧ .", fixed="Si muove nella notte oscura .", lang="it"),
        Bad("Cierre la ⟦ventana ventana ventana⟧.", fixed="Cierre la ventana.", lang="es"),
        Bad("Er fand Halt ⟦in seiner Familie in seiner Familie⟧.", fixed="Er fand Halt in seiner Familie.", lang="de"),
        Bad("A lista ⟦de itens de itens⟧ cresce.", fixed="A lista de itens cresce.", lang="pt"),
        Bad("Klik ⟦op de knop op de knop⟧ Opslaan.", fixed="Klik op de knop Opslaan.", lang="nl"),
        Bad("It stands ⟦in the old house in the old house⟧.", fixed="It stands in the old house.", lang="en"),
        Bad("Cette ⟦rue est fermée rue est fermée⟧ ce soir.", fixed="Cette rue est fermée ce soir.", lang="fr"),
        Good("Peu à peu à peu, on avance de plus en plus en plus vite.", why="a saying", lang="fr"),
        Good("Li chiamò a uno a uno, a due a due.", why="a way to count", lang="it"),
        Good("El peso difiere de la de la Tierra.", why="an article that stands for a noun", lang="es"),
        Good(
            "Das Formular wird von der von der Behörde genannten Stelle geprüft.", why="a phrase in a phrase", lang="de"
        ),
        Good("Andava de casa em casa, pouco a pouco a pouco.", why="a saying", lang="pt"),
        Good(
            "De kosten worden in het in het eerste lid genoemde geval vergoed.", why="a phrase in a phrase", lang="nl"
        ),
        Good("What we have done we have done, again and again and again. No no no!", why="emphasis", lang="en"),
    ),
)
