"""A worker: a process that answers one job after the other on its standard input, until that ends.

`python -m qa.serve.worker` is started by `qa.serve.pool`.  Frames in both directions: four bytes of length, then
MessagePack.  The first frame is the setup, pickled, and is answered as soon as the worker is warm.
"""

from __future__ import annotations

import gc
import os
import pickle
import signal
import struct
import sys
import time
import traceback
from collections.abc import Callable
from typing import IO, Literal

import msgspec
from msgspec import Struct

from qa.checker import check as run
from qa.memory import collect_seldom
from qa.serve.wire import CheckRequest, ErrorBody, ErrorResponse, FixRequest, Refusal, decode, encode
from qa.serve.work import Setup, check, fix

_TEXT = 6 * "Le train entre en gare et les voyageurs descendent. "  # long enough for its language to be asked for
LENGTH = struct.Struct("<I")
Kind = Literal["check", "fix", "v2"]


class Job(Struct, frozen=True):
    """A request: its body, for `v2` with the query of its address, and when it must be answered (monotonic clock)."""

    kind: Kind
    body: bytes
    query: bytes = b""
    deadline: float | None = None


class Reply(Struct, frozen=True):
    """An answer ready to be sent.  `crash` is the traceback of an error that is ours."""

    status: int
    body: bytes
    media: str = "application/json"
    incomplete: bool = False
    findings: int = 0
    crash: str | None = None


def answer(job: Job, setup: Setup) -> Reply:
    """What is sent in answer to a job.  Never raises."""
    late = None if job.deadline is None else lambda: time.monotonic() >= job.deadline  # type: ignore[operator]
    try:
        return _HANDLERS[job.kind](job, setup, late)
    except Refusal as refusal:
        return refused(refusal, plain=job.kind == "v2")
    except Exception:
        message = "The checker failed on this text; the log of the server says where."
        failure = Refusal(500, "internal_error", message)
        return msgspec.structs.replace(refused(failure, plain=job.kind == "v2"), crash=traceback.format_exc())


def refused(refusal: Refusal, *, plain: bool = False) -> Reply:
    """The answer to a request that is refused: JSON, or the plain text of the other protocol."""
    if plain:
        message = str(refusal)
        body = message if message.startswith("Error: ") else f"Error: {message}"
        return Reply(refusal.status, body.encode("utf-8", "replace"), "text/plain; charset=utf-8")
    return Reply(refusal.status, encode(ErrorResponse(ErrorBody(refusal.code, str(refusal)))))


def _check(job: Job, setup: Setup, late: Callable[[], bool] | None) -> Reply:
    response = check(decode(job.body, CheckRequest), setup, late)
    found = sum(len(each.findings) for each in response.fields.values())
    return Reply(200, encode(response), incomplete=response.incomplete, findings=found)


def _fix(job: Job, setup: Setup, late: Callable[[], bool] | None) -> Reply:
    response = fix(decode(job.body, FixRequest), setup, late)
    found = sum(len(each.findings) for each in response.check.fields.values())
    return Reply(200, encode(response), incomplete=response.incomplete or response.check.incomplete, findings=found)


def _v2(job: Job, setup: Setup, late: Callable[[], bool] | None) -> Reply:
    from qa.serve import languagetool

    query = languagetool.parse(languagetool.parameters(job.query, job.body), setup.longest)
    response, complete = languagetool.check(query, setup.options, late)
    return Reply(200, encode(response), incomplete=not complete, findings=len(response["matches"]))


_HANDLERS: dict[str, Callable[[Job, Setup, Callable[[], bool] | None], Reply]] = {
    "check": _check,
    "fix": _fix,
    "v2": _v2,
}


def _receive(stream: IO[bytes]) -> bytes | None:
    """The next frame, or None at the end."""
    head = stream.read(LENGTH.size)
    return stream.read(LENGTH.unpack(head)[0]) if len(head) == LENGTH.size else None


def _send(stream: IO[bytes], frame: bytes) -> None:
    stream.write(LENGTH.pack(len(frame)) + frame)
    stream.flush()


def _warm(setup: Setup) -> None:
    """Load the rules and what they share, so that the first request does not wait for it."""
    run(_TEXT, options=setup.options)
    collect_seldom()
    gc.collect()
    gc.freeze()  # what is loaded stays: looking through it again and again is a fifth of the time of a request


def main() -> None:
    """Answer until standard input ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl+C reaches the whole group; the server tells us when to end
    source = sys.stdin.buffer
    sink = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # whatever a library prints must not get among the frames
    first = _receive(source)
    if first is None:
        return
    setup: Setup = pickle.loads(first)
    _warm(setup)
    _send(sink, b"ready")
    decoder = msgspec.msgpack.Decoder(Job)
    while (frame := _receive(source)) is not None:
        try:
            _send(sink, msgspec.msgpack.encode(answer(decoder.decode(frame), setup)))
        except BrokenPipeError:  # the server is gone
            return


if __name__ == "__main__":
    main()
