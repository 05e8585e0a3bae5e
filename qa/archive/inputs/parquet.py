"""Parquet: a row for each record, read a few at a time from the row group that holds it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from qa.archive import store
from qa.archive.extra import needed
from qa.archive.inputs._format import Format, Item, Reading
from qa.archive.record import PARTS, Fields

_BATCH = 64  # rows that are in memory at a time


@contextmanager
def _open(path: str) -> Iterator[Any]:
    parquet = needed("pyarrow.parquet")
    # Arrow's errors are ValueErrors and OSErrors.
    with store.raw(path) as file, parquet.ParquetFile(file, pre_buffer=False) as table:
        yield table


def _items(path: str, first: int, reading: Reading) -> Iterator[Item]:
    with _open(path) as file:
        known = {*reading.columns.values(), *(name for names in PARTS.values() for name in names)}
        wanted = [name for name in file.schema_arrow.names if name in known]
        groups = [file.metadata.row_group(number).num_rows for number in range(file.metadata.num_row_groups)]
        start = 0
        for number, rows in enumerate(groups):
            if start + rows > first:
                yield from _group(file, number, wanted, first - start)
                first = start + rows
            start += rows


def _group(file: Any, number: int, columns: list[str], first: int) -> Iterator[Item]:
    for batch in file.iter_batches(_BATCH, row_groups=[number], columns=columns, use_threads=False):
        skipped = min(first, batch.num_rows)
        first -= skipped
        for row in batch.slice(skipped).to_pylist():
            yield Item(sum(len(value) for value in row.values() if isinstance(value, (str, bytes))), _loader(row))


def _loader(row: Fields) -> Any:
    return lambda: row


def _columns(path: str) -> list[str] | None:
    with _open(path) as file:
        return list(file.schema_arrow.names)


FORMAT = Format("parquet", (".parquet",), _items, _columns)
