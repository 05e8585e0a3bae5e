"""From a rendering to the edit that writes it: spaces, apostrophes, contractions with the word before, capitals."""

from __future__ import annotations

from qa.rules._render import Rendering
from qa.rules._tokens import Place
from qa.text import Block, Span

_SPACE = " \u00a0\u202f"
_BEFORE_SENTENCE = "«“„‟\"'([{*_"
_ENDS = ".!?…:–—•|"


def surface(block: Block, place: Place, rendering: Rendering) -> tuple[Span, str]:
    """Which stretch of the block to replace, and by what, to put a rendering in the place of a run."""
    start, end = place.span.start, place.span.end
    text = ""
    for token in rendering.tokens:
        text += token if not text or text.endswith("'") else f" {token}"
    opens = sentence_opens(block, start)
    if rendering.swallowed:
        word_before = place.line[place.first - 1]
        start, opens = word_before.start, word_before.text[:1].isupper()
    elided = place.forms[-1][-1] in "'’"
    if elided and not text.endswith("'"):
        text += " "  # the foreign word was elided
    elif text.endswith("'") and not elided and block.prose[end : end + 1] in _SPACE:
        end += 1
    if "’" in block.text:
        text = text.replace("'", "’")
    if opens and block.prose[start].isupper():
        text = text[0].upper() + text[1:]
    return Span(start, end), text


def sentence_opens(block: Block, start: int) -> bool:
    """Whether a sentence begins at `start`."""
    before = block.prose[max(0, start - 20) : start].rstrip(_SPACE + _BEFORE_SENTENCE)
    return not before or before[-1] in _ENDS
