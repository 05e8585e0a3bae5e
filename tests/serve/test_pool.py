"""The pool with workers that behave badly: small programs instead of the checker."""

from __future__ import annotations

import asyncio
import sys
import time

import pytest

from qa.serve import pool

HEAD = "import struct, sys, time\n"
READ = "sys.stdin.buffer.read(struct.unpack('<I', sys.stdin.buffer.read(4))[0])\n"
SAY = "sys.stdout.buffer.write(struct.pack('<I', {}) + b'x' * {}); sys.stdout.buffer.flush()\n"
READY = HEAD + READ + SAY.format(1, 1) + READ


async def outcome(program, seconds=1.0):
    """What one job comes to, and whether a new worker is there soon after."""
    running = pool.Pool(1, 1, b"setup", command=(sys.executable, "-c", program))
    running.start()
    try:
        async with asyncio.timeout(30):
            while not running.ready:
                await asyncio.sleep(0.01)
            [first] = running.pids
            try:
                return await running.run(b"job", time.monotonic() + seconds)
            except (pool.Lost, pool.TooSlow) as error:
                while running.pids in ([], [first]):
                    await asyncio.sleep(0.01)
                return type(error)
    finally:
        await running.stop()


@pytest.mark.parametrize(
    ("deed", "expected"),
    [
        (SAY.format(3, 3), b"xxx"),
        (SAY.format(1_000_000, 1_000_000), b"x" * 1_000_000),
        ("time.sleep(60)", pool.TooSlow),
        (SAY.format(2_000_000, 1_000_000) + "time.sleep(60)", pool.TooSlow),  # ended in the middle of a long answer
        (SAY.format(2_000_000, 1_000_000), pool.Lost),
        ("sys.exit(3)", pool.Lost),
    ],
    ids=["short", "long", "silent", "half and silent", "half and dead", "dead"],
)
def test_a_worker_that_fails_is_replaced(deed, expected):
    assert asyncio.run(outcome(READY + deed)) == expected


def test_a_worker_is_gone_even_if_nobody_hears_what_it_was_saying():
    """The bug of a lost worker: behind a full pipe that nobody reads, the death of a process is not noticed."""

    async def ended():
        talk = "import sys; sys.stdout.buffer.write(b'x' * 10_000_000)"
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-c", talk, stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE
        )
        worker = pool._Worker(process)
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(process.wait(), 0.5)
        await worker.kill()
        return await asyncio.wait_for(process.wait(), 20)

    assert asyncio.run(ended()) == -9
