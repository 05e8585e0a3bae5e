"""A record: one page of an archive, whatever it was read from.

Formats give the fields of a record under names of their own; `made` finds the parts that we know in them.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import urlsplit

from qa import files
from qa.errors import BadConfiguration

Fields = Mapping[str, Any]

# The parts of a record, and the names that columns usually have for them, the likelier first.
PARTS: dict[str, tuple[str, ...]] = {
    "id": ("id", "record", "page_id", "uid"),
    "text": ("text", "content", "body", "html", "article"),
    "url": ("url", "link", "uri", "address"),
    "site": ("site", "domain", "host"),
    "language": ("language", "lang", "locale"),
    "date": ("date", "published", "published_at", "created", "created_at", "timestamp"),
    "syntax": ("syntax",),
}
_MILLISECONDS = 10**11  # from here on a number of seconds would lie beyond the year 5000


@dataclass(frozen=True, slots=True)
class Record:
    """One page.  `declared` is the language that its source states; `text` is empty where it has none."""

    id: str
    source: str
    text: str
    syntax: str = "auto"
    url: str | None = None
    site: str | None = None
    declared: str | None = None
    date: datetime.date | None = None


def made(fields: Fields, columns: Mapping[str, str], source: str, fallback_id: str, syntax: str) -> Record:
    """The record in the fields of a row.  `columns` names the column of a part (text → body).

    Raises UnreadableFile for a text that cannot be decoded.
    """
    found = {part: _value(fields, columns.get(part), names) for part, names in PARTS.items()}
    url = _text(found["url"])
    return Record(
        id=_text(found["id"]) or fallback_id,
        source=source,
        text=_body(found["text"]),
        syntax=_text(found["syntax"]) or syntax,
        url=url,
        site=_text(found["site"]) or _host(url),
        declared=_text(found["language"]),
        date=date_of(found["date"]),
    )


def column_of_text(names: list[str], columns: Mapping[str, str], source: str) -> None:
    """Make sure that a table has the columns that are asked for, and one for the text.  Raises BadConfiguration."""
    known = ", ".join(names)
    for part, name in columns.items():
        if name not in names:
            raise BadConfiguration(f"{source}: no column {name!r} for {part}: the columns are {known}")
    if "text" not in columns and not set(PARTS["text"]) & set(names):
        raise BadConfiguration(f"{source}: which column is the text? Name it with --column text=NAME, of {known}")


def date_of(value: Any) -> datetime.date | None:
    """The day that a value states: a date, an ISO or RFC 822 text, or seconds (milliseconds) since 1970 in UTC."""
    if isinstance(value, datetime.datetime):
        return value.date()
    if isinstance(value, datetime.date):
        return value
    try:
        if isinstance(value, (int, float)) and not isinstance(value, bool):
            seconds = value / 1000 if abs(value) >= _MILLISECONDS else value
            return datetime.datetime.fromtimestamp(seconds, datetime.UTC).date()
        if isinstance(value, str):
            return _date_in(value.strip())
    except (ValueError, OverflowError, OSError):
        return None  # a date that nobody can read is none: the page counts all the same
    return None


def _date_in(text: str) -> datetime.date:
    try:
        return datetime.date.fromisoformat(text[:10])
    except ValueError:
        return parsedate_to_datetime(text).date()


def _value(fields: Fields, column: str | None, names: tuple[str, ...]) -> Any:
    if column is not None:
        return fields.get(column)
    return next((fields[name] for name in names if fields.get(name) is not None), None)


def _text(value: Any) -> str | None:
    return str(value).strip() or None if value is not None else None


def _body(value: Any) -> str:
    if isinstance(value, bytes):
        return files.decode(value).text
    return value if isinstance(value, str) else "" if value is None else str(value)


def _host(url: str | None) -> str | None:
    try:
        return urlsplit(url).hostname if url else None
    except ValueError:  # an address no browser would take
        return None
