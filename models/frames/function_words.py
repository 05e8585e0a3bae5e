"""Command line: words that ask for a function word before an infinitive, learnt from the corpora.

For every word w the corpora are read for "w f INFINITIVE" and "w INFINITIVE".  A pair (w, f) is kept where almost all
infinitives behind w have the same f between, and the infinitive is never or almost never bare.  The development part
of the corpora is left out.  Written to `qa/languages/<code>/frames.tsv`: word, function word, times seen, times bare.
"""

from __future__ import annotations

import argparse
from collections import Counter, defaultdict
from pathlib import Path

from models.lexicon.sources import corpus
from qa.grammar import specific
from qa.language import language
from qa.lexicon import Lexicon, lexicon
from qa.ngrams import tokens

LEAST = 6  # times seen with the function word
SHARE = 0.97  # of the infinitives behind the word that have a function word between
ONE = 0.9  # … and of these, that have the same one


class Infinitives(dict[str, bool]):
    """Form → whether it is an infinitive and hardly anything else."""

    def __init__(self, known: Lexicon, least: float) -> None:
        super().__init__()
        self._known, self._least = known, least

    def __missing__(self, form: str) -> bool:
        readings = specific(self._known.analyses(form))
        value = self[form] = sum(r.share for r in readings if r.form == "inf") >= self._least
        return value


def frames(data: Path, code: str) -> list[tuple[str, str, int, int]]:
    """(word, function word, seen, bare) of all words that pass the limits."""
    facts = language(code).facts("missing-function-word")
    full = {**{word: word for word in facts["words"]}, **{short: word for word, short in facts["elided"].items()}}
    known = lexicon(code)
    infinitive = Infinitives(known, facts["infinitive"])
    bare_is_finite = facts.get("bare_is_finite", False)
    elision = bool(language(code).facts("lexicon")["tokens"]["elision"])
    seen: defaultdict[str, Counter[str]] = defaultdict(Counter)
    bare: Counter[str] = Counter()
    for _, lines in corpus(data, code):
        for line in lines:
            words = tokens(line.lower(), elision=elision)
            for at in range(1, len(words)):
                if not infinitive[words[at]]:
                    continue
                if words[at - 1] in full and at > 1:
                    seen[words[at - 2]][full[words[at - 1]]] += 1
                else:
                    bare[words[at - 1]] += 1
    rows = []
    for word, counts in seen.items():
        (function, times), every = counts.most_common(1)[0], sum(counts.values())
        if bare_is_finite and _may_be_subject(word, known):
            continue
        if word.isalpha() and times >= LEAST and times >= ONE * every and every >= SHARE * (every + bare[word]):
            rows.append((word, function, times, bare[word]))
    return sorted(rows)


def _may_be_subject(word: str, known: Lexicon) -> bool:
    return sum(r.share for r in known.analyses(word) if r.pos in ("NOUN", "PRON", "PROPN", "ADV", "ADP")) >= 0.1


def main() -> None:
    """Write the tables of the languages asked for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--langs", nargs="+", default=["fr", "it", "es", "pt", "en"])
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument("--out", type=Path, default=Path("qa/languages"))
    options = parser.parse_args()
    for code in options.langs:
        rows = frames(options.data, code)
        text = "".join(f"{word}\t{function}\t{times}\t{bare}\n" for word, function, times, bare in rows)
        (options.out / code / "frames.tsv").write_text(text, encoding="utf-8")
        print(code, len(rows), "frames")


if __name__ == "__main__":
    main()
