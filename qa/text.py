"""The text as the checker sees it: blocks of visible text, each with an exact map back to the file.

A machine translator works block by block (a paragraph, a heading, a list item, a table cell), and inside a
block node by node.  A `Block` therefore keeps three things: what the reader sees (`text`), where every
character of it stands in the file (`source`), and where inline elements begin and end (`boundaries`).
All offsets are Unicode code points; those of a block count from the start of its visible text.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Container, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import accumulate, chain, compress
from operator import add
from typing import NamedTuple, overload

MASK = "\ufffc"  # OBJECT REPLACEMENT CHARACTER: stands for code and other text that is no prose

# Letters only, with the marks that combine with them.  Apostrophes, digits (raised ones too) and hyphens separate,
# since they are where defects sit.
_WORD = re.compile("[^\\W\\d_²³¹¼½¾]+(?:[\u0300-\u036f]+[^\\W\\d_²³¹¼½¾]*)*")
# The same for text without letters beyond the Latin ones, and the first of these: a plain range is half as dear as a
# class of Unicode, a table of 256 half as dear again.  To put spaces for all else is a third of that.
_LATIN_WORD, _LATIN_1_WORD = re.compile("[a-zA-ZªµºÀ-ÖØ-öø-ɏ]+"), re.compile("[a-zA-ZªµºÀ-ÖØ-öø-ÿ]+")
_SPACED = bytes(byte if chr(byte).isalpha() else 32 for byte in range(256))
# A letter for all letters: a word begins wherever one follows a space.
_SHAPES = bytes(10 if byte == 10 else 97 if _SPACED[byte] != 32 else 32 for byte in range(256))
# What stands between words is cut in cp1252, which has quotes and dashes: spaces for letters, controls for spaces.
_CONTROLS = b"\1\2\t\v\f\r"
_BETWEEN = bytes(
    32 if bytes([byte]).decode("cp1252", "replace").isalpha() else {32: 1, 10: 2}.get(byte, byte) for byte in range(256)
)
_SHOWN = bytes.maketrans(b"\1\2", b" \n")
_BEYOND_LATIN, _BEYOND_LATIN_1 = (re.compile(f"[^\x00-{last}\u2000-\u206f\ufffc]") for last in "ɏÿ")


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A half-open range of code points.  An empty span says that something is missing here."""

    start: int
    end: int

    def __post_init__(self) -> None:
        if not 0 <= self.start <= self.end:
            raise ValueError(f"no such span: {self.start}..{self.end}")

    def __len__(self) -> int:
        return self.end - self.start

    def overlaps(self, other: Span) -> bool:
        """Whether the two share a character, or an empty one lies strictly inside the other."""
        if self.start == self.end or other.start == other.end:
            return self == other or self.start < other.start < self.end or other.start < self.start < other.end
        return self.start < other.end and other.start < self.end


class Word(NamedTuple):
    """A maximal run of letters in a block."""

    start: int
    end: int
    text: str


_new = tuple.__new__  # half as dear as `Word(…)`, which calls it


class Words(Sequence[Word]):
    """The words of a text, made one by one when they are looked at: most are not."""

    __slots__ = ("forms", "starts")

    def __init__(self, forms: tuple[str, ...], starts: tuple[int, ...]) -> None:
        self.forms = forms  # without their places
        self.starts = starts  # where each word begins

    @classmethod
    def of(cls, pieces: Sequence[str], start: int = 0) -> Words:
        """The words of a text that begins at `start` and was cut into a gap, a word, a gap … and a last gap."""
        return cls(tuple(pieces[1::2]), tuple(accumulate(map(len, pieces), initial=start))[1:-1:2])

    def __len__(self) -> int:
        return len(self.forms)

    @overload
    def __getitem__(self, index: int) -> Word: ...
    @overload
    def __getitem__(self, index: slice) -> tuple[Word, ...]: ...
    def __getitem__(self, index: int | slice) -> Word | tuple[Word, ...]:
        if isinstance(index, slice):
            return tuple(map(_word, self.starts[index], self.forms[index]))
        return _word(self.starts[index], self.forms[index])

    def __iter__(self) -> Iterator[Word]:
        return map(_word, self.starts, self.forms)


def _word(start: int, form: str) -> Word:
    return _new(Word, (start, start + len(form), form))


