"""The learned corrector behind a small door: strings in, hypotheses with scores out.

`correct(code, text)` gives the edits of a text.  There are none where a language has no weights or the extra `model` is
not installed; `absent` and `lacking` say why.  Nothing here knows of rules, files or reports, weights are loaded when
they are first asked for, and nothing is ever downloaded.
"""

from __future__ import annotations

from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING
from zlib import crc32

from qa.errors import ModelUnavailable
from qa.model.budget import Hypothesis
from qa.model.corrector import Corrector

if TYPE_CHECKING:
    from qa.model.rewriter import Rewriter

__all__ = [
    "WEIGHTS",
    "Corrector",
    "Hypothesis",
    "absent",
    "correct",
    "corrector",
    "digest",
    "lacking",
    "open_rewriter",
    "repairs",
]

WEIGHTS = Path(__file__).parents[1] / "weights"
_WRITER = WEIGHTS / "writer" / "model.bin"


def lacking(checkpoint: str = "") -> str:
    """What must be installed or named otherwise before the corrector can run, in one sentence; empty: nothing.

    `checkpoint` is the folder of a seq2seq model of `transformers` that is to take part.
    """
    if checkpoint and not (Path(checkpoint) / "config.json").is_file():
        return f"{checkpoint}: not the folder of a transformers checkpoint (it has no config.json)"
    needed = {"numpy": "model"}
    if _WRITER.is_file():
        needed |= {"ctranslate2": "model", "sentencepiece": "model"}
    if checkpoint:
        needed |= {"torch": "torch", "transformers": "torch"}
    for module, extra in needed.items():
        if find_spec(module) is None:
            return f"the model needs the package {module}: install the extra `{extra}` (pip install 'mtqa[{extra}]')"
    return ""


def absent(code: str) -> str:
    """Why there is no corrector for a language where nothing is `lacking`; empty where there is one."""
    if not (WEIGHTS / "tagger" / f"{code}.npz").is_file() or not (WEIGHTS / "judge.json").is_file():
        return f"no model for language {code!r}"
    return ""


@cache
def digest(checkpoint: str = "") -> str:
    """Six hexadecimal digits that tell apart the shipped weights, and the checkpoint that takes part."""
    files = [path for path in sorted(WEIGHTS.rglob("*")) if path.is_file()]
    if checkpoint:
        files += [path for path in sorted(Path(checkpoint).iterdir()) if path.is_file()]
    number = 0
    for path in files:
        # The names and sizes of large files, the content of small ones: a signature must cost nothing.
        number = crc32(f"{path.name} {path.stat().st_size}".encode(), number)
        if path.suffix == ".json" and path.stat().st_size < 200_000:
            number = crc32(path.read_bytes(), number)
    return f"{number & 0xFFFFFF:06x}"


@cache
def corrector(code: str, checkpoint: str = "") -> Corrector | None:
    """The corrector of a language, loaded once; None where it cannot run.

    A checkpoint of `models.corrector.train` writes in place of the shipped seq2seq model.
    """
    if lacking(checkpoint) or absent(code):
        return None
    from qa.lexicon import lexicon
    from qa.model.judge import load
    from qa.model.tagger import Tagger
    from qa.model.writer import open_writer, reads_marks
    from qa.ngrams import ngrams

    words, counts = lexicon(code), ngrams(code)
    tagger = Tagger(WEIGHTS / "tagger" / f"{code}.npz", words, counts)
    folder = checkpoint if checkpoint and reads_marks(Path(checkpoint)) else ""
    return Corrector(code, words, counts, tagger, load(WEIGHTS / "judge.json"), open_writer(WEIGHTS, folder))


@cache
def open_rewriter(code: str, checkpoint: str) -> Rewriter | None:
    """The whole-sentence corrector that a checkpoint of another make is; None where there is none.

    Raises ModelUnavailable where the folder cannot be loaded.
    """
    if not checkpoint or lacking(checkpoint):
        return None
    from qa.lexicon import lexicon
    from qa.model.rewriter import Checkpoint, Rewriter
    from qa.model.writer import reads_marks
    from qa.ngrams import ngrams

    folder = Path(checkpoint)
    if reads_marks(folder):
        return None
    try:
        speaker = Checkpoint(folder)
    except Exception as error:  # whatever a foreign folder makes of its loader is the user's to mend
        raise ModelUnavailable(f"{checkpoint}: no seq2seq checkpoint of transformers ({_first(error)})") from error
    return Rewriter(speaker, lexicon(code), elision=ngrams(code).elision)


def correct(code: str, text: str, checkpoint: str = "") -> list[Hypothesis]:
    """The edits of a text that the models of a language keep: the corrector's, then those of the user's checkpoint."""
    models = (corrector(code, checkpoint), open_rewriter(code, checkpoint))
    return [hypothesis for model in models if model is not None for hypothesis in model.correct(text)]


def repairs(code: str, text: str, start: int, end: int, checkpoint: str = "") -> list[str]:
    """What a language's seq2seq model would write for `text[start:end]`, where a rule found a defect; best first."""
    model = corrector(code, checkpoint)
    return [] if model is None else model.repairs(text, start, end)


def _first(error: Exception) -> str:
    return (str(error).strip().splitlines() or [type(error).__name__])[0]
