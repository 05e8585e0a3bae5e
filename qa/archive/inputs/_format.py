"""What a format is: a way to go through the records of a file, one at a time."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from qa.archive.record import Fields
from qa.files import LIMIT

MOST = LIMIT  # bytes of one record: a larger one is quarantined


@dataclass(frozen=True, slots=True)
class Reading:
    """How inputs are read.  Every field changes what the records are."""

    columns: Mapping[str, str] = field(default_factory=dict)  # the column of a part: text → body
    syntax: str = "auto"  # of texts whose format does not tell
    raw_html: bool = False  # check the pages of a web archive as they are, not their main text


class Item(NamedTuple):
    """A record that has been found, and how to read it.

    `size` is about its bytes.  `load` must be called before the next item is asked for; it raises QaError or
    ValueError where the record is broken.
    """

    size: int
    load: Callable[[], Fields]


@dataclass(frozen=True, slots=True)
class Format:
    """A kind of file.  `items` gives its records from the one numbered `first` (from 0) on.

    `items` raises OSError, EOFError or ValueError where the file is damaged, so that nothing behind can be read.
    `columns` names the columns of a table; None where the parts of a record are fixed.
    """

    name: str
    suffixes: tuple[str, ...]
    items: Callable[[str, int, Reading], Iterator[Item]]
    columns: Callable[[str], list[str] | None] | None = None
