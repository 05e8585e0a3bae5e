"""`qa archive sample`: findings and pages for people to label."""

from __future__ import annotations

from typing import Annotated

import typer

from qa.errors import BadConfiguration


def sample(
    run: Annotated[str, typer.Argument(metavar="DIR", help="The folder of a scan.")],
    out: Annotated[str, typer.Option("--out", "-o", metavar="FOLDER", help="Where to write the sample.")],
    findings: Annotated[
        int, typer.Option("--findings", metavar="N", min=0, help="Findings, of each rule alike.")
    ] = 300,
    pages: Annotated[
        int, typer.Option("--pages", metavar="N", min=0, help="Pages to be read in full, for what was overlooked.")
    ] = 0,
    seed: Annotated[int, typer.Option("--seed", metavar="N", help="The same seed draws the same sample.")] = 1,
    form: Annotated[str, typer.Option("--format", metavar="NAME", help="csv or jsonl.")] = "csv",
) -> int:
    """Draw findings, and pages to be read in full, for people to label; `qa archive audit` reads the labels.

    Write right, wrong or unsure into the column `label` of the findings; into the column `overlooked` of the pages,
    whose findings stand between ⟦ and ⟧, the number of defects that are not marked.

    Exit status: 0 done, 2 what was asked could not be done.
    """
    from qa.archive import store
    from qa.archive.report.sample import draw, write

    if form not in ("csv", "jsonl"):
        raise BadConfiguration(f"--format is csv or jsonl, not {form!r}")
    drawn = draw(run, findings, pages, seed)
    store.make_folder(out)
    for name, text in write(drawn, form).items():
        path = store.join(out, name)
        if store.exists(path):
            raise BadConfiguration(f"{path} is there already, perhaps with labels: name another folder")
        store.write(path, text.encode("utf-8"))
    typer.echo(f"{len(drawn.findings)} findings and {len(drawn.pages)} pages to label: {out}")
    return 0
