"""Counts what stands beside closed-class words: writes `qa/languages/<code>/contexts.tsv`.

    python -m models.contexts [--data ../shared/data] [CODE …]

Counted are the closed-class words of the language itself and those of the other languages that occur in its
texts at least `LEAST` times.  Held-out lines are not read.
"""

from __future__ import annotations

import argparse
import lzma
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from models.heldout import is_heldout
from qa.contexts import CLASSES, FILE, INDEX, classes
from qa.function_words import function_words
from qa.language import FOLDER, codes, language
from qa.ngrams import ngrams

LEAST = 6
WORDS = {"modern": 1_500_000, "techdocs": 500_000, "everyday": 400_000, "law": 400_000, "literature": 700_000}


def lines(data: Path, code: str) -> Iterator[str]:
    """The lines that are counted, each part up to its share."""
    for part, most in WORDS.items():
        path = data / "corpus" / f"{code}.{part}.txt.xz"
        if not path.is_file():
            continue
        taken = 0
        with lzma.open(path, "rt", encoding="utf-8") as file:
            for line in file:
                if is_heldout(line := line.rstrip("\n")):
                    continue
                taken += line.count(" ") + 1
                if taken > most:
                    break
                yield line


def count(data: Path, code: str) -> tuple[dict[str, Counter[str]], dict[str, Counter[str]]]:
    """Left and right neighbours' classes of the closed-class words."""
    wanted = {form for each in codes() for form in function_words(language(each)).readings}
    of_class, split = classes(language(code)), ngrams(code).tokens
    left: dict[str, Counter[str]] = {}
    right: dict[str, Counter[str]] = {}
    for line in lines(data, code):
        tokens = split(line)
        kinds = [_kind(token, of_class) for token in tokens]
        for index, token in enumerate(tokens):
            form = token.lower()
            if form not in wanted or (token != form and index and tokens[index - 1] not in ".!?:«“"):
                continue
            before = kinds[index - 1] if index else "edge"
            after = kinds[index + 1] if index + 1 < len(tokens) else "edge"
            left.setdefault(form, Counter())[before] += 1
            right.setdefault(form, Counter())[after] += 1
    return left, right


def _kind(token: str, of_class: dict[str, str]) -> str:
    if token[0].isdigit():
        return "number"
    return of_class[token] if token[0].isalpha() else "punctuation"


def write(data: Path, code: str) -> int:
    """Write one language's table; the number of words in it."""
    left, right = count(data, code)
    own = function_words(language(code)).readings
    forms = sorted(f for f in left if left[f].total() >= LEAST or f in own)
    text = [
        "# How often each class of word stood beside a closed-class word: see qa/contexts.py.",
        "# Written by `python -m models.contexts` from the corpora; classes: " + " ".join(CLASSES),
    ]
    for side, table in (("left", left), ("right", right)):
        for form in forms:
            row = [0] * len(CLASSES)
            for name, number in table[form].items():
                row[INDEX[name]] = number
            text.append("\t".join((side, form, " ".join(map(str, row)))))
    (FOLDER / code / FILE).write_text("\n".join(text) + "\n", encoding="utf-8")
    return len(forms)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("codes", nargs="*")
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    options = parser.parse_args()
    for code in options.codes or codes():
        print(code, write(options.data, code))


if __name__ == "__main__":
    main()
