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
    """The syntax that a file's name promises; `auto` where it promises none."""
    return _BY_SUFFIX.get(PurePath(path).suffix.lower(), "auto")


def read(text: str, syntax: str) -> Document:
    """The blocks of `text`.  `syntax` is `text`, `markdown`, `html`, or `auto`: decided by the content."""
    if syntax == "html":
        from qa.readers import html

        return html.read(text)
    from qa.readers import plain

    return plain.read(text)
