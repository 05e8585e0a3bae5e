"""`qa fix`: repair files in place, or show what would be repaired."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated

import typer

from qa.cli import _options as options
from qa.reporters._screen import Paint, harmless

if TYPE_CHECKING:
    from qa.batch import Mended

_PANEL = "What to repair"
_LINE = re.compile(r"[^\n]*\n|[^\n]+")


def fix(
    paths: options.Paths = None,
    unsafe: Annotated[
        bool,
        typer.Option(
            "--unsafe",
            help="Also apply repairs that are plausible only: read what they did.",
            rich_help_panel=_PANEL,
        ),
    ] = False,
    diff: Annotated[
        bool,
        typer.Option("--diff", help="Write nothing; show what would change.", rich_help_panel=_PANEL),
    ] = False,
    lang: options.Lang = None,
    source_lang: options.SourceLang = None,
    syntax: options.Syntax = None,
    select: options.Select = None,
    ignore: options.Ignore = None,
    model: options.Model = None,
    no_model: options.NoModel = False,
    exclude: options.Exclude = None,
    stdin_filename: options.StdinFilename = None,
    min_confidence: options.MinConfidence = None,
    color: options.Color = None,
    exit_zero: options.ExitZero = None,
    config: options.ConfigFile = None,
    jobs: options.Jobs = None,
) -> int:
    """Repair the defects of files whose repair is safe, in place.

    Standard input is repaired to standard output.  Encoding, byte order mark and line ends stay as they are.

    Exit status: 0 no defects are left, 1 some are, 2 what was asked could not be done.
    """
    from functools import partial

    from qa.batch import mapped, mend_job
    from qa.cli._output import colour, destination, tracked
    from qa.cli._run import Outcome, plan
    from qa.finding import Safety

    settings = options.given(
        lang=lang,
        source_lang=source_lang,
        syntax=syntax,
        select=select,
        ignore=ignore,
        model=options.model_of(model, no_model),
        exclude=exclude,
        min_confidence=min_confidence,
        color=color,
        exit_zero=exit_zero,
        jobs=jobs,
    )
    run = plan(paths, settings, config, stdin_filename)
    mend = partial(mend_job, level=Safety.REVIEW if unsafe else Safety.SAFE, write=not diff)
    outcome, repairs = Outcome(run.named), 0
    show = _difference if diff else _account
    with destination(None) as stream:
        paint = Paint(colour(run.config.color, terminal=stream.isatty()))
        for mended in tracked(mapped(mend, run.jobs, run.config.jobs), len(run.jobs), "Repairing"):
            outcome.count(mended.left)
            repairs += len(mended.applied)
            if mended.output is not None and not diff:
                stream.flush()
                sys.stdout.buffer.write(mended.output)
            else:
                stream.writelines(f"{line}\n" for line in show(mended, paint))
        stream.flush()
    status = outcome.status(exit_zero=run.config.exit_zero)
    done = "would be repaired" if diff else "repaired"
    print(f"{repairs} {done}, {outcome.findings} left.", file=sys.stderr)
    return status


def _account(mended: Mended, paint: Paint) -> Iterator[str]:
    """What was repaired in a file."""
    if mended.applied or mended.refused:
        yield paint(harmless(mended.left.path), "bold")
    for each in mended.applied:
        old, new = harmless(each.text), harmless(each.suggestions[0])
        yield f"  {paint(each.rule, 'magenta')}  {paint(old, 'red')} → {paint(new or '(deleted)', 'green')}"
    for each, reason in mended.refused:
        yield f"  {paint(each.rule, 'magenta')}  {harmless(each.text)} was left: {reason}"


def _difference(mended: Mended, paint: Paint) -> Iterator[str]:
    """The unified diff of a file, which `patch -p0` can apply."""
    from difflib import unified_diff

    if mended.left.problem is not None:
        return
    before, after = (_LINE.findall(text) for text in (mended.before, mended.left.text))
    colours = {"+": "green", "-": "red", "@": "cyan"}
    for number, line in enumerate(unified_diff(before, after, mended.left.path, mended.left.path)):
        end = "" if line.endswith("\n") else "\n\\ No newline at end of file"
        colour = "bold" if number < 2 else colours.get(line[0], "")
        yield (paint(harmless(line.rstrip("\n")), colour) if paint.on else line.rstrip("\n")) + end