def words_in(text: str) -> list[str]:
    """The maximal runs of letters of a text."""
    plain = text.encode("latin-1", "replace")  # a question mark for each character beyond
    if plain.count(b"?") == text.count("?") or not _BEYOND_LATIN_1.search(text):
        return plain.translate(_SPACED).decode("latin-1").split()
    return _words_of(text).findall(text)


def cut_together(texts: Sequence[str]) -> tuple[Sequence[str], list[int]]:
    """The words of many texts, one text after another, and how many each has: half as dear as one by one."""
    whole = "\n".join(texts)
    if whole.count("\n") == len(texts) - 1 and not _BEYOND_LATIN_1.search(whole):
        plain = whole.encode("latin-1", "replace")
        lines = plain.translate(_SHAPES).split(b"\n")
        counts = [line.count(b" a") + line.startswith(b"a") for line in lines]
        return plain.translate(_SPACED).decode("latin-1").split(), counts
    cut = [words_in(text) for text in texts]
    return list(chain.from_iterable(cut)), list(map(len, cut))


def gaps_in(text: str) -> list[str]:
    """What stands before each of the words of a text, and at last behind all."""
    try:
        coded = text.encode("cp1252")
    except UnicodeEncodeError:
        coded = _CONTROLS
    if len(coded.translate(None, _CONTROLS)) < len(coded):
        return _words_of(text).split(text)
    between = coded.translate(_BETWEEN)
    gaps = between.split()
    if between[:1] == b" ":
        gaps.insert(0, b"")
    if between[-1:] == b" ":
        gaps.append(b"")
    return b"\t".join(gaps).translate(_SHOWN).decode("cp1252").split("\t")


def _words_of(text: str) -> re.Pattern[str]:
    """The cheapest pattern of what is a word in this text."""
    if not _BEYOND_LATIN_1.search(text):
        return _LATIN_1_WORD
    return _WORD if _BEYOND_LATIN.search(text) else _LATIN_WORD


class Boundary(NamedTuple):
    """A tag or mark between two visible characters, where an inline element begins or ends.

    `position` counts visible characters of the block; `start` and `end` are the markup's place in the file.
    `element` is the HTML name of what begins or ends: strong, em, a, code, span …
    """

    position: int
    opens: bool
    element: str
    start: int
    end: int


class Piece(NamedTuple):
    """A stretch of visible text and the stretch of the file that shows it.

    Equal lengths: character by character.  Otherwise the stretch is one unit (an entity, a newline of two
    characters, a run of collapsed spaces), which edits take or leave whole.
    """

    text_start: int
    text_length: int
    file_start: int
    file_length: int


@dataclass(frozen=True)
class SourceMap:
    """Where each visible character stands in the file.  Pieces are in order and leave no character out."""

    pieces: tuple[Piece, ...]

    @cached_property
    def _starts(self) -> list[int]:
        return [piece.text_start for piece in self.pieces]

    @cached_property
    def _file_starts(self) -> list[int]:
        return [piece.file_start for piece in self.pieces]

    def piece_at(self, position: int) -> Piece:
        """The piece that holds the visible character `position`."""
        return self.pieces[bisect_right(self._starts, position) - 1]

    def start_of(self, position: int) -> int:
        """File offset at which the character `position` begins."""
        piece = self.piece_at(position)
        if piece.text_length == piece.file_length:
            return piece.file_start + position - piece.text_start
        return piece.file_start

    def end_of(self, position: int) -> int:
        """File offset just after the character `position`."""
        piece = self.piece_at(position)
        if piece.text_length == piece.file_length:
            return piece.file_start + position - piece.text_start + 1
        return piece.file_start + piece.file_length

    def pieces_in(self, span: Span) -> tuple[Piece, ...]:
        """The pieces that show something of a span that is not empty."""
        return self.pieces[bisect_right(self._starts, span.start) - 1 : bisect_right(self._starts, span.end - 1)]

    def position_of(self, offset: int) -> int:
        """The first visible character that stands at or behind a file offset; their number where none does."""
        index = bisect_right(self._file_starts, offset) - 1
        if index < 0:
            return 0
        piece = self.pieces[index]
        into = offset - piece.file_start
        if into < piece.file_length:
            return piece.text_start + (into if piece.text_length == piece.file_length else 0)
        return piece.text_start + piece.text_length

    @classmethod
    def identity(cls, file_start: int, length: int) -> SourceMap:
        """The map of a block that stands in the file as it is read."""
        return cls((Piece(0, length, file_start, length),) if length else ())


