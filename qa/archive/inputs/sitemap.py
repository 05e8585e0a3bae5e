"""Sitemaps (sitemaps.org): what address and date a page of a mirrored site has."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit
from xml.etree import ElementTree

from qa.archive import store

_NAMES = ("sitemap.xml", "sitemap.xml.gz", "sitemap_index.xml")


@dataclass(frozen=True, slots=True)
class Note:
    """A page's address, and when it was last changed, as the sitemap writes it."""

    url: str
    date: str | None


def notes(folder: str) -> dict[str, Note]:
    """What the sitemap of a folder says, by the address without protocol and host; nothing if there is none.

    Raises QaError, ValueError for a sitemap that is no XML.
    """
    found: dict[str, Note] = {}
    for name in _NAMES:
        _read(folder, name, found, set())
    return found


def note_of(file: str, known: Mapping[str, Note]) -> Note | None:
    """What is known of a file of the mirror: `news/a.html` is the page `/news/a.html`, `/news/a` or, as an index, `/`.

    The mirror may have a folder for the host.
    """
    parts = file.split("/")
    for path in ("/".join(parts), "/".join(parts[1:])) if len(parts) > 1 else (file,):
        stem = path.rsplit(".", 1)[0]
        for name in (path, stem, stem.removesuffix("index").rstrip("/")):
            if name in known and (name or path):
                return known[name]
    return None


def _read(folder: str, name: str, found: dict[str, Note], seen: set[str]) -> None:
    path = store.join(folder, name)
    if name in seen or not store.exists(path):
        return
    seen.add(name)
    with store.opened(path) as file:
        try:
            tree = ElementTree.parse(file).getroot()
        except ElementTree.ParseError as error:
            raise ValueError(f"{path}: no well-formed XML: {error}") from None
    for element in tree:
        address = (element.findtext("{*}loc") or "").strip()
        if element.tag.endswith("}sitemap"):  # an index: its sitemaps lie beside it
            _read(folder, urlsplit(address).path.rsplit("/", 1)[-1], found, seen)
        elif address:
            date = (element.findtext("{*}lastmod") or "").strip() or None
            found.setdefault(unquote(urlsplit(address).path).strip("/"), Note(address, date))
