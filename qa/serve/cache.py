"""Answers by the hash of what was asked: the same request gets the same answer without work."""

from __future__ import annotations

from collections import OrderedDict
from hashlib import sha256

from qa.serve.worker import Job, Reply


class Cache:
    """The answers used last, `most` bytes of them."""

    def __init__(self, most: int) -> None:
        self._most, self._size = most, 0
        self._kept: OrderedDict[bytes, Reply] = OrderedDict()

    @staticmethod
    def key(job: Job) -> bytes:
        """What a job is known by: all that its answer depends on, if there is time enough."""
        return sha256(b"\0".join((job.kind.encode(), job.query, job.body))).digest()

    def get(self, key: bytes) -> Reply | None:
        """The answer, if it is known."""
        found = self._kept.get(key)
        if found is not None:
            self._kept.move_to_end(key)
        return found

    def put(self, key: bytes, reply: Reply) -> None:
        """Remember an answer, if it holds for ever: a whole one, which is not too large."""
        if reply.status != 200 or reply.incomplete or len(reply.body) > self._most // 8 or key in self._kept:
            return
        self._kept[key] = reply
        self._size += len(reply.body)
        while self._size > self._most:
            _, old = self._kept.popitem(last=False)
            self._size -= len(old.body)
