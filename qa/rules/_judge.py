"""Which of two wordings of a sentence reads better, by the n-gram counts of its language."""

from __future__ import annotations

from collections.abc import Sequence

from qa.finding import Edit
from qa.ngrams import Ngrams

_AROUND = 40  # characters on either side: more than the two words that a trigram looks at


def advantage(counts: Ngrams, text: str, edits: Sequence[Edit]) -> float:
    """How much likelier (in nats) the text is with the edits than without.

    The edits are in order and apart from each other.  Only the words around them are read.
    """
    start = _word_start(text, max(0, edits[0].span.start - _AROUND))
    end = min(len(text), edits[-1].span.end + _AROUND)
    parts, last = [], start
    for edit in edits:
        parts += [text[last : edit.span.start], edit.text]
        last = edit.span.end
    old = counts.tokens(text[start:end])
    new = counts.tokens("".join([*parts, text[last:end]]))
    same = 0
    while same < min(len(old), len(new)) and old[same] == new[same]:
        same += 1
    tail = 0
    while tail < min(len(old), len(new)) - same and old[-1 - tail] == new[-1 - tail]:
        tail += 1
    return counts.logprob(new, same, len(new) - tail) - counts.logprob(old, same, len(old) - tail)


def _word_start(text: str, position: int) -> int:
    """The next position at which no word is cut in two."""
    while 0 < position < len(text) and text[position - 1].isalnum() and text[position].isalnum():
        position += 1
    return position
