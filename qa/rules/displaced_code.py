"""Code words have been pushed to the end of the sentence, and what joined them stands together where they were.

A translator that cannot translate code keeps the spans, loses their places and puts them behind everything else:
"die Werte sowie oder, und `a` `b`."

Fix safety: show. Where each span belongs only the source can tell.

Not caught: a single span in a wrong place.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from itertools import pairwise

from qa.finding import Finding, Severity
from qa.language import Language
from qa.page import Page
from qa.rule import Bad, Good, Rule
from qa.rules._suspects import coded
from qa.text import MASK, Block, Span, Word

_RUN = re.compile(f"{MASK}+(?: {MASK}+)+(?= ?(?:[.!?;:]|$))")
_STOP = re.compile(r"[.!?;:](?=\s)")


def find(block: Block, page: Page) -> Iterator[Finding]:
    """Runs of code spans at the end of a sentence that has joining words with nothing to join."""
    if MASK not in block.prose:
        return
    joining = page.language.derive(_joining)
    last = 0
    for run in _RUN.finditer(block.prose):
        start = max([last, *(stop.end() for stop in _STOP.finditer(block.prose, last, run.start()))])
        hole = _hole(block, start, run.start(), joining)
        if hole is not None:
            span = Span(hole, run.end())
            yield Finding(
                RULE.id, span, "Code words stand at the end of the sentence instead of in their places.", (), 0.85
            )
        last = run.end()


def _hole(block: Block, start: int, end: int, joining: frozenset[str]) -> int | None:
    """Where, from `start` to `end`, two joining words meet with no word between; None: nowhere."""
    first, last = (bisect_left(block.words, at, key=_start) for at in (start, end))
    words = block.words[first:last]
    for one, other in pairwise(words):
        between = block.prose[one.end : other.start].strip()
        if one.text.lower() in joining and other.text.lower() in joining and between in ("", ","):
            return one.start
    return None


def _start(word: Word) -> int:
    return word.start


def _joining(language: Language) -> frozenset[str]:
    return frozenset(language.facts("agreement")["context"]["coordinators"])


RULE = Rule(
    id="displaced-code",
    find=find,
    gate=coded,
    doc=__doc__,
    category="word-order",
    severity=Severity.MAJOR,
    mqm="fluency/word-order",
    its="grammar",
    facts="agreement",
    examples=(
        Bad("Erlaubt sind Werte ⟦sowie oder, und `a` `b⟧`.", fixed=None, lang="de", syntax="markdown"),
        Bad("Gebruik een van de opties ⟦en of `x` `y` `z⟧`.", fixed=None, lang="nl", syntax="markdown"),
        Bad("Utilisez les options ⟦et, ou `x` `y⟧`.", fixed=None, lang="fr", syntax="markdown"),
        Good("Erlaubt sind `a` und `b` sowie `c` `d`.", why="joined words", lang="de", syntax="markdown"),
        Good("Gebruik `x` of `y` en `z`.", why="joined words", lang="nl", syntax="markdown"),
        Good("Utilisez `x` et/ou `y` avec `z` `t`.", why="joined words", lang="fr", syntax="markdown"),
        Good("Usa `x` e/o `y` con `z` `t`.", why="joined words", lang="it", syntax="markdown"),
        Good("Usa `x` y/o `y` con `z` `t`.", why="joined words", lang="es", syntax="markdown"),
        Good("Use `x` e/ou `y` com `z` `t`.", why="joined words", lang="pt", syntax="markdown"),
        Good("Use `x` and/or `y` with `z` `t`.", why="joined words", lang="en", syntax="markdown"),
    ),
)
