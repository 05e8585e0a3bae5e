"""Decides lemma, gender and number of nouns from every kind of evidence together."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from models.lexicon.learn import GenderModel, Learnt
from models.lexicon.lemmas import Lemmatiser
from models.lexicon.onsets import stressed_a
from models.lexicon.readings import Reading, Usage
from models.lexicon.sources import Facts

#: Natural log-odds that evidence is worth, by how often it proved right against a held table.
TABLE, TREEBANK, TREEBANK_MOST = 3.5, 1.5, 5.0

#: What it is worth that the same form is an adjective or participle of one gender (employée).
ADJECTIVE = 8.0

#: Log-odds from which a form goes its own way against the other forms of its lemma.
#: Where the plural shows no gender there is less to go by, and one slip weighs more.
APART, APART_PLAIN_PLURAL = 4.0, 7.0

#: A gender is stated when its probability is at least this.
SURE = 0.98


@dataclass(frozen=True, slots=True)
class Noun:
    """What was decided about a noun form."""

    lemma: str
    #: Gender → share of use; empty when it is not sure.
    genders: dict[str, float]
    number: str


class Nouns:
    """All nouns of one language."""

    def __init__(
        self, facts: Facts, usage: Usage, tables: Mapping[str, set[Reading]], learnt: Learnt, model: GenderModel
    ) -> None:
        self.facts = facts
        self.usage, self.tables, self.learnt, self.model = usage, tables, learnt, model
        self.possible = sorted({g for g, n in model.classes if n == "sg"})
        self.forms = sorted(
            {
                form
                for form in {*usage, *tables, *learnt.uses}
                if not (facts.noun_capital and form[:1].islower())
                and not form.endswith("-")
                and (
                    any(r.pos == "NOUN" for r in usage.get(form, ()))
                    or any(r.pos == "NOUN" for r in tables.get(form, ()))
                    or self._noun_uses(form) >= 2
                )
            }
        )
        self._lemmatiser = Lemmatiser(
            (r.number, form, r.lemma)
            for form, readings in usage.items()
            for r, n in readings.items()
            if r.pos == "NOUN"
        )
        known = self._known = set(self.forms)
        self._numbers: dict[str, str] = {}
        self._gendered_plural = ("", "pl") not in model.classes
        self._sole = {
            word: found.pop()
            for word, readings in model.closed.items()
            if len(found := {r.gender for r in readings if r.pos in ("DET", "ADP")}) == 1
        }
        self.lemma = {form: self._lemma(form, known) for form in self.forms}
        self.families: defaultdict[str, list[str]] = defaultdict(list)
        for form in self.forms:
            self.families[self.lemma[form]].append(form)
        self.gender: dict[str, dict[str, float]] = {}
        for lemma, forms in self.families.items():
            self.gender.update(self._family_genders(lemma, forms))
        self._endings = self._ending_model()
        for form in self.forms:
            if not self.gender[form]:
                self.gender[form] = self._by_ending(form)
            elif form != self.lemma[form] and _margin(self._evidence(form)) < 1:
                # Nothing but its lemma speaks for the gender: citoyennes, which treebanks put under citoyen.
                self.gender[form] = self._by_ending(form) or self.gender[form]

    def _witnesses(self, form: str) -> Mapping[str, int]:
        found = self.learnt.witnesses.get(form, {})
        masked = self.facts.onset.get("stressed_a")
        if masked and stressed_a(form):
            # el agua: the article tells nothing about the gender of such a word, "la" excepted.
            return {word: n for word, n in found.items() if word not in masked or word == masked[1]}
        return found

    def _noun_uses(self, form: str) -> int:
        return sum(n for tag, n in self.learnt.uses.get(form, {}).items() if tag[0] == "NOUN")

    def number(self, form: str) -> str:
        """sg, pl, sp or ''."""
        if form not in self._numbers:
            self._numbers[form] = self._number(form)
        return self._numbers[form]

    def _number(self, form: str) -> str:
        votes: Counter[str] = Counter()
        for tag, n in self.learnt.uses.get(form, {}).items():
            if tag[0] == "NOUN":
                votes[tag[2]] += n
        for reading, n in self.usage.get(form, {}).items():
            if reading.pos == "NOUN":
                votes[reading.number] += n
        unmarked = votes.pop("", 0)
        total = sum(votes.values())
        if self._gendered_plural and unmarked >= 10 and unmarked >= 2 * total:
            return "sp"  # treebanks leave out the number of nouns that have one form for both
        if total == 0:
            stated = {r.number for r in self.tables.get(form, ()) if r.pos == "NOUN"}
            return stated.pop() if len(stated) == 1 else ""
        (top, count), *_ = votes.most_common(1)
        if count >= 0.93 * total and total >= 5:
            return top
        by_articles = self.model.number(self._witnesses(form))
        if by_articles:
            return by_articles
        if count >= 0.93 * total:
            return top
        # A mixed form is the plural of a word that is known, the singular of one whose plural is known,
        # or both at once.
        singular = self._lemmatiser.lemma("pl", form, self._known, nearest=True)
        if singular != form and singular in self._known:
            return "pl" if votes["pl"] >= 0.4 * total else ""
        if any(plural in self._known for plural in (form + "s", form + "es", form + "x")):
            return "sg" if votes["sg"] >= 0.4 * total else ""
        if total >= 10 and count <= 0.8 * total:
            return "sp"
        return top if count >= 0.85 * total else ""

    def _lemma(self, form: str, known: set[str]) -> str:
        gold = Counter()
        for reading, n in self.usage.get(form, {}).items():
            if reading.pos == "NOUN":
                gold[reading.lemma] += n
        if gold:
            return min(gold, key=lambda lemma: (-gold[lemma], lemma))
        number = self.number(form)
        if any(r.pos == "NOUN" and r.lemma == form for r in self.tables.get(form, ())) and number != "pl":
            return form
        if number == "sg" and self.facts.language not in ("de", "nl"):
            return form
        listed = {r.lemma for r in self.tables.get(form, ()) if r.pos == "NOUN" and r.lemma != form}
        if listed:
            return min(listed)
        return self._lemmatiser.lemma(number, form, known, nearest=True) or form

    def _evidence(self, form: str) -> dict[str, float]:
        """Natural log-odds of each gender from what is known about this form alone."""
        score = self.model.genders([(self._witnesses(form), self.number(form))])
        as_adjective: Counter[str] = Counter()
        for tag, n in self.learnt.uses.get(form, {}).items():
            as_adjective[tag[1] if tag[0] == "ADJ" or tag[4] == "pp" else "-"] += n
        for gender in as_adjective.keys() & score.keys():
            # A tagger in doubt calls nouns adjectives: only a word that mostly is one counts.
            if as_adjective[gender] >= max(4, 0.5 * sum(as_adjective.values())):
                score[gender] += ADJECTIVE
        stated = {r.gender for r in self.tables.get(form, ()) if r.pos == "NOUN"} & score.keys()
        for gender in stated:
            score[gender] += TABLE / len(stated)
        gold: defaultdict[str, float] = defaultdict(float)
        for reading, n in self.usage.get(form, {}).items():
            if reading.pos == "NOUN":
                # Where plurals show no gender, treebanks guess it.
                gold[reading.gender] += n if reading.number != "pl" or self._gendered_plural else 0.3 * n
        for gender in gold.keys() & score.keys():
            score[gender] += min(TREEBANK_MOST, TREEBANK * gold[gender])
        return score

    def _family_genders(self, lemma: str, forms: list[str]) -> dict[str, dict[str, float]]:
        """Form → genders for all forms of a lemma.

        Forms share their evidence, unless one is clearly of another gender than the rest: a diminutive,
        a woman's title.
        """
        own = {form: self._evidence(form) for form in forms}
        together = _sum(own.values())
        if not together:
            return {form: {} for form in forms}
        head = own.get(lemma, {})
        best = _best(head if head and _margin(head) >= 2 else together)
        apart_from = APART if self._gendered_plural else APART_PLAIN_PLURAL
        apart = {form for form, score in own.items() if score and max(score.values()) - score[best] >= apart_from}
        shared = _sum(score for form, score in own.items() if form not in apart)
        both = self._both([form for form in forms if form not in apart])
        decided = {} if self._adjectival(lemma, forms) else both or _decide(shared)
        return {form: _decide(own[form]) if form in apart else decided for form in forms}

    def _adjectival(self, lemma: str, forms: Iterable[str]) -> bool:
        """Whether a German noun is inflected like an adjective and so has any gender: der/die Alte."""
        if not self.facts.noun_capital or not lemma.endswith(("e", "er", "es", "en")):
            return False
        for form in forms:
            uses = self.learnt.uses.get(form.lower(), {})
            adjective = sum(n for tag, n in uses.items() if tag[0] == "ADJ" or tag[4] == "pp")
            if adjective >= max(3, 0.5 * sum(uses.values())):
                return True
        return False

    def _both(self, forms: Iterable[str]) -> dict[str, float]:
        """Shares of the genders when the noun clearly has more than one (un/une artiste)."""
        votes: Counter[str] = Counter()
        for form in forms:
            for word, n in self._witnesses(form).items():
                if self._sole.get(word) in self.possible:
                    votes[self._sole[word]] += n
        total = sum(votes.values())
        shares = {g: votes[g] / total for g in self.possible if votes[g] >= 3 and votes[g] >= 0.08 * total}
        return shares if len(shares) > 1 else {}

    def _ending_model(self) -> dict[str, Counter[str]]:
        endings: defaultdict[str, Counter[str]] = defaultdict(Counter)
        for form, genders in self.gender.items():
            if len(genders) == 1 and "-" not in form:
                for length in range(2, 8):
                    if len(form) > length:
                        endings[form[-length:].lower()][next(iter(genders))] += 1
        return endings

    def _by_ending(self, form: str) -> dict[str, float]:
        """The gender that all but every known noun of the longest telling ending has."""
        if not self._gendered_plural and self.number(form) == "pl":
            return {}  # agreement never asks for it, and plural endings tell little
        for length in range(min(7, len(form) - 1), 1, -1):
            votes = self._endings.get(form[-length:].lower())
            if votes and (total := sum(votes.values())) >= 25:
                gender, count = votes.most_common(1)[0]
                return {gender: 1.0} if count >= 0.985 * total else {}
        return {}

    def noun(self, form: str) -> Noun:
        """The decision about one form."""
        return Noun(self.lemma[form], self.gender[form], self.number(form))


def _sum(scores: Iterable[Mapping[str, float]]) -> dict[str, float]:
    total: defaultdict[str, float] = defaultdict(float)
    for score in scores:
        for gender, value in score.items():
            total[gender] += value
    return dict(total)


def _best(score: Mapping[str, float]) -> str:
    return max(score, key=lambda gender: (score[gender], gender))


def _margin(score: Mapping[str, float]) -> float:
    ranked = sorted(score.values())
    return ranked[-1] - ranked[-2] if len(ranked) > 1 else 0.0


def _decide(score: Mapping[str, float]) -> dict[str, float]:
    """The one gender whose probability is at least `SURE`, else nothing."""
    top = max(score.values())
    return {_best(score): 1.0} if 1 / sum(math.exp(value - top) for value in score.values()) >= SURE else {}
