"""Web archives (WARC): the HTML pages that were answered with status 200, or texts that were extracted (WET).

What is checked is the main text, as `resiliparse` extracts it, or, if that is asked for, the HTML itself.  The date of
a page is that of its crawl.
"""

from __future__ import annotations

import codecs
from collections.abc import Iterator
from functools import partial
from itertools import islice
from typing import Any

from qa.archive import store
from qa.archive.extra import needed
from qa.archive.inputs._format import MOST, Format, Item, Reading
from qa.archive.record import Fields
from qa.errors import UnreadableFile

_HTML = ("text/html", "application/xhtml+xml")


def _items(path: str, first: int, reading: Reading) -> Iterator[Item]:
    warc = needed("fastwarc.warc")
    kinds = warc.WarcRecordType.response | warc.WarcRecordType.resource | warc.WarcRecordType.conversion
    with store.opened(path) as file:
        found = warc.ArchiveIterator(file, record_types=kinds, parse_http=True, auto_decode="all", fsspec_args=False)
        for record in islice((each for each in found if _is_page(each)), first, None):
            yield Item(record.content_length, partial(_load, record, reading.raw_html))


def _is_page(record: Any) -> bool:
    if record.is_http and record.http_headers is not None:
        return record.http_headers.status_code == 200 and record.http_content_type in _HTML
    kind = record.headers.get("Content-Type", "").partition(";")[0].strip().lower()
    return kind in (*_HTML, "text/plain")


def _load(record: Any, raw_html: bool) -> Fields:
    body = record.reader.read(MOST + 1)
    if len(body) > MOST:
        raise UnreadableFile(f"longer than {MOST // 2**20} MiB")
    fields = {
        "id": record.record_id,
        "url": record.headers.get("WARC-Target-URI"),
        "date": record.record_date,
    }
    if record.is_http or "html" in record.headers.get("Content-Type", ""):
        return {**fields, **_html(body, record.http_charset, raw_html)}
    return {**fields, "text": body.decode("utf-8", "replace"), "syntax": "text"}


def _html(body: bytes, charset: str | None, raw: bool) -> Fields:
    encoding = needed("resiliparse.parse.encoding")
    if charset is None or not _is_encoding(charset):
        charset = encoding.detect_encoding(body, html5_compatible=True)
    text = encoding.bytes_to_str(body, charset)
    tree = needed("resiliparse.parse.html").HTMLTree.parse(text)
    top = tree.document.query_selector("html[lang]") if tree.document else None
    language = top.getattr("lang") if top is not None else None
    if raw:
        return {"text": text, "syntax": "html", "language": language}
    main = needed("resiliparse.extract.html2text").extract_plain_text(tree, main_content=True, list_bullets=False)
    return {"text": main, "syntax": "text", "language": language}


def _is_encoding(name: str) -> bool:
    """Whether Python knows it: servers write all sorts of things."""
    try:
        return bool(codecs.lookup(name))
    except LookupError:
        return False


FORMAT = Format("warc", (".warc", ".wet"), _items)
