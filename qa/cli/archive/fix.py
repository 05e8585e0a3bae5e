"""`qa archive fix`: repaired copies of pages, and patches for whoever keeps the originals."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Annotated

import typer

from qa.errors import BadConfiguration


def fix(
    run: Annotated[str, typer.Argument(metavar="DIR", help="The folder of a scan.")],
    out: Annotated[
        Path, typer.Option("--out", "-o", metavar="FOLDER", help="Where to write; it must be new or empty.")
    ],
    unsafe: Annotated[
        bool, typer.Option("--unsafe", help="Also apply repairs that are plausible only: read what they did.")
    ] = False,
    patches_only: Annotated[bool, typer.Option("--patches-only", help="Write no copies, only the patches.")] = False,
) -> int:
    """Repair the pages of a scan whose repair is safe, into a folder of its own; the input is never written.

    FOLDER/pages holds the repaired files of folders, FOLDER/records.jsonl the repaired records of tables and web
    archives, and FOLDER/patches.jsonl the edits of each page (code points of its text, to be applied all at once).

    Exit status: 0 done, 2 what was asked could not be done.
    """
    from qa.archive.originals import past
    from qa.archive.report.mend import mended
    from qa.cli._output import destination
    from qa.finding import Safety

    whole = past(run)
    if out.exists() and any(out.iterdir()):
        raise BadConfiguration(f"{out} is not empty: name a new folder")
    roots = [source for source in dict.fromkeys(shard.source for shard in whole.shards if shard.files)]
    if any(os.path.realpath(out).startswith(os.path.realpath(root) + os.sep) for root in roots):
        raise BadConfiguration(f"{out} lies in an input of the scan: name another folder")
    out.mkdir(parents=True, exist_ok=True)
    pages = edits = 0
    with destination(out / "patches.jsonl") as patches, destination(out / "records.jsonl") as records:
        for each in mended(whole, Safety.REVIEW if unsafe else Safety.SAFE):
            pages, edits = pages + 1, edits + len(each.edits)
            patches.write(_line(each.patch()))
            if patches_only:
                continue
            root = next((root for root in roots if each.record.source == root or _in(each.record.source, root)), None)
            if root is None:
                row = {"id": each.record.id, "source": each.record.source, "url": each.record.url}
                records.write(_line({**row, "syntax": each.record.syntax, "text": each.fixed.text}))
            else:
                _copy(each.record.source, out / "pages" / _place(each.record.source, root), each.fixed.text)
    if not (out / "records.jsonl").stat().st_size:
        (out / "records.jsonl").unlink()
    typer.echo(f"{edits:,} edits on {pages:,} pages: {out}")
    return 0


def _line(row: object) -> str:
    return json.dumps(row, ensure_ascii=False) + "\n"


def _in(path: str, root: str) -> bool:
    return path.startswith(root.rstrip("/\\") + "/") or path.startswith(root.rstrip("/\\") + os.sep)


def _place(path: str, root: str) -> str:
    """Where the copy of a file lies: as the file in its folder, under the folder's own name."""
    name = os.path.basename(root.rstrip("/\\"))
    return name if path == root else os.path.join(name, path[len(root) :].lstrip("/\\"))


def _copy(path: str, target: Path, text: str) -> None:
    """The file with another text, in its own encoding."""
    from qa import files
    from qa.archive import store

    with store.raw(path) as file:
        content = files.decode(file.read())
    target.parent.mkdir(parents=True, exist_ok=True)
    files.write(target, content.encode(text))
