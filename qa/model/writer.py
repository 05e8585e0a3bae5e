"""The seq2seq model at run time: it writes what should stand between two marks, and scores what others propose.

Two engines read the same weights: CTranslate2 (8-bit, shipped) and `transformers` (any local checkpoint, extra
`torch`).  See `qa.model.format` for what the model reads and writes.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Protocol

from qa.model.format import source

_SPACES = re.compile(r"\s")
LONGEST = 24  # pieces that are written at most


@dataclass(frozen=True, slots=True)
class Written:
    """One reading of a marked span, with its log-probability (nats)."""

    text: str
    score: float


class Engine(Protocol):
    """Encoded inputs in, encoded outputs with log-probabilities out."""

    def write(self, sources: list[list[str]], beam: int) -> list[list[tuple[list[str], float]]]:
        """The best outputs of each input."""

    def score(self, sources: list[list[str]], targets: list[list[str]]) -> list[float]:
        """The log-probability of each output, its end included."""


class CTranslate2:
    """8-bit weights on one thread: the same answer on every run."""

    def __init__(self, folder: Path, compute_type: str = "int8") -> None:
        import ctranslate2

        self._model = ctranslate2.Translator(
            str(folder), device="cpu", compute_type=compute_type, inter_threads=1, intra_threads=1
        )

    def write(self, sources: list[list[str]], beam: int) -> list[list[tuple[list[str], float]]]:
        """See `Engine`."""
        results = self._model.translate_batch(
            sources,
            beam_size=beam,
            num_hypotheses=beam,
            return_scores=True,
            length_penalty=0.0,
            min_decoding_length=0,
            max_decoding_length=LONGEST,
            max_batch_size=32,
        )
        return [list(zip(result.hypotheses, result.scores, strict=True)) for result in results]

    def score(self, sources: list[list[str]], targets: list[list[str]]) -> list[float]:
        """See `Engine`."""
        results = self._model.score_batch(sources, targets, max_batch_size=32)
        return [float(sum(result.log_probs)) for result in results]


class Transformers:
    """Any local seq2seq checkpoint of `transformers`."""

    def __init__(self, folder: Path) -> None:
        from transformers import AutoModelForSeq2SeqLM

        self._model: Any = AutoModelForSeq2SeqLM.from_pretrained(folder, local_files_only=True).float().eval()
        import json

        self._numbers: dict[str, int] = json.loads((folder / "vocab.json").read_text(encoding="utf-8"))
        self._pieces = {number: piece for piece, number in self._numbers.items()}

    def _encode(self, pieces: list[str]) -> list[int]:
        unknown = self._numbers["<unk>"]
        return [self._numbers.get(piece, unknown) for piece in pieces]

    def write(self, sources: list[list[str]], beam: int) -> list[list[tuple[list[str], float]]]:
        """See `Engine`."""
        import torch

        found = []
        for pieces in sources:
            made = self._model.generate(
                torch.tensor([self._encode(pieces)]),
                num_beams=beam,
                num_return_sequences=beam,
                length_penalty=0.0,
                max_new_tokens=LONGEST,
                return_dict_in_generate=True,
                output_scores=True,
                do_sample=False,
            )
            scores = made.sequences_scores.tolist() if beam > 1 else [0.0]
            rows = [
                [self._pieces[n] for n in row if self._pieces[n] not in ("</s>", "<pad>")]
                for row in made.sequences.tolist()
            ]
            found.append(list(zip(rows, scores, strict=True)))
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


class Writer:
    """Writes and scores repairs of spans of a sentence."""

    def __init__(self, engine: Engine, vocabulary: Path) -> None:
        import sentencepiece

        self._engine = engine
        self._processor = sentencepiece.SentencePieceProcessor(model_file=str(vocabulary))

    def _pieces(self, code: str, text: str, start: int, end: int) -> tuple[list[str], int, int]:
        """The input for a span, widened to whole words, and the widened span."""
        if start < end or (start and not text[start - 1].isspace()):
            while start and not text[start - 1].isspace():
                start -= 1
            while end < len(text) and not text[end].isspace():
                end += 1
        marked = text[start:end].split()
        line = source(code, text[:start].split(), marked, text[end:].split())
        return [*self._encode(line), "</s>"], start, end

    def _encode(self, text: str) -> list[str]:
        return list(self._processor.encode(_SPACES.sub(" ", text.replace("’", "'")), out_type=str))

    def write(self, code: str, text: str, spans: Sequence[tuple[int, int]], beam: int = 4) -> list[list[Written]]:
        """What could stand in each span (words between spaces, or an empty place before one), best first."""
        inputs = [self._pieces(code, text, start, end)[0] for start, end in spans]
        return [
            [Written(self._processor.decode(pieces), round(score, 3)) for pieces, score in found]
            for found in self._engine.write(inputs, beam)
        ]

    def margins(self, code: str, text: str, edits: Sequence[tuple[int, int, str]]) -> list[float]:
        """How much likelier (nats) each edit makes its words than they are as they stand."""
        inputs, targets = [], []
        for start, end, new in edits:
            pieces, low, high = self._pieces(code, text, start, end)
            inputs += [pieces, pieces]
            targets += [
                self._encode(" ".join(text[low:high].split())),
                self._encode(" ".join((text[low:start] + new + text[end:high]).split())),
            ]
        scores = self._engine.score(inputs, targets)
        return [round(after - before, 3) for before, after in zip(scores[::2], scores[1::2], strict=True)]


def open_writer(weights: Path, folder: str = "") -> Writer | None:
    """The shipped writer, or that of a `transformers` folder; None where there is none to run."""
    if find_spec("sentencepiece") is None:
        return None
    if folder:
        return Writer(Transformers(Path(folder)), Path(folder) / "source.spm")
    if not (weights / "writer" / "model.bin").is_file() or find_spec("ctranslate2") is None:
        return None
    return Writer(CTranslate2(weights / "writer"), weights / "writer" / "source.spm")
