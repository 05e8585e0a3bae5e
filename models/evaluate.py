"""Measure the corrector: `python -m models.evaluate`; writes `models/RESULTS.md`.

Planted defects and clean sentences are held-out lines of the third part (`models.corrector.judge`), which neither the
counts nor the tagger nor the judge has seen.  The texts of `../shared/gold` are scored where they are at hand.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import math
import multiprocessing
import random
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import qa
from models.corrector import text
from models.corrector.judge import TEST, heldout, open_corrector
from models.corrupt import operators
from models.corrupt._mixture import CATEGORY, RATES, Damaged, Defect
from qa.checker import Options
from qa.model import WEIGHTS
from qa.model.corrector import GATE, Corrector
from qa.model.judge import Judge, load
from qa.model.sentences import sentences

OUT = Path("models/RESULTS.md")


@dataclass(frozen=True, slots=True)
class Alarm:
    """What a system reports: a place, and the text after its first repair."""

    start: int
    end: int
    fixed: str | None


System = Callable[[str, str], list[Alarm]]


def rules(text_: str, code: str) -> list[Alarm]:
    """The project's rules that are on by default, without the model."""
    options = Options(language=code, ignore=frozenset({"model"}))
    found = qa.check(text_, options=options).diagnostics
    return [
        Alarm(
            d.span.start,
            d.span.end,
            text_[: d.span.start] + d.suggestions[0] + text_[d.span.end :] if d.suggestions else None,
        )
        for d in found
        if d.category != "typography"
    ]


def model(corrector: Corrector) -> System:
    """A corrector as a system."""

    def run(text_: str, code: str) -> list[Alarm]:
        return [
            Alarm(h.start, h.end, text_[: h.start] + h.new + text_[h.end :])
            for h in corrector.correct(text_)
            if h.probability >= 0.5
        ]

    return run


def both(one: System, other: System) -> System:
    """Two systems together; the first wins where they meet."""

    def run(text_: str, code: str) -> list[Alarm]:
        first = one(text_, code)
        more = [a for a in other(text_, code) if all(a.end < b.start or a.start > b.end for b in first)]
        return [*first, *more]

    return run


class TaggerOnly(Judge):
    """No judge: the tagger's own probability decides."""

    def __init__(self, thresholds: dict[str, float]) -> None:
        super().__init__(0.0, None, thresholds)

    def probabilities(self, rows: Sequence[Sequence[float]]) -> list[float]:
        """The probability of each label (its log-odds are the second number)."""
        return [1 / (1 + math.exp(-values[1])) for values in rows]


def planted(code: str, lines: Sequence[str], names: Sequence[str], seed: int) -> Iterator[tuple[Damaged, str]]:
    """One defect per line, the operators in turn; and the operator."""
    rng = random.Random(seed)
    known = operators()
    for number, line in enumerate(lines):
        name = names[number % len(names)]
        try:
            new = known[name](line, code, rng)
        except KeyError:  # an operator that reads facts which this language does not bring
            continue
        if new is not None and new.text != line and new.clean == line:
            yield Damaged(new.text, (Defect(new.start, new.end, new.original, name),)), name


def spaces(text_: str) -> str:
    """The text with its spaces made alike."""
    return " ".join(text_.split())


def score(system: System, code: str, cases: Sequence[tuple[Damaged, str]]) -> dict[str, Counter[str]]:
    """Per category: defects, those detected, those repaired by the first suggestion; alarms and false ones."""
    counts: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for damaged, name in cases:
        (defect,) = damaged.defects
        alarms = system(damaged.text, code)
        near = [a for a in alarms if a.start <= defect.end + 1 and a.end >= defect.start - 1]
        clean = spaces(damaged.text[: defect.start] + defect.original + damaged.text[defect.end :])
        for key in (CATEGORY.get(name, name), "all"):
            counts[key]["defects"] += 1
            counts[key]["detected"] += bool(near)
            counts[key]["repaired"] += any(a.fixed is not None and spaces(a.fixed) == clean for a in near)
            counts[key]["alarms"] += len(alarms)
            counts[key]["false"] += len(alarms) - len(near)
    return counts


def silence(system: System, code: str, lines: Sequence[str]) -> tuple[int, int, int]:
    """Clean lines with an alarm, alarms, words."""
    changed = alarms = words = 0
    for line in lines:
        found = system(line, code)
        changed += bool(found)
        alarms += len(found)
        words += len(line.split())
    return changed, alarms, words


def f05(precision: float, recall: float) -> float:
    """Precision counts double."""
    return 1.25 * precision * recall / (0.25 * precision + recall) if precision + recall else 0.0


def row(*cells: object) -> str:
    """A row of a table."""
    return "| " + " | ".join(map(str, cells)) + " |"


def percent(part: float, whole: float) -> str:
    """A share as text."""
    return f"{100 * part / whole:.1f}" if whole else "–"


