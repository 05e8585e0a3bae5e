"""Readers: from a decoded file to its blocks."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import PurePath

from qa.readers._build import merge
from qa.text import Block, Document

SYNTAXES = ("auto", "text", "markdown", "html")

_BY_SUFFIX = {
    ".md": "markdown",
    ".markdown": "markdown",
    ".html": "html",
    ".htm": "html",
    ".xhtml": "html",
}

_SURROGATE = re.compile("[\ud800-\udfff]+")


def syntax_of(path: str | PurePath) -> str:
    """The syntax that a file's name promises; `auto` where it promises none (`.txt`, standard input)."""
    return _BY_SUFFIX.get(PurePath(path).suffix.lower(), "auto")


def read(text: str, syntax: str) -> Document:
    """The blocks of `text`.  `syntax` is `text`, `markdown`, `html`, or `auto`: decided by the content.

    Never fails on any text: what cannot be parsed is visible text, and lone surrogates are no prose.
    Raises ValueError for another syntax.
    """
    document = _read(text, syntax)
    if not text.isascii() and _SURROGATE.search(text):
        return replace(document, blocks=tuple(map(_without_surrogates, document.blocks)))
    return document


def _read(text: str, syntax: str) -> Document:
    guessed = syntax == "auto"
    if guessed:
        from qa.readers._sniff import sniff

        syntax = sniff(text)
    if syntax == "html":
        from qa.readers import html

        return html.read(text)
    if syntax == "markdown":
        from qa.readers import markdown

        return markdown.read(text, loose=guessed)
    if syntax != "text":
        raise ValueError(f"no such syntax: {syntax!r}; choose one of {', '.join(SYNTAXES)}")
    from qa.readers import plain

    return plain.read(text)


def _without_surrogates(block: Block) -> Block:
    """The block with its lone surrogates marked as no prose: no encoding has them, and no word list can be asked."""
    found = [match.span() for match in _SURROGATE.finditer(block.text)]
    opaque = [(span.start, span.end) for span in block.opaque]
    return replace(block, opaque=merge([*opaque, *found], len(block.text))) if found else block
