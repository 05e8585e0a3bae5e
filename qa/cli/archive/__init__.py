"""`qa archive`: a module of this package for each command."""

from __future__ import annotations

import typer

from qa.cli.archive import audit, diff, fix, report, sample, scan

app = typer.Typer(
    add_completion=False,
    no_args_is_help=True,
    help="Scan archives of pages, and report on them.",
    rich_markup_mode="rich",
)
app.command("scan")(scan.scan)
app.command("report")(report.report)
app.command("sample")(sample.sample)
app.command("audit")(audit.audit)
app.command("diff")(diff.diff)
app.command("fix")(fix.fix)
