"""The seq2seq model at run time: it writes what should stand in a marked place, and scores what others propose.

See `qa.model.format` for what the model reads and writes, `qa.model.engines` for what runs it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from qa.model.engines import CTranslate2, Engine, Transformers
from qa.model.format import KEEP, MARKS, answer, read, source, tag, target

_SPACES = re.compile(r"\s")
_WORD = re.compile(r"\S+")
NEVER = 30.0  # nats
CONTEXT = 30  # words of context that the model sees before and after a place


@dataclass(frozen=True, slots=True)
class Written:
    """One reading of a place, `text[start:end]`, and how much likelier (nats) it is than what stands there."""

    start: int
    end: int
    text: str
    margin: float


@dataclass(frozen=True, slots=True)
class _Marked:
    """A place widened to whole words: its offsets, the words in it and the pieces of the input that asks about it."""

    start: int
    end: int
    words: str
    pieces: list[str]


class Writer:
    """Writes and scores repairs of places in a sentence.

    Places are offsets; a place inside a word means the whole word, an empty one between two words asks whether
    something is missing there.
    """

    def __init__(self, engine: Engine, vocabulary: Path) -> None:
        import sentencepiece

        self._engine = engine
        self._processor = sentencepiece.SentencePieceProcessor(model_file=str(vocabulary))

    def covers(self, code: str) -> bool:
        """Whether the model was trained on the language."""
        return bool(self._processor.piece_to_id(tag(code)) != self._processor.unk_id())

    def write(self, code: str, text: str, places: Sequence[tuple[int, int]], beam: int = 3) -> list[list[Written]]:
        """What the model would write in each place, best first; what stands there already is left out."""
        marked = [self._mark(code, text, start, end) for start, end in places]
        outputs = self._engine.write([one.pieces for one in marked], beam)
        kept = self._scores([one.pieces for one in marked], [KEEP] * len(marked))
        found = []
        for one, hypotheses, keep in zip(marked, outputs, kept, strict=True):
            new = {
                read(self._decode(pieces), one.words): score for pieces, score in hypotheses if pieces[:1] == [MARKS[0]]
            }
            new.pop(one.words, None)
            found.append([Written(one.start, one.end, words, round(s - keep, 3)) for words, s in new.items()])
        return found

    def margins(self, code: str, text: str, edits: Sequence[tuple[int, int, str]]) -> list[float]:
        """How much likelier (nats) each edit (start, end, new text) is than what stands there.

        At least -`NEVER`, which is also what an edit gets that the model has no pieces to write.
        """
        marked, answers = [], []
        for start, end, new in edits:
            # A word that is deleted takes a space along, which belongs to no word.
            while start < end and text[end - 1].isspace() and (not new or new[-1].isspace()):
                end -= 1
                new = new.removesuffix(" ")
            while start < end and text[start].isspace() and (not new or new[0].isspace()):
                start += 1
                new = new.removeprefix(" ")
            one = self._mark(code, text, start, end)
            marked.append(one)
            whole = text[one.start : start] + new + text[end : one.end]
            answers.append(answer(one.words, " ".join(whole.split())))
        inputs = [one.pieces for one in marked]
        before = self._scores(inputs, [KEEP] * len(inputs))
        after = self._scores(inputs, answers)
        return [round(max(b - a, -NEVER), 3) for a, b in zip(before, after, strict=True)]

    def _scores(self, inputs: list[list[str]], answers: Sequence[str]) -> list[float]:
        return self._engine.score(inputs, [self._encode(target([said])) for said in answers]) if inputs else []

    def _mark(self, code: str, text: str, start: int, end: int) -> _Marked:
        if start < end or (start and not text[start - 1].isspace()):
            while start and not text[start - 1].isspace():
                start -= 1
            while end < len(text) and not text[end].isspace():
                end += 1
        before = _WORD.findall(text, 0, start)[-CONTEXT:]
        marked = _WORD.findall(text, start, end)
        after = _WORD.findall(text, end)[:CONTEXT]
        line = source(code, [*before, *marked, *after], [(len(before), len(before) + len(marked))])
        return _Marked(start, end, " ".join(marked), [*self._encode(line), "</s>"])

    def _encode(self, text: str) -> list[str]:
        return list(self._processor.encode(_SPACES.sub(" ", text.replace("’", "'")), out_type=str))

    def _decode(self, pieces: list[str]) -> str:
        """The answer in an output for one place."""
        return str(self._processor.decode(pieces)).removeprefix(MARKS[0])


def reads_marks(folder: Path) -> bool:
    """Whether the checkpoint in a folder is one of `models.corrector.train`, which writes into marked places."""
    vocabulary = folder / "vocab.json"
    return (folder / "source.spm").is_file() and vocabulary.is_file() and f'"{KEEP}"' in vocabulary.read_text("utf-8")


def open_writer(weights: Path, folder: str = "") -> Writer | None:
    """The shipped writer, or that of a checkpoint of `models.corrector.train`; None where there is none to run."""
    if find_spec("sentencepiece") is None:
        return None
    if folder:
        return Writer(Transformers(Path(folder)), Path(folder) / "source.spm")
    if not (weights / "writer" / "model.bin").is_file() or find_spec("ctranslate2") is None:
        return None
    return Writer(CTranslate2(weights / "writer"), weights / "writer" / "source.spm")
