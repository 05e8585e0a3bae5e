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


def escape(text: str, block: Block, syntax: str) -> str:
    """New text as the block's place in the file writes it.

    Markdown is left alone: a repair of its marks is meant as such.
    """
    return html.escape(text, quote=block.kind == "attribute") if syntax == "html" else text


def to_file(block: Block, edit: Edit, syntax: str) -> tuple[Edit, ...]:
    """The edits of the file that carry out `edit` on the block's visible text."""
    edit = _whole_units(block, minimise(block.text, edit))
    if edit.span.start == edit.span.end:
        return (Edit(block.file_span(edit.span), escape(edit.text, block, syntax)),) if edit.text else ()
    # With a space goes what the page does not show beside it, or that would come to light.
    dropped = [
        Edit(Span(piece.file_start, piece.file_start + piece.file_length), "")
        for piece in block.dropped
        if edit.span.start < piece.text_start <= edit.span.end
    ]
    stretches = list(_stretches(block, edit.span))
    if len(stretches) == 1:
        return (Edit(block.file_span(stretches[0]), escape(edit.text, block, syntax)), *dropped)
    return tuple(sorted([*_spread(block, edit, stretches, syntax), *dropped], key=lambda each: each.span))


def to_block(block: Block, edit: Edit, syntax: str) -> Edit:
    """An edit of the file, as `to_file` makes them, on the block's visible text: its inverse, one edit at a time."""
    text = html.unescape(edit.text) if syntax == "html" else edit.text
    start, end = edit.span.start, edit.span.end
    if start < end:
        return Edit(Span(block.source.position_of(start), block.source.position_of(end)), text)
    cut = next((b.position for b in block.boundaries if start in (b.start, b.end)), None)
    position = block.source.position_of(start) if cut is None else cut
    return Edit(Span(position, position), text)


def _whole_units(block: Block, edit: Edit) -> Edit:
    """The edit widened to whole units: of an entity that shows two characters, one cannot change alone."""
    start, end = edit.span.start, edit.span.end
    for position in (start, end):
        if 0 < position < len(block.text):
            piece = block.source.piece_at(position)
            if piece.text_start < position and piece.text_length != piece.file_length:
                start, end = min(start, piece.text_start), max(end, piece.text_start + piece.text_length)
    return Edit(Span(start, end), block.text[start : edit.span.start] + edit.text + block.text[edit.span.end : end])


def _stretches(block: Block, span: Span) -> Iterable[Span]:
    """`span` cut wherever the file has something invisible between two characters of it."""
    source, start = block.source, span.start
    for piece in source.pieces_in(span):
        if piece.text_start > span.start and source.end_of(piece.text_start - 1) != piece.file_start:
            yield Span(start, piece.text_start)
            start = piece.text_start
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
                yield Edit(block.file_span(Span(start, start)), escape(new, block, syntax))
            else:
                _extend(pending, block, owner, start, start, new)
            continue
        for stretch in stretches:
            low, high = max(start, stretch.start), min(end, stretch.end)
            if low < high:
                _extend(pending, block, stretch, low, high, new)
                new = ""
    for low, high, new in pending.values():
        part = _whole_units(block, Edit(Span(low, high), new))
        yield Edit(block.file_span(part.span), escape(part.text, block, syntax))


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
