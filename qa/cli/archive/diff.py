"""`qa archive diff`: what appeared and what was cured between two scans."""

from __future__ import annotations

import json
from typing import Annotated

import typer


def diff(
    old: Annotated[str, typer.Argument(metavar="OLD", help="The folder of the earlier scan.")],
    new: Annotated[str, typer.Argument(metavar="NEW", help="The folder of the later scan.")],
    jsonl: Annotated[
        str | None,
        typer.Option("--jsonl", metavar="FILE", help="Also write each defect that only one of the scans has."),
    ] = None,
) -> int:
    """Compare two scans: which defects were cured, which appeared.

    A defect is the same in both if its rule, its text and the words around it are; where on the page it stands does
    not matter. Pages are known by their address, or by the id of their record.

    Exit status: 0 nothing appeared on pages of both scans, 1 something did, 2 what was asked could not be done.
    """
    from dataclasses import astuple

    from qa.archive.report.compare import compared
    from qa.cli.archive._written import written

    with compared(old, new) as found:
        typer.echo(
            f"{found.both:,} pages in both scans, {found.gone:,} only in the old, {found.new:,} only in the new\n"
        )
        names = ("before", "cured", "page gone", "appeared", "new page", "after")
        typer.echo(" ".join([f"{'rule':24}", *(f"{name:>10}" for name in names)]))
        for each in found.rules:
            rule, *figures = astuple(each)
            typer.echo(" ".join([f"{rule:24}", *(f"{figure:10,}" for figure in figures)]))
        totals = [sum(column) for column in zip(*(astuple(each)[1:] for each in found.rules), strict=True)]
        typer.echo(" ".join([f"{'all':24}", *(f"{total:10,}" for total in totals)]))
        if jsonl:
            with written(jsonl) as stream:
                for row in found.differences():
                    stream.write(json.dumps(row, ensure_ascii=False) + "\n")
        return int(found.appeared > 0)
