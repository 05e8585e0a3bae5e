"""Find, propose, judge: the corrector of one language."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from qa.lexicon import Lexicon
from qa.model.budget import Hypothesis, exceeded
from qa.model.gains import Gain, Gains
from qa.model.judge import Judge, evidence, look
from qa.model.propose import Candidate, candidates, inflections, permitted
from qa.model.sentences import Sentence, sentences
from qa.model.tagger import Tagger, Verdict
from qa.model.writer import Writer
from qa.ngrams import Ngrams

GATE = 0.35  # a sentence in which no place is likelier wrong than this is left alone
LEAST = 0.3  # confidence from which on an edit is told: what is below one half needs other evidence
MOST = 10  # candidates of a sentence that are judged


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
        self._gains = Gains(ngrams, featuriser.counts, featuriser.watched, lambda form: inflections(words, form))

    def correct(self, text: str) -> list[Hypothesis]:
        """The edits that the judge keeps, in the order of the text."""
        return [hypothesis for _, hypotheses in self.look(text) for hypothesis in hypotheses]

    def look(self, text: str) -> Iterator[tuple[Sentence, list[Hypothesis]]]:
        """Every sentence with the edits in it (places count in the text); a skipped one says why."""
        pieces = list(sentences(text, self._words, elision=self._ngrams.elision))
        judged = [piece for piece in pieces if not piece.skipped]
        seen = iter(self.see(judged))
        for piece in pieces:
            if piece.skipped:
                yield piece, []
                continue
            verdict, gains = next(seen)
            kept = self._edits(piece, verdict, gains) if gains or verdict.wrong >= GATE else []
            yield piece, [hypothesis.moved(piece.start) for hypothesis in kept]

    def see(self, pieces: Sequence[Sentence]) -> list[tuple[Verdict, list[Gain]]]:
        """What the two finders say of each sentence."""
        tokens = [piece.tokens for piece in pieces]
        return list(zip(self._tagger.judge(tokens), self._gains.find(tokens), strict=True))

    def rank(self, piece: Sentence, verdict: Verdict, gains: Sequence[Gain]) -> list[tuple[float, Candidate]]:
        """The candidates of a sentence with the judge's confidence, best first."""
        found = self.proposals(piece, verdict, gains)
        margins = self.margins(piece, found)
        seen = look(piece, verdict, self._words, self._ngrams, self.code, self._tagger.featuriser.lexical)
        ranked = [
            (self._judge.confidence(evidence(one, seen, margin), self.code, one.kind), one)
            for one, margin in zip(found, margins, strict=True)
        ]
        return sorted(ranked, key=lambda pair: (-pair[0], pair[1].start, pair[1].end, pair[1].new))

    def proposals(self, piece: Sentence, verdict: Verdict, gains: Sequence[Gain]) -> list[Candidate]:
        """The permitted candidates of a sentence: those of the counts, then the tagger's likeliest."""
        found: dict[tuple[int, int, str], Candidate] = {}
        for one in candidates(
            piece.text, piece.tokens, verdict, self._tagger.own, self._tagger.before, self._words, gains
        ):
            if permitted(one, piece.text, piece.tokens):
                key = (one.start, one.end, one.new)
                if key not in found or found[key].label < one.label:
                    found[key] = one
        of_counts = {(gain.token, gain.label) for gain in gains}
        return sorted(
            found.values(),
            key=lambda one: ((one.first, one.kind) not in of_counts, -one.label * one.wrong, one.start, one.new),
        )[:MOST]

    def margins(self, piece: Sentence, found: Sequence[Candidate]) -> list[float | None]:
        """How much likelier the seq2seq model finds each candidate than the text as it stands."""
        if self._writer is None or not found:
            return [None] * len(found)
        return list(self._writer.margins(self.code, piece.text, [(one.start, one.end, one.new) for one in found]))

    def _edits(self, piece: Sentence, verdict: Verdict, gains: Sequence[Gain]) -> list[Hypothesis]:
        kept: list[tuple[float, Candidate]] = []
        ranked = self.rank(piece, verdict, gains)
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
            for probability, other in self.rank(again, verdict, gains):
                if probability < LEAST:
                    break
                if (
                    changed[: again.start] + other.apply(again.text) + changed[again.start + len(again.text) :]
                ) == piece.text:
                    return True
        return False
