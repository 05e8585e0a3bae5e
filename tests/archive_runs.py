"""Runs of an archive for the tests: made of rows, or scanned in this process."""

from __future__ import annotations

import datetime
import json

from qa.archive.inputs import Reading
from qa.archive.run import Wish, scan
from qa.archive.schema import block_hash
from qa.archive.shard import Scanner, parquet
from qa.checker import Options


def finding(rule="number-slot", text="50 XNUMX", **values):
    """A finding as the scan stores it."""
    whole = {
        "rule": rule,
        "category": "number-placeholder",
        "severity": "major",
        "confidence": 0.9,
        "start": 10,
        "end": 10 + len(text),
        "text": text,
        "before": "Il y avait ",
        "after": " livres.",
        "suggestion": "50 000",
        "safety": "safe",
        "boundary": False,
    }
    whole.update(values)
    return {**whole, "block": values.get("block") or block_hash(whole["before"] + text + whole["after"])}


def row(name, *findings, words=100, **values):
    """A page as the scan stores it."""
    return {
        "record": name,
        "source": "pages.jsonl",
        "url": f"https://news.example/{name}",
        "site": "news.example",
        "language": "fr",
        "declared": None,
        "date": datetime.date(2020, 1, 15),
        "words": words,
        "characters": 6 * words,
        "status": "checked",
        "reason": None,
        "findings": list(findings),
        **values,
    }


def write_run(folder, *shards):
    """A run whose shards hold these rows."""
    (folder / "shards").mkdir(parents=True)
    for number, rows in enumerate(shards):
        (folder / "shards" / f"{number:06}-0000000000.parquet").write_bytes(parquet(rows))
    (folder / "run.json").write_text(json.dumps({"signature": "qa|rules:test"}), encoding="utf-8")
    return str(folder)


def scanned(out, *inputs, **options):
    """Scan inputs in this process."""

    def engine(tasks, setup, poisoned, tick):
        scanner = Scanner(setup)
        yield from (scanner.do(task.shard, task.poison) for task in tasks)

    wish = Wish(tuple(map(str, inputs)), str(out), Options(**options), Reading(raw_html=True))
    scan(wish, engine)
    return str(out)
