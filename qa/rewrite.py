"""Writing a repair of visible text back into the file, each piece into the text node it belongs to.

A repair may run across `</strong>` or an entity.  It is first cut down to what really changes (after ERRANT's
edit minimisation), then laid onto the file so that no markup is ever touched.
"""

from __future__ import annotations

import html
from collections.abc import Iterable, Sequence
from difflib import SequenceMatcher

from qa.finding import Edit
from qa.text import Block, Span


def minimise(text: str, edit: Edit) -> Edit:
    """The same edit without the characters it would put back where they were."""
    old, new = text[edit.span.start : edit.span.end], edit.text
    limit = min(len(old), len(new))
    head = next((i for i in range(limit) if old[i] != new[i]), limit)
    limit -= head
    tail = next((i for i in range(limit) if old[-1 - i] != new[-1 - i]), limit)
    return Edit(Span(edit.span.start + head, edit.span.end - tail), new[head : len(new) - tail])


def escape(text: str, syntax: str) -> str:
    """New text as the file's syntax writes it."""
    return html.escape(text, quote=False) if syntax == "html" else text


def to_file(block: Block, edit: Edit, syntax: str) -> tuple[Edit, ...]:
    """The edits of the file that carry out `edit` on the block's visible text."""
    edit = minimise(block.text, edit)
    if edit.span.start == edit.span.end:
        return (Edit(block.file_span(edit.span), escape(edit.text, syntax)),) if edit.text else ()
    stretches = list(_stretches(block, edit.span))
    if len(stretches) == 1:
        return (Edit(block.file_span(stretches[0]), escape(edit.text, syntax)),)
    return tuple(_spread(block, edit, stretches, syntax))


def _stretches(block: Block, span: Span) -> Iterable[Span]:
    """`span` cut wherever the file has something invisible between two characters of it."""
    start = span.start
    for position in range(span.start + 1, span.end):
        if block.source.end_of(position - 1) != block.source.start_of(position):
            # Two characters of one entity share their place in the file: they are not apart.
            if block.source.piece_at(position - 1) is block.source.piece_at(position):
                continue
            yield Span(start, position)
            start = position
    yield Span(start, span.end)


def _spread(block: Block, edit: Edit, stretches: Sequence[Span], syntax: str) -> Iterable[Edit]:
    """Lay an edit over several text nodes: what stays, stays in its node; new text goes where old text went."""
    old = block.text[edit.span.start : edit.span.end]
    pending: dict[Span, tuple[int, int, str]] = {}  # stretch -> changed range and its new text
    for tag, a, b, c, d in SequenceMatcher(None, old, edit.text, autojunk=False).get_opcodes():
        if tag == "equal":
            continue
        start, end, new = edit.span.start + a, edit.span.start + b, edit.text[c:d]
        if start == end:
            owner = next((s for s in stretches if s.start < start <= s.end), stretches[0])
            if start in block.cuts:  # between two nodes: outside of both
                yield Edit(block.file_span(Span(start, start)), escape(new, syntax))
            else:
                _extend(pending, block, owner, start, start, new)
            continue
        for stretch in stretches:
            low, high = max(start, stretch.start), min(end, stretch.end)
            if low < high:
                _extend(pending, block, stretch, low, high, new)
                new = ""
    for low, high, new in pending.values():
        yield Edit(block.file_span(Span(low, high)), escape(new, syntax))


def _extend(
    pending: dict[Span, tuple[int, int, str]], block: Block, stretch: Span, low: int, high: int, new: str
) -> None:
    if stretch in pending:
        first, last, text = pending[stretch]
        pending[stretch] = (first, high, text + block.text[last:low] + new)
    else:
        pending[stretch] = (low, high, new)


def apply(text: str, edits: Iterable[Edit], offset: int = 0) -> str:
    """`text`, which begins at `offset` of the file, with the edits carried out.

    Raises ValueError where two edits overlap.
    """
    parts, last = [], offset
    for edit in sorted(edits, key=lambda edit: (edit.span, edit.text)):
        if edit.span.start < last:
            raise ValueError(f"edits overlap at {edit.span.start}")
        parts += [text[last - offset : edit.span.start - offset], edit.text]
        last = edit.span.end
    return "".join([*parts, text[last - offset :]])
