"""Workflow commands of GitHub Actions, which show the findings beside the changed lines.

Escaping after @actions/core, `command.ts`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from qa.finding import Diagnostic, Severity
from qa.report import Checked
from qa.reporters import Context

_COMMAND = {
    Severity.CRITICAL: "error",
    Severity.MAJOR: "error",
    Severity.MINOR: "warning",
    Severity.INFO: "notice",
}
_DATA = str.maketrans({"%": "%25", "\r": "%0D", "\n": "%0A"})
_PROPERTY = str.maketrans({"%": "%25", "\r": "%0D", "\n": "%0A", ":": "%3A", ",": "%2C"})


def report(files: Iterable[Checked], context: Context) -> Iterator[str]:
    """One command for each finding, and a warning for each file that was skipped."""
    for file in files:
        for diagnostic in file.diagnostics:
            yield _finding(file, diagnostic)
        for reason in file.skipped():
            yield _command("warning", {"file": file.path, "title": "qa: skipped"}, reason)


def _finding(file: Checked, diagnostic: Diagnostic) -> str:
    start, end = (file.lines.position(at) for at in (diagnostic.span.start, diagnostic.span.end))
    properties = {"file": file.path, "line": start.line, "endLine": end.line}
    if start.line == end.line:  # GitHub refuses columns that span lines
        properties |= {"col": start.column, "endColumn": end.column}
    properties["title"] = f"qa: {diagnostic.rule}"
    repair = f" Repair: {diagnostic.suggestions[0]}" if diagnostic.suggestions else ""
    return _command(_COMMAND[diagnostic.severity], properties, f"{diagnostic.message} ({diagnostic.text}){repair}")


def _command(name: str, properties: dict[str, object], message: str) -> str:
    listed = ",".join(f"{key}={str(value).translate(_PROPERTY)}" for key, value in properties.items())
    return f"::{name} {listed}::{message.translate(_DATA)}\n"
