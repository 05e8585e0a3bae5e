"""Measures three ways to store the words of a lexicon: size, loading, look-ups, and ours with its memo."""

from __future__ import annotations

import argparse
import hashlib
import pickle
import tempfile
import time
from bisect import bisect_left
from collections.abc import Callable, Iterable
from pathlib import Path

import marisa_trie
import numpy as np

from models.lexicon.sources import corpus
from qa.lexicon import LANGUAGES, Lexicon
from qa.ngrams import ngrams, tokens

#: Words looked up per measurement.
WORDS = 400_000


def fingerprint(word: str) -> int:
    """A 64-bit hash that is the same in every run."""
    return int.from_bytes(hashlib.blake2b(word.encode(), digest_size=8).digest(), "little")


def best_of(times: int, run: Callable[[], object]) -> float:
    """CPU seconds of the fastest of several runs."""
    found = []
    for _ in range(times):
        start = time.process_time()
        run()
        found.append(time.process_time() - start)
    return min(found)


def rate(look_up: Callable[[str], object], words: Iterable[str], *, times: int = 3) -> float:
    """Look-ups per CPU second, in the fastest of several runs."""
    listed = list(words)

    def run() -> None:
        for word in listed:
            look_up(word)

    return len(listed) / best_of(times, run)


def main() -> None:
    """Print a Markdown table."""
    parser = argparse.ArgumentParser(prog="python -m models.lexicon.measure", description=__doc__)
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument("--lang", default="fr")
    options = parser.parse_args()
    folder = LANGUAGES / options.lang
    ours = Lexicon(options.lang, folder)
    keys = sorted(ours._trie.keys())  # also lemmas and words of other languages
    elision = ngrams(options.lang).elision
    running: list[str] = []
    for _, lines in corpus(options.data, options.lang):
        for line in lines[:20_000]:
            running += [word for word in tokens(line, elision=elision) if word[0].isalpha()]
    running = running[:WORDS]
    distinct = sorted(set(running))
    print(f"{options.lang}: {len(keys):,} spellings; {len(running):,} running words, {len(distinct):,} distinct\n")
    print("| storage of the words | bytes | load, ms | new words/s | running text/s |")
    print("|---|---:|---:|---:|---:|")

    def report(name: str, size: int, load: Callable[[], Callable[[str], object]]) -> None:
        seconds = best_of(5, load)
        # Distinct words are asked of a fresh copy, so that nothing is remembered yet.
        first = max(rate(load(), distinct, times=1) for _ in range(3))
        print(f"| {name} | {size:,} | {1000 * seconds:.2f} | {first:,.0f} | {rate(load(), running):,.0f} |")

    with tempfile.TemporaryDirectory() as name:
        path = Path(name)
        marisa_trie.Trie(keys, order=marisa_trie.LABEL_ORDER).save(str(path / "trie"))
        report(
            "marisa-trie, mapped",
            (path / "trie").stat().st_size,
            lambda: marisa_trie.Trie().mmap(str(path / "trie")).get,
        )

        np.array(sorted(map(fingerprint, keys)), np.uint64).tofile(path / "hashes")

        def hashed() -> Callable[[str], object]:
            table = memoryview(np.memmap(path / "hashes", np.uint64, "r")).cast("B").cast("Q")
            size = len(table)

            def look_up(word: str) -> int:
                value = fingerprint(word)
                at = bisect_left(table, value)
                return at if at < size and table[at] == value else -1

            return look_up

        report("sorted 64-bit hashes, mapped, bisect", (path / "hashes").stat().st_size, hashed)

        def searched() -> Callable[[str], object]:
            table = np.memmap(path / "hashes", np.uint64, "r")
            return lambda word: np.searchsorted(table, np.uint64(fingerprint(word)))

        report("the same, NumPy searchsorted", (path / "hashes").stat().st_size, searched)
        (path / "dict").write_bytes(pickle.dumps({word: n for n, word in enumerate(keys)}, protocol=5))
        report("dict, pickled", (path / "dict").stat().st_size, lambda: pickle.loads((path / "dict").read_bytes()).get)
    size = sum((folder / f"lexicon.{end}").stat().st_size for end in ("trie", "bin"))
    report("ours, `form in lexicon` (all data)", size, lambda: Lexicon(options.lang, folder).__contains__)
    report("ours, `frequency`", size, lambda: Lexicon(options.lang, folder).frequency)
    report("ours, `analyses`", size, lambda: Lexicon(options.lang, folder).analyses)


if __name__ == "__main__":
    main()
