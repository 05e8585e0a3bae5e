"""The figures of a report as plain tables: for spreadsheets, other programs, and charts of one's own."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from qa.archive.extra import needed
from qa.archive.report.figures import CauseFigures, Figures, Group
from qa.archive.report.intervals import Estimate

VERSION = 1  # of the tables: a column that is renamed or goes makes a new one
Row = Mapping[str, Any]


def tables(figures: Figures) -> dict[str, list[Row]]:
    """The tables by name.  Rates are in defects per 1,000 words; `low` and `high` are the ends of 95 % intervals."""
    return {
        "overview": [_overview(figures)],
        "causes": [_cause(each) for each in figures.causes],
        "cause_months": [
            {"cause": each.cause.id, "month": month.month, "defects": month.defects, "words": month.words}
            for each in figures.causes
            for month in each.months
        ],
        "cause_sites": [
            {"cause": each.cause, "site": each.site, "defects": each.defects, "rate": each.rate}
            for each in figures.cells
        ],
        "examples": [
            {
                "cause": cause.cause.id,
                **_plain(each, ("page", "site", "language", "before", "text", "after", "suggestion")),
            }
            for cause in figures.causes
            for each in cause.examples
        ],
        "templates": [
            {
                **_plain(each, ("block", "pages", "defects", "sites")),
                "cause": each.cause.id,
                **_plain(each.example, ("page", "language", "before", "text", "after", "suggestion")),
            }
            for each in figures.templates
        ],
        "rules": _groups("rule", figures.rules),
        "categories": _groups("category", figures.categories),
        "sites": _groups("site", figures.sites),
        "languages": _groups("language", figures.languages),
        "months": _groups("month", figures.months),
        "worst_pages": [
            {**_plain(each, ("page", "site", "language", "date", "words", "defects")), "cause": each.cause.id}
            for each in figures.worst
        ],
        "unjudged": [_plain(each, ("status", "reason", "records")) for each in figures.unjudged],
    }


def as_json(figures: Figures) -> str:
    """All tables as one JSON object, with what the run and the audit say of themselves."""
    about = {"version": VERSION, "signature": figures.run.get("signature"), "audit": figures.audit}
    return json.dumps({**about, **tables(figures)}, ensure_ascii=False, indent=1, default=str) + "\n"


def as_csv(figures: Figures) -> Iterator[tuple[str, str]]:
    """The name of a file and its text, for each table that has rows."""
    for name, rows in tables(figures).items():
        if rows:
            yield f"{name}.csv", csv_text(rows)


def csv_text(rows: Sequence[Row]) -> str:
    """Rows, of which there is at least one, as CSV."""
    stream = io.StringIO()
    writer = csv.DictWriter(stream, list(rows[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows({key: _cell(value) for key, value in row.items()} for row in rows)
    return stream.getvalue()


def as_xlsx(figures: Figures) -> bytes:
    """A workbook with a sheet for each table.  Raises QaError where the extra is not installed."""
    buffer = io.BytesIO()
    # Text stays text: what a page says is neither a formula nor a link.
    safe = {
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "in_memory": True,
        "default_date_format": "yyyy-mm-dd",
    }
    with needed("xlsxwriter").Workbook(buffer, safe) as book:
        bold = book.add_format({"bold": True})
        for name, rows in tables(figures).items():
            if rows:
                _sheet(book.add_worksheet(name), list(rows[0]), rows, bold)
    return buffer.getvalue()


def _sheet(sheet: Any, columns: Sequence[str], rows: Sequence[Row], bold: Any) -> None:
    sheet.write_row(0, 0, columns, bold)
    for number, row in enumerate(rows, 1):
        for place, column in enumerate(columns):
            value = row[column]
            if isinstance(value, date):
                sheet.write_datetime(number, place, value)
            elif isinstance(value, str):
                sheet.write_string(number, place, value[:32_767])  # a cell holds no more
            elif value is not None:
                sheet.write_number(number, place, value)
    sheet.freeze_panes(1, 0)
    sheet.autofilter(0, 0, len(rows), len(columns) - 1)
    sheet.autofit(400)


def _overview(figures: Figures) -> Row:
    whole = figures.all
    return {
        "records": figures.records,
        "pages": whole.pages,
        "words": whole.words,
        "affected": whole.affected,
        "defects": whole.defects,
        **_ends("rate", whole.rate),
        **_ends("share", whole.share),
        "sites": figures.site_count,
        "languages": figures.language_count,
        "first": figures.first,
        "last": figures.last,
    }


def _cause(each: CauseFigures) -> Row:
    return {
        "cause": each.cause.id,
        "title": each.cause.title,
        "stage": each.stage.id,
        "defects": each.group.defects,
        "pages": each.group.affected,
        "freed": each.freed,
        **_ends("rate", each.group.rate),
        **_ends("share", each.group.share),
        "safe": each.safe,
        "in_templates": each.in_templates,
        "expected": round(each.expected, 1),
        "since": each.since.month if each.since else None,
        "since_earliest": each.since.earliest if each.since else None,
        "since_latest": each.since.latest if each.since else None,
        "rate_before": 1000 * each.since.before if each.since else None,
        "rate_after": 1000 * each.since.after if each.since else None,
        "cure": each.cause.cure,
    }


def _groups(name: str, groups: Iterable[Group]) -> list[Row]:
    return [
        {
            name: each.name,
            **_plain(each, ("pages", "words", "affected", "defects")),
            **_ends("rate", each.rate),
            **_ends("share", each.share),
        }
        for each in groups
    ]


def _ends(name: str, figure: Estimate) -> Row:
    return {name: figure.value, f"{name}_low": figure.low, f"{name}_high": figure.high}


def _plain(each: object, names: Iterable[str]) -> Row:
    return {name: getattr(each, name) for name in names}


def _cell(value: Any) -> Any:
    """A value that a spreadsheet will not take for a formula."""
    return f"'{value}" if isinstance(value, str) and value.startswith(("=", "+", "-", "@", "\t", "\r")) else value
