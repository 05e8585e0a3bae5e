"""`qa archive`: a module of this package for each command."""

from __future__ import annotations

import typer

from qa.cli.archive import scan

app = typer.Typer(add_completion=False, no_args_is_help=True, rich_markup_mode="rich", pretty_exceptions_enable=False)
app.command("scan")(scan.scan)


@app.callback()
def archive() -> None:
    """Scan archives of pages, and report on them."""
