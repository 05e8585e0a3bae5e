"""Readers: from a decoded file to its blocks."""

from __future__ import annotations

from pathlib import PurePath

from qa.text import Document

SYNTAXES = ("auto", "text", "markdown", "html")

_BY_SUFFIX = {
    ".md": "markdown",
    ".markdown": "markdown",
    ".html": "html",
    ".htm": "html",
    ".xhtml": "html",
}


def syntax_of(path: str | PurePath) -> str:
    """The syntax that a file's name promises; `auto` where it promises none (`.txt`, standard input)."""
    return _BY_SUFFIX.get(PurePath(path).suffix.lower(), "auto")


def read(text: str, syntax: str) -> Document:
    """The blocks of `text`.  `syntax` is `text`, `markdown`, `html`, or `auto`: decided by the content.

    Never fails on any text: what cannot be parsed is visible text.
    """
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
