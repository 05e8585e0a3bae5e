"""Find, propose, judge: the corrector of one language."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import astuple

from qa.lexicon import Lexicon
from qa.memory import Memo
from qa.model.budget import Hypothesis, exceeded
from qa.model.gains import Gain, Gains
from qa.model.judge import Judge, evidence, look, rivals
from qa.model.labels import LOWER, MISSING, OTHER, UPPER
from qa.model.propose import Candidate, candidates, inflections, permitted, rewording
from qa.model.sentences import Sentence, sentences
from qa.model.tagger import Tagger, Verdict
from qa.model.writer import Writer
from qa.ngrams import Ngrams

GATE = 0.2  # a sentence in which the tagger finds no place likelier wrong than this is left alone
LEAST = 0.5  # confidence from which on an edit is told: other marks on a page do not make a weaker one right
MOST = 8  # candidates of a sentence that are judged
PUZZLING = 0.3  # probability of a defect that no label repairs, from which on the seq2seq model is asked
WRITTEN = 2  # places of a sentence that it is asked about
LONGEST = 40  # characters of a place of another finder that it is asked about: it has learnt of words, not of clauses

_LETTERS = re.compile(r"[^\W\d_]+")
#: A place in a sentence, how likely something is wrong there, and how likely it is no small word: start, end, both.
Puzzle = tuple[int, int, float, float]
#: A sentence that passed the gate, with what the finders say of it.
Doubted = tuple[Sentence, Verdict, Sequence[Gain]]
#: A candidate with the judge's confidence in it.
Ranked = tuple[float, Candidate]


class Corrector:
    """Corrects texts of one language.  The same text gives the same hypotheses, whatever else is in the batch."""

    def __init__(
        self, code: str, words: Lexicon, ngrams: Ngrams, tagger: Tagger, judge: Judge, writer: Writer | None = None
    ) -> None:
        self.code = code
        self._words = words
        self._ngrams = ngrams
        self._tagger = tagger
        self._judge = judge
        self._writer = writer
        featuriser = tagger.featuriser
        self._forms = Memo(lambda form: inflections(words, form)).__getitem__
        self._gains = Gains(ngrams, featuriser.counts, featuriser.watched, self._forms)

    def correct(self, text: str) -> list[Hypothesis]:
        """The edits that the judge keeps, in the order of the text."""
        return [hypothesis for _, hypotheses in self.look(text) for hypothesis in hypotheses]

    def look(self, text: str) -> Iterator[tuple[Sentence, list[Hypothesis]]]:
        """Every sentence with the edits in it (places count in the text); a skipped one says why."""
        pieces = list(sentences(text, self._words, elision=self._ngrams.elision))
        whole = [piece for piece in pieces if not piece.skipped]
        doubted = [
            (piece, verdict, gains)
            for piece, (verdict, gains) in zip(whole, self.see(whole), strict=True)
            if verdict.wrong >= GATE
        ]
        ranked = {piece.start: found for (piece, _, _), found in zip(doubted, self.rank(doubted), strict=True)}
        for piece in pieces:
            kept = self._edits(piece, ranked[piece.start]) if piece.start in ranked else []
            yield piece, [hypothesis.moved(piece.start) for hypothesis in kept]

    def see(self, pieces: Sequence[Sentence]) -> list[tuple[Verdict, list[Gain]]]:
        """What the tagger says of each sentence, and where that opens the gate what the counts would change."""
        tokens = [piece.tokens for piece in pieces]
        verdicts = self._tagger.judge(tokens)
        opened = [number for number, verdict in enumerate(verdicts) if verdict.wrong >= GATE]
        gains = dict(zip(opened, self._gains.find([tokens[number] for number in opened]), strict=True))
        return [(verdict, gains.get(number, [])) for number, verdict in enumerate(verdicts)]

    def rank(self, doubted: Sequence[Doubted]) -> list[list[Ranked]]:
        """The candidates of each sentence with the judge's confidence, best first."""
        owners: list[int] = []
        found: list[Candidate] = []
        values: list[list[float]] = []
        for number, (piece, verdict, gains) in enumerate(doubted):
            for one, numbers in self.weigh(piece, verdict, gains):
                owners.append(number)
                found.append(one)
                values.append(numbers)
        ranked: list[list[Ranked]] = [[] for _ in doubted]
        for number, one, probability in zip(owners, found, self._judge.probabilities(values), strict=True):
            ranked[number].append((self._judge.confidence(probability, self.code, one.kind), one))
        return [sorted(each, key=lambda pair: (-pair[0], pair[1].start, pair[1].end, pair[1].new)) for each in ranked]

    def weigh(
        self, piece: Sentence, verdict: Verdict, gains: Sequence[Gain]
    ) -> Iterator[tuple[Candidate, list[float]]]:
        """The candidates of a sentence, each with the evidence for it."""
        found = self.proposals(piece, verdict, gains)
        seen = look(piece, verdict, self._words, self._ngrams, self.code, self._tagger.featuriser.lexical)
        margins = self.margins(piece, found)
        rows = [evidence(one, seen, margin) for one, margin in zip(found, margins, strict=True)]
        yield from zip(found, rivals(found, rows), strict=True)

    def proposals(self, piece: Sentence, verdict: Verdict, gains: Sequence[Gain]) -> list[Candidate]:
        """The permitted candidates of a sentence: those of the counts, then the tagger's likeliest."""
        found: dict[tuple[int, int, str], Candidate] = {}
        for one in candidates(
            piece.text, piece.tokens, verdict, self._tagger.own, self._tagger.before, self._forms, gains
        ):
            if permitted(one, piece.text, piece.tokens):
                key = (one.start, one.end, one.new)
                if key not in found or found[key].label < one.label:
                    found[key] = one
        for one in self._written(piece, self._puzzles(piece, verdict)):
            found.setdefault((one.start, one.end, one.new), one)
        of_counts = {(gain.token, gain.label) for gain in gains}
        return sorted(
            found.values(),
            key=lambda one: ((one.first, one.kind) not in of_counts, -one.label * one.wrong, one.start, one.new),
        )[:MOST]

    def _puzzles(self, piece: Sentence, verdict: Verdict) -> list[Puzzle]:
        """Where the tagger is sure that something is wrong or missing, and has no word for it: the worst first."""
        if self._writer is None:
            return []
        found: list[Puzzle] = []
        for table, labels, label in (
            (verdict.own, self._tagger.own, OTHER),
            (verdict.before, self._tagger.before, MISSING),
        ):
            if label not in labels:
                continue
            column = table[:, labels.index(label)]
            for index in (column > PUZZLING).nonzero()[0].tolist():
                token = piece.tokens[index]
                end = token.end if label == OTHER else token.start
                wrong = float(1 - table[index][0])
                found.append((token.start, end, wrong, float(column[index])))
        return sorted(found, key=lambda one: (-one[3], one[0]))[:WRITTEN]

    def _written(self, piece: Sentence, places: Sequence[Puzzle]) -> Iterator[Candidate]:
        """What the seq2seq model would rather read in places of a sentence, of the language's own words."""
        if self._writer is None or not places or not self._writer.covers(self.code):
            return
        readings = self._writer.write(self.code, piece.text, [place[:2] for place in places])
        for (_, _, *doubt), found in zip(places, readings, strict=True):
            for start, end, new, margin in map(astuple, found):
                if margin <= 0 or not all(word in self._words for word in _LETTERS.findall(new)):
                    continue
                if start == end:
                    new += " "
                elif not new and piece.text[end : end + 1] == " ":
                    end += 1
                one = rewording(start, end, new, piece.text, piece.tokens, self._words, (doubt[0], doubt[1]))
                if one is not None and one.kind not in (LOWER, UPPER) and permitted(one, piece.text, piece.tokens):
                    yield one

    def repairs(self, text: str, start: int, end: int) -> list[str]:
        """What the seq2seq model would write for `text[start:end]`, where somebody else found something wrong.

        Best first, never nothing; none where there is no such model, in sentences that are skipped, and for places
        that begin or end inside a word or must not be touched.
        """
        if self._writer is None or end - start > LONGEST:
            return []
        for piece in sentences(text, self._words, elision=self._ngrams.elision):
            at = piece.start
            if not piece.skipped and at <= start < end <= at + len(piece.text):
                made = self._written(piece, [(start - at, end - at, 1.0, 1.0)])
                return [one.new for one in made if one.new and (one.start + at, one.end + at) == (start, end)]
        return []

    def margins(self, piece: Sentence, found: Sequence[Candidate]) -> list[float | None]:
        """How much likelier the seq2seq model finds each candidate than the text as it stands."""
        if self._writer is None or not found:
            return [None] * len(found)
        return list(self._writer.margins(self.code, piece.text, [(one.start, one.end, one.new) for one in found]))

    def _edits(self, piece: Sentence, ranked: Sequence[Ranked]) -> list[Hypothesis]:
        kept: list[Ranked] = []
        for probability, one in ranked:
            if probability < LEAST:
                break
            if all(one.end + 1 < other.start or one.start > other.end + 1 for _, other in kept):
                kept.append((probability, one))
        # Many alarms in one sentence are a text the tagger does not understand, not many defects.
        if exceeded(len(kept), len(piece.tokens)):
            return []
        kept = [(probability, one) for probability, one in kept if not self._undone(piece, one)]
        kept.sort(key=lambda pair: pair[1].start)
        return [
            Hypothesis(
                one.start,
                one.end,
                one.new,
                one.kind,
                probability,
                tuple(
                    (other.start, other.end, other.new)
                    for _, other in ranked
                    if other.new != one.new and (other.start, other.end) == (one.start, one.end)
                )[:2],
            )
            for probability, one in kept
        ]

    def _undone(self, piece: Sentence, one: Candidate) -> bool:
        """Whether a second look at the changed sentence would change it back."""
        changed = one.apply(piece.text)
        for again in sentences(changed, self._words, elision=self._ngrams.elision):
            if again.skipped:
                continue
            verdict, gains = self.see([again])[0]
            for probability, other in self.rank([(again, verdict, gains)])[0]:
                if probability < LEAST:
                    break
                if (
                    changed[: again.start] + other.apply(again.text) + changed[again.start + len(again.text) :]
                ) == piece.text:
                    return True
        return False
