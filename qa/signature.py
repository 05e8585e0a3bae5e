"""What produced a result, in one line that stands in every report and table (after sacreBLEU's `Signature`).

    qa|rules:10@9c1e07|lexicon:7f20aa|model:off|v:0.1.0

The parts in front of the version tell apart states of the same version while it is being developed.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple
from zlib import crc32

from qa.checker import OFF, Options, runs_model
from qa.language import FOLDER

_END = 4096  # bytes at either end of a compiled file that are looked at: start-up must stay cheap


class Signature(NamedTuple):
    """The named parts.  A part that is None is left out of the line."""

    rules: int  # how many
    facts: str  # of which ids and with which facts about the languages
    lexicon: str | None  # which compiled lexicons and counts
    model: str  # which weights of the learned corrector take part; "off": none
    version: str

    def __str__(self) -> str:
        fields = {
            "rules": f"{self.rules}@{self.facts}",
            "lexicon": self.lexicon,
            "model": self.model,
            "v": self.version,
        }
        return "|".join(["qa", *(f"{key}:{value}" for key, value in fields.items() if value is not None)])


@cache
def signature(model: str = "off") -> Signature:
    """The signature of this installation; `model` as `model_part` gives it."""
    from qa import __version__
    from qa.rules import registry

    files = sorted(_files(FOLDER))
    facts = [path for path in files if path.endswith((".toml", ".tsv"))]
    compiled = [path for path in files if path.endswith((".bin", ".trie"))]
    return Signature(
        rules=len(registry()),
        facts=_digest([*map(str.encode, registry()), *map(_named, facts)]),
        lexicon=_digest(map(_named, compiled)) if compiled else None,
        model=model,
        version=__version__,
    )


def model_part(options: Options) -> str:
    """Which weights of the learned corrector take part in a run with these options; "off": none."""
    if not runs_model(options):
        return OFF
    from qa.model import digest, lacking

    return OFF if lacking(options.checkpoint) else digest(options.checkpoint)


def _files(folder: str | Path) -> Iterator[str]:
    for entry in os.scandir(folder):
        if entry.is_dir():
            yield from _files(entry.path)
        else:
            yield entry.path


def _named(path: str) -> bytes:
    """The file's name, its size and both its ends."""
    with open(path, "rb", buffering=0) as file:
        head = file.read(_END)
        size = os.fstat(file.fileno()).st_size
        if size > _END:
            file.seek(max(len(head), size - _END))
            head += file.read()
    name = path[len(str(FOLDER)) + 1 :].replace(os.sep, "/")
    return f"{name} {size} ".encode() + head


def _digest(parts: Iterable[bytes]) -> str:
    value = 0
    for part in parts:
        value = crc32(part, crc32(b"\0", value))
    return f"{value:08x}"
