"""The inline level of Markdown: what of a paragraph is shown, and where its marks stand.

No maintained parser reports offsets on this level, so this one follows CommonMark 0.31 itself (tests compare it
with markdown-it-py).  It works on the file's own offsets: a paragraph is a list of line ranges, and what lies
between them (the line break, indentation, the `>` of a quotation) is one space.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Container, Sequence
from typing import Any, NamedTuple

from qa.readers._build import Builder
from qa.readers._elements import ELEMENTS, element_of
from qa.readers._emphasis import Run, pair
from qa.readers._entities import decode
from qa.readers.html import Attribute, attribute_block, attributes

_SPECIAL = re.compile(r"[\\`*_~\[\]<&$\n\r{]")
_BLANKS = re.compile(r"[ \t]{2,}|\t")
_BACKTICKS = re.compile(r"`+")
_ESCAPED = frozenset("!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~")
_ENTITY = re.compile(r"&(?:#[xX][0-9a-fA-F]{1,6}|#[0-9]{1,7}|[A-Za-z][A-Za-z0-9]{1,31});")
_AUTOLINK = re.compile(
    r"<((?:[A-Za-z][A-Za-z0-9+.-]{1,31}:[^\x00-\x20<>]*+)"
    r"|[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){0,8})>"
)
_TAG = re.compile(
    r"<(/?)([A-Za-z][A-Za-z0-9-]*+)"
    r"((?:\s++[A-Za-z_:][\w.:-]*+(?:\s*+=\s*+(?:\"[^\"]*+\"|'[^']*+'|[^\s\"'=<>`]++))?+)*+)\s*+/?>"
)
_HIDDEN = (("<!--", "-->"), ("<?", "?>"), ("<![CDATA[", "]]>"), ("<!", ">"))
# Where a link leads and its title, after "]": one to three levels of brackets within an address.
_PLAIN = r"[^\s()\\]++|\\\S"
_NESTED = rf"(?:{_PLAIN}|\((?:{_PLAIN}|\((?:{_PLAIN}|\((?:{_PLAIN})*+\))*+\))*+\))*+"
_TARGET = re.compile(
    rf"\(\s*+(?:<(?:[^<>\n\\]|\\.)*+>|(?!<){_NESTED})"
    r"(?:\s++(?:\"((?:[^\"\\]|\\[\s\S])*+)\"|'((?:[^'\\]|\\[\s\S])*+)'|\(((?:[^()\\]|\\[\s\S])*+)\)))?+\s*+\)"
)
_LABEL = re.compile(r"\[((?:[^\[\]\\]|\\[\s\S]){0,999})\]")
_FOOTNOTE = re.compile(r"\[\^[^\s\[\]]{1,80}\]")
# Attribute lists of kramdown and pandoc, and what a template engine replaces.
_ATTRIBUTES = re.compile(r"\{(?:[:#.][^{}\n]{0,300})\}")
_TEMPLATE = re.compile(r"\{\{[^{}\n]{1,300}\}\}|\{%[^%{}\n]{1,300}%\}")
_FORMULA = re.compile(r"(\$\$?)(?![\s$])([^$]{1,500})(?<!\s)\1(?![\w$])")
_FORMAL = re.compile(r"[\\^_={}<>+]|^[A-Za-z]$")
_SENTENCE_END = re.compile(r"""[.!?…:]["'»”’)\]*_]{0,4}$""")
_LONG = 120  # a line longer than this was not broken by a width


def show(builder: Builder, text: str, start: int, end: int) -> None:
    """Visible text between two offsets, its runs of blanks collapsed."""
    for blanks in _BLANKS.finditer(text, start, end):
        _show(builder, text, start, blanks.start())
        start = blanks.end()
        builder.space(blanks.start(), start)
    _show(builder, text, start, end)


def _show(builder: Builder, text: str, start: int, end: int) -> None:
    if start < end and text[start] == " " and builder.spaced:
        builder.space(start, start + 1)
        start += 1
    if start < end:
        builder.show(text[start:end], start)


class _Event(NamedTuple):
    """A step of the walk: `what` happens with the file's `start`..`end`."""

    what: str
    start: int
    end: int
    data: Any = None


