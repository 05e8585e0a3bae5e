"""The tagger at run time: a small convolutional network in NumPy, one per language.

For each token it gives a probability that something is wrong with it and what to do, and that something is missing
before it and what.  Its weights are `qa/weights/tagger/<code>.npz`, written by `models.corrector.tagger`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from qa.lexicon import Lexicon
from qa.model.features import Featuriser, Token
from qa.ngrams import Ngrams

LAYERS = 4  # convolutions; layer n sees the tokens 2ⁿ to the left and right, all together 15
GAP = 2 ** (LAYERS - 1)  # empty rows after each sentence, so that no convolution reaches its neighbour


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the tagger says of one sentence: for each token the probabilities of all labels.

    `own` is tokens × `Tagger.own`, `before` tokens × `Tagger.before`; label 0 says that all is well.
    """

    own: Any
    before: Any

    @property
    def wrong(self) -> float:
        """The greatest probability that something is wrong at any place of the sentence: the sentence's gate."""
        if not len(self.own):
            return 0.0
        return float(max(1 - self.own[:, 0].min(), 1 - self.before[:, 0].min()))


class Tagger:
    """The tagger of one language.  Raises FileNotFoundError where there are no weights."""

    def __init__(self, path: Path, words: Lexicon, ngrams: Ngrams) -> None:
        import numpy as np

        with np.load(path, allow_pickle=False) as file:
            arrays = {name: file[name] for name in file.files}
        self.own: tuple[str, ...] = tuple(str(arrays.pop("own")).split("\n"))
        self.before: tuple[str, ...] = tuple(str(arrays.pop("before")).split("\n"))
        vocabulary = str(arrays.pop("vocabulary")).split("\n")
        watched = str(arrays.pop("watched")).split("\n")
        self.elision = ngrams.elision
        self.featuriser = Featuriser(words, ngrams, vocabulary, watched)
        scale = arrays.pop("word_scale").astype(np.float32)
        self._weights = {name: value.astype(np.float32) for name, value in arrays.items()}
        self._weights["words"] *= scale[:, None]

    def judge(self, sentences: Sequence[Sequence[Token]]) -> list[Verdict]:
        """One verdict for each sentence.  A sentence's verdict does not depend on the others."""
        import numpy as np

        if not any(sentences):
            return [Verdict(np.zeros((0, len(self.own))), np.zeros((0, len(self.before)))) for _ in sentences]
        given = self.featuriser.arrays(sentences)
        weights = self._weights
        inputs = np.concatenate(
            [weights["words"][given["rows"]], weights["suffixes"][given["suffixes"]], given["dense"]], 1
        )
        lengths = given["lengths"]
        at = places(lengths)
        hidden = np.zeros((sum(lengths) + GAP * (len(lengths) + 1), weights["in_b"].shape[0]), np.float32)
        hidden[at] = np.maximum(inputs @ weights["in_w"] + weights["in_b"], 0)
        for number in range(LAYERS):
            if f"conv{number}_w" not in weights:  # weights of fewer layers
                break
            near = np.concatenate([hidden[at - 2**number], hidden[at], hidden[at + 2**number]], 1)
            hidden[at] += np.maximum(near @ weights[f"conv{number}_w"] + weights[f"conv{number}_b"], 0)
        top = hidden[at]
        own = _softmax(top @ weights["own_w"] + weights["own_b"])
        before = _softmax(top @ weights["before_w"] + weights["before_b"])
        verdicts, start = [], 0
        for length in lengths:
            verdicts.append(Verdict(own[start : start + length], before[start : start + length]))
            start += length
        return verdicts


def places(lengths: Sequence[int]) -> Any:
    """The rows of the tokens when every sentence is followed by a gap, and a gap comes first."""
    import numpy as np

    total = sum(lengths)
    gaps = np.repeat(np.arange(1, len(lengths) + 1) * GAP, np.asarray(lengths, dtype=np.int64))
    return np.arange(total) + gaps


def _softmax(logits: Any) -> Any:
    import numpy as np

    # Rounded, so that the last bits of a matrix product, which depend on the batch's size, decide nothing.
    logits = np.round(logits, 3)
    exponents = np.exp(logits - logits.max(1, keepdims=True))
    return exponents / exponents.sum(1, keepdims=True)
