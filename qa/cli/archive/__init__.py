"""`qa archive`: a module of this package for each command."""

from __future__ import annotations

import typer

from qa.cli.archive import audit, diff, fix, report, sample, scan

app = typer.Typer(add_completion=False, no_args_is_help=True, rich_markup_mode="rich", pretty_exceptions_enable=False)
app.command("scan")(scan.scan)
app.command("report")(report.report)
app.command("sample")(sample.sample)
app.command("audit")(audit.audit)
app.command("diff")(diff.diff)
app.command("fix")(fix.fix)


@app.callback()
def archive() -> None:
    """Scan archives of pages, and report on them."""