class _Bracket(NamedTuple):
    """A `[` or `![` that may turn out to open a link or an image."""

    event: int  # its place among the events
    end: int  # where its text begins
    image: bool
    runs: int  # how many delimiter runs came before


class Leaf:
    """One paragraph, heading or cell: a list of line ranges of the file.

    `references` holds the normalised labels of the link definitions; `loose`: a line too long for a hard wrap that
    ends a sentence ends the block, too (plain texts with Markdown in them are written so).
    """

    def __init__(
        self,
        text: str,
        lines: Sequence[tuple[int, int]],
        references: Container[str] = (),
        cell: bool = False,
        loose: bool = False,
    ) -> None:
        self.text, self.references, self.cell, self.loose = text, references, cell, loose
        self.starts = [start for start, _ in lines]
        self.start, self.end = lines[0][0], lines[-1][1]
        self.events: list[_Event] = []
        self.runs: list[Run] = []
        self._brackets: list[_Bracket] = []
        self._nested: set[int] = set()  # brackets (by event) with another one inside
        self._inactive = 0  # so many brackets, from the bottom, cannot open a link any more
        self._backticks: dict[int, list[int]] | None = None
        self._missing: set[str] = set()  # ends of hidden markup that do not come any more

    def read(self, builder: Builder, kind: str, group: int = -1) -> None:
        """Hand the leaf to the builder as one or more blocks."""
        if _SPECIAL.search(self.text, self.start, self.end) is None:
            show(builder, self.text, self.start, self.end)
        else:
            self._scan()
            pair(self.runs)
            _Emitter(self, builder, kind, group).emit(self.events)
        builder.cut(kind, group)

    # ── The walk ────────────────────────────────────────────────────────────────────────────────────────────────

    def _scan(self) -> None:
        text, end, search = self.text, self.end, _SPECIAL.search
        here = position = self.start  # text from `here` on is still to be written down
        while (special := search(text, position, end)) is not None:
            at = special.start()
            stop = self._at(at, here)
            if stop < 0:  # nothing special after all
                position = -stop
            else:
                here = position = stop
        if here < end:
            self.events.append(_Event("text", here, end))

    def _at(self, at: int, here: int) -> int:
        """Deal with the special character at `at`.

        Gives the offset behind what was written down (with the text from `here`), or the negative of the offset
        at which to go on where there is nothing but text.
        """
        char = self.text[at]
        if char in "*_~":
            return self._delimiters(at, here)
        if char == "`":
            return self._code(at, here)
        if char == "[":
            return self._open_bracket(at, here)
        if char == "]":
            return self._close_bracket(at, here)
        if char in "\n\r":
            return self._line_break(at, here, at)
        if char == "\\":
            return self._escape(at, here)
        if char == "<":
            return self._angle(at, here)
        if char == "&":
            return self._entity(at, here)
        return self._brace_or_dollar(at, here)

    def _note(self, here: int, *events: _Event) -> int:
        """Write down the text from `here` and the events after it; gives where they end."""
        if here < events[0].start:
            self.events.append(_Event("text", here, events[0].start))
        self.events += events
        return events[-1].end

    def _masked(self, here: int, start: int, end: int, element: str = "", opening: int = 0, closing: int = 0) -> int:
        """Text that is no prose, between marks of `opening` and `closing` characters."""
        inner = (_Event("mask", start, start, 1), *self._lines(start, end), _Event("mask", end, end, -1))
        if not element:
            return self._note(here, *inner)
        return self._note(
            here,
            _Event("mark", start - opening, start, (element, True)),
            *inner,
            _Event("mark", end, end + closing, (element, False)),
        )

    def _lines(self, start: int, end: int) -> list[_Event]:
        """Text as it stands, with a space for every line break."""
        events = []
        while (index := bisect_right(self.starts, start)) < len(self.starts) and self.starts[index] <= end:
            following = self.starts[index]
            stop = start + len(self.text[start:following].rstrip(" \t\r\n>"))
            events += [_Event("text", start, stop), _Event("space", stop, following)]
            start = following
        return [*events, _Event("text", start, end)]

    def _delimiters(self, at: int, here: int) -> int:
        text, char, stop = self.text, self.text[at], at + 1
        while stop < self.end and text[stop] == char:
            stop += 1
        line = self.starts[bisect_right(self.starts, at) - 1]
        before = text[at - 1] if at > line else "\n"
        after = text[stop] if stop < self.end else "\n"
        run = Run(char, at, stop, before, after)
        if not (run.can_open or run.can_close):
            return -stop
        self.runs.append(run)
        return self._note(here, _Event("run", at, stop, run))

    def _code(self, at: int, here: int) -> int:
        text = self.text
        opening = _BACKTICKS.match(text, at, self.end).end() - at  # type: ignore[union-attr]
        if self._backticks is None:
            self._backticks = {}
            for match in _BACKTICKS.finditer(text, self.start, self.end):
                self._backticks.setdefault(match.end() - match.start(), []).append(match.start())
        candidates = self._backticks.get(opening, [])
        index = bisect_right(candidates, at)
        if index == len(candidates):
            return -(at + opening)
        start, end = at + opening, candidates[index]
        strip = end - start > 2 and text[start] in " \n\r" and text[end - 1] in " \n\r"
        strip = strip and bool(text[start:end].strip(" \n\r"))
        pad = int(strip)
        return self._masked(here, start + pad, end - pad, "code", opening + pad, opening + pad)

    def _line_break(self, at: int, here: int, before: int) -> int:
        """The end of a line at `at`; `before`: where its visible text ends."""
        text, starts = self.text, self.starts
        index = bisect_right(starts, at)
        following = starts[index] if index < len(starts) else self.end
        stop = before
        while stop > here and text[stop - 1] in " \t":
            stop -= 1
        hard = before < at or (before - stop >= 2 and text[before - 1] == " " == text[before - 2])
        if not hard and self.loose and at - starts[index - 1] > _LONG:
            hard = _SENTENCE_END.search(text, max(starts[index - 1], stop - 8), stop) is not None
        return self._note(here, _Event("cut" if hard else "space", stop, following))

    def _escape(self, at: int, here: int) -> int:
        if at + 1 >= self.end:
            return -(at + 1)
        char = self.text[at + 1]
        if char in "\n\r":
            return self._line_break(at + 1, here, at)
        if char in _ESCAPED:
            return self._note(here, _Event("unit", at, at + 2, char))
        return -(at + 1)

    def _entity(self, at: int, here: int) -> int:
        match = _ENTITY.match(self.text, at, self.end)
        shown = decode(match.group())[0] if match else ""
        return self._note(here, _Event("unit", at, match.end(), shown)) if match and shown else -(at + 1)

    def _brace_or_dollar(self, at: int, here: int) -> int:
        text = self.text
        if text[at] == "{":
            if template := _TEMPLATE.match(text, at, self.end):
                return self._masked(here, at, template.end())
            if hidden := _ATTRIBUTES.match(text, at, self.end):
                return self._note(here, _Event("hide", at, hidden.end()))
        elif at == self.start or not (text[at - 1].isalnum() or text[at - 1] in "$\\"):
            formula = _FORMULA.match(text, at, self.end)
            if formula and _FORMAL.search(formula.group(2)):
                return self._masked(here, at, formula.end())
        return -(at + 1)

    def _angle(self, at: int, here: int) -> int:
        text, end = self.text, self.end
        if link := _AUTOLINK.match(text, at, end):
            return self._masked(here, link.start(1), link.end(1), "a", 1, 1)
        if tag := _TAG.match(text, at, end):
            return self._note(here, _Event("tag", at, tag.end(), tag))
        for opening, closing in _HIDDEN:
            if text.startswith(opening, at, end):
                if closing not in self._missing:
                    stop = text.find(closing, at + len(opening), end)
                    if stop >= 0:
                        return self._note(here, _Event("hide", at, stop + len(closing)))
                    self._missing.add(closing)
                break
        return -(at + 1)

    # ── Links and images ────────────────────────────────────────────────────────────────────────────────────────

    def _open_bracket(self, at: int, here: int) -> int:
        text = self.text
        note = _FOOTNOTE.match(text, at, self.end)
        if note and not self._known(text[at + 1 : note.end() - 1]):
            stop = note.end()
            if at == self.start and text.startswith(":", stop):
                return self._note(here, _Event("hide", at, stop + 1))
            return self._note(
                here,
                _Event("mark", at, stop, ("sup", True)),
                _Event("mark", stop, stop, ("sup", False)),
            )
        image = at > here and text[at - 1] == "!"
        if self._brackets:
            self._nested.add(self._brackets[-1].event)
        start = at - image
        if here < start:
            self.events.append(_Event("text", here, start))
        self._brackets.append(_Bracket(len(self.events), at + 1, image, len(self.runs)))
        self.events.append(_Event("text", start, at + 1))
        return at + 1

    def _close_bracket(self, at: int, here: int) -> int:
        if not self._brackets:
            return -(at + 1)
        bracket = self._brackets.pop()
        inactive = len(self._brackets) < self._inactive
        self._inactive = min(self._inactive, len(self._brackets))
        if inactive and not bracket.image:
            return -(at + 1)
        stop, title = self._target(bracket, at)
        if stop < 0:
            return -(at + 1)
        if here < at:
            self.events.append(_Event("text", here, at))
        pair(self.runs[bracket.runs :])
        del self.runs[bracket.runs :]
        opening = self.events[bracket.event]
        if bracket.image:
            alt = self.events[bracket.event + 1 :]
            self.events[bracket.event :] = [_Event("image", opening.start, stop, alt)]
        else:
            self.events[bracket.event] = _Event("mark", opening.start, opening.end, ("a", True))
            self.events.append(_Event("mark", at, stop, ("a", False)))
            self._inactive = len(self._brackets)
        if title is not None:
            self.events.append(_Event("title", stop, stop, title))
        return stop

    def _target(self, bracket: _Bracket, at: int) -> tuple[int, Attribute | None]:
        """Where a link whose text ends at `at` ends, and its title; (-1, None) where it is none."""
        text, end = self.text, self.end
        if text.startswith("(", at + 1) and (target := _TARGET.match(text, at + 1, end)):
            title = target.lastindex
            return target.end(), Attribute(target.group(title), *target.span(title), True) if title else None
        if not self.references:
            return -1, None
        label = _LABEL.match(text, at + 1, end)
        if label and label.group(1).strip():
            return (label.end() if self._known(label.group(1)) else -1), None
        own = at - bracket.end < 1000 and bracket.event not in self._nested
        if own and self._known(text[bracket.end : at]):
            return (label.end() if label else at + 1), None
        return -1, None

    def _known(self, label: str) -> bool:
        """Whether a link definition has this label."""
        if not self.references:
            return False
        from markdown_it.common.utils import normalizeReference

        return normalizeReference(label) in self.references


