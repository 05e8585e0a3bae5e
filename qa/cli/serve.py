"""`qa serve`: the checker as an HTTP service."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import typer

from qa.cli import _options as options
from qa.errors import BadConfiguration

_NETWORK, _LIMITS = "Network", "Limits"
TOKEN, SECRET = "QA_SERVE_TOKEN", "QA_SERVE_SECRET"


def serve(
    host: Annotated[
        str,
        typer.Option(
            help="The address to listen on; 127.0.0.1 is reached from this machine alone.", rich_help_panel=_NETWORK
        ),
    ] = "127.0.0.1",
    port: Annotated[
        int, typer.Option(help="The port; 0: any that is free.", min=0, max=65535, rich_help_panel=_NETWORK)
    ] = 8081,
    cors: Annotated[
        list[str] | None,
        typer.Option(
            "--cors", metavar="ORIGIN", help="A site whose pages may call from a browser.", rich_help_panel=_NETWORK
        ),
    ] = None,
    workers: Annotated[
        int, typer.Option(help="Processes that check; 0: one for each processor.", min=0, rich_help_panel=_LIMITS)
    ] = 0,
    queue: Annotated[
        int, typer.Option(help="Requests that may wait; more are refused (503).", min=0, rich_help_panel=_LIMITS)
    ] = 64,
    timeout: Annotated[
        float, typer.Option(help="Seconds that a request may take.", min=0.1, rich_help_panel=_LIMITS)
    ] = 30.0,
    patience: Annotated[
        float, typer.Option(help="Seconds that a request may take to arrive.", min=0.1, rich_help_panel=_LIMITS)
    ] = 10.0,
    max_body: Annotated[
        int, typer.Option("--max-body", help="Bytes of a request.", min=1, rich_help_panel=_LIMITS)
    ] = 4_000_000,
    max_text: Annotated[
        int, typer.Option("--max-text", help="Characters of a field.", min=1, rich_help_panel=_LIMITS)
    ] = 1_000_000,
    lang: options.Lang = None,
    source_lang: options.SourceLang = None,
    select: options.Select = None,
    ignore: options.Ignore = None,
    min_confidence: options.MinConfidence = None,
    config: options.ConfigFile = None,
) -> int:
    """Serve the checker over HTTP, with a review page at /, until it is told to end.

    The bearer token and the secret of signatures, if any, come from QA_SERVE_TOKEN and QA_SERVE_SECRET.
    """
    from dataclasses import replace

    from qa.config import discover, load

    settings = options.given(
        lang=lang, source_lang=source_lang, select=select, ignore=ignore, min_confidence=min_confidence
    )
    found = load(config) if config else discover(Path.cwd())
    try:
        from qa.serve.app import Limits, Service
        from qa.serve.guard import Guard
        from qa.serve.run import run
        from qa.serve.work import Setup
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] == "qa":
            raise
        raise BadConfiguration("`qa serve` needs its extra: pip install 'mtqa[serve]'") from error
    service = Service(
        setup=Setup(replace(found.base, **settings).options(), found.gate, max_text),
        limits=Limits(
            workers=workers or os.cpu_count() or 1, queue=queue, body=max_body, time=timeout, patience=patience
        ),
        guard=Guard(os.environ.get(TOKEN) or None, os.environ.get(SECRET) or None),
        origins=tuple(cors or ()),
    )
    run(service, host, port)
    return 0
