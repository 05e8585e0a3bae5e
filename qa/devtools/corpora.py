"""The clean text that rules are measured on: the part of the corpora that no count has seen."""

from __future__ import annotations

import lzma
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

from models.heldout import is_faulty, is_heldout

PARTS = ("modern", "techdocs", "law", "literature", "debates", "everyday")
PAGE = 25  # sentences that are judged together, as a page would be


@lru_cache(maxsize=8)  # one language's parts: a large one takes seconds to unpack
def heldout_sentences(data: Path, code: str, part: str) -> tuple[str, ...]:
    """The held-out sentences of one part of the corpora, in the order of the file, without those known to be wrong."""
    path = data / "corpus" / f"{code}.{part}.txt.xz"
    if not path.is_file():
        return ()
    with lzma.open(path, "rt", encoding="utf-8") as file:
        lines = (line.rstrip("\n") for line in file)
        return tuple(line for line in lines if is_heldout(line) and not is_faulty(line))


def parts_of(data: Path, code: str) -> list[str]:
    """The parts of the corpora that a language has."""
    return [part for part in PARTS if (data / "corpus" / f"{code}.{part}.txt.xz").is_file()]


def clean_sentences(data: Path, code: str, words: int) -> Iterator[tuple[str, list[str]]]:
    """(part, sentences) for each part, about `words` words in all, shared evenly among the parts.

    A part too small for its share leaves the rest to the parts after it.
    """
    parts, left = parts_of(data, code), words
    sizes = sorted(parts, key=lambda part: (data / "corpus" / f"{code}.{part}.txt.xz").stat().st_size)
    for done, part in enumerate(sizes):
        share, taken, sentences = left // (len(sizes) - done), 0, []
        for sentence in heldout_sentences(data, code, part):
            if taken >= share:
                break
            sentences.append(sentence)
            taken += len(sentence.split())
        left -= taken
        yield part, sentences


def pages(sentences: list[str]) -> Iterator[str]:
    """Sentences as plain-text pages of `PAGE` paragraphs."""
    for start in range(0, len(sentences), PAGE):
        yield "\n\n".join(sentences[start : start + PAGE])


def paragraph_pages(data: Path, code: str, size: int) -> list[str]:
    """Pages of a dozen whole paragraphs, about `size` bytes of UTF-8 in all (the parts of the corpus mixed)."""
    pages_, page, taken = [], [], 0
    with lzma.open(data / "corpus" / f"{code}.paragraphs.txt.xz", "rt", encoding="utf-8") as lines:
        for number, line in enumerate(lines):
            if number % 5:
                continue
            page.append(line.rstrip("\n"))
            taken += len(line.encode())
            if len(page) == 12:
                pages_.append("\n\n".join(page))
                page = []
            if taken > size:
                break
    return pages_
