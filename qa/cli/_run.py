"""One run of a command over files: what is to be checked, under which settings, and what came of it."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from qa.batch import Job
from qa.checker import model_lacks, runs_model
from qa.config import Config, Configuration, discover, load, matches
from qa.report import Checked, counts

STDIN = "-"


@dataclass(frozen=True, slots=True)
class Run:
    """`config` holds for the whole run, the jobs carry that of their file.  `named` are the paths the user wrote."""

    config: Config
    jobs: tuple[Job, ...]
    named: frozenset[str]


def plan(
    paths: Sequence[str] | None,
    settings: Mapping[str, Any],
    config_file: Path | None,
    stdin_filename: str | None = None,
) -> Run:
    """What is to be done.  Raises BadConfiguration, ModelUnavailable."""
    fixed = load(config_file) if config_file else None
    jobs: dict[str, Job] = {}  # by normal path: a file that is named twice is checked once
    named = set()

    def add(path: str, content: bytes | None = None) -> str:
        job = Job(path, _config(Path(path), fixed, settings), content)
        return jobs.setdefault(os.path.normpath(path), job).path

    for path in paths or ["."]:
        if path == STDIN:
            named.add(add(stdin_filename or "<stdin>", sys.stdin.buffer.read()))
        elif Path(path).is_dir():
            for file in _walk(Path(path), fixed, settings):
                add(str(file))
        else:
            named.add(add(path))
    whole = replace((fixed or discover(Path.cwd())).base, **settings)
    if runs_model(whole.options()):
        model_lacks(whole.options())
    return Run(whole, tuple(jobs.values()), frozenset(named))


def _configuration(file: Path, fixed: Configuration | None) -> Configuration:
    return fixed or discover(file.parent)


def _config(file: Path, fixed: Configuration | None, settings: Mapping[str, Any]) -> Config:
    return replace(_configuration(file, fixed).for_path(file), **settings)


def _walk(folder: Path, fixed: Configuration | None, settings: Mapping[str, Any]) -> Iterator[Path]:
    from qa.files import walk

    for file in walk(folder):
        if "exclude" in settings:
            left_out = matches(file, Path.cwd(), settings["exclude"])
        else:
            left_out = _configuration(file, fixed).excludes(file)
        if not left_out:
            yield file


class Outcome:
    """What a run has come to so far: watches results pass by and says what could not be done."""

    def __init__(self, named: frozenset[str]) -> None:
        self._named = named
        self._problems: list[str] = []
        self._failed = False
        self.findings = 0

    def count(self, file: Checked) -> None:
        """Take note of a file."""
        self.findings += sum(map(counts, file.diagnostics))
        if file.problem is not None:
            self._problems.append(f"{file.path}: {file.problem}")
            self._failed |= file.path in self._named

    def watch(self, files: Iterable[Checked]) -> Iterator[Checked]:
        """The files, counted."""
        for file in files:
            self.count(file)
            yield file

    def status(self, *, exit_zero: bool = False) -> int:
        """Report the problems on standard error and give the exit status."""
        for problem in self._problems:
            print(f"qa: {problem}", file=sys.stderr)
        if self._failed:
            return 2
        return int(bool(self.findings) and not exit_zero)
