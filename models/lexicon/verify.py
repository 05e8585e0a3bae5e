"""Checks the built lexicons: gender and number against tables not shipped, coverage on text not counted.

The rows that come from the GPL tables are only compared with here; nothing of them is stored.
"""

from __future__ import annotations

import argparse
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from pathlib import Path

from models.heldout import is_heldout
from models.lexicon.sources import GPL, lines, rows
from qa.lexicon import Analysis, Lexicon, lexicon
from qa.ngrams import ngrams

LANGUAGES = ("fr", "it", "es", "pt", "de", "nl", "ca")

#: Values that state nothing a rule could contradict.
_OPEN = frozenset({"", "mf", "sp"})

#: Held-out lines read per language.
LINES = 3_000


@dataclass
class Score:
    """How often a stated value agrees with the table."""

    right: int = 0
    wrong: list[tuple[str, str, str]] = field(default_factory=list)
    silent: int = 0

    @property
    def precision(self) -> float:
        """Share of stated values that agree; 1.0 when none was stated."""
        stated = self.right + len(self.wrong)
        return self.right / stated if stated else 1.0

    def add(self, form: str, said: set[str], table: set[str]) -> None:
        """Count one form."""
        if len(said) != 1 or said & _OPEN:
            self.silent += 1
        elif said <= table:
            self.right += 1
        else:
            self.wrong.append((form, *said, *sorted(table)[:1]))


def compare(data: Path, language: str, pos: str) -> tuple[Score, Score, Score]:
    """Gender of all forms, gender of forms that no table we may ship lists, number of all forms."""
    known = lexicon(language)
    genders: defaultdict[str, set[str]] = defaultdict(set)
    numbers: defaultdict[str, set[str]] = defaultdict(set)
    listed: set[str] = set()
    for row in rows(data, language, gpl=True):
        if row.origins & GPL and row.pos == pos and row.gender and row.gender != "mf":
            genders[row.form].add("c" if language == "nl" and row.gender in "mf" else row.gender)
            numbers[row.form].add(row.number)
        if not row.origins <= GPL:
            listed.add(row.form)
    scores = Score(), Score(), Score()
    for form, stated in genders.items():
        readings: list[Analysis] = [r for r in known.analyses(form) if r.pos == pos]
        if form not in known or not readings:
            continue
        if len(stated) == 1:
            said = {r.gender for r in readings}
            scores[0].add(form, said, stated)
            if form not in listed:
                scores[1].add(form, said, stated)
        if len(numbers[form]) == 1 and not numbers[form] & _OPEN:
            scores[2].add(form, {r.number for r in readings}, numbers[form])
    return scores


def coverage(data: Path, known: Lexicon, language: str) -> tuple[float, list[str]]:
    """Share of the words of held-out modern text that are in the lexicon, and the most frequent others."""
    split = ngrams(language).tokens
    held = (line for line in lines(data / "corpus" / f"{language}.modern.txt.xz") if is_heldout(line))
    found, missed = 0, Counter[str]()
    for _, line in zip(range(LINES), held, strict=False):
        for word in split(line):
            if word[0].isalpha():
                if word in known:
                    found += 1
                else:
                    missed[word] += 1
    return found / (found + missed.total()), [word for word, _ in missed.most_common(12)]


def main() -> None:
    """Print the tables of docs/lexicon.md."""
    parser = argparse.ArgumentParser(prog="python -m models.lexicon.verify", description=__doc__)
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument("--langs", nargs="+", default=["fr", "it", "es", "pt", "de", "nl", "en", "ca"])
    parser.add_argument("--wrong", type=int, default=0, help="list so many disagreements")
    options = parser.parse_args()
    print("| | noun gender | stated | of these in no shipped table | noun number | adjective gender | known words |")
    print("|---|---:|---:|---:|---:|---:|---:|")
    for language in options.langs:
        share, missed = coverage(options.data, lexicon(language), language)
        if language in LANGUAGES:
            gender, new, number = compare(options.data, language, "NOUN")
            adjective, _, _ = compare(options.data, language, "ADJ")
            stated = gender.right + len(gender.wrong)
            cells = [
                f"{100 * gender.precision:.1f} %",
                f"{stated:,} of {stated + gender.silent:,}",
                f"{100 * new.precision:.1f} %",
                f"{100 * number.precision:.1f} %",
                f"{100 * adjective.precision:.1f} %" if language not in ("de", "nl") else "–",
            ]
        else:
            gender, cells = Score(), ["–"] * 5
        print(f"| {language} | {' | '.join(cells)} | {100 * share:.2f} % |")
        if options.wrong:
            print(gender.wrong[: options.wrong], missed)


if __name__ == "__main__":
    main()
