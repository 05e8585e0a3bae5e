"""`qa check`: report the defects of files."""

from collections.abc import Iterable
from pathlib import Path
from typing import Annotated

import typer

from qa.cli import _options as options
from qa.errors import BadConfiguration
from qa.report import Checked


def check(
    paths: options.Paths = None,
    lang: options.Lang = None,
    source_lang: options.SourceLang = None,
    syntax: options.Syntax = None,
    select: options.Select = None,
    ignore: options.Ignore = None,
    model: options.Model = None,
    no_model: options.NoModel = False,
    exclude: options.Exclude = None,
    stdin_filename: options.StdinFilename = None,
    format: options.Format = None,
    output: options.Output = None,
    color: options.Color = None,
    min_confidence: options.MinConfidence = None,
    baseline: options.BaselineFile = None,
    write_baseline: Annotated[
        bool,
        typer.Option(
            "--write-baseline",
            help="Write all findings to the file of --baseline instead of reporting them.",
            rich_help_panel="What to report",
        ),
    ] = False,
    exit_zero: options.ExitZero = None,
    config: options.ConfigFile = None,
    jobs: options.Jobs = None,
) -> int:
    """Report the defects of files.

    Exit status: 0 no defects, 1 defects, 2 what was asked could not be done.
    """
    from qa.batch import check_job, mapped
    from qa.cli._output import colour, destination, tracked, width
    from qa.cli._run import Outcome, plan
    from qa.reporters import Context, reporter
    from qa.signature import model_part, signature

    settings = options.given(
        lang=lang,
        source_lang=source_lang,
        syntax=syntax,
        select=select,
        ignore=ignore,
        model=options.model_of(model, no_model),
        exclude=exclude,
        format=format,
        color=color,
        min_confidence=min_confidence,
        baseline=baseline,
        exit_zero=exit_zero,
        jobs=jobs,
    )
    run = plan(paths, settings, config, stdin_filename)
    outcome = Outcome(run.named)
    results: Iterable[Checked] = tracked(mapped(check_job, run.jobs, run.config.jobs), len(run.jobs), "Checking")
    if write_baseline:
        _write_baseline(run.config.baseline, outcome.watch(results))
        return outcome.status(exit_zero=True)
    if run.config.baseline:
        from qa import baseline as known

        results = map(known.load(Path(run.config.baseline)).without_known, results)
    report, part = reporter(run.config.format), model_part(run.config.options())
    with destination(output) as stream:
        colours = colour(run.config.color, terminal=output is None and stream.isatty())
        stream.writelines(report(outcome.watch(results), Context(str(signature(part)), colours, width())))
    return outcome.status(exit_zero=run.config.exit_zero)


def _write_baseline(path: str | None, files: Iterable[Checked]) -> None:
    from qa.baseline import Baseline
    from qa.cli._output import destination

    if path is None:
        raise BadConfiguration("--write-baseline needs the file: --baseline FILE")
    text = Baseline(Path(path).parent).dump(files)
    with destination(Path(path)) as stream:
        stream.write(text)
