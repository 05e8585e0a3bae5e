"""The same few pages in every format that a scan reads."""

from __future__ import annotations

import csv
import gzip
import io
import json
import lzma

import pyarrow as pa
import pyarrow.parquet as pq

from qa.archive.plan import Limits
from qa.archive.run import Wish, scan
from qa.archive.shard import Scanner
from qa.checker import Options

# Cheap rules of one language: what is tested is the way of the records, not what is found in them.
OPTIONS = Options(language="fr", select=frozenset({"number-slot", "repeated-word"}))

PAGES = [
    {
        "id": f"page-{number}",
        "url": f"https://journal{number % 2}.example/articles/{number}",
        "date": f"2021-03-{number + 1:02}",
        "language": "fr",
        "text": f"Le numéro {number} de la semaine.\n\n" + "Elle ouvre la la porte du jardin.\n\n" * (number % 3),
    }
    for number in range(7)
]
FINDINGS = [number % 3 for number in range(7)]


def jsonl(pages=PAGES) -> bytes:
    return "".join(json.dumps(page, ensure_ascii=False) + "\n" for page in pages).encode()


def table(pages=PAGES, separator=",") -> bytes:
    out = io.StringIO()
    rows = csv.DictWriter(out, list(pages[0]), delimiter=separator)
    rows.writeheader()
    rows.writerows(pages)
    return out.getvalue().encode()


def parquet(pages=PAGES, group=3) -> bytes:
    out = io.BytesIO()
    pq.write_table(pa.Table.from_pylist(pages), out, row_group_size=group)
    return out.getvalue()


def html(page, *, title="Journal") -> str:
    paragraphs = "".join(f"<p>{part}</p>" for part in page["text"].split("\n\n") if part)
    return (
        f'<!DOCTYPE html><html lang="fr"><head><meta charset="utf-8"><title>{title}</title></head>'
        f"<body><main><article>{paragraphs}</article></main></body></html>"
    )


def warc(pages=PAGES) -> bytes:
    """A web archive with, besides the pages, what a crawl brings home: requests, pictures, errors."""
    out = b"WARC/1.1\r\nWARC-Type: warcinfo\r\nContent-Length: 0\r\nWARC-Record-ID: <urn:uuid:0>\r\n\r\n\r\n\r\n"
    for number, page in enumerate(pages):
        for status, kind, body in (
            ("404 Not Found", "text/html", b"<p>la la</p>"),
            ("200 OK", "image/png", b"\x89PNG"),
            ("200 OK", "text/html; charset=utf-8", html(page).encode()),
        ):
            http = f"HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {len(body)}\r\n\r\n".encode() + body
            head = (
                f"WARC/1.1\r\nWARC-Type: response\r\nWARC-Record-ID: <urn:uuid:{number}>\r\n"
                f"WARC-Target-URI: {page['url']}\r\nWARC-Date: {page['date']}T00:00:00Z\r\n"
                f"Content-Type: application/http; msgtype=response\r\nContent-Length: {len(http)}\r\n\r\n"
            )
            out += head.encode() + http + b"\r\n\r\n"
    return out


def wxr(pages=PAGES) -> bytes:
    items = "".join(
        f"<item><title>Un titre</title><link>{page['url']}</link><wp:post_id>{page['id']}</wp:post_id>"
        f"<wp:post_date>{page['date']} 08:00:00</wp:post_date><wp:status>publish</wp:status>"
        f"<wp:post_type>post</wp:post_type><content:encoded><![CDATA[{page['text']}]]></content:encoded></item>"
        "<item><wp:post_type>attachment</wp:post_type><wp:status>publish</wp:status>"
        "<content:encoded><![CDATA[la la]]></content:encoded></item>"
        "<item><wp:post_type>post</wp:post_type><wp:status>draft</wp:status>"
        "<content:encoded><![CDATA[la la]]></content:encoded></item>"
        for page in pages
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?><rss version="2.0" '
        'xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:wp="http://wordpress.org/export/1.2/">'
        f"<channel><title>Journal</title>{items}</channel></rss>"
    ).encode()


def compressed(data: bytes, suffix: str) -> bytes:
    """Compressed in two members, as files that were joined are."""
    half = len(data) // 2
    if suffix == ".gz":
        return gzip.compress(data[:half]) + gzip.compress(data[half:])
    if suffix == ".xz":
        return lzma.compress(data[:half]) + lzma.compress(data[half:])
    if suffix == ".zst":
        return b"".join(pa.compress(part, "zstd", asbytes=True) for part in (data[:half], data[half:]))
    return data


def here(tasks, setup, poisoned, tick):
    """An engine without processes."""
    scanner = Scanner(setup)
    for task in tasks:
        yield scanner.do(task.shard, task.poison)


def scanned(*inputs, out, engine=here, limits=Limits(records=3), options=OPTIONS, **more):  # noqa: B008
    """Scan, and give the rows of all shards in order."""
    scan(Wish(tuple(map(str, inputs)), str(out), options, limits=limits, **more), engine)
    return rows(out)


def rows(out):
    return [row for path in sorted((out / "shards").iterdir()) for row in pq.read_table(path).to_pylist()]


def contents(folder):
    """Every file of a folder, by its path in it."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()
    }
