"""The block level of Markdown, by markdown-it-py, with the place of every line in the file.

markdown-it-py keeps in its state where each line begins behind list markers and the `>` of quotations, and forgets it
in the tokens.  A state of our own writes down those places instead of making tokens.
"""

from __future__ import annotations

import re
from functools import cache
from typing import Any, NamedTuple

from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock, paragraph

NESTING = 40  # of lists and quotations; what lies deeper is not read
_RETURN = re.compile(r"\r\n?")
_ITEM = re.compile(r"(?:[-+*]|\d{1,9}[.)])[ \t]+[^\s]")
_FOOTNOTE = re.compile(r"\[\^[^\s\[\]]{1,80}\]:")

Lines = list[tuple[int, int]]


class Found(NamedTuple):
    """A piece of the text: `what` is `leaf`, `row` (of a table) or `html`, `kind` that of a block of it.

    `lines` are the ranges of the file that belong to it, without the marks of containers; `first` tells whether it
    begins a list item.
    """

    what: str
    kind: str
    lines: Lines
    first: bool = False


class Structure(NamedTuple):
    """What a text holds, in order; its link definitions by normalised label; where what lies too deep begins."""

    found: list[Found]
    references: dict[str, Any]
    too_deep: list[int]


def find(text: str, start: int) -> Structure:
    """The blocks of `text` from `start` on."""
    # markdown-it-py knows only "\n": a "\r" before it becomes a space, so that offsets stay as they are.
    source = text[start:]
    if "\r" in source:
        source = _RETURN.sub(lambda match: " \n"[-len(match.group()) :], source)
    env: dict[str, Any] = {}
    parser = _parser()
    state = _State(source, parser, env, start)
    parser.block.tokenize(state, 0, state.lineMax)
    return Structure(state.found, env.get("references", {}), state.too_deep)


@cache
def _parser() -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"maxNesting": NESTING}).enable("table")
    parser.block.ruler.before("table", "prose", _prose)
    return parser


def _prose(state: StateBlock, line: int, end_line: int, silent: bool) -> bool:
    """A paragraph that can be nothing else: its lines begin with letters, and then comes an empty one or the next item.

    Saves asking all other rules about every line of running text.  A footnote is not to be taken for a link definition.
    """
    if silent or state.is_code_block(line):
        return False
    source, begins, shifts, indents = state.src, state.bMarks, state.tShift, state.sCount
    at = begins[line] + shifts[line]
    if not source[at].isalpha():
        return bool(_FOOTNOTE.match(source, at)) and paragraph(state, line, end_line, silent)
    after = line + 1
    while after < state.lineMax and (at := begins[after] + shifts[after]) < state.eMarks[after]:
        if not source[at].isalpha() and indents[after] - state.blkIndent < 4:
            outside = indents[after] < state.blkIndent and indents[after] - state.listIndent < 4
            if outside and state.listIndent >= 0 and _ITEM.match(source, at):
                break
            return False
        after += 1
    state.getLines(line, after, 0, False)
    state.push("inline", "", 0)
    state.line = after
    return True


class _Ignored:
    """What a rule gets for a token: it sets attributes nobody reads."""


class _State(StateBlock):
    """The state of one parse, which notes places instead of tokens."""

    def __init__(self, source: str, parser: MarkdownIt, env: dict[str, Any], offset: int) -> None:
        super().__init__(source, parser, env, [])
        self.found: list[Found] = []
        self.too_deep: list[int] = []
        self._offset = offset
        self._lines: Lines = []
        self._kinds = ["paragraph"]
        self._fresh = False  # whether a list item has just begun
        self._heading = False
        self._made = ""  # a token just made whose lines come next: html or code
        self._row = -1  # within a table: the number of the row

    def getLines(self, begin: int, end: int, indent: int, keepLastLF: bool) -> str:
        """Note the lines that a rule is about to put into a token, or has just made one for."""
        if self._made != "code":
            offset, shifts, ends = self._offset, self.tShift, self.eMarks
            self._lines = [
                (offset + self.bMarks[line] + shifts[line], offset + ends[line]) for line in range(begin, end)
            ]
        if self._made == "html":
            self._note("html", self._kinds[-1], self._lines)
        self._made = ""
        return ""

    def push(self, ttype: str, tag: str, nesting: int) -> Any:
        """Note what a rule has found."""
        self.level += nesting
        handler = _HANDLERS.get(ttype)
        if handler is not None:
            handler(self)
        return _IGNORED

    def _inline(self) -> None:
        if self._row >= 0:
            return
        kind = "heading" if self._heading else self._kinds[-1]
        self._note("leaf", kind, self._lines or self._atx())

    def _note(self, what: str, kind: str, lines: Lines) -> None:
        if lines:
            self.found.append(Found(what, kind, lines, self._fresh))
        self._lines = []
        self._fresh = False

    def _atx(self) -> Lines:
        """The text of a heading between its `#` marks; the rule has moved on to the next line already."""
        line, source = self.line - 1, self.src
        start, end = self.bMarks[line] + self.tShift[line], self.eMarks[line]
        while start < end and source[start] == "#":
            start += 1
        text = source[start:end].rstrip(" \t")
        bare = text.rstrip("#")
        if not bare or bare[-1] in " \t":
            text = bare.rstrip(" \t")
        end = start + len(text)
        start += len(text) - len(text.lstrip(" \t"))
        return [(self._offset + start, self._offset + end)] if start < end else []

    def _open_item(self) -> None:
        self._open("list-item")
        self._fresh = True

    def _open_quote(self) -> None:
        self._open("paragraph")

    def _open(self, kind: str) -> None:
        self._kinds.append(kind)
        if self.level >= NESTING:
            self.too_deep.append(self._offset + self.bMarks[self.line])

    def _close(self) -> None:
        self._kinds.pop()
        self._fresh = False

    def _open_heading(self) -> None:
        self._heading = True

    def _close_heading(self) -> None:
        self._heading = False

    def _open_table(self) -> None:
        self._row = 0

    def _open_row(self) -> None:
        line = self.line + self._row + (self._row > 0)  # the second line is the one of dashes
        self._row += 1
        start, end = self.bMarks[line] + self.tShift[line], self.eMarks[line]
        self._note("row", "table-cell", [(self._offset + start, self._offset + end)])

    def _close_table(self) -> None:
        self._row = -1

    def _html(self) -> None:
        self._made = "html"

    def _code(self) -> None:
        self._made = "code"


_IGNORED = _Ignored()
_HANDLERS = {
    "inline": _State._inline,
    "list_item_open": _State._open_item,
    "list_item_close": _State._close,
    "blockquote_open": _State._open_quote,
    "blockquote_close": _State._close,
    "heading_open": _State._open_heading,
    "heading_close": _State._close_heading,
    "table_open": _State._open_table,
    "tr_open": _State._open_row,
    "table_close": _State._close_table,
    "html_block": _State._html,
    "code_block": _State._code,
    "fence": _State._code,
}
