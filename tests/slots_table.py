"""How many damaged number blocks the rule restores: `python -m tests.slots_table --data ../shared/data`.

Sentences with numbers are damaged by the forward model of `models.corrupt.number_slot` and read back.  `one` are the
blocks with exactly one reading, `right` those of them that come back digit for digit (all must); `many` are the
ambiguous ones, `first` and `three` those where the truth is the first reading and among the first three; `none`
found no reading; `changed` are undamaged sentences in which the rule found anything (none may).
"""

from __future__ import annotations

import argparse
import lzma
import random
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

from models.corrupt.number_slot import habit, lay
from models.heldout import is_heldout
from qa.finding import Safety
from qa.language import language
from qa.page import Page
from qa.rewrite import apply
from qa.rules.number_slot import find
from qa.text import Block, SourceMap

LANGUAGES = ("fr", "it", "es", "de", "pt", "nl", "en")
COLUMNS = ("damaged", "one", "right", "many", "first", "three", "none", "clean", "changed")

_GROUPING = re.compile(r"(?<=\d)[ \u00a0\u202f.,](?=\d{3}(?!\d))")


def plain(text: str) -> str:
    """A text without what sets thousands apart, with one decimal mark, and no zero before a digit ("01 May")."""
    return re.sub(r"(?<![\d.,])0(?=\d)", "", re.sub(r"(?<=\d),(?=\d)", ".", _GROUPING.sub("", text)))


def block(text: str) -> Block:
    """A paragraph."""
    return Block("paragraph", text, SourceMap.identity(0, len(text)))


def repairs(text: str, code: str) -> tuple[list[str], bool]:
    """The repaired texts, best first, and whether the first one is safe.  Every run of the block is repaired."""
    one = block(text)
    found = list(find(one, Page((one,), language(code))))
    if not found or any(not finding.fixes for finding in found):
        return [], False
    texts = []
    for rank in range(max(len(finding.fixes) for finding in found)):
        edits = [e for f in found for e in f.fixes[min(rank, len(f.fixes) - 1)].edits]
        texts.append(apply(text, edits))
    return texts, all(finding.fixes[0].safety is Safety.SAFE for finding in found)


def measure(
    sentences: Iterable[str], code: str, seed: int = 0
) -> tuple[Counter[str], list[tuple[str, str, str, list[str]]]]:
    """The counts of one language, and every block that was not restored: what happened, clean, damaged, repairs."""
    counts: Counter[str] = Counter()
    missed = []
    rng = random.Random(seed)
    for sentence in sentences:
        counts["clean"] += 1
        one = block(sentence)
        counts["changed"] += any(True for _ in find(one, Page((one,), language(code))))
        laid = lay(sentence, code, rng, habit(code, rng))
        if laid is None:
            continue
        counts["damaged"] += 1
        texts, safe = repairs(laid.damaged, code)
        ranks = [rank for rank, text in enumerate(texts) if plain(text) == plain(laid.clean)]
        if not texts:
            outcome = "none"
        elif safe:
            outcome = "one"
            counts["right"] += ranks == [0]
        else:
            outcome = "many"
            counts["first"] += bool(ranks) and ranks[0] == 0
            counts["three"] += bool(ranks) and ranks[0] < 3
        counts[outcome] += 1
        if not ranks or ranks[0]:
            missed.append((outcome, laid.clean, laid.damaged, texts))
    return counts, missed


def sentences(data: Path, code: str, limit: int) -> Iterator[str]:
    """Held-out corpus sentences with a digit."""
    for path in sorted((data / "corpus").glob(f"{code}.*.txt.xz")):
        left = limit
        with lzma.open(path, "rt", encoding="utf-8") as lines:
            for line in map(str.rstrip, lines):
                if left and re.search(r"\d", line) and is_heldout(line):
                    left -= 1
                    yield line


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="folder with corpus/")
    parser.add_argument("--limit", type=int, default=1500, help="sentences of each corpus file")
    parser.add_argument("--missed", type=int, default=0, help="blocks not restored to print for each language")
    arguments = parser.parse_args()
    print("language" + "".join(f"{name:>9}" for name in COLUMNS))
    for code in LANGUAGES:
        counts, missed = measure(sentences(arguments.data, code, arguments.limit), code)
        print(f"{code:8}" + "".join(f"{counts[name]:9}" for name in COLUMNS), flush=True)
        for outcome, clean, damaged, texts in missed[: arguments.missed]:
            print(f"  {outcome}\n    clean   {clean}\n    damaged {damaged}")
            for text in texts:
                print(f"    repair  {text}")


if __name__ == "__main__":
    main()
