"""Train the taggers: `python -m models.corrector.tagger [--codes fr it …]`; writes `qa/weights/tagger/<code>.npz`."""

from __future__ import annotations

import argparse
import itertools
import math
import random
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from models.corrector import text
from models.corrector.labels import labels
from models.corrector.tables import TABLES
from models.corrupt._mixture import Mixture
from qa.lexicon import lexicon
from qa.model.features import AGREEMENT, COUNTS, LEXICAL, SHAPE, SUFFIXES, Counts, Featuriser, Token, tokenise
from qa.model.labels import DELETE, INFLECT, KEEP, LOWER, MISSING, NOTHING, OTHER, UPPER
from qa.model.tagger import GAP, LAYERS, places
from qa.ngrams import Ngrams

WEIGHTS = Path("qa/weights/tagger")


@dataclass(frozen=True)
class Config:
    """Everything that decides what comes out."""

    vocabulary: int = 20_000
    watched: int = 48
    word_width: int = 48
    suffix_width: int = 12
    width: int = 128
    rate: float = 2e-3
    tokens: int = 2400  # in a batch
    sentences: int = 40_000  # a language sees, all passes together
    edit_weight: float = 2.0
    least: int = 8  # occurrences of a label in the sample
    clean: float = 0.15
    seed: int = 1


def label_sets(code: str, lines: Sequence[str], config: Config, *, elision: bool) -> tuple[list[str], list[str]]:
    """The labels that a sample of damaged sentences needs, the special ones first, then the most frequent."""
    own: Counter[str] = Counter()
    before: Counter[str] = Counter()
    mixture, rng = Mixture(), random.Random(config.seed)
    for line in lines:
        damaged = mixture.damage(line, code, rng, 3)
        one, two = labels(damaged, tokenise(damaged.text, elision=elision), code, elision=elision)
        own.update(one)
        before.update(two)
    special = [KEEP, DELETE, LOWER, UPPER, INFLECT, OTHER]
    return (
        [*special, *(label for label, n in own.most_common(220) if n >= config.least and label not in special)],
        [
            NOTHING,
            MISSING,
            *(label for label, n in before.most_common(120) if n >= config.least and label not in (NOTHING, MISSING)),
        ],
    )


def word_vectors(table: Ngrams, vocabulary: Sequence[str], width: int, seed: int) -> Any:
    """Vectors of words from the counts of their left and right neighbours (see `embeddings`)."""
    import numpy as np

    counts = Counts(table, vocabulary[:300])
    ids = np.array([table._id(word) for word in vocabulary], np.int64)
    blocks = []
    for block in (counts.before[ids], counts.after[ids]):
        pairs = np.exp(np.maximum(block, 0) * 10) * (block >= 0)
        rows = pairs.sum(1, keepdims=True) + 1
        columns = (pairs.sum(0, keepdims=True) + 1) ** 0.75
        columns *= rows.sum() / columns.sum()
        with np.errstate(divide="ignore"):
            blocks.append(np.maximum(np.log(pairs * rows.sum() / rows / columns), 0))
    both = np.concatenate(blocks, 1)
    left, values, _ = np.linalg.svd(both.T @ both)
    found = both @ left[:, :width] / np.sqrt(np.sqrt(values[:width]) + 1e-6)
    found /= found.std(0, keepdims=True) + 1e-6
    norm = np.sqrt((found**2).mean(1, keepdims=True))
    return (0.3 * found / np.maximum(norm, 0.3)).astype(np.float32)


