"""What a terminal shows: widths, colours, and text made harmless."""

from __future__ import annotations

import re
from dataclasses import dataclass

from qa.text import Span

# Characters of one column each, for which no table needs to be loaded: Latin, Greek, Cyrillic, common punctuation.
_PLAIN = re.compile(
    "[ -~\u00a0-\u00ac\u00ae-\u02ff\u0370-\u0482\u048a-\u052f\u2000-\u200a\u2010-\u2027\u202f-\u205e"
    "\u20a0-\u20bf\u2190-\u21ff\u23ce\u2423\ufffd]*"
)
# Control characters, which could drive the terminal, and the invisible ones that reorder text.
_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2028\u2029\u2066-\u2069\ud800-\udfff]")
_SHORT = 12  # a word of which this much or less is left is cut off whole
_SHOWN = {"\n": "⏎", "\r": "⏎", "\t": " "}


def harmless(text: str) -> str:
    """The text with each character that a terminal would obey or hide replaced by one that it shows."""
    return _CONTROL.sub(lambda match: _SHOWN.get(match.group(), "\ufffd"), text)


def columns(text: str) -> int:
    """How many columns a terminal needs for a harmless text."""
    if _PLAIN.fullmatch(text):
        return len(text)
    from wcwidth import wcswidth

    return max(0, int(wcswidth(text)))


@dataclass(frozen=True, slots=True)
class Excerpt:
    """A piece of a line around a marked part; the three parts follow each other."""

    before: str
    marked: str
    after: str


def excerpt(text: str, line: Span, mark: Span, width: int) -> Excerpt:
    """At most `width` columns of a line of a text around a mark, with … where it was cut.

    The mark may take the whole width and is cut itself if it needs more, or goes on in the next line.
    """
    # No more than `width` characters on each side can fit: a line may be a whole book.
    end = min(mark.end, line.end)
    before = harmless(text[max(line.start, mark.start - width) : mark.start])
    marked = harmless(text[mark.start : min(end, mark.start + 2 * width)])
    after = harmless(text[end : min(line.end, end + width)])
    if mark.end > min(end, mark.start + 2 * width):
        marked += "…"
    room = width - columns(marked)
    if room < 0:
        return Excerpt("", _head(marked, width), "")
    cut_before, cut_after = mark.start - width > line.start, end + width < line.end
    left = max(room // 2, room - columns(after) - cut_after)
    before = _tail(before, left, cut=cut_before)
    return Excerpt(before, marked, _head(after, room - columns(before), cut=cut_after))


def _head(text: str, width: int, *, cut: bool = False) -> str:
    """The beginning of a text, with … if it does not fit or is `cut` already."""
    if not cut and columns(text) <= width:
        return text
    while text and columns(text) > width - 1:
        text = text[:-1]
    space = text.rfind(" ", max(0, len(text) - _SHORT))
    return (text[: space + 1] if space >= 0 else text) + "…" if width > 0 else ""


def _tail(text: str, width: int, *, cut: bool = False) -> str:
    """The end of a text, with … if it does not fit or is `cut` already."""
    if not cut and columns(text) <= width:
        return text
    while text and columns(text) > width - 1:
        text = text[1:]
    space = text.find(" ", 0, _SHORT)
    return "…" + (text[space:] if space >= 0 else text) if width > 0 else ""


_CODES = {"bold": "1", "faint": "2", "red": "1;31", "green": "32", "yellow": "33", "magenta": "35", "cyan": "36"}


class Paint:
    """Colours a text, or, where no colour is wanted, leaves it as it is."""

    def __init__(self, on: bool) -> None:
        self.on = on

    def __call__(self, text: str, colour: str) -> str:
        return f"\x1b[{_CODES[colour]}m{text}\x1b[0m" if self.on and colour and text else text
