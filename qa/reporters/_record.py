"""Findings and files as the plain dictionaries of the JSON contract, and how JSON is written."""

from __future__ import annotations

import json
from typing import Any

from qa.finding import Diagnostic
from qa.report import Checked


def finding_record(file: Checked, diagnostic: Diagnostic) -> dict[str, Any]:
    """One finding with exactly the keys of the contract."""
    position = file.lines.position(diagnostic.span.start)
    return {
        "rule": diagnostic.rule,
        "category": diagnostic.category,
        "severity": str(diagnostic.severity),
        "confidence": diagnostic.confidence,
        "start": diagnostic.span.start,
        "end": diagnostic.span.end,
        "line": position.line,
        "column": position.column,
        "text": diagnostic.text,
        "message": diagnostic.message,
        "suggestions": list(diagnostic.suggestions),
        "safety": str(diagnostic.safety),
        "source": diagnostic.source,
    }


def file_record(file: Checked) -> dict[str, Any]:
    """One judged file with exactly the keys of the contract."""
    return {
        "path": file.path,
        "language": file.language,
        "findings": [finding_record(file, diagnostic) for diagnostic in file.diagnostics],
    }


def dump(value: object) -> str:
    """The value as JSON on one line, in the letters it is written with."""
    text = json.dumps(value, ensure_ascii=False)
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:  # half a surrogate pair from a damaged file
        return json.dumps(value)
    return text
