"""The SentencePiece vocabulary that all languages share, in the files that `transformers` calls a Marian tokenizer."""

from __future__ import annotations

import itertools
import json
import random
from collections.abc import Iterable, Sequence
from pathlib import Path

from models.corrector.text import Corpus
from qa.model.format import SYMBOLS, tag

PAD = "<pad>"


def train(corpora: Sequence[Corpus], folder: Path, *, size: int = 8000, lines: int = 70_000, seed: int = 1) -> None:
    """Train a unigram model with byte fallback on a balanced sample and write it with its tokenizer files."""
    import sentencepiece

    rng = random.Random(seed)
    each = lines // len(corpora)
    sample: Iterable[str] = itertools.chain.from_iterable(
        itertools.islice(corpus.sample(rng), each) for corpus in corpora
    )
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "source.spm"
    with path.open("wb") as file:
        sentencepiece.SentencePieceTrainer.train(
            sentence_iterator=(f" {line}" for line in sample),
            model_writer=file,
            vocab_size=size,
            model_type="unigram",
            byte_fallback=True,
            # Every word begins with its space: after a mark, an ending without one is an ending.
            add_dummy_prefix=False,
            normalization_rule_name="identity",
            character_coverage=0.9997,
            user_defined_symbols=[*SYMBOLS, *(tag(corpus.code) for corpus in corpora)],
            eos_id=0,
            unk_id=1,
            bos_id=-1,
            pad_id=-1,
            num_threads=1,
            minloglevel=2,
            hard_vocab_limit=False,
        )
    (folder / "target.spm").write_bytes(path.read_bytes())
    model = sentencepiece.SentencePieceProcessor(model_file=str(path))
    pieces = [model.id_to_piece(number) for number in range(len(model))]
    # Marian's converter takes the last number for the padding.
    numbers = {piece: number for number, piece in enumerate([*pieces, PAD])}
    (folder / "vocab.json").write_text(json.dumps(numbers, ensure_ascii=False, indent=0), encoding="utf-8")
    (folder / "tokenizer_config.json").write_text(
        json.dumps(
            {
                "tokenizer_class": "MarianTokenizer",
                "source_lang": "mul",
                "target_lang": "mul",
                "eos_token": "</s>",
                "unk_token": "<unk>",
                "pad_token": PAD,
                "model_max_length": 128,
                "separate_vocabs": False,
            },
            indent=1,
        ),
        encoding="utf-8",
    )
