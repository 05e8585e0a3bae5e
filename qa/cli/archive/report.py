"""`qa archive report`: what is wrong with an archive, where, since when, why, and what to do first."""

from __future__ import annotations

from typing import Annotated

import typer

_WHERE = "Where to write"


def report(
    run: Annotated[str, typer.Argument(metavar="DIR", help="The folder of a scan.")],
    output: Annotated[
        str | None,
        typer.Option(
            "--output",
            "-o",
            metavar="FILE",
            help="The page. Default: report.html in the folder of the scan.",
            show_default=False,
            rich_help_panel=_WHERE,
        ),
    ] = None,
    csv: Annotated[
        str | None,
        typer.Option("--csv", metavar="FOLDER", help="Also the tables, a file for each.", rich_help_panel=_WHERE),
    ] = None,
    xlsx: Annotated[
        str | None,
        typer.Option("--xlsx", metavar="FILE", help="Also the tables as a workbook.", rich_help_panel=_WHERE),
    ] = None,
    json: Annotated[
        str | None,
        typer.Option("--json", metavar="FILE", help="Also the tables as one JSON object.", rich_help_panel=_WHERE),
    ] = None,
) -> int:
    """Make one page for people out of the results of a scan, and tables for programs.

    A scan that is not finished is reported as far as it is.

    Exit status: 0 done, 2 what was asked could not be done.
    """
    from qa.archive import store
    from qa.archive.report import export
    from qa.archive.report.figures import figures
    from qa.archive.report.page import page

    found = figures(run)
    target = output or store.join(run, "report.html")
    store.write(target, "".join(page(found)).encode("utf-8"))
    if csv:
        store.make_folder(csv)
        for name, text in export.as_csv(found):
            store.write(store.join(csv, name), text.encode("utf-8"))
    if xlsx:
        store.write(xlsx, export.as_xlsx(found))
    if json:
        store.write(json, export.as_json(found).encode("utf-8"))
    typer.echo(f"{found.all.defects:,} defects on {found.all.affected:,} of {found.all.pages:,} pages: {target}")
    return 0