def gold(folder: Path, with_model: bool) -> dict[str, Counter[str]]:
    """Gold, detected, repaired@1, alarms and false ones per language and category, by the folder's own scorer."""
    spec = importlib.util.spec_from_file_location("gold_score", folder / "score.py")
    assert spec is not None and spec.loader is not None
    scorer = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(scorer)
    totals: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for path in sorted(folder.rglob("*.gold.json")):
        spans = json.loads(path.read_text(encoding="utf-8"))
        body = path.with_name(spans["file"]).read_text(encoding="utf-8")
        found = list(qa.check(body, options=Options(language=spans["lang"], ignore=frozenset({"model"}))).diagnostics)
        if with_model:
            more = qa.check(body, options=Options(language=spans["lang"], select=frozenset({"model"}))).diagnostics
            found += [d for d in more if not any(d.span.overlaps(other.span) for other in found)]
        findings = [
            {
                "start": d.span.start,
                "end": d.span.end,
                "suggestions": list(d.suggestions),
                "category": d.category,
                "severity": str(d.severity),
                "rule": d.rule,
            }
            for d in found
        ]
        judged, false, loud = scorer.score_doc(body, spans["spans"], findings)
        for key in ("all", spans["lang"]):
            totals[key]["false"] += len(false)
            totals[key]["alarms"] += len(loud)
            totals[key]["words"] += len(body.split())
            totals[key]["false model"] += sum(f["rule"] == "model" for f in false)
            totals[key]["model"] += sum(f["rule"] == "model" for f in loud)
        for span, detected, _, top in judged:
            if span["level"] == "must":
                for key in ("all", spans["lang"], span["category"]):
                    totals[key]["gold"] += 1
                    totals[key]["detected"] += detected
                    totals[key]["repaired"] += top
    return totals


@dataclass(frozen=True, slots=True)
class Speed:
    """Sentences per second of processor time, and the greatest memory in use."""

    gate: float
    corrector: float
    everything: float  # as the command line runs it: all rules and the model
    mebibytes: int


def speed(code: str, lines: Sequence[str]) -> Speed:
    """Measure clean lines in a process that holds what a user's run holds."""
    from qa.model import corrector as shipped

    corrector = shipped(code)
    assert corrector is not None
    pages = ["\n\n".join(lines[start : start + 20]) for start in range(0, len(lines), 20)]
    pieces = [p for page in pages for p in sentences(page, corrector._words, elision=corrector._ngrams.elision)]
    pieces = [p for p in pieces if not p.skipped]

    def rate(run: Callable[[], object]) -> float:
        began = time.process_time()
        run()
        return len(pieces) / (time.process_time() - began)

    corrector._tagger.judge([p.tokens for p in pieces[:50]])
    batches = [[p.tokens for p in pieces[start : start + 64]] for start in range(0, len(pieces), 64)]
    gate = rate(lambda: [corrector._tagger.judge(batch) for batch in batches])
    alone = rate(lambda: [corrector.correct(page) for page in pages])
    options = Options(language=code, model="on")
    everything = rate(lambda: [qa.check(page, options=options) for page in pages])
    return Speed(gate, alone, everything, peak())


