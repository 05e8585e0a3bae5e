"""A small learned model found a word that does not fit, or a place where one is missing.

Rules name what can be named.  What remains (an agreement several words away, a lost preposition, a word that has no
business there) is found by a tagger that has read damaged text, looked up in n-gram counts, and kept only where a
calibrated judge is sure (see models/README.md).  Sentences that are too short, too long, not prose or in another
language are not judged.

Fix safety: review, always.  Numbers, names, addresses, code and placeholders are never touched.

Not caught: most of what is wrong.  The model is tuned to stay silent on clean text.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from qa.finding import Edit, Finding, Fix, Severity
from qa.page import Page
from qa.rule import Bad, Good, Rule
from qa.text import Block, Span

if TYPE_CHECKING:
    from qa.model import Hypothesis

_KINDS = frozenset({"paragraph", "list-item"})


def find(block: Block, page: Page) -> Iterator[Finding]:
    """What the corrector of the page's language would change in a block of prose."""
    if block.kind not in _KINDS:
        return
    from qa.model import correct  # not before the rule runs: it is off unless asked for

    for hypothesis in correct(page.language.code, block.prose, page.checkpoint):
        if not block.crosses_cut(Span(hypothesis.start, hypothesis.end)) or hypothesis.start == hypothesis.end:
            yield _finding(hypothesis, block.text)


def with_repairs(found: Iterable[tuple[Block, Finding]], page: Page) -> Iterator[tuple[Block, Finding]]:
    """The findings of a page, those of rules that know no repair with what the seq2seq model would write there.

    Where there is no such model they stay as they are.
    """
    from qa.model import repairs

    for block, finding in found:
        if not finding.fixes and block.kind in _KINDS and not block.crosses_cut(finding.span):
            span = finding.span
            made = repairs(page.language.code, block.prose, span.start, span.end, page.checkpoint)
            finding = replace(finding, fixes=tuple(Fix(f"write “{new}”", (Edit(span, new),)) for new in made[:2]))
        yield block, finding


def _finding(found: Hypothesis, text: str) -> Finding:
    span, fixes = _hull(found)
    category, message = _words(found, text[found.start : found.end].strip())
    return Finding("model", span, message, fixes, min(found.probability, 0.95), category)


def _hull(found: Hypothesis) -> tuple[Span, tuple[Fix, ...]]:
    readings = [(found.start, found.end, found.new), *found.others]
    span = Span(min(start for start, _, _ in readings), max(end for _, end, _ in readings))
    fixes = tuple(
        Fix(f"write “{new.strip()}”" if new.strip() else "leave it out", (Edit(Span(start, end), new),))
        for start, end, new in readings
    )
    return span, fixes


def _words(found: Hypothesis, old: str) -> tuple[str, str]:
    """The category of a finding, and what to tell the reader."""
    from qa.model.labels import DELETE, INFLECT, LOWER, UPPER

    new = found.new.strip()
    if found.kind == DELETE:
        category = "redundant-word" if any(character.isalnum() for character in old) else "punctuation"
        return category, f"“{old}” seems to be too much here."
    if found.kind[:1] == "+":
        return "missing-word", f"“{found.kind[1:]}” seems to be missing here."
    if found.kind in (LOWER, UPPER):
        return "case", f"“{new}” is expected here."
    if found.kind == INFLECT:
        return "agreement", f"“{old}” does not seem to agree; “{new}” is expected."
    category = "elision" if "'" in new or "'" in old or "’" in old else "agreement"
    return category, f"“{old}” does not fit here; “{new}” is likelier."


RULE = Rule(
    id="model",
    find=find,
    doc=__doc__,
    category="agreement",
    severity=Severity.MINOR,
    mqm="fluency/grammar",
    its="grammar",
    default=False,
    examples=(
        Bad(
            "Elle a posé ⟦le⟧ lettre sur la table de la cuisine.",
            "Elle a posé la lettre sur la table de la cuisine.",
            "fr",
        ),
        Bad(
            "La société a présenté son nouveau ⟦projets⟧ de loi.",
            "La société a présenté son nouveau projet de loi.",
            "fr",
        ),
        Bad(
            "Les deux pays ont ⟦ils ⟧signé un accord.",
            "Les deux pays ont signé un accord.",
            "fr",
        ),
        Good("Elle a posé la lettre sur la table de la cuisine.", "nothing is wrong", "fr"),
        Good("Le nouveau titre de la page", "no sentence: it has no end", "fr"),
        Good("La version 3.0 de `os.path` a été publiée sans annonce.", "code and numbers", "fr", "markdown"),
        Good("Ha messo la lettera sul tavolo della cucina.", "nothing is wrong", "it"),
        Good("La empresa ha presentado un nuevo proyecto de ley.", "nothing is wrong", "es"),
        Good("A empresa apresentou um novo projeto de lei.", "nothing is wrong", "pt"),
        Good("Die Firma hat ein neues Gesetz vorgestellt.", "nothing is wrong", "de"),
        Good("Het bedrijf heeft een nieuw wetsvoorstel ingediend.", "nothing is wrong", "nl"),
        Good("The company has presented a new bill to the council.", "nothing is wrong", "en"),
    ),
)
