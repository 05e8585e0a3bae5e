"""The report under load: a run of as many findings as wanted, and what a report over it takes.

The findings are drawn at random from shapes of several causes; their contexts differ, so that nothing compresses well
that would not in a real archive.
"""

from __future__ import annotations

import resource
import time
from dataclasses import dataclass
from pathlib import Path

from qa.archive.extra import needed
from qa.archive.report.figures import figures
from qa.archive.report.page import page

_SHARDS = 16
_EACH = 5  # findings on a page, on average

_ROWS = """
COPY (
    SELECT
        'p' || i AS record, 'pages-' || i // {per} || '.warc.gz' AS source,
        'https://site' || site || '.example/p/' || i AS url, 'site' || site || '.example' AS site,
        ['fr', 'it', 'de', 'es', 'pt', 'nl'][1 + (hash(i, 2) % 6)::INTEGER] AS language, NULL::VARCHAR AS declared,
        DATE '2015-01-01' + (hash(i, 3) % 3653)::INTEGER AS date,
        words, 6 * words AS characters, 'checked' AS status, NULL::VARCHAR AS reason,
        list_transform(range((hash(i, 5) % 11)::BIGINT), lambda k: {{
            'rule': shapes[1 + (hash(i, k, 6) % len(shapes))::INTEGER][1],
            'category': shapes[1 + (hash(i, k, 6) % len(shapes))::INTEGER][1],
            'severity': 'major', 'confidence': 0.9::FLOAT,
            'start': (k * 100)::INTEGER, 'end': (k * 100 + 8)::INTEGER,
            'text': shapes[1 + (hash(i, k, 6) % len(shapes))::INTEGER][2],
            'before': md5(i || ' before ' || k)[:28] || ' ' || md5(k || ' b ' || i)[:28] || ' ',
            'after': ' ' || md5(i || ' after ' || k)[:28] || ' ' || md5(k || ' a ' || i)[:28],
            'suggestion': shapes[1 + (hash(i, k, 6) % len(shapes))::INTEGER][3],
            'safety': if(hash(i, k) % 3 = 0, 'safe', 'review'), 'boundary': hash(i, k, 9) % 4 = 0,
            'block': printf('%016x', if(hash(i, k, 10) % 10 = 0, hash(hash(i, k, 11) % 300), hash(i, k)))
        }}) AS findings
    FROM (
        SELECT
            i, hash(i, 1) % 400 AS site, (200 + hash(i, 4) % 600)::INTEGER AS words,
            [
                ['number-slot', '50 XNUMX', '50 000'], ['number-slot', 'XNUMX', NULL], ['fused-words', 'leL''', 'l'''],
                ['fused-words', 'fin.La', 'fin. La'], ['agreement', 'un solution', 'une solution'],
                ['elision', 'de entamer', 'd''entamer'], ['leftover', 'und', 'et'], ['repeated-word', 'la la', 'la'],
                ['boundary-case', 'Et', 'et'], ['split-word', 'gebruikers naam', 'gebruikersnaam'],
                ['split-identifier', 'Packages. config', 'Packages.config'], ['mojibake', 'Ã©tÃ©', 'été']
            ] AS shapes
        FROM range({first}, {last}) AS pages(i)
    )
) TO '{file}' (FORMAT parquet, COMPRESSION zstd)
"""


@dataclass(frozen=True, slots=True)
class Load:
    """What a report took: seconds on the clock and of processor time, MiB of memory at most, KiB of page."""

    findings: int
    pages: int
    disk: int  # MiB of the run
    seconds: float
    processor: float
    memory: float
    page: float


def make(folder: Path, findings: int) -> None:
    """Write a run of about so many findings."""
    (folder / "shards").mkdir(parents=True, exist_ok=True)
    per = findings // _EACH // _SHARDS
    with needed("duckdb").connect() as connection:
        connection.execute("SET memory_limit = '2GB'")
        connection.execute("SET preserve_insertion_order = false")
        for shard in range(_SHARDS):
            file = folder / "shards" / f"{shard:06}-0000000000.parquet"
            first, last = shard * per, (shard + 1) * per
            connection.execute(_ROWS.format(first=first, last=last, per=max(1, per), file=file))


def measure(folder: Path) -> Load:
    """Report on a run; meant for a process of its own, whose memory is that of the report."""
    begun, worked = time.perf_counter(), time.process_time()
    found = figures(str(folder))
    text = "".join(page(found))
    seconds, processor = time.perf_counter() - begun, time.process_time() - worked
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    disk = sum(file.stat().st_size for file in (folder / "shards").iterdir()) // 2**20
    return Load(found.all.defects, found.all.pages, disk, seconds, processor, memory, len(text.encode()) / 1024)
