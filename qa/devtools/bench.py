"""`make bench`: speed, memory and the peers, in the same run on the same text, as docs/benchmarks.md."""

from __future__ import annotations

import os
import platform
import sys
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path

import qa
from qa.checker import Options, check_document
from qa.devtools import peers
from qa.devtools.corpora import paragraph_pages
from qa.devtools.documents import ROOT
from qa.devtools.timing import best, processes
from qa.evaluation import Gold, read_gold, score, total
from qa.finding import Diagnostic
from qa.memory import collect_seldom
from qa.readers import read
from qa.text import Document

SAMPLE = ROOT / "samples" / "trump-poutine.fr.txt"
MEGABYTE = 1_000_000
# The rules of 0.1 that look at letters, marks and numbers alone.
SURFACE = frozenset(
    {
        "boundary-case",
        "boundary-punctuation",
        "broken-placeholder",
        "elision",
        "fused-words",
        "looped-phrase",
        "mojibake",
        "number-slot",
        "repeated-word",
        "split-identifier",
        "untranslated-block",
    }
)
RUNS = 7
AGAIN = 5


def report(data: Path, gold: Path) -> str:
    """The page, in Markdown."""
    parts = [
        "# Benchmarks\n",
        "Written by `make bench`; every figure is of one run on one machine, so compare the ratios.\n",
        f"{platform.processor() or platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}, "
        f"qa {qa.__version__}.\n",
        *_processes(),  # first: a child's peak memory counts what its parent held when it was started
        *_throughput(data),
        *_quality(gold),
    ]
    return "\n".join(parts)


def _throughput(data: Path) -> Iterator[str]:
    yield "## Rules over clean text, one core\n"
    if not (data / "corpus").is_dir():
        yield f"Not measured: no corpora in {data}.\n"
        return
    yield "MB of UTF-8 a second over paragraphs of the corpora, one process: the first megabyte (every word is new),"
    yield "the second, and the second again, read anew (its words are known, as most are in a long run): the fastest of"
    yield f"{AGAIN} passes, since nothing but noise tells them apart; the others can be taken only once."
    yield "*surface*: the rules that need no grammar; *all*: all that run unasked. Portuguese has 0.7 MB in all.\n"
    yield "| language | surface, first | second | known | all, first | second | known | reading |"
    yield "|---|---:|---:|---:|---:|---:|---:|---:|"
    collect_seldom()  # as the command line does
    for code in ("de", "en", "es", "fr", "it", "nl", "pt"):
        texts = paragraph_pages(data, code, 2 * MEGABYTE)
        half = len(texts) // 2
        cells: list[float] = []
        for select in (SURFACE, frozenset[str]()):
            options = Options(language=code, select=select)
            cells += [_rate(part, _pass(part, options)) for part in (texts[:half], texts[half:])]
            cells.append(_rate(texts[half:], min(_pass(texts[half:], options) for _ in range(AGAIN))))
        cells.append(_rate(texts, best(partial(_read, texts), 2)))
        yield f"| {code} | " + " | ".join(f"{cell:.2f}" for cell in cells) + " |"
    yield ""


def _pass(texts: Sequence[str], options: Options) -> float:
    """Seconds for the texts, read anew: a document that was checked before has the words of its blocks ready made."""
    return best(partial(_judge, [read(text, "text") for text in texts], options), 1)


def _rate(texts: Sequence[str], seconds: float) -> float:
    return sum(len(text.encode()) for text in texts) / 1e6 / seconds


def _read(texts: Sequence[str]) -> None:
    for text in texts:
        read(text, "text")


def _judge(documents: Sequence[Document], options: Options) -> None:
    for document in documents:
        check_document(document, options)


def _processes() -> Iterator[str]:
    qa_command = [str(Path(sys.executable).parent / "qa"), "check", str(SAMPLE), "--exit-zero"]
    rows = {"`qa check --lang fr`": [*qa_command, "--lang", "fr"], "`qa check`": qa_command}
    if peers.available(peers.GRAMMALECTE):
        rows["Grammalecte"] = peers.grammalecte_command(SAMPLE)
    if peers.available("hunspell"):
        rows["hunspell"] = peers.hunspell_command("fr", SAMPLE)
    size = len(SAMPLE.read_text(encoding="utf-8"))
    yield f"## Whole processes on the sample ({size} characters)\n"
    yield f"Medians of {RUNS} runs in turn after a warm-up.\n"
    yield "| command | wall s | cpu s | peak MiB | wall, Grammalecte = 1 |"
    yield "|---|---:|---:|---:|---:|"
    figures = dict(zip(rows, processes(list(rows.values()), RUNS), strict=True))
    base = figures.get("Grammalecte")
    for name, runs in figures.items():
        ratio = f"{runs.wall / base.wall:.2f}" if base else "not installed"
        yield f"| {name} | {runs.wall:.2f} | {runs.cpu:.2f} | {runs.peak:.0f} | {ratio} |"
    yield ""


def _quality(folder: Path) -> Iterator[str]:
    yield "## Found and repaired on the development texts\n"
    golds = list(read_gold(folder)) if folder.is_dir() else []
    if not golds:
        yield f"Not measured: no texts with gold spans in {folder}.\n"
        return
    yield "Defects of level `must`; typography is not counted. Each checker sees the same files.\n"
    yield "| checker | language | gold | recall | repair@1 | precision | F0.5 | false alarms / 1,000 words |"
    yield "|---|---|---:|---:|---:|---:|---:|---:|"
    yield from _rows("qa", golds, lambda gold, text: _qa(gold, text))
    if peers.available(peers.GRAMMALECTE):
        french = [gold for gold in golds if gold.language == "fr"]
        yield from _rows("Grammalecte", french, lambda gold, text: peers.grammalecte(gold.path))
    if peers.available("hunspell"):
        yield from _rows("hunspell", golds, lambda gold, text: peers.hunspell(gold.language, gold.path))
    yield ""


def _qa(gold: Gold, text: str) -> Sequence[Diagnostic]:
    return qa.check(text, syntax="auto", options=Options(language=gold.language)).diagnostics


def _rows(name: str, golds: Sequence[Gold], checker: Callable[[Gold, str], Sequence[Diagnostic]]) -> Iterator[str]:
    scored = []
    for gold in golds:
        text = gold.path.read_bytes().decode()
        scored.append(score(gold, text, checker(gold, text)))
    for key, tally in total(scored).items():
        if key == "all" or key.startswith("lang "):
            language = key.removeprefix("lang ")
            yield (
                f"| {name} | {language} | {tally.gold} | {tally.recall:.1%} | {tally.repair_first:.1%} "
                f"| {tally.precision:.1%} | {tally.f_half:.3f} | {tally.per_thousand:.2f} |"
            )
