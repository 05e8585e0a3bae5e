"""Train the seq2seq model: `python -m models.corrector.train [--smoke] [--data FOLDER] [--hours H] …`.

One thread, one seed, resumable: the same command goes on from the last checkpoint in the work folder.  The loss on
held-out text is written to `curve.tsv` there.  Runs on a CPU and unchanged on a GPU (in bfloat16 there).
"""

from __future__ import annotations

import argparse
import itertools
import json
import math
import os
import random
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from models.corrector import embeddings, examples, network, text, vocabulary
from qa.model.format import KEEP, MARKS, SYMBOLS, tag

WORK = Path("models/work")
SMOKE_DATA = Path(__file__).with_name("smoke")


@dataclass(frozen=True)
class Config:
    """Everything that decides what comes out."""

    codes: tuple[str, ...] = text.CODES
    pieces: int = 8000
    width: int = 192
    encoder_layers: int = 3
    decoder_layers: int = 1
    heads: int = 4
    dropout: float = 0.0  # every sentence is damaged afresh, and few are seen twice
    answers: int = 3000  # pieces that answers are made of: the others cost a third of the time and are hardly learnt
    batch: int = 1024  # source pieces in a batch
    rate: float = 6e-4  # 2e-3 stays where the answers' frequencies are known and no more
    warmup: int = 100  # steps
    hours: float = 1.2
    steps: int = 0  # train for so many steps instead of hours: the same outcome on every machine
    seed: int = 1
    longest: int = 64  # pieces of an input
    most: int = 40  # pieces of an output
    vector_lines: int = 20_000
    every: int = 200  # steps between two measurements
    lines: int = 60_000
    bfloat16: bool = False  # on the CPU; a GPU always uses it


SMOKE = Config(
    codes=("fr", "it"),
    pieces=600,
    width=32,
    encoder_layers=1,
    decoder_layers=1,
    heads=2,
    batch=512,
    rate=2e-3,
    warmup=20,
    steps=200,
    vector_lines=200,
    every=100,
)


def answer_pieces(outputs: Iterable[str], processor: Any, most: int) -> list[int]:
    """The commonest pieces of outputs, by number, the end among them."""
    counts: Counter[int] = Counter()
    for target in outputs:
        counts.update([*processor.encode(target), 0])
    return sorted(piece for piece, _ in counts.most_common(most))


def batches(
    stream: Iterator[tuple[str, str]], processor: Any, config: Config
) -> Iterator[list[tuple[list[int], list[int]]]]:
    """Batches of encoded examples of similar length."""
    while True:
        pool = []
        for source, target in itertools.islice(stream, 1500):
            ids = [*processor.encode(source), 0]
            if len(ids) <= config.longest:
                pool.append((ids, [*processor.encode(target)[: config.most], 0]))
        pool.sort(key=lambda pair: len(pair[0]))
        groups, group, longest = [], [], 0
        for pair in pool:
            longest = max(longest, len(pair[0]))
            if group and longest * (len(group) + 1) > config.batch:
                groups.append(group)
                group, longest = [], len(pair[0])
            group.append(pair)
        groups.append(group)
        random.Random(len(pool)).shuffle(groups)
        yield from (group for group in groups if group)


def tensors(batch: Sequence[tuple[list[int], list[int]]], pad: int, device: str) -> tuple[Any, ...]:
    """Input, mask, decoder input, labels."""
    import torch

    def padded(rows: list[list[int]], fill: int) -> Any:
        width = max(map(len, rows))
        return torch.tensor([row + [fill] * (width - len(row)) for row in rows], device=device)

    sources = padded([source for source, _ in batch], pad)
    labels = padded([target for _, target in batch], -100)
    shifted = padded([[pad, *target[:-1]] for _, target in batch], pad)
    return sources, (sources != pad).long(), shifted, labels


@dataclass(frozen=True)
class Measured:
    """What a model does on held-out marks: nats per piece that it may write at all, and the share of all marks
    answered right (teacher-forced).
    """

    loss: float
    kept: float  # of those around what is right
    repaired: float  # of those around a defect


