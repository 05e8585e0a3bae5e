"""The diagnostic format of reviewdog, with suggestions.  Its columns count bytes of UTF-8."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from qa.finding import Diagnostic, Severity
from qa.report import Checked
from qa.reporters import Context
from qa.reporters._record import dump
from qa.text import Span

_SEVERITY = {
    Severity.CRITICAL: "ERROR",
    Severity.MAJOR: "ERROR",
    Severity.MINOR: "WARNING",
    Severity.INFO: "INFO",
}


def report(files: Iterable[Checked], context: Context) -> Iterator[str]:
    """One object; diagnostics are written as they come, one a line."""
    yield f'{{"source": {dump({"name": "qa"})}, "diagnostics": ['
    separator = "\n"
    for file in files:
        for diagnostic in file.diagnostics:
            yield separator + dump(_diagnostic(file, diagnostic))
            separator = ",\n"
    yield "\n]}\n"


def _diagnostic(file: Checked, diagnostic: Diagnostic) -> dict[str, Any]:
    place = _range(file, diagnostic.span)
    return {
        "message": diagnostic.message,
        "location": {"path": file.path, "range": place},
        "severity": _SEVERITY[diagnostic.severity],
        "code": {"value": diagnostic.rule},
        "suggestions": [{"range": place, "text": text} for text in diagnostic.suggestions],
    }


def _range(file: Checked, span: Span) -> dict[str, dict[str, int]]:
    return {"start": _position(file, span.start), "end": _position(file, span.end)}


def _position(file: Checked, offset: int) -> dict[str, int]:
    line = file.lines.position(offset).line
    before = file.text[file.lines.start(line) : offset]
    return {"line": line, "column": len(before.encode("utf-8", "surrogatepass")) + 1}
