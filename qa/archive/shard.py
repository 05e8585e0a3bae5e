"""A shard done: its records read, judged, and written as one Parquet file with its manifest.

The files depend on nothing but the shard and the run: not on the process, the time, or what was tried before.
"""

from __future__ import annotations

import io
import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from itertools import islice
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from qa.archive import store
from qa.archive.inputs import PAGES, Item, Reading, formats, pages
from qa.archive.judge import Judge, Row, quarantined
from qa.archive.plan import DAMAGED, Shard, damage_of
from qa.archive.record import made
from qa.archive.schema import MANIFEST, QUARANTINED, SCHEMA, SHARDS
from qa.checker import Options
from qa.errors import QaError

_ROW_GROUP = 1000  # rows
_LEVEL = 6  # of zstd
_ADDRESS = re.compile(r"0x[0-9a-f]{6,}")  # of an object in memory: another one in every run


@dataclass(frozen=True, slots=True)
class Setup:
    """What all shards of a run have in common.  `run` is the run's id, `seconds` the limit for one record."""

    out: str
    run: str
    options: Options
    reading: Reading = field(default_factory=Reading)
    seconds: float = 60.0
    remember: bool = True


@dataclass(frozen=True, slots=True)
class Done:
    """What a shard came to."""

    shard: str
    records: int
    checked: int
    quarantined: int
    findings: int
    characters: int


@dataclass(frozen=True, slots=True)
class Step:
    """How far a shard is: the record at work (from 0; -1: none), and what is done."""

    record: int
    findings: int = 0
    characters: int = 0


class Scanner:
    """Does shards, one after the other.  Keeps its place in the file, and what it remembers of texts, between them.

    `watched` is told each step; around the work on a record, `arm` and `disarm` are called.
    """

    def __init__(
        self,
        setup: Setup,
        *,
        watched: Callable[[Step], None] = lambda step: None,
        arm: Callable[[float], None] = lambda seconds: None,
        disarm: Callable[[], None] = lambda: None,
    ) -> None:
        self._setup = setup
        self._judge = Judge(setup.options, remember=setup.remember)
        self._watched, self._arm, self._disarm = watched, arm, disarm
        self._place: tuple[str, int, Iterator[Item]] = ("", 0, iter(()))

    def do(self, shard: Shard, poison: Mapping[int, str]) -> Done:
        """Read, judge and write a shard.  `poison` are the records that must not be touched, with the reason.

        Raises QaError where the result cannot be written or the input is not what the plan saw.
        """
        rows = list(self._rows(shard, poison))
        data = parquet(rows)
        store.write(store.join(self._setup.out, SHARDS, f"{shard.id}.parquet"), data)
        done = Done(
            shard.id,
            len(rows),
            sum(row["status"] == "checked" for row in rows),
            sum(row["status"] == QUARANTINED for row in rows),
            sum(len(row["findings"]) for row in rows),
            sum(row["characters"] for row in rows),
        )
        manifest = manifest_of(shard, self._setup.run, done, data)
        store.write(store.join(self._setup.out, MANIFEST, f"{shard.id}.json"), encoded(manifest))
        return done

    def _rows(self, shard: Shard, poison: Mapping[int, str]) -> Iterator[Row]:
        findings = characters = 0
        self._go_to(shard)  # not under the time limit: much may have to be passed over
        for number in range(shard.count):
            # The record is read under the time limit too: it may be the reader that does not come to an end.
            self._watched(Step(number, findings, characters))
            if number in poison:
                self._next(shard, number)
                row = quarantined(_id(shard, number), _source(shard, number), poison[number])
            else:
                self._arm(self._setup.seconds)
                try:
                    row = self._row(shard, number)
                finally:
                    self._disarm()
            findings += len(row["findings"])
            characters += row["characters"]
            yield row
        self._watched(Step(-1, findings, characters))
        if shard.damage:
            yield quarantined(shard.source, shard.source, shard.damage)

    def _row(self, shard: Shard, number: int) -> Row:
        item = self._next(shard, number)
        name, source = _id(shard, number), _source(shard, number)
        try:
            fields = item.load()
            columns = self._setup.reading.columns if formats_table(shard.format) else {}
            return self._judge.row(made(fields, columns, source, name, self._setup.reading.syntax))
        except store.Unreachable:
            raise
        except QaError as error:
            return quarantined(name, source, str(error))
        except MemoryError:
            return quarantined(name, source, "out of memory")
        except Exception as error:  # a defect of ours or of a library must cost one record, not the run
            said = _ADDRESS.sub("0x…", f"{type(error).__name__}: {error}")
            return quarantined(name, source, said)

    def _next(self, shard: Shard, number: int) -> Item:
        """The next record of the shard, which is the one of this number."""
        if shard.format == PAGES:
            return next(pages.items(shard.files[number : number + 1], shard.notes[number : number + 1]))
        place, at, items = self._place
        item = _passed(shard, items, 1)
        self._place = (place, at + 1, items)
        return item

    def _go_to(self, shard: Shard) -> None:
        """Find the beginning of the shard; the file is gone through only forward, as long as that is possible."""
        if shard.format == PAGES or not shard.count:
            return
        place, at, items = self._place
        if place != f"{shard.source}\0{shard.version}" or at > shard.first:
            items = formats()[shard.format].items(shard.source, shard.first, self._setup.reading)
        elif at < shard.first:
            _passed(shard, items, shard.first - at)
        self._place = (f"{shard.source}\0{shard.version}", shard.first, items)


