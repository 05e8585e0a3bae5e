"""A check that stops when its time is over, and says how far it came."""

from __future__ import annotations

from collections.abc import Callable

from qa import checker
from qa.allowed import without_allowed
from qa.arbitration import arbitrate
from qa.checker import Options, Result
from qa.evidence import weigh
from qa.finding import Diagnostic, Finding
from qa.language import candidates, codes, language
from qa.page import Page
from qa.rule import Rule
from qa.rules import registry
from qa.suppress import suppress
from qa.text import Block, Document, Span

Late = Callable[[], bool]


def check_until(document: Document, options: Options, late: Late | None) -> tuple[Result, bool]:
    """`qa.checker.check_document`, and whether it came to the end; what is left out is in `skipped`.

    The same steps, since a page must be weighed as a whole: only the search for findings is cut off, after the last
    paragraph that was searched by all rules.
    """
    if late is None:
        return checker.check_document(document, options), True
    code = options.language or checker._language_of(document, options.languages or candidates())
    if code is None or (options.language is None and code not in codes()):
        return checker.check_document(document, options), True  # it says why it judges nothing
    skipped = list(document.skipped)
    diagnostics: list[Diagnostic] = []
    active: set[str] = set()
    complete = True
    for page, foreign in checker.pages(document, code, options):
        skipped += foreign
        rules = list(checker.active_rules(page, options))
        active.update(rule.id for rule in rules)
        found = []
        for number, block in enumerate(page.blocks):
            here = _search(page, number, rules, late)
            if here is None:
                start = block.file_span(Span(0, len(block.text))).start
                skipped.append((Span(start, len(document.text)), "out of time"))
                complete = False
                break
            found += here
        diagnostics += [
            checker.locate(document, block, finding)
            for block, finding in weigh(found, registry(), page.language.code)
            if finding.confidence >= options.min_confidence
        ]
    kept = arbitrate(without_allowed(document.text, diagnostics, options.words))
    kept = suppress(document, kept, frozenset(active) if complete else frozenset(), every=not options.select)
    return Result(language(code).code, tuple(kept), tuple(skipped)), complete


def _search(page: Page, number: int, rules: list[Rule], late: Late) -> list[tuple[Block, Finding]] | None:
    """What the rules find in one block of a page; None if the time is over before they are through."""
    block = page.blocks[number]
    found = []
    for rule in rules:
        if late():
            return None
        found += [(block, finding) for finding in rule.find(block, page)]
    return found
