"""CSV and TSV with a header, in UTF-8.  Commas, semicolons, tabs and bars separate: what the header has most of."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from functools import partial
from itertools import islice
from typing import IO

from qa.archive import store
from qa.archive.inputs._format import MOST, Format, Item, Reading
from qa.archive.record import Fields
from qa.errors import UnreadableFile

_SEPARATORS = ",;\t|"


def _rows(path: str) -> Iterator[list[str]]:
    """The rows, the header first; no bytes are lost: those that are no UTF-8 become lone surrogates."""
    csv.field_size_limit(MOST)
    with store.opened(path) as file:
        header = _decoded(file.readline(MOST)).removeprefix("\ufeff")
        separator = max(_SEPARATORS, key=header.count)
        try:
            for row in csv.reader(_lines(header, file), delimiter=separator):
                if row:
                    yield row
        except csv.Error as error:
            raise ValueError(str(error)) from None


def _lines(first: str, file: IO[bytes]) -> Iterator[str]:
    yield first
    for line in iter(partial(file.readline, MOST), b""):
        yield _decoded(line)


def _decoded(line: bytes) -> str:
    return line.decode("utf-8", "surrogateescape")


def _items(path: str, first: int, reading: Reading) -> Iterator[Item]:
    rows = _rows(path)
    header = next(rows, [])
    for row in islice(rows, first, None):
        yield Item(sum(map(len, row)), partial(_load, header, row))


def _load(header: list[str], row: list[str]) -> Fields:
    if len(row) != len(header):
        raise UnreadableFile(f"{len(row)} columns, where the header has {len(header)}")
    for name, value in zip(header, row, strict=True):
        if not value.isascii() and any("\udc80" <= sign <= "\udcff" for sign in value):
            raise UnreadableFile(f"column {name!r} is not UTF-8")
    # An empty cell says nothing.
    return {name: value for name, value in zip(header, row, strict=True) if value}


def _columns(path: str) -> list[str] | None:
    return next(_rows(path), None)


FORMAT = Format("table", (".csv", ".tsv"), _items, _columns)