def _passed(shard: Shard, items: Iterator[Item], count: int) -> Item:
    """The last of the next `count` items.  Raises QaError where the source has not so many."""
    try:
        item = next(islice(items, count - 1, None), None)
    except DAMAGED as error:
        raise QaError(f"{shard.source} cannot be read any more: {damage_of(error)}") from None
    if item is None:
        raise QaError(f"{shard.source} has become shorter since the scan began")
    return item


def formats_table(name: str) -> bool:
    """Whether the records of a format have columns that the user may name."""
    return name != PAGES and formats()[name].columns is not None


def parquet(rows: list[Row]) -> bytes:
    """The Parquet file of some rows: equal rows give equal bytes."""
    buffer = io.BytesIO()
    table = pa.Table.from_pylist([_storable(row) for row in rows], SCHEMA)
    pq.write_table(table, buffer, row_group_size=_ROW_GROUP, compression="zstd", compression_level=_LEVEL)
    return buffer.getvalue()


def manifest_of(shard: Shard, run: str, done: Done, data: bytes) -> dict[str, Any]:
    """What binds the file of a shard to its input and to the run."""
    return {
        "shard": shard.id,
        "run": run,
        "source": shard.source,
        "version": shard.version,
        "first": shard.first,
        "count": shard.count,
        "records": done.records,
        "checked": done.checked,
        "quarantined": done.quarantined,
        "findings": done.findings,
        "characters": done.characters,
        "parquet": {"bytes": len(data), "sha256": sha256(data).hexdigest()},
    }


def finished(shard: Shard, run: str, out: str) -> Done | None:
    """What a shard came to, if it was done in this run and its file is what was written then."""
    try:
        manifest = json.loads(store.read(store.join(out, MANIFEST, f"{shard.id}.json")) or b"null")
    except ValueError:
        return None
    if not isinstance(manifest, dict) or (manifest.get("run"), manifest.get("version")) != (run, shard.version):
        return None
    data = store.read(store.join(out, SHARDS, f"{shard.id}.parquet"))
    if data is None or sha256(data).hexdigest() != manifest["parquet"]["sha256"]:
        return None
    return Done(shard.id, *(manifest[name] for name in ("records", "checked", "quarantined", "findings", "characters")))


def encoded(data: Any) -> bytes:
    """JSON for people to read, the same for the same data."""
    return (json.dumps(data, ensure_ascii=False, indent=1) + "\n").encode("utf-8", "surrogatepass")


def _storable(row: Row) -> Row:
    """The row without lone surrogates, which UTF-8 has not and Parquet's strings cannot hold."""
    return {name: _clean(value) for name, value in row.items()}


def _clean(value: Any) -> Any:
    if isinstance(value, str):
        return value if value.isascii() else value.encode("utf-8", "replace").decode("utf-8")
    if isinstance(value, list):
        return [_storable(each) for each in value]
    return value


def _id(shard: Shard, number: int) -> str:
    if shard.format == PAGES:
        return shard.files[number].replace("\\", "/")
    return f"{shard.source}#{shard.first + number}"


def _source(shard: Shard, number: int) -> str:
    return shard.files[number] if shard.format == PAGES else shard.source
