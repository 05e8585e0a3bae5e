"""`qa check`: report defects."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer


def check(
    paths: Annotated[list[Path], typer.Argument(help="Files.")],
    lang: Annotated[str | None, typer.Option()] = None,
    source_lang: Annotated[str | None, typer.Option()] = None,
    select: Annotated[list[str], typer.Option()] = [],  # noqa: B006
    ignore: Annotated[list[str], typer.Option()] = [],  # noqa: B006
    min_confidence: Annotated[float, typer.Option()] = 0.5,
    syntax: Annotated[str, typer.Option()] = "auto",
    format: Annotated[str, typer.Option()] = "text",
    exit_zero: Annotated[bool, typer.Option()] = False,
) -> int:
    """Report the defects of files."""
    import qa
    from qa.report import Checked
    from qa.reporters import Context, reporter

    options = qa.Options(
        language=lang,
        source_language=source_lang,
        select=frozenset(select),
        ignore=frozenset(ignore),
        min_confidence=min_confidence,
    )
    files = []
    for path in paths:
        text = path.read_bytes().decode("utf-8-sig")
        result = qa.check(text, syntax=syntax, options=options)
        problem = "language unknown: name it with --lang" if result.language is None else None
        files.append(Checked(str(path), text, result.language, result.diagnostics, problem=problem))
    sys.stdout.writelines(reporter(format)(files, Context(f"qa|v:{qa.__version__}")))
    return int(any(file.diagnostics for file in files) and not exit_zero)