def measure(
    model: Any, held: Sequence[list[tuple[list[int], list[int]]]], processor: Any, pad: int, device: str
) -> Measured:
    """Measure on encoded examples."""
    import torch

    model.eval()
    marks, keep = {processor.piece_to_id(mark) for mark in MARKS}, processor.piece_to_id(KEEP)
    loss, pieces = 0.0, 0
    right, count = [0, 0], [0, 0]
    with torch.inference_mode():
        for batch in held:
            sources, mask, shifted, labels = tensors(batch, pad, device)
            with torch.autocast(device, torch.bfloat16, enabled=device == "cuda"):
                logits = model(input_ids=sources, attention_mask=mask, decoder_input_ids=shifted).logits.float()
            nats = torch.nn.functional.cross_entropy(
                logits.flatten(0, 1), labels.flatten(), reduction="none", ignore_index=-100
            )
            written = (labels.flatten() >= 0) & (nats < -network.NEVER / 2)
            loss += float(nats[written].sum())
            pieces += int(written.sum())
            same = (logits.argmax(-1) == labels).tolist()
            for (_, target), row in zip(batch, same, strict=True):
                starts = [at for at, piece in enumerate(target) if piece in marks]
                for start, end in zip(starts, [*starts[1:], len(target)], strict=True):
                    # The next mark, or the end, shows that the answer is over.
                    kind = int(target[start + 1] != keep)
                    right[kind] += all(row[start + 1 : end + 1])
                    count[kind] += 1
    model.train()
    return Measured(loss / pieces, right[0] / max(count[0], 1), right[1] / max(count[1], 1))


