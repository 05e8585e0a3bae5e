"""Load: how many articles a minute the service checks, how long one waits at half of that, and what memory it takes.

The client is part of the load: it shares the processors with the server.  Every request is another text, so that no
answer comes from the cache.
"""

from __future__ import annotations

import asyncio
import json
import os
import random
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Coroutine, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from qa.devtools.corpora import paragraph_pages

_SAMPLE = Path(__file__).parents[2] / "samples" / "trump-poutine.fr.txt"
_CORPUS = 4_000_000  # bytes of paragraphs that articles are made of
_CLIENTS = 4  # that ask as fast as they are answered
_PEER = "grammalecte-server"


@dataclass(slots=True)
class Figures:
    """What came of a run.  Times are in seconds."""

    seconds: float = 0.0
    times: list[float] = field(default_factory=list)
    errors: int = 0
    processor: float = 0.0  # of the server's processes

    @property
    def rate(self) -> float:
        """Answers a second."""
        return len(self.times) / self.seconds

    def quantile(self, share: float) -> float:
        """The time within which this share of the requests was answered."""
        return sorted(self.times)[min(len(self.times) - 1, int(share * len(self.times)))]


@dataclass(frozen=True, slots=True)
class Target:
    """A server and the request that checks a text there."""

    port: int
    path: str
    media: str

    def request(self, text: str, select: Sequence[str] = ()) -> bytes:
        """The bytes of a request."""
        if self.media == "application/json":
            value = {"text": text, "language": "fr", **({"select": list(select)} if select else {})}
            body = json.dumps(value).encode()
        else:
            body = urlencode({"text": text}).encode()
        head = f"POST {self.path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: {self.media}\r\n"
        return f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body


def articles(data: Path, words: int) -> Iterator[str]:
    """French articles without end, all different: held-out paragraphs, and a sixth from the sample with its defects."""
    clean = [paragraph for page in paragraph_pages(data, "fr", _CORPUS) for paragraph in page.split("\n\n")]
    broken = [line for line in _SAMPLE.read_text(encoding="utf-8").splitlines() if len(line.split()) > 15]
    draw = random.Random(7)
    while True:
        article, left = list[str](), words
        while left > 0:
            paragraph = draw.choice(broken if draw.random() < 1 / 6 else clean).split()[:left]
            article.append(" ".join(paragraph))
            left -= len(paragraph)
        yield "\n\n".join(article)


