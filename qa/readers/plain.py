"""Plain text: a paragraph is a line, or the lines between two empty ones where they were broken by a width."""

from __future__ import annotations

import re
from collections.abc import Iterator

from qa.readers._build import merge
from qa.readers._noprose import may_have_no_prose, no_prose
from qa.text import Block, Document, Piece, SourceMap, Span

# U+0085 ends no line here: in a text of our days it is a character that was decoded wrongly.
_LINE = re.compile(r"[^\r\n\v\f\u2028\u2029]+")
_NARROW, _WIDE = 40, 100  # the widths at which people and programs break lines
_SENTENCE_END = re.compile(r"""[.!?…:;]["'»”’)\]]{0,3}$""")
_ITEM = re.compile(r"[-*•–—+|#>] |\d{1,3}[.)] ")
_WORD = re.compile(r"\S+")

Line = tuple[int, int]


def read(text: str) -> Document:
    """The blocks of a plain text."""
    look = no_prose if may_have_no_prose(text) else None
    blocks = []
    for lines in _paragraphs(text):
        start, end = lines[0]
        if len(lines) == 1:
            shown, source = text[start:end], SourceMap.identity(start, end - start)
        else:
            shown, source = _joined(text, lines)
        opaque: tuple[Span, ...] = ()
        if look is not None and (ranges := look(shown)):
            opaque = merge(ranges, len(shown))
        blocks.append(Block("paragraph", shown, source, (), opaque))
    return Document(text, tuple(blocks))


def _paragraphs(text: str) -> Iterator[list[Line]]:
    """The lines of each block, without the blanks around them."""
    group: list[Line] = []
    last = -3  # the end of the line before
    for match in _LINE.finditer(text):
        start, end = match.span()
        adjacent = start - last == 1 or (start - last == 2 and text.startswith("\r\n", last))
        last = end
        line = match.group()
        if line[0].isspace() and line.isspace():
            last = -3
            continue
        if line[0] in " \t" or line[-1] in " \t":
            end = start + len(line.rstrip(" \t"))
            start += len(line) - len(line.lstrip(" \t"))
        if group and not (adjacent and end - start <= _WIDE):
            yield from _cut(text, group)
            group = []
        group.append((start, end))
        if end - start > _WIDE:  # long lines are never joined
            yield group
            group = []
            last = -3
    yield from _cut(text, group)


def _cut(text: str, lines: list[Line]) -> Iterator[list[Line]]:
    if len(lines) > 1 and _wrapped(text, lines):
        yield lines
    else:
        for line in lines:
            yield [line]


def _wrapped(text: str, lines: list[Line]) -> bool:
    """Whether a width broke these lines: in none would the first word of the next one have found room."""
    widths = [end - start for start, end in lines]
    if min(widths[:-1]) < _NARROW:
        return False
    widest = max(widths)
    lower = ended = 0
    for index, (start, end) in enumerate(lines[1:]):
        word = _WORD.match(text, start, end)
        if word is None or widths[index] + 1 + len(word.group()) <= widest or _ITEM.match(text, start, end):
            return False
        lower += text[start].islower()
        before = lines[index]
        ended += _SENTENCE_END.search(text, max(before[0], before[1] - 5), before[1]) is not None
    if len(lines) == 2:
        return lower == 1 and not ended
    return lower * 3 >= len(lines) - 1 and ended * 2 <= len(lines) - 1


def _joined(text: str, lines: list[Line]) -> tuple[str, SourceMap]:
    """The lines with a space for each break, and their map."""
    pieces: list[Piece] = []
    position = 0
    for index, (start, end) in enumerate(lines):
        if index:
            before = lines[index - 1][1]
            pieces.append(Piece(position, 1, before, start - before))
            position += 1
        pieces.append(Piece(position, end - start, start, end - start))
        position += end - start
    return " ".join(text[start:end] for start, end in lines), SourceMap(tuple(pieces))
