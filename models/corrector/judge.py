"""Train the judge on held-out text: `python -m models.corrector.judge`; writes `qa/weights/judge.json`.

Held-out lines are in no count and no training batch.  They are cut in three by another checksum: on the first part the
forest is grown (damaged and clean sentences), on the second the thresholds are set (clean sentences only: how many
are changed), the third is for `models.evaluate`.
"""

from __future__ import annotations

import argparse
import json
import math
import random
import time
import zlib
from collections.abc import Iterator, Sequence
from concurrent.futures import Executor, ProcessPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from models.corrector import text
from models.corrupt._mixture import Damaged, Mixture
from qa.lexicon import lexicon
from qa.model.corrector import GATE, Corrector
from qa.model.gains import Gain
from qa.model.judge import LABEL, NAMES, Judge, group, load
from qa.model.propose import Candidate
from qa.model.sentences import Sentence, sentences
from qa.model.tagger import Tagger, Verdict
from qa.model.writer import open_writer
from qa.ngrams import ngrams

WEIGHTS = Path("qa/weights")
WORK = Path("models/work")
LEAST = 0.2  # no threshold is lower
#: Shares of clean lines that edits of each group may change.
ALLOWED = {"delete": 0.0011, "exchange": 0.0006, "inflect": 0.0007, "insert": 0.0006}
CLEAN = 10.0  # most text is clean: what is wrong there weighs more
UNLIKELY = -4.0  # log-odds of the tagger's label below which it thinks little of an edit
DULL = 3  # one in so many of those is kept
FIT, CALIBRATE, TEST = 0, 1, 2
PARTS = 3
CHUNK = 200

#: Shares of the parts of a corpus among the sentences measured on: the kinds of text that the checker will see.
SHARES = {"modern": 0.45, "techdocs": 0.2, "everyday": 0.15, "law": 0.1, "literature": 0.1, "debates": 0.05, "own": 1.0}


def part_of(line: str) -> int:
    """Which of the three parts a held-out line belongs to."""
    return zlib.crc32(line.encode(), 7) % PARTS


def heldout(data: Path, code: str, part: int, most: int, *, longest: int = 100_000) -> list[str]:
    """Held-out lines of one part, mixed by `SHARES`; as many as there are, up to `most`."""
    corpus = text.read(data, code, heldout=True, limit=longest)
    lines: list[str] = []
    rest: list[str] = []
    for name, all_lines in sorted(corpus.parts.items()):
        mine = [line for line in all_lines if part_of(line) == part]
        random.Random(5).shuffle(mine)
        wanted = int(most * SHARES.get(name, 0.1))
        lines += mine[:wanted]
        rest += mine[wanted:]
    # Where a language has little contemporary text, other text makes up for it.
    random.Random(7).shuffle(rest)
    lines += rest[: max(0, most - len(lines))]
    random.Random(6).shuffle(lines)
    return lines


def open_corrector(
    code: str, weights: Path = WEIGHTS, *, with_writer: bool = True, judge: Judge | None = None
) -> Corrector:
    """A corrector whose judge is still to be made."""
    words, counts = lexicon(code), ngrams(code)
    tagger = Tagger(weights / "tagger" / f"{code}.npz", words, counts)
    nobody = judge or Judge(0.0, None, {})
    return Corrector(code, words, counts, tagger, nobody, open_writer(weights) if with_writer else None)


@dataclass(frozen=True, slots=True)
class Case:
    """A candidate, its evidence, and whether it repairs a defect."""

    values: list[float]
    right: bool
    sentence: int
    candidate: Candidate


def looks(corrector: Corrector, lines: Sequence[str]) -> Iterator[tuple[int, Sentence, Verdict, list[Gain]]]:
    """The sentences of the lines that pass the gate, with the number of their line and what the finders say."""
    for start in range(0, len(lines), CHUNK):
        pieces = [
            (start + offset, piece)
            for offset, line in enumerate(lines[start : start + CHUNK])
            for piece in sentences(line, corrector._words, elision=corrector._ngrams.elision)
            if not piece.skipped
        ]
        seen = corrector.see([piece for _, piece in pieces])
        for (number, piece), (verdict, gains) in zip(pieces, seen, strict=True):
            if verdict.wrong >= GATE:
                yield number, piece, verdict, gains


