"""The plan of a run: its sources cut into shards.

A source is gone through once, without checking anything, to number its records and to find where it is damaged.
The same inputs and limits give the same plan.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from lzma import LZMAError
from multiprocessing import get_context

from qa.archive.inputs import PAGES, Reading, Source, formats
from qa.archive.inputs.sitemap import Note, note_of, notes
from qa.archive.record import column_of_text

DAMAGED = (OSError, EOFError, ValueError, LZMAError)  # what reading a broken file raises


@dataclass(frozen=True, slots=True)
class Limits:
    """How much a shard holds at most, and how long a record may take (seconds of processor time)."""

    records: int = 2000
    size: int = 16 * 2**20  # bytes
    seconds: float = 60.0


@dataclass(frozen=True, slots=True)
class Cuts:
    """Where a source is cut: how many records each shard has.  `damage` is why the source could not be read on."""

    counts: tuple[int, ...]
    size: int  # bytes of the records, about
    damage: str | None = None


@dataclass(frozen=True, slots=True)
class Shard:
    """Some records of a source: `count` of them from the one numbered `first` on.

    `version` is the identity of the source.  The records of a folder are the `files`, with what the sitemap says of
    each.  `damage` is told by the last shard of a damaged source.
    """

    id: str
    source: str
    format: str
    version: str
    first: int
    count: int
    files: tuple[str, ...] = ()
    notes: tuple[Note | None, ...] = ()
    damage: str | None = None


def version_of(source: Source) -> str:
    """The identity of a source: changes when one of its files does."""
    digest = blake2b(digest_size=16)
    for each in source.files:
        digest.update(f"{each.path}\0{each.size}\0{each.version}\n".encode("utf-8", "surrogateescape"))
    return digest.hexdigest()


def cut_all(sources: Sequence[Source], reading: Reading, limits: Limits, jobs: int) -> Iterator[Cuts]:
    """The cuts of each source, by `jobs` processes where that helps.  Raises BadConfiguration, UnreadableFile."""
    workers = min(jobs, sum(source.format != PAGES for source in sources))
    if workers < 2:
        for source in sources:
            yield cut(source, reading, limits)
        return
    from concurrent.futures import ProcessPoolExecutor

    with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
        tasks = [pool.submit(cut, source, reading, limits) for source in sources]
        try:
            for task in tasks:
                yield task.result()
        finally:
            for task in tasks:
                task.cancel()


def cut(source: Source, reading: Reading, limits: Limits) -> Cuts:
    """The cuts of one source.  Raises BadConfiguration, UnreadableFile."""
    if source.format == PAGES:
        return _cuts((each.size for each in source.files), limits)
    kind = formats()[source.format]
    try:
        if kind.columns and (names := kind.columns(source.path)) is not None:
            column_of_text(names, reading.columns, source.path)
    except DAMAGED as error:
        return Cuts((), 0, damage_of(error))
    return _cuts((item.size for item in kind.items(source.path, 0, reading)), limits)


def damage_of(error: BaseException) -> str:
    """Why a file cannot be read on, in one line."""
    said = error.strerror if isinstance(error, OSError) and error.strerror else str(error) or type(error).__name__
    return f"the file is damaged, and what follows was not read: {said}"


def _cuts(sizes: Iterable[int], limits: Limits) -> Cuts:
    counts: list[int] = []
    count = taken = total = 0
    damage = None
    try:
        for size in sizes:
            if count and (count == limits.records or taken + size > limits.size):
                counts.append(count)
                count = taken = 0
            count, taken, total = count + 1, taken + size, total + size
    except DAMAGED as error:
        damage = damage_of(error)
    if count:
        counts.append(count)
    return Cuts(tuple(counts), total, damage)


def shards(number: int, source: Source, cuts: Cuts) -> Iterator[Shard]:
    """The shards of the source with this number."""
    version = version_of(source)
    paths = tuple(each.path for each in source.files) if source.format == PAGES else ()
    known = notes(source.path) if paths and source.path != paths[0] else {}
    counts = cuts.counts or ((0,) if cuts.damage else ())
    first = 0
    for index, count in enumerate(counts):
        mine = paths[first : first + count]
        yield Shard(
            id=f"{number:06}-{first:010}",
            source=source.path,
            format=source.format,
            version=version,
            first=first,
            count=count,
            files=mine,
            notes=tuple(note_of(path[len(source.path) :].strip("/"), known) for path in mine),
            damage=cuts.damage if index == len(counts) - 1 else None,
        )
        first += count
