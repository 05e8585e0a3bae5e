"""What the seq2seq model reads and writes.

It reads `<fr> words before <m> marked words </m> words after` and writes what should stand between the marks:
the same words where they are right, others where they are not, nothing where they are too much.  An empty mark asks
whether something is missing.
"""

from __future__ import annotations

OPEN, CLOSE = "<m>", "</m>"

#: Words of context before and after the mark.
BEFORE, AFTER = 10, 7


def tag(code: str) -> str:
    """The first piece of an input: the language."""
    return f"<{code}>"


def source(code: str, before: list[str], marked: list[str], after: list[str]) -> str:
    """The input for words as they stand between spaces."""
    return " ".join([tag(code), *before[-BEFORE:], OPEN, *marked, CLOSE, *after[:AFTER]])
