"""JSON Lines: a line on the report itself, then one for each finding and each thing that was skipped."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from qa.report import Checked
from qa.reporters import Context
from qa.reporters._record import dump, finding_record
from qa.reporters.json import VERSION


def report(files: Iterable[Checked], context: Context) -> Iterator[str]:
    """Findings are those of the JSON report with the `path` and `language` of their file in front."""
    yield dump({"version": VERSION, "signature": context.signature}) + "\n"
    for file in files:
        for diagnostic in file.diagnostics:
            record = {"path": file.path, "language": file.language, **finding_record(file, diagnostic)}
            yield dump(record) + "\n"
        for reason in file.skipped():
            yield dump({"path": file.path, "reason": reason}) + "\n"
