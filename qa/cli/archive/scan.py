"""`qa archive scan`: check any number of pages, in shards that survive anything."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from qa.cli import _options as options
from qa.errors import BadConfiguration

_RUN = "How to work"


def scan(
    inputs: Annotated[
        list[str],
        typer.Argument(
            metavar="INPUT...",
            help="Files, folders, patterns, addresses: txt md html jsonl csv parquet warc wxr; also .gz .zst .xz .bz2.",
        ),
    ],
    out: Annotated[str, typer.Option("--out", "-o", metavar="DIR", help="The folder of the results.")],
    lang: options.Lang = None,
    source_lang: options.SourceLang = None,
    syntax: options.Syntax = None,
    column: Annotated[
        list[str] | None,
        typer.Option(
            "--column",
            metavar="PART=NAME",
            help="Which column holds a part of the page: id, text, url, site, language, date.",
            rich_help_panel=options.WHAT,
        ),
    ] = None,
    raw_html: Annotated[
        bool,
        typer.Option(
            "--raw-html",
            help="Check the pages of web archives as they are, instead of their main text.",
            rich_help_panel=options.WHAT,
        ),
    ] = False,
    select: options.Select = None,
    ignore: options.Ignore = None,
    min_confidence: options.MinConfidence = None,
    config: options.ConfigFile = None,
    jobs: Annotated[
        int,
        typer.Option("--jobs", metavar="N", min=0, help="Processes; 0: one for each processor.", rich_help_panel=_RUN),
    ] = 0,
    engine: Annotated[
        str, typer.Option("--engine", metavar="NAME", help="processes or ray.", rich_help_panel=_RUN)
    ] = "processes",
    address: Annotated[
        str | None,
        typer.Option("--address", metavar="ADDRESS", help="The Ray cluster; auto: this one's.", rich_help_panel=_RUN),
    ] = None,
    time_limit: Annotated[
        float,
        typer.Option(
            "--time-limit",
            metavar="SECONDS",
            min=0.1,
            help="Processor time for one page; what takes longer is quarantined.",
            rich_help_panel=_RUN,
        ),
    ] = 60.0,
    shard_records: Annotated[
        int, typer.Option("--shard-records", metavar="N", min=1, help="Pages of a shard.", rich_help_panel=_RUN)
    ] = 2000,
    shard_size: Annotated[
        int, typer.Option("--shard-size", metavar="MIB", min=1, help="MiB of a shard.", rich_help_panel=_RUN)
    ] = 16,
    forget: Annotated[
        bool,
        typer.Option(
            "--forget",
            help="Check again what was seen before: slower, with the same outcome.",
            rich_help_panel=_RUN,
        ),
    ] = False,
    restart: Annotated[
        bool,
        typer.Option("--restart", help="Throw away what the folder holds of a scan.", rich_help_panel=_RUN),
    ] = False,
) -> int:
    """Check any number of pages; killed at any point, the same command goes on where it was.

    Exit status: 0 done, 2 what was asked could not be done.
    """
    import os
    from dataclasses import replace

    from qa.archive.inputs import Reading
    from qa.archive.plan import Limits
    from qa.archive.run import Wish, discard
    from qa.archive.run import scan as run
    from qa.cli.archive._watch import Screen
    from qa.config import discover, load

    given = options.given(
        lang=lang,
        source_lang=source_lang,
        syntax=syntax,
        select=select,
        ignore=ignore,
        min_confidence=min_confidence,
    )
    settings = replace((load(config) if config else discover(Path.cwd())).base, **given)
    wish = Wish(
        inputs=tuple(inputs),
        out=out,
        options=settings.options(),
        reading=Reading(_columns(column or []), settings.syntax, raw_html),
        limits=Limits(shard_records, shard_size * 2**20, time_limit),
        jobs=jobs or os.cpu_count() or 1,
        remember=not forget,
    )
    if restart:
        discard(out)
    with Screen() as screen:
        try:
            summary = run(wish, _engine(engine, address, wish.jobs), screen)
        except KeyboardInterrupt:
            typer.echo("qa: stopped; the same command goes on where it was", err=True)
            raise typer.Abort from None
    typer.echo(screen.said(summary, out))
    return 0


def _columns(given: list[str]) -> dict[str, str]:
    from qa.archive.record import PARTS

    known = [part for part in PARTS if part != "syntax"]
    columns = {}
    for each in given:
        part, equals, name = each.partition("=")
        if not equals or not name or part not in known:
            raise BadConfiguration(f"--column {each}: write PART=NAME, where PART is one of {', '.join(known)}")
        columns[part] = name
    return columns


def _engine(name: str, address: str | None, jobs: int):  # type: ignore[no-untyped-def]
    if name == "processes":
        if address is not None:
            raise BadConfiguration("--address is the address of a Ray cluster: add --engine ray")
        from qa.archive.pool import run as processes

        return lambda tasks, setup, poisoned, tick: processes(tasks, setup, jobs, poisoned=poisoned, tick=tick)
    if name == "ray":
        from qa.archive.ray_engine import run as cluster

        return lambda tasks, setup, poisoned, tick: cluster(tasks, setup, address, poisoned=poisoned, tick=tick)
    raise BadConfiguration(f"--engine is processes or ray, not {name!r}")