def repairs(damaged: Damaged) -> set[str]:
    """The text with any one of its defects repaired."""
    whole = damaged.text
    return {_spaces(whole[: d.start] + d.original + whole[d.end :]) for d in damaged.defects}


def _spaces(text_: str) -> str:
    return " ".join(text_.split())


def cases(corrector: Corrector, damaged: Sequence[Damaged]) -> Iterator[Case]:
    """All candidates of the texts with their evidence."""
    wanted = [repairs(one) for one in damaged]
    for number, piece, verdict, gains in looks(corrector, [one.text for one in damaged]):
        whole = damaged[number].text
        for one, values in corrector.weigh(piece, verdict, gains):
            changed = whole[: piece.start] + one.apply(piece.text) + whole[piece.start + len(piece.text) :]
            yield Case(values, _spaces(changed) in wanted[number], number, one)


def forest(model: Any) -> dict[str, Any]:
    """A boosted forest of scikit-learn in the form that `qa.model.judge` reads."""
    trees = []
    for (predictor,) in model._predictors:
        nodes = predictor.nodes
        trees.append(
            {
                "feature": [-1 if node["is_leaf"] else int(node["feature_idx"]) for node in nodes],
                "limit": [0.0 if node["is_leaf"] else round(float(node["num_threshold"]), 5) for node in nodes],
                "left": [int(node["left"]) for node in nodes],
                "right": [int(node["right"]) for node in nodes],
                "leaf": [round(float(node["value"]), 5) if node["is_leaf"] else 0.0 for node in nodes],
            }
        )
    return {"features": list(NAMES), "base": float(model._baseline_prediction.ravel()[0]), "trees": trees}


def save(data: dict[str, Any], path: Path) -> None:
    """Write a judge."""
    temporary = path.with_suffix(".new")
    temporary.write_text(json.dumps(data, separators=(",", ":")), encoding="utf-8")
    temporary.replace(path)


@dataclass(frozen=True, slots=True)
class Task:
    """What a process needs to know to judge lines of a language with a corrector of its own."""

    code: str
    data: Path
    most: int
    with_writer: bool


def gather(task: Task) -> tuple[Any, list[bool], list[float]]:
    """Evidence (an array), rightness and weight of each candidate in damaged and clean lines of the first part.

    A language with few lines has each damaged several times.  Of the candidates that the tagger thinks little of, only
    some are kept, and those count for the others.
    """
    import numpy as np

    corrector = open_corrector(task.code, with_writer=task.with_writer)
    lines = heldout(task.data, task.code, FIT, task.most)
    mixture, rng = Mixture(), random.Random(11)
    times = max(1, round(task.most / len(lines)))
    hurt = [mixture.damage(line, task.code, rng, rng.choice((1, 1, 2, 3))) for _ in range(times) for line in lines]
    values: list[Any] = []
    right: list[bool] = []
    weights: list[float] = []
    for texts, weight in ((hurt, 1.0), ([Damaged(line) for line in lines], CLEAN)):
        for case in cases(corrector, texts):
            dull = not case.right and case.values[LABEL] < UNLIKELY
            if dull and rng.random() >= 1 / DULL:
                continue
            values.append(np.array(case.values, np.float32))
            right.append(case.right)
            weights.append(weight * DULL if dull else weight)
    about = f"{len(lines)} lines, {len(hurt)} damaged, {len(values)} cases, {sum(right)} right"
    print(time.strftime("%H:%M:%S"), task.code, about, flush=True)
    return np.stack(values), right, weights


