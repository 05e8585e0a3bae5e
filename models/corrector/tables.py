"""N-gram counts without the tagger's own training lines: `python -m models.corrector.tables`.

A tagger that learns with counts in which its training sentences were counted finds every clean sentence well known and
every damaged one odd; on new text neither holds.  So the counts for training leave out the lines it trains on.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from models.corrector.text import CODES, is_tagger_line
from models.lexicon import build, counts, pack, sources

TABLES = Path("models/work/tables")


def main() -> None:
    """Write `ngrams.bin` and `ngrams.trie` of each language to `models/work/tables/<code>`."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument("--out", type=Path, default=TABLES)
    parser.add_argument("--codes", nargs="+", default=list(CODES))
    options = parser.parse_args()
    heldout = sources.is_heldout
    sources.is_heldout = lambda line: heldout(line) or is_tagger_line(line)
    for code in options.codes:
        facts = sources.facts(Path("qa/languages"), code)
        corpus = counts.read(options.data, code, elision=facts.elision)
        pairs, triples = build.PRUNING.get(code, (3, 3))
        folder = options.out / code
        folder.mkdir(parents=True, exist_ok=True)
        pack.write_ngrams(folder, facts, counts.count_ngrams(corpus, vocabulary=65_535, pairs=pairs, triples=triples))
        print(code, sum(len(stream.ids) for stream in corpus.streams), "tokens", flush=True)


if __name__ == "__main__":
    main()
