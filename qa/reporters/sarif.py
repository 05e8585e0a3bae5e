"""SARIF 2.1.0, the standard of OASIS for results of static analysis, with repairs.

https://docs.oasis-open.org/sarif/sarif/v2.1.0/ ; the sections that a choice rests on are named beside it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import PurePath
from typing import Any
from urllib.parse import quote

from qa.baseline import fingerprints
from qa.finding import Diagnostic, Edit, Severity
from qa.report import Checked
from qa.reporters import Context
from qa.reporters._record import dump
from qa.rule import Rule
from qa.rules import registry
from qa.text import Span

_SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/os/schemas/sarif-schema-2.1.0.json"
_LEVEL = {
    Severity.CRITICAL: "error",
    Severity.MAJOR: "error",
    Severity.MINOR: "warning",
    Severity.INFO: "note",
}


def report(files: Iterable[Checked], context: Context) -> Iterator[str]:
    """One run.  Results are written as they come, one a line."""
    numbers = {name: number for number, name in enumerate(registry())}
    yield f'{{"$schema": {dump(_SCHEMA)}, "version": "2.1.0", "runs": [{{"tool": {dump(_tool(context))},\n'
    # §3.14.17: our offsets count code points; §3.14.10: what ends a line.
    yield '"columnKind": "unicodeCodePoints", "newlineSequences": ["\\r\\n", "\\n", "\\r"], "results": ['
    separator, notices = "\n", []
    for file in files:
        names = fingerprints(file.text, file.diagnostics)
        for diagnostic, name in zip(file.diagnostics, names, strict=True):
            yield separator + dump(_result(file, diagnostic, name, numbers[diagnostic.rule]))
            separator = ",\n"
        notices += [_notice(file, reason) for reason in file.skipped()]
    whole = all(notice["level"] != "error" for notice in notices)
    invocation = {"executionSuccessful": whole, "toolExecutionNotifications": notices}
    yield f'\n], "invocations": [{dump(invocation)}]}}]}}\n'


def _tool(context: Context) -> dict[str, Any]:
    from qa import __version__

    driver = {
        "name": "qa",
        "version": __version__,
        "semanticVersion": __version__,
        "fullName": context.signature,
        "rules": [_rule(rule) for rule in registry().values()],
    }
    return {"driver": driver}


def _rule(rule: Rule) -> dict[str, Any]:
    return {
        "id": rule.id,
        "shortDescription": {"text": rule.summary},
        "fullDescription": {"text": rule.doc.strip()},
        "help": {"text": rule.doc.strip()},
        "defaultConfiguration": {"enabled": rule.default, "level": _LEVEL[rule.severity]},
        "properties": {"tags": [rule.category], "category": rule.category, "mqm": rule.mqm, "its": rule.its},
    }


def _result(file: Checked, diagnostic: Diagnostic, name: str, number: int) -> dict[str, Any]:
    region = _region(file, diagnostic.span) | {"snippet": {"text": diagnostic.text}}
    result: dict[str, Any] = {
        "ruleId": diagnostic.rule,
        "ruleIndex": number,
        "level": _LEVEL[diagnostic.severity],
        "rank": round(100 * diagnostic.confidence, 1),
        "message": {"text": diagnostic.message},
        "locations": [{"physicalLocation": {"artifactLocation": _location(file), "region": region}}],
        "partialFingerprints": {"qa/v1": name},
        "properties": {
            "category": diagnostic.category,
            "severity": str(diagnostic.severity),
            "confidence": diagnostic.confidence,
            "safety": str(diagnostic.safety),
            "source": diagnostic.source,
        },
    }
    if diagnostic.fixes:
        result["fixes"] = [
            {
                "description": {"text": fix.title},
                "artifactChanges": [
                    {
                        "artifactLocation": _location(file),
                        "replacements": [_replacement(file, edit) for edit in fix.edits],
                    }
                ],
            }
            for fix in diagnostic.fixes
        ]
    return result


def _replacement(file: Checked, edit: Edit) -> dict[str, Any]:
    return {"deletedRegion": _region(file, edit.span), "insertedContent": {"text": edit.text}}


def _region(file: Checked, span: Span) -> dict[str, Any]:
    start, end = file.lines.position(span.start), file.lines.position(span.end)
    return {
        "startLine": start.line,
        "startColumn": start.column,
        "endLine": end.line,
        "endColumn": end.column,
    }


def _location(file: Checked) -> dict[str, str]:
    """§3.4.3: a URI reference, relative as the path is."""
    path = PurePath(file.path)
    return {"uri": path.as_uri() if path.is_absolute() else quote(path.as_posix(), errors="surrogatepass")}


def _notice(file: Checked, reason: str) -> dict[str, Any]:
    return {
        "level": "warning" if file.judged else "error",
        "message": {"text": reason},
        "locations": [{"physicalLocation": {"artifactLocation": _location(file)}}],
    }
