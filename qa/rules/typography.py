"""A mark is not the one that the locale's typography asks for.

Translators write what their training texts wrote: straight quotation marks and apostrophes, three stops for an
ellipsis, and in French a plain space, or none, before ; : ! ? and inside « ».  Nobody misreads them; a house style may
want them otherwise.  Off unless asked for.

Fix safety: safe. The text says the same.

Not caught: single quotation marks; quotations within quotations; primes of feet, inches, minutes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from qa.finding import Finding, Safety, Severity, replace
from qa.language import Language
from qa.page import Page
from qa.rule import Bad, Good, Rule
from qa.text import Block, Span

_APOSTROPHE = re.compile(r"(?<=[^\W\d_])'(?=[^\W\d_])")
_ELLIPSIS = re.compile(r"(?<![./\\])\.\.\.(?![./\\])")
# A straight quotation: nothing but space or an opening bracket before it, no letter behind it.
_QUOTATION = re.compile(r"(?<![^\s(\[])\"([^\s\"](?:[^\"]{0,300}[^\s\"])?)\"(?![^\W_])")


class _Marks(NamedTuple):
    opening: str
    closing: str
    apart: dict[str, str]
    spaces: re.Pattern[str] | None  # a mark that stands apart, with the space before it


def find(block: Block, page: Page) -> Iterator[Finding]:
    """Straight quotation marks and apostrophes, stops for an ellipsis, spaces that may break."""
    prose, marks = block.prose, page.language.derive(_marks)
    for match in _APOSTROPHE.finditer(prose):
        yield _finding(match.start(), match.end(), "’", "The apostrophe is straight.")
    for match in _ELLIPSIS.finditer(prose):
        yield _finding(match.start(), match.end(), "…", "Three stops stand for an ellipsis.")
    for match in _QUOTATION.finditer(prose):
        yield _finding(match.start(), match.start() + 1, marks.opening, "The quotation mark is straight.")
        yield _finding(match.end() - 1, match.end(), marks.closing, "The quotation mark is straight.")
    if marks.spaces is None:
        return
    for match in marks.spaces.finditer(prose):
        wanted = marks.apart[match["mark"]]
        if match["space"] != wanted:
            yield _finding(
                match.start("space"),
                match.end("mark"),
                wanted + match["mark"],
                "A no-break space belongs before the mark.",
            )


def _finding(start: int, end: int, new: str, message: str) -> Finding:
    span = Span(start, end)
    return Finding(RULE.id, span, message, (replace(span, new, f"write “{new}”", Safety.SAFE),), 0.9)


def _marks(language: Language) -> _Marks:
    facts = language.facts("typography")
    apart = dict(facts["apart"])
    spaces = None
    if apart:
        # Not in times, ratios and addresses: something other than a digit or slash follows.
        spaces = re.compile(
            rf"(?<=[^\W_])(?P<space>[ \u00a0\u202f]?)(?P<mark>[{re.escape(''.join(apart))}])(?=[\s»”\"’)\]]|$)"
        )
    return _Marks(facts["opening"], facts["closing"], apart, spaces)


RULE = Rule(
    id="typography",
    find=find,
    doc=__doc__,
    category="typography",
    severity=Severity.INFO,
    mqm="fluency/typography",
    its="typographical",
    facts="typography",
    default=False,
    examples=(
        Bad("Que veut⟦ ?⟧", fixed="Que veut\u202f?", lang="fr"),
        Bad("L⟦'⟧eau coule.", fixed="L’eau coule.", lang="fr"),
        Bad("Dann⟦...⟧ nichts.", fixed="Dann… nichts.", lang="de"),
        Good("«\u00a0Que veut-il\u202f?\u00a0»\u00a0: il est 15:30.", why="as it should be; a time", lang="fr"),
        Good("“Sì”, disse l’uomo.", why="curly marks", lang="it"),
        Good("«Sí», dijo.", why="the locale's marks", lang="es"),
        Good("“Sim”, disse.", why="the locale's marks", lang="pt"),
        Good('„Ja“, sagte er, und zog ein 5"-Rohr heraus.', why="the locale's marks; inches", lang="de"),
        Good("“Ja”, zei hij.", why="the locale's marks", lang="nl"),
        Good("“Yes”, it’s ../here.", why="curly marks; a path", lang="en"),
    ),
)
