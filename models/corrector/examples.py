"""Training examples of the seq2seq model: a sentence with marked places, and what should stand in each."""

from __future__ import annotations

import random
from collections.abc import Iterator

from models.corrector.text import Corpus
from models.corrupt._mixture import Damaged, Mixture
from qa.model.format import MARKS, Place, answer, source, target

#: How many defects a sentence gets, and how often.
COUNTS, COUNT_WEIGHTS = (1, 2, 3, 4, 5, 6), (1, 2, 3, 3, 3, 2)
WIDTHS, WIDTH_WEIGHTS = (0, 1, 2), (3, 6, 1)  # words in a mark around what is right


def words_of(damaged: Damaged) -> tuple[list[str], list[tuple[int, int, str]]]:
    """The words between spaces, and each defect as (first word, word after the last, what should stand there)."""
    text = damaged.text
    words = text.split(" ")
    starts, at = [], 0
    for word in words:
        starts.append(at)
        at += len(word) + 1
    ends = [start + len(word) for start, word in zip(starts, words, strict=True)]
    spans = []
    for defect in damaged.defects:
        if defect.start == defect.end:
            # Something was lost: before the word that begins here.
            first = next((i for i, start in enumerate(starts) if start >= defect.start), len(words))
            spans.append((first, first, defect.original.strip()))
            continue
        # Where the words around the defect join once it is repaired, the next word belongs to the span.
        joins = text[defect.end - 1] == " " and defect.original != "" and not defect.original.endswith(" ")
        end = defect.end + 1 if joins else defect.end - (text[defect.end - 1] == " ")
        touched = [i for i in range(len(words)) if starts[i] < max(end, defect.start + 1) and ends[i] > defect.start]
        if text[defect.start] == " ":
            touched = [i for i in range(len(words)) if starts[i] <= defect.end and ends[i] >= defect.start]
        if not touched:
            continue
        first, last = touched[0], touched[-1]
        stop = max(ends[last], defect.end)
        right = text[starts[first] : defect.start] + defect.original + text[defect.end : stop]
        spans.append((first, last + 1, right.strip()))
    return words, spans


def example(damaged: Damaged, code: str, rng: random.Random) -> tuple[str, str] | None:
    """Input and output for one damaged sentence: every defect is marked, and some places that are right.

    All marks of a sentence share one pass of the encoder, which is what training costs.
    """
    words, spans = words_of(damaged)
    if any(not word for word in words):
        return None
    marked: dict[Place, str] = {(first, last): right for first, last, right in spans}
    taken = {i for first, last in marked for i in range(first - 1, last + 2)}
    # Fewer right places than defects, which teach more, but at least one: a finder that asks in vain must hear so.
    for _ in range(rng.randrange(1, len(marked) + 1) if marked else 2):
        first = rng.randrange(len(words) + 1)
        last = min(len(words), first + rng.choices(WIDTHS, WIDTH_WEIGHTS)[0])
        if not taken.intersection(range(first, last + 1)):
            marked[first, last] = " ".join(words[first:last])
            taken.update(range(first - 1, last + 2))
    places = sorted(rng.sample(sorted(marked), min(len(marked), len(MARKS))))
    if not places:
        return None
    answers = [answer(" ".join(words[first:last]), marked[first, last]) for first, last in places]
    return source(code, words, places), target(answers)


def stream(
    corpora: dict[str, Corpus], rng: random.Random, rates: dict[str, float] | None = None
) -> Iterator[tuple[str, str]]:
    """Examples for ever, the languages in turn."""
    mixture = Mixture(rates) if rates else Mixture()
    lines = {code: corpus.sample(rng) for code, corpus in corpora.items()}
    codes = sorted(lines)
    while True:
        for code in codes:
            line = next(lines[code])
            count = rng.choices(COUNTS, COUNT_WEIGHTS)[0]
            made = example(mixture.damage(line, code, rng, count), code, rng)
            if made is not None:
                yield made
