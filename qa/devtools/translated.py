"""What the rules report on pages that people translated, markup and all: the noise that sentences of corpora lack.

Debian ships handbooks in many languages: `apt-get download debian-handbook gimp-help-fr …`, `dpkg-deb -x` each into a
folder, then `python -m qa.devtools translated FOLDER --language fr`.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from qa.checker import Options, check_document
from qa.finding import Diagnostic
from qa.readers import read, syntax_of

_SEED = 1


class Sighting(NamedTuple):
    """One finding, and the file's text around it."""

    page: Path
    diagnostic: Diagnostic
    context: str


def pages(folder: Path, code: str, most: int) -> list[Path]:
    """Up to `most` pages of a language below a folder, drawn at random: of its folders or with its code in the name."""
    found = [
        path
        for path in sorted(folder.rglob("*"))
        if path.is_file()
        and syntax_of(path) != "auto"
        and (path.parent.name.split("-")[0] == code or f".{code}." in path.name)
    ]
    random.Random(_SEED).shuffle(found)
    return sorted(found[:most])


def sightings(paths: list[Path], code: str) -> tuple[int, list[Sighting]]:
    """The words read, and what is reported; what stands twice alike, as in the foot of each page, counts once."""
    words, seen, found = 0, set[tuple[str, str]](), []
    for path in paths:
        try:
            text = path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue
        document = read(text, syntax_of(path))
        words += sum(len(block.forms) for block in document.blocks)
        for diagnostic in check_document(document, Options(language=code)).diagnostics:
            context = _context(text, diagnostic)
            if (diagnostic.rule, context) not in seen:
                seen.add((diagnostic.rule, context))
                found.append(Sighting(path, diagnostic, context))
    return words, found


def _context(text: str, diagnostic: Diagnostic) -> str:
    start, end = diagnostic.span.start, diagnostic.span.end
    return " ".join(f"{text[max(0, start - 60) : start]}⟦{text[start:end]}⟧{text[end : end + 40]}".split())


def report(folder: Path, code: str, most: int) -> Iterator[str]:
    """Lines for people: the figures by rule, then every finding."""
    paths = pages(folder, code, most)
    words, found = sightings(paths, code)
    yield f"{code}: {len(paths)} pages, {words:,} words, {len(found)} findings"
    for rule in sorted({each.diagnostic.rule for each in found}):
        those = [each for each in found if each.diagnostic.rule == rule]
        yield f"  {rule:24}{len(those):6}{1000 * len(those) / max(words, 1):9.3f} per 1,000 words"
    for page, diagnostic, context in found:
        yield f"{diagnostic.rule}\t{diagnostic.confidence:.2f}\t{page.name}\t{context}"
