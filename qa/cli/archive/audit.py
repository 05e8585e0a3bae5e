"""`qa archive audit`: what the labels of a sample tell of the archive."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from qa.archive.report.intervals import Estimate


def audit(
    folder: Annotated[str, typer.Argument(metavar="FOLDER", help="A sample with its labels.")],
    run: Annotated[
        str | None,
        typer.Option(
            "--run",
            metavar="DIR",
            help="The folder of the scan, whose report then tells the outcome. Default: the one the sample is of.",
            show_default=False,
        ),
    ] = None,
) -> int:
    """Estimate from labels how many findings are right, and how many defects the archive has.

    Exit status: 0 done, 2 what was asked could not be done.
    """
    from qa.archive import store
    from qa.archive.report import audit as tool
    from qa.archive.report.figures import AUDIT

    about, findings, pages = tool.read_sample(folder)
    result = tool.audit(about, findings, pages)
    typer.echo(f"{'rule':24} {'found':>10} {'labelled':>8} {'right':>6}  precision")
    for each in result.rules:
        precision = _percent(each.precision) if each.labelled else "not labelled"
        typer.echo(f"{each.rule:24} {each.found:10,} {each.labelled:8} {each.right:6}  {precision}")
    typer.echo(f"\nprecision     {_percent(result.precision)}")
    typer.echo(f"true defects  {_number(result.true_defects)}")
    if result.overlooked and result.all_defects and result.recall:
        typer.echo(f"overlooked    {_number(result.overlooked)}")
        typer.echo(f"all defects   {_number(result.all_defects)}")
        typer.echo(f"recall        {_percent(result.recall)}")
    if result.unsure:
        typer.echo(f"{result.unsure} unsure, which count for nothing")
    target = run or about.run
    store.make_folder(target)
    store.write(store.join(target, AUDIT), tool.as_json(result).encode("utf-8"))
    typer.echo(f"\n95 % intervals; written to {store.join(target, AUDIT)}, where the report finds it")
    return 0


def _percent(figure: Estimate) -> str:
    return f"{figure.value:.1%} ({figure.low:.1%} – {figure.high:.1%})"


def _number(figure: Estimate) -> str:
    return f"{figure.value:,.0f} ({figure.low:,.0f} – {figure.high:,.0f})"
