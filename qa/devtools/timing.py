"""Timing: whole processes as the operating system accounts for them, and rules over text in memory."""

from __future__ import annotations

import os
import statistics
import subprocess
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Runs:
    """Medians over the runs of one command: seconds of wall and of processor time, and the peak memory in MiB."""

    wall: float
    cpu: float
    peak: float


def processes(commands: Sequence[Sequence[str]], runs: int) -> list[Runs]:
    """Time commands in turn (A B C A B C …, so that a drift of the machine hits all), after one warm-up each.

    What they print is thrown away.  Raises RuntimeError where one exits with 2 or more.
    """
    taken: list[list[tuple[float, float, float]]] = [[] for _ in commands]
    for turn in range(runs + 1):
        for figures, command in zip(taken, commands, strict=True):
            figure = _process(command)
            if turn:
                figures.append(figure)
    return [Runs(*(statistics.median(column) for column in zip(*figures, strict=True))) for figures in taken]


def _process(command: Sequence[str]) -> tuple[float, float, float]:
    started = time.perf_counter()
    child = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, status, usage = os.wait4(child.pid, 0)
    wall = time.perf_counter() - started
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode >= 2 or child.returncode < 0:
        raise RuntimeError(f"{' '.join(command)} exited with {child.returncode}")
    return wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


def best(function: Callable[[], object], runs: int = 3) -> float:
    """The least processor seconds of several runs: what the code needs when nothing disturbs it."""
    seconds = []
    for _ in range(runs):
        started = time.process_time()
        function()
        seconds.append(time.process_time() - started)
    return min(seconds)
