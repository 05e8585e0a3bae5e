"""`qa lsp`: the language server, for editors."""

from __future__ import annotations

from typing import Annotated

import typer

from qa.errors import MissingExtra


def lsp(
    debounce: Annotated[
        int,
        typer.Option(
            "--debounce",
            metavar="MS",
            min=0,
            help="Check a document when nobody has typed for so many milliseconds.",
        ),
    ] = 300,
) -> int:
    """Serve an editor over standard input and output (Language Server Protocol).

    Documents are checked while they are written; each under the configuration nearest to its file.
    """
    try:
        from qa.lsp.server import make
    except ModuleNotFoundError as error:
        raise MissingExtra("qa lsp", "lsp", error) from error
    make(debounce / 1000).start_io()
    return 0
