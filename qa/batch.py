"""Many files: each is checked by itself, by one process or several, with the same outcome in the same order."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import TypeVar

from qa import files
from qa.checker import check_document
from qa.config import Config
from qa.errors import QaError
from qa.readers import read, syntax_of
from qa.report import Checked

T = TypeVar("T")
R = TypeVar("R")
_AHEAD = 8  # items handed to each process before its results are asked for: bounds the memory they need


@dataclass(frozen=True, slots=True)
class Job:
    """One file to check, or, with `content`, a text that stands in none (standard input)."""

    path: str
    config: Config
    content: bytes | None = None


def check_job(job: Job) -> Checked:
    """Check one file.  What cannot be read or judged comes back with its `problem`."""
    try:
        text = (files.read(job.path) if job.content is None else files.decode(job.content)).text
        syntax = job.config.syntax
        document = read(text, syntax_of(job.path) if syntax == "auto" else syntax)
        if next(document.words(), None) is None:
            return Checked(job.path, text, document.syntax)  # nothing is written there: no language, no defects
        result = check_document(document, job.config.options())
    except QaError as error:
        return Checked(job.path, problem=str(error))
    except Exception as error:
        error.add_note(f"while checking {job.path}")
        raise
    reasons = tuple(dict.fromkeys(reason for _, reason in result.skipped))
    if result.language is None:
        return Checked(job.path, text, document.syntax, problem=reasons[-1])
    return Checked(job.path, text, document.syntax, result.language, result.diagnostics, reasons)


def mapped(function: Callable[[T], R], items: Iterable[T], workers: int) -> Iterator[R]:
    """`map` by `workers` processes (0: one for each processor), in the order of the items.

    `function` and the items must be picklable.
    """
    workers = workers or os.cpu_count() or 1
    if workers == 1:
        yield from map(function, items)
        return
    from concurrent.futures import Future, ProcessPoolExecutor

    waiting: deque[Future[R]] = deque()
    with ProcessPoolExecutor(workers) as pool:
        try:
            for item in items:
                waiting.append(pool.submit(function, item))
                if len(waiting) > workers * _AHEAD:
                    yield waiting.popleft().result()
            while waiting:
                yield waiting.popleft().result()
        finally:
            pool.shutdown(wait=False, cancel_futures=True)
