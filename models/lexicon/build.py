"""Command line: build the compact language data of `qa/languages`."""

from __future__ import annotations

import argparse
import pickle
import time
from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import marisa_trie

from models.lexicon import bilingual, closedclass, counts, learn, onsets, pack, readings, sources, tagger
from models.lexicon.assemble import Assembler, Sources
from models.lexicon.nouns import Nouns
from models.lexicon.pack import Entry
from models.lexicon.readings import Reading
from qa import artefact
from qa.lexicon import Lexicon, onset_by_rule

LANGUAGES = ("fr", "it", "es", "de", "pt", "nl", "en", "ca")

#: Least counts of word pairs and triples that are kept, by how much text there is.
PRUNING = {"it": (2, 2), "pt": (2, 2), "nl": (2, 3), "ca": (2, 3)}

#: Words of a treebank that are trained on at most: more costs time and gains little.
TRAINED = 120_000

Rates = Mapping[str, Mapping[str, float]]


def note(*words: object) -> None:
    """Say how far the build is."""
    print(time.strftime("%H:%M:%S"), *words, flush=True)


@dataclass
class Tables:
    """What the rows we may ship say: readings, bare spellings with their lemmas."""

    readings: dict[str, set[Reading]] = field(default_factory=lambda: defaultdict(set))
    spellings: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))

    def classes(self) -> dict[str, str]:
        """Lower-cased word → all it may be, as one string for the tagger."""
        found: defaultdict[str, set[str]] = defaultdict(set)
        for form, listed in self.readings.items():
            found[form.lower()] |= {f"{r.pos}/{'' if r.pos == 'VERB' else r.gender}/{r.form}" for r in listed}
        return {word: "|".join(sorted(marks)) for word, marks in found.items()}


def read_tables(data: Path, facts: sources.Facts) -> Tables:
    """The word table, without rows that only the GPL origins or only the treebanks have."""
    tables = Tables()
    for row in sources.rows(data, facts.language):
        if row.origins - sources.GPL == {"ud"}:
            continue  # the treebank itself is read, with its counts
        reading = readings.from_row(row, facts)
        if reading is None:
            tables.spellings[row.form].add(row.lemma)
        else:
            tables.readings[readings.key_of(row.form, row.pos, facts)].add(reading)
    return tables


def cached(path: Path | None, make: Callable[[], Any]) -> Any:
    """What `make` gives, kept in a file when a folder for such files was named."""
    if path and path.is_file():
        with path.open("rb") as file:
            return pickle.load(file)
    value = make()
    if path:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("wb") as file:
            pickle.dump(value, file, protocol=5)
    return value


def entries(
    assembler: Assembler, tables: Tables, corpus: counts.Corpus, rates: Mapping[str, float], foreign: Rates
) -> dict[str, Entry]:
    """All entries of one language."""
    s, facts = assembler.sources, assembler.sources.facts
    capitals = counts.capital_shares(corpus)
    occurrences = dict(zip(corpus.types, corpus.counts().tolist(), strict=True))
    learnt_onsets = onsets.learnt(corpus, facts)
    found: dict[str, Entry] = {}
    for form in sorted(assembler.forms() | set(rates)):
        if not form or len(form) > 60 or not form[0].isalpha():
            continue
        rate = rates.get(form, 0.0)
        small = form.lower()
        listed = form in tables.readings or form in tables.spellings
        attested = sum(s.usage.get(form, {}).values())
        if (
            form[0].isupper()
            and not facts.noun_capital
            and not listed
            and form not in s.closed
            and (capitals.get(small, 0.0) < 0.2 and rates.get(small))
        ):
            continue
        known = listed or attested >= 2 or form in s.closed
        if not known and rate < 0.05 and occurrences.get(form, 0) < 3:
            continue
        elsewhere = max((table.get(small, 0.0) for table in foreign.values()), default=0.0)
        analyses = assembler.analyses(form)
        onset = learnt_onsets.get(small) or onset_by_rule(form, facts.onset)
        found[form] = Entry(
            rate, capitals.get(small, 0.0), onset, not known and elsewhere > 20 * rate, listed, analyses
        )
    feminine = {
        form: any(a.pos == "NOUN" and (a.gender, a.number) == ("f", "sg") for a in entry.analyses[:2])
        for form, entry in found.items()
    }
    for form, onset in onsets.stressed_a_nouns(corpus, facts, feminine).items():
        found[form].onset = onset
    return found