def peak() -> int:
    """The greatest memory this process had in use, in MiB (Linux; `getrusage` counts what stood here before exec)."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return int(status.split("VmHWM:")[1].split()[0]) // 1024


Measured = tuple[list[str], list[str], dict[tuple[str, str], Counter[str]]]


def measure(code: str, options: argparse.Namespace) -> Measured:
    """Rows of planted defects, rows of clean text and totals by (system, category), for one language."""
    judge = load(WEIGHTS / "judge.json")
    full = open_corrector(code, judge=judge)
    alone = open_corrector(code, judge=TaggerOnly({code: options.tagger_only}), with_writer=False)
    # Remembered: several systems are made of the same parts.
    by_rules, learned = cache(rules), cache(model(full))
    systems: dict[str, System] = {
        "rules": by_rules,
        "finders, no judge": model(alone),
        "model": learned,
        "rules + model": both(by_rules, learned),
    }
    if full._writer:
        systems["model without seq2seq"] = model(open_corrector(code, judge=judge, with_writer=False))
    rows: list[str] = []
    clean_rows: list[str] = []
    totals: defaultdict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    trained = [name for name in RATES if name in operators()]
    others = [name for name in operators() if name not in RATES]
    lines = heldout(options.data, code, TEST, options.planted)
    clean = heldout(options.data, code, TEST, options.planted + options.clean)[options.planted :]
    cases = list(planted(code, lines, trained, 3))
    for name, system in systems.items():
        counts = score(system, code, cases)
        quiet = clean if name == "model" else clean[: options.clean_others]
        changed, alarms, words = silence(system, code, quiet)
        total = counts["all"]
        precision = 1 - total["false"] / total["alarms"] if total["alarms"] else 0.0
        recall = total["detected"] / max(total["defects"], 1)
        found = percent(total["detected"], total["defects"]), percent(total["repaired"], total["defects"])
        rows.append(
            row(code, name, total["defects"], *found, f"{100 * precision:.1f}", f"{f05(precision, recall):.3f}")
        )
        per_thousand = f"{1000 * alarms / max(words, 1):.2f}"
        clean_rows.append(row(code, name, len(quiet), words, percent(changed, len(quiet)), per_thousand))
        for key, value in counts.items():
            totals[name, key] += value
        print(rows[-1], clean_rows[-1], flush=True)
    held = list(planted(code, lines, others, 4)) if others else []
    for name, system in systems.items():
        for key, value in score(system, code, held).items():
            totals[name, "not trained on: " + key] += value
    return rows, clean_rows, dict(totals)


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument("--gold", type=Path, default=Path("../shared/gold"))
    parser.add_argument("--codes", nargs="+", default=list(text.CODES))
    parser.add_argument("--planted", type=int, default=1200, help="damaged sentences per language")
    parser.add_argument("--clean", type=int, default=4000, help="clean sentences per language")
    parser.add_argument("--clean-others", type=int, default=800, help="as many of them for the other systems")
    parser.add_argument(
        "--tagger-only", type=float, default=0.9, help="threshold of the tagger's label without a judge"
    )
    parser.add_argument("--jobs", type=int, default=1, help="processes")
    parser.add_argument("--out", type=Path, default=OUT)
    options = parser.parse_args()
    rows: list[str] = []
    clean_rows: list[str] = []
    totals: defaultdict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    with ProcessPoolExecutor(options.jobs) as pool:
        for one in pool.map(measure, options.codes, [options] * len(options.codes)):
            rows += one[0]
            clean_rows += one[1]
            for key_, value in one[2].items():
                totals[key_] += value
    systems = list(dict.fromkeys(name for name, _ in totals))
    parts = [
        "# What the corrector was measured to do",
        "",
        f"Written by `python -m models.evaluate --planted {options.planted} --clean {options.clean} "
        f"--clean-others {options.clean_others}` on "
        f"{time.strftime('%Y-%m-%d')}. Every table: held-out lines that no part of the system has seen.",
        "",
        "## Planted defects, one per sentence, by language",
        "",
        "Detected, repaired by the first suggestion, and precision in %. The operators take turns.",
        "",
        "| language | system | defects | detected | repaired@1 | precision | F0.5 |",
        "|---|---|---:|---:|---:|---:|---:|",
        *rows,
        "",
        "## Planted defects by category, all languages",
        "",
        "| category | system | defects | detected | repaired@1 | precision |",
        "|---|---|---:|---:|---:|---:|",
    ]
    for key in sorted({key for _, key in totals}):
        for name in systems:
            total = totals[name, key]
            if total["defects"]:
                precision = 1 - total["false"] / total["alarms"] if total["alarms"] else 0.0
                found = percent(total["detected"], total["defects"]), percent(total["repaired"], total["defects"])
                parts.append(row(key, name, total["defects"], *found, f"{100 * precision:.1f}"))
    parts += [
        "",
        "## Clean text",
        "",
        "| language | system | lines | words | lines changed % | alarms per 1,000 words |",
        "|---|---|---:|---:|---:|---:|",
        *clean_rows,
        "",
    ]
    if (options.gold / "score.py").is_file():
        without, with_ = gold(options.gold, False), gold(options.gold, True)
        parts += [
            "## Real machine translation (development texts and sample)",
            "",
            "`must` spans; false alarms of all rules, and in brackets those of the model out of all it reported.",
            "",
            row(
                "",
                "gold",
                "rules: detected",
                "repaired@1",
                "precision",
                "rules + model: detected",
                "repaired@1",
                "precision",
                "model false / all",
            ),
            "|---|---:|---:|---:|---:|---:|---:|---:|---:|",
        ]
        for key in with_:
            cells: list[str] = []
            for one in (without[key], with_[key]):
                cells += [
                    percent(one["detected"], one["gold"]),
                    percent(one["repaired"], one["gold"]),
                    percent(one["alarms"] - one["false"], one["alarms"]),
                ]
            two = with_[key]
            parts.append(row(key, two["gold"], *cells, f"{two['false model']} / {two['model']}"))
    code = options.codes[0]
    with ProcessPoolExecutor(1, multiprocessing.get_context("spawn")) as pool:
        fast = pool.submit(speed, code, heldout(options.data, code, TEST, 2000)).result()
    parts += [
        "",
        "## Speed",
        "",
        f"One thread, {code}, 2,000 clean held-out lines in pages of 20, sentences per second of processor time: gate "
        f"{fast.gate:.0f}; gate, proposals and judge {fast.corrector:.0f}; all rules and the model "
        f"{fast.everything:.0f}. Peak memory of a process that does nothing else {fast.mebibytes} MiB (one language). "
        f"Gate threshold {GATE}.",
        "",
    ]
    options.out.write_text("\n".join(parts), encoding="utf-8")


if __name__ == "__main__":
    main()
