"""JSON Lines: an object on each line.  A line that is none is a broken record, not a broken file."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import partial
from itertools import islice
from typing import IO

from qa.archive import store
from qa.archive.inputs._format import MOST, Format, Item, Reading
from qa.archive.record import Fields
from qa.errors import UnreadableFile


def _items(path: str, first: int, reading: Reading) -> Iterator[Item]:
    with store.opened(path) as file:
        for line in islice(lines(file), first, None):
            yield Item(len(line), partial(_load, line))


def lines(file: IO[bytes]) -> Iterator[bytes]:
    """The lines that are not empty.  Of a line longer than `MOST` bytes only the beginning is kept."""
    while line := file.readline(MOST + 1):
        rest = line
        while len(rest) > MOST and not rest.endswith(b"\n"):
            rest = file.readline(MOST + 1)
        if line.strip():
            yield line


def _load(line: bytes) -> Fields:
    if len(line) > MOST:
        raise UnreadableFile(f"longer than {MOST // 2**20} MiB")
    try:
        found = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise UnreadableFile(f"no JSON: {error}") from None
    if not isinstance(found, dict):
        raise UnreadableFile("no JSON object")
    return found


def _columns(path: str) -> list[str] | None:
    """The keys of the first object; None where there is none to ask."""
    for item in _items(path, 0, Reading()):
        try:
            return list(item.load())
        except UnreadableFile:
            return None
    return None


FORMAT = Format("jsonl", (".jsonl", ".ndjson", ".jsonlines"), _items, _columns)
