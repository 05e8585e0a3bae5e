"""The inline level of Markdown: what of a paragraph is shown, and where its marks stand.

No maintained parser reports offsets on this level, so this one follows CommonMark 0.31 itself (tests compare it
with markdown-it-py).  It works on the file's own offsets: a paragraph is a list of line ranges, and what lies
between them (the line break, indentation, the `>` of a quotation) is one space.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Container, Sequence
from typing import NamedTuple

from qa.readers._build import Builder
from qa.readers._emit import Emitter, Event, show
from qa.readers._emphasis import Run, pair
from qa.readers._entities import decode
from qa.readers.html import Attribute

_SPECIAL = re.compile(r"[\\`*_~\[\]<&$\n\r{]")
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
_DECLARATION = re.compile(r"<!--|<\?|<!\[CDATA\[|<!(?=[A-Za-z])")
_ENDS = {"<!--": "-->", "<?": "?>", "<![CDATA[": "]]>", "<!": ">"}
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
        self.lines = lines
        self.starts = [start for start, _ in lines]
        self.start, self.end = lines[0][0], lines[-1][1]
        self.events: list[Event] = []
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
            Emitter(self.text, self.cell, builder, kind, group).emit(self.events)
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
            self.events.append(("text", here, end, None))

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

    def _note(self, here: int, *events: Event) -> int:
        """Write down the text from `here` and the events after it; gives where they end."""
        if here < events[0][1]:
            self.events.append(("text", here, events[0][1], None))
        self.events += events
        return events[-1][2]

    def _masked(self, here: int, start: int, end: int, element: str = "", opening: int = 0, closing: int = 0) -> int:
        """Text that is no prose, between marks of `opening` and `closing` characters."""
        inner = (("mask", start, start, 1), *self._shown(start, end), ("mask", end, end, -1))
        if not element:
            return self._note(here, *inner)
        return self._note(
            here,
            ("mark", start - opening, start, (element, True)),
            *inner,
            ("mark", end, end + closing, (element, False)),
        )

    def _shown(self, start: int, end: int) -> list[Event]:
        """Text as it stands, with a space for every line break."""
        events: list[Event] = []
        index = bisect_right(self.starts, start)
        while index < len(self.lines) and (following := self.starts[index]) <= end:
            stop = max(start, min(self.lines[index - 1][1], following))
            while stop > start and self.text[stop - 1] in " \t\r\n":
                stop -= 1
            events += [("text", start, stop, None), ("space", stop, following, None)]
            start = following
            index += 1
        return [*events, ("text", start, end, None)]

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
        return self._note(here, ("run", at, stop, run))

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
        return self._note(here, ("cut" if hard else "space", stop, following, None))

    def _escape(self, at: int, here: int) -> int:
        if at + 1 >= self.end:
            return -(at + 1)
        char = self.text[at + 1]
        if char in "\n\r":
            return self._line_break(at + 1, here, at)
        if char in _ESCAPED:
            return self._note(here, ("unit", at, at + 2, char))
        return -(at + 1)

    def _entity(self, at: int, here: int) -> int:
        match = _ENTITY.match(self.text, at, self.end)
        shown = decode(match.group())[0] if match else ""
        return self._note(here, ("unit", at, match.end(), shown)) if match and shown else -(at + 1)

    def _brace_or_dollar(self, at: int, here: int) -> int:
        text = self.text
        if text[at] == "{":
            if template := _TEMPLATE.match(text, at, self.end):
                return self._masked(here, at, template.end())
            if hidden := _ATTRIBUTES.match(text, at, self.end):
                return self._note(here, ("hide", at, hidden.end(), None))
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
            return self._note(here, ("tag", at, tag.end(), tag))
        if declaration := _DECLARATION.match(text, at, end):
            closing = _ENDS[declaration.group()]
            stop = -1 if closing in self._missing else text.find(closing, declaration.end(), end)
            if stop >= 0:
                return self._note(here, ("hide", at, stop + len(closing), None))
            self._missing.add(closing)
        return -(at + 1)

    # ── Links and images ────────────────────────────────────────────────────────────────────────────────────────

    def _open_bracket(self, at: int, here: int) -> int:
        text = self.text
        note = _FOOTNOTE.match(text, at, self.end)
        if note and not self._known(text[at + 1 : note.end() - 1]):
            stop = note.end()
            if at == self.start and text.startswith(":", stop):
                return self._note(here, ("hide", at, stop + 1, None))
            return self._note(
                here,
                ("mark", at, stop, ("sup", True)),
                ("mark", stop, stop, ("sup", False)),
            )
        image = at > here and text[at - 1] == "!"
        if self._brackets:
            self._nested.add(self._brackets[-1].event)
        start = at - image
        if here < start:
            self.events.append(("text", here, start, None))
        self._brackets.append(_Bracket(len(self.events), at + 1, image, len(self.runs)))
        self.events.append(("text", start, at + 1, None))
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
            self.events.append(("text", here, at, None))
        pair(self.runs[bracket.runs :])
        del self.runs[bracket.runs :]
        opening = self.events[bracket.event]
        if bracket.image:
            alt = self.events[bracket.event + 1 :]
            self.events[bracket.event :] = [("image", opening[1], stop, alt)]
        else:
            self.events[bracket.event] = ("mark", *opening[1:3], ("a", True))
            self.events.append(("mark", at, stop, ("a", False)))
            self._inactive = len(self._brackets)
        if title is not None:
            self.events.append(("title", stop, stop, title))
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
