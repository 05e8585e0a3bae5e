"""The binary container of the compact data files: a JSON header and typed arrays, read by memory map."""

from __future__ import annotations

import json
import mmap
import struct
from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import pairwise
from pathlib import Path
from typing import Any

MAGIC = b"MTQA0001"
_PREFIX = struct.Struct("<8sI")
_ALIGN = 8


class ArtefactError(ValueError):
    """The file is not one of ours, is damaged, or was written by another version."""


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """A path beside `path` to write to, which takes its place at once when the block ends well.

    A file that another process has mapped must never be rewritten in place.
    """
    part = path.with_name(path.name + ".part")
    try:
        yield part
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


def write(path: Path, header: Mapping[str, Any], arrays: Mapping[str, tuple[str, bytes]]) -> None:
    """Write `header` and `arrays` (name → (type code of `memoryview.cast`, little-endian bytes)) to `path`.

    The same content gives the same bytes: keys are sorted and nothing depends on time or machine.
    """
    plan: dict[str, list[Any]] = {}
    at = 0
    for name in sorted(arrays):
        code, data = arrays[name]
        plan[name] = [code, at, len(data)]
        at += -(-len(data) // _ALIGN) * _ALIGN
    text = json.dumps({**header, "arrays": plan}, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
    text += b" " * (-(_PREFIX.size + len(text)) % _ALIGN)
    with replacing(path) as whole, whole.open("wb") as file:
        file.write(_PREFIX.pack(MAGIC, len(text)))
        file.write(text)
        for name in sorted(arrays):
            data = arrays[name][1]
            file.write(data)
            file.write(b"\0" * (-len(data) % _ALIGN))


def read(path: Path) -> tuple[dict[str, Any], dict[str, memoryview]]:
    """Map `path` and give its header and its arrays (views into the map, one item per element).

    Raises `ArtefactError` when the file is not a container of this version, `FileNotFoundError` when
    there is none.
    """
    with path.open("rb") as file:
        try:
            data = memoryview(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ))
        except ValueError as error:
            raise ArtefactError(f"{path}: empty file") from error
    if len(data) < _PREFIX.size:
        raise ArtefactError(f"{path}: too short")
    magic, length = _PREFIX.unpack_from(data)
    if magic != MAGIC:
        raise ArtefactError(f"{path}: not a {MAGIC.decode()} file")
    start = _PREFIX.size + length
    try:
        header = json.loads(bytes(data[_PREFIX.size : start]))
        arrays = {
            name: data[start + at : start + at + size].cast(code)
            for name, (code, at, size) in header.pop("arrays").items()
        }
    except (ValueError, KeyError, TypeError) as error:
        raise ArtefactError(f"{path}: damaged ({error})") from error
    return header, arrays


class Offsets:
    """Where the items of each parent begin in a list of all items: numbers that never fall, two bytes each.

    Only the low 16 bits are stored; `steps` holds the first place at or above each multiple of 65,536.
    """

    __slots__ = ("_low", "_steps")

    def __init__(self, arrays: Mapping[str, memoryview], name: str) -> None:
        self._low, self._steps = arrays[name], arrays[f"{name}_steps"].tolist()

    def bounds(self, parent: int) -> tuple[int, int]:
        """The first item of a parent, and the one after its last."""
        low, steps = self._low, self._steps
        after = parent + 1
        return low[parent] + (bisect_right(steps, parent) << 16), low[after] + (bisect_right(steps, after) << 16)

    def whole(self) -> list[int]:
        """All the numbers: one more than there are parents."""
        parts = pairwise([0, *self._steps, len(self._low)])
        return [low + (high << 16) for high, (start, end) in enumerate(parts) for low in self._low[start:end]]


def offsets(name: str, values: Sequence[int]) -> dict[str, tuple[str, bytes]]:
    """`values`, which never fall, as the two arrays that `Offsets` reads."""
    steps = [bisect_left(values, high << 16) for high in range(1, (values[-1] >> 16) + 1)]
    low = array("H", (value & 0xFFFF for value in values))
    return {name: ("H", low.tobytes()), f"{name}_steps": ("I", array("I", steps).tobytes())}


def trie(path: Path) -> Any:
    """Map a marisa-trie of words.

    Raises `FileNotFoundError` when there is none, `ArtefactError` when the file is something else.
    """
    import marisa_trie

    if not path.is_file():
        raise FileNotFoundError(path)
    try:
        return marisa_trie.Trie().mmap(str(path))
    except RuntimeError as error:
        raise ArtefactError(f"{path}: {error}") from error


def number(words: Any, word: str) -> int:
    """The number of `word` in a trie, or -1."""
    try:
        found = words.get(word)
    except UnicodeEncodeError:  # a lone surrogate: no word
        return -1
    return -1 if found is None else int(found)
