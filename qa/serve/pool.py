"""Worker processes behind a bounded queue.

A worker that dies takes its own request with it and is replaced; one that works too long is ended.  Nothing here knows
what the jobs are.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import sys
import time
from asyncio.subprocess import PIPE, Process
from collections import deque
from collections.abc import Callable, Sequence

from qa.serve.worker import LENGTH

log = logging.getLogger("qa.serve")
COMMAND = (sys.executable, "-m", "qa.serve.worker")
# Workers share the processors by being several: numerical libraries must not start threads in each.
_ONE_THREAD = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"}
_AGAIN = 1.0  # seconds before a worker that did not start is started again
_SLOW_START = 60.0  # seconds in which a worker must be ready
_PIECE = 65536
_FAREWELL = 2.0  # seconds that a worker has to end by itself


class Full(Exception):
    """As many requests wait as may."""


class Lost(Exception):
    """The worker died over the job."""


class TooSlow(Exception):
    """The worker was ended because the job's time was over; or none was free before that."""


class _Worker:
    def __init__(self, process: Process) -> None:
        self.process = process

    @property
    def alive(self) -> bool:
        return self.process.returncode is None

    async def ask(self, frame: bytes) -> bytes:
        """The answer to a frame.  Raises Lost."""
        assert self.process.stdin is not None and self.process.stdout is not None
        try:
            self.process.stdin.write(LENGTH.pack(len(frame)) + frame)
            await self.process.stdin.drain()
            head = await self.process.stdout.readexactly(LENGTH.size)
            return await self.process.stdout.readexactly(LENGTH.unpack(head)[0])
        except (asyncio.IncompleteReadError, ConnectionError) as error:
            raise Lost from error

    async def kill(self) -> None:
        """End it now.  What it was saying is read to the end: the death of a process is noticed behind its pipes."""
        assert self.process.stdout is not None
        with contextlib.suppress(ProcessLookupError):
            self.process.kill()
        with contextlib.suppress(RuntimeError, ConnectionError):  # somebody else may be reading
            while await self.process.stdout.read(_PIECE):
                pass

    async def end(self) -> None:
        """Let it end, or else end it."""
        assert self.process.stdin is not None
        self.process.stdin.close()
        try:
            await asyncio.wait_for(self.process.wait(), _FAREWELL)
        except TimeoutError:
            await self.kill()
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self.process.wait(), _FAREWELL)


class Pool:
    """`size` workers and at most `queue` jobs that wait for one."""

    def __init__(
        self,
        size: int,
        queue: int,
        setup: bytes,
        *,
        command: Sequence[str] = COMMAND,
        on_restart: Callable[[], None] = lambda: None,
    ) -> None:
        self._size, self._queue, self._setup, self._command = size, queue, setup, command
        self._on_restart = on_restart
        self._free: list[_Worker] = []
        self._waiting: deque[asyncio.Future[_Worker]] = deque()
        self._keepers: list[asyncio.Task[None]] = []
        self._running: set[asyncio.Task[bytes]] = set()
        self._workers: set[_Worker] = set()

    @property
    def ready(self) -> int:
        """How many workers live and are warm."""
        return len(self._workers)

    @property
    def waiting(self) -> int:
        """How many jobs wait for a worker."""
        return len(self._waiting)

    @property
    def busy(self) -> int:
        """How many jobs are being worked on."""
        return len(self._running)

    @property
    def pids(self) -> list[int]:
        """The process ids of the workers."""
        return sorted(worker.process.pid for worker in self._workers)

    def start(self) -> None:
        """Begin to start the workers."""
        self._keepers = [asyncio.create_task(self._keep()) for _ in range(self._size)]

    async def stop(self) -> None:
        """End all workers; jobs that still run are lost."""
        for keeper in self._keepers:
            keeper.cancel()
        await asyncio.gather(*self._keepers, return_exceptions=True)

    async def run(self, frame: bytes, deadline: float) -> bytes:
        """The answer of a worker by `deadline` on the monotonic clock.  Raises Full, Lost, TooSlow.

        A caller who is cancelled leaves the queue; a job that is being worked on is finished, since its worker cannot
        be interrupted cheaply.
        """
        worker = await self._take(deadline)
        task = asyncio.create_task(self._ask(worker, frame, deadline))
        self._running.add(task)
        task.add_done_callback(self._done)
        return await asyncio.shield(task)

    def _done(self, task: asyncio.Task[bytes]) -> None:
        self._running.discard(task)
        if not task.cancelled():
            task.exception()  # its caller may be gone: nobody else looks at it

    async def _take(self, deadline: float) -> _Worker:
        while self._free:
            worker = self._free.pop()  # the one used last: its memory is warm
            if worker.alive:
                return worker
        if len(self._waiting) >= self._queue:
            raise Full
        place: asyncio.Future[_Worker] = asyncio.get_running_loop().create_future()
        self._waiting.append(place)
        try:
            return await asyncio.wait_for(place, max(0.0, deadline - time.monotonic()))
        except (TimeoutError, asyncio.CancelledError) as error:
            if place.done() and not place.cancelled():
                self._give(place.result())
            if isinstance(error, TimeoutError):
                raise TooSlow from None
            raise
        finally:
            with contextlib.suppress(ValueError):
                self._waiting.remove(place)

    def _give(self, worker: _Worker) -> None:
        """A worker is free: for who waits longest, or for later."""
        while self._waiting and worker.alive:
            place = self._waiting.popleft()
            if not place.done():
                place.set_result(worker)
                return
        if worker.alive:
            self._free.append(worker)

    async def _ask(self, worker: _Worker, frame: bytes, deadline: float) -> bytes:
        try:
            answer = await asyncio.wait_for(worker.ask(frame), max(0.001, deadline - time.monotonic()))
        except TimeoutError:
            await worker.kill()  # its answer would be taken for that to the next job
            raise TooSlow from None
        except BaseException:
            await worker.kill()
            raise
        self._give(worker)
        return answer

    async def _keep(self) -> None:
        """Keep one worker alive."""
        while True:
            begun = time.monotonic()
            try:
                process = await asyncio.create_subprocess_exec(
                    *self._command, stdin=PIPE, stdout=PIPE, env={**_ONE_THREAD, **os.environ}
                )
            except OSError:
                log.exception("worker not started")
                await asyncio.sleep(_AGAIN)
                continue
            worker = _Worker(process)
            try:
                await asyncio.wait_for(worker.ask(self._setup), _SLOW_START)
                self._workers.add(worker)
                seconds = round(time.monotonic() - begun, 3)
                log.info("worker ready", extra={"worker": process.pid, "seconds": seconds})
                self._give(worker)
                await process.wait()
            except (Lost, TimeoutError):
                await worker.kill()
                await asyncio.sleep(_AGAIN)
            except asyncio.CancelledError:
                await worker.end()
                raise
            finally:
                self._workers.discard(worker)
            log.warning("worker lost", extra={"worker": process.pid, "code": process.returncode})
            self._on_restart()
