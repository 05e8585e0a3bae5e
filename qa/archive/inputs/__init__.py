"""Inputs: what a scan reads, and in which format.

A module of this package for each format; which one reads a file, its name decides.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from qa.archive import store
from qa.archive.inputs._format import Format, Item, Reading
from qa.errors import QaError
from qa.files import SUFFIXES

PAGES = "pages"

__all__ = ["PAGES", "Format", "Item", "Reading", "Source", "format_of", "formats", "sources"]


@dataclass(frozen=True, slots=True)
class Source:
    """A file with many records, or the pages of a folder (`format` is `PAGES`), which are its `files`."""

    path: str
    format: str
    files: tuple[store.Entry, ...]


@cache
def formats() -> dict[str, Format]:
    """The formats of files with many records, by name."""
    from qa.archive.inputs import jsonl, parquet, table, warc, wxr

    return {each.name: each for each in (jsonl.FORMAT, parquet.FORMAT, table.FORMAT, warc.FORMAT, wxr.FORMAT)}


def format_of(path: str) -> str | None:
    """The format that a file's name promises; None if we read no such files, or only beside others (sitemaps)."""
    name = store.uncompressed_name(path).lower()
    if os.path.basename(name).startswith("sitemap") and name.endswith(".xml"):
        return None
    if name == path.lower() and os.path.splitext(name)[1] in SUFFIXES:
        return PAGES
    return next((each.name for each in formats().values() if name.endswith(each.suffixes)), None)


def sources(inputs: list[str], out: str | None = None) -> tuple[list[Source], list[str]]:
    """What the inputs (files, folders, patterns) name, in order, each file once; and the files that we do not read.

    What lies in the folder `out` is no input: results may be written into a folder that is scanned.
    Raises QaError for an input that is not there, and for a named file of a kind that we do not read.
    """
    found: list[Source] = []
    left_out: list[str] = []
    seen: set[str] = set()
    for given in inputs:
        paths = store.matching(given)
        if not paths:
            raise QaError(f"nothing matches {given}")
        for path in paths:
            if store.is_folder(path):
                found_here = store.walk(path)
                if out is not None and store.is_inside(out, path):
                    found_here = (each for each in found_here if not store.is_inside(each.path, out))
                entries = [each for each in found_here if each.path not in seen]
                kinds = {each.path: format_of(each.path) for each in entries}
                left_out += [each.path for each in entries if kinds[each.path] is None]
            else:
                entries = [each for each in [store.entry(path)] if path not in seen]
                kinds = {path: format_of(path)}
                if kinds[path] is None and path == given:
                    raise QaError(f"{path}: no format we know; the names end in {', '.join(_endings())}")
                left_out += [each.path for each in entries if kinds[each.path] is None]
            seen.update(each.path for each in entries)
            found += _grouped(path, entries, kinds)
    return found, left_out


def _grouped(path: str, entries: list[store.Entry], kinds: dict[str, str | None]) -> Iterator[Source]:
    """One source for the pages, and one for each file that holds many."""
    pages = tuple(each for each in entries if kinds[each.path] == PAGES)
    if pages:
        yield Source(path, PAGES, pages)
    for each in entries:
        kind = kinds[each.path]
        if kind not in (None, PAGES):
            yield Source(each.path, kind, (each,))


def _endings() -> list[str]:
    return sorted({*SUFFIXES, *(suffix for each in formats().values() for suffix in each.suffixes)})
