"""Other checkers on the same text, as diagnostics: what the benchmark compares `qa` with.

Grammalecte (a French grammar checker) and hunspell (a spelling checker, for any language) are Debian packages;
where one is missing, the benchmark says so.
"""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

from qa.finding import Diagnostic, Severity
from qa.text import Span

GRAMMALECTE = "grammalecte-cli"
HUNSPELL = {"fr": "fr", "it": "it_IT", "es": "es_ES", "de": "de_DE", "pt": "pt_PT", "nl": "nl", "en": "en_US"}
# Kinds of Grammalecte findings that are house style (quotes, no-break spaces, apostrophes) rather than defects.
_TYPOGRAPHY = {"apos", "typo", "nbsp", "esp", "unit", "tu", "num", "html", "latex"}
_LETTERS = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")


def grammalecte_command(path: Path) -> list[str]:
    """The command that checks one French file."""
    return [GRAMMALECTE, "-f", str(path), "-j"]


def hunspell_command(code: str, *paths: Path) -> list[str]:
    """The command that spells files, or standard input."""
    return ["hunspell", "-d", HUNSPELL[code], "-a", "-i", "utf-8", *map(str, paths)]


def available(program: str) -> bool:
    """Whether a peer is installed."""
    return shutil.which(program) is not None


def grammalecte(path: Path) -> list[Diagnostic]:
    """Grammalecte's findings on a French file, offsets in code points of the file."""
    done = subprocess.run(grammalecte_command(path), capture_output=True, text=True, check=True)
    text = path.read_text(encoding="utf-8")
    starts = [0]
    starts += [match.end() for match in re.finditer("\n", text)]
    findings = []
    for paragraph in json.loads(done.stdout)["data"]:
        base = starts[paragraph["iParagraph"] - 1]
        for error in paragraph["lGrammarErrors"]:
            category = "typography" if error["sType"] in _TYPOGRAPHY else "agreement"
            findings.append(
                _finding(text, base + error["nStart"], base + error["nEnd"], category, error["aSuggestions"])
            )
        findings += [
            _finding(text, base + error["nStart"], base + error["nEnd"], "spelling", [])
            for error in paragraph["lSpellingErrors"]
        ]
    return findings


def hunspell(code: str, path: Path) -> list[Diagnostic]:
    """Every word that hunspell does not know, with its suggestions."""
    text = path.read_text(encoding="utf-8")
    words = {match.group() for match in _LETTERS.finditer(text)}
    done = subprocess.run(
        hunspell_command(code),
        input="".join(f"^{word}\n" for word in sorted(words)),
        capture_output=True,
        text=True,
        check=True,
    )
    unknown: dict[str, list[str]] = {}
    for line in done.stdout.splitlines():
        if line.startswith("& "):
            head, suggestions = line.split(": ", 1)
            unknown[head.split()[1]] = suggestions.split(", ")
        elif line.startswith("# "):
            unknown[line.split()[1]] = []
    return [
        _finding(text, match.start(), match.end(), "spelling", unknown[match.group()])
        for match in _LETTERS.finditer(text)
        if match.group() in unknown
    ]


def _finding(text: str, start: int, end: int, category: str, suggestions: Sequence[str]) -> Diagnostic:
    return Diagnostic(
        rule=category,
        category=category,
        severity=Severity.MINOR,
        confidence=1.0,
        span=Span(start, end),
        text=text[start:end],
        message="",
        suggestions=tuple(suggestions),
        source="peer",
    )
