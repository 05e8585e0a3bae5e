"""Comments in a text that switch the checker off for a place.

    <!-- qa: ignore elision -->      what `elision` finds in this block or, before one, in the next
    <!-- qa: ignore -->              whatever is found there
    <!-- qa: off --> … <!-- qa: on -->

Rules are named by id or category, several with commas or spaces; `off` may name some too.  A comment that hides
nothing is itself reported (`unused-suppression`), so that comments do not outlive their reason.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from qa.errors import UnknownRule
from qa.finding import Diagnostic, Severity, replace
from qa.rules import rule_ids
from qa.text import Block, Document, Span

UNUSED = "unused-suppression"
_SYNTAXES = ("markdown", "html")  # plain text has no comments
_COMMENT = re.compile(r"<!--\s*qa:\s*(ignore|off|on)\b([^<>]*?)-->")
_FENCE = re.compile(r"^[ \t]*(`{3,}|~{3,})", re.MULTILINE)
_NAMES = re.compile(r"[\w-]+")
# What may stand between a block and a comment on the same line that speaks of it: closing tags and marks.
_BEHIND = re.compile(r"[^<\r\n]*(?:</\w+>[^<\r\n]*)*")


@dataclass(frozen=True, slots=True)
class Suppression:
    """A comment at `comment` that hides findings of `names` (all, if there are none) that begin in `target`."""

    comment: Span
    target: Span
    names: tuple[str, ...]

    def hides(self, diagnostic: Diagnostic) -> list[str]:
        """The names by which it hides the diagnostic; "" stands for all."""
        if not len(self.target) or not self.target.start <= diagnostic.span.start <= self.target.end:
            return []
        return [name for name in self.names or ("",) if not name or _names(name, diagnostic)]


def suppress(
    document: Document, diagnostics: Sequence[Diagnostic], active: frozenset[str], *, every: bool
) -> list[Diagnostic]:
    """The diagnostics, which come in order, that no comment hides, and one for each comment that hides nothing.

    `active` are the ids of the rules that ran; a comment for a rule that did not run is left alone, and so, unless
    `every` rule ran that runs unasked, is one that names none.
    """
    if document.syntax not in _SYNTAXES or "<!--" not in document.text:
        return list(diagnostics)
    suppressions = sorted(find_suppressions(document), key=lambda each: each.target)
    waiting, near = deque(suppressions), list[Suppression]()
    used: set[tuple[Span, str]] = set()
    kept = []
    for diagnostic in diagnostics:
        while waiting and waiting[0].target.start <= diagnostic.span.start:
            near.append(waiting.popleft())
        near = [each for each in near if each.target.end >= diagnostic.span.start]
        hidden = [(each.comment, name) for each in near for name in each.hides(diagnostic)]
        used.update(hidden)
        if not hidden:
            kept.append(diagnostic)
    if UNUSED in active:
        for each in suppressions:
            names = [name for name in each.names or ("",) if (each.comment, name) not in used]
            kept += _unused(document, each, [name for name in names if _reportable(name, active, every)])
    return sorted(kept, key=lambda diagnostic: (diagnostic.span, diagnostic.rule))


def find_suppressions(document: Document) -> Iterator[Suppression]:
    """The comments of a document, each with the stretch of the file it speaks of."""
    text = document.text
    extents = sorted(_extent(block) for block in document.blocks if block.source.pieces)
    quoted = sorted([*_shown(document), *_fenced(document)])
    opened: dict[tuple[str, ...], Span] = {}
    for match in _COMMENT.finditer(text):
        comment, names = Span(*match.span()), tuple(_NAMES.findall(match[2]))
        if _holds(quoted, comment.start):
            continue
        if match[1] == "ignore":
            yield Suppression(comment, _target(text, extents, comment), names)
        elif match[1] == "off" and names in opened:  # it is off already
            yield Suppression(comment, Span(comment.end, comment.end), names)
        elif match[1] == "off":
            opened[names] = comment
        else:
            yield from (Suppression(off, Span(off.end, comment.start), each) for each, off in opened.items())
            opened = {}
    yield from (Suppression(off, Span(off.end, len(text)), each) for each, off in opened.items())


def _target(text: str, extents: Sequence[Span], comment: Span) -> Span:
    """The line of the block the comment stands in or ends, else the next block; empty if there is none."""
    index = bisect_right(extents, comment)
    if index:
        last = extents[index - 1]
        if comment.start < last.end or _BEHIND.fullmatch(text, last.end, comment.start):
            start = max(text.rfind(end, last.start, comment.start) for end in "\r\n") + 1
            end = min(
                (at for at in (text.find(end, comment.end, last.end) for end in "\r\n") if at >= 0), default=last.end
            )
            return Span(max(start, last.start), max(last.start, end))
    return extents[index] if index < len(extents) else Span(comment.end, comment.end)


def _extent(block: Block) -> Span:
    first, last = block.source.pieces[0], block.source.pieces[-1]
    return Span(first.file_start, last.file_start + last.file_length)


def _shown(document: Document) -> Iterator[Span]:
    """What of the file is visible text: a comment there is quoted as code."""
    for block in document.blocks:
        yield from (Span(each.file_start, each.file_start + each.file_length) for each in block.source.pieces)


def _fenced(document: Document) -> Iterator[Span]:
    """The fenced code of a Markdown document."""
    if document.syntax != "markdown":
        return
    opened: re.Match[str] | None = None
    for match in _FENCE.finditer(document.text):
        if opened is None:
            opened = match
        elif match[1].startswith(opened[1]):
            yield Span(opened.start(), match.end())
            opened = None
    if opened is not None:
        yield Span(opened.start(), len(document.text))


def _holds(spans: Sequence[Span], offset: int) -> bool:
    """Whether one of the sorted spans, which do not overlap, holds the offset."""
    index = bisect_right(spans, offset, key=lambda span: span.start)
    return index > 0 and offset < spans[index - 1].end


@cache
def _ids(name: str) -> frozenset[str]:
    try:
        return rule_ids([name])
    except UnknownRule:
        return frozenset()


def _names(name: str, diagnostic: Diagnostic) -> bool:
    return name == diagnostic.category or diagnostic.rule in _ids(name)


def _reportable(name: str, active: frozenset[str], every: bool) -> bool:
    if not name:
        return every
    ids = _ids(name)
    return not ids or bool(ids & active)


def _unused(document: Document, suppression: Suppression, names: Sequence[str]) -> Iterator[Diagnostic]:
    if not names:
        return
    span, text = suppression.comment, document.text[suppression.comment.start : suppression.comment.end]
    unknown = [name for name in names if name and not _ids(name)]
    if unknown:
        message = f"No rule or category is called {', '.join(map(repr, unknown))}."
    elif suppression.names:
        message = f"Nothing here is found by {', '.join(names)}: the comment is not needed."
    else:
        message = "Nothing is found here: the comment is not needed."
    kept = [name for name in suppression.names if name not in names]
    verb = _COMMENT.match(text)[1]  # type: ignore[index]
    new = f"<!-- qa: {verb} {', '.join(kept)} -->" if kept else ""
    title = "drop the names that hide nothing" if kept else "delete the comment"
    yield Diagnostic(
        rule=UNUSED,
        category="markup-residue",
        severity=Severity.INFO,
        confidence=1.0,
        span=span,
        text=text,
        message=message,
        fixes=(replace(span, new, title),),
        suggestions=(new,),
    )
