"""From the walk along a paragraph of Markdown to its blocks."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from qa.readers._build import Builder
from qa.readers._elements import ELEMENTS, element_of
from qa.readers.html import Attribute, attribute_block, attributes

# A step of the walk: what happens, between which offsets of the file, with what.
Event = tuple[str, int, int, Any]

_BLANKS = re.compile(r"[ \t]{2,}|\t")
_NONE = Attribute("", 0, 0, False)


def show(builder: Builder, text: str, start: int, end: int) -> None:
    """Visible text between two offsets, its runs of blanks collapsed."""
    shown = text[start:end]
    if "  " in shown or "\t" in shown:
        for blanks in _BLANKS.finditer(text, start, end):
            _show(builder, text[start : blanks.start()], start)
            start = blanks.end()
            builder.space(blanks.start(), start)
        shown = text[start:end]
    _show(builder, shown, start)


def _show(builder: Builder, shown: str, start: int) -> None:
    if shown and builder.spaced and shown[0] == " ":
        builder.space(start, start + 1)
        shown, start = shown[1:], start + 1
    if shown:
        builder.show(shown, start)


class Emitter:
    """Carries the events of a paragraph over to the builder; with `bars`, "\\|" shows a bar even in code."""

    def __init__(self, text: str, bars: bool, builder: Builder, kind: str, group: int) -> None:
        self.text, self.bars, self.builder, self.kind, self.group = text, bars, builder, kind, group
        # The open HTML elements, and what held outside of each.
        self.open: list[tuple[str, bool, str | None]] = []
        self.depth = 0  # of spans that are masked by Markdown itself
        self.masked = False  # whether an open element masks

    def emit(self, events: Sequence[Event]) -> None:
        """Carry out all events, in order."""
        builder, text = self.builder, self.text
        for what, start, end, data in events:
            if what == "text":
                self._text(start, end)
            elif what == "run":
                for element, a, b in data.closes:
                    builder.mark(element, False, a, b)
                if data.start < data.end:
                    builder.show(text[data.start : data.end], data.start)
                for element, a, b in reversed(data.opens):
                    builder.mark(element, True, a, b)
            elif what == "unit":
                builder.unit(data, start, end)
            elif what == "space":
                builder.space(start, end)
            elif what == "mark":
                element, opens = data
                builder.mark(element, opens, start, end)
            elif what == "mask":
                self.depth += data
                builder.masked = self.masked or self.depth > 0
            elif what == "cut":
                builder.cut(self.kind, self.group)
            elif what == "tag":
                self._tag(data, start, end)
            elif what == "image":
                self._image(data, start, end)
            elif what == "title":
                builder.blocks += attribute_block(text, data, builder.language, builder.masked)
        if not self.open:
            return
        builder.masked, builder.language = False, self.open[0][2]

    def _text(self, start: int, end: int) -> None:
        text = self.text
        if self.bars and self.depth:
            while (bar := text.find("\\|", start, end)) >= 0:
                show(self.builder, text, start, bar)
                self.builder.unit("|", bar, bar + 2)
                start = bar + 2
        show(self.builder, text, start, end)

    def _image(self, alt: Sequence[Event], start: int, end: int) -> None:
        builder = self.builder
        builder.mark("img", True, start, end)
        builder.mark("img", False, end, end)
        own = Builder()
        own.language, own.masked = builder.language, builder.masked
        Emitter(self.text, self.bars, own, "attribute", -1).emit(alt)
        own.cut("attribute")
        builder.blocks += own.blocks

    def _tag(self, tag: re.Match[str], start: int, end: int) -> None:
        builder, text = self.builder, self.text
        name = tag.group(2).lower()
        element = ELEMENTS.get(name) or element_of(name)
        if element.cuts:
            builder.cut(self.kind, self.group)
        if tag.group(1):
            names = [each for each, _, _ in self.open[-8:]]  # deeper nesting within a paragraph is a mistake
            if name in names:
                at = len(self.open) - 1 - names[::-1].index(name)
                _, self.masked, builder.language = self.open[at]
                del self.open[at:]
                builder.masked = self.masked or self.depth > 0
            if element.marks:
                builder.mark(name, False, start, end)
            return
        if element.marks:
            builder.mark(name, True, start, end)
        given = attributes(text, *tag.span(3)) if tag.end(3) - tag.start(3) > 4 else {}
        if element.void:
            if element.marks:
                builder.mark(name, False, end, end)
        else:
            self.open.append((name, self.masked, builder.language))
            if element.code or element.silent or given.get("translate", _NONE).value == "no":
                self.masked = builder.masked = True
            builder.language = given.get("lang", _NONE).value or builder.language
        for key in ("alt", "title", "aria-label"):
            if key in given and given[key].quoted:
                builder.blocks += attribute_block(text, given[key], builder.language, builder.masked)
