"""A sample of an archive for people to label: findings of every rule, and pages to be read in full.

Findings are drawn from each rule alike, so that rare rules are judged too; `weight` says how many findings of the
archive one in the sample stands for.  Pages are drawn alike from all that were checked.  The draw follows from the
seed alone.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from qa.archive.originals import originals, past
from qa.archive.record import Record
from qa.archive.report.export import csv_text
from qa.archive.report.tables import loaded
from qa.archive.schema import block_hash
from qa.readers import read
from qa.text import Document, Span

FINDINGS, PAGES, ABOUT = "findings", "pages", "sample.json"
LABEL, OVERLOOKED = "label", "overlooked"  # the columns that people fill in
_MARKS = "⟦⟧"
Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class About:
    """What a sample was drawn from: `strata` are the findings of each rule in the archive."""

    run: str
    seed: int
    pages: int
    words: int
    strata: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Sample:
    """The rows to be labelled."""

    about: About
    findings: tuple[Row, ...]
    pages: tuple[Row, ...]


def draw(run: str, findings: int, pages: int, seed: int) -> Sample:
    """Draw a sample.  Raises NoRun, QaError, also where the inputs of the run have changed."""
    with loaded(run) as tables:
        whole = tables.rows("overview")[0]
        strata = {row["name"]: row["defects"] for row in tables.rows("by_defect", dimension="rule")}
        shares = allotted(strata, findings)
        drawn = [
            {**row, "weight": round(strata[row["rule"]] / shares[row["rule"]], 3), LABEL: "", "note": ""}
            for row in tables.rows("sample", seed=seed, most=max(shares.values(), default=0))
            if row.pop("rank") <= shares[row["rule"]]
        ]
        chosen = {(row["source"], row["record"]) for row in tables.rows("sample_pages", seed=seed, most=pages)}
    about = About(run, seed, whole["pages"], whole["words"] or 0, strata)
    return Sample(about, tuple(drawn), tuple(_pages(run, chosen)))


def allotted(strata: Mapping[str, int], wanted: int) -> dict[str, int]:
    """How many of each stratum to draw: equal shares, and what a small stratum leaves goes to the larger ones."""
    shares: dict[str, int] = {}
    left = wanted
    for done, (name, size) in enumerate(sorted(strata.items(), key=lambda item: (item[1], item[0]))):
        shares[name] = min(size, max(1, left // (len(strata) - done)))
        left -= shares[name]
    return shares


def _pages(run: str, chosen: set[tuple[str, str]]) -> Iterable[Row]:
    if not chosen:
        return
    for row, record in originals(past(run), lambda row: (row["source"], row["record"]) in chosen):
        yield {
            "record": row["record"],
            "source": row["source"],
            "url": row["url"] or "",
            "language": row["language"],
            "words": row["words"],
            "found": sum(each["severity"] != "info" for each in row["findings"]),
            "text": marked(record, row["findings"]),
            OVERLOOKED: "",
            "note": "",
        }


def marked(record: Record, findings: Sequence[Row]) -> str:
    """The visible text of a record, its findings between ⟦ and ⟧."""
    document = read(record.text, record.syntax)
    return "\n\n".join(_marked(document, number, findings) for number in range(len(document.blocks)))


def _marked(document: Document, number: int, findings: Sequence[Row]) -> str:
    block = document.blocks[number]
    name, parts, last = block_hash(block.text), [], 0
    place = block.file_span(Span(0, len(block.text))) if block.text else None
    for each in findings:
        if each["block"] != name or place is None or not place.start <= each["start"] <= place.end:
            continue
        start, end = block.source.position_of(each["start"]), block.source.position_of(each["end"])
        if start >= last:
            parts += [block.text[last:start], _MARKS[0], block.text[start:end], _MARKS[1]]
            last = max(start, end)
    return "".join([*parts, block.text[last:]])


def write(sample: Sample, form: str) -> dict[str, str]:
    """The files of a sample by name, in the form `csv` or `jsonl`."""
    texts = {
        f"{name}.{form}": csv_text(rows) if form == "csv" else _jsonl(rows)
        for name, rows in ((FINDINGS, sample.findings), (PAGES, sample.pages))
        if rows
    }
    return {**texts, ABOUT: json.dumps(asdict(sample.about), ensure_ascii=False, indent=1) + "\n"}


def _jsonl(rows: Sequence[Row]) -> str:
    return "".join(json.dumps(row, ensure_ascii=False, default=str) + "\n" for row in rows)