class _Connections:
    """Connections to a server that are kept open, as a CMS would; one that the server closed is opened anew."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._free: list[tuple[asyncio.StreamReader, asyncio.StreamWriter]] = []

    async def __aenter__(self) -> _Connections:
        return self

    async def __aexit__(self, *_: object) -> None:
        for _reader, writer in self._free:
            writer.close()
            await writer.wait_closed()

    async def ask(self, request: bytes) -> bool:
        """Whether the answer is 200."""
        while self._free:
            reader, writer = self._free.pop()
            if not (reader.at_eof() or writer.is_closing()):
                break
            writer.close()
        else:
            reader, writer = await asyncio.open_connection("127.0.0.1", self._port)
        writer.write(request)
        head = (await reader.readuntil(b"\r\n\r\n")).lower()
        length = next(int(line[15:]) for line in head.split(b"\r\n") if line.startswith(b"content-length:"))
        await reader.readexactly(length)
        if b"connection: close" in head or head.startswith(b"http/1.0"):
            writer.close()
        else:
            self._free.append((reader, writer))
        return head.split(None, 2)[1] == b"200"


async def _timed(connections: _Connections, request: bytes, begun: float, figures: Figures) -> None:
    try:
        good = await connections.ask(request)
    except (OSError, asyncio.IncompleteReadError):
        good = False
    figures.times.append(time.perf_counter() - begun)
    figures.errors += not good


async def at_most(port: int, requests: Iterator[bytes], *, seconds: float, clients: int = _CLIENTS) -> Figures:
    """Some clients, each of which asks again as soon as it is answered."""
    figures, begun = Figures(), time.perf_counter()

    async def client() -> None:
        while time.perf_counter() - begun < seconds:
            await _timed(connections, next(requests), time.perf_counter(), figures)

    async with _Connections(port) as connections:
        await asyncio.gather(*(client() for _ in range(clients)))
    figures.seconds = time.perf_counter() - begun
    return figures


async def at_rate(port: int, requests: Iterator[bytes], *, seconds: float, rate: float) -> Figures:
    """Requests at even intervals, whether the ones before are answered or not; a time counts from when it was due."""
    figures, running, begun = Figures(), [], time.perf_counter()
    async with _Connections(port) as connections:
        for number in range(int(seconds * rate)):
            due, request = begun + number / rate, next(requests)
            await asyncio.sleep(max(0.0, due - time.perf_counter()))
            running.append(asyncio.create_task(_timed(connections, request, due, figures)))
        await asyncio.gather(*running)
    figures.seconds = time.perf_counter() - begun
    return figures


@contextmanager
def _ours(workers: int) -> Iterator[tuple[Target, int]]:
    command = [sys.executable, "-m", "qa", "serve", "--port", "0", "--workers", str(workers), "--queue", "500"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as process:
        assert process.stdout is not None
        port = int(process.stdout.readline().rpartition(":")[2])
        try:
            yield Target(port, "/v1/check", "application/json"), process.pid
        finally:
            process.terminate()


@contextmanager
def _theirs() -> Iterator[tuple[Target, int]]:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    command = [_PEER, "-p", str(port)]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        while True:
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.2)
        try:
            yield Target(port, "/gc_text/fr", "application/x-www-form-urlencoded"), process.pid
        finally:
            process.terminate()


def memory(pid: int) -> float:
    """MiB that a process and its children hold alone or share, each page counted once (PSS)."""
    return float(sum(each.memory_full_info().pss for each in _family(pid)) / 2**20)


def processor(pid: int) -> float:
    """Seconds of processor time that a process and its children have taken."""
    return float(sum(sum(each.cpu_times()[:2]) for each in _family(pid)))


def _family(pid: int) -> list[Any]:
    import psutil

    return [psutil.Process(pid), *psutil.Process(pid).children(recursive=True)]


def _measured(pid: int, run: Coroutine[Any, Any, Figures]) -> Figures:
    """What comes of a run, with the processor time of the server."""
    before = processor(pid)
    figures = asyncio.run(run)
    figures.processor = processor(pid) - before
    return figures


def report(
    data: Path, *, seconds: float, requests: int, words: int, workers: int, select: Sequence[str] = ()
) -> Iterator[str]:
    """Measure, and tell it as lines of Markdown."""
    rows = [
        "| server | load | requests/s | median | p95 | p99 | processor time of a request | errors |",
        "|---|---|---:|---:|---:|---:|---:|---:|",
    ]
    texts = articles(data, words)
    with _ours(workers) as (target, pid):
        stream = (target.request(text, select) for text in texts)
        asyncio.run(at_most(target.port, stream, seconds=min(5.0, seconds)))  # warm
        full = _measured(pid, at_most(target.port, stream, seconds=seconds))
        half = _measured(pid, at_rate(target.port, stream, seconds=seconds, rate=full.rate / 2))
        rows += [_row("qa", f"{_CLIENTS} clients", full), _row("qa", "half of that", half)]
        held = [memory(pid)]
        for _ in range(2):
            asyncio.run(counted(target.port, stream, requests // 2))
            held.append(memory(pid))
    if shutil.which(_PEER):
        with _theirs() as (target, pid):
            stream = (target.request(text) for text in texts)
            asyncio.run(at_most(target.port, stream, seconds=min(5.0, seconds)))
            peer = _measured(pid, at_most(target.port, stream, seconds=seconds))
            rows.append(_row("Grammalecte", f"{_CLIENTS} clients", peer))
    else:
        rows.append(f"| Grammalecte | `{_PEER}` is not installed | | | | | | |")
    processors = len(os.sched_getaffinity(0))
    yield f"French articles of {words} words, {workers} workers, {processors} processors shared with the client,"
    yield f"{seconds:g} seconds each; load of the machine at the end (1 minute): {os.getloadavg()[0]:.1f}.\n"
    yield from rows
    yield f"\nMemory of all processes: {held[0]:.0f} MiB before, {held[1]:.0f} MiB after {requests // 2:,} and"
    yield f"{held[2]:.0f} MiB after {requests:,} more requests."


async def counted(port: int, requests: Iterator[bytes], number: int) -> None:
    """So many requests, by several clients."""
    figures, left = Figures(), iter(range(number))

    async def client() -> None:
        for _ in left:
            await _timed(connections, next(requests), time.perf_counter(), figures)

    async with _Connections(port) as connections:
        await asyncio.gather(*(client() for _ in range(_CLIENTS)))


def _row(server: str, load: str, figures: Figures) -> str:
    times = " | ".join(f"{1000 * figures.quantile(share):.0f} ms" for share in (0.5, 0.95, 0.99))
    cost = f"{1000 * figures.processor / len(figures.times):.0f} ms"
    return f"| {server} | {load} | {figures.rate:.1f} | {times} | {cost} | {figures.errors} |"
