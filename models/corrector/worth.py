"""What the seq2seq model is worth as one who proposes: `python -m models.corrector.worth FOLDER`.

Places that are known to be wrong are marked: planted defects in held-out lines of the third part, which nothing has
seen, and the spans of `../shared/gold`.  Asked is how often its first answer is right, and how often it alone is: no
finder proposes the repair of a planted defect, or no rule's first suggestion repairs the gold span.
"""

from __future__ import annotations

import argparse
import json
import random
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import qa
from models.corrector import text
from models.corrector.convert import convert
from models.corrector.judge import TEST, heldout, open_corrector, repairs
from models.corrupt._mixture import CATEGORY, Mixture
from models.evaluate import spaces
from qa.checker import Options
from qa.model.corrector import LONGEST, Corrector
from qa.model.engines import CTranslate2
from qa.model.sentences import Sentence, sentences
from qa.model.writer import Writer


def planted(corrector: Corrector, writer: Writer, data: Path, most: int) -> Counter[tuple[str, str]]:
    """Counts by (category, what): marks, answers that are right, right and of no finder, and "all is well"."""
    counts: Counter[tuple[str, str]] = Counter()
    mixture, rng = Mixture(), random.Random(17)
    for line in heldout(data, corrector.code, TEST, most):
        damaged = mixture.damage(line, corrector.code, rng, 1)
        if not damaged.defects:
            continue
        (defect,) = damaged.defects
        wanted = repairs(damaged)
        found = writer.write(corrector.code, damaged.text, [(defect.start, defect.end)])[0]
        best = max(found, key=lambda one: one.margin, default=None)
        made = "" if best is None else damaged.text[: best.start] + f" {best.text} " + damaged.text[best.end :]
        right = spaces(made) in wanted
        known = right and any(
            spaces(damaged.text[: piece.start] + one.apply(piece.text) + damaged.text[piece.start + len(piece.text) :])
            in wanted
            for piece in whole(corrector, damaged.text)
            for one in corrector.proposals(piece, *corrector.see([piece])[0])
        )
        for key in ("all", CATEGORY[defect.operator]):
            counts[key, "marks"] += 1
            counts[key, "right"] += right
            counts[key, "alone"] += right and not known
            counts[key, "wrong"] += best is not None and best.margin > 0 and not right
    return counts


def whole(corrector: Corrector, text_: str) -> Iterator[Sentence]:
    """The sentences that are not skipped."""
    return (s for s in sentences(text_, corrector._words, elision=corrector._ngrams.elision) if not s.skipped)


def gold(corrector: Corrector, folder: Path) -> Counter[str]:
    """Of the `must` spans of a language that no rule repairs: those it was asked about, answered, answered rightly."""
    counts: Counter[str] = Counter()
    for path in sorted(folder.rglob("*.gold.json")):
        spans = json.loads(path.read_text(encoding="utf-8"))
        if spans["lang"] != corrector.code:
            continue
        body = path.with_name(spans["file"]).read_text(encoding="utf-8")
        found = qa.check(body, options=Options(language=corrector.code, model="off")).diagnostics
        for span in spans["spans"]:
            start, end, fixes = span["start"], span["end"], {spaces(fix) for fix in span["fixes"]}
            near = [d for d in found if d.span.start < end and d.span.end > start]
            repaired = any(
                spaces(body[start : d.span.start] + d.suggestions[0] + body[d.span.end : end]) in fixes
                for d in near
                if d.suggestions
            )
            if span["level"] != "must" or not fixes or repaired:
                continue
            counts["not repaired"] += 1
            line = body.rfind("\n", 0, start) + 1
            stop = body.find("\n", end) if "\n" in body[end:] else len(body)
            made = corrector.repairs(body[line:stop], start - line, end - line) if end - start <= LONGEST else []
            counts["answered"] += bool(made)
            counts["right"] += bool(made) and spaces(made[0]) in fixes
    return counts


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("model", type=Path, help="a folder that `python -m models.corrector.train` wrote")
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument("--gold", type=Path, default=Path("../shared/gold"))
    parser.add_argument("--codes", nargs="+", default=list(text.CODES))
    parser.add_argument("--lines", type=int, default=300, help="damaged lines per language")
    options = parser.parse_args()
    small = options.model.with_name("int8")
    convert(options.model, small)
    writer = Writer(CTranslate2(small), options.model / "source.spm")
    marks: Counter[tuple[str, str]] = Counter()
    spans: Counter[str] = Counter()
    for code in options.codes:
        finders = open_corrector(code, with_writer=False)
        marks += planted(finders, writer, options.data, options.lines)
        finders._writer = writer
        spans += gold(finders, options.gold)
    for key in sorted({key for key, _ in marks}):
        print(key, *(f"{what} {marks[key, what]}" for what in ("marks", "right", "alone", "wrong")), sep="\t")
    print("gold", *(f"{what} {spans[what]}" for what in ("not repaired", "answered", "right")), sep="\t")


if __name__ == "__main__":
    main()
