"""HTML, whole pages and fragments.

Tags are found with one pattern that follows the tokeniser of the HTML standard; what a browser makes of broken
markup is made of it here, except that a tag which never ends is visible text.  No maintained parser tells the
place of every character in linear time (docs/architecture.md, "Readers").
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable
from functools import cache
from typing import NamedTuple

from qa.language import primary
from qa.readers._build import Builder
from qa.readers._elements import ELEMENTS, RAW_TEXT, Element, element_of
from qa.readers._entities import REFERENCE, decode, decode_in_attribute
from qa.text import Block, Document, Span

_NAME = r"[a-zA-Z][^\t\n\f\r />]*+"
# A tag to its end.  Quotes count only in attribute values, and a quote that never closes is a character.
_TAG = rf"""(/?)({_NAME})((?:[^>=]++|=[\t\n\f\r ]*+(?:"[^"]*+"|'[^']*+')?+)*+)>"""
# The same in a file where many never end.
_SIMPLE_TAG = r"(/?)([a-zA-Z][^\t\n\f\r /<>]*+)([^<>]*+)>"
_OTHER = r"!--|![a-zA-Z\[]|\?[a-zA-Z]"
TAG = re.compile(f"<{_TAG}")
# A tag, the beginning of a declaration, or that of a tag without an end.
_MARKUP = re.compile(f"<(?:{_TAG}|{_OTHER}|/?[a-zA-Z])")
_SIMPLE_MARKUP = re.compile(f"<(?:{_SIMPLE_TAG}|{_OTHER})")
_ODD = re.compile(rf"[\t\n\f\r ]{{2,}}|[\t\n\f\r]|{REFERENCE}")
_ATTRIBUTE = re.compile(
    r"""([^\t\n\f\r /=>"'][^\t\n\f\r /=>]*+)(?:[\t\n\f\r ]*+=[\t\n\f\r ]*+"""
    r"""(?:"([^"]*+)"|'([^']*+)'|([^\t\n\f\r >]*+)))?+"""
)
_TELLING = re.compile(r"lang|transl|title|alt=|place|label|content|value|aria", re.IGNORECASE)
_NO_TRANSLATION = re.compile(r"(?<!\S)(?:notranslate|skiptranslate)(?!\S)")

# How many tags that never end are looked for with quotes in mind; each may cost a look at the whole file.
_PATIENCE = 16

# Attributes that are read or heard, with the elements on which they are (None: any).
_SHOWN: dict[str, tuple[str, ...] | None] = {
    "title": None,
    "aria-label": None,
    "aria-description": None,
    "alt": ("img", "input", "area"),
    "placeholder": ("input", "textarea"),
    "label": ("option", "optgroup", "track"),
}
_BUTTONS = frozenset(("submit", "button", "reset"))
_META = frozenset(("description", "og:title", "og:description", "twitter:title", "twitter:description"))


class Attribute(NamedTuple):
    """An attribute and the place of its value in the file; `quoted` tells whether new text may hold spaces."""

    value: str
    start: int
    end: int
    quoted: bool


def read(text: str) -> Document:
    """The blocks of an HTML page or fragment."""
    reader = Reader(text, Builder())
    reader.run(0, len(text))
    return Document(text, in_order(reader.builder.blocks), "html", reader.page_language, tuple(reader.skipped))


def in_order(blocks: list[Block]) -> tuple[Block, ...]:
    """Blocks in the order of the file: an attribute stands within the paragraph that is finished after it."""
    return tuple(sorted(blocks, key=lambda block: block.source.pieces[0].file_start))


def attributes(text: str, start: int, end: int) -> dict[str, Attribute]:
    """The attributes written between two offsets, by lower-case name; the first of a name counts."""
    found: dict[str, Attribute] = {}
    for match in _ATTRIBUTE.finditer(text, start, end):
        group = match.lastindex or 1
        name = match.group(1).lower()
        if group > 1 and name not in found:
            found[name] = Attribute(match.group(group), *match.span(group), quoted=group < 4)
    return found


def show(
    builder: Builder, text: str, start: int, end: int, references: Callable[[str], tuple[str, int]] = decode
) -> None:
    """Hand a stretch of the file without tags to the builder: visible text, references, white space."""
    odd = _ODD.search(text, start, end)
    if builder.spaced and text[start] == " " and (odd is None or odd.start() > start):
        builder.space(start, start + 1)
        start += 1
    while odd is not None:
        at, stop = odd.span()
        if text[at] == "&":
            shown, length = references(odd[0])
            if shown:
                if at > start:
                    builder.show(text[start:at], start)
                start = at + length
                builder.unit(shown, at, start)
        else:
            if at > start:
                builder.show(text[start:at], start)
            builder.space(at, stop)
            start = stop
        odd = _ODD.search(text, stop, end)
    if start < end:
        builder.show(text[start:end], start)


class _Text(NamedTuple):
    """What the open elements mean for the text in them."""

    kind: str
    language: str | None
    masked: bool
    silent: bool
    group: int


class Reader:
    """One walk over (a part of) a file.  Markdown lends its own builder for the HTML in it."""

    def __init__(self, text: str, builder: Builder, kind: str = "paragraph") -> None:
        self.text = text
        self.builder = builder
        self.page_language: str | None = None
        self.skipped: list[tuple[Span, str]] = []
        self._now = _Text(kind, None, False, False, -1)
        # The open elements and what held outside of each; where each name stands in that list.
        self._open: list[tuple[str, _Text]] = []
        self._places: defaultdict[str, list[int]] = defaultdict(list)

    def run(self, start: int, end: int) -> None:
        """Read the part of the file between two offsets."""
        text, builder, search, patience = self.text, self.builder, _MARKUP.search, _PATIENCE
        here = position = start
        while (markup := search(text, position, end)) is not None:
            at, stop = markup.span()
            name = markup[2]
            if name is None:
                if text[at + 1] not in "!?":  # a tag that never ends
                    patience -= 1
                    search = search if patience else _SIMPLE_MARKUP.search
                    position = stop
                    continue
                stop = self._declaration(at, end)
            if here < at and not self._now.silent:
                show(builder, text, here, at)
            if name is not None:
                element = ELEMENTS.get(name) or element_of(name.lower())
                if markup[1]:
                    self._close(element, at, stop)
                else:
                    inside = markup.span(3)
                    telling = inside[1] - inside[0] > 4 and _TELLING.search(text, *inside)
                    self.open(element, attributes(text, *inside) if telling else None, at, stop)
                    if element.raw:
                        stop = self._raw(element.name, stop, end)
            here = position = stop
        if here < end and not self._now.silent:
            show(builder, text, here, end)
        self._cut()

    def _cut(self) -> None:
        self.builder.cut(self._now.kind, self._now.group)

    def _declaration(self, at: int, end: int) -> int:
        """The end of a comment, a document type or a processing instruction."""
        text = self.text
        if text.startswith("<!--", at):
            if text.startswith((">", "->"), at + 4):
                return text.index(">", at) + 1
            opening, closing = "<!--", "-->"
        else:
            opening, closing = text[at : at + 2], ">"
        stop = text.find(closing, at + len(opening), end)
        return stop + len(closing) if stop >= 0 else self._unended(at, end, opening)

    def _unended(self, at: int, end: int, what: str) -> int:
        """What never ends takes the rest of the file with it, in a browser as here."""
        self.skipped.append((Span(at, end), f"{what} without an end"))
        return end

    def open(self, element: Element, given: dict[str, Attribute] | None, at: int, stop: int) -> None:
        """A start tag."""
        name, builder = element.name, self.builder
        if element.cuts:
            self._cut()
            if element.ends:
                self._imply(element)
        outside = now = self._now
        if given or element.changes:
            now = self._inside(element, given or {})
        if element.marks and not outside.silent:
            builder.mark(name, True, at, stop)
            if element.void:
                builder.mark(name, False, stop, stop)
        if given and not now.silent:
            self._attributes(name, given, now)
        if not element.void:
            self._places[name].append(len(self._open))
            self._open.append((name, outside))
            if now is not outside:
                self._enter(now)

    def _inside(self, element: Element, given: dict[str, Attribute]) -> _Text:
        """What holds inside an element that opens here."""
        now = self._now
        if element.name == "tr":
            self.builder.rows += 1
        return _Text(
            element.kind or now.kind,
            self._language(element.name, given, now.language),
            _masked(element, given, now.masked),
            now.silent or element.silent,
            self.builder.rows if element.name == "tr" else now.group,
        )

    def _close(self, element: Element, at: int, stop: int) -> None:
        """An end tag.  One that ends nothing is passed over."""
        if element.cuts:
            self.builder.cut(self._now.kind, self._now.group)
        name = element.name
        if self._open and self._open[-1][0] == name:
            self._places[name].pop()
            outside = self._open.pop()[1]
            if outside is not self._now:
                self._enter(outside)
        elif self._places[name]:
            self._leave(self._places[name][-1])
        else:
            return
        if element.marks and not self._now.silent:
            self.builder.mark(name, False, at, stop)

    def _enter(self, text: _Text) -> None:
        self._now = text
        self.builder.masked, self.builder.language = text.masked, text.language

    def _leave(self, depth: int) -> None:
        """Close all open elements from `depth` upwards."""
        for name, _ in self._open[depth:]:
            self._places[name].pop()
        outside = self._open[depth][1]
        del self._open[depth:]
        self._enter(outside)

    def _imply(self, element: Element) -> None:
        """Close what a start tag ends without saying so."""
        places = self._places
        ended = [places[name][-1] for name in element.ends if places[name]]
        if ended:
            floor = max((places[name][-1] for name in element.shields if places[name]), default=-1)
            depth = min((place for place in ended if place > floor), default=-1)
            if depth >= 0:
                self._leave(depth)

    def _raw(self, name: str, at: int, end: int) -> int:
        """Pass over the content of an element without markup; only a title or a text field shows it."""
        close = _end_of_raw(name).search(self.text, at, end)
        stop = close.start() if close else self._unended(at, end, f"<{name}>")
        if name in RAW_TEXT and at < stop and not self._now.silent:
            show(self.builder, self.text, at, stop)
        self._close(element_of(name), stop, stop)
        return stop

    def _language(self, name: str, given: dict[str, Attribute], outside: str | None) -> str | None:
        """The language of an element; None: that of the page."""
        declared = given.get("lang") or given.get("xml:lang")
        code = declared.value.strip() if declared else ""
        if not code:
            return outside
        if name in ("html", "body"):
            self.page_language = self.page_language or code
            return None
        return None if self.page_language and primary(code) == primary(self.page_language) else code

    def _attributes(self, name: str, given: dict[str, Attribute], now: _Text) -> None:
        """The attributes that are shown or read aloud, each a block."""
        for key, attribute in given.items():
            owners = _SHOWN.get(key, ())
            shown = owners is None or name in owners
            if key == "value" and name == "input":
                shown = "type" in given and given["type"].value.lower() in _BUTTONS
            elif key == "content" and name == "meta":
                purpose = given.get("name") or given.get("property")
                shown = purpose is not None and purpose.value.lower() in _META
            if shown and attribute.quoted:
                self.builder.blocks += attribute_block(self.text, attribute, now.language, now.masked)


def attribute_block(text: str, attribute: Attribute, language: str | None, masked: bool) -> list[Block]:
    """The block of an attribute's value, if there is anything to read in it."""
    builder = Builder()
    builder.language, builder.masked = language, masked
    show(builder, text, attribute.start, attribute.end, decode_in_attribute)
    builder.cut("attribute")
    return builder.blocks


def _masked(element: Element, given: dict[str, Attribute], outside: bool) -> bool:
    """Whether the text of an element is no prose."""
    if element.code:
        return True
    if "translate" in given:
        return given["translate"].value.strip().lower() == "no"
    if "class" in given and _NO_TRANSLATION.search(given["class"].value):
        return True
    return outside


@cache
def _end_of_raw(name: str) -> re.Pattern[str]:
    return re.compile(rf"</{name}(?=[\t\n\f\r />])", re.IGNORECASE)
