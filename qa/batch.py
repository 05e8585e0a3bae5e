"""Many files: each is checked by itself, by one process or several, with the same outcome in the same order."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import TypeVar

from qa import files
from qa.checker import Result, check_document
from qa.config import Config
from qa.errors import QaError
from qa.finding import Diagnostic, Safety
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
    with _naming(job):
        try:
            document = read(_content(job).text, _syntax(job))
            if not document.word_count:
                return Checked(job.path, document.text, document.syntax)  # nothing is written there: no defects
            checked = _checked(job, document.text, document.syntax, check_document(document, job.config.options()))
            return replace(checked, words=document.word_count)
        except QaError as error:
            return Checked(job.path, problem=str(error))


@dataclass(frozen=True, slots=True)
class Mended:
    """One file after repair.

    `left` is the check of the new text, `applied` the findings that were repaired, in the coordinates of the text they
    were found in, and `refused` those whose repair was not applied although it was wanted, with the reason.  `output`
    is the new content of a text that stands in no file.
    """

    left: Checked
    before: str = ""
    applied: tuple[Diagnostic, ...] = ()
    refused: tuple[tuple[Diagnostic, str], ...] = ()
    output: bytes | None = None


def mend_job(job: Job, *, level: Safety, write: bool) -> Mended:
    """Repair one file as far as `level` allows and, if it changed, `write` it back in its own encoding."""
    from qa.fixer import fix

    with _naming(job):
        try:
            content = _content(job)
            fixed = fix(content.text, syntax=_syntax(job), options=job.config.options(), level=level)
            data = content.encode(fixed.text)
            if write and job.content is None and fixed.text != content.text:
                files.write(job.path, data)
        except QaError as error:
            return Mended(Checked(job.path, problem=str(error)), output=job.content)
    left = _checked(job, fixed.text, _syntax(job), fixed.rest)
    if next(read(content.text, _syntax(job)).words(), None) is None:
        left = Checked(job.path, content.text, left.syntax)
    refused = tuple((each.diagnostic, each.reason) for each in fixed.refused)
    return Mended(left, content.text, fixed.applied, refused, data if job.content is not None else None)


def _content(job: Job) -> files.Content:
    return files.read(job.path) if job.content is None else files.decode(job.content)


def _syntax(job: Job) -> str:
    return syntax_of(job.path) if job.config.syntax == "auto" else job.config.syntax


def _checked(job: Job, text: str, syntax: str, result: Result) -> Checked:
    reasons = tuple(dict.fromkeys(reason for _, reason in result.skipped))
    if result.language is None:
        return Checked(job.path, text, syntax, problem=reasons[-1])
    return Checked(job.path, text, syntax, result.language, result.diagnostics, reasons)


@contextmanager
def _naming(job: Job) -> Iterator[None]:
    """Say in the traceback of an unforeseen error which file it met."""
    try:
        yield
    except Exception as error:
        error.add_note(f"while reading {job.path}")
        raise


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
            # Leaving the `with` waits for what runs; a pool that nobody waits for races with the interpreter's end.
            for future in waiting:
                future.cancel()
