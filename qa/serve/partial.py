"""A check that stops when its time is over, and says how far it came."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from qa.checker import Options, Result, check_document, work
from qa.finding import Finding
from qa.page import Page
from qa.rule import Rule
from qa.suppress import UNUSED
from qa.text import Block, Document, Span

Late = Callable[[], bool]


def check_until(document: Document, options: Options, late: Late | None) -> tuple[Result, bool]:
    """`qa.checker.check_document`, and whether it came to the end; what is left out is in `skipped`.

    A page must be weighed as a whole: only the search for findings is cut off, after the last paragraph that was
    searched by all rules.
    """
    if late is None:
        return check_document(document, options), True
    left: list[Block] = []  # of each page that was not searched to its end, the first paragraph that was not
    result = check_document(document, options, lambda page, rules: _search(page, rules, late, left))
    if not left:
        return result, True
    starts = (block.file_span(Span(0, len(block.text))).start for block in left)
    cut = [(Span(start, len(document.text)), "out of time") for start in starts]
    # Whether a suppression has nothing to suppress is not known.
    kept = tuple(each for each in result.diagnostics if each.rule != UNUSED)
    return replace(result, diagnostics=kept, skipped=(*result.skipped, *cut)), False


def _search(page: Page, rules: Sequence[Rule], late: Late, left: list[Block]) -> Iterator[tuple[Block, Finding]]:
    """What the rules find on a page, block by block; ends with the first block that `late` does not leave time for."""
    for rule in rules:  # a gate looks at the whole page
        if late():
            left += page.blocks[:1]
            return
        if rule.gate is not None:
            page.derive(rule.gate)
    for block, todo in work(page, rules):
        found = []
        for rule in todo:
            if late():
                left.append(block)
                return
            found += [(block, finding) for finding in rule.find(block, page)]
        yield from found
