"""What the seq2seq model reads and writes.

It reads a sentence in which up to six places are marked, `<fr> Les<1> petite</m> maisons<2></m> la rive`, and writes
what should stand in each: `<1><-0>s<2> de`.  An empty mark asks whether something is missing.  An answer is

* `<keep>`: what stands there is right;
* nothing: what stands there is too much;
* `<-2>aux`: take two letters off the end of the marked word and write `aux`;
* anything else: the words that belong there.

So the model need not learn to copy: its answers are small words, endings and the verdict that all is well.
"""

from __future__ import annotations

from collections.abc import Sequence

CLOSE, KEEP = "</m>", "<keep>"
MARKS = tuple(f"<{number}>" for number in range(1, 7))
#: "Take that many letters off."
CUTS = tuple(f"<-{count}>" for count in range(6))
SYMBOLS = (*MARKS, CLOSE, KEEP, *CUTS)

STEM = 3  # letters that an answer by ending leaves at least

#: A place among the words of a sentence: the first word, and the one after the last.
Place = tuple[int, int]


def tag(code: str) -> str:
    """The first piece of an input: the language."""
    return f"<{code}>"


def source(code: str, words: Sequence[str], places: Sequence[Place]) -> str:
    """The input for words as they stand between spaces; places in order, apart from each other."""
    parts, at = [tag(code)], 0
    for mark, (first, last) in zip(MARKS, places, strict=False):
        parts += [_words(words[at:first]), mark, _words(words[first:last]), CLOSE]
        at = last
    return "".join([*parts, _words(words[at:])])


def _words(words: Sequence[str]) -> str:
    return "".join(f" {word}" for word in words)


def target(answers: Sequence[str]) -> str:
    """The output for the answers to all places."""
    return "".join(mark + said for mark, said in zip(MARKS, answers, strict=False))


def answer(old: str, new: str) -> str:
    """How the model says that `new` belongs where `old` stands."""
    if old == new:
        return KEEP
    same = next((n for n, (a, b) in enumerate(zip(old, new, strict=False)) if a != b), min(len(old), len(new)))
    one_word = " " not in old and " " not in new
    if one_word and same >= STEM and len(old) - same < len(CUTS) and len(new) - same < len(CUTS):
        return CUTS[len(old) - same] + new[same:]
    return f" {new}" if new else ""


def read(said: str, old: str) -> str:
    """What an answer makes of `old`."""
    if said == KEEP:
        return old
    for count, cut in enumerate(CUTS):
        if said.startswith(cut):
            return old[: len(old) - count] + said[len(cut) :]
    return said.strip()
