"""Readers: from a decoded file to its blocks."""

from __future__ import annotations

from qa.text import Document


def read(text: str, syntax: str) -> Document:
    """The blocks of `text`."""
    from qa.readers import plain

    return plain.read(text)
