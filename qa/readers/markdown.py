"""Markdown: CommonMark with tables, as GitHub and the generators of static sites read it.

markdown-it-py finds the blocks (`_blocks`), a scanner of ours what stands in them (`_inline`), since no maintained
parser reports offsets on that level.  HTML blocks go to the HTML reader.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING

from qa.readers import html
from qa.readers._build import Builder
from qa.readers._front import front_matter
from qa.readers._inline import Leaf
from qa.text import Document, Span

if TYPE_CHECKING:
    from qa.readers._blocks import Found

_BAR = re.compile(r"\\[\s\S]|\|")
# Lines that tell a site generator something: alerts of GitHub and Microsoft Docs, fences of Docusaurus.
_DIRECTIVE = re.compile(r"\[![A-Za-z]+\][ \t]*$|\[!(?:INCLUDE|VIDEO|code)\b[^\r\n]*\][ \t]*$|:::")
FOOTNOTE = re.compile(r"\[\^[^\s\[\]]{1,80}\]:")
_TASK = re.compile(r"\[[ xX]\][ \t]+")

Line = tuple[int, int]


def read(text: str, loose: bool = False) -> Document:
    """The blocks of a Markdown text.

    `loose` ends a block also after a line that ends a sentence and is too long to have been broken by a width: so are
    plain texts written that hold Markdown.
    """
    from qa.readers import _blocks

    builder = Builder()
    found, references, too_deep = _blocks.find(text, front_matter(text, builder))
    reason = f"nested deeper than {_blocks.NESTING} levels"
    skipped = [(Span(start, len(text)), reason) for start in too_deep[:1]]
    bare = _without_containers(text, found)
    for what, kind, lines, first in found:
        if what == "leaf":
            for part in _parts(text, lines, first and kind == "list-item"):
                Leaf(text, part, references, loose=loose).read(builder, kind)
        elif what == "row":
            builder.rows += 1
            group = builder.rows
            for cell in _cells(text, *lines[0]):
                Leaf(text, [cell], references, cell=True).read(builder, kind, group)
        else:
            reader = html.Reader(bare, builder, kind)
            reader.run(lines[0][0], lines[-1][1])
            skipped += reader.skipped
    return Document(text, html.in_order(builder.blocks), "markdown", None, tuple(skipped))


def _parts(text: str, lines: Sequence[Line], item: bool) -> Iterator[list[Line]]:
    """The lines of a paragraph, cut at directives and before footnotes, without the box of a task."""
    part: list[Line] = []
    for index, (start, end) in enumerate(lines):
        if index == len(lines) - 1:
            end = _trimmed(text, start, end)
        if item and not index and (box := _TASK.match(text, start, end)):
            start = box.end()
        special = start < end and text[start] in "[:"
        directive = special and _DIRECTIVE.match(text, start, _trimmed(text, start, end))
        if part and (directive or (special and FOOTNOTE.match(text, start, end))):
            yield [*part[:-1], (part[-1][0], _trimmed(text, *part[-1]))]
            part = []
        if not directive:
            part.append((start, end))
    if part:
        yield part


def _cells(text: str, start: int, end: int) -> Iterator[Line]:
    """The cells of a table's row, without the blanks around them; those without text are left out."""
    bars = [match.start() for match in _BAR.finditer(text, start, end) if match.group() == "|"]
    for left, right in zip([start - 1, *bars], [*bars, end], strict=True):
        left = left + 1
        while left < right and text[left] in " \t":
            left += 1
        right = _trimmed(text, left, right)
        if left < right:
            yield left, right


def _trimmed(text: str, start: int, end: int) -> int:
    """The end of a range without the blanks before it."""
    while end > start and text[end - 1] in " \t\r":
        end -= 1
    return end


def _without_containers(text: str, found: Sequence[Found]) -> str:
    """The text with blanks for the marks of containers (`>`) between the lines of HTML blocks."""
    gaps = [
        (before, after)
        for each in found
        if each.what == "html"
        for (_, before), (after, _) in pairwise(each.lines)
        if text[before:after].strip()
    ]
    if not gaps:
        return text
    parts, last = [], 0
    for start, end in gaps:
        parts += [text[last:start], " " * (end - start)]
        last = end
    return "".join([*parts, text[last:]])
