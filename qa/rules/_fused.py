"""What `fused-words` reads and writes in all its parts: a language's facts, the marks of program code, the repairs."""

from __future__ import annotations

import re
from typing import NamedTuple

from qa.finding import Finding, replace
from qa.function_words import function_words
from qa.language import Language, codes, language
from qa.lexicon import Lexicon
from qa.page import Page
from qa.rules._context import LOWER, around, fluency, known_words
from qa.text import MASK, Span

RULE_ID = "fused-words"
#: Occurrences per million words of a word that everybody knows, and of one that everybody uses.
COMMON, FREQUENT = 5.0, 20.0

# What makes an address, a path or program code of the letters beside it.
_CODE = "_/\\@#=&$%<>{}[]|~+*^`0123456789-" + MASK
_OF_CODE = "en"  # names in program code are made of English words, whatever the page's language


class Facts(NamedTuple):
    """What a language says about words that stand apart (`fused-words.toml`, `function-words.toml`)."""

    closed: frozenset[str]  # the closed classes: articles, prepositions, conjunctions, pronouns …
    articles: frozenset[str]  # definite and indefinite, alone and joined to a preposition
    foreign: frozenset[str]  # articles of the other languages
    inclusive: frozenset[str]  # second halves that have a capital to speak of both sexes
    identifiers: frozenset[str]  # small words that begin names in program code
    particles: frozenset[str]  # small words that end such names ("setUp", "signIn")
    suffixes: frozenset[str]  # endings that may stand behind code, names and emphasis
    compounds: bool  # whether words are written together at will
    first: re.Pattern[str]  # a small word at the beginning of a longer one
    last: re.Pattern[str]  # the space behind a longer word that ends in a small one
    heads: tuple[str, ...]  # those small words …
    tails: tuple[str, ...]  # … and these, the longest first


class Scene(NamedTuple):
    """A block's prose, its page, and what the language knows."""

    prose: str
    page: Page
    facts: Facts
    words: Lexicon

    def used_again(self, form: str) -> bool:
        """Whether the page has the form more than once, as it has a name."""
        return self.page.vocabulary[form] > 1

    def names_code(self, form: str) -> bool:
        """Whether a name in program code may have the form as a part."""
        english = known_words(_OF_CODE)
        return english is not None and form in english

    def is_code(self, start: int, end: int) -> bool:
        """Whether what stands around makes a name of program code, or an address, of the letters."""
        before, behind = self.prose[max(0, start - 1) : start], self.prose[end : end + 2]
        if (before and before in _CODE + ".") or (behind and behind[0] in _CODE + "("):
            return True
        return len(behind) > 1 and behind[0] in ".:" and behind[1].isalnum()


def facts(tongue: Language) -> Facts:
    """The facts of a language, compiled."""
    known = tongue.facts("fused-words")
    tails = tuple(sorted(known["tails"], key=lambda tail: (-len(tail), tail)))
    ends = "|".join(rf"(?<={tail} )(?<=[{LOWER}]{{4}}{tail} )" for tail in tails)
    # Few words have such letters, each in its place, at their ends.
    columns = [f"[{''.join(sorted(set(letters)))}]" for letters in zip(*map(reversed, tails), strict=False)]
    quick = "".join(reversed(columns))
    return Facts(
        closed=frozenset(function_words(tongue).readings),
        articles=_articles(tongue),
        foreign=frozenset().union(*(_articles(language(code)) for code in codes() if code != tongue.code)),
        inclusive=frozenset(known["inclusive"]),
        identifiers=frozenset(known["identifiers"]),
        particles=frozenset(known.get("particles", ())),
        suffixes=frozenset(known["suffixes"]),
        compounds=known["compounds"],
        first=re.compile(rf" ({'|'.join(known['heads'])})[{LOWER}]{{4,}}+(?![\w'’-])"),
        last=re.compile(f" (?<={quick} )(?:{ends})"),
        heads=tuple(known["heads"]),
        tails=tails,
    )


def _articles(tongue: Language) -> frozenset[str]:
    return frozenset(
        form
        for form, readings in function_words(tongue).readings.items()
        if any("the" in (r.meaning, r.then) or (r.kind == "determiner" and r.meaning == "a") for r in readings)
    )


def apart(start: int, at: int, end: int, confidence: float) -> Finding:
    """A space is due at `at`, between `start` and `end`."""
    fix = replace(Span(at, at), " ", "set apart")
    return Finding(RULE_ID, Span(start, end), "Two words are run together.", (fix,), confidence)


def joined(scene: Scene, start: int, at: int, end: int, confidence: float) -> Finding:
    """Two words whose boundary `at` may also have been the end of a clause or of a sentence: the counts decide."""
    prose = scene.prose
    low = prose[at].lower() + prose[at + 1 : end]
    choices = [f" {low}", f", {low}", f". {prose[at:end]}"]
    before, after = around(prose, at, end)
    choices.sort(key=lambda choice: -fluency(scene.page.language, before, choice, after))
    fixes = tuple(replace(Span(at, end), choice, "set apart") for choice in choices)
    return Finding(RULE_ID, Span(start, end), "Two words are run together.", fixes, confidence)
