"""The learned corrector behind a small door: strings in, hypotheses with scores out.

`corrector(code)` gives the corrector of a language, or None where there are no weights or the `model` extra is not
installed.  It knows nothing of rules, files or reports, loads lazily, and never downloads anything.
"""

from __future__ import annotations

from functools import cache
from importlib.util import find_spec
from pathlib import Path
from zlib import crc32

from qa.model.corrector import Corrector, Hypothesis

__all__ = ["WEIGHTS", "Corrector", "Hypothesis", "available", "corrector", "digest"]

WEIGHTS = Path(__file__).parents[1] / "weights"


@cache
def available(code: str) -> str:
    """Why there is no corrector for a language; empty where there is one."""
    if find_spec("numpy") is None:
        return "the extra `model` is not installed"
    if not (WEIGHTS / "tagger" / f"{code}.npz").is_file() or not (WEIGHTS / "judge.json").is_file():
        return f"no weights for {code!r}"
    return ""


@cache
def digest() -> str | None:
    """Six hexadecimal digits that tell the shipped weights apart, for signatures; None where there are none."""
    judge = WEIGHTS / "judge.json"
    if not judge.is_file():
        return None
    number = crc32(judge.read_bytes())
    for path in sorted(WEIGHTS.glob("*/*")):
        number = crc32(f"{path.name} {path.stat().st_size}".encode(), number)
    return f"{number & 0xFFFFFF:06x}"


@cache
def corrector(code: str, writer: str = "") -> Corrector | None:
    """The corrector of a language, loaded once.

    `writer` is the folder of another `transformers` seq2seq checkpoint for the repairs (needs the extra `torch`);
    empty: the one that is shipped, where there is one.
    """
    if available(code):
        return None
    from qa.lexicon import lexicon
    from qa.model.judge import load
    from qa.model.tagger import Tagger
    from qa.model.writer import open_writer
    from qa.ngrams import ngrams

    words, counts = lexicon(code), ngrams(code)
    tagger = Tagger(WEIGHTS / "tagger" / f"{code}.npz", words, counts)
    return Corrector(code, words, counts, tagger, load(WEIGHTS / "judge.json"), open_writer(WEIGHTS, writer))
