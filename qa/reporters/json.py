"""The JSON report, a contract: see docs/report.md and report.schema.json."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator

from qa.report import Checked
from qa.reporters import Context
from qa.reporters._record import file_record

VERSION = 1


def report(files: Iterable[Checked], context: Context) -> Iterator[str]:
    """One object; files are written as they come, one a line."""
    yield f'{{"version": {VERSION}, "signature": {_dump(context.signature)}, "files": ['
    skipped: list[dict[str, str]] = []
    separator = "\n"
    for file in files:
        if file.judged:
            yield separator + _dump(file_record(file))
            separator = ",\n"
        skipped += [{"path": file.path, "reason": reason} for reason in file.skipped()]
    yield '\n], "skipped": ['
    yield ",".join(f"\n{_dump(each)}" for each in skipped)
    yield "\n]}\n" if skipped else "]}\n"


def _dump(value: object) -> str:
    # A lone surrogate of a damaged file cannot be written as UTF-8: only then escape what is not ASCII.
    text = json.dumps(value, ensure_ascii=False)
    return text if text.isascii() or _writable(text) else json.dumps(value)


def _writable(text: str) -> bool:
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True
