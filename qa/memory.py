"""What our processes keep in memory: answers, up to a limit, and how seldom they look for garbage."""

from __future__ import annotations

import gc
from collections.abc import Callable, Sequence
from typing import Generic, TypeVar

T = TypeVar("T")
LIMIT = 200_000  # answers that a memo keeps: hostile input must not fill the memory


class Memo(dict[str, T], Generic[T]):
    """A dictionary that asks `find` for what it lacks and remembers it; full, it starts afresh.

    `limit` is the number of answers that are kept; None: `LIMIT`.
    """

    __slots__ = ("_find", "_limit")

    def __init__(self, find: Callable[[str], T], limit: int | None = None) -> None:
        super().__init__()
        self._find, self._limit = find, LIMIT if limit is None else limit

    def __missing__(self, key: str) -> T:
        if len(self) >= self._limit:
            self.clear()
        value = self[key] = self._find(key)
        return value

    def add(self, keys: Sequence[str], values: Sequence[T]) -> None:
        """Remember answers that were found elsewhere."""
        if len(self) + len(keys) > self._limit:
            self.clear()
        self.update(zip(keys, values, strict=True))


def collect_seldom() -> None:
    """Look for garbage cycles every 100,000 new objects instead of every 700.  For processes of our own alone.

    What is loaded lives to the end and findings hold no cycles: looking less often saves a tenth of the time.
    """
    gc.set_threshold(100_000, 50, 50)
