"""Plain text: a paragraph is what stands between two empty lines, or a line of its own."""

from __future__ import annotations

import re

from qa.text import Block, Document, SourceMap

_LINE = re.compile(r"[^\r\n]+")


def read(text: str) -> Document:
    """The blocks of a plain text."""
    return Document(
        text,
        tuple(
            Block("paragraph", m.group(), SourceMap.identity(m.start(), len(m.group())))
            for m in _LINE.finditer(text)
            if not m.group().isspace()
        ),
    )