def train(config: Config, data: Path, work: Path, *, smoke: bool = False) -> Path:
    """Train until the hours are over; gives the folder of the model in the format of `transformers`."""
    os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
    import sentencepiece
    import torch

    torch.set_num_threads(1)
    torch.manual_seed(config.seed)
    device = "cuda" if torch.cuda.is_available() else "cpu"
    # A CPU without bfloat16 instructions emulates them: 85 pieces/s where single precision made 2,200.
    half = device == "cuda" or config.bfloat16
    folder = work / "model"
    corpora = {code: text.read(data, code, limit=config.lines) for code in config.codes}
    if not (folder / "source.spm").is_file():
        vocabulary.train(list(corpora.values()), folder, size=config.pieces, lines=2000 if smoke else 70_000)
    processor = sentencepiece.SentencePieceProcessor(model_file=str(folder / "source.spm"))
    size = len(processor) + 1
    model = network.build(
        size,
        width=config.width,
        encoder_layers=config.encoder_layers,
        decoder_layers=config.decoder_layers,
        heads=config.heads,
        dropout=config.dropout,
    ).to(device)
    optimizer = torch.optim.AdamW(model.parameters(), config.rate, betas=(0.9, 0.98), weight_decay=0.01, fused=True)
    state: dict[str, Any] = {"step": 0, "pieces": 0, "examples": 0, "seconds": 0.0}
    checkpoint = work / "checkpoint.pt"
    if checkpoint.is_file():
        saved = torch.load(checkpoint, map_location=device)
        model.load_state_dict(saved["model"])
        optimizer.load_state_dict(saved["optimizer"])
        state = saved["state"]
    else:
        vectors = embeddings.neighbour_vectors(
            processor.encode, list(corpora.values()), size, config.width, lines=config.vector_lines, seed=config.seed
        )
        drawn = itertools.islice(examples.stream(corpora, random.Random(config.seed + 1)), 500 if smoke else 20_000)
        network.restrict(model, answer_pieces((target for _, target in drawn), processor, config.answers))
        symbols = [processor.piece_to_id(piece) for piece in (*SYMBOLS, *map(tag, config.codes))]
        network.start(model, vectors, symbols)
    held_corpora = {code: text.read(data, code, heldout=not smoke, limit=4000) for code in config.codes}
    held_stream = examples.stream(held_corpora, random.Random(7))
    held = list(itertools.islice(batches(held_stream, processor, config), 1 if smoke else 24))
    stream = batches(examples.stream(corpora, random.Random(config.seed + state["step"])), processor, config)
    # An answer is written with few of the pieces: the loss looks at these only.
    allowed = (model.final_logits_bias[0] > network.NEVER / 2).nonzero()[:, 0]
    column = torch.full((size,), -100, device=device)
    column[allowed] = torch.arange(len(allowed), device=device)
    model.train()
    limit, began, running = config.hours * 3600, time.time(), 0.0
    (work / "config.json").write_text(json.dumps(asdict(config), indent=1), encoding="utf-8")
    while True:
        seconds = state["seconds"] + time.time() - began
        share = min(1.0, state["step"] / config.steps if config.steps else seconds / limit)
        warm = min(1.0, (state["step"] + 1) / config.warmup)
        # Down to a twentieth along a cosine of what is left: the run may stop at any checkpoint.
        rate = config.rate * warm * (0.05 + 0.95 * (1 + math.cos(math.pi * share)) / 2)
        for entry in optimizer.param_groups:
            entry["lr"] = rate
        if state["step"] % config.every == 0 or share >= 1.0:
            found = measure(model, held, processor, size - 1, device)
            line = [
                state["step"],
                state["examples"],
                state["pieces"],
                round(seconds),
                running / config.every,
                found.loss,
                found.kept,
                found.repaired,
            ]
            running = 0.0
            with (work / "curve.tsv").open("a", encoding="utf-8") as file:
                file.write(
                    "\t".join(f"{value:.4f}" if isinstance(value, float) else str(value) for value in line) + "\n"
                )
            print(time.strftime("%H:%M:%S"), *line, flush=True)
            temporary = checkpoint.with_suffix(".new")
            torch.save(
                {
                    "model": model.state_dict(),
                    "optimizer": optimizer.state_dict(),
                    "state": {**state, "seconds": seconds},
                },
                temporary,
            )
            temporary.replace(checkpoint)
            network.save(model, folder)
            if share >= 1.0:
                return folder
        batch = next(stream)
        sources, mask, shifted, labels = tensors(batch, size - 1, device)
        with torch.autocast(device, torch.bfloat16, enabled=half):
            hidden = model.model(input_ids=sources, attention_mask=mask, decoder_input_ids=shifted).last_hidden_state
            asked = labels >= 0
            logits = hidden[asked] @ model.get_input_embeddings().weight[allowed].T
            loss = torch.nn.functional.cross_entropy(logits.float(), column[labels[asked]], ignore_index=-100)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        with torch.no_grad():
            # Marian starts from an empty vector: what CTranslate2 computes and `transformers` reads from the padding.
            model.get_input_embeddings().weight[size - 1] = 0.0
        optimizer.zero_grad(set_to_none=True)
        running += float(loss.detach())
        state["step"] += 1
        state["examples"] += len(batch)
        state["pieces"] += int(mask.sum())


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, help="corpora, or a folder of <code>*.txt (default: ../shared/data)")
    parser.add_argument("--work", type=Path, help="for checkpoints, curve and model (default: models/work/s2s)")
    parser.add_argument("--hours", type=float, help="time to train, all runs together")
    parser.add_argument("--codes", nargs="+", help="languages")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--smoke", action="store_true", help="a tiny model on a few sentences, in a minute")
    options = parser.parse_args()
    config = SMOKE if options.smoke else Config()
    chosen: dict[str, Any] = {"seed": options.seed}
    if options.hours:
        chosen["hours"] = options.hours
    if options.codes:
        chosen["codes"] = tuple(options.codes)
    config = Config(**{**asdict(config), **chosen})
    work = options.work or WORK / ("smoke" if options.smoke else "s2s")
    work.mkdir(parents=True, exist_ok=True)
    if options.smoke:
        (work / "checkpoint.pt").unlink(missing_ok=True)
    data = options.data or (SMOKE_DATA if options.smoke else Path("../shared/data"))
    print("model:", train(config, data, work, smoke=options.smoke))


if __name__ == "__main__":
    main()
