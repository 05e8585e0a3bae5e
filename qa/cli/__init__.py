"""The command line: commands parse, call and print; everything else lives elsewhere.

Exit status: 0 clean, 1 findings, 2 what was asked could not be done.
"""

# No postponed annotations here nor in qa.cli.check: Typer would have to evaluate each of them at every start.
import os
import sys
from importlib import import_module
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from qa.errors import QaError
from qa.memory import collect_seldom

# Name → module and function of a command, or its group of commands.  Only what is called is loaded.
COMMANDS = {
    "check": ("qa.cli.check", "check"),
    "fix": ("qa.cli.fix", "fix"),
    "gate": ("qa.cli.gate", "gate"),
    "serve": ("qa.cli.serve", "serve"),
    "lsp": ("qa.cli.lsp", "lsp"),
    "archive": ("qa.cli.archive", "app"),
    "rules": ("qa.cli.rules", "rules"),
    "eval": ("qa.cli.eval", "evaluate"),
}


class _Commands(TyperGroup):
    """The commands, each made when it is asked for."""

    def list_commands(self, ctx: Any) -> list[str]:
        """The names, in the order of the help."""
        return list(COMMANDS)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        """The command of that name, or None."""
        if cmd_name not in self.commands and cmd_name in COMMANDS:
            module, function = COMMANDS[cmd_name]
            found = getattr(import_module(module), function)
            if not isinstance(found, typer.Typer):
                alone = typer.Typer(add_completion=False, rich_markup_mode="rich", pretty_exceptions_enable=False)
                alone.command(cmd_name)(found)
                found = alone
            self.commands[cmd_name] = typer.main.get_command(found)
            self.commands[cmd_name].name = cmd_name
        return self.commands.get(cmd_name)


app = typer.Typer(
    cls=_Commands,
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


def main() -> None:
    """Run the command line."""
    collect_seldom()
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
