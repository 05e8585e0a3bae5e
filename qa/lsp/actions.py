"""What an editor offers at a finding: repairs, a comment that hides it, and the word that may be right."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from qa.allowed import without_allowed
from qa.finding import Diagnostic, Edit, Safety, percent
from qa.fixer import fix
from qa.lines import Lines
from qa.lsp.reading import Reading
from qa.readers import read
from qa.rewrite import apply
from qa.suppress import UNUSED, find_suppressions
from qa.text import Span

_SHOWN = 40  # characters of a text in a title
_LETTERS = re.compile(r"\w*")
_LETTERS_BEFORE = re.compile(r"\w*\Z")


@dataclass(frozen=True, slots=True)
class Offer:
    """Edits of the document that an editor may carry out.  `preferred`: what most will want."""

    title: str
    edits: tuple[Edit, ...]
    preferred: bool = False


def repairs(diagnostic: Diagnostic) -> Iterator[Offer]:
    """The repairs of a finding, best first; those that are only to be shown are not offered."""
    pairs = zip(diagnostic.fixes, diagnostic.suggestions, strict=True)
    for number, (each, text) in enumerate(pairs):
        if each.safety is not Safety.SHOW:
            change = f"Replace with “{shorten(text)}”" if text.strip() else f"Delete “{shorten(diagnostic.text)}”"
            yield Offer(f"{change} ({each.title})", each.edits, preferred=number == 0)


def ignore_here(reading: Reading, diagnostic: Diagnostic) -> Offer | None:
    """The comment that hides a finding, where the syntax has comments and one that stands there hides it.

    It goes to the end of the finding's line, or, where it would not be a comment or hide nothing, before its block.
    """
    if reading.document.syntax not in ("markdown", "html") or diagnostic.rule == UNUSED:
        return None
    comment = f"<!-- qa: ignore {diagnostic.rule} -->"
    text, ending = reading.draft.text, "\r\n" if "\r\n" in reading.draft.text else "\n"
    lines = Lines(text)
    first = lines.start(lines.position(diagnostic.span.start).line)
    extents = [
        Span(pieces[0].file_start, pieces[-1].file_start + pieces[-1].file_length)
        for block in reading.document.blocks
        if (pieces := block.source.pieces)
    ]
    ends = [each.end for each in extents if each.start <= diagnostic.span.start <= each.end]
    last = lines.end(lines.position(diagnostic.span.end).line)
    places = [
        *((min(last, end), f" {comment}") for end in ends),
        (text.rfind("<", first, diagnostic.span.start), comment),
        (first, f"{comment}{ending}"),
        (first, f"{comment}{ending}{ending}"),
    ]
    for offset, new in places:
        if offset >= diagnostic.span.end or 0 <= offset <= diagnostic.span.start:
            edit = Edit(Span(offset, offset), new)
            if _hides(reading, diagnostic, edit, new.index("<!--")):
                return Offer(f"Ignore {diagnostic.rule} here", (edit,))
    return None


def _hides(reading: Reading, diagnostic: Diagnostic, edit: Edit, inside: int) -> bool:
    """Whether the comment hides the finding and leaves what the reader sees as it was."""
    after = read(apply(reading.draft.text, [edit]), reading.syntax)
    if [each.text for each in after.blocks] != [each.text for each in reading.document.blocks]:
        return False
    place = edit.span.start + inside
    moved = diagnostic.span.start + (len(edit.text) if edit.span.start <= diagnostic.span.start else 0)
    return any(
        each.comment.start == place and each.target.start <= moved <= each.target.end
        for each in find_suppressions(after)
        if len(each.target)
    )


def word_of(text: str, diagnostic: Diagnostic) -> str | None:
    """The word or phrase that a finding concerns, with which in the list it would not be there; None if none is."""
    if diagnostic.rule == UNUSED:
        return None
    spans = [edit.span for edit in (diagnostic.fixes[0].edits if diagnostic.fixes else ())] or [diagnostic.span]
    start, end = min(each.start for each in spans), max(each.end for each in spans)
    before = _LETTERS_BEFORE.search(text, max(0, start - 100), start)
    after = _LETTERS.match(text, end)
    word = text[before.start() if before else start : after.end() if after else end].strip()
    if not word or "\n" in word or len(word) > 100:
        return None
    return None if list(without_allowed(text, [diagnostic], frozenset([word]))) else word


def fix_all(reading: Reading) -> Offer | None:
    """All safe repairs of the document together, as `qa fix` applies them; None if there are none."""
    before = reading.draft.text
    after = fix(before, syntax=reading.syntax, options=reading.options).text
    if after == before:
        return None
    limit = min(len(before), len(after))
    head = next((i for i in range(limit) if before[i] != after[i]), limit)
    tail = next((i for i in range(limit - head) if before[-1 - i] != after[-1 - i]), limit - head)
    edit = Edit(Span(head, len(before) - tail), after[head : len(after) - tail])
    return Offer("Apply all safe repairs", (edit,))


def explanation(diagnostic: Diagnostic) -> str:
    """A finding at length, in Markdown: what it is, its repairs, how sure we are, and what its rule says."""
    from qa.rules import registry

    rule = registry().get(diagnostic.rule)
    parts = [
        f"**{diagnostic.rule}** · {diagnostic.severity} · {percent(diagnostic.confidence)} sure",
        diagnostic.message,
    ]
    if diagnostic.suggestions:
        pairs = zip(diagnostic.fixes, diagnostic.suggestions, strict=True)
        parts.append("\n".join(f"- {_code(text) or '(delete)'}: {each.title} ({each.safety})" for each, text in pairs))
    if rule is not None:
        parts += ["---", rule.doc.strip()]
    return "\n\n".join(parts)


def shorten(text: str) -> str:
    """A text on one line, cut where it is long."""
    line = " ".join(text.split())
    return line if len(line) <= _SHOWN else f"{line[: _SHOWN - 1]}…"


def _code(text: str) -> str:
    """The text as code in Markdown, whatever backticks it has; empty where there is nothing to see."""
    line = " ".join(text.split())
    fence = "`" * (max((len(run) for run in re.findall("`+", line)), default=0) + 1)
    return f"{fence} {line} {fence}" if line else ""