@dataclass(frozen=True)
class Block:
    """One paragraph, heading, list item or table cell.

    `kind` is one of `paragraph`, `heading`, `list-item`, `table-cell`, `caption`, `title`, `attribute`.
    `opaque` are the spans of `text` that are no prose (code, `translate="no"`); `language` is the code that
    the markup declares for the block, if it does.  `group` numbers the table row, or is -1: the cells of one row
    share it.  `dropped` is white space that the file has beside a space and the page does not show: pieces without
    text, each behind the space it adds nothing to.
    """

    kind: str
    text: str
    source: SourceMap
    boundaries: tuple[Boundary, ...] = ()
    opaque: tuple[Span, ...] = ()
    language: str | None = None
    group: int = -1
    dropped: tuple[Piece, ...] = ()

    @cached_property
    def prose(self) -> str:
        """`text` at its own length, every character that is no prose replaced by `MASK`."""
        if not self.opaque:
            return self.text
        parts, last = [], 0
        for span in self.opaque:
            parts += [self.text[last : span.start], MASK * len(span)]
            last = span.end
        return "".join([*parts, self.text[last:]])

    def take(self, **properties: tuple[str, ...]) -> None:
        """Spare the block to find out what was found out for many together: its `forms`, its `gaps`."""
        vars(self).update(properties)

    @cached_property
    def forms(self) -> tuple[str, ...]:
        """The words of `prose` as written, without their places: what a rule looks at first, since it is cheap."""
        return tuple(words_in(self.prose))

    @cached_property
    def gaps(self) -> tuple[str, ...]:
        """What stands before each word, and at last behind all: `prose` is made of `gaps` and `forms` in turn."""
        return tuple(gaps_in(self.prose))

    def where(self, wanted: Container[str]) -> Iterator[int]:
        """The indices of the words that are among the wanted ones: a rule's first look, and a cheap one."""
        return compress(range(len(self.forms)), map(wanted.__contains__, self.forms))

    @cached_property
    def words(self) -> Words:
        """The words of `prose` with their places; `words[i].text == forms[i]`."""
        ends = accumulate(map(len, self.forms), initial=0)  # each behind the letters before it, …
        return Words(self.forms, tuple(map(add, ends, accumulate(map(len, self.gaps[:-1])))))  # … and all gaps

    @cached_property
    def cuts(self) -> frozenset[int]:
        """The visible positions at which an inline element begins or ends."""
        return frozenset(boundary.position for boundary in self.boundaries)

    def crosses_cut(self, span: Span) -> bool:
        """Whether an inline boundary lies in or at the edge of `span`."""
        return any(span.start <= cut <= span.end for cut in self.cuts)

    def file_span(self, span: Span) -> Span:
        """The place in the file of a span of visible text.  An empty span gives an insertion point."""
        if len(span):
            return Span(self.source.start_of(span.start), self.source.end_of(span.end - 1))
        point = self.insertion_point(span.start)
        return Span(point, point)

    def insertion_point(self, position: int) -> int:
        """Where in the file new text for the visible `position` goes: outside inline elements that meet here.

        White space that the file has at this place without showing it stays out of sight: at the start of the block
        and behind a space new text goes before what follows, elsewhere behind what precedes.
        """
        here = [boundary for boundary in self.boundaries if boundary.position == position]
        if position < len(self.text) and (not position or self.text[position - 1] == " "):
            point = self.source.start_of(position)
            for boundary in reversed(here):
                if boundary.opens and boundary.end == point:
                    point = boundary.start
            return point
        point = self.source.end_of(position - 1)
        for boundary in here:
            if not boundary.opens and boundary.start == point:
                point = boundary.end
        return point


@dataclass(frozen=True)
class Document:
    """A decoded file and its blocks, in the order of the file.

    `language` is what the markup declares for the whole page, if it does; `skipped` gives the spans of the file
    that were left out, with the reason.
    """

    text: str
    blocks: tuple[Block, ...]
    syntax: str = "text"
    language: str | None = None
    skipped: tuple[tuple[Span, str], ...] = field(default=())

    @property
    def word_count(self) -> int:
        """How many words the document has."""
        return sum(len(block.forms) for block in self.blocks)

    def words(self) -> Iterator[Word]:
        """All words of the document, block by block (offsets count within each block)."""
        for block in self.blocks:
            yield from block.words