def build(dense: int, own: int, before: int, config: Config) -> Any:
    """The network that `qa.model.tagger` computes in NumPy."""
    import torch

    class Network(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.words = torch.nn.Embedding(config.vocabulary + 2, config.word_width)
            self.suffixes = torch.nn.Embedding(SUFFIXES, config.suffix_width)
            torch.nn.init.normal_(self.suffixes.weight, std=0.1)
            width = config.width
            self.enter = torch.nn.Linear(config.word_width + config.suffix_width + dense, width)
            self.convolutions = torch.nn.ModuleList([torch.nn.Linear(3 * width, width) for _ in range(LAYERS)])
            self.own = torch.nn.Linear(width, own)
            self.before = torch.nn.Linear(width, before)

        def forward(self, rows: Any, suffixes: Any, dense_: Any, at: Any, total: int) -> tuple[Any, Any]:
            inputs = torch.cat([self.words(rows), self.suffixes(suffixes), dense_], 1)
            state = torch.relu(self.enter(inputs))
            empty = torch.zeros(total, state.shape[1])
            for number, layer in enumerate(self.convolutions):
                spread = empty.index_copy(0, at, state)
                near = torch.cat([spread[at - 2**number], state, spread[at + 2**number]], 1)
                state = state + torch.relu(layer(near))
            return self.own(state), self.before(state)

    return Network()


def export(
    network: Any,
    path: Path,
    own: Sequence[str],
    before: Sequence[str],
    vocabulary: Sequence[str],
    watched: Sequence[str],
) -> None:
    """Write the weights as `qa.model.tagger` reads them: word vectors in 8 bits, the rest in 16."""
    import numpy as np

    state = {name: value.detach().numpy() for name, value in network.state_dict().items()}
    words = state["words.weight"]
    scale = np.maximum(np.abs(words).max(1), 1e-6) / 127
    arrays = {
        "words": np.round(words / scale[:, None]).astype(np.int8),
        "word_scale": scale.astype(np.float16),
        "suffixes": state["suffixes.weight"].astype(np.float16),
        "own": np.array("\n".join(own)),
        "before": np.array("\n".join(before)),
        "vocabulary": np.array("\n".join(vocabulary)),
        "watched": np.array("\n".join(watched)),
    }
    for name, layer in (
        ("in", "enter"),
        ("own", "own"),
        ("before", "before"),
        *((f"conv{n}", f"convolutions.{n}") for n in range(LAYERS)),
    ):
        arrays[f"{name}_w"] = state[f"{layer}.weight"].T.astype(np.float16)
        arrays[f"{name}_b"] = state[f"{layer}.bias"].astype(np.float16)
    path.parent.mkdir(parents=True, exist_ok=True)
    np.savez_compressed(path, **arrays)


def train(code: str, data: Path, out: Path, config: Config, tables: Path = TABLES) -> None:
    """Train the tagger of one language."""
    import numpy as np
    import torch

    torch.set_num_threads(1)
    torch.manual_seed(config.seed)
    table = Ngrams(code, tables / code)
    elision = table.elision
    rng = random.Random(config.seed)
    corpus = text.read(data, code, tagger=True)
    own, before = label_sets(code, list(itertools.islice(corpus.sample(rng), 7_000)), config, elision=elision)
    ones = np.asarray(table._ones)
    frequent = [
        table._trie.restore_key(int(i)) for i in np.argsort(-ones.astype(int), kind="stable")[: config.vocabulary]
    ]
    words = [label[1:] for label in (*own, *before) if label[0] in "=+" and len(label) > 1 and " " not in label]
    watched = list(dict.fromkeys(words))
    watched = sorted(watched, key=lambda word: -table.count(word))[: config.watched]
    featuriser = Featuriser(lexicon(code), table, frequent, watched)
    dense = LEXICAL + SHAPE + AGREEMENT + COUNTS + 2 * len(watched)
    network = build(dense, len(own), len(before), config)
    vectors = word_vectors(table, frequent, config.word_width, config.seed)
    with torch.no_grad():
        network.words.weight.zero_()
        network.words.weight[2 : 2 + len(vectors)] = torch.from_numpy(vectors)
    optimizer = torch.optim.AdamW(network.parameters(), config.rate, weight_decay=0.01)
    weights = [torch.tensor([1.0] + [config.edit_weight] * (size - 1)) for size in (len(own), len(before))]
    own_number = {label: n for n, label in enumerate(own)}
    before_number = {label: n for n, label in enumerate(before)}
    mixture = Mixture()
    lines = corpus.sample(rng)
    seen, losses, began, last = 0, [], time.process_time(), 0
    while seen < config.sentences:
        batch: list[tuple[list[Token], list[str], list[str]]] = []
        size = 0
        while size < config.tokens:
            count = 0 if rng.random() < config.clean else rng.choice((1, 2, 3, 4))
            damaged = mixture.damage(next(lines), code, rng, count)
            tokens = tokenise(damaged.text, elision=elision)
            batch.append((tokens, *labels(damaged, tokens, code, elision=elision)))
            size += len(tokens)
        arrays = featuriser.arrays([tokens for tokens, _, _ in batch])
        at = torch.from_numpy(places(arrays["lengths"]))
        total = size + GAP * (len(batch) + 1)
        one, two = network(
            torch.from_numpy(arrays["rows"]),
            torch.from_numpy(arrays["suffixes"]),
            torch.from_numpy(arrays["dense"]),
            at,
            total,
        )
        wanted = torch.tensor(
            [own_number.get(label, own_number[OTHER]) for _, labels_, _ in batch for label in labels_]
        )
        missing = torch.tensor(
            [before_number.get(label, before_number[MISSING]) for *_, labels_ in batch for label in labels_]
        )
        loss = torch.nn.functional.cross_entropy(one, wanted, weights[0])
        loss = loss + torch.nn.functional.cross_entropy(two, missing, weights[1])
        loss.backward()
        torch.nn.utils.clip_grad_norm_(network.parameters(), 1.0)
        for entry in optimizer.param_groups:
            entry["lr"] = (
                config.rate
                * min(1, (seen + 1) / 3000)
                * (0.02 + 0.98 * (1 + math.cos(math.pi * min(1, seen / config.sentences))) / 2)
            )
        optimizer.step()
        optimizer.zero_grad(set_to_none=True)
        losses.append(float(loss.detach()))
        seen += len(batch)
        if seen - last >= 10_000:
            last = seen
            line = f"{code}\t{seen}\t{np.mean(losses[-100:]):.4f}\t{time.process_time() - began:.0f}"
            print(time.strftime("%H:%M:%S"), line, flush=True)
            with (tables.parent / f"tagger-{code}.tsv").open("a", encoding="utf-8") as file:
                file.write(line + "\n")
    export(network, out / f"{code}.npz", own, before, frequent, watched)
    print(code, len(own), len(before), "labels", (out / f"{code}.npz").stat().st_size, "bytes", flush=True)


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument("--out", type=Path, default=WEIGHTS)
    parser.add_argument("--codes", nargs="+", default=list(text.CODES))
    parser.add_argument("--sentences", type=int, default=Config.sentences)
    options = parser.parse_args()
    for code in options.codes:
        train(code, options.data, options.out, Config(sentences=options.sentences))


if __name__ == "__main__":
    main()
