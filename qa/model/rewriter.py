"""Whole-sentence correction with any seq2seq checkpoint of `transformers`: it reads a sentence and writes it anew.

What it writes is compared word by word with what it read.  Each difference is an edit of its own, as likely as the
checkpoint finds the sentence with only this edit, against the sentence as it stands: p(edited) / (p(edited) + p(same)).
A sentence in which much changed was not understood, and is left alone.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from difflib import SequenceMatcher
from pathlib import Path
from typing import Any, Protocol

from qa.lexicon import Lexicon
from qa.model.budget import Hypothesis, exceeded
from qa.model.propose import Candidate, permitted, rewording
from qa.model.sentences import Sentence, sentences

_WORD = re.compile(r"\S+")
_LEAST = 0.5


class Speaker(Protocol):
    """A checkpoint: text in, text out."""

    def rewrite(self, text: str) -> str:
        """The sentence as the model would have it."""

    def score(self, text: str, output: str) -> float:
        """The log-probability (nats) of writing `output` for `text`."""


class Checkpoint:
    """A local folder of `transformers` with its tokenizer.  Greedy, one sentence at a time: always the same answer."""

    def __init__(self, folder: Path) -> None:
        from transformers import AutoModelForSeq2SeqLM, AutoTokenizer

        self._tokenizer: Any = AutoTokenizer.from_pretrained(folder, local_files_only=True)
        self._model: Any = AutoModelForSeq2SeqLM.from_pretrained(folder, local_files_only=True).float().eval()
        # What a T5 model must be told before the text, where its configuration says so.
        self._prefix = str(getattr(self._model.config, "prefix", None) or "")

    def _read(self, text: str) -> Any:
        return self._tokenizer(self._prefix + text, return_tensors="pt")

    def rewrite(self, text: str) -> str:
        """See `Speaker`."""
        import torch

        given = self._read(text)
        with torch.inference_mode():
            made = self._model.generate(
                **given, max_new_tokens=given["input_ids"].shape[1] * 3 // 2 + 8, num_beams=1, do_sample=False
            )
        return str(self._tokenizer.decode(made[0], skip_special_tokens=True))

    def score(self, text: str, output: str) -> float:
        """See `Speaker`."""
        import torch

        wanted = self._tokenizer(text_target=output, return_tensors="pt")["input_ids"]
        with torch.inference_mode():
            logits = self._model(**self._read(text), labels=wanted).logits[0]
        return float(torch.log_softmax(logits.float(), -1)[range(wanted.shape[1]), wanted[0]].sum())


class Rewriter:
    """Corrects texts of one language with a checkpoint."""

    def __init__(self, speaker: Speaker, words: Lexicon, *, elision: bool) -> None:
        self._speaker = speaker
        self._words = words
        self._elision = elision

    def correct(self, text: str) -> list[Hypothesis]:
        """The edits that are kept, in the order of the text."""
        return [
            hypothesis.moved(piece.start)
            for piece in sentences(text, self._words, elision=self._elision)
            if not piece.skipped
            for hypothesis in self._edits(piece)
        ]

    def _edits(self, piece: Sentence) -> list[Hypothesis]:
        found = list(self._differences(piece))
        if not found or exceeded(len(found), len(piece.tokens)):
            return []
        same = self._speaker.score(piece.text, piece.text)
        kept = []
        for one in found:
            changed = one.apply(piece.text)
            margin = self._speaker.score(piece.text, changed) - same
            probability = round(1 / (1 + math.exp(-max(min(margin, 30.0), -30.0))), 3)
            # A second look must not change it back.
            if probability > _LEAST and self._speaker.rewrite(changed) != piece.text:
                kept.append(Hypothesis(one.start, one.end, one.new, one.kind, probability))
        return kept

    def _differences(self, piece: Sentence) -> Iterator[Candidate]:
        text = piece.text
        old = list(_WORD.finditer(text))
        new = self._speaker.rewrite(text).split()
        matcher = SequenceMatcher(None, [word.group() for word in old], new, autojunk=False)
        for what, first, last, low, high in matcher.get_opcodes():
            if what == "equal":
                continue
            words = " ".join(new[low:high])
            start = old[first].start() if first < len(old) else len(text)
            end = old[last - 1].end() if first < last else start
            if not words and last < len(old):
                end = old[last].start()
            elif what == "insert":
                words = f"{words} " if first < len(old) else f" {words}"
            one = rewording(start, end, words, text, piece.tokens, self._words, (1.0, 1.0))
            if one is not None and permitted(one, text, piece.tokens):
                yield one
