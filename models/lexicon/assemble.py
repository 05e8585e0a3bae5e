"""Joins tables, treebank, tagged corpora and decisions into the readings of every form."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from models.lexicon.learn import Learnt
from models.lexicon.lemmas import Lemmatiser
from models.lexicon.nouns import Nouns
from models.lexicon.pack import ending
from models.lexicon.readings import Reading, Usage
from models.lexicon.sources import Facts
from qa.lexicon import Analysis

#: Readings of a form rarer than this share of its use are dropped.
LEAST_SHARE = 0.01

_OPEN = frozenset({"NOUN", "PROPN", "ADJ", "VERB", "ADV", "INTJ"})
_IGNORED = frozenset({"X", "PUNCT", "SYM", "_", "PART"})

Use = tuple[str, str]


@dataclass
class Sources:
    """Everything that is known about the forms of one language."""

    facts: Facts
    usage: Usage
    tables: Mapping[str, set[Reading]]
    closed: Mapping[str, list[Reading]]
    learnt: Learnt
    nouns: Nouns
    #: Spelling lists that name a lemma but no part of speech: form → lemmas.
    spellings: Mapping[str, set[str]] = field(default_factory=dict)


class Assembler:
    """Gives the analyses of every form."""

    def __init__(self, sources: Sources) -> None:
        self.sources = sources
        self.inflected = sources.facts.language not in ("de", "nl", "en")
        self._lemmatiser = Lemmatiser(
            ((r.pos, r.form, r.number), form, r.lemma)
            for origin in (sources.usage, sources.tables)
            for form, readings in origin.items()
            for r in readings
            if r.pos in ("ADJ", "VERB", "AUX")
        )
        self._known: defaultdict[str, set[str]] = defaultdict(set)
        for origin in (sources.usage, sources.tables):
            for readings in origin.values():
                for r in readings:
                    self._known[r.pos].add(r.lemma)
        for form, uses in sources.learnt.uses.items():
            for tag, n in uses.items():
                dictionary_form = tag[0] == "ADJ" and tag[1] in ("", "m", "mf") and tag[2] != "pl"
                if n >= 3 and (dictionary_form or tag[4] == "inf"):
                    self._known[tag[0]].add(form)
        self._both: dict[str, bool] = {}
        self._completion = self._completions()

    def forms(self) -> set[str]:
        """All forms about which something may be said."""
        s = self.sources
        return {*s.usage, *s.tables, *s.closed, *s.learnt.uses, *s.spellings}

    def uses(self, form: str) -> Counter[Use]:
        """How often each part of speech and verb form was met, implausible ones left out."""
        s = self.sources
        gold: Counter[Use] = Counter()
        for reading, n in s.usage.get(form, {}).items():
            gold[reading.pos, reading.form] += n
        listed = {(r.pos, r.form) for r in s.tables.get(form, ())}
        closed = {(r.pos, "") for r in s.closed.get(form, ())}
        tagged: Counter[Use] = Counter()
        for tag, n in s.learnt.uses.get(form, {}).items():
            tagged[tag[0], tag[4]] += n
        gold_total, total = sum(gold.values()), sum(gold.values()) + sum(tagged.values())
        uses: Counter[Use] = Counter()
        for use, n in tagged.items():
            if use[0] in _IGNORED or not self._may_be(form, use[0]):
                continue
            if closed or gold_total >= 60:
                plausible = use in closed or gold[use] >= max(1, 0.004 * gold_total)
            elif use in gold or use in listed:
                plausible = True
            else:
                least = 0.25 if gold or listed else 0.1
                plausible = n >= 2 and n >= least * total and use[0] in _OPEN
            if plausible:
                uses[use] += n
        for use, n in gold.items():
            if (
                use[0] not in _IGNORED
                and self._may_be(form, use[0])
                and (n >= 2 or use in listed or use in closed or n >= 0.02 * total)
            ):
                uses[use] += n
        for use in listed | closed:
            if self._may_be(form, use[0]) and not uses[use]:
                uses[use] = max(1, round(0.004 * total)) if total else 1
        for pos in ("VERB", "AUX"):
            # Some treebank sentences leave out the verb form.
            told = {use: n for use, n in uses.items() if use[0] == pos and use[1]}
            if told and (pos, "") in uses:
                uses[max(told, key=lambda use: (told[use], use))] += uses.pop((pos, ""))
        return uses

    def _may_be(self, form: str, pos: str) -> bool:
        return not (pos == "NOUN" and self.sources.facts.noun_capital and form[:1].islower())

    def analyses(self, form: str) -> list[Analysis]:
        """The analyses of a form, most used first."""
        uses = self.uses(form)
        weighted: defaultdict[Reading, float] = defaultdict(float)
        for (pos, verb_form), mass in uses.items():
            readings = self._readings(form, pos, verb_form)
            total = sum(readings.values())
            for reading, weight in readings.items():
                weighted[reading] += mass * weight / total
        if not weighted:
            for reading in self._completed(form):
                weighted[reading] = 1.0
        total = sum(weighted.values())
        ranked = sorted(weighted.items(), key=lambda item: (-item[1], repr(item[0])))
        closed = self.sources.closed.get(form, ())
        return [
            Analysis(r.lemma, r.pos, r.gender, r.number, r.person, r.form, weight / total)
            for r, weight in ranked
            if weight >= LEAST_SHARE * total or r in closed
        ][:8]

    def _readings(self, form: str, pos: str, verb_form: str) -> dict[Reading, float]:
        closed = [r for r in self.sources.closed.get(form, ()) if r.pos == pos]
        if closed:
            votes = self._votes(form, pos, verb_form)
            return {
                r: 0.2
                + sum(n for (g, m, _), n in votes.items() if m == r.number and (g == r.gender or r.gender == "mf"))
                for r in closed
            }
        if pos == "NOUN":
            noun = self.sources.nouns.noun(form) if form in self.sources.nouns.lemma else None
            if noun is None:
                return {Reading(self._lemma(form, pos, "", ""), pos): 1.0}
            return {
                Reading(noun.lemma, pos, gender, noun.number): share
                for gender, share in (noun.genders or {"": 1.0}).items()
            }
        if pos in ("VERB", "AUX") and verb_form == "fin":
            return self._finite(form, pos)
        if pos in ("ADJ", "DET", "PRON", "NUM", "PROPN") or verb_form == "pp":
            return self._agreeing(form, pos, verb_form)
        return {Reading(self._lemma(form, pos, verb_form, ""), pos, form=verb_form): 1.0}

    def _votes(self, form: str, pos: str, verb_form: str) -> Counter[tuple[str, str, str]]:
        """(gender, number, person) → how often the treebank and the tagger gave it."""
        s = self.sources
        votes: Counter[tuple[str, str, str]] = Counter()
        for reading, n in s.usage.get(form, {}).items():
            if (reading.pos, reading.form) == (pos, verb_form):
                votes[reading.gender, reading.number, reading.person] += n
        for tag, n in s.learnt.uses.get(form, {}).items():
            if (tag[0], tag[4]) == (pos, verb_form):
                votes[tag[1], tag[2], tag[3]] += n
        return votes

    def _finite(self, form: str, pos: str) -> dict[Reading, float]:
        votes: Counter[tuple[str, str]] = Counter()
        for (_, number, person), n in self._votes(form, pos, "fin").items():
            votes[number, person] += n
        for r in self.sources.tables.get(form, ()):
            if (r.pos, r.form) == (pos, "fin") and (r.number or r.person):
                votes[r.number, r.person] += 1
        full = {key: n for key, n in votes.items() if all(key)}
        chosen = full if sum(full.values()) >= 0.5 * sum(votes.values()) else dict(votes)
        total = sum(chosen.values())
        lemma = self._lemma(form, pos, "fin", max(chosen, key=lambda key: (chosen[key], key))[0] if chosen else "")
        return {
            Reading(lemma, pos, "", number, person, "fin"): float(n)
            for (number, person), n in chosen.items()
            if n >= 0.05 * total
        } or {Reading(lemma, pos, form="fin"): 1.0}

    def _agreeing(self, form: str, pos: str, verb_form: str) -> dict[Reading, float]:
        genders: Counter[str] = Counter()
        numbers: Counter[str] = Counter()
        for (gender, number, _), n in self._votes(form, pos, verb_form).items():
            genders[gender] += n
            numbers[number] += n
        for r in self.sources.tables.get(form, ()):
            if (r.pos, r.form) == (pos, verb_form):
                genders[r.gender] += 2
                numbers[r.number] += 2
        # Treebanks of these languages leave out the gender of an adjective that has one form for both.
        silent = pos in ("ADJ", "NUM") and self.inflected
        gender = _settled(genders, "mf", 0.1, silent) if self.inflected else ""
        number = _settled(numbers, "sp", 0.15, silent) if self.inflected or pos not in ("ADJ", "VERB") else ""
        lemma = form if pos == "PROPN" else self._lemma(form, pos, verb_form, number)
        if pos == "ADJ" and self.inflected and lemma != form and gender != "mf" and self._epicene(lemma):
            gender = "mf"
        return {Reading(lemma, pos, gender, number, "", verb_form): 1.0}

    def _epicene(self, adjective: str) -> bool:
        """Whether the dictionary form of an adjective serves for both genders, as all its forms then do."""
        if adjective not in self._both:
            self._both[adjective] = False
            self._both[adjective] = ("ADJ", "") in self.uses(adjective) and any(
                r.gender == "mf" for r in self._agreeing(adjective, "ADJ", "")
            )
        return self._both[adjective]

    def _lemma(self, form: str, pos: str, verb_form: str, number: str) -> str:
        s = self.sources
        gold: Counter[str] = Counter()
        for reading, n in s.usage.get(form, {}).items():
            if reading.pos == pos:
                gold[reading.lemma] += n * (3 if reading.form == verb_form else 1)
        for reading in s.tables.get(form, ()):
            if (reading.pos, reading.form) == (pos, verb_form):
                gold[reading.lemma] += 2
        if gold:
            return min(gold, key=lambda lemma: (-gold[lemma], lemma))
        if pos not in ("ADJ", "VERB", "AUX") or verb_form == "inf":
            return form
        listed = [lemma for lemma in s.spellings.get(form, ()) if lemma in self._known[pos]]
        if listed:
            return min(listed)
        return self._lemmatiser.lemma((pos, verb_form, number), form, self._known[pos]) or form

    # -- readings of forms that no text shows, from how forms of known lemmas end -----------------------

    def _completions(self) -> dict[tuple[str, tuple[int, int, str], str], Counter[Reading]]:
        rules: defaultdict[tuple[str, tuple[int, int, str], str], Counter[Reading]] = defaultdict(Counter)
        s = self.sources
        if not s.spellings:
            return rules
        for form in sorted(s.spellings.keys() & (s.usage.keys() | s.tables.keys() | s.learnt.uses.keys())):
            for (pos, verb_form), mass in self.uses(form).items():
                if pos not in ("NOUN", "ADJ", "VERB") or mass < 2:
                    continue
                for r in self._readings(form, pos, verb_form):
                    if r.lemma in s.spellings[form]:
                        bare = Reading("", pos, r.gender if pos != "NOUN" else "", r.number, r.person, r.form)
                        rules[pos, ending(form, r.lemma), form[-3:]][bare] += 1
        return rules

    def _completed(self, form: str) -> Iterable[Reading]:
        for lemma in sorted(self.sources.spellings.get(form, ())):
            for pos in ("NOUN", "ADJ", "VERB"):
                if lemma not in self._known[pos]:
                    continue
                votes = self._completion.get((pos, ending(form, lemma), form[-3:]))
                if not votes or sum(votes.values()) < 5:
                    continue
                reading, count = votes.most_common(1)[0]
                if count >= 0.9 * sum(votes.values()):
                    gender = reading.gender
                    if pos == "NOUN":
                        genders = self.sources.nouns.gender.get(lemma, {})
                        gender = next(iter(genders)) if len(genders) == 1 else ""
                    yield Reading(lemma, pos, gender, reading.number, reading.person, reading.form)


def _settled(votes: Counter[str], both: str, share: float, silent: bool) -> str:
    """The value that nearly all votes name, `both` when two are well supported, else ''.

    With `silent` the absence of a value is itself a sign of `both`.
    """
    everything = sum(votes.values())
    named = {value: n for value, n in votes.items() if value and value != both}
    total = sum(named.values()) + votes[both]
    clear = total >= 5 and max(named.values(), default=0) >= 0.95 * total
    if silent and everything >= 3 and votes[""] >= 0.5 * everything and not clear:
        return both
    if silent and clear:
        return max(named, key=lambda value: (named[value], value))
    if total < 2 or total < 0.3 * everything:
        return ""
    if votes[both] >= 0.5 * total:
        return both
    top = max(named, key=lambda value: (named[value], value))
    if named[top] >= 0.93 * total:
        return top
    second = sorted(named.values())[-2] if len(named) > 1 else 0
    return both if second + votes[both] >= share * total and total >= 6 else ""
