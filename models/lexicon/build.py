"""Command line: build the compact language data of `qa/languages`."""

from __future__ import annotations

import argparse
import time
from collections import Counter, defaultdict
from pathlib import Path

from models.lexicon import analyses as readings_
from models.lexicon import bilingual
from models.lexicon import counts as counts_
from models.lexicon import pack, sources
from models.lexicon.analyses import Reading, Usage
from models.lexicon.pack import Entry
from qa.lexicon import onset_by_rule

LANGUAGES = ("fr", "it", "es", "de", "pt", "nl", "en", "ca")

#: Least counts of word pairs and triples that are kept, per language: by how much text there is.
PRUNING = {"it": (2, 2), "pt": (2, 2), "ca": (2, 3)}


def note(*words: object) -> None:
    print(time.strftime("%H:%M:%S"), *words, flush=True)


def entries_of(
    facts: sources.Facts, usage: Usage, tables: dict[str, set[Reading]], spellings: set[str],
    rates: dict[str, float], capitals: dict[str, float], foreign_rates: dict[str, dict[str, float]],
    counts: dict[str, int],
) -> dict[str, Entry]:
    """All entries of one language."""
    entries: dict[str, Entry] = {}
    forms = set(usage) | set(tables) | spellings | {f for f, n in counts.items() if n >= 3} | set(rates)
    for form in sorted(forms):
        if not form or len(form) > 60 or not form[0].isalpha():
            continue
        rate = rates.get(form, 0.0)
        table = form in tables or form in spellings
        if form[0].isupper() and not facts.noun_capital and capitals.get(form.lower(), 0.0) < 0.2 and rates.get(
            form.lower()
        ):
            continue
        evidence: Counter[Reading] = Counter(usage.get(form, {}))
        listed = tables.get(form, set())
        for reading in listed:
            if not any(r.pos == reading.pos and r.form == reading.form for r in usage.get(form, {})):
                evidence[reading] += 0.5  # type: ignore[assignment]
        known = table or sum(usage.get(form, {}).values()) >= 2
        if not known and rate < 0.05 and counts.get(form, 0) < 3:
            continue
        elsewhere = max((other.get(form, 0.0) for other in foreign_rates.values()), default=0.0)
        entries[form] = Entry(
            frequency=rate,
            capital=capitals.get(form.lower(), 0.0),
            onset=onset_by_rule(form, facts.onset),
            foreign=not known and elsewhere > 20 * rate,
            table=table,
            analyses=readings_.analyses(evidence) if evidence else [],
        )
    return entries


def bilingual_lists(data: Path, out: Path, rates: dict[str, dict[str, float]]) -> None:
    """Build the bilingual lists of all languages: they share the English words."""
    lists = {}
    for language in LANGUAGES:
        if language == "en":
            continue
        elision = sources.facts(out, language).elision
        lists[language] = bilingual.combine(
            bilingual.dictionary(data, language), bilingual.aligned(data, language, elision),
            rates["en"], rates[language],
        )
        note(language, len(lists[language]), "bilingual pairs")
    bilingual.write(out, lists)


def main() -> None:
    """Build the languages asked for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument("--out", type=Path, default=Path("qa/languages"))
    parser.add_argument("--langs", nargs="+", default=list(LANGUAGES), choices=LANGUAGES)
    parser.add_argument("--only", choices=("words", "bilingual"), help="build only this")
    options = parser.parse_args()
    subtitles = {
        language: sources.subtitle_counts(options.data, language) for language in LANGUAGES
    }
    foreign = {}
    for language, listed in subtitles.items():
        total = sum(listed.values())
        foreign[language] = {word: 1e6 * n / total for word, n in listed.items()}
    if options.only != "words":
        bilingual_lists(options.data, options.out, foreign)
    for language in options.langs if options.only != "bilingual" else ():
        facts = sources.facts(options.out, language)
        folder = options.out / language
        note(language, "reading")
        corpus = counts_.read(options.data, language, elision=facts.elision)
        least_pairs, least_triples = PRUNING.get(language, (3, 3))
        pack.write_ngrams(
            folder, facts,
            counts_.count_ngrams(corpus, vocabulary=65535, pairs=least_pairs, triples=least_triples),
        )
        note(language, "n-grams written")
        usage = readings_.from_treebank(sources.sentences(options.data, language), facts)
        tables: dict[str, set[Reading]] = defaultdict(set)
        spellings: set[str] = set()
        for row in sources.rows(options.data, language):
            if row.origins - sources.GPL == {"ud"}:
                continue
            reading = readings_.from_row(row, facts)
            key = readings_.key_of(row.form, row.pos, facts)
            if reading is None:
                spellings.add(row.form)
            else:
                tables[key].add(reading)
        totals = corpus.counts()
        rates = counts_.rates(corpus, subtitles[language])
        entries = entries_of(
            facts, usage, tables, spellings, rates, counts_.capital_shares(corpus),
            {other: table for other, table in foreign.items() if other != language},
            dict(zip(corpus.types, totals.tolist(), strict=True)),
        )
        pack.write_lexicon(folder, facts, entries)
        note(language, len(entries), "forms written")


if __name__ == "__main__":
    main()
