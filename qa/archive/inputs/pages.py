"""Folders of pages: a text, Markdown or HTML file for each record.

Where the folder has a `sitemap.xml`, it tells the address and the date of the pages it lists.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from functools import partial

from qa import files
from qa.archive import store
from qa.archive.inputs._format import MOST, Item
from qa.archive.inputs.sitemap import Note
from qa.archive.record import Fields
from qa.readers import syntax_of


def items(paths: Sequence[str], notes: Sequence[Note | None]) -> Iterator[Item]:
    """The pages in files, with what the sitemap says of each."""
    for path, note in zip(paths, notes, strict=True):
        yield Item(0, partial(_load, path, note))


def _load(path: str, note: Note | None) -> Fields:
    with store.raw(path) as file:
        text = files.decode(file.read(MOST + 1), MOST).text
    fields = {"id": path.replace(os.sep, "/"), "text": text, "syntax": syntax_of(path)}
    return fields if note is None else {**fields, "url": note.url, "date": note.date}
