"""The options that commands share.  Their texts are those of the settings (`qa.config`)."""

from pathlib import Path
from typing import Annotated, Any

import typer

from qa.checker import OFF
from qa.config import SETTINGS, check_value, doc_of, key_of
from qa.errors import BadConfiguration

WHAT, _HOW, _SETTINGS = "What to check", "What to report", "Configuration"


def _option(name: str, panel: str, metavar: str | None = None) -> Any:
    setting = SETTINGS[name]
    choices = setting.metadata["choices"]
    text = doc_of(name)
    if choices and metavar:
        text += f" One of {', '.join(choices)}."
    if setting.default not in (None, (), False):
        text += f" Default: {setting.default}."
    return typer.Option(
        f"--{key_of(name)}",
        help=text,
        metavar=metavar or "|".join(choices) or None,
        show_default=False,
        rich_help_panel=panel,
    )


def text_or_json(format: str) -> None:
    """Make sure that a command with two formats of its own is asked for one of them.  Raises BadConfiguration."""
    if format not in ("text", "json"):
        raise BadConfiguration(f"--format is text or json, not {format!r}")


Paths = Annotated[
    list[str] | None,
    typer.Argument(metavar="[PATHS]...", help="Files, folders, or - for standard input. Default: the working folder."),
]
Lang = Annotated[str | None, _option("lang", WHAT, "CODE")]
SourceLang = Annotated[str | None, _option("source_lang", WHAT, "CODE")]
Syntax = Annotated[str | None, _option("syntax", WHAT)]
Select = Annotated[list[str] | None, _option("select", WHAT, "RULES")]
Ignore = Annotated[list[str] | None, _option("ignore", WHAT, "RULES")]
Model = Annotated[str | None, _option("model", WHAT, "on|off|FOLDER")]
NoModel = Annotated[
    bool, typer.Option("--no-model", help="The same as --model off.", show_default=False, rich_help_panel=WHAT)
]
Exclude = Annotated[list[str] | None, _option("exclude", WHAT, "PATTERNS")]
MinConfidence = Annotated[float | None, _option("min_confidence", _HOW, "0…1")]
Format = Annotated[str | None, _option("format", _HOW, "NAME")]
Color = Annotated[str | None, _option("color", _HOW)]
BaselineFile = Annotated[str | None, _option("baseline", _HOW, "FILE")]
ExitZero = Annotated[bool | None, _option("exit_zero", _HOW)]
Jobs = Annotated[int | None, _option("jobs", _SETTINGS, "N")]
ConfigFile = Annotated[
    Path | None,
    typer.Option(
        "--config",
        metavar="FILE",
        help="The configuration to use for all files; without it, the nearest qa.toml or pyproject.toml above each.",
        show_default=False,
        rich_help_panel=_SETTINGS,
    ),
]
StdinFilename = Annotated[
    str | None,
    typer.Option(
        "--stdin-filename",
        metavar="PATH",
        help="The name under which standard input is reported, and by which its configuration and syntax are found.",
        show_default=False,
        rich_help_panel=WHAT,
    ),
]
Output = Annotated[
    Path | None,
    typer.Option(
        "--output",
        "-o",
        metavar="FILE",
        help="Write the report to a file.",
        show_default=False,
        rich_help_panel=_HOW,
    ),
]


def model_of(model: str | None, no_model: bool) -> str | None:
    """The setting `model` from the two options that speak of it."""
    return OFF if no_model else model


def given(**values: Any) -> dict[str, Any]:
    """The settings that the command line names, checked; lists may be written with commas.

    Raises BadConfiguration, UnknownRule, UnknownLanguage.
    """
    settings = {}
    for name, value in values.items():
        if value is None or value == []:
            continue
        if isinstance(SETTINGS[name].default, tuple):
            value = [item.strip() for part in value for item in part.split(",") if item.strip()]
        settings[name] = check_value(name, value)
    return settings
