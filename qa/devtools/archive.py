"""`make archive-bench`: what a scan costs, and what it survives, as the measured parts of docs/scale.md."""

from __future__ import annotations

import json
import os
import platform
import random
import re
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import chain
from multiprocessing import active_children
from pathlib import Path

import qa
from qa.archive import pool
from qa.archive.inputs import Reading, formats
from qa.archive.plan import Limits
from qa.archive.record import made
from qa.archive.run import Summary, Wish, scan
from qa.archive.schema import MANIFEST, SHARDS
from qa.checker import Options
from qa.devtools.corpora import paragraph_pages
from qa.devtools.documents import ROOT
from qa.model import digest
from qa.readers import read
from qa.rules import registry

PAGE = ROOT / "docs" / "scale.md"
CODES = ("de", "es", "fr", "it")
PARAGRAPHS = 5  # of a page
TEMPLATES = 4  # paragraphs that every page of a site shares, in the archive with boilerplate
SITES = 4  # for each language
MEBIBYTE = 2**20


@dataclass(frozen=True, slots=True)
class Cost:
    """What a scan took: seconds on the clock and of the processors, the peak memory of one process in MiB, and disk.

    `size` and `stored` are the bytes of the texts and of the shards' files.
    """

    summary: Summary
    wall: float
    cpu: float
    peak: float
    size: int
    stored: int

    @property
    def rate(self) -> float:
        """Pages a second."""
        return self.summary.records / self.wall


def pages(data: Path, megabytes: float, *, templates: bool) -> Iterator[dict[str, str]]:
    """Pages of clean paragraphs in four languages, one in three with a broken number; about so many MB of UTF-8.

    With `templates`, each page ends with the paragraphs that all pages of its site share.
    """
    sources = {code: _paragraphs(data, code, megabytes / len(CODES)) for code in CODES}
    number = 0
    for code, paragraphs in sources.items():
        shared, own = paragraphs[: SITES * TEMPLATES], paragraphs[SITES * TEMPLATES :]
        for start in range(0, len(own), PARAGRAPHS):
            site = number % SITES
            texts = own[start : start + PARAGRAPHS]
            if number % 3 == 0:
                texts = [f"50 XNUMX {texts[0]}", *texts[1:]]
            if templates:
                texts += shared[site * TEMPLATES : (site + 1) * TEMPLATES]
            yield {
                "id": f"{code}-{number}",
                "url": f"https://{code}{site}.example/{number}",
                "date": f"20{10 + number % 15}-01-01",
                "language": code,
                "text": "\n\n".join(texts),
            }
            number += 1


def _paragraphs(data: Path, code: str, megabytes: float) -> list[str]:
    whole = paragraph_pages(data, code, int(megabytes * 1e6))
    return list(chain.from_iterable(page.split("\n\n") for page in whole))


def write_jsonl(path: Path, pages: Iterator[dict[str, str]]) -> int:
    """Write pages as compressed JSON Lines.  Returns the bytes of their texts."""
    import pyarrow

    size = 0
    with pyarrow.CompressedOutputStream(str(path), "zstd") as out:
        for page in pages:
            size += len(page["text"].encode())
            out.write((json.dumps(page, ensure_ascii=False) + "\n").encode())
    return size


def measure(wish: Wish, jobs: int, size: int) -> Cost:
    """Scan into an empty folder, and see what it takes."""
    peak = 0.0

    def look(progress: object) -> None:
        nonlocal peak
        peak = max([peak, *map(_peak, active_children())])

    def engine(tasks, setup, poisoned, tick):  # type: ignore[no-untyped-def]
        return pool.run(tasks, setup, jobs, poisoned=poisoned, tick=look)

    shutil.rmtree(wish.out, ignore_errors=True)
    before, started = _processor(), time.monotonic()
    summary = scan(wish, engine)
    wall, cpu = time.monotonic() - started, _processor() - before
    stored = sum(path.stat().st_size for path in Path(wish.out, SHARDS).iterdir())
    return Cost(summary, wall, cpu, peak, size, stored)


