"""`make bench`: speed, memory and the peers, in the same run on the same text, as docs/benchmarks.md."""

from __future__ import annotations

import os
import platform
import sys
from collections.abc import Iterator
from pathlib import Path

import qa
from qa.checker import Options, check_document
from qa.devtools import peers
from qa.devtools.corpora import clean_sentences, pages
from qa.devtools.documents import ROOT
from qa.devtools.timing import best, processes
from qa.readers import read

SAMPLE = ROOT / "samples" / "trump-poutine.fr.txt"
WORDS = 60_000  # of clean text for each language
RUNS = 7


def report(data: Path, gold: Path) -> str:
    """The page, in Markdown."""
    parts = [
        "# Benchmarks\n",
        "Written by `make bench`; every figure is of one run on one machine, so compare the ratios.\n",
        f"{platform.processor() or platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}, "
        f"qa {qa.__version__}.\n",
        *_throughput(data),
        *_processes(),
    ]
    return "\n".join(parts)


def _throughput(data: Path) -> Iterator[str]:
    yield "## Rules over clean text, one core\n"
    if not (data / "corpus").is_dir():
        yield f"Not measured: no corpora in {data}.\n"
        return
    yield "MB of UTF-8 a second; `check` with all rules that run unasked, the text read already, and with reading.\n"
    yield "| language | MB | rules | with reading |"
    yield "|---|---:|---:|---:|"
    for code in ("de", "en", "es", "fr", "it", "nl", "pt"):
        text = [page for _, part in clean_sentences(data, code, WORDS) for page in pages(part)]
        size = sum(len(page.encode()) for page in text) / 1e6
        options = Options(language=code)
        qa.check(text[0], options=options)  # loads the language

        documents = [read(page, "text") for page in text]
        # Once only: a second pass would find the words of each block ready made.
        alone = best(lambda documents=documents, options=options: [check_document(d, options) for d in documents], 1)
        whole = best(lambda text=text, options=options: [qa.check(page, options=options) for page in text], 2)
        yield f"| {code} | {size:.2f} | {size / alone:.2f} | {size / whole:.2f} |"
    yield ""


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
