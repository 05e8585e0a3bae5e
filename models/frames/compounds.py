"""Command line: which words open and close compounds, learnt from the words of a lexicon.

A word that ends in a known noun and begins with another, with or without a linking element, counts as a compound of
the two; the split whose rarer half is commonest is taken.  What opened or closed enough different compounds is
written to `qa/languages/<code>/compounds.tsv`: the part as it stands in the compound, how many compounds it opens, how
many it closes.
"""

from __future__ import annotations

import argparse
from collections import defaultdict
from pathlib import Path

from qa.language import language
from qa.lexicon import Lexicon, lexicon

LEAST = 3  # different compounds
_SHORTEST, _SHORTEST_LAST = 3, 4  # letters of a part
_COMMON = 0.2  # occurrences per million of both parts


def parts(known: Lexicon, links: list[str], *, capital: bool) -> tuple[dict[str, int], dict[str, int]]:
    """How many compounds each part opens and closes.  `links` are the linking elements, "" for none."""
    nouns: dict[str, bool] = {}

    def noun(form: str) -> bool:
        if form not in nouns:
            nouns[form] = any(r.pos == "NOUN" and r.share >= 0.3 for r in known.analyses(form)) and form in known
        return nouns[form]

    def written(part: str) -> str:
        return part[:1].upper() + part[1:] if capital else part

    opens: defaultdict[str, set[str]] = defaultdict(set)
    closes: defaultdict[str, set[str]] = defaultdict(set)
    for word in known:
        if len(word) < _SHORTEST + _SHORTEST_LAST or not word[1:].islower() or word[0].isupper() != capital:
            continue
        best = (0.0, "", "")
        for at in range(_SHORTEST, len(word) - _SHORTEST_LAST + 1):
            last = written(word[at:])
            if not noun(last):
                continue
            for link in links:
                stem = word[: at - len(link)]
                if word[:at].endswith(link) and len(stem) >= _SHORTEST and noun(stem):
                    best = max(best, (min(known.frequency(stem), known.frequency(last)), word[:at], last))
        if best[0] > _COMMON:
            opens[best[1]].add(best[2])
            closes[best[2]].add(best[1])
    return {part: len(found) for part, found in opens.items()}, {part: len(found) for part, found in closes.items()}


def main() -> None:
    """Write the tables of the languages asked for: those whose split-word.toml names linking elements."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--langs", nargs="+", default=["de", "nl"])
    parser.add_argument("--out", type=Path, default=Path("qa/languages"))
    options = parser.parse_args()
    for code in options.langs:
        facts = language(code).facts("split-word")["compounds"]
        opens, closes = parts(lexicon(code), facts["links"], capital=facts["capital"])
        rows = [
            f"{part}\t{opens.get(part, 0)}\t{closes.get(part, 0)}\n"
            for part in sorted(opens.keys() | closes.keys())
            if max(opens.get(part, 0), closes.get(part, 0)) >= LEAST
        ]
        (options.out / code / "compounds.tsv").write_text("".join(rows), encoding="utf-8")
        print(code, len(rows), "parts")


if __name__ == "__main__":
    main()
