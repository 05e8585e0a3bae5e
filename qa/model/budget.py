"""An edit of a text as the models give it, and how many of them a sentence may have."""

from __future__ import annotations

from dataclasses import dataclass

TOKENS_PER_EDIT = 7  # a sentence of fewer tokens gets one edit at most, and so on


@dataclass(frozen=True, slots=True)
class Hypothesis:
    """An edit of a text: `text[start:end]` becomes `new`, with its confidence (one half: the threshold).

    `kind` is the label it comes from (`qa.model.labels`); `others` are further readings of the same place, best first.
    """

    start: int
    end: int
    new: str
    kind: str
    probability: float
    others: tuple[tuple[int, int, str], ...] = ()

    def moved(self, by: int) -> Hypothesis:
        """The same edit in a text that begins `by` code points earlier."""
        others = tuple((start + by, end + by, new) for start, end, new in self.others)
        return Hypothesis(self.start + by, self.end + by, self.new, self.kind, self.probability, others)


def exceeded(edits: int, tokens: int) -> bool:
    """Whether a sentence has too many edits: it is then one that the model does not understand."""
    return edits > 1 + tokens // TOKENS_PER_EDIT
