"""Processes that do shards, and go on when one of them is ended by its time limit, the system, or chance.

A process tells through shared memory which record it is at.  Ended by its time limit, that record is put down as
poison and the shard is done again without it.  Ended otherwise, the shard is done again as it was: nobody can tell a
page that crashes the process from a system short of memory, until it happens `_CHANCES` times at the same record.
"""

from __future__ import annotations

import os
import signal
import sys
from collections import Counter, deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from multiprocessing import connection, get_context
from typing import Any

from qa.archive.plan import Shard
from qa.archive.shard import Done, Scanner, Setup, Step
from qa.errors import QaError
from qa.memory import collect_seldom

_CHANCES = 3  # deaths at one record before it is blamed
_TICK = 0.5  # seconds between two looks at the progress
_RECORD, _FINDINGS, _CHARACTERS = range(3)
_CONTEXT = get_context("spawn")  # a fork would copy the threads of pyarrow in an unknown state


@dataclass(slots=True)
class Task:
    """A shard to do, without the records that are known to be poison."""

    shard: Shard
    poison: dict[int, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Progress:
    """What is being done besides what is finished: sums over the shards at work."""

    records: int = 0
    findings: int = 0
    characters: int = 0


class Worker:
    """One process.  Ended and started again as need be."""

    def __init__(self, setup: Setup) -> None:
        self._setup = setup
        self.task: Task | None = None
        self._start()

    def _start(self) -> None:
        self._gauge = _CONTEXT.RawArray("q", [-1, 0, 0])
        self.pipe, theirs = _CONTEXT.Pipe()
        self.process = _CONTEXT.Process(
            target=_work, args=(theirs, self._gauge, self._setup, os.getpid()), daemon=True, name="qa-archive"
        )
        self.process.start()
        theirs.close()

    def give(self, task: Task) -> None:
        """Begin a task."""
        self.task = task
        with suppress(BrokenPipeError):  # it has just ended: `outcome` will see
            self.pipe.send((task.shard, task.poison))

    def outcome(self) -> Done | int | None:
        """What the task came to.  An exit code: the process ended and a new one stands ready; None: not yet.

        Raises QaError where the process could not do the shard.
        """
        try:
            if not self.pipe.poll():
                return None
            answer = self.pipe.recv()
        except (EOFError, OSError):
            self.process.join()
            code = self.process.exitcode or 0
            self.pipe.close()
            return code
        if isinstance(answer, BaseException):
            raise answer
        self._gauge[:] = [-1, 0, 0]
        return answer

    def again(self) -> None:
        """Start another process in place of the one that ended."""
        self._start()

    def record(self) -> int:
        """The record at which the process is, or was when it ended; -1: at none."""
        return int(self._gauge[_RECORD])

    def progress(self) -> Progress:
        """How far the shard at work is."""
        return Progress(max(0, self._gauge[_RECORD]), self._gauge[_FINDINGS], self._gauge[_CHARACTERS])

    def stop(self) -> None:
        """End the process; its shard will be done again some time."""
        self.process.kill()
        self.process.join()
        self.pipe.close()


class Deaths:
    """Judges the deaths of processes: what is to become of the record they died at."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._count: Counter[tuple[str, int]] = Counter()

    def verdict(self, task: Task, record: int, code: int) -> bool:
        """Put the record down as poison, if it is; whether it was.

        Raises QaError where processes die again and again outside any record.
        """
        if record >= 0 and -code == signal.SIGPROF:
            task.poison[record] = f"time limit: more than {self._seconds:g} s of processor time"
            return True
        self._count[task.shard.id, record] += 1
        if self._count[task.shard.id, record] < _CHANCES:
            return False
        how = _name(code)
        if record < 0:
            raise QaError(f"the processes that do shard {task.shard.id} end by themselves ({how})")
        if -code == signal.SIGALRM:
            how = f"{how}: it waited for something that did not come"
        task.poison[record] = f"it ended the process {_CHANCES} times ({how})"
        return True


def run(
    tasks: Sequence[Task],
    setup: Setup,
    jobs: int,
    *,
    poisoned: Callable[[Task], None] = lambda task: None,
    tick: Callable[[Progress], None] = lambda progress: None,
) -> Iterator[Done]:
    """Do the tasks by `jobs` processes; in the order in which they are finished.

    `poisoned` is told of a task that has a new poisonous record, before it is done again; `tick` is called now and
    then.  Raises QaError where a shard cannot be done.
    """
    queue = Queue(tasks)
    deaths = Deaths(setup.seconds)
    workers = [Worker(setup) for _ in range(min(jobs, len(tasks)))]
    try:
        for worker in workers:
            if (task := queue.next(None)) is not None:
                worker.give(task)
        while busy := [worker for worker in workers if worker.task]:
            connection.wait([worker.pipe for worker in busy], _TICK)
            tick(_sum([worker.progress() for worker in busy]))
            for worker in busy:
                outcome, task = worker.outcome(), worker.task
                assert task is not None
                if isinstance(outcome, int):
                    if deaths.verdict(task, worker.record(), outcome):
                        poisoned(task)
                    worker.again()
                    worker.give(task)
                elif outcome is not None:
                    following = queue.next(task.shard.source)
                    worker.task = None
                    if following is not None:
                        worker.give(following)
                    yield outcome
    finally:
        for worker in workers:
            worker.stop()


class Queue:
    """The tasks that are left, by source: who reads a file goes on reading it, and others take another if there is one.

    A compressed file is passed over from its beginning by each process that takes a shard of it.
    """

    def __init__(self, tasks: Sequence[Task]) -> None:
        self._left: dict[str, deque[Task]] = {}
        for task in tasks:
            self._left.setdefault(task.shard.source, deque()).append(task)
        self._readers: Counter[str] = Counter()

    def next(self, source: str | None) -> Task | None:
        """A task for a process that comes from `source` (None: from none); None if nothing is left."""
        if source is not None:
            self._readers[source] -= 1
        if not self._left:
            return None
        # The file at hand, else the one that the fewest read, and of these the one with most to do.
        if source not in self._left:
            source = min(self._left, key=lambda each: (self._readers[each], -len(self._left[each])))
        tasks = self._left[source]
        task = tasks.popleft()
        if not tasks:
            del self._left[source]
        self._readers[source] += 1
        return task


def _work(pipe: Any, gauge: Any, setup: Setup, parent: int) -> None:
    """The life of a process: shards in, what they came to out."""
    from qa.archive import guard

    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent ends us
    collect_seldom()

    def watched(step: Step) -> None:
        gauge[:] = [step.record, step.findings, step.characters]
        if os.getppid() != parent:  # it was killed: nobody waits for us, and the next scan wants the processor
            os._exit(1)

    scanner = Scanner(setup, watched=watched, arm=guard.arm, disarm=guard.disarm)
    while True:
        try:
            shard, poison = pipe.recv()
        except EOFError:
            return
        try:
            answer: Done | BaseException = scanner.do(shard, poison)
        except QaError as error:
            answer = QaError(str(error))
        except Exception as error:
            error.add_note(f"while doing shard {shard.id} of {shard.source}")
            print("qa: an unforeseen error", file=sys.stderr)
            raise
        pipe.send(answer)


def _sum(parts: Sequence[Progress]) -> Progress:
    return Progress(
        sum(each.records for each in parts),
        sum(each.findings for each in parts),
        sum(each.characters for each in parts),
    )


def _name(code: int) -> str:
    try:
        return signal.Signals(-code).name if code < 0 else f"exit code {code}"
    except ValueError:
        return f"signal {-code}"
