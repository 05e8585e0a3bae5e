"""A made archive: clean sentences on pages of several sites, with defects planted at known rates by known causes.

Pages are written as WARC (HTML), JSONL (Markdown, zstd) and Parquet (HTML); beside them `truth.parquet` has a row for
each planted defect.  The same seed makes the same archive, in the same bytes.
"""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

from qa.devtools.archive_forms import Lines, Table, Truth, Warc
from qa.devtools.archive_pages import SITES, pages
from qa.devtools.archive_stock import WEAKNESSES, Stock


def make(records: int, out: Path, stock: Stock, seed: int = 1) -> dict[str, Any]:
    """Write an archive of so many pages into a folder, and say what was planted."""
    out.mkdir(parents=True, exist_ok=True)
    counts, blocks = {name: 0 for name in WEAKNESSES}, 0
    with (
        Truth(out / "truth.parquet") as truth,
        Warc(out / "pages.warc.gz") as warc,
        Lines(out / "pages.jsonl.zst") as lines,
        Table(out / "pages.parquet") as table,
    ):
        writers = (warc, lines, table)
        for number, page in enumerate(pages(stock, records, seed)):
            writers[number % 3].write(page)
            blocks += len(page.blocks)
            for each in page.planted:
                truth.write(each)
                counts[each.weakness] += 1
    told = {"records": records, "seed": seed, "blocks": blocks, "planted": counts, "sites": [asdict(s) for s in SITES]}
    (out / "truth.json").write_text(json.dumps(told, indent=1, default=str) + "\n", encoding="utf-8")
    return told
