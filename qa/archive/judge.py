"""A record judged: the row of the shard's file that says what was found in it."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from hashlib import blake2b
from typing import Any

from qa.archive.memo import Memo, Recent
from qa.archive.record import Record
from qa.archive.schema import CHECKED, CONTEXT, QUARANTINED, SKIPPED, block_hash
from qa.checker import Options, check_document, find
from qa.finding import Diagnostic
from qa.readers import read
from qa.text import Block, Document, Span

Row = dict[str, Any]
_PAGES = 5000  # whole pages whose outcome is remembered


class Judge:
    """Judges records under one set of options.

    With `remember`, pages and paragraphs seen before are not checked again; the rows are the same.
    """

    def __init__(self, options: Options, *, remember: bool = True) -> None:
        self._options = options
        self._memo = Memo() if remember else None
        self._pages: Recent[Row] = Recent(_PAGES)

    def row(self, record: Record) -> Row:
        """The row of a record."""
        if self._memo is None:
            return {**_origin(record), **self._outcome(record)}
        name = f"{record.syntax}\0{record.declared}\0{record.text}".encode("utf-8", "surrogatepass")
        key = blake2b(name, digest_size=16).digest()
        outcome = self._pages.get(key)
        if outcome is None:
            outcome = self._outcome(record)
            self._pages.keep(key, outcome)
        return {**_origin(record), **outcome}

    def _outcome(self, record: Record) -> Row:
        document = read(record.text, record.syntax)
        if document.language is None and record.declared:
            document = replace(document, language=record.declared)
        row: Row = {
            "declared": record.declared or document.language,
            "language": None,
            "words": document.word_count,
            "characters": len(record.text),
            "status": SKIPPED,
            "reason": None,
            "findings": [],
        }
        if not row["words"]:
            return {**row, "reason": "no text"}
        memo, options = self._memo, self._options
        result = check_document(document, options, find if memo is None else memo.find)
        if result.language is None:
            return {**row, "reason": result.skipped[-1][1]}
        findings = list(_findings(document, result.diagnostics))
        return {**row, "language": result.language, "status": CHECKED, "findings": findings}


def quarantined(record: str, source: str, reason: str) -> Row:
    """The row of a record that could not be checked."""
    row: Row = dict.fromkeys(("url", "site", "language", "declared", "date"))
    state = {"words": 0, "characters": 0, "status": QUARANTINED, "reason": reason, "findings": []}
    return {"record": record, "source": source, **row, **state}


def _origin(record: Record) -> Row:
    return {
        "record": record.id,
        "source": record.source,
        "url": record.url,
        "site": record.site,
        "date": record.date,
    }


def _findings(document: Document, diagnostics: Sequence[Diagnostic]) -> Iterator[Row]:
    if not diagnostics:
        return
    block_at = _finder(document.blocks)
    for each in diagnostics:
        block = block_at(each.span)
        start, end = block.source.position_of(each.span.start), block.source.position_of(each.span.end)
        yield {
            "rule": each.rule,
            "category": each.category,
            "severity": str(each.severity),
            "confidence": each.confidence,
            "start": each.span.start,
            "end": each.span.end,
            "text": each.text,
            "before": block.text[max(0, start - CONTEXT) : start],
            "after": block.text[end : end + CONTEXT],
            "suggestion": each.suggestions[0] if each.suggestions else None,
            "safety": str(each.safety),
            "boundary": block.crosses_cut(_widened(block.text, start, max(start, end))),
            "block": block_hash(block.text),
        }


def _widened(text: str, start: int, end: int) -> Span:
    """The span and a space on either side: the word after an element touches its edge across a space."""
    return Span(start - (text[start - 1 : start] == " "), end + (text[end : end + 1] == " "))


def _finder(blocks: Sequence[Block]) -> Callable[[Span], Block]:
    """Which block shows a place of the file.  A block may lie within another: a label within its paragraph."""
    pieces = sorted(
        (piece.file_start, piece.file_start + piece.file_length, number)
        for number, block in enumerate(blocks)
        for piece in block.source.pieces
    )
    starts = [start for start, _, _ in pieces]

    def find(span: Span) -> Block:
        index = bisect_right(starts, span.start) - 1
        outside = index < 0 or pieces[index][1] < span.start
        if outside and index + 1 < len(pieces) and pieces[index + 1][0] <= span.end:
            index += 1  # the span begins in a tag in front of the text
        return blocks[pieces[max(index, 0)][2]]

    return find