def _peak(process: object) -> float:
    """The most memory that a process has had, in MiB; of its own, unlike what `getrusage` says of a child."""
    try:
        status = Path(f"/proc/{process.pid}/status").read_text()  # type: ignore[attr-defined]
    except OSError:
        return 0.0
    found = re.search(r"VmHWM:\s*(\d+)", status)
    return int(found[1]) / 1024 if found else 0.0


def _processor() -> float:
    usages = [resource.getrusage(who) for who in (resource.RUSAGE_CHILDREN, resource.RUSAGE_SELF)]
    return sum(each.ru_utime + each.ru_stime for each in usages)


def throughput(data: Path, megabytes: float) -> str:
    """The section on speed and memory, and what follows from it on paper."""
    lines = [
        f"{platform.processor() or platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}, "
        f"qa {qa.__version__}, {os.getloadavg()[0]:.1f} other processes at work. All rules that run unasked; a column "
        "declares the language.\n",
        "| archive (JSONL.zst) | processes | seen before | pages | MB of text | wall s | cpu s | pages/s | MB/s "
        "| ms cpu/page | peak MiB/process |",
        "|---|---:|---|---:|---:|---:|---:|---:|---:|---:|---:|",
    ]
    costs: dict[tuple[str, int, bool], Cost] = {}
    with tempfile.TemporaryDirectory() as folder:
        for name, templates in (("distinct", False), ("boilerplate", True)):
            path = Path(folder, f"{name}.jsonl.zst")
            size = write_jsonl(path, pages(data, megabytes, templates=templates))
            wish = Wish((str(path),), f"{folder}/out", limits=Limits(records=200))
            for jobs, remember in ((1, False), (1, True), (2, True)):
                cost = measure(replace(wish, remember=remember), jobs, size)
                costs[name, jobs, remember] = cost
                lines.append(_row(name, jobs, "checked once" if remember else "checked again", cost))
            if not templates:
                reading = [*_reading(path, size)]
    lines += [*_model(data, megabytes / 4), "", *reading, "", *_ratios(costs)]
    lines += ["", *_paper(costs["boilerplate", 1, True])]
    return "\n".join(lines) + "\n"


def _model(data: Path, megabytes: float) -> Iterator[str]:
    """The same with the learned corrector, where its weights are installed."""
    if digest() is None:
        return
    names = frozenset(rule.id for rule in registry().values() if rule.default) | {"model"}
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "a.jsonl.zst")
        size = write_jsonl(path, pages(data, megabytes, templates=True))
        options = Options(select=names)
        for remember in (False, True):
            wish = Wish((str(path),), f"{folder}/out", options, limits=Limits(records=200), remember=remember)
            yield _row("boilerplate, model", 1, "checked once" if remember else "checked again", measure(wish, 1, size))


def _row(name: str, jobs: int, cache: str, cost: Cost) -> str:
    megabytes, count = cost.size / 1e6, cost.summary.records
    return (
        f"| {name} | {jobs} | {cache} | {count:,} | {megabytes:.1f} | {cost.wall:.1f} | {cost.cpu:.1f} "
        f"| {cost.rate:.0f} | {megabytes / cost.wall:.2f} | {1000 * cost.cpu / count:.1f} | {cost.peak:.0f} |"
    )


def _reading(path: Path, size: int) -> Iterator[str]:
    """What reading alone takes: what a filter that looks at nothing would cost."""
    started = time.process_time()
    count = 0
    for item in formats()["jsonl"].items(str(path), 0, Reading()):
        record = made(item.load(), {}, str(path), str(count), "text")
        read(record.text, record.syntax)
        count += 1
    taken = time.process_time() - started
    yield (
        f"For scale: to decompress, to parse and to split the same file into paragraphs, without checking anything, "
        f"takes {1000 * taken / count:.2f} ms of processor time a page ({size / 1e6 / taken:.0f} MB/s)."
    )