class _Emitter:
    """Carries the events of a leaf over to the builder."""

    def __init__(self, leaf: Leaf, builder: Builder, kind: str, group: int) -> None:
        self.leaf, self.builder, self.kind, self.group = leaf, builder, kind, group
        # The open HTML elements, and what held outside of each.
        self.open: list[tuple[str, bool, str | None]] = []
        self.depth = 0  # of spans that are masked by Markdown itself
        self.masked = False  # whether an open element masks

    def emit(self, events: Sequence[_Event]) -> None:
        """Carry out all events, in order."""
        builder, text = self.builder, self.leaf.text
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
        text = self.leaf.text
        if self.leaf.cell and self.depth:
            # In a cell "\|" is a bar even within code.
            while (bar := text.find("\\|", start, end)) >= 0:
                show(self.builder, text, start, bar)
                self.builder.unit("|", bar, bar + 2)
                start = bar + 2
        show(self.builder, text, start, end)

    def _image(self, alt: Sequence[_Event], start: int, end: int) -> None:
        builder = self.builder
        builder.mark("img", True, start, end)
        builder.mark("img", False, end, end)
        own = Builder()
        own.language, own.masked = builder.language, builder.masked
        _Emitter(self.leaf, own, "attribute", -1).emit(alt)
        own.cut("attribute")
        builder.blocks += own.blocks

    def _tag(self, tag: re.Match[str], start: int, end: int) -> None:
        builder, text = self.builder, self.leaf.text
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


_NONE = Attribute("", 0, 0, False)
