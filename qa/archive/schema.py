"""The files of a run: what a shard's Parquet file holds, and where things lie in the run's folder.

    DIR/run.json                  what was scanned, how, and the plan of the shards
    DIR/shards/<shard>.parquet    one row for each record (page) of the shard
    DIR/manifest/<shard>.json     binds the finished shard to its input, the run and the bytes of its Parquet file
    DIR/quarantine.jsonl          the records that could not be checked, from the shards

Offsets are Unicode code points of the record's text; `block` is `block_hash` of the visible paragraph.
"""

from __future__ import annotations

from hashlib import blake2b

import pyarrow as pa

VERSION = 1  # of this layout: a reader refuses a run of another one
CONTEXT = 60  # characters of visible text kept on either side of a finding
CHECKED, SKIPPED, QUARANTINED = "checked", "skipped", "quarantined"

RUN, SHARDS, MANIFEST, QUARANTINE = "run.json", "shards", "manifest", "quarantine.jsonl"

FINDING = pa.struct(
    [
        pa.field("rule", pa.string(), nullable=False),
        pa.field("category", pa.string(), nullable=False),
        pa.field("severity", pa.string(), nullable=False),
        pa.field("confidence", pa.float32(), nullable=False),
        pa.field("start", pa.int32(), nullable=False),
        pa.field("end", pa.int32(), nullable=False),
        pa.field("text", pa.string(), nullable=False),
        pa.field("before", pa.string(), nullable=False),
        pa.field("after", pa.string(), nullable=False),
        pa.field("suggestion", pa.string()),
        pa.field("safety", pa.string(), nullable=False),
        pa.field("boundary", pa.bool_(), nullable=False),
        pa.field("block", pa.string(), nullable=False),
    ]
)

SCHEMA = pa.schema(
    [
        pa.field("record", pa.string(), nullable=False),
        pa.field("source", pa.string(), nullable=False),
        pa.field("url", pa.string()),
        pa.field("site", pa.string()),
        pa.field("language", pa.string()),
        pa.field("declared", pa.string()),
        pa.field("date", pa.date32()),
        pa.field("words", pa.int32(), nullable=False),
        pa.field("characters", pa.int32(), nullable=False),
        pa.field("status", pa.string(), nullable=False),
        pa.field("reason", pa.string()),
        pa.field("findings", pa.list_(pa.field("element", FINDING, nullable=False)), nullable=False),
    ]
)


def block_hash(text: str) -> str:
    """The name of a paragraph: 64 bits of its visible text, in hexadecimal.

    White space at the ends does not count, so that a paragraph is the same one in every page that shows it.
    """
    return blake2b(text.strip().encode("utf-8", "surrogatepass"), digest_size=8).hexdigest()
