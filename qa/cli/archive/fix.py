"""`qa archive fix`: repaired copies of pages, and patches for whoever keeps the originals."""

from __future__ import annotations

import json
import os
from typing import Annotated

import typer

from qa.errors import BadConfiguration


def fix(
    run: Annotated[str, typer.Argument(metavar="DIR", help="The folder of a scan.")],
    out: Annotated[str, typer.Option("--out", "-o", metavar="FOLDER", help="Where to write; it must be new or empty.")],
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
    from qa.archive import store
    from qa.archive.originals import past
    from qa.archive.report.mend import mended
    from qa.cli.archive._written import written
    from qa.finding import Safety

    whole = past(run)
    if store.names(out):
        raise BadConfiguration(f"{out} is not empty: name a new folder")
    roots = {file: shard.source for shard in whole.shards for file in shard.files}
    if any(store.is_inside(_real(out), _real(root)) for root in set(roots.values())):
        raise BadConfiguration(f"{out} lies in an input of the scan: name another folder")
    store.make_folder(out)
    pages = edits = copies = 0
    texts = store.join(out, "records.jsonl")
    with written(store.join(out, "patches.jsonl")) as patches, written(texts) as records:
        for each in mended(whole, Safety.REVIEW if unsafe else Safety.SAFE):
            pages, edits = pages + 1, edits + len(each.edits)
            patches.write(_line(each.patch()))
            if patches_only:
                continue
            root = roots.get(each.record.source)
            if root is None:
                row = {"id": each.record.id, "source": each.record.source, "url": each.record.url}
                records.write(_line({**row, "syntax": each.record.syntax, "text": each.fixed.text}))
            else:
                copies += 1
                copy = store.join(out, "pages", _place(each.record.source, root))
                _copy(each.record.source, copy, each.fixed.text)
    if patches_only or copies == pages:
        store.remove(texts)
    typer.echo(f"{edits:,} edits on {pages:,} pages: {out}")
    return 0


def _real(path: str) -> str:
    from qa.archive import store

    return path if store.is_remote(path) else os.path.realpath(path)


def _line(row: object) -> str:
    return json.dumps(row, ensure_ascii=False) + "\n"


def _place(path: str, root: str) -> str:
    """Where the copy of a file lies: as the file in its folder, under the folder's own name."""
    name = os.path.basename(root.rstrip("/\\"))
    return name if path == root else os.path.join(name, path[len(root) :].lstrip("/\\"))


def _copy(path: str, target: str, text: str) -> None:
    """The file with another text, in its own encoding."""
    from qa import files
    from qa.archive import store

    with store.raw(path) as file:
        content = files.decode(file.read())
    store.make_folder(os.path.dirname(target))
    store.write(target, content.encode(text))
