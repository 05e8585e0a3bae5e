"""The command line: commands parse, call and print; everything else lives elsewhere.

Exit status: 0 clean, 1 findings, 2 what was asked could not be done.
"""

from __future__ import annotations

import os
import sys
from typing import Annotated

import typer

from qa.cli import archive, check, eval, fix, rules
from qa.errors import QaError

app = typer.Typer(
    add_completion=False,
    no_args_is_help=True,
    rich_markup_mode="rich",
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
# Typer does not export the base of its usage errors (unknown option, missing value …).
_UsageError: type[Exception] = next(
    each for each in typer.BadParameter.__mro__ if issubclass(each, Exception) and each.__name__ == "ClickException"
)


def _version(wanted: bool) -> None:
    if wanted:
        from qa.signature import signature

        typer.echo(signature())
        raise typer.Exit


@app.callback()
def about(
    version: Annotated[
        bool, typer.Option("--version", help="Print what this is, and exit.", callback=_version, is_eager=True)
    ] = False,
) -> None:
    """Finds and repairs the defects that raw machine translation leaves in a text."""


app.command("check")(check.check)
app.command("fix")(fix.fix)
app.command("rules")(rules.rules)
app.command("eval")(eval.evaluate)
app.add_typer(archive.app, name="archive")


def main() -> None:
    """Run the command line."""
    try:
        status = app(standalone_mode=False)
    except QaError as error:
        status = _refuse(str(error))
    except _UsageError as error:
        status = _refuse(error.format_message())  # type: ignore[attr-defined]
    except typer.Abort:
        status = 130
    except BrokenPipeError:  # the reader of our output has gone: nobody is left to tell
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        status = 1
    sys.exit(status)


def _refuse(why: str) -> int:
    print(f"qa: {why}", file=sys.stderr)
    return 2
