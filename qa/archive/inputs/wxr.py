"""WordPress exports (WXR): the published posts and pages, without attachments, menus and revisions.

Posts of the classic editor have a paragraph between empty lines and no `<p>`: they are read as Markdown, where the
same holds and HTML may stand.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from itertools import islice
from xml.etree import ElementTree

from qa.archive import store
from qa.archive.inputs._format import Format, Item, Reading
from qa.archive.record import Fields

_CONTENT = "{http://purl.org/rss/1.0/modules/content/}encoded"
_NOT_PAGES = frozenset(("attachment", "revision", "nav_menu_item", "custom_css", "customize_changeset"))


def _items(path: str, first: int, reading: Reading) -> Iterator[Item]:
    with store.opened(path) as file:
        try:
            for post in islice(filter(_is_page, _posts(ElementTree.iterparse(file, ("start", "end")))), first, None):
                yield Item(len(post.findtext(_CONTENT, "")), partial(_load, post))
        except ElementTree.ParseError as error:
            raise ValueError(f"no well-formed XML: {error}") from None


def _posts(events: Iterator[tuple[str, ElementTree.Element]]) -> Iterator[ElementTree.Element]:
    parents: list[ElementTree.Element] = []
    for event, element in events:
        if event == "start":
            parents.append(element)
            continue
        parents.pop()
        if element.tag == "item":
            yield element
            parents[-1].remove(element)  # else the whole export would stay in memory


def _is_page(post: ElementTree.Element) -> bool:
    published = _wordpress(post, "status") in (None, "publish")
    return published and _wordpress(post, "post_type") not in _NOT_PAGES


def _load(post: ElementTree.Element) -> Fields:
    text = post.findtext(_CONTENT, "")
    return {
        "id": _wordpress(post, "post_id") or post.findtext("guid"),
        "url": post.findtext("link"),
        "date": _wordpress(post, "post_date") or post.findtext("pubDate"),
        "text": text,
        "syntax": "html" if "<p" in text else "markdown",
    }


def _wordpress(post: ElementTree.Element, name: str) -> str | None:
    """The text of a child in WordPress's own namespace, whose address carries the version of the export."""
    return next((child.text for child in post if child.tag.endswith("}" + name) and "wordpress" in child.tag), None)


FORMAT = Format("wxr", (".wxr", ".xml"), _items)
