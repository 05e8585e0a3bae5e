"""The code quality report of GitLab (a subset of Code Climate's)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from hashlib import sha256
from pathlib import PurePath
from typing import Any

from qa.baseline import fingerprints
from qa.finding import Diagnostic
from qa.report import Checked
from qa.reporters import Context
from qa.reporters._record import dump


def report(files: Iterable[Checked], context: Context) -> Iterator[str]:
    """One array; its severities are named as ours are."""
    separator = "["
    for file in files:
        names = fingerprints(file.text, file.diagnostics)
        for diagnostic, name in zip(file.diagnostics, names, strict=True):
            yield f"{separator}\n{dump(_issue(file, diagnostic, name))}"
            separator = ","
    yield "[]\n" if separator == "[" else "\n]\n"


def _issue(file: Checked, diagnostic: Diagnostic, name: str) -> dict[str, Any]:
    path = PurePath(file.path).as_posix()
    repair = f" → {diagnostic.suggestions[0]}" if diagnostic.suggestions else ""
    start, end = (file.lines.position(at) for at in (diagnostic.span.start, diagnostic.span.end))
    return {
        "description": f"{diagnostic.message} ({diagnostic.text}{repair})",
        "check_name": diagnostic.rule,
        # GitLab wants them unique in the whole report, ours are so in their file.
        "fingerprint": sha256(f"{path}\0{name}".encode("utf-8", "surrogatepass")).hexdigest()[:32],
        "severity": str(diagnostic.severity),
        "location": {"path": path, "lines": {"begin": start.line, "end": end.line}},
    }
