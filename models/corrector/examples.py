"""Training examples of the seq2seq model: a marked span in its context, and what should stand there."""

from __future__ import annotations

import random
from collections.abc import Iterator

from models.corrector.text import Corpus
from models.corrupt._mixture import Damaged, Mixture
from qa.model.format import source

#: How many defects a sentence gets, and how often.
COUNTS, COUNT_WEIGHTS = (0, 1, 2, 3), (1, 4, 4, 2)
WIDEN = 0.25  # how often a mark takes in one more word, on each side
CLEAN_MARKS = 0.3  # share of marks around words that are right


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


def marks(damaged: Damaged, code: str, rng: random.Random) -> Iterator[tuple[str, str]]:
    """Inputs and outputs for one damaged sentence: every defect once, and some words that are right."""
    words, spans = words_of(damaged)
    if any(not word for word in words):
        return
    taken = {i for first, last, _ in spans for i in range(first - 2, last + 2)}
    for first, last, right in spans:
        target = [right] if right else []
        if first > 0 and rng.random() < WIDEN and not any(s[1] == first for s in spans):
            first -= 1
            target.insert(0, words[first])
        if last < len(words) and rng.random() < WIDEN and not any(s[0] == last for s in spans):
            target.append(words[last])
            last += 1
        yield source(code, words[:first], words[first:last], words[last:]), " ".join(target)
    wanted = max(len(spans), 1) * CLEAN_MARKS / (1 - CLEAN_MARKS)
    for _ in range(int(wanted + rng.random())):
        first = rng.randrange(len(words) + 1)
        last = min(len(words), first + rng.choice((0, 1, 1, 1, 2)))
        if not taken.intersection(range(first, last + 1)):
            yield source(code, words[:first], words[first:last], words[last:]), " ".join(words[first:last])


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
            yield from marks(mixture.damage(line, code, rng, count), code, rng)