def _ratios(costs: dict[tuple[str, int, bool], Cost]) -> Iterator[str]:
    for name in ("distinct", "boilerplate"):
        saved = costs[name, 1, False].cpu / costs[name, 1, True].cpu
        yield f"- *{name}*: what was seen before, checked once: {saved:.2f} times as fast (processor time)."
    scaling = costs["boilerplate", 2, True].rate / costs["boilerplate", 1, True].rate
    yield f"- From one process to two: {scaling:.2f} times as many pages a second."


def _paper(cost: Cost) -> Iterator[str]:
    """What more pages would take, if each took what these took."""
    seconds, stored = cost.cpu / cost.summary.records, cost.stored / cost.summary.records
    yield f"The results take {stored:.0f} bytes a page. More pages, if they take what those of *boilerplate* took:\n"
    yield "| pages | core-hours | on 2 cores | on 64 cores | on 1,000 cores | at 0.04 $ a core-hour | GB of results |"
    yield "|---:|---:|---:|---:|---:|---:|---:|"
    for count in (1_000_000, 10_000_000, 1_000_000_000):
        hours = count * seconds / 3600
        spans = " | ".join(_span(hours / cores) for cores in (2, 64, 1000))
        yield f"| {count:,} | {hours:,.1f} | {spans} | {0.04 * hours:,.2f} $ | {count * stored / 1e9:,.1f} |"


def _span(hours: float) -> str:
    if hours < 1:
        return f"{60 * hours:.0f} min"
    return f"{hours:.1f} h" if hours < 48 else f"{hours / 24:,.1f} days"


def kills(data: Path, wanted: int, seed: int = 1) -> str:
    """Kill scans at random until `wanted` kills are made; every scan that came to its end is compared."""
    random_ = random.Random(seed)
    groups = single = finished = 0
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "a.jsonl.zst")
        write_jsonl(path, pages(data, 0.8, templates=True))
        command = partial(_command, path, 25)
        subprocess.run(command(f"{folder}/whole"), check=True, stdout=subprocess.DEVNULL)
        whole = contents(Path(folder, "whole"))
        while groups + single < wanted:
            out = Path(folder, f"out{finished}")
            done = False
            while not done:
                process = subprocess.Popen(
                    command(str(out)), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
                )
                while not done and process.returncode is None:
                    done = _ended(process, *_moment(random_), out)
                    if done or groups + single >= wanted:
                        done = process.wait() == 0
                    elif random_.random() < 0.3 and (worker := _worker(process.pid, random_)):
                        os.kill(worker, signal.SIGKILL)  # the scan goes on with another one
                        single += 1
                    else:
                        os.killpg(process.pid, signal.SIGKILL)
                        process.wait()
                        groups += 1
            finished += 1
            _same(contents(out), whole)
            shutil.rmtree(out)
    return (
        f"{groups + single} SIGKILLs at random moments ({groups} of the whole scan, which was then started again; "
        f"{single} of one of its processes, which it replaced) over {finished} scans of {len(_shards(whole))} shards: "
        f"after each, all {len(whole)} files were byte-identical to those of an undisturbed scan.\n"
    )


def _command(path: Path, records: int, out: str, *more: str) -> list[str]:
    line = [sys.executable, "-m", "qa", "archive", "scan", str(path), "--out", out, "--jobs", "2"]
    return [*line, "--shard-records", str(records), *more]


def _moment(random_: random.Random) -> tuple[int, float]:
    """When to kill: seconds after the start or, mostly, after some more shards are done."""
    if random_.random() < 0.2:
        return 0, random_.uniform(0.0, 3.0)
    return random_.randint(1, 3), random_.uniform(0.0, 0.3)


