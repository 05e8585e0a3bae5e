"""Reporters: from checked files to the text of a report.

Each module of this package without a leading underscore is one format, and has one function
`report(files, context)` that yields the report piece by piece.  It neither prints nor reads anything, and takes
the files one at a time, so that a report over a large folder needs the memory of one file.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from qa.errors import BadConfiguration
from qa.report import Checked


@dataclass(frozen=True, slots=True)
class Context:
    """What a reporter may know besides the files."""

    signature: str
    colour: bool = False
    width: int = 100  # columns of the screen


Reporter = Callable[[Iterable[Checked], Context], Iterator[str]]


def formats() -> tuple[str, ...]:
    """The names of all formats, sorted."""
    return tuple(sorted(m.name for m in pkgutil.iter_modules(__path__) if not m.name.startswith("_")))


def reporter(name: str) -> Reporter:
    """The reporter of a format.  Raises BadConfiguration."""
    if name not in formats():
        raise BadConfiguration(f"unknown format {name!r}: choose one of {', '.join(formats())}")
    return importlib.import_module(f"{__name__}.{name}").report
