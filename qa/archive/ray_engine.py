"""Shards on a Ray cluster: the same function, in the same guarded processes, on whatever nodes there are.

A Ray task does one shard, by a process of `qa.archive.pool` that its Ray worker keeps for the next shard, so that the
lexicons are loaded once.  Ray does a task again whose node has died.  Inputs and the folder of the results must be
reachable from every node under the same paths.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from qa.archive import pool
from qa.archive.extra import needed
from qa.archive.pool import Deaths, Progress, Task
from qa.archive.shard import Done, Setup
from qa.errors import QaError

_AHEAD = 2  # tasks handed over for each processor of the cluster
_PATIENCE = 1.0  # seconds between two looks
_KEPT: dict[str, pool.Worker] = {}  # by run


def run(
    tasks: Sequence[Task],
    setup: Setup,
    address: str | None,
    *,
    poisoned: Callable[[Task], None] = lambda task: None,
    tick: Callable[[Progress], None] = lambda progress: None,
) -> Iterator[Done]:
    """Do the tasks on the cluster at `address` (None: one that is started here); in the order they are finished.

    Raises QaError where a shard cannot be done, or Ray is not installed.
    """
    ray = needed("ray", "ray")
    started_here = not ray.is_initialized()
    if started_here:
        ray.init(address=address, log_to_driver=False, logging_level="ERROR", include_dashboard=False)
    # A node may die in the middle of a task as often as it likes; what our own code raises is not tried again.
    remote = ray.remote(num_cpus=1, max_retries=-1)(_do)
    waiting, running = deque(tasks), dict[Any, Task]()
    try:
        while waiting or running:
            while waiting and len(running) < _AHEAD * _processors(ray):
                task = waiting.popleft()
                running[remote.remote(task, setup)] = task
            ready, _ = ray.wait(list(running), num_returns=1, timeout=_PATIENCE)
            tick(Progress())
            for reference in ready:
                task = running.pop(reference)
                outcome = ray.get(reference)
                if isinstance(outcome, QaError):
                    raise outcome
                if isinstance(outcome, Task):  # it met poison: said before it is tried without
                    poisoned(outcome)
                    waiting.appendleft(outcome)
                else:
                    yield outcome
    finally:
        if started_here:
            ray.shutdown()


def _do(task: Task, setup: Setup) -> Done | Task | QaError:
    """Do a shard in the process that this Ray worker keeps; the task itself, if a record turned out to be poison.

    An error is given back as it is: raised, it would reach the user as a traceback through Ray.
    """
    worker, deaths = _kept(setup), Deaths(setup.seconds)
    worker.give(task)
    try:
        while True:
            worker.pipe.poll(_PATIENCE)
            outcome = worker.outcome()
            if outcome is None:
                continue
            if not isinstance(outcome, int):
                return outcome
            met = deaths.verdict(task, worker.record(), outcome)
            worker.again()
            if met:
                return task
            worker.give(task)
    except QaError as error:
        return error


def _kept(setup: Setup) -> pool.Worker:
    """The process for a run; that of an earlier run is ended."""
    key = f"{setup.run} {setup.out}"
    if key not in _KEPT:
        while _KEPT:
            _KEPT.popitem()[1].stop()
        _KEPT[key] = pool.Worker(setup)
    return _KEPT[key]


def _processors(ray: Any) -> int:
    return max(1, int(ray.cluster_resources().get("CPU", 1)))
