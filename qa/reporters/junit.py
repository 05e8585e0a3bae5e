"""JUnit XML, for continuous integration that shows test results: a file is a suite, a finding a failed test."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from xml.sax.saxutils import escape, quoteattr

from qa.finding import Diagnostic
from qa.report import Checked, counts
from qa.reporters import Context

# What XML 1.0 has no way to write.
_FORBIDDEN = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def report(files: Iterable[Checked], context: Context) -> Iterator[str]:
    """One suite for each file; a clean file is one passed test, and what is only worth knowing is left out."""
    yield '<?xml version="1.0" encoding="UTF-8"?>\n'
    yield f"<testsuites name={_attribute(context.signature)}>\n"
    for file in files:
        failures = [_failure(file, each) for each in file.diagnostics if counts(each)]
        errors = [_case(file, "skipped", "error", reason, reason) for reason in file.skipped() if not file.judged]
        passed = [] if failures or errors else [f"    <testcase name={_attribute('clean')}{_place(file)}/>\n"]
        tests = f'tests="{len(failures) + len(errors) + len(passed)}"'
        yield f'  <testsuite name={_attribute(file.path)} {tests} failures="{len(failures)}" errors="{len(errors)}">\n'
        yield from [*failures, *errors, *passed]
        yield "  </testsuite>\n"
    yield "</testsuites>\n"


def _failure(file: Checked, diagnostic: Diagnostic) -> str:
    line, column = file.lines.position(diagnostic.span.start)
    repair = f"\n{diagnostic.text} → {diagnostic.suggestions[0]}" if diagnostic.suggestions else f"\n{diagnostic.text}"
    details = f"{file.path}:{line}:{column}: {diagnostic.message}{repair}"
    return _case(file, f"{diagnostic.rule} {line}:{column}", "failure", diagnostic.message, details, diagnostic.rule)


def _case(file: Checked, name: str, element: str, message: str, details: str, kind: str = "skipped") -> str:
    outcome = (
        f"<{element} type={_attribute(kind)} message={_attribute(message)}>{escape(_allowed(details))}</{element}>"
    )
    return f"    <testcase name={_attribute(name)}{_place(file)}>{outcome}</testcase>\n"


def _place(file: Checked) -> str:
    return f" classname={_attribute(file.path)} file={_attribute(file.path)}"


def _attribute(text: str) -> str:
    return quoteattr(_allowed(text), {"\n": "&#10;", "\r": "&#13;", "\t": "&#9;"})


def _allowed(text: str) -> str:
    return _FORBIDDEN.sub("\ufffd", text)
