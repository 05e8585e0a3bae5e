"""Two engines that run the same seq2seq weights: CTranslate2 (8-bit, shipped) and `transformers` (extra `torch`)."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Protocol

LONGEST = 24  # pieces that are written at most
BATCH = 32

#: The pieces of an output and its log-probability (nats).
Output = tuple[list[str], float]


class Engine(Protocol):
    """Encoded inputs in, encoded outputs with log-probabilities out."""

    def write(self, sources: list[list[str]], beam: int) -> list[list[Output]]:
        """The best outputs of each input, best first."""

    def score(self, sources: list[list[str]], targets: list[list[str]]) -> list[float]:
        """The log-probability of each output, its end included."""


class CTranslate2:
    """8-bit weights; the same answer on every run, whatever the batch and the number of threads."""

    def __init__(self, folder: Path, compute_type: str = "int8", threads: int = 1) -> None:
        import ctranslate2

        self._model = ctranslate2.Translator(
            str(folder), device="cpu", compute_type=compute_type, inter_threads=1, intra_threads=threads
        )

    def write(self, sources: list[list[str]], beam: int) -> list[list[Output]]:
        """See `Engine`."""
        results = self._model.translate_batch(
            sources,
            beam_size=beam,
            num_hypotheses=beam,
            return_scores=True,
            length_penalty=0.0,
            min_decoding_length=0,
            max_decoding_length=LONGEST,
            max_batch_size=BATCH,
        )
        return [list(zip(result.hypotheses, result.scores, strict=True)) for result in results]

    def score(self, sources: list[list[str]], targets: list[list[str]]) -> list[float]:
        """See `Engine`."""
        results = self._model.score_batch(sources, targets, max_batch_size=BATCH)
        return [float(sum(result.log_probs)) for result in results]


class Transformers:
    """A local checkpoint of `transformers` that was trained with `models.corrector.train`, one input at a time."""

    def __init__(self, folder: Path) -> None:
        from transformers import AutoModelForSeq2SeqLM

        self._model: Any = AutoModelForSeq2SeqLM.from_pretrained(folder, local_files_only=True).float().eval()
        self._numbers: dict[str, int] = json.loads((folder / "vocab.json").read_text(encoding="utf-8"))
        self._pieces = {number: piece for piece, number in self._numbers.items()}

    def _encode(self, pieces: list[str]) -> list[int]:
        unknown = self._numbers["<unk>"]
        return [self._numbers.get(piece, unknown) for piece in pieces]

    def write(self, sources: list[list[str]], beam: int) -> list[list[Output]]:
        """See `Engine`."""
        import torch

        found = []
        for pieces in sources:
            with torch.inference_mode():
                made = self._model.generate(
                    torch.tensor([self._encode(pieces)]),
                    num_beams=beam,
                    num_return_sequences=beam,
                    length_penalty=0.0,
                    max_new_tokens=LONGEST,
                    do_sample=False,
                )
            rows = [[self._pieces[n] for n in row if self._pieces[n] not in ("</s>", "<pad>")] for row in made.tolist()]
            scored = zip(rows, self.score([pieces] * len(rows), rows), strict=True)
            found.append(sorted(scored, key=lambda pair: -pair[1]))
        return found

    def score(self, sources: list[list[str]], targets: list[list[str]]) -> list[float]:
        """See `Engine`."""
        import torch

        found = []
        pad, end = self._numbers["<pad>"], self._numbers["</s>"]
        with torch.inference_mode():
            for one, other in zip(sources, targets, strict=True):
                wanted = [*self._encode(other), end]
                logits = self._model(
                    input_ids=torch.tensor([self._encode(one)]), decoder_input_ids=torch.tensor([[pad, *wanted[:-1]]])
                ).logits[0]
                chosen = torch.log_softmax(logits.float(), -1)[range(len(wanted)), wanted]
                found.append(float(chosen.sum()))
        return found
