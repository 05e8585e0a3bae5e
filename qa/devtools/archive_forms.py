"""The forms that a made archive is written in: WARC and Parquet (HTML), JSON Lines (Markdown), and the truth."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable, Sequence
from dataclasses import asdict
from html import escape
from pathlib import Path
from typing import Any

from qa.archive.extra import needed
from qa.devtools.archive_pages import Page, Planted
from qa.devtools.archive_stock import Piece

# What sites send along with a text, and no reader sees.
_STYLE = " ".join(
    f".{name}{{margin:0 auto;padding:1rem;max-width:72rem;color:#223}}" for name in ("page", "head", "foot")
)
_SCRIPT = " ".join(
    f"window.q=window.q||[];q.push(['{name}',location.href]);" for name in ("view", "time", "scroll", "exit")
)


def as_html(page: Page) -> str:
    """The page as a site would serve it."""
    title, *rest = page.blocks
    body = "\n".join(f"<p>{_rendered(block, '<b>', '</b>', escape)}</p>" for block in rest)
    head = escape(title[0].text)
    about = {
        "@type": "Article",
        "headline": title[0].text,
        "datePublished": str(page.date),
        "inLanguage": page.language,
    }
    data = json.dumps({"@context": "https://schema.org", **about, "url": page.url}, ensure_ascii=False)
    return (
        f'<!DOCTYPE html>\n<html lang="{page.language}">\n<head><meta charset="utf-8"><title>{head}</title>\n'
        f'<link rel="canonical" href="{page.url}"><style>{_STYLE}</style>\n'
        f'<script type="application/ld+json">{data}</script><script>{_SCRIPT}</script></head>\n'
        f'<body class="page">\n<article>\n<h1>{head}</h1>\n{body}\n</article>\n</body>\n</html>\n'
    )


def as_markdown(page: Page) -> str:
    """The page as Markdown."""
    title, *rest = page.blocks
    paragraphs = [_rendered(block, "**", "**", str) for block in rest]
    return "\n\n".join([f"# {title[0].text}", *paragraphs]) + "\n"


def _rendered(block: Sequence[Piece], opens: str, closes: str, quote: Callable[[str], str]) -> str:
    return " ".join(_sentence(piece, opens, closes, quote) for piece in block)


def _sentence(piece: Piece, opens: str, closes: str, quote: Callable[[str], str]) -> str:
    parts, last = [], 0
    for start, end in piece.bold:
        parts += [quote(piece.text[last:start]), opens, quote(piece.text[start:end]), closes]
        last = end
    return "".join([*parts, quote(piece.text[last:])])


class Warc:
    """HTML pages as the responses of a crawl, each a gzip member of its own, as WARC asks for."""

    def __init__(self, path: Path) -> None:
        self._file = path.open("wb")

    def __enter__(self) -> Warc:
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()

    def write(self, page: Page) -> None:
        """Add a page."""
        answer = "HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n\r\n" + as_html(page)
        content = answer.encode("utf-8")
        head = (
            f"WARC/1.0\r\nWARC-Type: response\r\nWARC-Record-ID: <urn:qa:{page.id}>\r\nWARC-Target-URI: {page.url}\r\n"
            f"WARC-Date: {page.date}T12:00:00Z\r\nContent-Type: application/http; msgtype=response\r\n"
            f"Content-Length: {len(content)}\r\n\r\n"
        )
        self._file.write(gzip.compress(head.encode("utf-8") + content + b"\r\n\r\n", 6, mtime=0))


class Lines:
    """Markdown pages, one JSON object a line."""

    def __init__(self, path: Path) -> None:
        self._stream = needed("pyarrow").CompressedOutputStream(str(path), "zstd")

    def __enter__(self) -> Lines:
        return self

    def __exit__(self, *_: object) -> None:
        self._stream.close()

    def write(self, page: Page) -> None:
        """Add a page."""
        row = {**_columns(page), "date": str(page.date), "syntax": "markdown", "text": as_markdown(page)}
        self._stream.write(json.dumps(row, ensure_ascii=False).encode("utf-8") + b"\n")


class _Rows:
    """Rows of Parquet, some thousands at a time."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._rows: list[dict[str, Any]] = []
        self._writer: Any = None

    def __exit__(self, *_: object) -> None:
        self._flush()
        if self._writer is not None:
            self._writer.close()

    def _add(self, row: dict[str, Any]) -> None:
        self._rows.append(row)
        if len(self._rows) == 5000:
            self._flush()

    def _flush(self) -> None:
        import pyarrow as pa
        import pyarrow.parquet as pq

        if self._rows:
            table = pa.Table.from_pylist(self._rows)
            self._writer = self._writer or pq.ParquetWriter(self._path, table.schema, compression="zstd")
            self._writer.write_table(table)
            self._rows.clear()


class Table(_Rows):
    """HTML pages in a table."""

    def __enter__(self) -> Table:
        return self

    def write(self, page: Page) -> None:
        """Add a page."""
        self._add({**_columns(page), "date": page.date, "syntax": "html", "text": as_html(page)})


class Truth(_Rows):
    """What was planted."""

    def __enter__(self) -> Truth:
        return self

    def write(self, planted: Planted) -> None:
        """Add a defect."""
        self._add(asdict(planted))


def _columns(page: Page) -> dict[str, str]:
    return {"id": page.id, "url": page.url, "site": page.site, "language": page.language}
