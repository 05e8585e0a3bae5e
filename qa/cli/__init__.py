"""The command line: commands parse, call and print; everything else lives elsewhere.

Exit status: 0 clean, 1 findings, 2 what was asked could not be done.
"""

from __future__ import annotations

import sys

import typer

from qa.cli import check
from qa.errors import QaError

app = typer.Typer(add_completion=False, no_args_is_help=True, pretty_exceptions_enable=False)


@app.callback()
def about() -> None:
    """Finds and repairs the defects that raw machine translation leaves in a text."""


app.command("check")(check.check)


def main() -> None:
    """Run the command line."""
    try:
        status = app(standalone_mode=False)
    except (QaError, typer.TyperException) as error:
        print(f"qa: {error}", file=sys.stderr)
        status = 2
    sys.exit(status)