def _ended(process: subprocess.Popen[bytes], shards: int, seconds: float, out: Path) -> bool:
    """Whether the scan comes to its end before it has done so many more shards, and so many seconds later."""
    wanted = len(list((out / MANIFEST).glob("*"))) + shards
    while process.poll() is None and len(list((out / MANIFEST).glob("*"))) < wanted:
        time.sleep(0.01)
    try:
        return process.wait(seconds) == 0
    except subprocess.TimeoutExpired:
        return False


def _worker(parent: int, random_: random.Random) -> int | None:
    """One of the processes of a scan."""
    try:
        children = Path(f"/proc/{parent}/task/{parent}/children").read_text().split()
        workers = [int(pid) for pid in children if b"spawn_main" in Path(f"/proc/{pid}/cmdline").read_bytes()]
    except OSError:
        return None
    return random_.choice(workers) if workers else None


def contents(folder: Path) -> dict[str, bytes]:
    """Every file of a folder, by its path in it."""
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def _same(found: dict[str, bytes], whole: dict[str, bytes]) -> None:
    """Stop where a scan has not come to what an undisturbed one comes to."""
    other = sorted(name for name in found.keys() | whole.keys() if found.get(name) != whole.get(name))
    if other:
        raise SystemExit(f"not what an undisturbed scan comes to: {', '.join(other)}")


def _shards(files: Sequence[str] | dict[str, bytes]) -> list[str]:
    return [name for name in files if name.startswith(f"{SHARDS}/")]


def ray(data: Path) -> str:
    """Scan on a Ray cluster of two nodes on this machine, of which one is killed on the way, and compare."""
    from qa.archive.extra import needed

    cluster_utils = needed("ray.cluster_utils", "ray")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "a.jsonl.zst")
        write_jsonl(path, pages(data, 1.6, templates=True))
        times = {}
        started = time.monotonic()
        subprocess.run(_command(path, 25, f"{folder}/whole"), check=True, stdout=subprocess.DEVNULL)
        times["processes"] = time.monotonic() - started
        whole = contents(Path(folder, "whole"))
        started = time.monotonic()
        node = {"num_cpus": 1, "object_store_memory": 100 * MEBIBYTE}
        cluster = cluster_utils.Cluster(initialize_head=True, head_node_args={**node, "include_dashboard": False})
        second = cluster.add_node(**node)
        cluster.wait_for_nodes()
        times["start"] = time.monotonic() - started
        try:
            more = ("--engine", "ray", "--address", cluster.address)
            for name, kill in (("ray", False), ("killed", True)):
                out = Path(folder, name)
                started = time.monotonic()
                process = subprocess.Popen(
                    _command(path, 25, str(out), *more), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
                )
                if kill:
                    _wait(lambda: len(list((out / MANIFEST).glob("*"))) > len(_shards(whole)) // 3)  # noqa: B023
                    cluster.remove_node(second, allow_graceful=False)
                if process.wait() != 0:
                    raise SystemExit(f"the scan on Ray ended with {process.returncode}")
                times[name] = time.monotonic() - started
                _same(contents(out), whole)
        finally:
            cluster.shutdown()
    return (
        f"{len(_shards(whole))} shards on two nodes with one processor each ({os.getloadavg()[0]:.1f} other processes "
        f"at work): the cluster was ready after "
        f"{times['start']:.1f} s; the scan took {times['ray']:.1f} s, where two processes without Ray took "
        f"{times['processes']:.1f} s. With the second node killed after a third of the shards it took "
        f"{times['killed']:.1f} s. All {len(whole)} files were byte-identical each time.\n"
    )


def _wait(condition: Callable[[], bool]) -> None:
    while not condition():
        time.sleep(0.05)


def put(page: str, name: str, section: str) -> str:
    """The page with the measured section of that name replaced."""
    begin, end = f"<!-- measured: {name} -->\n", f"<!-- end: {name} -->"
    head, found, rest = page.partition(begin)
    if not found or end not in rest:
        raise ValueError(f"no section {name!r}")
    return f"{head}{begin}{section}{end}{rest.partition(end)[2]}"
