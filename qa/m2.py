"""M2, the exchange format of grammatical error correction, as ERRANT's `errant_compare` reads it.

    S Elle ouvre la la porte .
    A 2 4|||U:repeated-word|||la|||REQUIRED|||-NONE-|||0

A sentence is a line of the text, a token what stands between white space.  The type is M (something is missing), U
(something is not needed) or R (something is replaced) with the category; UNK marks a defect without a repair.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from qa.evaluation import Gold
from qa.finding import Diagnostic
from qa.text import Span

_LINE = re.compile(r"[^\r\n]+")
_TOKEN = re.compile(r"\S+")
_NOOP = "A -1 -1|||noop|||-NONE-|||REQUIRED|||-NONE-|||{}"


@dataclass(frozen=True, slots=True)
class Change:
    """A marked span, its category and its repair (None: unknown)."""

    span: Span
    category: str
    new: str | None


def of_diagnostics(text: str, diagnostics: Iterable[Diagnostic]) -> Iterator[str]:
    """The lines that describe what was found."""
    changes = [Change(each.span, each.category, next(iter(each.suggestions), None)) for each in diagnostics]
    yield from lines(text, [changes])


def of_gold(text: str, gold: Gold, levels: Sequence[str] = ("must",)) -> Iterator[str]:
    """The lines that describe what should be found: as many annotators as the most repairs a span accepts."""
    spans = [each for each in gold.spans if each.level in levels]
    most = max((len(each.fixes) for each in spans), default=1)
    annotators = (
        [
            Change(each.span, each.category, each.fixes[min(number, len(each.fixes) - 1)] if each.fixes else None)
            for each in spans
        ]
        for number in range(max(1, most))
    )
    yield from lines(text, list(annotators))


def lines(text: str, annotators: Sequence[Sequence[Change]]) -> Iterator[str]:
    """One block for each line of the text that has tokens."""
    queues = [sorted(changes, key=lambda change: change.span) for changes in annotators]
    for match in _LINE.finditer(text):
        tokens = [Span(match.start() + t.start(), match.start() + t.end()) for t in _TOKEN.finditer(match.group())]
        if not tokens:
            continue
        yield "S " + " ".join(text[token.start : token.end] for token in tokens)
        written: set[tuple[str, ...]] = set()
        for changes in queues:
            here = []
            while changes and changes[0].span.start <= match.end():
                here.append(changes.pop(0))
            edits = tuple(_edits(text, tokens, here))
            if edits not in written:  # an annotator that differs in other lines
                number = len(written)
                written.add(edits)
                yield from (f"{edit}|||REQUIRED|||-NONE-|||{number}" for edit in edits)
                if not edits:
                    yield _NOOP.format(number)
        yield ""


def _edits(text: str, tokens: Sequence[Span], changes: Iterable[Change]) -> Iterator[str]:
    for first, last, group in _groups(tokens, changes):
        old = [text[token.start : token.end] for token in tokens[first:last]]
        category = group[0].category
        if any(change.new is None for change in group):
            yield f"A {first} {last}|||UNK|||{' '.join(old)}"
            continue
        start = min([*(token.start for token in tokens[first:last]), group[0].span.start])
        end = max([*(token.end for token in tokens[first:last]), group[-1].span.end])
        parts, at = [], start
        for change in group:
            if change.span.start >= at:
                parts += [text[at : change.span.start], change.new or ""]
                at = change.span.end
        new = "".join([*parts, text[at:end]]).split()
        head = next((i for i, (a, b) in enumerate(zip(old, new, strict=False)) if a != b), min(len(old), len(new)))
        tail = next(
            (i for i, (a, b) in enumerate(zip(reversed(old[head:]), reversed(new[head:]), strict=False)) if a != b),
            min(len(old), len(new)) - head,
        )
        old, new = old[head : len(old) - tail], new[head : len(new) - tail]
        if old or new:
            kind = "R" if old and new else "U" if old else "M"
            yield f"A {first + head} {first + head + len(old)}|||{kind}:{category}|||{' '.join(new)}"


def _groups(tokens: Sequence[Span], changes: Iterable[Change]) -> Iterator[tuple[int, int, list[Change]]]:
    """The changes with the tokens they touch; those that touch the same token belong together."""
    group: list[Change] = []
    first = last = 0
    for change in changes:
        low = next((i for i, token in enumerate(tokens) if token.end >= change.span.start), len(tokens))
        high = next((i for i in range(len(tokens), 0, -1) if tokens[i - 1].start <= change.span.end), 0)
        high = max(low, high)
        if group and low < last:
            group.append(change)
            last = max(last, high)
            continue
        if group:
            yield first, last, group
        group, first, last = [change], low, high
    if group:
        yield first, last, group
