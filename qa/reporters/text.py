"""For people at a terminal."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from qa.report import Checked
from qa.reporters import Context


def report(files: Iterable[Checked], context: Context) -> Iterator[str]:
    """One line for each finding."""
    for file in files:
        for diagnostic in file.diagnostics:
            line, column = file.lines.position(diagnostic.span.start)
            repair = f" → {diagnostic.suggestions[0]!r}" if diagnostic.suggestions else ""
            yield f"{file.path}:{line}:{column}: {diagnostic.rule}: {diagnostic.message} {diagnostic.text!r}{repair}\n"