def fit(tasks: Sequence[Task], pool: Executor) -> dict[str, Any]:
    """Grow the forest."""
    import numpy as np
    from sklearn.ensemble import HistGradientBoostingClassifier

    values: list[Any] = []
    right: list[bool] = []
    weights: list[float] = []
    for one in pool.map(gather, tasks):
        values.append(one[0])
        right += one[1]
        weights += one[2]
    model = HistGradientBoostingClassifier(
        max_iter=250,
        learning_rate=0.08,
        max_leaf_nodes=24,
        max_depth=9,
        min_samples_leaf=100,
        l2_regularization=10.0,
        early_stopping=False,
        random_state=1,
    )
    model.fit(np.concatenate(values), np.array(right), sample_weight=np.array(weights))
    about = {"lines": tasks[0].most, "cases": len(right), "right": sum(right), "date": time.strftime("%Y-%m-%d")}
    return {**forest(model), "thresholds": {}, "about": about}


@dataclass(frozen=True, slots=True)
class Alarm:
    """The likeliest edit of a clean line."""

    probability: float
    kind: str
    new: str
    line: str


def thresholds(alarms: Sequence[Alarm], lines: int) -> dict[str, float]:
    """For each group of edits the probability above which no more than its share of `ALLOWED` of the lines lie."""
    found = {}
    for name, share in ALLOWED.items():
        of_group = sorted((one.probability for one in alarms if group(one.kind) == name), reverse=True)
        allowed = int(share * lines)
        limit = of_group[allowed] if allowed < len(of_group) else LEAST
        # Rounded up, so that the sentence at the limit stays unchanged.
        found[name] = max(LEAST, math.ceil(limit * 1000 + 1) / 1000)
    return found


def calibrate(task: Task, draft: Path) -> tuple[dict[str, float], int]:
    """The thresholds of a language, and how many clean lines they were set on."""
    judge = load(draft)
    corrector = open_corrector(task.code, with_writer=task.with_writer, judge=judge)
    lines = heldout(task.data, task.code, CALIBRATE, task.most)
    best: dict[int, Alarm] = {}
    found_ = list(cases(corrector, [Damaged(line) for line in lines]))
    likely = judge.probabilities([case.values for case in found_])
    for case, probability in zip(found_, likely, strict=True):
        one = Alarm(probability, case.candidate.kind, case.candidate.new, lines[case.sentence])
        if case.sentence not in best or best[case.sentence].probability < one.probability:
            best[case.sentence] = one
    alarms = sorted(best.values(), key=lambda one: -one.probability)
    # To be read: corpora hold errors of their own, and each of them counts as a false alarm (see faulty-lines.tsv).
    rows = (f"{one.probability:.3f}\t{one.kind}\t{one.new}\t{one.line}\n" for one in alarms[: len(lines) // 50])
    (WORK / f"alarms-{task.code}.tsv").write_text("".join(rows), encoding="utf-8")
    found = thresholds(alarms, len(lines))
    print(time.strftime("%H:%M:%S"), task.code, len(lines), "clean lines, thresholds", found, flush=True)
    return found, len(lines)


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument("--codes", nargs="+", default=list(text.CODES))
    parser.add_argument("--fit", type=int, default=8000, help="clean and damaged sentences per language")
    parser.add_argument("--clean", type=int, default=20_000, help="clean sentences per language for the thresholds")
    parser.add_argument("--keep", action="store_true", help="keep the forest that is there, set the thresholds anew")
    parser.add_argument("--no-writer", action="store_true", help="without the seq2seq model's scores")
    parser.add_argument("--jobs", type=int, default=1, help="processes")
    parser.add_argument("--out", type=Path, default=WEIGHTS / "judge.json")
    options = parser.parse_args()
    tasks = [Task(code, options.data, options.fit, not options.no_writer) for code in options.codes]
    with ProcessPoolExecutor(options.jobs) as pool:
        data = json.loads(options.out.read_text(encoding="utf-8")) if options.keep else fit(tasks, pool)
        draft = options.out.with_suffix(".draft")
        save(data, draft)
        tasks = [replace(task, most=options.clean) for task in tasks]
        for task, (found, lines) in zip(tasks, pool.map(calibrate, tasks, [draft] * len(tasks)), strict=True):
            data["thresholds"] |= {f"{task.code} {name}": threshold for name, threshold in found.items()}
            data["about"].setdefault("clean", {})[task.code] = lines
    draft.unlink()
    save(data, options.out)


if __name__ == "__main__":
    main()
