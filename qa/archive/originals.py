"""The records of a run read again: what their findings speak of.

The shards keep findings, not pages.  Whoever repairs pages or shows them to people reads the inputs again, which must
be what they were when they were scanned.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from qa.archive import store
from qa.archive.extra import needed
from qa.archive.inputs import PAGES, Item, Reading, Source, formats, pages, sources
from qa.archive.plan import Cuts, Shard, shards, version_of
from qa.archive.record import Record, made
from qa.archive.schema import CHECKED, RUN, SHARDS, VERSION
from qa.checker import Options
from qa.errors import QaError

Row = Mapping[str, Any]
_SETS = ("select", "ignore", "words")


@dataclass(frozen=True, slots=True)
class Past:
    """A run as its folder describes it."""

    out: str
    options: Options
    reading: Reading
    shards: tuple[Shard, ...]


def past(out: str) -> Past:
    """The run of a folder.  Raises QaError if there is none, or its inputs are not what they were."""
    data = store.read(store.join(out, RUN))
    if data is None:
        raise QaError(f"{out} holds no scan of an archive: run `qa archive scan` first")
    run = json.loads(data)
    if run.get("version") != VERSION:
        raise QaError(f"{out} was written by another version of qa: scan the archive again")
    planned: list[Shard] = []
    for number, (given, plan) in enumerate(zip(run["inputs"], run["plan"], strict=True)):
        source = _source(given)
        cuts = Cuts(tuple(plan["shards"]), plan["bytes"], plan["damage"])
        planned += shards(number, source, cuts)
    options: dict[str, Any] = {
        key: frozenset(value) if key in _SETS else value for key, value in run["options"].items()
    }
    options["languages"] = tuple(options["languages"])
    reading = {key: value for key, value in run["reading"].items() if key != "extractor"}
    return Past(out, Options(**options), Reading(**reading), tuple(planned))


def _source(given: Row) -> Source:
    found, _ = sources([given["path"]])
    source = next((each for each in found if (each.path, each.format) == (given["path"], given["format"])), None)
    if source is None or version_of(source) != given["version"]:
        raise QaError(f"{given['path']} has changed since it was scanned: scan the archive again")
    return source


def originals(run: Past, wanted: Callable[[Row], bool]) -> Iterator[tuple[Row, Record]]:
    """The checked records whose row is wanted, with that row, in the order of the run.  Raises QaError.

    Only the shards that hold one are read, one record at a time.
    """
    parquet = needed("pyarrow.parquet")
    for shard in run.shards:
        path = store.join(run.out, SHARDS, f"{shard.id}.parquet")
        if not store.exists(path):
            continue  # not done yet
        with store.raw(path) as file:
            rows = parquet.read_table(file).to_pylist()
        chosen = [row if row["status"] == CHECKED and wanted(row) else None for row in rows[: shard.count]]
        if any(chosen):
            yield from _records(run, shard, chosen)


def _records(run: Past, shard: Shard, rows: Sequence[Row | None]) -> Iterator[tuple[Row, Record]]:
    columns = run.reading.columns if shard.format != PAGES and formats()[shard.format].columns else {}
    for number, (row, item) in enumerate(zip(rows, _items(run, shard), strict=False)):
        if row is not None:
            source = shard.files[number] if shard.format == PAGES else shard.source
            yield row, made(item.load(), columns, source, row["record"], run.reading.syntax)


def _items(run: Past, shard: Shard) -> Iterator[Item]:
    if shard.format == PAGES:
        return pages.items(shard.files, shard.notes)
    return formats()[shard.format].items(shard.source, shard.first, run.reading)
