"""The JSON report, a contract: see docs/report.md and report.schema.json."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from qa.report import Checked
from qa.reporters import Context
from qa.reporters._record import dump, file_record

VERSION = 1


def report(files: Iterable[Checked], context: Context) -> Iterator[str]:
    """One object; files are written as they come, one a line."""
    yield f'{{"version": {VERSION}, "signature": {dump(context.signature)}, "files": ['
    skipped: list[dict[str, str]] = []
    separator = "\n"
    for file in files:
        if file.judged:
            yield separator + dump(file_record(file))
            separator = ",\n"
        skipped += [{"path": file.path, "reason": reason} for reason in file.skipped()]
    yield '\n], "skipped": ['
    yield ",".join(f"\n{dump(each)}" for each in skipped)
    yield "\n]}\n" if skipped else "]}\n"
