"""The end that touches the screen: where a report goes, whether it has colours, and the progress bar."""

from __future__ import annotations

import os
import shutil
import sys
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, TypeVar

from qa.errors import BadConfiguration

T = TypeVar("T")
_PATIENCE = 1.0  # seconds of work before a progress bar appears
_WIDEST = 120  # columns; longer lines are hard to read


def colour(wish: str, *, terminal: bool) -> bool:
    """Whether to write in colour, under https://no-color.org and https://force-color.org."""
    if wish != "auto":
        return wish == "always"
    if os.environ.get("NO_COLOR"):
        return False
    return bool(os.environ.get("FORCE_COLOR")) or (terminal and os.environ.get("TERM") != "dumb")


def width() -> int:
    """Columns of the screen, within reason."""
    return max(40, min(shutil.get_terminal_size((100, 24)).columns, _WIDEST))


@contextmanager
def destination(file: Path | None) -> Iterator[IO[str]]:
    """Where the report is written: a file, which appears only once it is whole, or standard output.

    Raises BadConfiguration if the file cannot be written.
    """
    if file is None:
        sys.stdout.reconfigure(encoding="utf-8", errors="backslashreplace")  # type: ignore[union-attr]
        yield sys.stdout
        return
    part = file.with_name(f".{file.name}.{os.getpid()}")
    try:
        with part.open("w", encoding="utf-8", errors="backslashreplace", newline="\n") as stream:
            yield stream
        part.replace(file)
    except OSError as error:
        raise BadConfiguration(f"cannot write {file}: {error.strerror}") from error
    finally:
        part.unlink(missing_ok=True)


def tracked(items: Iterable[T], total: int, what: str) -> Iterator[T]:
    """The items; if they take long and somebody watches, with a progress bar on standard error.

    While the bar shares the terminal with the report, the items come when all are done.
    """
    if total < 2 or not sys.stderr.isatty():
        yield from items
    elif sys.stdout.isatty():
        yield from list(_with_bar(items, total, what))
    else:
        yield from _with_bar(items, total, what)


def _with_bar(items: Iterable[T], total: int, what: str) -> Iterator[T]:
    begun = time.monotonic()
    bar = None
    try:
        for done, item in enumerate(items, 1):
            if bar is None and time.monotonic() - begun > _PATIENCE and done < total:
                from rich.console import Console
                from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

                columns = (TextColumn(what), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
                bar = Progress(*columns, console=Console(stderr=True), transient=True)
                task = bar.add_task(what, total=total)
                bar.start()
            if bar is not None:
                bar.update(task, completed=done)
            yield item
    finally:
        if bar is not None:
            bar.stop()
