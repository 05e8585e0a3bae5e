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
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from models.corrector import text
from models.corrupt._mixture import Damaged, Mixture
from qa.lexicon import lexicon
from qa.model.corrector import GATE, Corrector
from qa.model.gains import Gain
from qa.model.judge import NAMES, Judge, evidence, load
from qa.model.propose import Candidate
from qa.model.sentences import Sentence, sentences
from qa.model.tagger import Tagger, Verdict
from qa.model.writer import open_writer
from qa.ngrams import ngrams

WEIGHTS = Path("qa/weights")
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
    nobody = judge or Judge(0.0, (), {})
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
            if gains or verdict.wrong >= GATE:
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
        found = corrector.proposals(piece, verdict, gains)
        for one, margin in zip(found, corrector.margins(piece, found), strict=True):
            changed = whole[: piece.start] + one.apply(piece.text) + whole[piece.start + len(piece.text) :]
            values = evidence(
                one,
                piece.text,
                piece.tokens,
                verdict,
                corrector._words,
                corrector._ngrams,
                corrector.code,
                corrector._tagger.featuriser.lexical,
                margin,
            )
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


def fit(correctors: dict[str, Corrector], data: Path, most: int) -> dict[str, Any]:
    """Grow the forest on damaged and clean lines of the first part."""
    import numpy as np
    from sklearn.ensemble import HistGradientBoostingClassifier

    values: list[list[float]] = []
    right: list[bool] = []
    weights: list[float] = []
    mixture = Mixture()
    for code, corrector in correctors.items():
        lines = heldout(data, code, FIT, most)
        rng = random.Random(11)
        hurt = [mixture.damage(line, code, rng, rng.choice((1, 1, 2))) for line in lines]
        # Most text is clean: what is wrong there weighs more.
        for texts, weight in ((hurt, 1.0), ([Damaged(line) for line in lines], 4.0)):
            for case in cases(corrector, texts):
                values.append(case.values)
                right.append(case.right)
                weights.append(weight)
        print(
            time.strftime("%H:%M:%S"),
            code,
            len(lines),
            "lines,",
            len(values),
            "cases,",
            sum(right),
            "right",
            flush=True,
        )
    model = HistGradientBoostingClassifier(
        max_iter=90,
        learning_rate=0.12,
        max_leaf_nodes=16,
        min_samples_leaf=40,
        l2_regularization=2.0,
        early_stopping=False,
        random_state=1,
    )
    model.fit(np.array(values), np.array(right), sample_weight=np.array(weights))
    about = {"lines": most, "cases": len(values), "right": sum(right), "date": time.strftime("%Y-%m-%d")}
    return {**forest(model), "thresholds": {}, "about": about}


def calibrate(judge: Judge, corrector: Corrector, lines: Sequence[str], changed: float) -> float:
    """The threshold at which this share of clean lines would be changed."""
    best: dict[int, float] = {}
    for case in cases(corrector, [Damaged(line) for line in lines]):
        best[case.sentence] = max(best.get(case.sentence, 0.0), judge.probability(case.values))
    highest = sorted(best.values(), reverse=True)
    allowed = int(changed * len(lines))
    limit = highest[allowed] if allowed < len(highest) else 0.5
    # Rounded up, so that the sentence at the limit stays unchanged.
    return max(0.5, math.ceil(limit * 1000 + 1) / 1000)


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument("--codes", nargs="+", default=list(text.CODES))
    parser.add_argument("--fit", type=int, default=5000, help="sentences per language for the forest")
    parser.add_argument("--clean", type=int, default=20_000, help="clean sentences per language for the thresholds")
    parser.add_argument("--changed", type=float, default=0.004, help="share of clean sentences that may be changed")
    parser.add_argument("--keep", action="store_true", help="keep the forest that is there, set the thresholds anew")
    parser.add_argument("--no-writer", action="store_true", help="without the seq2seq model's scores")
    parser.add_argument("--out", type=Path, default=WEIGHTS / "judge.json")
    options = parser.parse_args()
    correctors = {code: open_corrector(code, with_writer=not options.no_writer) for code in options.codes}
    if options.keep:
        data = json.loads(options.out.read_text(encoding="utf-8"))
    else:
        data = fit(correctors, options.data, options.fit)
    draft = options.out.with_suffix(".draft")
    save(data, draft)
    judge = load(draft)
    draft.unlink()
    for code, corrector in correctors.items():
        lines = heldout(options.data, code, CALIBRATE, options.clean)
        data["thresholds"][code] = calibrate(judge, corrector, lines, options.changed)
        data["about"].setdefault("clean", {})[code] = len(lines)
        print(
            time.strftime("%H:%M:%S"), code, len(lines), "clean lines, threshold", data["thresholds"][code], flush=True
        )
    save(data, options.out)


if __name__ == "__main__":
    main()