def build(data: Path, out: Path, language: str, subtitles: Mapping[str, dict[str, int]], work: Path | None) -> None:
    """Build lexicon and n-grams of one language."""
    facts = sources.facts(out, language)
    folder = out / language
    cache = (lambda name: work / f"{name}.{language}.pickle") if work else (lambda name: None)
    corpus = cached(cache("corpus"), lambda: counts.read(data, language, elision=facts.elision))
    note(language, "corpora read")
    pairs, triples = PRUNING.get(language, (3, 3))
    pack.write_ngrams(folder, facts, counts.count_ngrams(corpus, vocabulary=65535, pairs=pairs, triples=triples))
    note(language, "n-grams written")
    tables = read_tables(data, facts)
    closed = closedclass.read(language)
    sentences = list(sources.sentences(data, language))

    def learnt() -> learn.Learnt:
        step = max(1, round(sum(map(len, sentences)) / TRAINED))
        trained = tagger.train(sentences[::step], tables.classes())
        note(language, "tagger trained")
        return learn.tag_corpora(corpus, trained, facts, closed)

    found = cached(cache("learnt"), learnt)
    note(language, "corpora tagged")
    usage = readings.from_treebank(sentences, facts)
    model = learn.GenderModel(sentences, facts, closed)
    nouns = Nouns(facts, usage, tables.readings, found, model)
    assembler = Assembler(Sources(facts, usage, tables.readings, closed, found, nouns, tables.spellings))
    foreign = {other: per_million(table) for other, table in subtitles.items() if other != language}
    listed = entries(assembler, tables, corpus, counts.rates(corpus, subtitles[language]), foreign)
    pack.write_lexicon(folder, facts, listed)
    note(language, len(listed), "forms written")


def per_million(table: Mapping[str, int]) -> dict[str, float]:
    """Counts as occurrences per million."""
    total = sum(table.values())
    return {word: 1e6 * count / total for word, count in table.items()}


def build_bilingual(data: Path, out: Path) -> None:
    """Build the bilingual lists of all languages: they share the English words. Needs the lexicons."""
    known = {language: Lexicon(language, out / language) for language in LANGUAGES}
    lists = {}
    for language in LANGUAGES:
        if language != "en":
            elision = sources.facts(out, language).elision
            rows, found = bilingual.dictionary(data, language), bilingual.aligned(data, language, elision)
            lists[language] = bilingual.combine(rows, found, known["en"], known[language])
            note(language, len(lists[language]), "bilingual pairs")
    bilingual.write(out, lists)


def build_used(out: Path) -> None:
    """Build the list of the words that any of the languages uses. Needs the lexicons."""
    words = {form for language in LANGUAGES for form in Lexicon(language, out / language).used()}
    with artefact.replacing(out / "used.trie") as part:
        marisa_trie.Trie(sorted(words)).save(str(part))
    note(len(words), "words that some language uses")


def main() -> None:
    """Build what was asked for."""
    parser = argparse.ArgumentParser(prog="python -m models.lexicon.build", description=__doc__)
    parser.add_argument("--data", type=Path, default=Path("../shared/data"), help="folder of the source data")
    parser.add_argument("--out", type=Path, default=Path("qa/languages"), help="folder of the languages")
    parser.add_argument("--langs", nargs="+", default=list(LANGUAGES), choices=LANGUAGES)
    parser.add_argument("--only", choices=("words", "bilingual", "used"), help="build only this")
    parser.add_argument("--work", type=Path, help="keep counts and tagged corpora here and use them again")
    options = parser.parse_args()
    subtitles = {language: sources.subtitle_counts(options.data, language) for language in LANGUAGES}
    if options.only in (None, "words"):
        for language in options.langs:
            build(options.data, options.out, language, subtitles, options.work)
    if options.only in (None, "bilingual"):
        build_bilingual(options.data, options.out)
    if options.only != "bilingual":
        build_used(options.out)


if __name__ == "__main__":
    main()
