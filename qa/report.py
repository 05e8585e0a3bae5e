"""What a run found, file by file: the data that every reporter renders."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from qa.finding import Diagnostic, Severity
from qa.lines import Lines


@dataclass(frozen=True)
class Checked:
    """One file after checking.

    `path` is as the user named it.  Where the file was not judged, `problem` says why; `left_out` gives the reasons for
    which parts of it were not.  `language` is None where it was not judged, or has no words; `words` counts them.
    """

    path: str
    text: str = ""
    syntax: str = "text"
    language: str | None = None
    diagnostics: tuple[Diagnostic, ...] = ()
    left_out: tuple[str, ...] = ()
    problem: str | None = None
    words: int = 0

    @cached_property
    def lines(self) -> Lines:
        """The lines of the text."""
        return Lines(self.text)

    @property
    def judged(self) -> bool:
        """Whether the file could be read and its language was known."""
        return self.problem is None

    def skipped(self) -> Iterator[str]:
        """The reasons for which the file, or parts of it, were not judged."""
        if self.problem is not None:
            yield self.problem
        yield from self.left_out


def counts(diagnostic: Diagnostic) -> bool:
    """Whether a finding is a defect: what is only worth knowing does not fail a run."""
    return diagnostic.severity is not Severity.INFO
